//! Keys: made from a seed, parsed once, distinct for each issuer of the org.
//!
//! Requests are signed and verified by aws-lc-rs with keys that were parsed when the ring was assembled. Making an
//! RSA key costs tens of milliseconds, so the work is handed out as [`KeyJob`]s that the shell may run on several
//! threads.

mod client_signing;
mod job;
mod private;
mod public;
mod ring;
mod signing;
mod stock;

pub use job::{KeyJob, MadeKey};
pub(crate) use public::{PRIVATE_MEMBERS, PUBLIC_MEMBERS, flaw};
pub use public::{PublicKey, fits};
pub use ring::{Keyring, ServerKeys};
pub use signing::SigningKey;
pub use stock::KeyStock;

use public::thumbprint;

use crate::org::{ClientId, CustomServerId, KeyAlg, KeyOrigin};
use crate::secret::Secret;

/// A key that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the key of {owner} cannot be used: {reason}")]
pub struct KeyError {
    /// Whose key.
    pub owner: String,
    /// What is wrong with it; never holds key material.
    pub reason: String,
}

/// Which server signs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServerName {
    /// The org authorization server.
    Org,
    /// A custom one.
    Custom(CustomServerId),
}

/// A registered key of a client.
#[derive(Debug, Clone)]
pub struct ClientKey {
    /// What the org knows.
    pub public: PublicKey,
    /// PKCS#8 PEM, when the org made it or was given it, for the target file.
    pub private_pem: Option<Secret>,
    /// The same as a private JWK.
    pub private_jwk: Option<Secret>,
}

/// Whether a pinned key can be used with an algorithm.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check(alg: KeyAlg, origin: KeyOrigin) -> Result<(), KeyError> {
    let job = KeyJob {
        owner: job::Owner::Client(ClientId::new("")),
        label: String::new(),
        seed: [0; 32],
        alg,
        kid: None,
        usage: "sig".to_owned(),
        origin,
        stocked: None,
    };
    job.run().map(drop)
}

fn broken(owner: &str, reason: &str) -> KeyError {
    KeyError {
        owner: owner.to_owned(),
        reason: reason.to_owned(),
    }
}
