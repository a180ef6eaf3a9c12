//! One key to make or to parse: pure computation that the shell may hand to a thread.

use std::fmt;
use std::sync::Arc;

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::private::Private;
use super::stock::StockedKey;
use super::{ClientKey, KeyError, PublicKey, ServerName, SigningKey, broken, thumbprint};
use crate::org::{ClientId, KeyAlg, KeyOrigin};
use crate::secret::Secret;

/// Whose key a job makes.
#[derive(Debug, Clone)]
pub(super) enum Owner {
    Server(ServerName),
    Client(ClientId),
}

/// One key to make or to parse; pure computation.
#[derive(Clone)]
pub struct KeyJob {
    pub(super) owner: Owner,
    pub(super) label: String,
    /// The key follows from it.
    pub(super) seed: [u8; 32],
    pub(super) alg: KeyAlg,
    pub(super) kid: Option<String>,
    pub(super) usage: String,
    pub(super) origin: KeyOrigin,
    /// The key to take where one would be made.
    pub(super) stocked: Option<Arc<StockedKey>>,
}

impl fmt::Debug for KeyJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyJob({} {})", self.label, self.alg.as_str())
    }
}

/// The result of a [`KeyJob`].
#[derive(Debug)]
pub struct MadeKey {
    pub(super) owner: Owner,
    pub(super) signing: Option<SigningKey>,
    pub(super) client: ClientKey,
}

impl KeyJob {
    /// A fresh signing key for a server, for rotation. `round` distinguishes one rotation from the next.
    pub fn rotation(name: ServerName, seed: &[u8; 32], round: u64) -> Self {
        let label = format!("rotation {name:?} {round}");
        Self {
            owner: Owner::Server(name),
            seed: derive(seed, &label),
            label,
            alg: KeyAlg::Rs256,
            kid: None,
            usage: "sig".to_owned(),
            origin: KeyOrigin::Fresh,
            stocked: None,
        }
    }

    /// Whether it takes tens of milliseconds: the shell starts these first.
    pub fn is_slow(&self) -> bool {
        self.alg.is_rsa() && self.is_fresh()
    }

    /// Whether the key is not given.
    pub(super) const fn is_fresh(&self) -> bool {
        matches!(self.origin, KeyOrigin::Fresh)
    }

    /// Whether the key can be made when it is first asked for: a server's fresh one. A client's may be needed outside,
    /// in a target file, and a pinned one may be broken, which is reported at the start.
    pub fn can_wait(&self) -> bool {
        matches!(self.owner, Owner::Server(_)) && self.is_fresh()
    }

    /// Makes or parses the key.
    ///
    /// # Errors
    /// When a pinned key cannot be read.
    pub fn run(self) -> Result<MadeKey, KeyError> {
        let mut rng = ChaCha20Rng::from_seed(self.seed);
        let own;
        let (private, public_only) = match (&self.origin, &self.stocked) {
            (KeyOrigin::Public(jwk), _) => (None, Some(jwk.clone())),
            (KeyOrigin::Private(pem), _) => {
                own = Private::read(&self.label, self.alg, pem)?;
                (Some(&own), None)
            }
            (KeyOrigin::Fresh, Some(stocked)) => (Some(stocked.private(&self.label)?), None),
            (KeyOrigin::Fresh, None) => {
                own = Private::make(&self.label, self.alg, &mut rng)?;
                (Some(&own), None)
            }
        };
        let mut private_jwk = match private {
            Some(key) => key.jwk(&self.label)?,
            None => public_only.unwrap_or_default(),
        };
        let kid = self.kid.unwrap_or_else(|| thumbprint(&private_jwk));
        private_jwk.insert("kid".to_owned(), json!(kid));
        private_jwk.insert("use".to_owned(), json!(self.usage));
        private_jwk.insert("alg".to_owned(), json!(self.alg.as_str()));
        let public = PublicKey::from_jwk(&self.label, &kid, self.alg, &private_jwk)?;
        if public.is_small() {
            return Err(broken(
                &self.label,
                "an RSA key needs 2048 bits or more (RFC 7518)",
            ));
        }
        let (pem, signing) = match private {
            Some(key) => (Some(key.pem(&self.label)?), key.signer(&self.label)?),
            None => (None, None),
        };
        let private_jwk = private
            .is_some()
            .then(|| Secret::new(Value::Object(private_jwk).to_string()));
        Ok(MadeKey {
            owner: self.owner,
            signing: signing.map(|pair| SigningKey {
                pair,
                public: public.clone(),
            }),
            client: ClientKey {
                public,
                private_pem: pem,
                private_jwk,
            },
        })
    }
}

/// The seed of one key.
pub(super) fn derive(seed: &[u8; 32], label: &str) -> [u8; 32] {
    Sha256::new()
        .chain_update(seed)
        .chain_update(label)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::PRIVATE_MEMBERS;

    fn fresh(alg: KeyAlg, seed: u8) -> MadeKey {
        KeyJob {
            owner: Owner::Client(ClientId::new("wlptest")),
            label: "test".to_owned(),
            seed: [seed; 32],
            alg,
            kid: None,
            usage: "sig".to_owned(),
            origin: KeyOrigin::Fresh,
            stocked: None,
        }
        .run()
        .expect("a fresh key")
    }

    #[test]
    fn the_same_seed_makes_the_same_key_and_another_seed_another() {
        assert_eq!(
            fresh(KeyAlg::Es256, 1).client.public.kid,
            fresh(KeyAlg::Es256, 1).client.public.kid
        );
        assert_ne!(
            fresh(KeyAlg::Es256, 1).client.public.kid,
            fresh(KeyAlg::Es256, 2).client.public.kid
        );
        assert_eq!(
            fresh(KeyAlg::Rs256, 1).client.public.kid,
            fresh(KeyAlg::Rs256, 1).client.public.kid
        );
    }

    #[test]
    fn a_signature_verifies_under_the_published_key() {
        let made = fresh(KeyAlg::Rs256, 3);
        let signing = made.signing.expect("RSA keys sign");
        let signature = signing.sign(b"header.payload").expect("a signature");
        assert!(signing.public.verify(b"header.payload", &signature));
        assert!(!signing.public.verify(b"header.payloae", &signature));
    }

    #[test]
    fn the_published_jwk_has_no_private_member() {
        for alg in [KeyAlg::Rs256, KeyAlg::Es256] {
            let jwk = fresh(alg, 4).client.public.jwk;
            for private in PRIVATE_MEMBERS {
                assert!(!jwk.contains_key(private), "{private} in {jwk:?}");
            }
        }
    }

    #[test]
    fn an_exported_key_can_be_pinned() {
        for alg in [KeyAlg::Rs256, KeyAlg::Es256] {
            let made = fresh(alg, 5);
            let pinned = KeyJob {
                owner: Owner::Client(ClientId::new("wlptest")),
                label: "pinned".to_owned(),
                seed: [0; 32],
                alg,
                kid: None,
                usage: "sig".to_owned(),
                origin: KeyOrigin::Private(made.client.private_pem.clone().expect("a PEM")),
                stocked: None,
            };
            assert_eq!(
                pinned.run().expect("a pinned key").client.public.kid,
                made.client.public.kid
            );
        }
    }

    #[test]
    fn a_broken_pem_says_what_was_expected_and_nothing_of_itself() {
        let job = KeyJob {
            owner: Owner::Server(ServerName::Org),
            label: "org".to_owned(),
            seed: [0; 32],
            alg: KeyAlg::Rs256,
            kid: None,
            usage: "sig".to_owned(),
            origin: KeyOrigin::Private(Secret::new("-----BEGIN NONSENSE-----")),
            stocked: None,
        };
        let error = job.run().expect_err("nonsense").to_string();
        assert!(
            error.contains("PKCS#8") && !error.contains("NONSENSE"),
            "{error}"
        );
    }
}
