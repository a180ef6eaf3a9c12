//! Keys the harness signs with, parsed once: parsing costs about as much as signing.

pub mod weak;

use std::fmt;
use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsBigEndian as _, AsDer, EcPrivateKeyBin, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{self, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512, RsaSignatureEncoding,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::jwks::public_pem;
use crate::jwt::{base64url, from_base64url};

/// A private key that signs JWTs.
pub struct SigningKey {
    kind: Kind,
}

enum Kind {
    Rsa(Box<rsa::KeyPair>),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
}

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// No PEM block of a private key.
    #[error("this is no PEM block of an unencrypted private key (PKCS#8, PKCS#1 or SEC 1)")]
    NotPem,
    /// A JWK without what its type needs.
    #[error(
        "this is no private JWK: an RSA key needs n, e, d, p, q, dp, dq and qi, an EC key crv, x, y and d"
    )]
    NotJwk,
    /// Well-formed, but neither RSA of 2048 to 8192 bits nor EC on P-256 or P-384.
    #[error(
        "the key is none of RSA (2048 to 8192 bits), EC P-256 and EC P-384, or its numbers do not fit together"
    )]
    Unusable,
}

impl SigningKey {
    /// Reads a PEM block: `PRIVATE KEY`, `RSA PRIVATE KEY` or `EC PRIVATE KEY`.
    pub fn from_pem(pem: &str) -> Result<Self, KeyProblem> {
        let der = pem_block(pem).ok_or(KeyProblem::NotPem)?;
        let rsa = rsa::KeyPair::from_pkcs8(&der).or_else(|_| rsa::KeyPair::from_der(&der));
        if let Ok(pair) = rsa {
            return Ok(Kind::Rsa(Box::new(pair)).into());
        }
        let p256 = EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, &der);
        if let Ok(pair) = p256 {
            return Ok(Kind::P256(pair).into());
        }
        EcdsaKeyPair::from_private_key_der(&ECDSA_P384_SHA384_FIXED_SIGNING, &der)
            .map(|pair| Kind::P384(pair).into())
            .map_err(|_| KeyProblem::Unusable)
    }

    /// Reads a private JWK (RFC 7517, RFC 7518 §6).
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyProblem> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let number = |name: &str| {
            text(name)
                .and_then(from_base64url)
                .ok_or(KeyProblem::NotJwk)
        };
        match text("kty") {
            Some("RSA") => {
                let components = rsa::KeyPairComponents {
                    public_key: rsa::PublicKeyComponents {
                        n: number("n")?,
                        e: number("e")?,
                    },
                    d: number("d")?,
                    p: number("p")?,
                    q: number("q")?,
                    dP: number("dp")?,
                    dQ: number("dq")?,
                    qInv: number("qi")?,
                };
                let pair = rsa::KeyPair::from_components(&components);
                pair.map(|pair| Kind::Rsa(Box::new(pair)).into())
                    .map_err(|_| KeyProblem::Unusable)
            }
            Some("EC") => {
                let (private, x, y) = (number("d")?, number("x")?, number("y")?);
                let point = [vec![4], x, y].concat();
                let curve = match text("crv") {
                    Some("P-256") => &ECDSA_P256_SHA256_FIXED_SIGNING,
                    Some("P-384") => &ECDSA_P384_SHA384_FIXED_SIGNING,
                    _ => return Err(KeyProblem::Unusable),
                };
                let pair = EcdsaKeyPair::from_private_key_and_public_key(curve, &private, &point)
                    .map_err(|_| KeyProblem::Unusable)?;
                Ok(match text("crv") {
                    Some("P-256") => Kind::P256(pair).into(),
                    _ => Kind::P384(pair).into(),
                })
            }
            _ => Err(KeyProblem::NotJwk),
        }
    }

    /// The algorithm this key signs with when nothing else is said.
    pub fn algorithm(&self) -> &'static str {
        match self.kind {
            Kind::Rsa(_) => "RS256",
            Kind::P256(_) => "ES256",
            Kind::P384(_) => "ES384",
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
            Kind::P256(pair) | Kind::P384(pair) => {
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
            Kind::P256(pair) | Kind::P384(pair) => {
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
            Kind::P256(pair) | Kind::P384(pair) => {
                // SEC 1 §2.3.3: an uncompressed point is a byte 4 and the two coordinates.
                let point = pair.public_key().as_ref();
                let point = point.get(1..).unwrap_or_default();
                let (x, y) = point.split_at(point.len() / 2);
                let curve = if x.len() == 32 { "P-256" } else { "P-384" };
                ("EC", Some(curve), named(&[("x", x), ("y", y)]))
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
            Kind::P256(pair) | Kind::P384(pair) => pair.public_key().as_der(),
        };
        der.ok().map(|der| der.as_ref().to_vec())
    }
}

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

/// The same of the kind that an algorithm takes, so that nothing but the key is wrong.
pub fn unknown_key_for(algorithm: &str) -> Option<&'static SigningKey> {
    static P256: LazyLock<Option<SigningKey>> = LazyLock::new(|| {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
        Some(Kind::P256(pair).into())
    });
    static P384: LazyLock<Option<SigningKey>> = LazyLock::new(|| {
        let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).ok()?;
        Some(Kind::P384(pair).into())
    });
    match algorithm {
        "ES256" => P256.as_ref(),
        "ES384" => P384.as_ref(),
        _ => unknown_key(),
    }
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

/// The bytes of the first PEM block of a private key.
fn pem_block(pem: &str) -> Option<Vec<u8>> {
    let (_, rest) = pem.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    if !["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"].contains(&label) {
        return None;
    }
    let (body, _) = rest.split_once("-----END ")?;
    let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(body).ok()
}

/// Keys for tests.
#[cfg(test)]
pub(crate) mod sample {
    use serde_json::json;

    use super::*;
    use crate::jwt::base64url;

    /// A new EC key as private JWK.
    pub(crate) fn ec_jwk() -> Value {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let private: EcPrivateKeyBin<'static> = pair.private_key().as_be_bytes().unwrap();
        let point = pair.public_key().as_ref();
        json!({
            "kty": "EC", "crv": "P-256", "kid": "ec-1",
            "x": base64url(&point[1..33]), "y": base64url(&point[33..]),
            "d": base64url(private.as_ref()),
        })
    }

    /// The unknown key as PEM, for it is the one RSA key tests have.
    pub(crate) fn rsa_pem() -> String {
        let Kind::Rsa(pair) = &unknown_key().unwrap().kind else {
            unreachable!("the unknown key is RSA");
        };
        let der: Pkcs8V1Der<'static> = pair.as_der().unwrap();
        format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(der.as_ref())
        )
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
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jwks::{Jwks, SignatureProblem};
    use crate::jwt::{Jwt, base64url};

    fn signed(key: &SigningKey, alg: &str, kid: &str) -> Jwt {
        let header = json!({"alg": alg, "kid": kid});
        let mut jwt = Jwt::new(header.as_object().cloned().unwrap(), Map::new());
        jwt.signature = base64url(key.sign(alg, jwt.signing_input.as_bytes()).unwrap());
        jwt
    }

    #[test]
    fn an_unknown_key_is_of_the_kind_that_the_algorithm_takes() {
        for (asked, signs) in [
            ("ES256", "ES256"),
            ("ES384", "ES384"),
            ("RS512", "RS256"),
            ("none", "RS256"),
        ] {
            assert_eq!(
                unknown_key_for(asked).unwrap().algorithm(),
                signs,
                "{asked}"
            );
        }
    }

    #[test]
    fn an_ec_key_from_a_jwk_signs_what_its_public_half_verifies() {
        let jwk = sample::ec_jwk();
        let key = SigningKey::from_jwk(&jwk).unwrap();
        let jwks = Jwks::parse(&json!({"keys": [jwk, {"kty": "new"}]})).unwrap();
        assert_eq!(jwks.len(), 1);
        let mut jwt = signed(&key, "ES256", "ec-1");
        assert_eq!(jwks.verify(&jwt), Ok(()));
        assert_eq!(jwks.key_of(&jwt).unwrap().pem(), key.public_pem());
        jwt.signing_input.push('x');
        assert_eq!(jwks.verify(&jwt), Err(SignatureProblem::Bad("ec-1".into())));
    }

    #[test]
    fn an_rsa_key_from_pem_signs_with_every_rsa_algorithm() {
        let key = SigningKey::from_pem(&sample::rsa_pem()).unwrap();
        let jwks = Jwks::parse(&json!({"keys": [sample::rsa_public_jwk("r")]})).unwrap();
        for alg in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] {
            assert_eq!(jwks.verify(&signed(&key, alg, "r")), Ok(()), "{alg}");
        }
        let pem = key.public_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\nMIIB"));
        let jwt = signed(&key, "RS256", "r");
        assert_eq!(jwks.key_of(&jwt).unwrap().pem(), Some(pem));
    }

    #[test]
    fn a_signature_problem_says_what_is_wrong() {
        let key = SigningKey::from_pem(&sample::rsa_pem()).unwrap();
        let jwks = Jwks::parse(&json!({"keys": [sample::rsa_public_jwk("r")]})).unwrap();
        let shown = |jwt: &Jwt| jwks.verify(jwt).unwrap_err().to_string();
        assert_eq!(
            shown(&signed(&key, "RS256", "x")),
            "no published key has the kid `x`"
        );
        assert_eq!(
            shown(&signed(&key, "ES256", "r")),
            "alg `ES256` does not fit the type of the published key"
        );
        assert_eq!(
            shown(&signed(&key, "HS256", "r")),
            "alg `HS256` is not a public-key signature"
        );
        assert_eq!(shown(&signed(&key, "XX", "r")), "alg `XX` is not supported");
        let mut unsigned = signed(&key, "none", "r");
        unsigned.signature.clear();
        assert_eq!(
            shown(&unsigned),
            "it is not signed: the signature is empty (alg `none`)"
        );
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert_eq!(
            SigningKey::from_pem("hello").err(),
            Some(KeyProblem::NotPem)
        );
        let broken = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
        assert_eq!(
            SigningKey::from_pem(broken).err(),
            Some(KeyProblem::Unusable)
        );
        assert_eq!(
            SigningKey::from_jwk(&json!({"kty": "RSA"})).err(),
            Some(KeyProblem::NotJwk)
        );
        let mut wrong = sample::ec_jwk();
        wrong["d"] = sample::ec_jwk()["d"].clone();
        assert_eq!(
            SigningKey::from_jwk(&wrong).err(),
            Some(KeyProblem::Unusable)
        );
    }
}
