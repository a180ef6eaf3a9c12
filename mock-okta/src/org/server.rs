//! Custom authorization servers.

use serde_json::{Value, json};

use super::entry::{Entry, entry_methods, id, server_id, texts};

/// A custom authorization server, with the policies that say who gets what.
#[derive(Debug, Clone)]
pub struct AuthorizationServer(pub(super) Entry);

impl AuthorizationServer {
    /// A server with the audience `api://` and its name.
    pub fn new(name: &str) -> Self {
        let server = Self(Entry::new(&server_id(name), name));
        server.audience(&format!("api://{name}"))
    }

    /// The `aud` of its access tokens.
    #[must_use]
    pub fn audience(self, audience: &str) -> Self {
        self.with("audience", audience)
    }

    /// The scopes that it knows, those of OpenID Connect apart.
    #[must_use]
    pub fn scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.with("scopes", texts(scopes))
    }

    /// A policy: the agent may redeem ID-JAGs for these scopes. It needs a connection to the server as well.
    #[must_use]
    pub fn agent_may<S: Into<String>>(
        self,
        agent: &str,
        scopes: impl IntoIterator<Item = S>,
    ) -> Self {
        let grants = ["urn:ietf:params:oauth:grant-type:jwt-bearer"];
        self.policy(agent, &id("wlp", agent), "ID-JAG", &grants, &texts(scopes))
    }

    /// A policy: the app may sign users in at this server for these scopes, which should include `openid`.
    #[must_use]
    pub fn app_may<S: Into<String>>(self, app: &str, scopes: impl IntoIterator<Item = S>) -> Self {
        let grants = ["authorization_code", "refresh_token"];
        self.policy(app, &id("0oa", app), "sign-in", &grants, &texts(scopes))
    }

    /// A policy: the app gets these scopes for itself (`client_credentials`).
    #[must_use]
    pub fn machine_may<S: Into<String>>(
        self,
        app: &str,
        scopes: impl IntoIterator<Item = S>,
    ) -> Self {
        let grants = ["client_credentials"];
        self.policy(app, &id("0oa", app), "machine", &grants, &texts(scopes))
    }

    fn policy(
        mut self,
        name: &str,
        client: &str,
        rule: &str,
        grants: &[&str],
        scopes: &Value,
    ) -> Self {
        let rule = json!({ "name": rule, "grant_types": grants, "scopes": scopes });
        let policy = json!({ "name": name, "clients": [client], "rules": [rule] });
        self.0.push("policies", policy);
        self
    }
}

entry_methods!(AuthorizationServer: with);
