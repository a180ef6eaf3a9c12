//! The form of a cassette: one JSON document a line.

#![expect(clippy::struct_field_names, reason = "they are named as in the file")]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::evidence::{Redacted, RedactedJson};
use crate::exchange;
use crate::result::{Blame, Verdict};

/// The form that this program writes, and the only one that it reads.
pub const VERSION: u32 = 1;

/// A line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The first line.
    Cassette(Box<Head>),
    /// A key set that a server published.
    Keys(KeySet),
    /// A JWT.
    Token(Token),
    /// A case, or a base flow.
    Case(Case),
    /// The last line; without it the file is cut.
    End(End),
}

/// What was tested, and when.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) version: u32,
    /// Program and version.
    pub(super) written_by: String,
    /// RFC 3339, UTC.
    pub(super) started_at: String,
    pub(super) edition: String,
    /// Ids of the cases and rules that the run was about.
    pub(super) planned: Vec<Redacted>,
    pub(super) target: Description,
    /// The second org, where cases that change an org had one of their own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) spare: Option<Description>,
}

/// A target without its secrets.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Description {
    pub(super) name: Redacted,
    pub(super) kind: String,
    pub(super) edition: Option<String>,
    pub(super) profiles: Vec<String>,
    pub(super) shows_internal_codes: bool,
    pub(super) consent_page: bool,
    pub(super) control: Option<Control>,
    pub(super) sign_in: Option<SignIn>,
    pub(super) authorization_servers: BTreeMap<String, Server>,
    pub(super) clients: BTreeMap<String, Client>,
    pub(super) users: BTreeMap<String, User>,
    pub(super) resources: BTreeMap<String, Resource>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Control {
    pub(super) url: Redacted,
    pub(super) token: Option<Redacted>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "with")]
pub(super) enum SignIn {
    Page,
    Given {
        id_token: Redacted,
        access_token: Option<Redacted>,
    },
    Refresh {
        refresh_token: Redacted,
    },
    Browser,
    Cache,
    Session,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Server {
    pub(super) issuer: Redacted,
    pub(super) endpoints: BTreeMap<String, Redacted>,
    pub(super) facts: BTreeMap<String, Redacted>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Client {
    pub(super) client_id: Redacted,
    pub(super) redirect_uri: Option<Redacted>,
    pub(super) auth: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) client_secret: Option<Redacted>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(super) secret_anywhere: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) key: Option<ClientKey>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ClientKey {
    pub(super) kid: Option<Redacted>,
    pub(super) alg: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) id: Option<Redacted>,
    pub(super) login: Redacted,
    pub(super) password: Option<Redacted>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Resource {
    pub(super) resource: Redacted,
    pub(super) api: Option<Redacted>,
    pub(super) field: Option<Redacted>,
    pub(super) scope: Option<Redacted>,
}

/// Public keys, as published.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct KeySet {
    pub(super) id: String,
    pub(super) document: RedactedJson<Value>,
}

/// A JWT, decoded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Token {
    /// `<jwt FINGERPRINT>` stands for it.
    pub(super) fingerprint: String,
    pub(super) header: RedactedJson<Map<String, Value>>,
    pub(super) claims: RedactedJson<Map<String, Value>>,
    /// Stands for the signature; empty where there was none.
    pub(super) signature: Redacted,
    /// Thumbprints of the published keys that the signature fits.
    pub(super) signed_by: Vec<String>,
    /// What a reader wants to know of that: "fits k1, kid `x`", or why it fits none.
    pub(super) verdict: String,
    /// The access token whose half hash its `at_hash` was.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) at_hash_of: Option<Redacted>,
}

/// A case and what its steps did.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Case {
    pub(super) id: Redacted,
    /// The base flow taken once more, with an ID-JAG that test control signed.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(super) other_way: bool,
    pub(super) on: WhichOrg,
    /// The verdict of the run; none where the case was broken off.
    pub(super) verdict: Option<Verdict>,
    pub(super) fresh: Fresh,
    /// How long its requests were held back by limits of the target, in milliseconds.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub(super) held_ms: u64,
    /// The longest that one was which redeems a code, in milliseconds.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub(super) held_with_code_ms: u64,
    /// The longest that one was whose refusal the case expects, where that may be due to it, in milliseconds.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub(super) held_before_refusal_ms: u64,
    pub(super) steps: Vec<Step>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Which of the orgs of a run was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhichOrg {
    /// The target.
    Target,
    /// The second org.
    Spare,
}

/// Values that are made for a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fresh {
    /// `${state}`.
    pub state: Redacted,
    /// `${nonce}`.
    pub nonce: Redacted,
    /// `${pkce.verifier}`, as a pseudonym.
    pub verifier: Redacted,
    /// `${pkce.challenge}`.
    pub challenge: Redacted,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Step {
    pub(super) step: String,
    /// The request as the scenario describes it, in words.
    #[serde(rename = "says")]
    pub(super) request_in_words: Vec<Redacted>,
    /// The target's now when it was prepared, in seconds since the epoch.
    pub(super) prepared_at: i64,
    /// The same when the last answer was there.
    pub(super) answered_at: Option<i64>,
    /// The same when it was judged.
    pub(super) judged_at: Option<i64>,
    /// JWTs that test control signed for it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(super) signed: Vec<Redacted>,
    /// The key sets, by server, that it was prepared with.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub(super) prepared_with: BTreeMap<String, Keys>,
    /// Those that it was judged with.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub(super) judged_with: BTreeMap<String, Keys>,
    pub(super) exchanges: Vec<Exchange>,
    /// What was judged, where that is none of the exchanges: tokens of the target file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) answer: Option<Exchange>,
    /// Why a request was not answered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) trouble: Option<Redacted>,
    /// Why its answers were not judged, where that is not to be seen in them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) not_judged: Option<NotJudged>,
    /// Why it cannot be judged again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) not_kept: Option<String>,
}

/// Why the answers to a step were not judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotJudged {
    /// In words.
    pub why: Redacted,
    /// Who has to act.
    pub blame: Blame,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Keys {
    /// Id of a key set.
    Set(String),
    /// Why there was none.
    Missing(Redacted),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Exchange {
    pub(super) request: Request,
    pub(super) response: Response,
    pub(super) milliseconds: f64,
}

/// A list of names and values.
pub(super) type Pairs = Vec<(Redacted, Redacted)>;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) party: Party,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(super) by_browser: bool,
    pub(super) method: Redacted,
    pub(super) url: Redacted,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(super) query: Pairs,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(super) headers: Pairs,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) payload: Option<Payload>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Payload {
    Form(Pairs),
    Json(Pairs),
    Multipart(Pairs),
    Text {
        media_type: Redacted,
        text: Redacted,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: Pairs,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) json: Option<RedactedJson<Value>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) text: Option<Redacted>,
    /// Whether the text is less than the whole: of a page its scripts and what is behind its beginning are left out.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(super) cut: bool,
    /// Whether the body was not UTF-8, so that it was read as no JSON whatever it looks like here.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(super) not_utf8: bool,
}

/// Whose endpoint was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The org authorization server.
    Org,
    /// A custom authorization server.
    Custom,
    /// A protected resource or the third party.
    Resource,
    /// The test control.
    Control,
}

impl From<exchange::Party> for Party {
    fn from(party: exchange::Party) -> Self {
        match party {
            exchange::Party::Org => Self::Org,
            exchange::Party::Custom => Self::Custom,
            exchange::Party::Resource => Self::Resource,
            exchange::Party::Control => Self::Control,
        }
    }
}

impl From<Party> for exchange::Party {
    fn from(party: Party) -> Self {
        match party {
            Party::Org => Self::Org,
            Party::Custom => Self::Custom,
            Party::Resource => Self::Resource,
            Party::Control => Self::Control,
        }
    }
}

/// How the recording ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct End {
    /// Cases in the file.
    pub(super) cases: usize,
    /// Cases that were left out because the recording would have become too large, or could not be said to hold no secret.
    pub(super) left_out: usize,
    /// Why the run ended early, if it did.
    pub(super) incomplete: Option<Redacted>,
}
