//! Compares two runs case by case.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::gather::{Gathered, InBoth};
use super::model::{Cases, Diff, Side, VerdictChange};
use super::neutral::Neutral;
use super::observe::{Fact, FactType, Observed};
use super::subject::{Kind, Names, Seen, Subject};
use crate::evidence::{Participant, RecordedStep};
use crate::presentation::words;
use crate::result::{Aspect, CaseResult, FindingRecord, RunResult, Verdict};

/// Everything that differs between two runs, each read from a file of this name.
#[must_use]
pub fn diff(a: (&str, &RunResult), b: (&str, &RunResult)) -> Diff {
    let ((file_a, a), (file_b, b)) = (a, b);
    let sides = (Side::of(a, file_a), Side::of(b, file_b));
    let (all_a, all_b) = (by_id(a), by_id(b));
    let alone = |here: &BTreeMap<&str, &CaseResult>, there: &BTreeMap<&str, &CaseResult>| {
        let ids = here.keys().filter(|id| !there.contains_key(*id));
        ids.map(|id| (*id).to_owned()).collect()
    };
    let mut cases = Cases {
        only_a: alone(&all_a, &all_b),
        only_b: alone(&all_b, &all_a),
        ..Cases::default()
    };
    let mut verdicts: BTreeMap<(Reverse<Verdict>, Verdict), VerdictChange> = BTreeMap::new();
    let (mut findings, mut observed) = (Gathered::default(), Gathered::default());
    for (id, case_a) in &all_a {
        let Some(case_b) = all_b.get(id) else {
            continue;
        };
        cases.both += 1;
        let neutral = (neutral(a, id), neutral(b, id));
        let (was, is) = (case_a.verdict, case_b.verdict);
        if was != is {
            let change = verdicts
                .entry((Reverse(was.max(is)), was))
                .or_insert_with(|| VerdictChange {
                    a: was,
                    b: is,
                    cases: Vec::new(),
                });
            let reason = why(case_a, neutral.0, case_b, neutral.1);
            change.cases.push(((*id).to_owned(), reason));
            continue;
        }
        compare_findings(case_a, neutral.0, case_b, neutral.1, &mut findings);
        let exchanges = (exchanges(a, id), exchanges(b, id));
        if passed(was) && sides.0.has_exchanges && sides.1.has_exchanges {
            cases.observed += 1;
            compare_exchanges(
                id,
                (exchanges.0, neutral.0),
                (exchanges.1, neutral.1),
                &mut observed,
            );
        }
    }
    Diff {
        a: sides.0,
        b: sides.1,
        cases,
        verdicts: verdicts.into_values().collect(),
        findings: findings.finish(),
        observed: observed.finish(),
    }
}

fn by_id(run: &RunResult) -> BTreeMap<&str, &CaseResult> {
    let cases = run.results.iter();
    cases.map(|case| (case.id.as_str(), case)).collect()
}

fn exchanges<'r>(run: &'r RunResult, id: &str) -> &'r [RecordedStep] {
    let case = run.varying.cases.get(id);
    case.map(|case| case.exchanges.as_slice())
        .unwrap_or_default()
}

/// Knows the address of the org that a case asked. The parts of a run that were put together may have asked one each;
/// then the run names none, and the requests show it.
fn neutral<'r>(run: &'r RunResult, id: &str) -> Neutral<'r> {
    let (org, spare) = (&run.varying.org_issuer, &run.varying.spare_issuer);
    if !org.is_empty() {
        return Neutral::new(org).or(spare);
    }
    let asked = exchanges(run, id).iter().find_map(|step| {
        let is_server = matches!(step.to, Participant::OrgServer | Participant::CustomServer);
        let url = step.request.url.as_str();
        let paths = ["/.well-known/", "/oauth2/"];
        let end = paths.iter().filter_map(|path| url.find(path)).min()?;
        is_server.then(|| &url[..end])
    });
    Neutral::new(asked.unwrap_or_default())
}

/// Where a request was refused or a flow broke off, what was seen follows from that.
const fn passed(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Passed | Verdict::Observed | Verdict::Warning
    )
}

/// What decided the more severe verdict.
fn why(a: &CaseResult, in_a: Neutral<'_>, b: &CaseResult, in_b: Neutral<'_>) -> Option<String> {
    let (case, neutral) = if a.verdict > b.verdict {
        (a, in_a)
    } else {
        (b, in_b)
    };
    let finding = case
        .findings
        .iter()
        .find(|finding| finding.verdict == case.verdict && passed_not(finding));
    let reason = match (&case.reason, finding) {
        (Some(reason), _) => reason.clone(),
        (None, Some(finding)) => format!(
            "{}: expected {}, was {}",
            finding.check,
            finding.expected,
            finding.actual.as_deref().unwrap_or("nothing")
        ),
        (None, None) => return None,
    };
    Some(neutral.text(&reason))
}

fn passed_not(finding: &FindingRecord) -> bool {
    finding.verdict != Verdict::Passed
}

/// Checks are the same when they look at the same thing and expect the same; where several do, in their order.
fn compare_findings(
    a: &CaseResult,
    in_a: Neutral<'_>,
    b: &CaseResult,
    in_b: Neutral<'_>,
    gathered: &mut Gathered,
) {
    let (found_a, found_b) = (found(a, in_a), found(b, in_b));
    let keys: BTreeSet<_> = found_a.keys().chain(found_b.keys()).collect();
    for key in keys {
        let (seen_a, seen_b) = (found_a.get(key), found_b.get(key));
        if seen_a == seen_b {
            continue;
        }
        let (_, check, expected, _) = *key;
        let subject = Subject::Check {
            check: check.clone(),
            expected: expected.to_owned(),
        };
        let seen = |seen: Option<&String>| seen.cloned().map(Seen::Value);
        gathered.add(&a.id, None, subject, (seen(seen_a), seen(seen_b)));
    }
}

/// A check of a step: what it looked at, what it expected, and a number where several look at and expect the same.
type Check<'c> = (&'c str, &'c Aspect, &'c str, usize);

fn found<'c>(case: &'c CaseResult, neutral: Neutral<'_>) -> BTreeMap<Check<'c>, String> {
    let mut found = BTreeMap::new();
    for finding in &case.findings {
        let (step, expected) = (finding.step.as_str(), finding.expected.as_str());
        let mut number = 0;
        while found.contains_key(&(step, &finding.check, expected, number)) {
            number += 1;
        }
        let verdict = words::verdict(finding.verdict);
        let seen = match &finding.actual {
            Some(actual) => format!("{verdict}, was {}", neutral.text(actual)),
            None => verdict.to_owned(),
        };
        found.insert((step, &finding.check, expected, number), seen);
    }
    found
}

type Sent<'r> = (&'r [RecordedStep], Neutral<'r>);

fn compare_exchanges(case: &str, a: Sent<'_>, b: Sent<'_>, gathered: &mut Gathered) {
    let (order_a, steps_a) = steps(a);
    let (order_b, steps_b) = steps(b);
    compare_order(case, None, &Names::Steps, (&order_a, &order_b), gathered);
    let names: BTreeSet<&str> = steps_a.keys().chain(steps_b.keys()).copied().collect();
    let none = Vec::new();
    for name in names {
        let seen_a = steps_a.get(name).unwrap_or(&none);
        let seen_b = steps_b.get(name).unwrap_or(&none);
        if seen_a.len() != seen_b.len() {
            let subject = Subject::Exchanges {
                step: name.to_owned(),
            };
            let number = |seen: &[Exchanged]| {
                (!seen.is_empty()).then(|| Seen::Value(seen.len().to_string()))
            };
            gathered.add(case, None, subject, (number(seen_a), number(seen_b)));
            // One walk took another way; both ended somewhere.
            if let (Some(last_a), Some(last_b)) = (last(seen_a), last(seen_b)) {
                compare_observed(case, last_a, last_b, gathered);
            }
            continue;
        }
        for (one, other) in seen_a.iter().zip(seen_b) {
            compare_observed(case, &one.observed, &other.observed, gathered);
        }
    }
}

/// One exchange of a step.
struct Exchanged {
    observed: Observed,
    judged: bool,
}

/// The exchange that its step was judged by, or its last.
fn last(seen: &[Exchanged]) -> Option<&Observed> {
    let judged = seen.iter().rev().find(|seen| seen.judged);
    judged.or_else(|| seen.last()).map(|seen| &seen.observed)
}

/// Steps in their order, and the exchanges of each. Those of one step may have been sent at once, so they are put in an
/// order that does not depend on who was faster.
fn steps((exchanges, neutral): Sent<'_>) -> (Vec<String>, BTreeMap<&str, Vec<Exchanged>>) {
    let mut order: Vec<String> = Vec::new();
    let mut steps: BTreeMap<&str, Vec<Exchanged>> = BTreeMap::new();
    // What is asked of test control is a means, and not what is compared.
    let compared = exchanges
        .iter()
        .filter(|exchange| exchange.to != Participant::TestControl);
    for exchange in compared {
        if !order.contains(&exchange.step) {
            order.push(exchange.step.clone());
        }
        steps.entry(&exchange.step).or_default().push(Exchanged {
            observed: Observed::of(exchange, neutral),
            judged: exchange.judged,
        });
    }
    for seen in steps.values_mut() {
        seen.sort_by(|one, other| {
            let key = |seen: &Exchanged| (seen.observed.place.clone(), seen.observed.status);
            key(one).cmp(&key(other))
        });
    }
    (order, steps)
}

fn compare_observed(case: &str, a: &Observed, b: &Observed, gathered: &mut Gathered) {
    let place = Some(a.place.as_str());
    if a.status != b.status {
        let seen = (Some(a.answer()), Some(b.answer()));
        gathered.add(case, place, Subject::Status, seen);
    }
    // An answer of another kind differs in everything, which is no news.
    let class = |observed: &Observed| observed.status.map(|status| status / 100);
    if class(a) != class(b) {
        return;
    }
    let same_body = is(a, &Subject::Body) == is(b, &Subject::Body);
    let subjects: BTreeSet<&Subject> = a.facts.keys().chain(b.facts.keys()).collect();
    for subject in subjects {
        let (seen_a, seen_b) = (a.facts.get(subject), b.facts.get(subject));
        let inside = matches!(subject.kind(), Kind::Member | Kind::Token);
        if seen_a == seen_b || (inside && !same_body) || follows(subject, a, b) {
            continue;
        }
        gathered.add(case, place, subject.clone(), in_both(seen_a, seen_b));
    }
    for (names, order_a) in &a.orders {
        if let Some(order_b) = b.orders.get(names) {
            compare_order(case, place, names, (order_a, order_b), gathered);
        }
    }
}

fn is(observed: &Observed, subject: &Subject) -> Option<FactType> {
    observed.facts.get(subject).map(|fact| fact.is)
}

/// Whether a difference follows from a more severe one: what is inside something that is missing is missing as well.
fn follows(subject: &Subject, a: &Observed, b: &Observed) -> bool {
    let differs = |subject: &Subject| is(a, subject) != is(b, subject);
    let of_token = |token: &String| differs(&Subject::Token(token.clone()));
    match subject {
        Subject::RedirectParameter(_) => differs(&Subject::Redirect),
        // The member that holds it says the same.
        Subject::Token(_) => true,
        Subject::TokenHeader { token, .. } | Subject::Lifetime { token } => of_token(token),
        Subject::Claim { path, token } => {
            let claim = |path: &str| Subject::Claim {
                path: path.to_owned(),
                token: token.clone(),
            };
            of_token(token) || outer(path).any(|outer| differs(&claim(outer)))
        }
        Subject::Member(path) => {
            outer(path).any(|outer| differs(&Subject::Member(outer.to_owned())))
        }
        _ => false,
    }
}

/// What a dotted path lies in: `a.b` and `a` of `a.b.c`, `keys` of `keys[]`.
fn outer(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices(['.', '[']).map(|(at, _)| &path[..at])
}

/// The type where that differs, otherwise the value.
fn in_both(a: Option<&Fact>, b: Option<&Fact>) -> InBoth {
    let same_type = matches!((a, b), (Some(a), Some(b)) if a.is == b.is);
    let one = |fact: &Fact| match &fact.value {
        Some(value) if same_type => Seen::Value(value.clone()),
        _ => fact.is.seen(),
    };
    (a.map(one), b.map(one))
}

/// Names that both have, where they stand in another order.
fn compare_order(
    case: &str,
    place: Option<&str>,
    names: &Names,
    (a, b): (&[String], &[String]),
    gathered: &mut Gathered,
) {
    let common = |names: &[String], others: &[String]| -> Vec<String> {
        let common = names.iter().filter(|name| others.contains(name));
        common.cloned().collect()
    };
    let (a, b) = (common(a, b), common(b, a));
    if a != b {
        let seen = |order: Vec<String>| Some(Seen::Value(order.join(", ")));
        gathered.add(
            case,
            place,
            Subject::Order(names.clone()),
            (seen(a), seen(b)),
        );
    }
}

#[cfg(test)]
mod tests;
