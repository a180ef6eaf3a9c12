//! What the vault holds, and third parties.

use super::entry::{Entry, entry_methods, texts, user_id};

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
}

entry_methods!(VaultedSecret: entitled, with);

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
}

entry_methods!(ServiceAccount: entitled, with);

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
}

entry_methods!(ThirdParty: with);
