//! A server's private key, parsed once.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};

use super::{KeyError, PublicKey, broken};

/// A server's private key, parsed.
#[derive(Debug)]
pub struct SigningKey {
    pub(super) pair: RsaKeyPair,
    /// Its public half.
    pub public: PublicKey,
}

impl SigningKey {
    /// RS256 signature over `message`.
    ///
    /// # Errors
    /// When the cryptographic library fails, which it does not for a parsed key.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .map_err(|_| broken(&self.public.kid, "signing failed"))?;
        Ok(signature)
    }
}
