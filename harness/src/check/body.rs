//! Members of the JSON body.

use serde_json::Value;

use super::matcher::Subject;
use super::{Finding, Judge, Outcome, matcher};
use crate::exchange::Exchange;
use crate::fill;
use crate::result::Aspect;
use crate::scenario::model::{Expectation, Located, Matcher};
use crate::value::{Found, find};

pub(super) fn judge(block: &Expectation, exchange: &Exchange, judge: &mut Judge<'_>) {
    let body = exchange.response.json.as_ref().unwrap_or(&Value::Null);
    for (path, matcher) in &block.body {
        judge.member(&Aspect::Member(path.clone()), body, path, matcher);
    }
}

impl Judge<'_> {
    /// Holds a matcher against what a path leads to. With `*` every element must match, and there must be one.
    pub(super) fn member(
        &mut self,
        check: &Aspect,
        root: &Value,
        path: &str,
        matcher: &Located<Matcher>,
    ) {
        let filled = match fill::path(path, self.cx.names) {
            Ok(filled) => filled,
            Err(unfilled) => {
                let outcome = Outcome::Unjudged(unfilled.to_string());
                let expected = matcher::expected(&matcher.value, &outcome, self.cx.names);
                return self.push(check.clone(), expected, outcome, matcher.place);
            }
        };
        let path = filled.as_str();
        let subject = |value| Subject::value(path, value).among(root);
        match find(root, path) {
            Found::Nothing => self.compare(check.clone(), matcher, &subject(None)),
            Found::One(value) => self.compare(check.clone(), matcher, &subject(Some(value))),
            Found::Each(values) if values.is_empty() => {
                self.compare(check.clone(), matcher, &subject(None));
            }
            Found::Each(values) => {
                // One finding a check: the first element that does not match, or that all do.
                let mut each = Vec::new();
                let mut judge = Judge {
                    cx: self.cx,
                    covers: self.covers,
                    findings: &mut each,
                };
                for value in values {
                    judge.compare(check.clone(), matcher, &subject(value));
                }
                let held = |finding: &Finding| finding.outcome == Outcome::Held;
                let at = each
                    .iter()
                    .position(|finding| !held(finding))
                    .unwrap_or_default();
                self.findings.push(each.swap_remove(at));
            }
        }
    }
}
