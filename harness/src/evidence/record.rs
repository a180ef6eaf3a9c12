//! From live to kept. The only way: exchanges cannot be serialised otherwise.

use std::time::Duration;

use serde_json::Value;

use super::limits::{self, LONGEST_BODY, LONGEST_REMARK, LONGEST_SENT, MOST_FIELDS};
use super::page;
use super::{
    Participant, RecordedBody, RecordedField, RecordedRequest, RecordedResponse, RecordedStep,
    RecordedValue, Redacted, Redactor,
};
use crate::exchange::{Exchange, Payload, RequestSpec, Response};

/// The longest internal code, in characters: `invalid_client_secret` has 21.
const LONGEST_CODE: usize = 64;

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
            trouble: Some(Redacted::passed(self.clipped(trouble, LONGEST_REMARK))),
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
            url: Redacted::passed(self.address(&request.full_url(), false)),
            headers,
            parameters,
        }
    }

    fn response(&self, response: &Response) -> RecordedResponse {
        let fields = response.headers.iter().take(MOST_FIELDS);
        let mut headers: Vec<_> = fields
            .map(|(name, value)| self.header(name, value))
            .collect();
        if let Some(more @ 1..) = response.headers.len().checked_sub(MOST_FIELDS) {
            headers.push(RecordedField {
                name: "…".into(),
                value: RecordedValue::Plain {
                    text: Redacted::passed(limits::left_out(more)),
                },
            });
        }
        let code = response.internal_code();
        RecordedResponse {
            status: response.status,
            headers,
            body: self.body(response),
            internal_code: code.map(|code| Redacted::passed(self.clipped(&code, LONGEST_CODE))),
        }
    }

    /// A header field of an answer. Nothing but tokens and addresses is judged by what stands far behind its beginning.
    fn header(&self, name: &str, value: &str) -> RecordedField {
        let text = match name {
            "location" => {
                let address = self.address(value, false);
                limits::cut(&address, limits::searched(value).len(), value, LONGEST_SENT)
            }
            "www-authenticate" => self.clipped(value, LONGEST_SENT),
            _ => return self.field_up_to(name, value, LONGEST_REMARK),
        };
        RecordedField {
            name: Redacted::passed(name.to_owned()),
            value: RecordedValue::Plain {
                text: Redacted::passed(text),
            },
        }
    }

    fn body(&self, response: &Response) -> RecordedBody {
        let Some(value) = &response.json else {
            if response.text.is_empty() {
                return RecordedBody::Empty;
            }
            let text = page::without_code(response);
            return RecordedBody::Text {
                text: Redacted::passed(self.clipped(&text, LONGEST_BODY)),
            };
        };
        let mut tokens = Vec::new();
        let value = self.json("", value, &mut tokens);
        if limits::fits(&value) {
            return RecordedBody::Json { value, tokens };
        }
        let text = limits::cut(
            &value.to_string(),
            response.text.len(),
            &response.text,
            LONGEST_BODY,
        );
        RecordedBody::Text {
            text: Redacted::passed(text),
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
