//! What a block says of an answer as a whole: status, header fields, redirect, text, internal code. Members of JSON are
//! judged in `body`, tokens in `token`.

use serde_json::Value;

use super::matcher::Subject;
use super::{Expected, Judge, Outcome, Seen, matcher};
use crate::exchange::Exchange;
use crate::result::Aspect;
use crate::scenario::model::Expectation;

/// The status code.
pub(super) fn status(block: &Expectation, exchange: &Exchange, judge: &mut Judge<'_>) {
    if let Some(matcher) = &block.status {
        let status = exchange.response.status.into();
        judge.compare(
            Aspect::Status,
            matcher,
            &Subject::value("status", Some(&status)),
        );
    }
}

/// Header fields.
pub(super) fn headers(block: &Expectation, exchange: &Exchange, judge: &mut Judge<'_>) {
    for (name, matcher) in &block.headers {
        let value = exchange.response.header(name).map(Value::from);
        let subject = Subject::text(name, value.as_ref());
        judge.compare(Aspect::Header(name.clone()), matcher, &subject);
    }
}

/// Redirects: where to, with which parameters.
pub(super) fn redirect(block: &Expectation, exchange: &Exchange, judge: &mut Judge<'_>) {
    let Some(expectation) = &block.redirect else {
        return;
    };
    let location = exchange.redirects_to();
    if let Some(matcher) = &expectation.to {
        let address = location
            .as_deref()
            .and_then(|location| location.split(['?', '#']).next());
        let address = address.map(Value::from);
        let subject = Subject::text("location", address.as_ref());
        judge.compare(Aspect::RedirectTo, matcher, &subject);
    }
    for (name, matcher) in &expectation.query {
        // A parameter in the fragment does not reach the client's server.
        let value = location
            .as_deref()
            .and_then(|location| in_query(location, name));
        let value = value.map(Value::from);
        let subject = Subject::text(name, value.as_ref());
        judge.compare(Aspect::RedirectParameter(name.clone()), matcher, &subject);
    }
}

fn in_query(location: &str, name: &str) -> Option<String> {
    let (before_fragment, _) = location.split_once('#').unwrap_or((location, ""));
    let (_, query) = before_fragment.split_once('?')?;
    form_urlencoded::parse(query.as_bytes())
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// The body as text, and as a page for people.
pub(super) fn text(block: &Expectation, exchange: &Exchange, judge: &mut Judge<'_>) {
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

/// The internal code of a refusal, where the target shows it.
pub(super) fn internal_code(block: &Expectation, exchange: &Exchange, judge: &mut Judge<'_>) {
    let Some(codes) = block
        .code
        .as_ref()
        .filter(|_| judge.cx.shows_internal_codes)
    else {
        return;
    };
    let outcome = match exchange.response.internal_code() {
        Some(code) if codes.value.contains(&code) => Outcome::Held,
        Some(code) => Outcome::Differs(Seen::Words(format!("`{code}`"))),
        None => Outcome::Differs(Seen::Absent),
    };
    let quoted: Vec<_> = codes.value.iter().map(|code| format!("`{code}`")).collect();
    let expected = Expected::plain(quoted.join(" or "));
    judge.push(Aspect::InternalCode, expected, outcome, codes.place);
}
