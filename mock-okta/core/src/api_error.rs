//! Errors of Okta's API (Okta's list of API error codes). The OAuth endpoints answer in this envelope as well: unknown servers
//! and paths, wrong methods, wrong media types.

use crate::context::Outcome;
use crate::refusal::Refused;

/// The code of the answer to a request over a limit.
pub(crate) const RATE_LIMIT_CODE: &str = "E0000047";
/// Its summary.
pub(crate) const RATE_LIMIT_SUMMARY: &str =
    "API call exceeded rate limit due to too many requests.";
/// The code of the answer to a body of another media type.
pub(crate) const MEDIA_TYPE_CODE: &str = "E0000021";

/// Characters of a name that an error repeats.
const MAX_NAME: usize = 100;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// No credentials were sent.
    Session,
    /// The token is unknown or no longer valid.
    Token,
    /// The token lacks the scope.
    Permission,
    /// The org has no subscription for this part of the API.
    Feature,
    /// The login or the password is wrong, or the user may not sign in.
    Authentication,
    /// There is no resource of this name and kind.
    NotFound(String, &'static str),
    /// The resource has other methods: these.
    Method(&'static str),
    /// The body is of another media type than the endpoint takes; the status.
    MediaType(u16),
    /// The body is not the JSON that is expected.
    Body,
    /// A filter cannot be read.
    Search,
    /// A value is wrong: the field, and what is wrong with it.
    Validation(&'static str, String),
    /// A value is wrong: the field, and a complete sentence that does not repeat it.
    Required(&'static str, &'static str),
    /// The last active key of an agent cannot be deactivated.
    DeactivateNotAllowed,
    /// Over a rate limit.
    RateLimit,
    /// The server failed.
    Internal,
}

impl ApiError {
    /// Nothing is at this path.
    pub(crate) fn unknown_path(path: &str) -> Self {
        Self::not_found(path, "Path")
    }

    /// There is no resource of this name; only what is safe to repeat in an answer is kept of it.
    pub(crate) fn not_found(name: &str, kind: &'static str) -> Self {
        let plain = |c: &char| c.is_ascii_alphanumeric() || "-._@/".contains(*c);
        Self::NotFound(name.chars().take(MAX_NAME).filter(plain).collect(), kind)
    }

    /// The answer.
    pub(crate) fn outcome(self) -> Outcome {
        let mut causes = Vec::new();
        let mut allow = None;
        let (status, code, summary) = match self {
            Self::NotFound(name, kind) => (
                404,
                "E0000007",
                format!("Not found: Resource not found: {name} ({kind})"),
            ),
            Self::Validation(field, cause) => {
                causes.push(format!("{field}: {cause}"));
                (400, "E0000001", format!("Api validation failed: {field}"))
            }
            Self::Required(field, cause) => {
                causes.push(cause.to_owned());
                (400, "E0000001", format!("Api validation failed: {field}"))
            }
            fixed => {
                if let Self::Method(methods) = fixed {
                    allow = Some(methods);
                }
                let (status, code, summary) = fixed.fixed();
                (status, code, summary.to_owned())
            }
        };
        Outcome::ApiError {
            status,
            code,
            summary,
            causes,
            allow,
            refusal: None,
        }
    }

    /// The answer that stands for a refusal of the catalogue.
    pub(crate) fn outcome_of(self, refused: Refused) -> Outcome {
        let mut outcome = self.outcome();
        if let Outcome::ApiError { refusal, .. } = &mut outcome {
            *refusal = Some(refused);
        }
        outcome
    }

    /// Status, code and summary where they depend on nothing else.
    const fn fixed(&self) -> (u16, &'static str, &'static str) {
        match self {
            Self::Session => (403, "E0000005", "Invalid session"),
            Self::Token => (401, "E0000011", "Invalid token provided"),
            Self::Permission => (
                403,
                "E0000006",
                "You do not have permission to perform the requested action",
            ),
            Self::Feature => (
                403,
                "E0000015",
                "You do not have permission to access the feature you are requesting",
            ),
            Self::Authentication => (401, "E0000004", "Authentication failed"),
            Self::Method(_) => (
                405,
                "E0000022",
                "The endpoint does not support the provided HTTP method",
            ),
            Self::MediaType(status) => (
                *status,
                MEDIA_TYPE_CODE,
                "Bad request. Accept and/or Content-Type headers likely do not match supported values.",
            ),
            Self::Body => (400, "E0000003", "The request body was not well-formed."),
            Self::Search => (400, "E0000031", "Invalid search criteria."),
            Self::DeactivateNotAllowed => (
                409,
                "DEACTIVATE_NOT_ALLOWED",
                "The last active key cannot be deactivated",
            ),
            Self::RateLimit => (429, RATE_LIMIT_CODE, RATE_LIMIT_SUMMARY),
            Self::NotFound(..) | Self::Validation(..) | Self::Required(..) | Self::Internal => {
                (500, "E0000009", "Internal Server Error")
            }
        }
    }
}

/// A refusal of the catalogue in this envelope.
pub(crate) fn refused(status: u16, code: &'static str, summary: &str, refused: Refused) -> Outcome {
    Outcome::ApiError {
        status,
        code,
        summary: summary.to_owned(),
        causes: Vec::new(),
        allow: None,
        refusal: Some(refused),
    }
}
