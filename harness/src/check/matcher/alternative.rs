//! Accepted alternatives: of several answers that the sources allow, one that is not the first named.

use super::{Subject, equals};
use crate::check::{Context, Seen};
use crate::scenario::model::Matcher;

/// What was accepted in place of the answer that the matcher names first, if a matcher that holds accepted that.
pub(in crate::check) fn alternative(
    matcher: &Matcher,
    subject: &Subject<'_>,
    cx: &Context<'_>,
) -> Option<Seen> {
    match matcher {
        Matcher::OneOf(templates) => {
            let fits = |template| equals(template, subject, cx) == Ok(true);
            let first = templates.iter().position(fits)?;
            (first > 0).then(|| match subject.value {
                None => Seen::Absent,
                Some(value) => Seen::Value {
                    path: subject.path.to_owned(),
                    value: value.clone(),
                },
            })
        }
        Matcher::All(inner) => inner
            .iter()
            .find_map(|matcher| alternative(matcher, subject, cx)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fill::sample::Table;
    use crate::jwks::KeyRing;
    use crate::scenario::model::ValueTemplate;

    #[test]
    fn only_an_answer_that_is_not_named_first_is_an_alternative() {
        let names = Table::default();
        let cx = Context {
            names: &names,
            keys: &KeyRing::default(),
            now: 0,
            shows_internal_codes: true,
        };
        let one_of = Matcher::OneOf(vec![ValueTemplate::Int(400), ValueTemplate::Int(401)]);
        let accepted = |matcher: &Matcher, status: i64| {
            let status = json!(status);
            let found = alternative(matcher, &Subject::value("status", Some(&status)), &cx);
            found.map(|seen| match seen {
                Seen::Value { value, .. } => value,
                Seen::Absent | Seen::Words(_) => json!(null),
            })
        };
        assert_eq!(accepted(&one_of, 400), None);
        assert_eq!(accepted(&one_of, 401), Some(json!(401)));
        assert_eq!(accepted(&one_of, 500), None);
        let all = Matcher::All(vec![Matcher::Present, one_of]);
        assert_eq!(accepted(&all, 401), Some(json!(401)));
        assert_eq!(
            accepted(&Matcher::Equals(ValueTemplate::Int(401)), 401),
            None
        );
    }
}
