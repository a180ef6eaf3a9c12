//! From what was seen of an agent to the result of a case, and to the results of the rules for every request.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use strict_yaml::{Place, Spanned};

use super::case::Conducted;
use super::judge::Judged;
use super::rules::{BrokenRule, Rules};
use super::view::Seen;
use crate::check::Outcome;
use crate::evidence::{Part, Participant, Public, RecordedStep, Redactor};
use crate::forge::fresh;
use crate::requirement::{Catalogue, Level, Profiles, RequirementId};
use crate::result::{
    Against, Answer, Asked, Aspect, Blame, BrokenCheck, CaseResult, FindingRecord, PlannedCase,
    RequestPart, StepTaken, Trace, VaryingCase, Verdict,
};
use crate::run::{participants, record_finding, verdict_of};
use crate::scenario::agent::model::{
    AgentCase, Observation, Observed, Purpose, RequestsObserved, Selector, UserActs,
};
use crate::scenario::model::{Matcher, Template, ValueTemplate};
use crate::secret::Salt;
use crate::value::shorten;

/// The requirement that the agent of an undisturbed task meets by using its credential.
const REACHES: &str = "client.reaches-resource";
/// What is seen of an agent that used its credential.
const PURPOSE: &str = "purpose";
/// How much of an agent's output is shown where something does not hold.
const LAST_LINES: usize = 4;
/// Characters of a line of it.
const LONGEST_LINE: usize = 300;

/// What a verdict is made of.
pub(super) struct Judging<'j> {
    pub(super) planned: &'j PlannedCase,
    pub(super) case: &'j AgentCase,
    pub(super) is_base: bool,
    pub(super) file: &'j str,
    pub(super) conducted: &'j Conducted,
    pub(super) catalogue: &'j Catalogue,
    pub(super) profiles: &'j Profiles,
    pub(super) rules: &'j Rules,
    pub(super) milliseconds: f64,
}

/// The result of a case, and what varies of it.
pub(super) fn of(judging: &Judging<'_>) -> (CaseResult, VaryingCase) {
    let conducted = judging.conducted;
    let redactor = redactor(conducted);
    let observations: Vec<Observation> = judging
        .case
        .observe
        .iter()
        .cloned()
        .chain(purpose(judging.case, judging.is_base))
        .collect();
    let judged = super::judge::judge(&observations, &conducted.evidence());
    let mut records: Vec<FindingRecord> = judged
        .iter()
        .map(|one| record(one, judging.file, judging, &redactor))
        .collect();
    if judging.case.at_most == Some(Level::Should) {
        for record in records
            .iter_mut()
            .filter(|record| record.verdict == Verdict::Failed)
        {
            record.verdict = Verdict::Warning;
        }
    }
    let broken_rules = judging.rules.judge(judging, &redactor);

    let mut verdict = verdict_of(&records);
    let mut reason = None;
    if records.is_empty() {
        verdict = Verdict::NotApplicable;
        reason = Some("the agent made no request that this is about".to_owned());
    }
    if let Some(unmet) = unmet(judging.case, conducted).filter(|_| !judging.is_base) {
        // A crash, or a port that was taken, is no refusal.
        verdict = Verdict::Error;
        reason = Some(unmet.to_owned());
    }
    if judging.is_base && conducted.seen.is_empty() {
        // The one thing to be said, whatever was to be seen.
        records.clear();
        verdict = Verdict::Error;
        reason = Some("no request arrived at the org".to_owned());
    }
    if matches!(verdict, Verdict::Failed | Verdict::Error | Verdict::Warning) {
        reason = Some(explained(reason, conducted, &redactor));
    }
    let mut result = CaseResult::of(judging.planned, verdict);
    result.blame = (verdict > Verdict::Observed).then_some(Blame::Agent);
    result.reason = reason;
    result.findings = records;
    result.cure = match verdict {
        Verdict::Error => Some(
            "run the command by hand with the variables that `atx agent --print-env` shows"
                .to_owned(),
        ),
        Verdict::Failed | Verdict::Warning => {
            correct(&observations, &result.findings).or_else(|| judging.case.why.clone())
        }
        _ => None,
    };
    let varying = VaryingCase {
        milliseconds: judging.milliseconds,
        exchanges: recorded(conducted, &judged, &redactor),
        trace: Trace {
            steps: steps(
                &judged,
                &result.findings,
                &broken_rules,
                conducted,
                &redactor,
            ),
            other_way: None,
        },
    };
    (result, varying)
}

/// What a case needs for its verdict and did not come about: that the agent met what the case changes.
fn unmet(case: &AgentCase, conducted: &Conducted) -> Option<&'static str> {
    let setup = &case.setup;
    let meets_change = |id: &String| conducted.touched_by.contains(id);
    if !case.touched_by.as_ref().is_none_or(meets_change) {
        return Some("the agent did not get as far as the changed answer");
    }
    let is_faulty = |one: &Seen| one.view.get("fault").is_some();
    if !setup.faults.is_empty() && !conducted.seen.iter().any(is_faulty) {
        return Some("no request met the wire fault");
    }
    let ends_sign_in = matches!(
        setup.user,
        Some(UserActs::Cancels | UserActs::MeetsPkceError)
    );
    let needs_return = setup.callback.is_some() || ends_sign_in;
    (needs_return && !conducted.user_returned)
        .then_some("the user did not come back to the agent from the org")
}

/// How the first request that does not hold should read, if the scenario says so.
fn correct(observations: &[Observation], findings: &[FindingRecord]) -> Option<String> {
    let broken = findings
        .iter()
        .find(|finding| finding.verdict > Verdict::Observed)?;
    let of = observations.iter().find(|one| one.id == broken.step)?;
    let correct = of.correct.as_ref()?;
    Some(format!("a correct request: {correct}"))
}

/// "no request arrived at the org; it ended with exit code 1 after 0.1 s and printed last: …".
fn explained(reason: Option<String>, conducted: &Conducted, redactor: &Redactor) -> String {
    let mut words: Vec<String> = reason.into_iter().collect();
    words.extend(conducted.user_trouble.clone());
    words.push(conducted.finished.words());
    let mut text = words.join("; ");
    let printed = conducted.output.text.lines();
    let lines: Vec<&str> = printed.filter(|line| !line.trim().is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
    if !last.is_empty() {
        // A secret that is cut could not be recognised any more.
        let last: Vec<String> = last
            .iter()
            .map(|line| shorten(&redactor.text(line), LONGEST_LINE))
            .collect();
        text.push_str("; it printed last: ");
        text.push_str(&last.join(" / "));
    }
    redactor.text(&text)
}

/// Whether the credential of the task was used, where the case says that it must or must not be.
fn purpose(case: &AgentCase, is_base: bool) -> Option<Observation> {
    let must = case.purpose.or(is_base.then_some(Purpose::Reached))?;
    let text =
        |text: &str| Matcher::Equals(ValueTemplate::Text(Template::literal(Place::START, text)));
    let at = |matcher: Matcher| Spanned {
        value: matcher,
        place: case.place,
    };
    let covers = if is_base {
        vec![RequirementId::new(REACHES)]
    } else {
        case.covers.clone()
    };
    let members = vec![
        ("endpoint".to_owned(), at(text("protected-resource"))),
        ("at".to_owned(), at(text("api"))),
        ("by".to_owned(), at(text("agent"))),
        (
            "status".to_owned(),
            at(Matcher::Equals(ValueTemplate::Int(200))),
        ),
    ];
    let count = match must {
        Purpose::Reached => Matcher::AtLeast(1.0),
        Purpose::NotReached => Matcher::Equals(ValueTemplate::Int(0)),
    };
    Some(Observation {
        id: PURPOSE.to_owned(),
        covers,
        what: Observed::Requests(Box::new(RequestsObserved {
            requests: Selector {
                members,
                place: case.place,
            },
            after: None,
            count: Some(at(count)),
            expect: Vec::new(),
            distinct: Vec::new(),
            same_except: None,
        })),
        correct: None,
        place: case.place,
    })
}

pub(super) fn record(
    one: &Judged,
    file: &str,
    judging: &Judging<'_>,
    redactor: &Redactor,
) -> FindingRecord {
    record_finding(
        &one.observation,
        &one.finding,
        file,
        judging.catalogue,
        judging.profiles,
        redactor,
    )
}

/// Knows every credential of the case.
fn redactor(conducted: &Conducted) -> Redactor {
    let names = conducted.names.all().map(Arc::from).collect();
    let salt = Salt::new(fresh().into_bytes());
    let issuer = conducted.deployment.org().map(|org| org.issuer.clone());
    let mut redactor = Redactor::new(salt, Public::new(names), &issuer.unwrap_or_default());
    redactor.know_all(conducted.deployment.credentials());
    for (_, value) in conducted.ledger.all() {
        redactor.know(value);
    }
    for one in &conducted.seen {
        redactor.learn_request(&one.exchange.request);
        redactor.learn_response(&one.exchange.response);
    }
    redactor
}

/// What arrived, as evidence. The step of a request is the observation that it decided, else the endpoint.
fn recorded(conducted: &Conducted, judged: &[Judged], redactor: &Redactor) -> Vec<RecordedStep> {
    let mut steps: BTreeMap<usize, &str> = BTreeMap::new();
    let mut wrong: BTreeSet<usize> = BTreeSet::new();
    for one in judged {
        if let Some(position) = one.request {
            if one.finding.outcome == Outcome::Held {
                steps.entry(position).or_insert(&one.observation);
            } else {
                steps.insert(position, &one.observation);
                wrong.insert(position);
            }
        }
    }
    let mut recorded = Vec::new();
    for (position, one) in conducted.seen.iter().enumerate() {
        let (from, to): (Participant, Participant) =
            participants(&one.exchange.request, &conducted.deployment);
        let step = steps.get(&position).copied();
        let part = Part {
            step: step.unwrap_or_else(|| one.view["endpoint"].as_str().unwrap_or("request")),
            from,
            to,
            judged: wrong.contains(&position),
        };
        recorded.push(if one.is_cut {
            let why = "the connection ended before the answer";
            redactor.unanswered(&part, &one.exchange.request, why, Duration::ZERO)
        } else {
            redactor.step(&part, &one.exchange)
        });
    }
    recorded
}

/// What does not hold, for whoever looks for the cause: one step for each observation. Where requests are missing and a rule for
/// every request is broken, that rule is the cause: the org refused such a request, and nothing followed.
fn steps(
    judged: &[Judged],
    records: &[FindingRecord],
    broken_rules: &[BrokenRule],
    conducted: &Conducted,
    redactor: &Redactor,
) -> Vec<StepTaken> {
    let answer = |request: Option<usize>| {
        let response = &conducted.seen[request.or_else(|| last_refused(conducted))?]
            .exchange
            .response;
        let said = |names: [&str; 2]| {
            let body = response.json.as_ref()?;
            let text = names.iter().find_map(|name| body.get(*name)?.as_str())?;
            Some(redactor.stable_text(text))
        };
        Some(Answer {
            status: response.status,
            error: said(["error", "errorCode"]),
            description: said(["error_description", "errorSummary"]),
        })
    };
    let step = |name: &str, request: Option<usize>, broken: BrokenCheck| StepTaken {
        step: name.to_owned(),
        party: Blame::Agent,
        asked: Asked::Other,
        is_varied: false,
        used: Vec::new(),
        answer: answer(request),
        against: Against::Nothing,
        broken: vec![broken],
    };
    let check = |finding: &FindingRecord, is_absent: bool| BrokenCheck {
        finding: finding.clone(),
        is_absent,
        rule: None,
        token: None,
    };
    let mut steps: Vec<StepTaken> = Vec::new();
    if misses_requests_only(records)
        && let Some(rule) = broken_rules.iter().min_by_key(|rule| rule.request)
    {
        let broken = check(&rule.finding, rule.is_absent);
        steps.push(step(&rule.finding.step, rule.request, broken));
    }
    for (one, record) in judged.iter().zip(records) {
        if one.finding.outcome == Outcome::Held {
            continue;
        }
        let broken = check(record, one.finding.is_absent());
        match steps.iter_mut().find(|step| step.step == one.observation) {
            Some(step) => step.broken.push(broken),
            None => steps.push(step(&one.observation, one.request, broken)),
        }
    }
    steps
}

/// Whether all that is wrong is that requests are missing.
fn misses_requests_only(records: &[FindingRecord]) -> bool {
    let is_missing = |record: &FindingRecord| {
        let is_count = matches!(
            record.check,
            Aspect::Requests {
                part: RequestPart::Count,
                ..
            }
        );
        is_count && record.actual.as_deref() == Some("integer 0")
    };
    let mut failed = records
        .iter()
        .filter(|record| record.verdict == Verdict::Failed)
        .peekable();
    failed.peek().is_some() && failed.all(is_missing)
}

/// The last request of the agent that was refused.
fn last_refused(conducted: &Conducted) -> Option<usize> {
    let is_refused = |one: &Seen| !one.is_by_browser() && one.exchange.response.status >= 400;
    conducted.seen.iter().rposition(is_refused)
}
