//! Judging: expectations and an exchange in, findings out. Pure and sync: no clock, no socket, no runtime.

mod answer;
mod body;
mod condition;
mod finding;
mod judgeable;
mod matcher;
mod token;

use std::fmt;

use serde_json::Value;

pub use finding::{Expected, Finding, Outcome, Seen};
pub use judgeable::{expects_refusal, names_status, unjudgeable};

use crate::exchange::Exchange;
use crate::fill::Names;
use crate::jwks::KeyRing;
use crate::requirement::RequirementId;
use crate::result::Aspect;
use crate::scenario::model::{Expectation, Located, Matcher, ServerRole};
use matcher::Subject;

/// What judging needs to know beside the exchange.
pub struct Context<'c> {
    /// What `${…}` stands for.
    pub names: &'c dyn Names,
    /// Published keys of the servers that [`signers`] names.
    pub keys: &'c KeyRing,
    /// The target's clock, seconds since the epoch.
    pub now: i64,
    /// Refusals carry the internal code; where they do not, it is not compared.
    pub shows_internal_codes: bool,
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Context(now {})", self.now)
    }
}

/// Judges every expectation that is about such an answer; one finding a check, in the order written.
pub fn evaluate(
    expectations: &[Expectation],
    exchange: &Exchange,
    cx: &Context<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for block in expectations {
        let mut judge = Judge {
            cx,
            covers: &block.covers,
            findings: &mut findings,
        };
        if !condition::applies(block, &exchange.response, &mut judge) {
            continue;
        }
        answer::status(block, exchange, &mut judge);
        answer::headers(block, exchange, &mut judge);
        answer::redirect(block, exchange, &mut judge);
        body::judge(block, exchange, &mut judge);
        token::judge(block, exchange, &mut judge);
        answer::text(block, exchange, &mut judge);
        answer::internal_code(block, exchange, &mut judge);
    }
    findings
}

/// Whether a JSON value is as all these matchers want its members; `None` where one cannot be judged.
pub fn matches(
    members: &[(String, Located<Matcher>)],
    root: &Value,
    cx: &Context<'_>,
) -> Option<bool> {
    let findings = members_of(members, root, &[], cx, |path| {
        Aspect::Member(path.to_owned())
    });
    let mut all = true;
    for finding in &findings {
        match finding.outcome {
            Outcome::Held => {}
            Outcome::Differs(_) => all = false,
            Outcome::Unjudged(_) => return None,
        }
    }
    Some(all)
}

/// Judges members of a JSON value by their paths, one finding each.
pub fn members_of(
    members: &[(String, Located<Matcher>)],
    root: &Value,
    covers: &[RequirementId],
    cx: &Context<'_>,
    aspect: impl Fn(&str) -> Aspect,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut judge = Judge {
        cx,
        covers,
        findings: &mut findings,
    };
    for (path, matcher) in members {
        judge.member(&aspect(path), root, path, matcher);
    }
    findings
}

/// Judges one value.
pub fn value(
    aspect: Aspect,
    matcher: &Located<Matcher>,
    value: &Value,
    covers: &[RequirementId],
    cx: &Context<'_>,
) -> Option<Finding> {
    let mut findings = Vec::new();
    let mut judge = Judge {
        cx,
        covers,
        findings: &mut findings,
    };
    judge.compare(aspect, matcher, &Subject::value("", Some(value)));
    findings.pop()
}

/// The servers whose published keys the expectations ask for.
pub fn signers(expectations: &[Expectation]) -> Vec<ServerRole> {
    let tokens = expectations.iter().flat_map(|block| &block.jwt);
    tokens.filter_map(|token| token.signed_by).collect()
}

/// Collects the findings of one block.
struct Judge<'j> {
    cx: &'j Context<'j>,
    covers: &'j [RequirementId],
    findings: &'j mut Vec<Finding>,
}

impl Judge<'_> {
    /// Holds a matcher against a value.
    fn compare(&mut self, check: Aspect, matcher: &Located<Matcher>, subject: &Subject<'_>) {
        let outcome = matcher::judge(&matcher.value, subject, self.cx);
        let expected = matcher::expected(&matcher.value, &outcome, self.cx.names);
        let held = outcome == Outcome::Held;
        self.push(check, expected, outcome, matcher.place);
        if held && let Some(finding) = self.findings.last_mut() {
            finding.alternative = matcher::alternative(&matcher.value, subject, self.cx);
        }
    }

    fn push(
        &mut self,
        check: Aspect,
        expected: Expected,
        outcome: Outcome,
        place: strict_yaml::Place,
    ) {
        self.findings.push(Finding {
            check,
            expected,
            outcome,
            alternative: None,
            covers: self.covers.to_vec(),
            place,
        });
    }
}

#[cfg(test)]
mod tests;
