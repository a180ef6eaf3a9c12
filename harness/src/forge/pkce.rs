//! Fresh values: PKCE (RFC 7636) and everything that must not be guessed.

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use sha2::{Digest as _, Sha256};

use crate::jwt::base64url;

/// A verifier and its S256 challenge.
#[derive(Clone)]
pub struct Pkce {
    /// `code_verifier`: 43 characters.
    pub verifier: String,
    /// `code_challenge` for the method S256.
    pub challenge: String,
}

impl Pkce {
    /// A fresh pair.
    pub fn fresh() -> Self {
        Self::of(fresh())
    }

    /// The pair of a verifier.
    pub fn of(verifier: String) -> Self {
        let challenge = base64url(Sha256::digest(&verifier));
        Self {
            verifier,
            challenge,
        }
    }
}

impl std::fmt::Debug for Pkce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pkce([secret])")
    }
}

/// 43 characters that nobody can guess: 256 bits of the system's randomness in base64url.
///
/// # Panics
/// On a system without randomness.
pub fn fresh() -> String {
    let mut bytes = [0; 32];
    #[expect(
        clippy::expect_used,
        reason = "a system without randomness cannot make TLS connections either"
    )]
    {
        let filled = SystemRandom::new().fill(&mut bytes);
        filled.expect("the system has randomness");
    }
    base64url(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        let pkce = Pkce::of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned());
        assert_eq!(
            pkce.challenge,
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn fresh_values_have_43_characters_and_differ() {
        let (a, b) = (Pkce::fresh().verifier, Pkce::fresh().verifier);
        assert_eq!(a.len(), 43);
        assert_ne!(a, b);
    }
}
