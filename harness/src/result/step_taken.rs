//! What a case did, step by step: what each step asked for, which values of earlier steps it used, what was answered and what
//! of it does not hold. From this the cause of a deviation is found (`problem/`); no report shows it.

use super::{Blame, FindingRecord};

/// The steps of a case in the order in which they were taken.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// The steps.
    pub steps: Vec<StepTaken>,
    /// Whether the flow went on when test control gave the value that a step should have given: then that value was the
    /// cause. `None` where it was not tried.
    pub other_way: Option<bool>,
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

    /// What it is called in a sentence: "the ID-JAG".
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Code => "the authorization request",
            Self::Tokens => "the answer with the tokens",
            Self::RefreshedTokens => "the answer to a refresh",
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
            Self::Resource => "the call of the resource",
            Self::Control => "the command of test control",
            Self::Other => "the request",
        }
    }
}
