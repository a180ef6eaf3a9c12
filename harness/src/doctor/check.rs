//! The checks, in the order in which one depends on the other.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::refusals::Console;

macro_rules! checks {
    ($($variant:ident = $id:literal, $group:ident, $title:literal, $console:ident;)+) => {
        /// A check.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum Check {
            $(#[doc = $title] #[serde(rename = $id)] $variant,)+
        }

        impl Check {
            /// All, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its id, which stays the same.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// What it is about.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// Among which it is shown.
            #[must_use]
            pub const fn group(self) -> Group {
                match self { $(Self::$variant => Group::$group),+ }
            }

            /// Where in the Admin Console it is decided.
            #[must_use]
            pub const fn console(self) -> Console {
                match self { $(Self::$variant => Console::$console),+ }
            }
        }
    };
}

checks! {
    Name = "network.name", Network, "the org's host name has an address", TargetFile;
    Connection = "network.connection", Network, "the org takes connections", TargetFile;
    Tls = "network.tls", Network, "the connection is secure", TargetFile;
    Proxy = "network.proxy", Network, "the org answers, and nothing in between", TargetFile;
    Clock = "network.clock", Network, "this machine's clock agrees with the org's", TargetFile;
    Issuer = "org.issuer", Org, "the issuer is written exactly as the org has it", TargetFile;
    Keys = "org.keys", Org, "the org publishes keys", TargetFile;
    Management = "org.management", Org, "the management API may be read", Features;
    AgentsFeature = "org.agents", Org, "AI agents may exchange tokens in this org", Features;
    ClientActive = "client.active", Client, "the client exists and is active", AgentProfile;
    ClientKey = "client.key", Client, "credential, `kid` and `alg` are the registered ones", AgentClient;
    RedirectUri = "client.redirect-uri", Client, "the redirect URI is registered", AgentUsers;
    UserActive = "user.active", User, "the user is active", People;
    UserAssigned = "user.assigned", User, "the user is assigned to the client", AgentUsers;
    SignIn = "user.sign-in", User, "the user can sign in", Authentication;
    IdToken = "user.id-token", User, "the ID token is accepted as subject", AgentUsers;
    CustomServer = "custom-as.server", CustomServer, "the custom authorization server exists and is active", Server;
    Policy = "custom-as.policy", CustomServer, "an access policy names the agent and allows JWT Bearer", ServerPolicies;
    Scopes = "custom-as.scopes", CustomServer, "each scope is defined, on the connection and in a rule", ServerScopes;
    Resource = "resource.connection", Resources, "an active connection leads to the resource", AgentConnections;
    Entitlement = "resource.entitlement", Resources, "the vault entitles the user", Vault;
    Consent = "resource.consent", Resources, "the user has consented at the third party, or a run can ask for it", ResourceServers;
    RateLimit = "budget.rate-limit", Budget, "the rate limits leave room for a run", Features;
    Licence = "budget.licence", Budget, "the org's plan covers what the target file describes", Features;
}

/// Checks that are shown together.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Whether the org can be reached.
    Network,
    /// The org itself.
    Org,
    /// Clients.
    Client,
    /// The user.
    User,
    /// The custom authorization server.
    CustomServer,
    /// What the agent is connected with.
    Resources,
    /// What a run may cost.
    Budget,
}

impl Group {
    /// Its heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Network => "Reaching the org",
            Self::Org => "The org",
            Self::Client => "Clients",
            Self::User => "The user",
            Self::CustomServer => "The custom authorization server",
            Self::Resources => "Resources",
            Self::Budget => "What a run may cost",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_written_as_its_id_and_stands_with_its_group() {
        let mut last = Group::Network;
        for check in Check::ALL {
            assert_eq!(serde_json::to_value(check).unwrap(), check.id());
            assert!(check.group() >= last, "{}", check.id());
            last = check.group();
        }
    }
}
