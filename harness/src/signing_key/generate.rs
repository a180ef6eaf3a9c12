//! New keys, for clients that have none yet.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{self, KeySize};
use aws_lc_rs::signature::EcdsaKeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{Curve, Kind, SigningKey};
use crate::jwt::base64url;
use crate::secret::Secret;

/// Characters of a line of PEM (RFC 7468 §2).
const LINE: usize = 64;

/// What a new key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewKey {
    /// RSA of 2048 bits.
    Rs256,
    /// EC on P-256.
    Es256,
}

impl NewKey {
    /// As `alg` names it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }
}

/// A new key and its private half as PEM (PKCS#8). `None` where the system has no randomness.
pub fn generate(new: NewKey) -> Option<(SigningKey, Secret)> {
    let (kind, der) = match new {
        NewKey::Rs256 => {
            let pair = rsa::KeyPair::generate(KeySize::Rsa2048).ok()?;
            let der: Pkcs8V1Der<'_> = pair.as_der().ok()?;
            let der = der.as_ref().to_vec();
            (Kind::Rsa(Box::new(pair)), der)
        }
        NewKey::Es256 => {
            let pair = EcdsaKeyPair::generate(Curve::P256.algorithm()).ok()?;
            let der = pair.to_pkcs8v1().ok()?.as_ref().to_vec();
            (Kind::Ec(Curve::P256, pair), der)
        }
    };
    Some((kind.into(), pem(&der)))
}

impl SigningKey {
    /// The thumbprint of the public half (RFC 7638), which serves as its `kid`.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let mut members: Vec<(String, Value)> = self.public_jwk().into_iter().collect();
        members.sort_by(|(one, _), (other, _)| one.cmp(other));
        let members = Value::Object(Map::from_iter(members));
        base64url(Sha256::digest(members.to_string()))
    }

    /// The public half as it is registered for a client.
    #[must_use]
    pub fn registration(&self, kid: &str) -> Value {
        let mut jwk = self.public_jwk();
        jwk.insert("use".to_owned(), json!("sig"));
        jwk.insert("alg".to_owned(), json!(self.algorithm()));
        jwk.insert("kid".to_owned(), json!(kid));
        Value::Object(jwk)
    }
}

fn pem(der: &[u8]) -> Secret {
    let base64 = STANDARD.encode(der);
    let mut text = "-----BEGIN PRIVATE KEY-----\n".to_owned();
    for line in base64.as_bytes().chunks(LINE) {
        text.extend(line.iter().map(|byte| char::from(*byte)));
        text.push('\n');
    }
    text.push_str("-----END PRIVATE KEY-----\n");
    Secret::new(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_read_again_and_registered_by_its_public_half() {
        for new in [NewKey::Rs256, NewKey::Es256] {
            let (key, pem) = generate(new).unwrap();
            assert_eq!(key.algorithm(), new.as_str());
            let read = SigningKey::from_pem(pem.expose()).unwrap();
            assert_eq!(read.public_jwk(), key.public_jwk());
            assert!(pem.expose().lines().all(|line| line.len() <= LINE));
            let kid = key.thumbprint();
            assert_eq!(kid.len(), 43);
            let registered = key.registration(&kid);
            assert_eq!(registered["kid"], kid);
            assert_eq!(registered["alg"], new.as_str());
            for private in ["d", "p", "q", "dp", "dq", "qi"] {
                assert!(registered.get(private).is_none(), "{private}");
            }
        }
    }

    #[test]
    fn a_thumbprint_is_that_of_the_rfc() {
        // RFC 7638 §3: the required members in lexicographic order, without white space.
        let (key, _) = generate(NewKey::Es256).unwrap();
        let jwk = key.public_jwk();
        let text = |name: &str| jwk[name].as_str().unwrap().to_owned();
        let canonical = format!(
            r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#,
            text("x"),
            text("y")
        );
        assert_eq!(key.thumbprint(), base64url(Sha256::digest(canonical)));
    }
}
