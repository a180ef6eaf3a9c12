//! Why there is no token, and what to do about it.

use std::fmt;

use mock_okta_core::keys::KeyError;

/// Why a test got no token.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use mock_okta::{MockOkta, TokenError};
///
/// let okta = MockOkta::start().await?;
/// let error = okta.sign_in("adda").await.unwrap_err();
/// assert!(matches!(error, TokenError::NotFound { what: "user", .. }));
/// assert!(error.to_string().contains("did you mean `ada`?"));
///
/// okta.deactivate_agent("agent")?;
/// let error = okta.sign_in("ada").await.unwrap_err();
/// assert!(matches!(error, TokenError::Refused { status: 400.., .. }));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The org has nothing of this name.
    #[error("there is no {what} `{name}`{} ({})", suggestion(near.as_deref()), choices(what, known))]
    NotFound {
        /// `user`, `client`, `agent` or `authorization server`.
        what: &'static str,
        /// As given.
        name: String,
        /// What was probably meant.
        near: Option<String>,
        /// Every name that would do.
        known: Vec<String>,
    },
    /// No client of the org signs users in.
    #[error(
        "no client of the org signs users in; give an app or agent a redirect URI and the grant authorization_code"
    )]
    NoSignInClient,
    /// The org does not know enough of the client to act as it.
    #[error("the client `{client}` {reason}")]
    Client {
        /// Its id.
        client: String,
        /// What is missing, and what to do about it.
        reason: &'static str,
    },
    /// The org refuses, as it would refuse a client.
    #[error(
        "{step} was refused: {status} {}{}{}",
        error.as_deref().unwrap_or("without an error code"),
        described(description.as_deref()),
        coded(code.as_deref())
    )]
    Refused {
        /// The request that was refused.
        step: TokenStep,
        /// HTTP status.
        status: u16,
        /// `error`, or `errorCode` of Okta's API.
        error: Option<String>,
        /// `error_description`, or `errorSummary` of Okta's API.
        description: Option<String>,
        /// Internal code of Okta's catalogue, unless the org hides it. [`Refusal`](crate::Refusal) has one for each.
        code: Option<String>,
    },
    /// The answer is a success, but lacks what was asked for: an org with a defect answers so.
    #[error("{step} was answered with {status}, but {reason}")]
    Unusable {
        /// The request.
        step: TokenStep,
        /// HTTP status.
        status: u16,
        /// What is missing or wrong.
        reason: String,
    },
    /// The key of a client cannot sign.
    #[error("{0}")]
    Key(#[from] KeyError),
}

/// A request on the way to a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenStep {
    /// The browser asks for a code.
    Authorize,
    /// The user posts name and password.
    SignIn,
    /// The client redeems the code.
    Code,
    /// The agent exchanges the ID token for an ID-JAG.
    Exchange,
    /// The agent redeems the ID-JAG at the custom authorization server.
    Redeem,
}

impl fmt::Display for TokenStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Authorize => "the authorization request",
            Self::SignIn => "the sign-in",
            Self::Code => "the redemption of the code",
            Self::Exchange => "the exchange of the ID token for an ID-JAG",
            Self::Redeem => "the redemption of the ID-JAG",
        })
    }
}

impl TokenError {
    /// The `error` of a refusal, such as `invalid_grant`.
    pub fn oauth_error(&self) -> Option<&str> {
        match self {
            Self::Refused { error, .. } => error.as_deref(),
            _ => None,
        }
    }

    /// The internal code of a refusal, such as `illegal_scope`, unless the org hides it.
    pub fn internal_code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => code.as_deref(),
            _ => None,
        }
    }
}

fn suggestion(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

fn choices(what: &str, known: &[String]) -> String {
    if known.is_empty() {
        format!("the org has no {what}")
    } else {
        format!("expected: one of {}", known.join(", "))
    }
}

fn described(description: Option<&str>) -> String {
    description.map_or_else(String::new, |text| format!(": {text}"))
}

fn coded(code: Option<&str>) -> String {
    code.map_or_else(String::new, |code| format!(" ({code})"))
}
