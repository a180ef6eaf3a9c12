//! Holds what was seen of an agent against what a scenario says. Pure: requests in, findings out.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::output::Output;
use super::view::Seen;
use crate::check::{self, Context, Expected, Finding, Outcome, Seen as Found};
use crate::fill::Names;
use crate::jwks::KeyRing;
use crate::result::{Aspect, RequestPart};
use crate::scenario::agent::model::{Observation, Observed, RequestsObserved, Selector};
use crate::value::{find_one, same};

/// A server's clock and the agent's are the same here; what remains is that a timer may end a little early, and that
/// `X-Rate-Limit-Reset` has whole seconds.
const EARLY: f64 = 0.25;
const EARLY_BY_RESET: f64 = 1.0;

/// What judging looks at.
pub(super) struct Evidence<'e> {
    pub(super) seen: &'e [Seen],
    pub(super) names: &'e dyn Names,
    pub(super) output: &'e Output,
}

/// A finding and the observation that made it.
pub(super) struct Judged {
    pub(super) observation: String,
    pub(super) finding: Finding,
    /// The request that decided it, as position among those seen.
    pub(super) request: Option<usize>,
}

/// What must have come before the requests that are meant.
#[derive(Debug, Clone, Copy)]
enum After {
    /// Nothing.
    Anything,
    /// A request that never came, so that nothing comes after it.
    Never,
    /// The request with this number.
    Request(u64),
}

/// Whether some request is as a selector says.
pub(super) fn any(selector: &Selector, evidence: &Evidence<'_>) -> bool {
    let mut all = evidence.seen.iter();
    all.any(|one| evidence.is_selected(selector, one))
}

/// Judges the observations of a case, in order.
pub(super) fn judge(observations: &[Observation], evidence: &Evidence<'_>) -> Vec<Judged> {
    let mut firsts: BTreeMap<&str, Option<u64>> = BTreeMap::new();
    let mut judged = Vec::new();
    for observation in observations {
        let findings = match &observation.what {
            Observed::Requests(what) => {
                let after = match what.after.as_deref() {
                    None => After::Anything,
                    Some(name) => {
                        (firsts.get(name).copied().flatten()).map_or(After::Never, After::Request)
                    }
                };
                let chosen = evidence.select(what, after);
                firsts.insert(
                    &observation.id,
                    chosen.first().map(|at| evidence.seen[*at].number),
                );
                requests(observation, what, &chosen, evidence)
            }
            Observed::LinkShown { member } => link_shown(observation, member, evidence)
                .into_iter()
                .map(|finding| (finding, None))
                .collect(),
            Observed::NothingPrinted => vec![(nothing_printed(observation, evidence), None)],
        };
        let findings = findings.into_iter().map(|(finding, request)| Judged {
            observation: observation.id.clone(),
            finding,
            request,
        });
        judged.extend(findings);
    }
    judged
}

impl Evidence<'_> {
    fn context<'c>(&'c self, keys: &'c KeyRing, now: f64) -> Context<'c> {
        Context {
            names: self.names,
            keys,
            #[expect(clippy::cast_possible_truncation, reason = "seconds of our time fit")]
            now: now as i64,
            shows_internal_codes: true,
        }
    }

    fn is_selected(&self, selector: &Selector, one: &Seen) -> bool {
        let keys = KeyRing::default();
        let cx = self.context(&keys, one.at);
        check::matches(&selector.members, &one.view, &cx).unwrap_or(false)
    }

    /// Positions of the requests that are meant.
    fn select(&self, what: &RequestsObserved, after: After) -> Vec<usize> {
        let is_later = |one: &Seen| match after {
            After::Anything => true,
            After::Never => false,
            After::Request(number) => one.number > number,
        };
        let all = self.seen.iter().enumerate();
        all.filter(|(_, one)| is_later(one) && self.is_selected(&what.requests, one))
            .map(|(position, _)| position)
            .collect()
    }
}

fn requests(
    observation: &Observation,
    what: &RequestsObserved,
    chosen: &[usize],
    evidence: &Evidence<'_>,
) -> Vec<(Finding, Option<usize>)> {
    let of = |part| Aspect::Requests {
        of: observation.id.clone(),
        part,
    };
    let keys = KeyRing::default();
    let mut findings = Vec::new();
    if let Some(count) = &what.count {
        let cx = evidence.context(&keys, 0.0);
        let value = chosen.len().into();
        let finding = check::value(
            of(RequestPart::Count),
            count,
            &value,
            &observation.covers,
            &cx,
        );
        findings.extend(finding.map(|finding| (finding, chosen.last().copied())));
    }
    // One finding for each path: the first request that differs, or that none does.
    for member in &what.expect {
        let mut decided: Option<(Finding, usize)> = None;
        let mut previous = None;
        for &position in chosen {
            let one = &evidence.seen[position];
            let mut view = one.view.clone();
            add_pause(&mut view, previous.replace(one), one);
            let cx = evidence.context(&keys, one.at);
            let aspect = |path: &str| of(RequestPart::Member(path.to_owned()));
            let covers = &observation.covers;
            let mut found =
                check::members_of(std::slice::from_ref(member), &view, covers, &cx, aspect);
            let Some(finding) = found.pop() else { continue };
            let held = finding.outcome == Outcome::Held;
            if !held || decided.is_none() {
                decided = Some((finding, position));
            }
            if !held {
                break;
            }
        }
        findings.extend(decided.map(|(finding, position)| (finding, Some(position))));
    }
    for path in &what.distinct {
        let outcome = distinct(&path.value, chosen, evidence);
        findings.extend(outcome.map(|(outcome, position)| {
            let finding = Finding {
                check: of(RequestPart::Distinct(path.value.clone())),
                expected: Expected::plain("another value in each request"),
                outcome,
                alternative: None,
                covers: observation.covers.clone(),
                place: path.place,
            };
            (finding, position)
        }));
    }
    if let Some(except) = &what.same_except
        && let [first, rest @ ..] = chosen
        && !rest.is_empty()
    {
        let (outcome, position) = all_same(*first, rest, &except.value, evidence);
        let list = except.value.join(", ");
        let finding = Finding {
            check: of(RequestPart::Same),
            expected: Expected::plain(format!("the same parameters, {list} apart")),
            outcome,
            alternative: None,
            covers: observation.covers.clone(),
            place: except.place,
        };
        findings.push((finding, position));
    }
    findings
}

/// The values that must differ from case to case: those of the first request that is meant, by their paths.
pub(super) fn first_values(
    observation: &Observation,
    evidence: &Evidence<'_>,
) -> Vec<(String, Value)> {
    let Observed::Requests(what) = &observation.what else {
        return Vec::new();
    };
    let first = evidence.select(what, After::Anything).first().copied();
    let Some(view) = first.map(|position| &evidence.seen[position].view) else {
        return Vec::new();
    };
    let values = what.distinct.iter().filter_map(|path| {
        let value = find_one(view, &path.value)?.clone();
        Some((path.value.clone(), value))
    });
    values.collect()
}

/// Whether these values differ, for each case after the first.
pub(super) fn across_cases(
    observation: &Observation,
    cases: &BTreeMap<String, Vec<(String, Value)>>,
) -> Vec<(String, Finding)> {
    let mut known: Vec<(&str, &Value, &str)> = Vec::new();
    let mut findings = Vec::new();
    for (case, values) in cases {
        for (path, value) in values {
            let earlier = known
                .iter()
                .find(|(of, other, _)| of == path && same(other, value));
            let outcome = match earlier {
                Some((_, _, other)) => {
                    Outcome::Differs(Found::Words(format!("the same value as in {other}")))
                }
                None => Outcome::Held,
            };
            let finding = Finding {
                check: Aspect::Requests {
                    of: observation.id.clone(),
                    part: RequestPart::Distinct(path.clone()),
                },
                expected: Expected::plain("another value in each run of the agent"),
                outcome,
                alternative: None,
                covers: observation.covers.clone(),
                place: observation.place,
            };
            known.push((path, value, case));
            findings.push((case.clone(), finding));
        }
    }
    // With one case there is nothing to compare.
    if cases.len() > 1 {
        findings
    } else {
        Vec::new()
    }
}

/// How long the client waited since the request before, and how long that one's answer had asked it to wait.
fn add_pause(view: &mut Value, previous: Option<&Seen>, now: &Seen) {
    let Some(previous) = previous else { return };
    let seconds = now.at - previous.at;
    let mut pause = json!({ "seconds": seconds });
    if let Some((asked, early)) = asked_pause(previous) {
        pause["asked"] = asked.into();
        pause["too_short"] = (seconds + early < asked).into();
    }
    view["pause"] = pause;
}

/// `Retry-After` in seconds (RFC 9110 section 10.2.3), else `X-Rate-Limit-Reset` of a 429; and how much too early is early.
fn asked_pause(seen: &Seen) -> Option<(f64, f64)> {
    let response = &seen.exchange.response;
    let number = |name: &str| response.header(name)?.trim().parse::<f64>().ok();
    if let Some(seconds) = number("retry-after") {
        return Some((seconds, EARLY));
    }
    let reset = number("x-rate-limit-reset").filter(|_| response.status == 429)?;
    Some((reset - seen.at, EARLY_BY_RESET))
}

/// `None` where fewer than two requests have the member.
fn distinct(
    path: &str,
    chosen: &[usize],
    evidence: &Evidence<'_>,
) -> Option<(Outcome, Option<usize>)> {
    let mut known: Vec<(usize, &Value)> = Vec::new();
    for (index, &position) in chosen.iter().enumerate() {
        let Some(value) = find_one(&evidence.seen[position].view, path) else {
            continue;
        };
        if let Some((earlier, _)) = known.iter().find(|(_, other)| same(other, value)) {
            let words = format!(
                "the same value in requests {} and {}",
                earlier + 1,
                index + 1
            );
            return Some((Outcome::Differs(Found::Words(words)), Some(position)));
        }
        known.push((index, value));
    }
    (known.len() > 1).then_some((Outcome::Held, None))
}

fn all_same(
    first: usize,
    rest: &[usize],
    except: &[String],
    evidence: &Evidence<'_>,
) -> (Outcome, Option<usize>) {
    let form = |position: usize| evidence.seen[position].view["form"].as_object();
    let counts = |name: &&String| !except.contains(*name);
    for &position in rest {
        let (Some(a), Some(b)) = (form(first), form(position)) else {
            continue;
        };
        let names = a.keys().chain(b.keys()).filter(counts);
        let mut names: Vec<&String> = names.filter(|name| a.get(*name) != b.get(*name)).collect();
        names.sort();
        names.dedup();
        if !names.is_empty() {
            let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            let words = format!("{} differs", names.join(", "));
            return (Outcome::Differs(Found::Words(words)), Some(position));
        }
    }
    (Outcome::Held, None)
}

/// `None` where no answer had such a link.
fn link_shown(observation: &Observation, member: &str, evidence: &Evidence<'_>) -> Option<Finding> {
    let links: Vec<&str> = evidence
        .seen
        .iter()
        .filter_map(|one| find_one(one.exchange.response.json.as_ref()?, member)?.as_str())
        .collect();
    if links.is_empty() {
        return None;
    }
    let shown = links.iter().any(|link| evidence.output.shows(link));
    Some(Finding {
        check: Aspect::LinkShown(member.to_owned()),
        expected: Expected::plain("opened in a browser, or printed"),
        outcome: if shown {
            Outcome::Held
        } else if evidence.output.left_out > 0 {
            Outcome::Unjudged(
                "the link may stand in the part of the output that was not kept".to_owned(),
            )
        } else {
            Outcome::Differs(Found::Words(
                "the user never got to see the link".to_owned(),
            ))
        },
        alternative: None,
        covers: observation.covers.clone(),
        place: observation.place,
    })
}

fn nothing_printed(observation: &Observation, evidence: &Evidence<'_>) -> Finding {
    let Output {
        leaks, unsearched, ..
    } = evidence.output;
    Finding {
        check: Aspect::Printed,
        expected: Expected::plain("no credential"),
        outcome: if !leaks.is_empty() {
            Outcome::Differs(Found::Words(leaks.join("; ")))
        } else if unsearched.is_empty() {
            Outcome::Held
        } else {
            Outcome::Unjudged(format!("not searched: {}", unsearched.join("; ")))
        },
        alternative: None,
        covers: observation.covers.clone(),
        place: observation.place,
    }
}
