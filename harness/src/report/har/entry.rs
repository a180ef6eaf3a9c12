//! One recorded exchange as an entry.

use form_urlencoded::parse;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value};

use super::model::{Cache, Content, Entry, Field, PostData, Request, Response, Timings};
use crate::evidence::{
    RecordedBody, RecordedField, RecordedRequest, RecordedResponse, RecordedStep, RecordedValue,
};
use crate::report::curl;

/// Which version of HTTP was spoken is not recorded.
const UNKNOWN_VERSION: &str = "unknown";
/// How the format says that a size is not known.
const UNKNOWN_SIZE: i32 = -1;

pub(super) fn entry(case: &str, started: String, step: &RecordedStep) -> Entry {
    Entry {
        pageref: case.to_owned(),
        started_date_time: started,
        time: step.milliseconds,
        request: request(&step.request),
        response: match &step.response {
            Some(answer) => response(answer),
            None => unanswered(step.trouble.as_deref()),
        },
        cache: Cache {},
        timings: Timings {
            send: 0.0,
            wait: step.milliseconds,
            receive: 0.0,
        },
        step: step.step.clone(),
        from: serde_json::to_value(step.from).unwrap_or_default(),
        to: serde_json::to_value(step.to).unwrap_or_default(),
        judged: step.judged,
        curl: curl::line(&step.request),
    }
}

fn request(request: &RecordedRequest) -> Request {
    let (_, query) = request.url.split_once('?').unwrap_or_default();
    let query = query.split('#').next().unwrap_or_default();
    Request {
        method: request.method.clone(),
        url: address(&request.url),
        http_version: UNKNOWN_VERSION,
        cookies: [],
        headers: fields(&request.headers),
        query_string: parse(query.as_bytes())
            .map(|(name, value)| text(&name, &value))
            .collect(),
        post_data: post_data(request),
        headers_size: UNKNOWN_SIZE,
        body_size: UNKNOWN_SIZE,
    }
}

fn post_data(request: &RecordedRequest) -> Option<PostData> {
    if request.parameters.is_empty() {
        return None;
    }
    let mime_type = header(&request.headers, "content-type");
    let params = fields(&request.parameters);
    // The format has parameters or a text.
    let text = match params.as_slice() {
        [body] if body.name == "body" => body.value.clone(),
        _ if mime_type.starts_with("application/json") => {
            let members = params
                .iter()
                .map(|field| (field.name.clone(), Value::from(field.value.as_str())));
            Value::Object(members.collect::<Map<_, _>>()).to_string()
        }
        _ => {
            return Some(PostData {
                mime_type,
                params,
                text: String::new(),
            });
        }
    };
    Some(PostData {
        mime_type,
        params: Vec::new(),
        text,
    })
}

fn response(response: &RecordedResponse) -> Response {
    let (text, tokens) = match &response.body {
        RecordedBody::Empty => (String::new(), Vec::new()),
        RecordedBody::Json { value, tokens } => (value.to_string(), fields(tokens)),
        RecordedBody::Text { text } => (text.to_string(), Vec::new()),
    };
    Response {
        status: response.status,
        // The reason phrase is not recorded.
        status_text: String::new(),
        http_version: UNKNOWN_VERSION,
        cookies: [],
        headers: fields(&response.headers),
        content: Content {
            size: text.len(),
            mime_type: header(&response.headers, "content-type"),
            text,
        },
        redirect_url: address(&header(&response.headers, "location")),
        headers_size: UNKNOWN_SIZE,
        body_size: UNKNOWN_SIZE,
        error: None,
        internal_code: response.internal_code.as_ref().map(ToString::to_string),
        tokens,
    }
}

/// As browsers write an exchange that broke off.
fn unanswered(trouble: Option<&str>) -> Response {
    Response {
        status: 0,
        status_text: String::new(),
        http_version: UNKNOWN_VERSION,
        cookies: [],
        headers: Vec::new(),
        content: Content {
            size: 0,
            mime_type: "x-unknown".to_owned(),
            text: String::new(),
        },
        redirect_url: String::new(),
        headers_size: UNKNOWN_SIZE,
        body_size: UNKNOWN_SIZE,
        error: Some(trouble.unwrap_or("no answer").to_owned()),
        internal_code: None,
        tokens: Vec::new(),
    }
}

fn fields(recorded: &[RecordedField]) -> Vec<Field> {
    recorded.iter().map(field).collect()
}

fn field(recorded: &RecordedField) -> Field {
    let name = recorded.name.as_str();
    match &recorded.value {
        RecordedValue::Plain { text: value } => text(name, value),
        RecordedValue::Secret { fingerprint } => Field {
            secret: Some(fingerprint.clone()),
            ..text(name, &format!("<secret {fingerprint}>"))
        },
        RecordedValue::Jwt {
            fingerprint,
            header,
            claims,
        } => Field {
            secret: Some(fingerprint.clone()),
            header: Some(Value::Object((**header).clone())),
            claims: Some(Value::Object((**claims).clone())),
            ..text(name, &format!("<jwt {fingerprint}>"))
        },
    }
}

fn text(name: &str, value: &str) -> Field {
    Field {
        name: name.to_owned(),
        value: value.to_owned(),
        secret: None,
        header: None,
        claims: None,
    }
}

/// The text of a header field; empty without it.
fn header(headers: &[RecordedField], name: &str) -> String {
    headers
        .iter()
        .find(|field| field.name.eq_ignore_ascii_case(name))
        .and_then(|field| match &field.value {
            RecordedValue::Plain { text } => Some(text.to_string()),
            RecordedValue::Secret { .. } | RecordedValue::Jwt { .. } => None,
        })
        .unwrap_or_default()
}

/// What RFC 3986 §2 allows nowhere in an address, brackets and the percent sign apart.
const NOT_IN_ADDRESSES: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'<')
    .add(b'>')
    .add(b'"')
    .add(b'`')
    .add(b'\\')
    .add(b'^')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// An address as an address may be written: the marks of what was taken out hold characters that it may not.
fn address(recorded: &str) -> String {
    utf8_percent_encode(recorded, NOT_IN_ADDRESSES).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_marks_is_an_address() {
        let marked = "https://a.example/cb?code=<secret 0123456789ab>&x=ä%20";
        let written = address(marked);
        assert_eq!(
            written,
            "https://a.example/cb?code=%3Csecret%200123456789ab%3E&x=%C3%A4%20"
        );
        let url: url::Url = written.parse().unwrap();
        assert_eq!(url.query_pairs().next().unwrap().1, "<secret 0123456789ab>");
    }
}
