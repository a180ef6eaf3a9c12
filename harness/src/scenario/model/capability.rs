//! What a case needs of a target.

use super::{ClientRole, ServerRole, UserRole};

/// What a target can do or knows. If the target lacks one, the case is skipped, with the reason and how to
/// mend it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capability {
    /// Can obtain an ID token of a user.
    UserSignIn,
    /// The authorize endpoint and sign-in page can be driven.
    SignInPage,
    /// A sign-in is made for the case, as it is written there, with an answer that can be looked at.
    FreshSignIn,
    /// Test control (`/_mock/`).
    Control,
    /// The clock can be moved.
    Clock,
    /// The third-party consent page can be driven.
    ConsentPage,
    /// Test control signs what a scenario writes, with the key of one of the target's servers.
    Forge,
    /// This client authenticates in this way.
    Authenticates(ClientRole, Authentication),
    /// A sign-in also gives an access token.
    AccessToken,
    /// A sign-in that no other case uses, so that this one can end it.
    OwnSignIn,
    /// A consent that a user gave at the third party can be taken back, so that each case begins without one.
    FreshConsent,
    /// The target describes this value, e.g. `secret.resource` or `other_agent.client_id`.
    Knows(String),
    /// If this client has a secret, the secret is at least so many bytes long.
    SecretOfAtLeast(ClientRole, usize),
}

/// What a case takes for granted about how a client authenticates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Authentication {
    /// With an assertion that it signs with its key.
    Assertion,
    /// With a secret, wherever it stands.
    Secret,
    /// With a secret in the `Authorization` header.
    SecretInHeader,
    /// With a secret in the body.
    SecretInBody,
    /// With anything but the `Authorization` header.
    NotInHeader,
    /// With a key or a secret: its name alone is not enough.
    Credential,
}

impl Authentication {
    /// For readers of a scenario.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Assertion => "with an assertion that it signs",
            Self::Secret => "with a secret",
            Self::SecretInHeader => "with its secret in the Authorization header",
            Self::SecretInBody => "with its secret in the body",
            Self::NotInHeader => "in the body",
            Self::Credential => "with a key or a secret",
        }
    }
}

impl Capability {
    /// Those that may be written under `needs`.
    pub const NAMED: [(&'static str, Self); 11] = [
        ("user-sign-in", Self::UserSignIn),
        ("sign-in-page", Self::SignInPage),
        ("fresh-sign-in", Self::FreshSignIn),
        ("control", Self::Control),
        ("clock", Self::Clock),
        ("consent-page", Self::ConsentPage),
        ("forge", Self::Forge),
        (
            "agent-key",
            Self::Authenticates(ClientRole::Agent, Authentication::Assertion),
        ),
        ("access-token", Self::AccessToken),
        ("own-sign-in", Self::OwnSignIn),
        ("fresh-consent", Self::FreshConsent),
    ];

    /// Knows a server.
    #[must_use]
    pub fn knows_server(server: ServerRole) -> Self {
        Self::Knows(format!("{server}.issuer"))
    }

    /// Knows a client.
    #[must_use]
    pub fn knows_client(client: ClientRole) -> Self {
        Self::Knows(format!("{client}.client_id"))
    }

    /// Knows a user.
    #[must_use]
    pub fn knows_user(user: UserRole) -> Self {
        Self::Knows(format!("{user}.login"))
    }
}
