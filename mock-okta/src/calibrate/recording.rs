//! The part of a recording that calibration reads. `atx run --record` writes them; docs/recordings.md describes the form.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::CalibrateError;

/// The form that is read.
pub(super) const VERSION: u32 = 1;

/// A recording.
#[derive(Debug, Default)]
pub(super) struct Recording {
    pub(super) edition: String,
    pub(super) clients: BTreeMap<String, Client>,
    pub(super) tokens: BTreeMap<String, Token>,
    pub(super) cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Cassette(Head),
    Keys(serde::de::IgnoredAny),
    Token(Token),
    Case(Case),
    End(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
struct Head {
    version: u32,
    edition: String,
    target: Target,
}

#[derive(Deserialize)]
struct Target {
    clients: BTreeMap<String, Client>,
}

/// A client of the target.
#[derive(Debug, Deserialize)]
pub(super) struct Client {
    pub(super) client_id: String,
}

/// A JWT.
#[derive(Debug, Deserialize)]
pub(super) struct Token {
    fingerprint: String,
    pub(super) claims: Map<String, Value>,
}

/// A case or a base flow.
#[derive(Debug, Deserialize)]
pub(super) struct Case {
    pub(super) id: String,
    #[serde(default)]
    pub(super) other_way: bool,
    pub(super) steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Deserialize)]
pub(super) struct Step {
    pub(super) step: String,
    pub(super) exchanges: Vec<Exchange>,
}

/// A request and its answer.
#[derive(Debug, Deserialize)]
pub(super) struct Exchange {
    pub(super) request: Request,
    pub(super) response: Response,
}

/// A list of names and values.
type Pairs = Vec<(String, String)>;

/// A request.
#[derive(Debug, Deserialize)]
pub(super) struct Request {
    pub(super) party: String,
    pub(super) url: String,
    #[serde(default)]
    pub(super) query: Pairs,
    #[serde(default)]
    pub(super) headers: Pairs,
    #[serde(default)]
    pub(super) payload: Option<Payload>,
}

/// A body.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Payload {
    Form(Pairs),
    Json(Pairs),
    Multipart(Pairs),
    Text { text: String },
}

/// An answer.
#[derive(Debug, Deserialize)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: Pairs,
    #[serde(default)]
    pub(super) json: Option<Value>,
    #[serde(default)]
    pub(super) text: Option<String>,
}

impl Recording {
    /// Reads a recording. One that is cut is read as far as it goes.
    pub(super) fn read(text: &str) -> Result<Self, CalibrateError> {
        let mut recording = Self::default();
        let mut is_begun = false;
        let mut lines = text.lines().enumerate().peekable();
        while let Some((at, line)) = lines.next() {
            let parsed = serde_json::from_str::<Line>(line);
            match parsed {
                Ok(Line::Cassette(head)) if head.version != VERSION => {
                    return Err(CalibrateError::Version(head.version));
                }
                Ok(Line::Cassette(head)) => {
                    is_begun = true;
                    recording.edition = head.edition;
                    recording.clients = head.target.clients;
                }
                _ if !is_begun => return Err(CalibrateError::NoRecording),
                Ok(Line::Token(token)) => {
                    recording.tokens.insert(token.fingerprint.clone(), token);
                }
                Ok(Line::Case(case)) => recording.cases.push(case),
                Ok(Line::Keys(_) | Line::End(_)) => {}
                Err(_) if lines.peek().is_none() => {}
                Err(error) => {
                    return Err(CalibrateError::Line {
                        line: at + 1,
                        why: error.to_string(),
                    });
                }
            }
        }
        if is_begun {
            Ok(recording)
        } else {
            Err(CalibrateError::NoRecording)
        }
    }

    /// The token that a text is.
    pub(super) fn token(&self, text: &str) -> Option<&Token> {
        let fingerprint = text.strip_prefix("<jwt ")?.strip_suffix('>')?;
        self.tokens.get(fingerprint)
    }
}
