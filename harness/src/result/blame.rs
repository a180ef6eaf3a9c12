//! Who has to act when something does not hold.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who has to act.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Blame {
    /// The agent under test.
    Agent,
    /// The org authorization server.
    OrgServer,
    /// The custom authorization server.
    CustomServer,
    /// The protected resource or the third party.
    Resource,
    /// The way to the target.
    Network,
    /// The harness or its configuration.
    Harness,
}

impl Blame {
    /// As written in reports and in ids of problems.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::OrgServer => "org_server",
            Self::CustomServer => "custom_server",
            Self::Resource => "resource",
            Self::Network => "network",
            Self::Harness => "harness",
        }
    }

    /// In a sentence.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Agent => "the agent",
            Self::OrgServer => "the org authorization server",
            Self::CustomServer => "the custom authorization server",
            Self::Resource => "the protected resource or the third party",
            Self::Network => "the way to the target",
            Self::Harness => "the harness or its configuration",
        }
    }

    /// What to do where no more is known.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Agent => "correct the agent's request",
            Self::OrgServer => {
                "if the org's agent, connection and policy are as the target file says, the server deviates"
            }
            Self::CustomServer => {
                "if the server's scopes and access policy are as the target file says, the server deviates"
            }
            Self::Resource => "ask whoever runs the resource which credential it expects",
            Self::Network => {
                "check the target's addresses, its certificate and the proxy in between"
            }
            Self::Harness => "check the scenario and the target file",
        }
    }
}
