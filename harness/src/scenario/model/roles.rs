//! The parts that servers, clients, users and resources play in scenarios. Each is written here and nowhere else: its name in
//! files, and what it stands for.

use std::fmt;

macro_rules! roles {
    ($(#[$doc:meta])* $type:ident { $($variant:ident = $name:literal: $meaning:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type {
            $(#[doc = $meaning] $variant,)+
        }

        impl $type {
            /// All, with the names used in files.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($name, Self::$variant)),+];

            /// As written in files and templates.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What it stands for, for readers of a scenario.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

roles! {
    /// An authorization server by its part in the scenario.
    ServerRole {
        Org = "org": "the org authorization server, which signs users in and vouches for agents",
        CustomAs = "custom_as": "a custom authorization server that the agent is connected with",
        OtherCustomAs = "other_custom_as": "a second one that the agent is connected with",
        DormantCustomAs = "dormant_custom_as": "one whose connection with the agent is inactive",
        UnconnectedCustomAs = "unconnected_custom_as": "one that the agent is not connected with",
    }
}

roles! {
    /// A client by its part in the scenario.
    ClientRole {
        Agent = "agent": "the AI agent",
        OtherAgent = "other_agent": "another AI agent of the org",
        InactiveAgent = "inactive_agent": "an agent that has been deactivated",
        WebApp = "web_app": "a confidential web app that is linked with the agent",
        PublicApp = "public_app": "an app without a credential, linked with no agent",
        ServiceApp = "service_app": "a confidential app that asks for itself",
        AppWithoutPkce = "app_without_pkce": "a confidential app that may leave PKCE out",
        UserClient = "user_client": "the client that signs users in: the agent itself in edition 2026-10, its linked web app in 2025-10",
    }
}

roles! {
    /// A user by its part in the scenario.
    UserRole {
        Ada = "ada": "a user who is entitled to everything",
        Grace = "grace": "a user who is entitled to less",
        Mallory = "mallory": "a user who is suspended",
    }
}

/// A resource by its part in the scenario.
#[derive(Debug)]
pub struct ResourceRole {
    /// As written in files and templates.
    pub name: &'static str,
    /// What a template may ask of it.
    pub members: &'static [&'static str],
    /// What it stands for, for readers of a scenario.
    pub meaning: &'static str,
}

/// All resources.
pub const RESOURCES: [ResourceRole; 8] = [
    ResourceRole {
        name: "secret",
        members: &["resource", "api", "field"],
        meaning: "a vaulted secret that the agent is connected with and ada entitled to",
    },
    ResourceRole {
        name: "other_secret",
        members: &["resource", "api", "field"],
        meaning: "a second one",
    },
    ResourceRole {
        name: "dormant_secret",
        members: &["resource", "api", "field"],
        meaning: "one whose connection with the agent is inactive",
    },
    ResourceRole {
        name: "service_account",
        members: &["resource", "api"],
        meaning: "a service account that the agent is connected with and ada entitled to",
    },
    ResourceRole {
        name: "dormant_service_account",
        members: &["resource", "api"],
        meaning: "one whose connection with the agent is inactive",
    },
    ResourceRole {
        name: "resource_server",
        members: &["resource", "api", "scope"],
        meaning: "a third party that the agent is connected with; users must consent",
    },
    ResourceRole {
        name: "dormant_resource_server",
        members: &["resource", "api", "scope"],
        meaning: "one whose connection with the agent is inactive",
    },
    ResourceRole {
        name: "shared_resource_server",
        members: &["resource", "api", "scope"],
        meaning: "a third party's API that `other_agent` is connected with as well",
    },
];

/// Every role of any sort with what it stands for: servers, clients, users, resources.
pub fn all_roles() -> impl Iterator<Item = (&'static str, &'static str)> {
    let servers = ServerRole::ALL
        .iter()
        .map(|(name, role)| (*name, role.meaning()));
    let clients = ClientRole::ALL
        .iter()
        .map(|(name, role)| (*name, role.meaning()));
    let users = UserRole::ALL
        .iter()
        .map(|(name, role)| (*name, role.meaning()));
    let resources = RESOURCES.iter().map(|role| (role.name, role.meaning));
    servers.chain(clients).chain(users).chain(resources)
}

/// How a client authenticates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuth {
    /// As the target registers the client.
    Registered,
    /// `client_id` alone.
    None,
    /// RFC 6749 §2.3.1, header.
    ClientSecretBasic,
    /// RFC 6749 §2.3.1, body.
    ClientSecretPost,
    /// OIDC Core §9: an assertion with an HMAC by the secret.
    ClientSecretJwt,
    /// RFC 7523 §2.2.
    PrivateKeyJwt,
}
