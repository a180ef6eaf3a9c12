//! The parts that servers, clients and users play in scenarios.

use std::fmt;

/// An authorization server by its part in the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServerRole {
    /// The org authorization server.
    Org,
    /// The custom authorization server the agent is connected to.
    CustomAs,
    /// A second one the agent is connected to.
    OtherCustomAs,
    /// One whose connection is inactive.
    DormantCustomAs,
    /// One the agent is not connected to.
    UnconnectedCustomAs,
}

/// A client by its part in the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientRole {
    /// The AI agent.
    Agent,
    /// Another active AI agent.
    OtherAgent,
    /// An agent that was deactivated.
    InactiveAgent,
    /// The confidential web app linked with the agent.
    WebApp,
    /// A public app.
    PublicApp,
    /// A confidential app that asks for itself.
    ServiceApp,
    /// A confidential app that may leave PKCE out.
    AppWithoutPkce,
    /// Whoever signs the user in: the agent since 2026, its linked web app before.
    UserClient,
}

/// A user by its part in the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UserRole {
    /// Entitled to everything.
    Ada,
    /// Entitled to less.
    Grace,
    /// Suspended.
    Mallory,
}

macro_rules! roles {
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// All, with the names used in files.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($name, Self::$variant)),+];

            /// As written in files and templates.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

roles!(ServerRole {
    Org = "org",
    CustomAs = "custom_as",
    OtherCustomAs = "other_custom_as",
    DormantCustomAs = "dormant_custom_as",
    UnconnectedCustomAs = "unconnected_custom_as",
});
roles!(ClientRole {
    Agent = "agent",
    OtherAgent = "other_agent",
    InactiveAgent = "inactive_agent",
    WebApp = "web_app",
    PublicApp = "public_app",
    ServiceApp = "service_app",
    AppWithoutPkce = "app_without_pkce",
    UserClient = "user_client",
});
roles!(UserRole { Ada = "ada", Grace = "grace", Mallory = "mallory" });

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
