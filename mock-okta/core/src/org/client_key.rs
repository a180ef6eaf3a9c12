//! The keys that a client registers.

use super::model::Status;
use crate::secret::Secret;

/// A key of a client, before it is made or parsed.
#[derive(Debug, Clone)]
pub struct ClientKeySpec {
    /// `kid`
    pub kid: String,
    /// Algorithm.
    pub alg: KeyAlg,
    /// Where it comes from.
    pub origin: KeyOrigin,
    /// Whether it counts: a key that was rotated out stays registered for a while, inactive.
    pub status: Status,
    /// `use` of the JWK: `sig` where nothing else is said.
    pub usage: String,
}

/// Where a client's key comes from.
#[derive(Debug, Clone)]
pub enum KeyOrigin {
    /// Made at start.
    Fresh,
    /// Pinned private key, PKCS#8 PEM: the target file carries it on.
    Private(Secret),
    /// Only the public JWK is known: the private key stays with its owner.
    Public(serde_json::Map<String, serde_json::Value>),
}

/// Algorithms of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyAlg {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
}

impl KeyAlg {
    /// All, as in JOSE headers.
    pub const ALL: [(&'static str, Self); 6] = [
        ("RS256", Self::Rs256),
        ("RS384", Self::Rs384),
        ("RS512", Self::Rs512),
        ("ES256", Self::Es256),
        ("ES384", Self::Es384),
        ("ES512", Self::Es512),
    ];

    /// As in JOSE headers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
        }
    }

    /// Reads `alg`.
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(name, _)| *name == value)
            .map(|(_, alg)| *alg)
    }

    /// Whether its keys are RSA keys.
    pub const fn is_rsa(self) -> bool {
        matches!(self, Self::Rs256 | Self::Rs384 | Self::Rs512)
    }
}
