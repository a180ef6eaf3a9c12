//! What a case did, step by step: what each step asked for, which values of earlier steps it used, what was answered and what
//! of it does not hold. From this the cause of a deviation is found (`problem/`); no report shows it.

use super::{Blame, FindingRecord};

/// The steps of a case in the order in which they were taken.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// The steps.
    pub steps: Vec<StepTaken>,
    /// What came of the same flow when test control gave the value that one of its steps should have given. `None` where
    /// that was not tried.
    pub other_way: Option<OtherWayTaken>,
}

/// A flow in which test control took the place of a server in one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherWayTaken {
    /// Position of that step.
    pub replaced: usize,
    /// Whether the flow came further: then what the step gave was the cause.
    pub helped: bool,
}

/// One step of a case, as it was taken.
#[derive(Debug, Clone)]
pub struct StepTaken {
    /// Its id.
    pub step: String,
    /// Who answered.
    pub party: Blame,
    /// What it asked for.
    pub asked: Asked,
    /// Whether the case changes its request. What a server makes of such a request says nothing of other cases.
    pub is_varied: bool,
    /// Saved values that its request contains.
    pub used: Vec<Used>,
    /// What the server said.
    pub answer: Option<Answer>,
    /// Whether the server refused what it had to accept, or accepted what it had to refuse.
    pub against: Against,
    /// Checks that do not hold: those of the scenario and those of rules for every answer.
    pub broken: Vec<BrokenCheck>,
}

/// Whether a server decided against what was expected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Against {
    /// It did not.
    #[default]
    Nothing,
    /// It refused what it had to accept.
    Refused,
    /// It accepted what it had to refuse.
    Accepted,
}

/// A saved value that a request contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Position of the step that saved it.
    pub from: usize,
    /// Path of the member that held it: `access_token`. Empty where it came from elsewhere.
    pub path: String,
}

/// What a server said, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// `error` (RFC 6749 §5.2), or `errorCode` of Okta's envelope.
    pub error: Option<String>,
    /// `error_description`, or `errorSummary`.
    pub description: Option<String>,
}

impl Answer {
    /// Whether the status is one of a request that was understood and not granted.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self.status, 400 | 401 | 403)
    }
}

/// A check that does not hold.
#[derive(Debug, Clone)]
pub struct BrokenCheck {
    /// The check.
    pub finding: FindingRecord,
    /// Whether nothing was there.
    pub is_absent: bool,
    /// Id of the rule for every answer that it belongs to, if it is one.
    pub rule: Option<String>,
    /// Member of the body with the token that a rule looked at.
    pub token: Option<String>,
}

/// What a step asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asked {
    /// A code, at the authorization endpoint.
    Code,
    /// Tokens for a code: the end of a sign-in.
    Tokens,
    /// Tokens for a refresh token.
    RefreshedTokens,
    /// An ID-JAG for an ID token.
    IdJag,
    /// An access token for an ID-JAG.
    AccessToken,
    /// A vaulted secret.
    Secret,
    /// A vaulted service account.
    ServiceAccount,
    /// A third party's token.
    BrokeredToken,
    /// An access token by token exchange.
    ExchangedToken,
    /// A token of a machine.
    MachineToken,
    /// Another token request.
    OtherToken,
    /// Introspection.
    Introspection,
    /// Revocation.
    Revocation,
    /// Claims about the user.
    UserInfo,
    /// Metadata.
    Metadata,
    /// Keys.
    Keys,
    /// Metadata of a protected resource.
    ResourceMetadata,
    /// A protected resource.
    Resource,
    /// Something that test control does.
    Control,
    /// Anything else.
    Other,
}

impl Asked {
    /// For ids of problems.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Tokens => "tokens",
            Self::RefreshedTokens => "refreshed-tokens",
            Self::IdJag => "id-jag",
            Self::AccessToken => "access-token",
            Self::Secret => "secret",
            Self::ServiceAccount => "service-account",
            Self::BrokeredToken => "brokered-token",
            Self::ExchangedToken => "exchanged-token",
            Self::MachineToken => "machine-token",
            Self::OtherToken => "token",
            Self::Introspection => "introspection",
            Self::Revocation => "revocation",
            Self::UserInfo => "userinfo",
            Self::Metadata => "metadata",
            Self::Keys => "keys",
            Self::ResourceMetadata => "resource-metadata",
            Self::Resource => "resource",
            Self::Control => "test-control",
            Self::Other => "request",
        }
    }

    /// The request in a sentence: "an introspection".
    #[must_use]
    pub const fn request(self) -> &'static str {
        match self {
            Self::Code => "an authorization request",
            Self::Tokens => "the redemption of a code",
            Self::RefreshedTokens => "a refresh",
            Self::IdJag => "an exchange for an ID-JAG",
            Self::AccessToken => "the redemption of an ID-JAG",
            Self::Secret => "an exchange for a secret",
            Self::ServiceAccount => "an exchange for a service account",
            Self::BrokeredToken => "an exchange for a third party's token",
            Self::ExchangedToken => "an exchange for an access token",
            Self::MachineToken => "a machine's token request",
            Self::OtherToken => "a token request",
            Self::Introspection => "an introspection",
            Self::Revocation => "a revocation",
            Self::UserInfo => "a request for user information",
            Self::Metadata => "a request for metadata",
            Self::Keys => "a request for keys",
            Self::ResourceMetadata => "a request for a resource's metadata",
            Self::Resource => "a call of the resource",
            Self::Control => "a command of test control",
            Self::Other => "a request",
        }
    }

    /// What it gives, in a sentence: "the ID-JAG".
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Code => "the code",
            Self::Tokens => "the sign-in's token",
            Self::RefreshedTokens => "the refreshed token",
            Self::IdJag => "the ID-JAG",
            Self::AccessToken => "the access token",
            Self::Secret => "the secret",
            Self::ServiceAccount => "the service account",
            Self::BrokeredToken => "the third party's token",
            Self::ExchangedToken => "the exchanged access token",
            Self::MachineToken => "the machine's access token",
            Self::OtherToken => "the token",
            Self::Introspection => "the introspection",
            Self::Revocation => "the revocation",
            Self::UserInfo => "the user information",
            Self::Metadata => "the metadata",
            Self::Keys => "the key set",
            Self::ResourceMetadata => "the resource's metadata",
            Self::Resource => "the resource",
            Self::Control => "the answer of test control",
            Self::Other => "the answer",
        }
    }
}
