//! The token for an org's management API, and a sender for an org that no target file describes yet.

use crate::secret::Secret;

/// A token for the management API (okta.md (g)).
#[derive(Debug, Clone)]
pub enum ManagementToken {
    /// An API token, from Security > API > Tokens.
    Api(Secret),
    /// An OAuth access token of the org with scopes of that API.
    OAuth(Secret),
}

impl ManagementToken {
    /// The value of the header field `Authorization`.
    #[must_use]
    pub fn authorization(&self) -> String {
        match self {
            Self::Api(token) => format!("SSWS {}", token.expose()),
            Self::OAuth(token) => format!("Bearer {}", token.expose()),
        }
    }

    /// The token itself.
    #[must_use]
    pub const fn secret(&self) -> &Secret {
        match self {
            Self::Api(token) | Self::OAuth(token) => token,
        }
    }
}
