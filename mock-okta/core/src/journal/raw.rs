//! A request and its answer as they were sent, for whoever judges a client in a test. It holds secrets, so it is kept only where
//! that was asked for, and it has no `Serialize`: who wants to see it says so.

use std::sync::OnceLock;

use http::{HeaderMap, Request, Response};
use serde_json::{Value, json};

use crate::state::{HeapSize as _, allocation};

/// A request as it was sent, and its answer once that is made.
#[derive(Debug, Clone)]
pub struct RawExchange {
    /// Path and query.
    pub target: String,
    /// Header fields in order; bytes outside ASCII are shown as `\u{fffd}`.
    pub headers: Vec<(String, String)>,
    /// Content; what is not UTF-8 is shown as `\u{fffd}`.
    pub body: String,
    answer: OnceLock<RawAnswer>,
}

/// An answer as it was sent.
#[derive(Debug, Clone)]
pub struct RawAnswer {
    /// HTTP status.
    pub status: u16,
    /// Header fields in order, those of the connection apart.
    pub headers: Vec<(String, String)>,
    /// Content.
    pub body: String,
}

impl RawExchange {
    pub(crate) fn of(request: &Request<Vec<u8>>) -> Self {
        let target = request.uri().path_and_query();
        Self {
            target: target.map_or_else(String::new, ToString::to_string),
            headers: fields(request.headers()),
            body: String::from_utf8_lossy(request.body()).into_owned(),
            answer: OnceLock::new(),
        }
    }

    /// The answer; `None` while it is not made yet.
    pub fn answer(&self) -> Option<&RawAnswer> {
        self.answer.get()
    }

    /// Takes in the answer; how many bytes it takes.
    pub(super) fn answered(&self, response: &Response<Vec<u8>>) -> usize {
        let answer = RawAnswer {
            status: response.status().as_u16(),
            headers: fields(response.headers()),
            body: String::from_utf8_lossy(response.body()).into_owned(),
        };
        let bytes = field_bytes(&answer.headers) + answer.body.heap_bytes();
        // Each exchange is answered once.
        self.answer.set(answer).map_or(0, |()| bytes)
    }

    /// As JSON, with all its secrets.
    pub fn to_json(&self) -> Value {
        let answer = self.answer().map(|answer| {
            json!({
                "status": answer.status,
                "headers": answer.headers,
                "body": answer.body,
            })
        });
        json!({
            "target": self.target,
            "headers": self.headers,
            "body": self.body,
            "answer": answer,
        })
    }

    pub(super) fn heap_bytes(&self) -> usize {
        allocation(size_of::<Self>())
            + self.target.heap_bytes()
            + field_bytes(&self.headers)
            + self.body.heap_bytes()
    }
}

fn fields(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let fields = headers.iter();
    fields
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect()
}

fn field_bytes(fields: &[(String, String)]) -> usize {
    let texts = fields
        .iter()
        .map(|(name, value)| name.heap_bytes() + value.heap_bytes());
    allocation(size_of_val(fields)) + texts.sum::<usize>()
}
