//! What agents may reach.

use super::entry::{Entry, entry_methods, id, server_id, texts};

/// A resource connection: what an agent may reach.
#[derive(Debug, Clone)]
pub struct Connection(pub(super) Entry);

impl Connection {
    /// To a custom authorization server, with all its scopes until [`only`](Self::only) or [`except`](Self::except) says
    /// otherwise.
    pub fn to_server(agent: &str, server: &str) -> Self {
        let connection = Self::of(agent, "IDENTITY_ASSERTION_CUSTOM_AS");
        connection.with("authorization_server", server_id(server))
    }

    /// To a secret of the vault, by its ORN.
    pub fn to_secret(agent: &str, orn: &str) -> Self {
        Self::of(agent, "STS_VAULT_SECRET").with("secret", orn)
    }

    /// To a service account of the vault, by its ORN.
    pub fn to_service_account(agent: &str, orn: &str) -> Self {
        Self::of(agent, "STS_SERVICE_ACCOUNT").with("service_account", orn)
    }

    /// To a third party, which the agent names by this resource indicator.
    pub fn to_third_party(agent: &str, third_party: &str, resource_indicator: &str) -> Self {
        Self::of(agent, "STS_ACCESS_TOKEN")
            .with("third_party", third_party)
            .with("resource_indicator", resource_indicator)
    }

    fn of(agent: &str, kind: &str) -> Self {
        let connection = Self(Entry::default());
        connection
            .with("agent", id("wlp", agent))
            .with("type", kind)
    }

    /// Only these scopes of the authorization server.
    #[must_use]
    pub fn only<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.with("scope_condition", "INCLUDE_ONLY").scopes(scopes)
    }

    /// All scopes of the authorization server but these.
    #[must_use]
    pub fn except<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.with("scope_condition", "EXCLUDE").scopes(scopes)
    }

    /// The scopes that are asked of a third party.
    #[must_use]
    pub fn scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.with("scopes", texts(scopes))
    }
}

entry_methods!(Connection: inactive, with);
