//! The part of a recording that calibration reads. `atx run --record` writes them; docs/recordings.md describes the form.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::CalibrateError;

/// The form that is read.
pub(super) const VERSION: u64 = 1;

/// A recording.
#[derive(Debug, Default)]
pub(super) struct Recording {
    pub(super) edition: String,
    pub(super) clients: BTreeMap<String, Client>,
    pub(super) tokens: BTreeMap<String, Token>,
    pub(super) cases: Vec<Case>,
    /// Whether the end is missing.
    pub(super) is_cut: bool,
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
    /// Of the run; none where the case was broken off.
    #[serde(default)]
    verdict: Option<String>,
    pub(super) steps: Vec<Step>,
}

impl Case {
    /// Whether it could not be judged.
    pub(super) fn is_error(&self) -> bool {
        self.verdict
            .as_deref()
            .is_none_or(|verdict| verdict == "error")
    }
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
        let mut lines = text.lines().enumerate().peekable();
        check_version(lines.peek().map_or("", |(_, line)| line))?;
        let mut recording = Self {
            is_cut: true,
            ..Self::default()
        };
        while let Some((at, line)) = lines.next() {
            match serde_json::from_str::<Line>(line) {
                Ok(Line::Cassette(head)) => {
                    recording.edition = head.edition;
                    recording.clients = head.target.clients;
                }
                Ok(Line::Token(token)) => {
                    recording.tokens.insert(token.fingerprint.clone(), token);
                }
                Ok(Line::Case(case)) => recording.cases.push(case),
                Ok(Line::Keys(_)) => {}
                Ok(Line::End(_)) => recording.is_cut = false,
                // Half a line, where the file ends.
                Err(error) if error.is_eof() && lines.peek().is_none() => recording.is_cut = true,
                Err(error) => {
                    return Err(CalibrateError::Line {
                        line: at + 1,
                        why: error.to_string(),
                    });
                }
            }
        }
        Ok(recording)
    }

    /// The token that a text is.
    pub(super) fn token(&self, text: &str) -> Option<&Token> {
        let fingerprint = text.strip_prefix("<jwt ")?.strip_suffix('>')?;
        self.tokens.get(fingerprint)
    }
}

/// Another version may have another head, so it is looked for before anything else is read.
fn check_version(head: &str) -> Result<(), CalibrateError> {
    let head: Value = serde_json::from_str(head).unwrap_or_default();
    match head["cassette"]["version"].as_u64() {
        Some(VERSION) => Ok(()),
        Some(other) => Err(CalibrateError::Version(other)),
        None => Err(CalibrateError::NoRecording),
    }
}
