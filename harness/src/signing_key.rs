//! Keys the harness signs with, parsed once: parsing costs about as much as signing.

mod jwk;
mod pem;
mod problem;
pub mod weak;

pub use problem::KeyProblem;

use std::fmt;
use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsBigEndian as _, AsDer, EcPrivateKeyBin, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{self, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512, RsaSignatureEncoding,
};
use serde_json::{Map, Value};

use crate::jwks::public_pem;
use crate::jwt::base64url;

/// A private key that signs JWTs.
pub struct SigningKey {
    kind: Kind,
}

enum Kind {
    Rsa(Box<rsa::KeyPair>),
    Ec(Curve, EcdsaKeyPair),
}

/// A curve of an EC key (RFC 7518 §3.4: each has one algorithm).
#[derive(Clone, Copy)]
enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    const ALL: [Self; 3] = [Self::P256, Self::P384, Self::P521];

    /// `crv` of a JWK.
    const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// `alg` of a JWT.
    const fn jws(self) -> &'static str {
        match self {
            Self::P256 => "ES256",
            Self::P384 => "ES384",
            Self::P521 => "ES512",
        }
    }

    fn algorithm(self) -> &'static EcdsaSigningAlgorithm {
        match self {
            Self::P256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
            Self::P384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
            Self::P521 => &ECDSA_P521_SHA512_FIXED_SIGNING,
        }
    }
}

/// How DER names Ed25519 and Ed448 (RFC 8410 §3), behind the tag and the length of an object identifier.
const EDWARDS: [&[u8]; 2] = [
    &[0x06, 0x03, 0x2b, 0x65, 0x70],
    &[0x06, 0x03, 0x2b, 0x65, 0x71],
];

impl SigningKey {
    /// Reads PEM that holds one private key: `PRIVATE KEY`, `RSA PRIVATE KEY` or `EC PRIVATE KEY`. Certificates and
    /// parameters may stand beside it.
    pub fn from_pem(pem: &str) -> Result<Self, KeyProblem> {
        let der = pem::private_key(pem)?;
        let rsa = rsa::KeyPair::from_pkcs8(&der).or_else(|_| rsa::KeyPair::from_der(&der));
        if let Ok(pair) = rsa {
            return Ok(Kind::Rsa(Box::new(pair)).into());
        }
        for curve in Curve::ALL {
            if let Ok(pair) = EcdsaKeyPair::from_private_key_der(curve.algorithm(), &der) {
                return Ok(Kind::Ec(curve, pair).into());
            }
        }
        // The identifier stands at the beginning of PKCS#8; further on the same bytes may be part of a number.
        let beginning = der.get(..16).unwrap_or_default();
        let is_edwards = EDWARDS
            .iter()
            .any(|id| beginning.windows(id.len()).any(|bytes| bytes == *id));
        Err(if is_edwards {
            KeyProblem::Edwards
        } else {
            KeyProblem::Unusable
        })
    }

    /// Reads the JSON text of a JWK. The members that were read are of use even where the key is not.
    pub fn parse_jwk(text: &str) -> Result<Value, KeyProblem> {
        jwk::parse(text)
    }

    /// Reads a private JWK (RFC 7517, RFC 7518 §6).
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyProblem> {
        jwk::private_key(jwk)
    }

    /// The algorithm this key signs with when nothing else is said.
    pub fn algorithm(&self) -> &'static str {
        match self.kind {
            Kind::Rsa(_) => "RS256",
            Kind::Ec(curve, _) => curve.jws(),
        }
    }

    /// What makes it private, as bytes: of an EC key its number, of an RSA key everything behind the public exponent.
    pub fn private_part(&self) -> Option<Vec<u8>> {
        /// What stands before the modulus in PKCS#8, with 2048 bits and more.
        const BEFORE_MODULUS: usize = 38;
        match &self.kind {
            Kind::Rsa(pair) => {
                let der: Pkcs8V1Der<'_> = pair.as_der().ok()?;
                let public = BEFORE_MODULUS + pair.public_modulus_len();
                der.as_ref().get(public..).map(<[u8]>::to_vec)
            }
            Kind::Ec(_, pair) => {
                let number: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().ok()?;
                Some(number.as_ref().to_vec())
            }
        }
    }

    /// Signs with the named algorithm. An algorithm that does not go with the key is signed with the key's own: a
    /// header that lies about it is something a server has to refuse. `None` if the key cannot sign at all.
    pub fn sign(&self, algorithm: &str, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match &self.kind {
            Kind::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(rsa_encoding(algorithm), &random, message, &mut signature)
                    .ok()?;
                Some(signature)
            }
            Kind::Ec(_, pair) => {
                let signature = pair.sign(&random, message).ok()?;
                Some(signature.as_ref().to_vec())
            }
        }
    }

    /// The public half as the members of a JWK that its type needs (RFC 7518 §6).
    pub fn public_jwk(&self) -> Map<String, Value> {
        let named = |members: &[(&str, &[u8])]| -> Vec<(String, Value)> {
            let text = members.iter();
            text.map(|(name, bytes)| ((*name).to_owned(), base64url(bytes).into()))
                .collect()
        };
        let (kty, curve, members) = match &self.kind {
            Kind::Rsa(pair) => {
                let key = pair.public_key();
                let (n, e) = (key.modulus(), key.exponent());
                let n = n.big_endian_without_leading_zero();
                let e = e.big_endian_without_leading_zero();
                ("RSA", None, named(&[("n", n), ("e", e)]))
            }
            Kind::Ec(curve, pair) => {
                // SEC 1 §2.3.3: an uncompressed point is a byte 4 and the two coordinates.
                let point = pair.public_key().as_ref();
                let point = point.get(1..).unwrap_or_default();
                let (x, y) = point.split_at(point.len() / 2);
                ("EC", Some(curve.name()), named(&[("x", x), ("y", y)]))
            }
        };
        let mut jwk = Map::from_iter([("kty".to_owned(), kty.into())]);
        jwk.extend(curve.map(|curve| ("crv".to_owned(), curve.into())));
        jwk.extend(members);
        jwk
    }

    /// The public half as PEM.
    pub fn public_pem(&self) -> Option<String> {
        self.public_der().map(|der| public_pem(&der))
    }

    /// The public half as `SubjectPublicKeyInfo` (RFC 5280 §4.1).
    pub fn public_der(&self) -> Option<Vec<u8>> {
        let der = match &self.kind {
            Kind::Rsa(pair) => pair.public_key().as_der(),
            Kind::Ec(_, pair) => pair.public_key().as_der(),
        };
        der.ok().map(|der| der.as_ref().to_vec())
    }
}

/// What can be signed with here (RFC 7518 §3.1), each with a key of its kind.
pub const ALGORITHMS: [(&str, ()); 9] = [
    ("RS256", ()),
    ("RS384", ()),
    ("RS512", ()),
    ("PS256", ()),
    ("PS384", ()),
    ("PS512", ()),
    ("ES256", ()),
    ("ES384", ()),
    ("ES512", ()),
];

impl From<Kind> for SigningKey {
    fn from(kind: Kind) -> Self {
        Self { kind }
    }
}

/// Shows what kind of key it is, nothing of the key.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, [secret])", self.algorithm())
    }
}

/// A key that nobody registered: RSA, made when first asked for, one a process. Making it takes a tenth of a second.
pub fn unknown_key() -> Option<&'static SigningKey> {
    static STRANGER: LazyLock<Option<SigningKey>> = LazyLock::new(|| {
        let pair = rsa::KeyPair::generate(KeySize::Rsa2048).ok()?;
        Some(Kind::Rsa(Box::new(pair)).into())
    });
    STRANGER.as_ref()
}

/// A key that nobody registered and that signs with an algorithm, so that a server refuses the signature and not the
/// algorithm. For one that no key here has, it is the RSA key.
pub fn unknown_key_for(algorithm: &str) -> Option<&'static SigningKey> {
    static ON_CURVES: LazyLock<Vec<SigningKey>> = LazyLock::new(|| {
        let made = Curve::ALL.into_iter().filter_map(|curve| {
            let pair = EcdsaKeyPair::generate(curve.algorithm()).ok()?;
            Some(Kind::Ec(curve, pair).into())
        });
        made.collect()
    });
    if algorithm.starts_with("ES") {
        let on_curve = ON_CURVES.iter().find(|key| key.algorithm() == algorithm);
        if on_curve.is_some() {
            return on_curve;
        }
    }
    unknown_key()
}

/// A key in place of one that is not there, which signs with the same algorithm.
pub fn stand_in(algorithm: &str) -> Option<SigningKey> {
    let curve = Curve::ALL
        .into_iter()
        .find(|curve| curve.jws() == algorithm);
    let kind = match curve {
        Some(curve) => Kind::Ec(curve, EcdsaKeyPair::generate(curve.algorithm()).ok()?),
        None => Kind::Rsa(Box::new(rsa::KeyPair::generate(KeySize::Rsa2048).ok()?)),
    };
    Some(kind.into())
}

fn rsa_encoding(algorithm: &str) -> &'static RsaSignatureEncoding {
    match algorithm {
        "RS384" => &RSA_PKCS1_SHA384,
        "RS512" => &RSA_PKCS1_SHA512,
        "PS256" => &RSA_PSS_SHA256,
        "PS384" => &RSA_PSS_SHA384,
        "PS512" => &RSA_PSS_SHA512,
        _ => &RSA_PKCS1_SHA256,
    }
}

/// Keys for tests.
#[cfg(test)]
pub(crate) mod sample {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::json;

    use super::*;
    use crate::jwt::base64url;

    /// A new key on P-256 as private JWK.
    pub(crate) fn ec_jwk() -> Value {
        ec_jwk_on(Curve::P256)
    }

    /// A new EC key as private JWK.
    pub(super) fn ec_jwk_on(curve: Curve) -> Value {
        let pair = EcdsaKeyPair::generate(curve.algorithm()).unwrap();
        let private: EcPrivateKeyBin<'static> = pair.private_key().as_be_bytes().unwrap();
        let (x, y) = pair.public_key().as_ref()[1..].split_at(private.as_ref().len());
        json!({
            "kty": "EC", "crv": curve.name(), "kid": "ec-1",
            "x": base64url(x), "y": base64url(y), "d": base64url(private.as_ref()),
        })
    }

    /// A new EC key as PKCS#8.
    pub(super) fn ec_pkcs8_on(curve: Curve) -> Vec<u8> {
        let pair = EcdsaKeyPair::generate(curve.algorithm()).unwrap();
        pair.to_pkcs8v1().unwrap().as_ref().to_vec()
    }

    /// A PEM block.
    pub(super) fn block(label: &str, der: &[u8]) -> String {
        let base64 = STANDARD.encode(der);
        format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
    }

    /// The unknown key as PEM, for it is the one RSA key tests have.
    pub(crate) fn rsa_pem() -> String {
        let Kind::Rsa(pair) = &unknown_key().unwrap().kind else {
            unreachable!("the unknown key is RSA");
        };
        let der: Pkcs8V1Der<'static> = pair.as_der().unwrap();
        block("PRIVATE KEY", der.as_ref())
    }

    /// The public JWK of the unknown key.
    pub(crate) fn rsa_public_jwk(kid: &str) -> Value {
        let Kind::Rsa(pair) = &unknown_key().unwrap().kind else {
            unreachable!("the unknown key is RSA");
        };
        // RSAPublicKey is SEQUENCE { INTEGER n, INTEGER e } with fixed lengths at 2048 bits and e = 65537.
        let der = pair.public_key().as_ref();
        let n = &der[der.len() - 5 - 256..der.len() - 5];
        json!({"kty": "RSA", "kid": kid, "n": base64url(n), "e": "AQAB"})
    }
}

#[cfg(test)]
mod tests;
