//! One exchange: what was sent, what came back, how long it took.

use maud::{Markup, html};
use serde_json::Value;

use super::place;
use super::sequence::lane;
use super::tokens::{Token, position};
use super::values::{path, time};
use crate::evidence::{
    Participant, RecordedBody, RecordedField, RecordedResponse, RecordedStep, RecordedValue,
};
use crate::presentation::html::untrusted;

/// Header fields that say something about this very exchange. Of problems all are shown.
const RELEVANT: [&str; 8] = [
    "authorization",
    "cache-control",
    "content-type",
    "dpop",
    "location",
    "retry-after",
    "www-authenticate",
    "x-okta-request-id",
];

/// Longest body.
const fn longest_body(whole: bool) -> usize {
    if whole { 8000 } else { 600 }
}

/// Longest page or other text: what a browser was shown is seldom the point.
const fn longest_text(whole: bool) -> usize {
    if whole { 4000 } else { 160 }
}

/// Longest single value.
const fn longest_value(whole: bool) -> usize {
    if whole { 2000 } else { 300 }
}

/// What belongs to the exchanges of one case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// Number of the case, for anchors.
    pub(super) number: usize,
    /// Its tokens, each once.
    pub(super) tokens: &'a [Token<'a>],
    /// Whether all that was recorded is shown.
    pub(super) whole: bool,
}

/// The exchange; `open` where it is the one to look at, `failing` where it is the one that does not hold.
pub(super) fn one(step: &RecordedStep, around: Around<'_>, open: bool, failing: bool) -> Markup {
    if !around.whole && !step.judged && step.from == Participant::Browser {
        // A page on the way, of a flow that went well.
        return html! { p.x1 { (headline(step)) } };
    }
    html! {
        details.x open[open] data-step=(step.step) data-failing[failing] {
            summary {
                (headline(step))
                @if failing { " " b.v.f { "does not hold" } } @else if step.judged { " " small.jd { "judged" } }
            }
            div.two {
                div { h6 { "Request" } (request(step, around)) }
                div { h6 { "Response" } (response(step, around)) }
            }
        }
    }
}

/// What was asked, by whom of whom, and what came of it.
fn headline(step: &RecordedStep) -> Markup {
    let path = path(&step.request.url);
    let bare = path.split(['?', '#']).next().unwrap_or_default();
    html! {
        b { (step.step) } " "
        code { (step.request.method) " " (bare) } " "
        (outcome(step))
        small { " " (lane(step.from).name()) " → " (lane(step.to).name()) ", " (time(step.milliseconds)) }
    }
}

/// Status, or that nothing came back.
pub(super) fn outcome(step: &RecordedStep) -> Markup {
    html! {
        @match &step.response {
            Some(response) => { b.hs { (response.status) } @if let Some(code) = &response.internal_code { " " code { (untrusted::line(code, 80)) } } }
            None => { b.hs { "no answer" } }
        }
    }
}

/// Status, error and time of an answer; `whole` where it is shown nowhere else.
pub(super) fn answer(step: &RecordedStep, whole: bool) -> Markup {
    html! {
        @match &step.response {
            None => { b.hs { "no answer" } " " (untrusted::line(step.trouble.as_deref().unwrap_or_default(), 300)) " " }
            Some(response) => {
                b.hs { (response.status) } " "
                @if let Some(code) = response.internal_code.as_ref().filter(|code| !says(response, code)) { code { (untrusted::line(code, 80)) } " " }
                @match &response.body {
                    RecordedBody::Json { value, .. } if whole => { (document(value, false)) }
                    RecordedBody::Json { value, .. } => {
                        @if let Some(error) = value.get("error") { code { (untrusted::json(error, 80)) } " " }
                        @if let Some(words) = value.get("error_description") { (untrusted::json(words, 300)) " " }
                    }
                    _ => {}
                }
            }
        }
        small { (time(step.milliseconds)) }
    }
}

/// Whether the internal code is the error itself.
fn says(response: &RecordedResponse, code: &str) -> bool {
    matches!(&response.body, RecordedBody::Json { value, .. } if value.get("error").and_then(Value::as_str) == Some(code))
}

fn request(step: &RecordedStep, around: Around<'_>) -> Markup {
    let request = &step.request;
    html! {
        p.ln { (request.method) " " (untrusted::line(&request.url, longest_value(around.whole))) }
        (fields(&request.headers, around))
        @if !request.parameters.is_empty() {
            dl.kv { @for field in &request.parameters { dt { (untrusted::line(&field.name, 120)) } dd { (value(&field.value, around)) } } }
        }
    }
}

fn response(step: &RecordedStep, around: Around<'_>) -> Markup {
    html! {
        @match &step.response {
            Some(response) => {
                p.ln { (response.status) }
                (fields(&response.headers, around))
                (body(response, around))
            }
            None => { p.tr { (untrusted::line(step.trouble.as_deref().unwrap_or("no answer"), longest_value(around.whole))) } }
        }
    }
}

fn fields(fields: &[RecordedField], around: Around<'_>) -> Markup {
    let shown: Vec<_> = fields
        .iter()
        .filter(|field| around.whole || is_relevant(field))
        .collect();
    html! {
        @if !shown.is_empty() {
            dl.kv.hd { @for field in shown { dt { (untrusted::line(&field.name, 120)) } dd { (value(&field.value, around)) } } }
        }
    }
}

/// Whether it says more than that a form was sent and JSON came back.
fn is_relevant(field: &RecordedField) -> bool {
    let name = field.name.to_ascii_lowercase();
    let usual = ["application/json", "application/x-www-form-urlencoded"];
    let is_usual = matches!(&field.value, RecordedValue::Plain { text } if name == "content-type" && usual.contains(&text.as_str()));
    RELEVANT.contains(&name.as_str()) && !is_usual
}

/// A JSON body; the members of an object line by line where markup must be saved.
fn document(value: &Value, whole: bool) -> Markup {
    html! {
        @match value {
            Value::Object(members) if !whole => {
                pre { @for (name, value) in members { (untrusted::line(name, 120)) " " b { (untrusted::json(value, longest_body(whole))) } "\n" } }
            }
            value => { pre { (untrusted::document(value, longest_body(whole))) } }
        }
    }
}

fn value(value: &RecordedValue, around: Around<'_>) -> Markup {
    html! {
        @match value {
            RecordedValue::Plain { text } => { (untrusted::line(text, longest_value(around.whole))) }
            RecordedValue::Secret { fingerprint } => { i { "secret " (fingerprint) } }
            RecordedValue::Jwt { fingerprint, .. } => {
                @match position(around.tokens, value) {
                    Some(index) => { a href={ "#" (place::token(around.number, index)) } { "JWT " (fingerprint) } }
                    None => { i { "JWT " (fingerprint) } }
                }
            }
        }
    }
}

fn body(response: &RecordedResponse, around: Around<'_>) -> Markup {
    html! {
        @match &response.body {
            RecordedBody::Empty => { p.no { "no body" } }
            RecordedBody::Json { value, tokens } => {
                (document(value, around.whole))
                @if !tokens.is_empty() {
                    dl.kv { @for token in tokens { dt { (untrusted::line(&token.name, 120)) } dd { (self::value(&token.value, around)) } } }
                }
            }
            RecordedBody::Text { text } => { pre { (untrusted::block(text, longest_text(around.whole))) } }
        }
    }
}
