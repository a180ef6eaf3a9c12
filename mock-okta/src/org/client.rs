//! Apps and agents.

use mock_okta_core::org::KeyAlg;
use serde_json::{Value, json};

use super::entry::{Entry, entry_methods, id, texts, user_id};

/// Where users come back to, unless something else is said. Nobody need listen there.
const REDIRECT: &str = "http://localhost:8787/callback";

/// An app: it signs users in, or acts for itself.
#[derive(Debug, Clone)]
pub struct App(pub(super) Entry);

impl App {
    /// A web app with a back end, which authenticates with a secret. It signs users in and may refresh their tokens.
    pub fn web(name: &str, secret: &str) -> Self {
        let app = Self::of(name, "web").with("client_secret", secret);
        app.with(
            "grant_types",
            texts(["authorization_code", "refresh_token"]),
        )
    }

    /// An app in a browser: it has no secret and uses PKCE.
    pub fn browser(name: &str) -> Self {
        Self::of(name, "browser").with("token_endpoint_auth_methods", texts(["none"]))
    }

    /// A back end that acts for itself (`client_credentials`), with a secret.
    pub fn service(name: &str, secret: &str) -> Self {
        let app = Self(Entry::new(&id("0oa", name), name)).with("application_type", "service");
        let app = app.with("grant_types", texts(["client_credentials"]));
        app.with("client_secret", secret)
    }

    fn of(name: &str, application_type: &str) -> Self {
        let app = Self(Entry::new(&id("0oa", name), name));
        app.with("application_type", application_type)
            .redirect_uri(REDIRECT)
    }
}

entry_methods!(App: redirect_uri, assigned_to, inactive, with);

/// An AI agent: it signs users in with a client of its own, and acts for them.
#[derive(Debug, Clone)]
pub struct Agent(pub(super) Entry);

impl Agent {
    /// An active agent that authenticates with a key (ES256, `kid` from its name). The key is made at the start:
    /// [`private_key_pem`](crate::OrgHandle::private_key_pem) hands it to the code under test.
    pub fn new(name: &str) -> Self {
        let agent = Self(Entry::new(&id("wlp", name), name));
        let agent = agent.with("redirect_uris", texts([REDIRECT]));
        agent.key(&format!("{name}-1"), KeyAlg::Es256)
    }

    /// An app whose ID tokens stand for their user at this agent as well.
    #[must_use]
    pub fn linked_app(mut self, app: &str) -> Self {
        self.0.push("linked_apps", id("0oa", app));
        self
    }

    /// The key that it authenticates with, made at the start.
    #[must_use]
    pub fn key(self, kid: &str, alg: KeyAlg) -> Self {
        self.with("keys", json!([{ "kid": kid, "alg": alg.as_str() }]))
    }

    /// The address at which it publishes its keys, in place of keys that the org makes.
    #[must_use]
    pub fn jwks_uri(self, uri: &str) -> Self {
        self.with("keys", Value::Null).with("jwks_uri", uri)
    }
}

entry_methods!(Agent: redirect_uri, assigned_to, inactive, with);
