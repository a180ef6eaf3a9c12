//! A server's private key, parsed once.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512, RsaKeyPair,
};

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
        self.sign_as("RS256", message)
    }

    /// The signature over `message` by any algorithm of RSA keys (RFC 7518 §3.3, §3.5).
    ///
    /// # Errors
    /// When it is not one of them, or the cryptographic library fails.
    pub fn sign_as(&self, alg: &str, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let encoding = match alg {
            "RS256" => &RSA_PKCS1_SHA256,
            "RS384" => &RSA_PKCS1_SHA384,
            "RS512" => &RSA_PKCS1_SHA512,
            "PS256" => &RSA_PSS_SHA256,
            "PS384" => &RSA_PSS_SHA384,
            "PS512" => &RSA_PSS_SHA512,
            _ => {
                return Err(broken(
                    &self.public.kid,
                    "an RSA key does not sign with that alg",
                ));
            }
        };
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(encoding, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| broken(&self.public.kid, "signing failed"))?;
        Ok(signature)
    }
}
