//! What may be kept of an exchange: secrets are already fingerprints here, so this can be serialised.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Redacted, RedactedJson};

/// One request of a case and its answer, as recorded.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RecordedStep {
    /// Id of the step in the scenario. A browser's walk is one step, and here one exchange a page.
    pub step: String,
    /// Who sent it.
    pub from: Participant,
    /// Whom it was sent to.
    pub to: Participant,
    /// Whether the checks of its step looked at this exchange.
    pub judged: bool,
    /// What was sent.
    pub request: RecordedRequest,
    /// What came back; `None` when nothing did.
    pub response: Option<RecordedResponse>,
    /// Why nothing came back.
    pub trouble: Option<Redacted>,
    /// Time until the whole answer was there.
    pub milliseconds: f64,
}

/// Who takes part in a flow.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Participant {
    /// The user's browser.
    Browser,
    /// The agent, or the app that hands it the user's ID token.
    Agent,
    /// The harness itself, when it asks test control or looks something up.
    Harness,
    /// The org authorization server.
    OrgServer,
    /// A custom authorization server.
    CustomServer,
    /// The third party whose tokens Okta brokers.
    ThirdParty,
    /// A protected resource.
    Resource,
    /// Test control of a mock org.
    TestControl,
}

/// A request as sent, without its secrets.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RecordedRequest {
    /// HTTP method.
    pub method: String,
    /// Address with query; secret query values are replaced.
    pub url: Redacted,
    /// Header fields in order.
    pub headers: Vec<RecordedField>,
    /// Form parameters in order, or the raw body as one field named `body`.
    pub parameters: Vec<RecordedField>,
}

/// A response, without its secrets.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RecordedResponse {
    /// Status code.
    pub status: u16,
    /// Header fields in order.
    pub headers: Vec<RecordedField>,
    /// The body.
    pub body: RecordedBody,
    /// Internal code, where the target shows one.
    pub internal_code: Option<Redacted>,
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RecordedField {
    /// Header or parameter name.
    pub name: Redacted,
    /// Its value.
    pub value: RecordedValue,
}

/// A value that is safe to show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RecordedValue {
    /// As it was.
    Plain {
        /// Text.
        text: Redacted,
    },
    /// A secret: only its fingerprint remains.
    Secret {
        /// First 12 hex digits of SHA-256 of the run's salt and the value.
        fingerprint: String,
    },
    /// A JWT: header and claims stay readable, the signature is gone.
    Jwt {
        /// As for secrets.
        fingerprint: String,
        /// Decoded header.
        header: RedactedJson<Map<String, Value>>,
        /// Decoded claims.
        claims: RedactedJson<Map<String, Value>>,
    },
}

/// A body that is safe to show.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RecordedBody {
    /// Nothing.
    Empty,
    /// A JSON object whose secret members are replaced; JWTs are listed in `tokens`.
    Json {
        /// The body with secrets replaced by `<kind fingerprint>` texts.
        value: RedactedJson<Value>,
        /// Decoded JWTs by member path.
        tokens: Vec<RecordedField>,
    },
    /// Anything else, and JSON that is too long to be kept whole; cut to 2 KiB.
    Text {
        /// Text.
        text: Redacted,
    },
}
