//! What the vault holds, and third parties.

use serde_json::Value;

use super::entry::{Entry, texts, user_id};

/// A secret in the vault.
#[derive(Debug, Clone)]
pub struct VaultedSecret(pub(super) Entry);

impl VaultedSecret {
    /// A secret by its ORN, which agents send as `resource` and which ends with a UUID. Everyone is entitled to it until
    /// [`entitled`](Self::entitled) says otherwise.
    pub fn new(orn: &str) -> Self {
        Self(in_vault(orn))
    }

    /// A member of its value.
    #[must_use]
    pub fn value(mut self, name: &str, value: &str) -> Self {
        self.0.set_within("value", name, value);
        self
    }

    /// Only these users are entitled to it. They go by login or id.
    #[must_use]
    pub fn entitled<'u>(self, users: impl IntoIterator<Item = &'u str>) -> Self {
        self.with("entitled_users", texts(users.into_iter().map(user_id)))
    }

    /// Sets a key of the org file.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.set(key, value);
        self
    }
}

/// A service account in the vault.
#[derive(Debug, Clone)]
pub struct ServiceAccount(pub(super) Entry);

impl ServiceAccount {
    /// An account by its ORN, which agents send as `resource` and which ends with a UUID. Everyone is entitled to it until
    /// [`entitled`](Self::entitled) says otherwise.
    pub fn new(orn: &str, username: &str, password: &str) -> Self {
        let account = Self(in_vault(orn));
        account
            .with("username", username)
            .with("password", password)
    }

    /// Only these users are entitled to it. They go by login or id.
    #[must_use]
    pub fn entitled<'u>(self, users: impl IntoIterator<Item = &'u str>) -> Self {
        self.with("entitled_users", texts(users.into_iter().map(user_id)))
    }

    /// Sets a key of the org file.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.set(key, value);
        self
    }
}

fn in_vault(orn: &str) -> Entry {
    let uuid = orn.rsplit(':').next().unwrap_or_default();
    let mut entry = Entry::new(uuid, uuid);
    entry.set("orn", orn);
    entry.set("entitled_users", "everyone");
    entry
}

/// Someone else's authorization server and API, whose tokens Okta brokers.
#[derive(Debug, Clone)]
pub struct ThirdParty(pub(super) Entry);

impl ThirdParty {
    /// A third party by an id of its own, which is part of its addresses.
    pub fn new(id: &str) -> Self {
        Self(Entry::new(id, id))
    }

    /// The scopes that it knows.
    #[must_use]
    pub fn scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.with("scopes", texts(scopes))
    }

    /// It hands Okta a refresh token, so that the user need not be asked again.
    #[must_use]
    pub fn refresh(self) -> Self {
        self.with("refresh", true)
    }

    /// Sets a key of the org file, such as `access_token_lifetime`.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.set(key, value);
        self
    }
}
