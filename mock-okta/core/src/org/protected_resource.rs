//! Addresses where credentials are used.

use super::names::{CustomServerId, ThirdPartyId};

/// An address where a credential is used.
#[derive(Debug, Clone)]
pub struct ProtectedResource {
    /// Below the org's address.
    pub path: String,
    /// What it takes.
    pub takes: Takes,
}

/// What a protected resource takes.
#[derive(Debug, Clone)]
pub enum Takes {
    /// A custom authorization server's access token with a scope.
    AccessToken {
        /// Whose.
        server: CustomServerId,
        /// Needed scope.
        scope: String,
    },
    /// A vaulted secret in a header field.
    VaultedSecret {
        /// Id of the secret.
        secret: String,
        /// Member that is compared.
        field: String,
        /// Header field.
        header: String,
    },
    /// A service account by HTTP Basic.
    ServiceAccount {
        /// Id of the account.
        service_account: String,
    },
    /// The third party's own token.
    ThirdPartyToken {
        /// Whose.
        third_party: ThirdPartyId,
    },
}
