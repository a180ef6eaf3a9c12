//! Public keys: read from a JWK, parsed once, and what a signature is worth under them.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ParsedPublicKey,
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{KeyError, broken};
use crate::org::KeyAlg;
use crate::tokens::jwt;

/// Bytes of the shortest RSA modulus that may be used (RFC 7518 §3.3).
const SHORTEST_MODULUS: usize = 256;

/// A public key, as published and as used to verify.
#[derive(Clone)]
pub struct PublicKey {
    /// `kid`
    pub kid: String,
    /// Algorithm.
    pub alg: KeyAlg,
    /// Public JWK.
    pub jwk: Map<String, Value>,
    parsed: Arc<ParsedPublicKey>,
    is_small: bool,
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("kid", &self.kid)
            .field("alg", &self.alg)
            .finish_non_exhaustive()
    }
}

/// Members of a JWK that make a private key, or a shared one.
pub(crate) const PRIVATE_MEMBERS: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

/// Members of a JWK that make the public key or describe it; they are strings. All others may be of any type and are ignored
/// (RFC 7517 section 4), such as `ext` of `WebCrypto` and `x5c` of a certificate.
pub(crate) const PUBLIC_MEMBERS: [&str; 9] =
    ["kty", "alg", "use", "kid", "n", "e", "crv", "x", "y"];

impl PublicKey {
    /// Reads a JWK (RFC 7517, RFC 7518 §6) for one algorithm; private members are left behind.
    ///
    /// # Errors
    /// When it does not hold a key that the algorithm can use.
    pub fn from_jwk(
        owner: &str,
        kid: &str,
        alg: KeyAlg,
        jwk: &Map<String, Value>,
    ) -> Result<Self, KeyError> {
        let parsed = parse(alg, jwk).ok_or_else(|| {
            let name = alg.as_str();
            broken(
                owner,
                &format!("its JWK does not hold a public key for {name}"),
            )
        })?;
        let public = PUBLIC_MEMBERS
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), jwk.get(*name)?.clone())));
        Ok(Self {
            kid: kid.to_owned(),
            alg,
            jwk: public.collect(),
            parsed: Arc::new(parsed),
            is_small: is_small(jwk),
        })
    }

    /// Whether it is an RSA key that is too short to be used (RFC 7518 §3.3).
    pub fn is_small(&self) -> bool {
        self.is_small
    }

    /// Whether a JWT has a signature that was made with the private half.
    pub fn verifies(&self, jwt: &str) -> bool {
        jwt::verifies(jwt, |message, signature| self.verify(message, signature))
    }

    /// The same with any algorithm that RSA keys have, whatever this key is for: only an org with a defect asks.
    pub(crate) fn verifies_as(&self, alg: &str, jwt: &str) -> bool {
        let parameters = match alg {
            "RS256" => &RSA_PKCS1_2048_8192_SHA256,
            "RS384" => &RSA_PKCS1_2048_8192_SHA384,
            "RS512" => &RSA_PKCS1_2048_8192_SHA512,
            "PS256" => &RSA_PSS_2048_8192_SHA256,
            "PS384" => &RSA_PSS_2048_8192_SHA384,
            "PS512" => &RSA_PSS_2048_8192_SHA512,
            _ => return false,
        };
        rsa(&self.jwk, parameters).is_some_and(|key| {
            jwt::verifies(jwt, |message, signature| {
                key.verify_sig(message, signature).is_ok()
            })
        })
    }

    /// Whether `signature` was made over `message` with the private half.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }
}

/// Whether a JWK is of the kind of key that the algorithm uses.
pub fn fits(alg: KeyAlg, jwk: &Map<String, Value>) -> bool {
    let member = |name: &str| jwk.get(name).and_then(Value::as_str);
    match alg {
        KeyAlg::Rs256 | KeyAlg::Rs384 | KeyAlg::Rs512 => member("kty") == Some("RSA"),
        KeyAlg::Es256 | KeyAlg::Es384 | KeyAlg::Es512 => {
            member("kty") == Some("EC") && member("crv") == curve(alg).map(|(name, _)| name)
        }
    }
}

/// What keeps a JWK from being a key for an algorithm.
pub(crate) struct Flaw {
    /// The member that is wrong or missing.
    pub(crate) member: &'static str,
    /// What is wrong with it, behind its name in a sentence.
    pub(crate) reason: String,
}

/// The first thing that is wrong with a public JWK.
pub(crate) fn flaw(alg: KeyAlg, jwk: &Map<String, Value>) -> Option<Flaw> {
    let found = |member, reason: String| Some(Flaw { member, reason });
    let (kty, numbers): (_, &[&'static str]) = match curve(alg) {
        None => ("RSA", &["n", "e"]),
        Some(_) => ("EC", &["x", "y"]),
    };
    let written = |name: &str| jwk.get(name).and_then(Value::as_str);
    let mut names = vec![("kty", kty)];
    names.extend(curve(alg).map(|(name, _)| ("crv", name)));
    for (member, needed) in names {
        if written(member) != Some(needed) {
            return found(member, format!("must be {needed} for {}", alg.as_str()));
        }
    }
    for member in numbers {
        if written(member).is_none() {
            return found(member, "is missing".to_owned());
        }
        let Some(bytes) = number(jwk, member) else {
            let reason = "is not base64url without padding (RFC 7518 section 2)";
            return found(member, reason.to_owned());
        };
        if let Some((name, length)) = curve(alg)
            && bytes.len() != length
        {
            let reason = format!("must have {length} bytes on {name}, not {}", bytes.len());
            return found(member, reason);
        }
    }
    if is_small(jwk) {
        let reason = "is shorter than 2048 bits, which RFC 7518 section 3.3 forbids";
        return found("n", reason.to_owned());
    }
    let is_key = parse(alg, jwk).is_some();
    let (member, reason) = match curve(alg) {
        None => (
            "n",
            "is, with this `e`, not a public key of at most 8192 bits",
        ),
        Some(_) => ("x", "is, with this `y`, not a point on the curve"),
    };
    if is_key {
        None
    } else {
        found(member, reason.to_owned())
    }
}

/// Name and length of a coordinate of the algorithm's curve.
pub(super) const fn curve(alg: KeyAlg) -> Option<(&'static str, usize)> {
    match alg {
        KeyAlg::Es256 => Some(("P-256", 32)),
        KeyAlg::Es384 => Some(("P-384", 48)),
        KeyAlg::Es512 => Some(("P-521", 66)),
        KeyAlg::Rs256 | KeyAlg::Rs384 | KeyAlg::Rs512 => None,
    }
}

fn parse(alg: KeyAlg, jwk: &Map<String, Value>) -> Option<ParsedPublicKey> {
    if !fits(alg, jwk) {
        return None;
    }
    let ec = |algorithm| {
        // SEC 1 §2.3.3: uncompressed. RFC 7518 §6.2.1.2: a coordinate keeps its leading zeros.
        let (_, length) = curve(alg)?;
        let (x, y) = (number(jwk, "x")?, number(jwk, "y")?);
        let whole = x.len() == length && y.len() == length;
        whole
            .then(|| [&[4][..], &x, &y].concat())
            .and_then(|point| ParsedPublicKey::new(algorithm, point).ok())
    };
    match alg {
        // A key that is too short is parsed all the same: that it is refused for its size is a rule.
        KeyAlg::Rs256 if is_small(jwk) => rsa(jwk, &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        KeyAlg::Rs256 => rsa(jwk, &RSA_PKCS1_2048_8192_SHA256),
        KeyAlg::Rs384 => rsa(jwk, &RSA_PKCS1_2048_8192_SHA384),
        KeyAlg::Rs512 => rsa(jwk, &RSA_PKCS1_2048_8192_SHA512),
        KeyAlg::Es256 => ec(&ECDSA_P256_SHA256_FIXED),
        KeyAlg::Es384 => ec(&ECDSA_P384_SHA384_FIXED),
        KeyAlg::Es512 => ec(&ECDSA_P521_SHA512_FIXED),
    }
}

fn is_small(jwk: &Map<String, Value>) -> bool {
    number(jwk, "n").is_some_and(|n| without_zeros(&n).len() < SHORTEST_MODULUS)
}

fn rsa(jwk: &Map<String, Value>, parameters: &'static RsaParameters) -> Option<ParsedPublicKey> {
    let (n, e) = (number(jwk, "n")?, number(jwk, "e")?);
    let components = RsaPublicKeyComponents {
        n: without_zeros(&n),
        e: without_zeros(&e),
    };
    components.to_parsed_public_key(parameters).ok()
}

fn number(jwk: &Map<String, Value>, name: &str) -> Option<Vec<u8>> {
    B64.decode(jwk.get(name)?.as_str()?).ok()
}

/// Some libraries write a number with a zero in front; RFC 7518 §6.3.1 wants none.
fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

/// RFC 7638 thumbprint: a `kid` that follows from the key.
pub(super) fn thumbprint(jwk: &Map<String, Value>) -> String {
    let member = |name: &str| jwk.get(name).and_then(Value::as_str).unwrap_or_default();
    let canonical = if member("kty") == "EC" {
        format!(
            r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#,
            member("crv"),
            member("x"),
            member("y")
        )
    } else {
        format!(
            r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#,
            member("e"),
            member("n")
        )
    };
    B64.encode(Sha256::digest(canonical))
}
