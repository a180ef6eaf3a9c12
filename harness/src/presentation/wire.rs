//! A recorded exchange as plain lines: what is worth reading of a request and its answer.

use serde_json::{Map, Value};

use super::text::{clip, visible};
use crate::evidence::{
    RecordedBody, RecordedField, RecordedRequest, RecordedResponse, RecordedStep, RecordedValue,
};

/// How much is shown of an exchange.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Longest value, in characters.
    value: usize,
    /// Longest decoded JWT or body, in characters.
    document: usize,
    /// Header fields that every client sends, and those of an answer that explain nothing, are shown as well.
    all_headers: bool,
}

impl Extent {
    /// What a card has room for; the whole is in `report.json`.
    pub(crate) const CARD: Self = Self {
        value: 200,
        document: 480,
        all_headers: false,
    };
    /// All that was recorded.
    pub(crate) const WHOLE: Self = Self {
        value: usize::MAX,
        document: usize::MAX,
        all_headers: true,
    };
}

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
const EXPLAINING_RESPONSE_HEADERS: [&str; 5] = [
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

/// The request as sent: request line, parameters, and the header fields that explain something.
pub(crate) fn request(request: &RecordedRequest, extent: Extent) -> Vec<WireLine> {
    let mut lines = vec![line(&format!("{} {}", request.method, request.url), extent)];
    lines.extend(
        request
            .parameters
            .iter()
            .map(|parameter| field(parameter, "", extent)),
    );
    lines.extend(
        request
            .headers
            .iter()
            .filter(|header| extent.all_headers || !is_quiet(header))
            .map(|header| field(header, ":", extent)),
    );
    lines
}

/// The answer, or why there is none.
pub(crate) fn response(step: &RecordedStep, extent: Extent) -> Vec<WireLine> {
    match &step.response {
        Some(response) => answered(response, extent),
        None => vec![line(step.trouble.as_deref().unwrap_or("no answer"), extent)],
    }
}

/// A value as shown: secrets as their fingerprint, JWTs decoded.
pub(crate) fn value(value: &RecordedValue, extent: Extent) -> String {
    match value {
        RecordedValue::Plain { text } => clip(&visible(text), extent.value).into_owned(),
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
            clip(&visible(&decoded), extent.document).into_owned()
        }
    }
}

fn is_quiet(header: &RecordedField) -> bool {
    let name = header.name.to_ascii_lowercase();
    let form = RecordedValue::Plain {
        text: "application/x-www-form-urlencoded".into(),
    };
    QUIET_REQUEST_HEADERS.contains(&name.as_str())
        || (name == "content-type" && header.value == form)
}

fn answered(response: &RecordedResponse, extent: Extent) -> Vec<WireLine> {
    let code = response
        .internal_code
        .as_ref()
        .map(|code| format!(" ({code})"))
        .unwrap_or_default();
    let mut lines = vec![line(&format!("{}{code}", response.status), extent)];
    match &response.body {
        RecordedBody::Empty => lines.push(line("no body", extent)),
        RecordedBody::Json { value, tokens } => {
            lines.push(line(&value.to_string(), extent));
            lines.extend(tokens.iter().map(|token| field(token, "", extent)));
        }
        RecordedBody::Text { text } => lines.push(line(text, extent)),
    }
    let is_json = matches!(response.body, RecordedBody::Json { .. });
    let shown = response.headers.iter().filter(|header| {
        let name = header.name.to_ascii_lowercase();
        extent.all_headers
            || EXPLAINING_RESPONSE_HEADERS.contains(&name.as_str())
                && !(is_json && name == "content-type")
    });
    lines.extend(shown.map(|header| field(header, ":", extent)));
    lines
}

fn field(recorded: &RecordedField, after: &str, extent: Extent) -> WireLine {
    WireLine {
        name: format!("{}{after}", visible(&recorded.name)),
        value: value(&recorded.value, extent),
    }
}

/// A line without a name.
fn line(value: &str, extent: Extent) -> WireLine {
    WireLine {
        name: String::new(),
        value: clip(&visible(value), extent.document).into_owned(),
    }
}

fn json(object: &Map<String, Value>) -> String {
    serde_json::to_string(object).unwrap_or_default()
}
