//! From live to kept. The only way: exchanges cannot be serialised otherwise.

use std::time::Duration;

use serde_json::Value;

use super::{
    Participant, RecordedBody, RecordedField, RecordedRequest, RecordedResponse, RecordedStep,
    RecordedValue, Redactor,
};
use crate::exchange::{Exchange, Payload, RequestSpec, Response};
use crate::value::shorten;

/// Longest text that is kept of a body that is not JSON, in characters.
const LONGEST_BODY: usize = 2048;

/// The part that an exchange has in its case.
#[derive(Debug, Clone, Copy)]
pub struct Part<'s> {
    /// See [`RecordedStep::step`].
    pub step: &'s str,
    /// See [`RecordedStep::from`].
    pub from: Participant,
    /// See [`RecordedStep::to`].
    pub to: Participant,
    /// See [`RecordedStep::judged`].
    pub judged: bool,
}

impl Redactor {
    /// An exchange of a step.
    pub fn step(&self, place: &Part<'_>, exchange: &Exchange) -> RecordedStep {
        RecordedStep {
            step: place.step.to_owned(),
            from: place.from,
            to: place.to,
            judged: place.judged,
            request: self.request(&exchange.request),
            response: Some(self.response(&exchange.response)),
            trouble: None,
            milliseconds: milliseconds(exchange.elapsed),
        }
    }

    /// A request of a step that got no answer.
    pub fn unanswered(
        &self,
        place: &Part<'_>,
        request: &RequestSpec,
        trouble: &str,
        elapsed: Duration,
    ) -> RecordedStep {
        RecordedStep {
            step: place.step.to_owned(),
            from: place.from,
            to: place.to,
            judged: place.judged,
            request: self.request(request),
            response: None,
            trouble: Some(self.text(trouble)),
            milliseconds: milliseconds(elapsed),
        }
    }

    fn request(&self, request: &RequestSpec) -> RecordedRequest {
        let mut headers = self.fields(&request.headers);
        let parameters = match &request.payload {
            Payload::None => Vec::new(),
            Payload::Form(parameters)
            | Payload::Json(parameters)
            | Payload::Multipart(parameters) => self.fields(parameters),
            Payload::Text { text, .. } => vec![self.raw(text)],
        };
        if let Some((media_type, _)) = request.payload.encode()
            && !media_type.is_empty()
        {
            headers.push(self.field("content-type", &media_type));
        }
        RecordedRequest {
            method: request.method.clone(),
            url: self.address(&request.full_url(), false),
            headers,
            parameters,
        }
    }

    fn response(&self, response: &Response) -> RecordedResponse {
        let headers = response.headers.iter().map(|(name, value)| {
            if name == "location" {
                let text = self.address(value, false);
                RecordedField {
                    name: name.clone(),
                    value: RecordedValue::Plain { text },
                }
            } else {
                self.field(name, value)
            }
        });
        let body = match &response.json {
            Some(value) => {
                let mut tokens = Vec::new();
                let value = self.json("", value, &mut tokens);
                RecordedBody::Json { value, tokens }
            }
            None if response.text.is_empty() => RecordedBody::Empty,
            None => RecordedBody::Text {
                text: shorten(&self.text(&response.text), LONGEST_BODY),
            },
        };
        RecordedResponse {
            status: response.status,
            headers: headers.collect(),
            body,
            internal_code: response.internal_code(),
        }
    }

    /// A raw request body: JSON is redacted member by member.
    fn raw(&self, text: &str) -> RecordedField {
        match serde_json::from_str::<Value>(text) {
            Ok(value) => self.field("body", &self.json("", &value, &mut Vec::new()).to_string()),
            Err(_) => self.field("body", text),
        }
    }

    fn fields(&self, fields: &[(String, String)]) -> Vec<RecordedField> {
        fields
            .iter()
            .map(|(name, value)| self.field(name, value))
            .collect()
    }
}

fn milliseconds(elapsed: Duration) -> f64 {
    (elapsed.as_secs_f64() * 1_000_000.0).round() / 1000.0
}
