//! What one exchange showed, as facts that can be compared.

mod body;
mod headers;
mod token;

use std::collections::BTreeMap;

use super::neutral::Neutral;
use crate::evidence::{RecordedBody, RecordedStep};

/// What a fact is about. Ordered as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Which exchanges there were.
    Exchanges,
    /// Whether there was an answer, and which.
    Status,
    /// Where it sent the browser.
    Redirect,
    /// A header.
    Header,
    /// What kind of body it was.
    Body,
    /// A member of a JSON body.
    Member,
    /// A token in it.
    Token,
    /// In which order members or claims stood.
    Order,
}

/// What a fact is about, by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Subject {
    pub(super) kind: Kind,
    pub(super) name: String,
}

/// What was seen of it. The type counts first: values of different types are not worth comparing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) is: String,
    pub(super) value: Option<String>,
}

/// All that one exchange showed.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// `POST /oauth2/v1/token`.
    pub(super) place: String,
    /// `None` when there was no answer.
    pub(super) status: Option<u16>,
    pub(super) facts: BTreeMap<Subject, Fact>,
    /// Names in the order seen, by what they belong to.
    pub(super) orders: BTreeMap<String, Vec<String>>,
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

    /// How the answer is told where it differs.
    pub(super) fn answer(&self) -> String {
        self.status
            .map_or_else(|| "no answer".to_owned(), |status| status.to_string())
    }

    fn note(&mut self, kind: Kind, name: String, is: &str, value: Option<String>) {
        let is = is.to_owned();
        self.facts
            .insert(Subject { kind, name }, Fact { is, value });
    }

    /// Forgets the value of a fact, but not its type.
    fn without_value(&mut self, kind: Kind, name: &str) {
        let name = name.to_owned();
        if let Some(fact) = self.facts.get_mut(&Subject { kind, name }) {
            fact.value = None;
        }
    }
}
