//! The errors of the API, in its envelope (Okta's list of API error codes).

use crate::context::Outcome;

/// Why a request is not answered with what it asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ApiError {
    /// Nobody says who asks.
    Session,
    /// The token is none of this org's, or counts no more.
    Token,
    /// The token does not go so far.
    Permission,
    /// The org has no subscription for this part of the API.
    Feature,
    /// There is no such thing, and what kind of thing it would be.
    NotFound(String, &'static str),
    /// The resource has other methods.
    Method(&'static str),
    /// The body is not JSON, or says that it is not.
    MediaType,
    /// The body is not the JSON that is expected.
    Body,
    /// A filter cannot be read.
    Search,
    /// A value is wrong: the field, and what is wrong with it.
    Validation(&'static str, String),
    /// The last active key of an agent cannot be deactivated.
    DeactivateNotAllowed,
}

impl ApiError {
    /// What is at no path.
    pub(super) fn unknown_path(path: &str) -> Self {
        Self::not_found(path, "Path")
    }

    /// What a client named, fit to be repeated in an answer.
    pub(super) fn not_found(name: &str, kind: &'static str) -> Self {
        let plain = |c: &char| c.is_ascii_alphanumeric() || "-._@/".contains(*c);
        Self::NotFound(name.chars().take(100).filter(plain).collect(), kind)
    }

    /// The answer.
    pub(super) fn outcome(self) -> Outcome {
        let mut causes = Vec::new();
        let mut allow = None;
        let (status, code, summary): (u16, &'static str, String) = match self {
            Self::Session => (403, "E0000005", "Invalid session".into()),
            Self::Token => (401, "E0000011", "Invalid token provided".into()),
            Self::Permission => (
                403,
                "E0000006",
                "You do not have permission to perform the requested action".into(),
            ),
            Self::Feature => (
                403,
                "E0000015",
                "You do not have permission to access the feature you are requesting".into(),
            ),
            Self::NotFound(name, kind) => (
                404,
                "E0000007",
                format!("Not found: Resource not found: {name} ({kind})"),
            ),
            Self::Method(methods) => {
                allow = Some(methods);
                (
                    405,
                    "E0000022",
                    "The endpoint does not support the provided HTTP method".into(),
                )
            }
            Self::MediaType => (
                400,
                "E0000021",
                "Bad request. Accept and/or Content-Type headers likely do not match supported values.".into(),
            ),
            Self::Body => (400, "E0000003", "The request body was not well-formed.".into()),
            Self::Search => (400, "E0000031", "Invalid search criteria.".into()),
            Self::Validation(field, cause) => {
                causes.push(format!("{field}: {cause}"));
                (400, "E0000001", format!("Api validation failed: {field}"))
            }
            Self::DeactivateNotAllowed => (
                409,
                "DEACTIVATE_NOT_ALLOWED",
                "The last active key cannot be deactivated".into(),
            ),
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
}
