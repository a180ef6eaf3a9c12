//! Why nobody is signed in, and what to do about it.

use crate::forge::Unforgeable;
use crate::scenario::model::UserRole;
use crate::targets::Trouble;
use crate::token_cache::CacheError;

/// Why a sign-in gave no tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// The target file lacks a key.
    #[error("the target file has no `{0}`")]
    Undescribed(String),
    /// The request cannot be made.
    #[error("{0}")]
    Unforgeable(#[from] Unforgeable),
    /// The redirect URI cannot be waited at.
    #[error("cannot listen at {address}, where the browser is sent back to: {why}")]
    CannotListen {
        /// Address and port.
        address: String,
        /// Whether another program listens there.
        in_use: bool,
        /// The system's words.
        why: String,
    },
    /// The answer goes to another machine, and nobody can copy it from there.
    #[error(
        "the browser is sent back to another place than this machine ({why}), and standard input is closed"
    )]
    Unreachable {
        /// Why it cannot be listened to.
        why: String,
    },
    /// Nobody has signed in.
    #[error("nobody has signed in within {seconds} s")]
    TimedOut {
        /// How long was waited.
        seconds: u64,
        /// The option of the command that waits longer.
        option: &'static str,
    },
    /// Ctrl-C.
    #[error("the sign-in was interrupted")]
    Cancelled,
    /// The authorization endpoint has refused.
    #[error("the sign-in was refused with `{error}`{}", with_words(.description.as_ref()))]
    Refused {
        /// `error`.
        error: String,
        /// The server's words.
        description: Option<String>,
    },
    /// An answer that must not be used.
    #[error("the answer to the sign-in cannot be used: {0}")]
    WrongAnswer(String),
    /// The token endpoint has refused.
    #[error("the code was not redeemed: {status}{}{}", with_error(.error.as_ref()), with_words(.description.as_ref()))]
    TokensRefused {
        /// Status code.
        status: u16,
        /// `error`.
        error: Option<String>,
        /// The server's words.
        description: Option<String>,
    },
    /// The token endpoint gives no tokens for the refresh token.
    #[error("the tokens of `{user}` were not refreshed: {status}{}{}", with_error(.error.as_ref()), with_words(.description.as_ref()))]
    NotRefreshed {
        /// Whose tokens.
        user: UserRole,
        /// Status code.
        status: u16,
        /// `error`.
        error: Option<String>,
        /// The server's words.
        description: Option<String>,
    },
    /// The revocation endpoint has refused.
    #[error("the token was not revoked: {status}{}", with_error(.error.as_ref()))]
    NotRevoked {
        /// Status code.
        status: u16,
        /// `error`.
        error: Option<String>,
    },
    /// Tokens of which something is wrong.
    #[error("the tokens are not used: {0}")]
    InvalidTokens(String),
    /// Somebody else has signed in.
    #[error("`{found}` has signed in, and the target file expects `{expected}`")]
    AnotherPerson {
        /// `login` of the target file.
        expected: String,
        /// As the ID token says.
        found: String,
    },
    /// Nothing says who has signed in.
    #[error(
        "the ID token has neither `preferred_username` nor `email`, so nothing shows whether `{0}` has signed in"
    )]
    Unidentified(UserRole),
    /// The token endpoint cannot be reached.
    #[error("{0}")]
    Trouble(#[from] Trouble),
    /// The keys of the org cannot be had.
    #[error("the ID token cannot be verified: {0}")]
    NoKeys(String),
    /// The token cache cannot be used.
    #[error("{0}")]
    Cache(#[from] CacheError),
    /// The token cache has nothing that can be used, and nobody is asked.
    #[error("{why}")]
    NotCached {
        /// What it lacks.
        why: String,
        /// Who shall sign in.
        user: UserRole,
    },
    /// The user's password gives no session (okta.md (h) 2).
    #[error("{what}")]
    NoSession {
        /// The key of the target file that is probably wrong.
        setting: String,
        /// What the org said.
        what: String,
        /// What to do about it.
        cure: String,
    },
}

/// The command that signs a user in.
#[must_use]
pub fn again(user: UserRole) -> String {
    if user == UserRole::Ada {
        "atx sign-in".to_owned()
    } else {
        format!("atx sign-in --user {user}")
    }
}

impl SignInError {
    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> String {
        match self {
            Self::Undescribed(key) => format!("add `{key}` to the target file"),
            Self::Unforgeable(_) => "compare the target file with docs/targets.md".to_owned(),
            Self::CannotListen { in_use: true, .. } => {
                "end the program that listens there, or register another port with the client and write it into the target file".to_owned()
            }
            Self::CannotListen { .. } => {
                "register a redirect URI with a port above 1023, such as http://localhost:8787/callback, and write it into the target file".to_owned()
            }
            Self::Unreachable { .. } => {
                "run it in a terminal and paste the address that the browser was sent to, or register http://localhost:8787/callback as well".to_owned()
            }
            Self::TimedOut { option, .. } => format!("try again; {option} 10m waits longer"),
            Self::Cancelled => "try again".to_owned(),
            Self::Refused { error, .. } => refused(error),
            Self::WrongAnswer(_) => {
                "try again; if it happens again, the answer does not come from the org of the target file".to_owned()
            }
            Self::TokensRefused { error, .. } if is_of_client(error.as_deref()) => CLIENT.to_owned(),
            Self::TokensRefused { .. } => {
                "try again, and compare `redirect_uri` with the client's registration".to_owned()
            }
            Self::NotRefreshed { error, .. } if is_of_client(error.as_deref()) => CLIENT.to_owned(),
            Self::NotRefreshed { user, .. } => {
                format!("the refresh token has ended, or was used by somebody else; sign in again: {}", again(*user))
            }
            Self::NotRevoked { .. } => {
                "compare the client of the target file with its registration; --forget alone removes the tokens here".to_owned()
            }
            Self::InvalidTokens(_) => {
                "compare `authorization_servers.org` and the client of the target file with the org".to_owned()
            }
            Self::AnotherPerson { .. } => {
                "sign out in the browser and sign in as the user of the target file, or correct `users`".to_owned()
            }
            Self::Unidentified(user) => {
                format!("ask for the scope `profile` too, or write the user's id into the target file: `users.{user}.id`")
            }
            Self::Trouble(_) | Self::NoKeys(_) => {
                "compare `authorization_servers.org` with the org, and see whether it can be reached".to_owned()
            }
            Self::Cache(error) => error.cure(),
            Self::NotCached { user, .. } => format!("sign in again: {}", again(*user)),
            Self::NoSession { cure, .. } => cure.clone(),
        }
    }

    /// The key of the target file that it is about.
    #[must_use]
    pub fn setting(&self) -> &str {
        match self {
            Self::Undescribed(key) => key,
            Self::Cache(_) | Self::NotCached { .. } | Self::NotRefreshed { .. } => "sign_in.cache",
            Self::Unidentified(_) => "users",
            Self::NoSession { setting, .. } => setting,
            _ => "sign_in",
        }
    }

    /// Whether the org has said no, in place of this machine or a person.
    #[must_use]
    pub fn is_of_org(&self) -> bool {
        match self {
            // Refresh tokens end, and whoever uses one twice ends it: an org that says so is right.
            Self::NotRefreshed { error, .. } => error.as_deref() != Some("invalid_grant"),
            Self::Refused { .. }
            | Self::WrongAnswer(_)
            | Self::TokensRefused { .. }
            | Self::InvalidTokens(_)
            | Self::NoSession { .. } => true,
            _ => false,
        }
    }
}

/// What to compare where the org does not know the client.
const CLIENT: &str =
    "compare `client_id`, `auth`, key and `kid` of the client with its registration";

/// Whether a token endpoint refuses because of the client that asks (RFC 6749 section 5.2).
fn is_of_client(error: Option<&str>) -> bool {
    matches!(error, Some("invalid_client" | "unauthorized_client"))
}

/// What a refusal of the authorization endpoint comes from (RFC 6749 section 4.1.2.1, OIDC Core section 3.1.2.6, okta.md (e)).
fn refused(error: &str) -> String {
    match error {
        "access_denied" => {
            "assign the user to the application of the client, and see whether a policy of the org refuses; or the sign-in was cancelled"
        }
        "invalid_scope" => {
            "ask for scopes that the client may have (--scope); `offline_access` needs the grant `refresh_token`"
        }
        "unauthorized_client" | "unsupported_response_type" => {
            "allow the client the authorization code grant"
        }
        "temporarily_unavailable" | "server_error" => "try again later",
        _ => "compare the client of the target file with its registration",
    }
    .to_owned()
}

fn with_words(description: Option<&String>) -> String {
    description.map_or_else(String::new, |words| format!(": {words}"))
}

fn with_error(error: Option<&String>) -> String {
    error.map_or_else(String::new, |error| format!(" `{error}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn not_refreshed(error: &str) -> SignInError {
        SignInError::NotRefreshed {
            user: UserRole::Grace,
            status: 400,
            error: Some(error.to_owned()),
            description: None,
        }
    }

    #[test]
    fn a_refresh_token_that_has_ended_is_no_fault_of_the_org() {
        let ended = not_refreshed("invalid_grant");
        assert!(
            ended
                .to_string()
                .contains("not refreshed: 400 `invalid_grant`"),
            "{ended}"
        );
        assert!(
            ended.cure().contains("atx sign-in --user grace"),
            "{}",
            ended.cure()
        );
        assert!(!ended.cure().contains("redirect_uri") && !ended.is_of_org());
        let refused = not_refreshed("invalid_client");
        assert!(refused.cure().contains("`kid`") && refused.is_of_org());
    }

    #[test]
    fn whoever_took_too_long_reads_of_the_option_of_the_command() {
        for option in ["--timeout", "--sign-in-timeout"] {
            let late = SignInError::TimedOut { seconds: 1, option };
            assert!(
                late.cure().contains(&format!("; {option} 10m")),
                "{}",
                late.cure()
            );
        }
    }
}
