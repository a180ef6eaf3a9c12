//! A recorded exchange as plain lines: what is worth reading of a request and its answer.

use serde_json::{Map, Value};

use super::text::{clip, visible};
use crate::evidence::{
    RecordedBody, RecordedField, RecordedRequest, RecordedResponse, RecordedStep, RecordedValue,
};

/// Longest value shown; the whole is in `report.json`.
const VALUE_LIMIT: usize = 200;
/// Longest decoded JWT or body shown.
const DOCUMENT_LIMIT: usize = 480;
/// Header fields that every client sends and nobody looks for.
const QUIET_REQUEST_HEADERS: [&str; 6] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "user-agent",
];
/// Header fields of an answer that explain a refusal.
const TELLING_RESPONSE_HEADERS: [&str; 5] = [
    "content-type",
    "location",
    "www-authenticate",
    "retry-after",
    "x-okta-request-id",
];

/// A named value, or a line of its own when there is no name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct WireLine {
    /// Parameter or header name; empty for the first line and for bodies.
    pub(crate) name: String,
    /// Safe to show, on one line.
    pub(crate) value: String,
}

/// The request as sent: request line, parameters, telling header fields.
pub(crate) fn request(request: &RecordedRequest) -> Vec<WireLine> {
    let mut lines = vec![line("", &format!("{} {}", request.method, request.url))];
    lines.extend(
        request
            .parameters
            .iter()
            .map(|parameter| field(parameter, "")),
    );
    lines.extend(
        request
            .headers
            .iter()
            .filter(|header| !is_quiet(header))
            .map(|header| field(header, ":")),
    );
    lines
}

/// The answer, or why there is none.
pub(crate) fn response(step: &RecordedStep) -> Vec<WireLine> {
    match &step.response {
        Some(response) => answered(response),
        None => vec![line("", step.trouble.as_deref().unwrap_or("no answer"))],
    }
}

/// A value as shown: secrets as their fingerprint, JWTs decoded.
pub(crate) fn value(value: &RecordedValue) -> String {
    match value {
        RecordedValue::Plain { text } => clip(&visible(text), VALUE_LIMIT).into_owned(),
        RecordedValue::Secret { fingerprint } => format!("<secret {fingerprint}>"),
        RecordedValue::Jwt {
            fingerprint,
            header,
            claims,
        } => {
            let decoded = format!(
                "<JWT {fingerprint}> {} header {}",
                json(claims),
                json(header)
            );
            clip(&visible(&decoded), DOCUMENT_LIMIT).into_owned()
        }
    }
}

fn is_quiet(header: &RecordedField) -> bool {
    let name = header.name.to_ascii_lowercase();
    let form = RecordedValue::Plain {
        text: "application/x-www-form-urlencoded".to_owned(),
    };
    QUIET_REQUEST_HEADERS.contains(&name.as_str())
        || (name == "content-type" && header.value == form)
}

fn answered(response: &RecordedResponse) -> Vec<WireLine> {
    let code = response
        .internal_code
        .as_ref()
        .map(|code| format!(" ({code})"))
        .unwrap_or_default();
    let mut lines = vec![line("", &format!("{}{code}", response.status))];
    match &response.body {
        RecordedBody::Empty => lines.push(line("", "no body")),
        RecordedBody::Json { value, tokens } => {
            lines.push(line("", &value.to_string()));
            lines.extend(tokens.iter().map(|token| field(token, "")));
        }
        RecordedBody::Text { text } => lines.push(line("", text)),
    }
    let is_json = matches!(response.body, RecordedBody::Json { .. });
    let telling = response.headers.iter().filter(|header| {
        let name = header.name.to_ascii_lowercase();
        TELLING_RESPONSE_HEADERS.contains(&name.as_str()) && !(is_json && name == "content-type")
    });
    lines.extend(telling.map(|header| field(header, ":")));
    lines
}

fn field(recorded: &RecordedField, after: &str) -> WireLine {
    WireLine {
        name: format!("{}{after}", visible(&recorded.name)),
        value: value(&recorded.value),
    }
}

fn line(name: &str, value: &str) -> WireLine {
    WireLine {
        name: name.to_owned(),
        value: clip(&visible(value), DOCUMENT_LIMIT).into_owned(),
    }
}

fn json(object: &Map<String, Value>) -> String {
    serde_json::to_string(object).unwrap_or_default()
}
