//! What an administrator configures: plain data, immutable while a request is judged by it.
//!
//! One request sees one snapshot; an administrator's change makes the next one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::client::Client;
use super::connection::ResourceConnection;
use super::file::Written;
use super::names::{ClientId, ConnectionId, CustomServerId, ThirdPartyId, UserId};
use super::protected_resource::ProtectedResource;
use super::server::CustomServer;
use super::vault::{ServiceAccount, ThirdParty, VaultedSecret};
use crate::behaviour::Behaviours;
use crate::faults::CheckedFault;
use crate::secret::Secret;

/// An org: people, clients, servers, connections and the vault.
#[derive(Debug, Clone)]
pub struct Org {
    /// `00o…`
    pub id: String,
    /// Shown on the pages.
    pub name: String,
    /// Whether the org has the subscription that lets agents exchange tokens.
    pub ai_agents: bool,
    /// How long a signed-in browser stays signed in.
    pub session: SessionLimits,
    /// Origins of pages that may read its answers, beside those of redirect URIs.
    pub trusted_origins: BTreeSet<String>,
    /// People by id.
    pub users: BTreeMap<UserId, User>,
    /// Apps and agents by client id.
    pub clients: BTreeMap<ClientId, Client>,
    /// Custom authorization servers by id.
    pub custom_servers: BTreeMap<CustomServerId, CustomServer>,
    /// Pinned signing key of the org authorization server (PKCS#8 PEM), if any.
    pub org_key_pem: Option<Secret>,
    /// Vaulted secrets by id.
    pub secrets: BTreeMap<String, VaultedSecret>,
    /// Vaulted service accounts by id.
    pub service_accounts: BTreeMap<String, ServiceAccount>,
    /// Third parties by id.
    pub third_parties: BTreeMap<ThirdPartyId, ThirdParty>,
    /// Resource connections by id.
    pub connections: BTreeMap<ConnectionId, ResourceConnection>,
    /// Where flows reach their purpose.
    pub protected_resources: Vec<ProtectedResource>,
    /// What public sources leave open.
    pub behaviours: Behaviours,
    /// What happens to answers on their way, from the start on.
    pub faults: Vec<CheckedFault>,
    /// What all of this was read from.
    pub written: Written,
}

impl Org {
    /// The user with this id, with this login, or with this part of the login before its `@` where only one has it.
    pub fn user_named(&self, name: &str) -> Option<&User> {
        let exact = self.users.get(name).or_else(|| self.user_by_login(name));
        exact.or_else(|| {
            let short = |user: &&User| user.login.split('@').next() == Some(name);
            let mut found = self.users.values().filter(short);
            found.next().filter(|_| found.next().is_none())
        })
    }

    /// The user with this login, compared without case as Okta does.
    pub fn user_by_login(&self, login: &str) -> Option<&User> {
        self.users
            .values()
            .find(|user| user.login.eq_ignore_ascii_case(login))
    }

    /// The custom authorization server with this id.
    pub fn custom_server(&self, id: &str) -> Option<&CustomServer> {
        self.custom_servers.get(id)
    }

    /// The connections of an agent, in the order of their ids.
    pub fn connections_of(&self, agent: &ClientId) -> impl Iterator<Item = &ResourceConnection> {
        let agent = agent.clone();
        self.connections
            .values()
            .filter(move |connection| connection.agent == agent)
    }
}

/// How long a session lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without being used.
    pub idle: SignedDuration,
    /// In all.
    pub lifetime: SignedDuration,
}

/// Whether something may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// In use.
    Active,
    /// An agent that was never activated.
    Staged,
    /// Switched off.
    Inactive,
}

impl Status {
    /// All, as Okta's API names them.
    pub const ALL: [(&'static str, Self); 3] = [
        (Self::Staged.as_str(), Self::Staged),
        (Self::Active.as_str(), Self::Active),
        (Self::Inactive.as_str(), Self::Inactive),
    ];

    /// As Okta's API names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Staged => "STAGED",
            Self::Inactive => "INACTIVE",
        }
    }

    /// Of what is activated or deactivated.
    pub const fn of(active: bool) -> Self {
        if active { Self::Active } else { Self::Inactive }
    }
}

/// A set of users: all, or these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Users {
    /// Everyone in the org.
    Everyone,
    /// These.
    Only(BTreeSet<UserId>),
}

impl Users {
    /// Whether the user belongs to it.
    pub fn contains(&self, user: &UserId) -> bool {
        match self {
            Self::Everyone => true,
            Self::Only(users) => users.contains(user),
        }
    }
}

/// Whether a user may sign in. Only an active one can, or can be acted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserStatus {
    /// As usual.
    Active,
    /// By an administrator.
    Suspended,
    /// After too many wrong passwords.
    LockedOut,
    /// The password must be changed first.
    PasswordExpired,
}

impl UserStatus {
    /// All, as Okta's API names them.
    pub const ALL: [(&'static str, Self); 4] = [
        (Self::Active.as_str(), Self::Active),
        (Self::Suspended.as_str(), Self::Suspended),
        (Self::LockedOut.as_str(), Self::LockedOut),
        (Self::PasswordExpired.as_str(), Self::PasswordExpired),
    ];

    /// As Okta's API names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Suspended => "SUSPENDED",
            Self::LockedOut => "LOCKED_OUT",
            Self::PasswordExpired => "PASSWORD_EXPIRED",
        }
    }

    /// Of a user who is suspended, or no longer.
    pub const fn suspended(is_suspended: bool) -> Self {
        if is_suspended {
            Self::Suspended
        } else {
            Self::Active
        }
    }
}

impl User {
    /// Whether the user may sign in and be acted for.
    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
    }
}

/// A person.
#[derive(Debug, Clone)]
pub struct User {
    /// `00u…`
    pub id: UserId,
    /// Login, also the e-mail address.
    pub login: String,
    /// Password of the sign-in page.
    pub password: Secret,
    /// Whether the user may sign in and be acted for.
    pub status: UserStatus,
    /// `name`, `given_name`, `family_name`, `locale`, `zoneinfo`, as sent in ID tokens.
    pub profile: BTreeMap<String, String>,
}
