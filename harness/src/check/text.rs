//! The body as text, and as a page for people.

use serde_json::Value;

use super::matcher::Subject;
use super::{Judge, Outcome, Seen, matcher};
use crate::exchange::Exchange;
use crate::result::Aspect;
use crate::scenario::model::Expectation;

pub(super) fn judge(block: &Expectation, exchange: &Exchange, judge: &mut Judge<'_>) {
    let body = Value::from(exchange.response.text.as_str());
    if let Some(matcher) = &block.text {
        judge.compare(Aspect::Text, matcher, &Subject::text("text", Some(&body)));
    }
    if let Some(matcher) = &block.page {
        let media_type = exchange.response.media_type();
        if media_type == "text/html" {
            judge.compare(Aspect::Page, matcher, &Subject::text("page", Some(&body)));
        } else {
            let media_type = if media_type.is_empty() {
                "nothing"
            } else {
                &media_type
            };
            let outcome = Outcome::Differs(Seen::Words(format!(
                "no page: the media type is {media_type}"
            )));
            let expected = matcher::expected(&matcher.value, &outcome, judge.cx.names);
            judge.push(Aspect::Page, expected, outcome, matcher.place);
        }
    }
}
