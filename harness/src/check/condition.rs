//! `when`: whether a block of expectations is about an answer.

use serde_json::Value;

use super::matcher::{self, Subject};
use super::{Context, Expected, Judge, Outcome};
use crate::exchange::Response;
use crate::result::Aspect;
use crate::scenario::model::{Condition, Expectation};
use crate::value::{Found, find};

/// Whether a block is judged. A condition that cannot be decided is noted as a check that could not be judged: to leave
/// the block out would hide that nothing was looked at.
pub(super) fn applies(block: &Expectation, response: &Response, judge: &mut Judge<'_>) -> bool {
    let Some(when) = &block.when else {
        return true;
    };
    match decide(when, response, judge.cx) {
        Ok(applies) => applies,
        Err(why) => {
            let expected = Expected::plain("a condition that can be decided");
            let outcome = Outcome::Unjudged(why);
            judge.push(Aspect::Condition, expected, outcome, when.place);
            false
        }
    }
}

/// Whether a block may be about an answer.
pub(super) fn may_apply(block: &Expectation, response: &Response, cx: &Context<'_>) -> bool {
    let when = block.when.as_ref();
    when.is_none_or(|when| decide(when, response, cx) != Ok(false))
}

/// Whether a condition holds, or why that cannot be said.
fn decide(when: &Condition, response: &Response, cx: &Context<'_>) -> Result<bool, String> {
    let status = Value::from(response.status);
    let body = response.json.as_ref().unwrap_or(&Value::Null);
    let mut outcomes = Vec::new();
    if let Some(matcher) = &when.status {
        let subject = Subject::value("status", Some(&status));
        outcomes.push(matcher::judge(&matcher.value, &subject, cx));
    }
    for (name, matcher) in &when.headers {
        let value = response.header(name).map(Value::from);
        let subject = Subject::text(name, value.as_ref());
        outcomes.push(matcher::judge(&matcher.value, &subject, cx));
    }
    for (path, matcher) in &when.body {
        let values = match find(body, path) {
            Found::Nothing => vec![None],
            Found::One(value) => vec![Some(value)],
            Found::Each(values) if values.is_empty() => vec![None],
            Found::Each(values) => values,
        };
        for value in values {
            let subject = Subject::value(path, value).among(body);
            outcomes.push(matcher::judge(&matcher.value, &subject, cx));
        }
    }
    for (name, matcher) in &when.saved {
        let value = cx.names.value(name);
        let subject = Subject::value(name, value.as_ref());
        outcomes.push(matcher::judge(&matcher.value, &subject, cx));
    }
    let mut holds = true;
    for outcome in outcomes {
        match outcome {
            Outcome::Held => {}
            Outcome::Differs(_) => holds = false,
            Outcome::Unjudged(why) => return Err(why),
        }
    }
    Ok(holds)
}

#[cfg(test)]
mod tests {
    use strict_yaml::Place;

    use super::*;
    use crate::fill::sample::Table;
    use crate::jwks::KeyRing;
    use crate::scenario::model::{Located, Matcher, ValueTemplate};

    #[test]
    fn a_path_with_a_star_is_about_every_element() {
        let other = Matcher::Not(Box::new(Matcher::Equals(ValueTemplate::Int(1))));
        let condition = Condition {
            status: None,
            headers: Vec::new(),
            body: vec![(
                "keys.*.kid".to_owned(),
                Located {
                    place: Place::START,
                    value: other,
                },
            )],
            saved: Vec::new(),
            place: Place::START,
        };
        let names = Table::default();
        let cx = Context {
            names: &names,
            keys: &KeyRing::default(),
            now: 0,
            shows_internal_codes: true,
        };
        for (body, holds) in [
            (r#"{"keys":[{"kid":2},{"kid":3}]}"#, true),
            (r#"{"keys":[{"kid":2},{}]}"#, true),
            (r#"{"keys":[{"kid":2},{"kid":1}]}"#, false),
            (r#"{"keys":[]}"#, true),
        ] {
            let response = Response::new(200, Vec::new(), body.as_bytes());
            assert_eq!(decide(&condition, &response, &cx), Ok(holds), "{body}");
        }
    }
}
