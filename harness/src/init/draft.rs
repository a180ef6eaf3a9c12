//! What a new target file says.

use crate::signing_key::NewKey;

/// Everything that `atx init` has found out or been told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What reports call the target.
    pub name: String,
    /// The org's issuer.
    pub org: String,
    /// The file with the authority that signed its certificate, as the target file names it.
    pub ca: Option<String>,
    /// The token for the management API.
    pub token: Option<Token>,
    /// Whether the user says that the org is theirs and for tests.
    pub is_for_tests: bool,
    /// The agent.
    pub agent: AgentDraft,
    /// The custom authorization server that it is connected with.
    pub custom_as: Option<ServerDraft>,
    /// The user `ada`.
    pub ada: Option<UserDraft>,
    /// Resources by their role, each with its resource indicator or ORN.
    pub resources: Vec<(&'static str, String)>,
}

/// A token for the management API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Which sort.
    pub kind: TokenKind,
    /// Where it is.
    pub reference: Reference,
}

/// Sorts of tokens that the management API takes (okta.md (g)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// `Authorization: SSWS …`
    Api,
    /// `Authorization: Bearer …`
    OAuth,
}

impl TokenKind {
    /// The key of a target file.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Api => "api_token",
            Self::OAuth => "oauth_token",
        }
    }
}

/// Where a secret is; never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// An environment variable.
    Env(String),
    /// A file, as the target file names it.
    File(String),
}

/// The agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentDraft {
    /// Its `client_id`.
    pub client_id: String,
    /// How it authenticates.
    pub auth: AuthDraft,
    /// Where the browser returns to.
    pub redirect_uri: String,
}

/// How a client authenticates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthDraft {
    /// `client_id` alone.
    None,
    /// A secret in the `Authorization` header.
    Basic(Reference),
    /// A secret in the body.
    Post(Reference),
    /// A signed assertion.
    Key(KeyDraft),
}

/// A private key in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyDraft {
    /// The file, as the target file names it.
    pub file: String,
    /// Whether it holds a JWK and not PEM.
    pub is_jwk: bool,
    /// `kid` of the registered key; `None` where the user does not know it yet.
    pub kid: Option<String>,
    /// `alg` of assertions.
    pub alg: String,
    /// Whether it is to be made.
    pub new: Option<NewKey>,
}

/// A custom authorization server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerDraft {
    /// Its issuer.
    pub issuer: String,
    /// `aud` of its access tokens.
    pub audience: Option<String>,
    /// Scopes that the agent may have there.
    pub scope: Option<String>,
    /// A scope that exists there and is not on the agent's connection.
    pub ungranted_scope: Option<String>,
    /// A scope on the connection that no access policy allows.
    pub forbidden_scope: Option<String>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserDraft {
    /// `00u…`, if it is known.
    pub id: Option<String>,
    /// What the user types as user name.
    pub login: String,
}

impl Draft {
    /// Environment variables that the file names, in order.
    #[must_use]
    pub fn variables(&self) -> Vec<&str> {
        let token = self.token.as_ref().map(|token| &token.reference);
        let secret = match &self.agent.auth {
            AuthDraft::Basic(reference) | AuthDraft::Post(reference) => Some(reference),
            AuthDraft::None | AuthDraft::Key(_) => None,
        };
        let references = token.into_iter().chain(secret);
        let names = references.filter_map(|reference| match reference {
            Reference::Env(name) => Some(name.as_str()),
            Reference::File(_) => None,
        });
        names.collect()
    }
}

#[cfg(test)]
pub(crate) mod sample {
    use super::*;

    /// Everything that can be said.
    pub(crate) fn whole() -> Draft {
        Draft {
            name: "acme".to_owned(),
            org: "https://acme.okta.com".to_owned(),
            ca: None,
            token: Some(Token {
                kind: TokenKind::Api,
                reference: Reference::Env("OKTA_API_TOKEN".to_owned()),
            }),
            is_for_tests: true,
            agent: AgentDraft {
                client_id: "wlp0000000000000001".to_owned(),
                auth: AuthDraft::Post(Reference::Env("ATX_AGENT_SECRET".to_owned())),
                redirect_uri: "http://localhost:8787/callback".to_owned(),
            },
            custom_as: Some(ServerDraft {
                issuer: "https://acme.okta.com/oauth2/default".to_owned(),
                audience: Some("https://chat.example.com".to_owned()),
                scope: Some("chat.read chat.history".to_owned()),
                ungranted_scope: Some("chat.write".to_owned()),
                forbidden_scope: Some("chat.admin".to_owned()),
            }),
            ada: Some(UserDraft {
                id: Some("00u0000000000000001".to_owned()),
                login: "ada@example.com".to_owned(),
            }),
            resources: vec![("secret", "orn:okta:pam:00o1:secrets:1".to_owned())],
        }
    }

    /// As little as there may be.
    pub(crate) fn least() -> Draft {
        Draft {
            name: "true".to_owned(),
            ca: None,
            token: None,
            is_for_tests: false,
            custom_as: None,
            ada: None,
            resources: Vec::new(),
            ..whole()
        }
    }
}
