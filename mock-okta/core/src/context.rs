//! What a rule may look at while a request is judged, and the answer a recipe builds.

use serde_json::{Map, Value};

use crate::behaviour::Behaviours;
use crate::core::{Core, Options};
use crate::facts::Facts;
use crate::gate::Gate;
use crate::issuers::Issuers;
use crate::journal::SignInResult;
use crate::keys::{Keyring, ServerName};
use crate::org::{CustomServer, Org, UserId};
use crate::refusal::Refused;
use crate::request::{Params, Request};
use crate::state::State;
use crate::tokens::jwt::JwtPlan;
use crate::variation::{self, Variation};

/// One request being judged.
pub struct Context<'a> {
    /// The org as configured when the request came in.
    pub org: &'a Org,
    /// Its keys.
    pub keys: &'a Keyring,
    /// The switches: those of the org, unless a variation sets some.
    pub behaviours: &'a Behaviours,
    /// `https://…` without a path.
    pub base_url: &'a str,
    /// What its servers are called.
    pub issuers: Issuers<'a>,
    /// Server addressed.
    pub server: ServerName,
    /// Epoch seconds.
    pub now: i64,
    /// What was sent.
    pub request: &'a Request,
    /// JWTs of the request.
    pub facts: &'a Facts,
    /// What changes.
    pub state: &'a mut State,
    /// Whom the authorization endpoint takes for signed in, where no browser is.
    pub auto_sign_in: Option<&'a UserId>,
    /// How the org was set up.
    pub options: &'a Options,
    /// Every refusal passes here.
    pub gate: Gate<'a>,
    /// The client that asks, for the journal, as soon as it is known.
    pub client_id: Option<String>,
    /// The user whom the request is about, for the journal, as soon as that is known.
    pub user: Option<UserId>,
    /// How a sign-in ended, for the System Log.
    pub(crate) sign_in: Option<SignInResult>,
    /// The scopes of the token that is issued, for the System Log.
    pub granted_scopes: Option<String>,
    /// A cookie that goes with the answer, whatever that is.
    pub set_cookie: Option<String>,
    /// The org, for what an administrator changes by a request.
    pub core: &'a Core,
}

impl<'a> Context<'a> {
    /// The form of the request.
    pub fn form(&self) -> &'a Params {
        self.request.form()
    }

    /// The switches.
    pub fn behaviours(&self) -> &'a Behaviours {
        self.behaviours
    }

    /// The issuer of a server of this org.
    pub fn issuer(&self, server: &ServerName) -> String {
        self.issuers.of(server)
    }

    /// A fresh `jti` of a kind of token, which the prefix names.
    pub fn jti(&mut self, prefix: &str) -> String {
        let text = self.state.token(prefix);
        if self.gate.variations().has(Variation::JtiUuid) {
            variation::uuid(prefix, &text)
        } else {
            text
        }
    }

    /// The full URL of the endpoint that was called.
    pub fn endpoint_url(&self) -> String {
        format!("{}{}", self.base_url, self.request.path)
    }

    /// The custom server addressed; `None` at the org authorization server.
    pub fn custom_server(&self) -> Option<&'a CustomServer> {
        self.custom_server_named(&self.server)
    }

    /// A custom server by name; `None` for the org authorization server.
    pub fn custom_server_named(&self, name: &ServerName) -> Option<&'a CustomServer> {
        match name {
            ServerName::Org => None,
            ServerName::Custom(id) => self.org.custom_servers.get(id),
        }
    }
}

/// Path of a server's endpoints, up to the version.
pub fn server_path(server: &ServerName) -> String {
    match server {
        ServerName::Org => "/oauth2".to_owned(),
        ServerName::Custom(id) => format!("/oauth2/{id}"),
    }
}

/// A member of a JSON answer: there already, or signed in the render phase.
#[derive(Debug, Clone)]
pub enum Slot {
    /// As it stands.
    Value(Value),
    /// A JWT still to be signed.
    Jwt(Box<JwtPlan>),
    /// An ID token still to be signed, with the hash of the access token issued beside it.
    IdToken(Box<JwtPlan>),
}

/// The members of a successful answer, in order.
pub type Members = Vec<(String, Slot)>;

/// A member that is there already.
pub fn value(name: &str, value: impl Into<Value>) -> (String, Slot) {
    (name.to_owned(), Slot::Value(value.into()))
}

/// What the org decided to answer.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// JSON with status 200; `cache` is the `Cache-Control`.
    Json {
        /// Members in order.
        members: Members,
        /// `Cache-Control`.
        cache: &'static str,
    },
    /// A refusal in the OAuth envelope.
    Refused(Refused),
    /// A refusal as a bearer challenge with an empty body (RFC 6750).
    Challenge {
        /// What is wrong.
        refused: Refused,
        /// Where the metadata of the resource lie (RFC 9728 section 5.1), when it has some.
        resource_metadata: Option<String>,
        /// The scope that the resource needs (RFC 6750 section 3), where it takes access tokens.
        scope: Option<String>,
    },
    /// A refusal in the envelope of Okta's API.
    ApiError {
        /// HTTP status.
        status: u16,
        /// `errorCode`
        code: &'static str,
        /// `errorSummary`
        summary: String,
        /// What is wrong in particular, one sentence each.
        causes: Vec<String>,
        /// `Allow`, with 405.
        allow: Option<&'static str>,
        /// The refusal behind it, for journal and debug header.
        refusal: Option<Refused>,
    },
    /// JSON of Okta's management API, which answers with lists as well as with objects.
    Api {
        /// HTTP status.
        status: u16,
        /// What is answered.
        body: Value,
        /// `Link` fields, one each.
        links: Vec<String>,
    },
    /// A redirect.
    Redirect {
        /// `Location`
        location: String,
        /// The refusal it carries, for journal and debug header.
        refusal: Option<Refused>,
    },
    /// A page.
    Page {
        /// HTTP status.
        status: u16,
        /// HTML.
        html: String,
        /// The refusal it shows.
        refusal: Option<Refused>,
    },
    /// A page that hands its message to a page of the client (`response_mode=okta_post_message`).
    Message {
        /// HTML.
        html: String,
        /// The origin of that page.
        origin: String,
        /// The refusal it carries.
        refusal: Option<Refused>,
    },
    /// Nothing but a status.
    Empty(u16),
}

impl Outcome {
    /// JSON from a finished object.
    pub fn object(object: Map<String, Value>, cache: &'static str) -> Self {
        Self::Json {
            members: object
                .into_iter()
                .map(|(name, value)| (name, Slot::Value(value)))
                .collect(),
            cache,
        }
    }

    /// The refusal it carries.
    pub fn refusal(&self) -> Option<&Refused> {
        match self {
            Self::Refused(refused) | Self::Challenge { refused, .. } => Some(refused),
            Self::ApiError { refusal, .. }
            | Self::Redirect { refusal, .. }
            | Self::Page { refusal, .. }
            | Self::Message { refusal, .. } => refusal.as_ref(),
            Self::Json { .. } | Self::Api { .. } | Self::Empty(_) => None,
        }
    }
}
