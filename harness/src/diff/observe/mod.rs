//! What one exchange showed, as facts that can be compared.

mod body;
mod headers;
mod token;

use std::collections::BTreeMap;

use super::neutral::Neutral;
use super::subject::{Names, Seen, Subject};
use crate::evidence::{RecordedBody, RecordedStep};

/// What was seen of it. The type counts first: values of different types are not worth comparing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) is: FactType,
    pub(super) value: Option<String>,
}

/// What kind of thing was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FactType {
    /// It is there; of what kind it is, is known from what it is.
    Present,
    Seconds,
    NoBody,
    JsonBody,
    TextBody,
    Null,
    Boolean,
    Number,
    Integer,
    Jwt,
    Text,
    List,
    Object,
}

impl FactType {
    /// As pages write it.
    const fn words(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Seconds => "seconds",
            Self::NoBody => "empty",
            Self::JsonBody => "JSON",
            Self::TextBody => "text",
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::Integer => "an integer",
            Self::Jwt => "a JWT",
            Self::Text => "a string",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }

    /// As a run saw it where there is no value to show.
    pub(super) fn seen(self) -> Seen {
        match self {
            Self::Present => Seen::Present,
            other => Seen::Value(other.words().to_owned()),
        }
    }
}

/// All that one exchange showed.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// `POST /oauth2/v1/token`.
    pub(super) place: String,
    /// `None` when there was no answer.
    pub(super) status: Option<u16>,
    pub(super) facts: BTreeMap<Subject, Fact>,
    /// Names in the order seen.
    pub(super) orders: BTreeMap<Names, Vec<String>>,
}

impl Observed {
    pub(super) fn of(step: &RecordedStep, neutral: Neutral<'_>) -> Self {
        let url = neutral.address(&step.request.url);
        let url = url.map_or_else(|| step.request.url.to_string(), |address| address.base);
        let path = url.strip_prefix("${org.issuer}").unwrap_or(&url);
        let mut observed = Self {
            place: format!(
                "{} {}",
                step.request.method,
                if path.is_empty() { "/" } else { path }
            ),
            ..Self::default()
        };
        if let Some(response) = &step.response {
            observed.status = Some(response.status);
            observed.headers(&response.headers, neutral);
            observed.body(&response.body, neutral);
            if let RecordedBody::Json { tokens, .. } = &response.body {
                for token in tokens {
                    observed.token(token, neutral);
                }
            }
        }
        observed
    }

    /// The answer, where it differs.
    pub(super) fn answer(&self) -> Seen {
        Seen::Value(
            self.status
                .map_or_else(|| "no answer".to_owned(), |status| status.to_string()),
        )
    }

    fn note(&mut self, subject: Subject, is: FactType, value: Option<String>) {
        self.facts.insert(subject, Fact { is, value });
    }

    /// Forgets the value of a fact, but not its type.
    fn without_value(&mut self, subject: &Subject) {
        if let Some(fact) = self.facts.get_mut(subject) {
            fact.value = None;
        }
    }
}
