//! The closed vocabularies: roles, editions, ways to authenticate.

use serde_json::{Value, json};
use strict_yaml::{FromNode, Node, Problem, Problems};

use super::{Defs, Described};
use crate::scenario::agent::model::{AgentClient, CallbackChange, Need, Purpose, UserActs};
use crate::scenario::model::{
    At, Capability, ClientAuth, ClientRole, Edition, EmbeddedKey, Encoding, Endpoint, Filling,
    Grant, Issued, JsonType, Outcome, PayloadChange, Relation, ResourceType, ServerRole, Shape,
    SignWith, SignatureChange, TokenKind, UserRole,
};
use crate::scenario::step::MetadataDocument;

/// Reads and describes a type whose values are words.
macro_rules! words {
    ($($type:ty, $what:literal, $words:expr;)+) => {$(
        impl FromNode for $type {
            fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
                word(node, $what, $words, problems)
            }
        }

        impl Described for $type {
            fn schema(_: &mut Defs) -> Value {
                json!({ "enum": $words.iter().map(|(word, _)| *word).collect::<Vec<_>>() })
            }
        }
    )+};
}

words! {
    ServerRole, "server", ServerRole::ALL;
    ClientRole, "client", ClientRole::ALL;
    UserRole, "user", UserRole::ALL;
    Capability, "capability", &Capability::NAMED;
    ResourceType, "resource type", ResourceType::ALL;
    Edition, "edition", &Edition::ALL.map(|one| (one.as_str(), one));
    ClientAuth, "way to authenticate", &CLIENT_AUTH;
    MetadataDocument, "metadata document", &METADATA_DOCUMENTS;
    Encoding, "encoding", &[("json", Encoding::Json), ("multipart", Encoding::Multipart), ("query", Encoding::Query)];
    JsonType, "JSON type", &JSON_TYPES;
    SignatureChange, "change of a signature", &SIGNATURE_CHANGES;
    EmbeddedKey, "form of a public key", &[("jwk", EmbeddedKey::Jwk), ("x5c", EmbeddedKey::X5c)];
    PayloadChange, "kind of payload", &PAYLOAD_CHANGES;
    Filling, "filling", &[("padding", Filling::Padding), ("line-break", Filling::LineBreak)];
    Judge, "server", &judges();
    Decision, "decision", &[("allow", Decision::Allow), ("deny", Decision::Deny)];
    Endpoint, "endpoint", Endpoint::ALL;
    At, "server", At::ALL;
    Outcome, "outcome", Outcome::ALL;
    Grant, "grant", Grant::ALL;
    Issued, "thing that is issued", Issued::ALL;
    TokenKind, "token", TokenKind::ALL;
    Shape, "type", Shape::ALL;
    Relation, "relation", Relation::ALL;
    AgentClient, "way to authenticate", AgentClient::ALL;
    UserActs, "act of the user", UserActs::ALL;
    CallbackChange, "change of the redirect", CallbackChange::ALL;
    Need, "need", Need::ALL;
    Purpose, "outcome", Purpose::ALL;
}

const CLIENT_AUTH: [(&str, ClientAuth); 6] = [
    ("default", ClientAuth::Registered),
    ("none", ClientAuth::None),
    ("client_secret_basic", ClientAuth::ClientSecretBasic),
    ("client_secret_post", ClientAuth::ClientSecretPost),
    ("client_secret_jwt", ClientAuth::ClientSecretJwt),
    ("private_key_jwt", ClientAuth::PrivateKeyJwt),
];

const METADATA_DOCUMENTS: [(&str, MetadataDocument); 3] = [
    (
        "openid-configuration",
        MetadataDocument::OpenIdConfiguration,
    ),
    (
        "oauth-authorization-server",
        MetadataDocument::OauthAuthorizationServer,
    ),
    (
        "oauth-authorization-server-appended",
        MetadataDocument::OauthAuthorizationServerAppended,
    ),
];

const JSON_TYPES: [(&str, JsonType); 6] = [
    ("string", JsonType::String),
    ("integer", JsonType::Integer),
    ("number", JsonType::Number),
    ("boolean", JsonType::Boolean),
    ("array", JsonType::Array),
    ("object", JsonType::Object),
];

const SIGNATURE_CHANGES: [(&str, SignatureChange); 4] = [
    ("drop", SignatureChange::Drop),
    ("flip", SignatureChange::Flip),
    ("empty", SignatureChange::Empty),
    ("garbage", SignatureChange::Garbage),
];

const PAYLOAD_CHANGES: [(&str, PayloadChange); 3] = [
    ("array", PayloadChange::Array),
    ("string", PayloadChange::String),
    ("not-utf8", PayloadChange::NotUtf8),
];

/// `sign_with`: the key of a client or a server, or one of the special signers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signer(pub(crate) SignWith);

/// Earlier name of `unknown-key`.
const STRANGER: &str = "stranger";

impl FromNode for Signer {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        if node.as_str() == Some(STRANGER) {
            problems.hint(node.place, &strict_yaml::renamed(STRANGER, "unknown-key"));
            return Some(Self(SignWith::UnknownKey));
        }
        word(node, "signer", &signers(), problems)
    }
}

impl Described for Signer {
    fn schema(_: &mut Defs) -> Value {
        json!({ "enum": signers().iter().map(|(word, _)| *word).collect::<Vec<_>>() })
    }
}

fn signers() -> Vec<(&'static str, Signer)> {
    let special = [
        ("keep", SignWith::Keep),
        ("unknown-key", SignWith::UnknownKey),
        ("weak-key", SignWith::WeakKey),
        ("hmac-public-key", SignWith::HmacPublicKey),
        ("nothing", SignWith::Nothing),
    ];
    let clients = ClientRole::ALL
        .iter()
        .map(|&(word, role)| (word, SignWith::Client(role)));
    let servers = ServerRole::ALL
        .iter()
        .map(|&(word, role)| (word, SignWith::Server(role)));
    special
        .into_iter()
        .chain(clients)
        .chain(servers)
        .map(|(word, signer)| (word, Signer(signer)))
        .collect()
}

/// `signed_by`: the server whose published keys must verify a JWT, or none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judge(pub(crate) Option<ServerRole>);

fn judges() -> Vec<(&'static str, Judge)> {
    let servers = ServerRole::ALL
        .iter()
        .map(|&(word, role)| (word, Judge(Some(role))));
    servers.chain([("none", Judge(None))]).collect()
}

/// What a user answers a third party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Allow,
    Deny,
}

fn word<T: Clone>(
    node: &Node,
    what: &str,
    words: &[(&str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let names = || words.iter().map(|(word, _)| *word);
    let Some(text) = node.as_str() else {
        let problem = Problem::new(
            node.place,
            format!("expected {} {what}, found {}", article(what), node.kind()),
        );
        problems
            .push(problem.expected(format!("one of {}", names().collect::<Vec<_>>().join(", "))));
        return None;
    };
    let found = words
        .iter()
        .find(|(word, _)| *word == text)
        .map(|(_, value)| value.clone());
    if found.is_none() {
        problems.push(strict_yaml::unknown(
            node.place,
            what,
            text,
            words.iter().map(|(word, _)| *word),
        ));
    }
    found
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}
