//! Published keys, and the one thing a library decides here: whether a signature fits.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
    RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::jwt::{Jwt, base64url, from_base64url};
use crate::scenario::model::ServerRole;

/// A key set as a server publishes it (RFC 7517 §5). Keys of unknown types are left out, as the RFC has it.
#[derive(Clone, Default)]
pub struct Jwks {
    keys: Vec<PublicKey>,
    /// As it was published.
    document: Value,
    /// Where the tokens are those of a recording: which signatures fitted.
    recorded: Option<Arc<Fitting>>,
}

/// Which signatures of a recording fitted which keys. The signatures themselves are not kept, so nothing can be verified
/// again; the keys are.
#[derive(Debug, Default)]
pub struct Fitting(BTreeMap<String, Vec<String>>);

impl Fitting {
    /// By token: the thumbprints of the keys that its signature fits.
    pub fn new(by_token: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        Self(by_token.into_iter().collect())
    }

    fn fits(&self, jwt: &Jwt, key: &PublicKey) -> Option<bool> {
        let keys = self.0.get(&jwt.encode())?;
        Some(keys.contains(&key.thumbprint()))
    }
}

/// One published key.
#[derive(Clone)]
pub struct PublicKey {
    /// `kid`.
    pub kid: Option<String>,
    material: Material,
    decoding: DecodingKey,
}

/// The two names of `EdDSA` on Curve25519: RFC 8037 §3.1 and RFC 9864 §2.2.
const EDDSA: [&str; 2] = ["EdDSA", "Ed25519"];
/// ECDSA on P-521, which the library does not know.
const ES512: &str = "ES512";

#[derive(Clone)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    P521(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// Why a signature does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureProblem {
    /// There is no third part, or it is empty.
    #[error("it is not signed: the signature is empty (alg `{0}`)")]
    Unsigned(String),
    /// The header names no algorithm.
    #[error("the header has no `alg`")]
    NoAlgorithm,
    /// `none`, or a shared-secret algorithm, which a published key cannot verify.
    #[error("alg `{0}` is not a public-key signature")]
    NotPublicKey(String),
    /// An algorithm nobody here knows.
    #[error("alg `{0}` is not supported")]
    UnknownAlgorithm(String),
    /// No published key has this `kid`.
    #[error("no published key has the kid `{0}`")]
    UnknownKid(String),
    /// No `kid`, and more keys than one to choose from.
    #[error("the header has no `kid`, and {0} keys are published")]
    NoKid(usize),
    /// The key is of another kind than the algorithm needs.
    #[error("alg `{0}` does not fit the type of the published key")]
    KeyMismatch(String),
    /// Key and algorithm are right, the signature is not.
    #[error("the signature does not verify with the published key{}", named(.0))]
    Bad(String),
    /// The token is none of the recording that is judged.
    #[error("whether the signature fits was not recorded")]
    NotRecorded,
}

/// The `kid` for a message, or nothing where a key has none.
fn named(kid: &str) -> String {
    if kid.is_empty() {
        String::new()
    } else {
        format!(" `{kid}`")
    }
}

impl Jwks {
    /// Reads a key set. `None` when it is not one.
    pub fn parse(document: &Value) -> Option<Self> {
        let keys = document.get("keys")?.as_array()?;
        Some(Self {
            keys: keys.iter().filter_map(PublicKey::parse).collect(),
            document: document.clone(),
            recorded: None,
        })
    }

    /// The same keys for tokens of a recording.
    #[must_use]
    pub fn of_recording(self, fitting: Arc<Fitting>) -> Self {
        Self {
            recorded: Some(fitting),
            ..self
        }
    }

    /// As it was published.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The thumbprints of those keys that a signature fits. Of a token that names a key, keys of that name are tried.
    pub fn fitting(&self, jwt: &Jwt) -> Vec<String> {
        let kid = jwt.header_str("kid");
        let named = self
            .keys
            .iter()
            .filter(|key| kid.is_none() || key.kid.as_deref() == kid);
        let fits = |key: &&PublicKey| {
            let only = Self {
                keys: vec![(*key).clone()],
                ..Self::default()
            };
            only.verify(jwt).is_ok()
        };
        named.filter(fits).map(PublicKey::thumbprint).collect()
    }

    /// How many keys could be read.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The key a token names; the only one if it names none.
    pub fn key_of(&self, jwt: &Jwt) -> Result<&PublicKey, SignatureProblem> {
        match (jwt.header_str("kid"), self.keys.as_slice()) {
            (None, [only]) => Ok(only),
            (None, keys) => Err(SignatureProblem::NoKid(keys.len())),
            (Some(kid), keys) => keys
                .iter()
                .find(|key| key.kid.as_deref() == Some(kid))
                .ok_or_else(|| SignatureProblem::UnknownKid(kid.to_owned())),
        }
    }

    /// Verifies the token's signature with the key that its `kid` names, or with the only key if it has no `kid`.
    pub fn verify(&self, jwt: &Jwt) -> Result<(), SignatureProblem> {
        let alg = jwt.header_str("alg").ok_or(SignatureProblem::NoAlgorithm)?;
        if jwt.signature.is_empty() {
            return Err(SignatureProblem::Unsigned(alg.to_owned()));
        }
        if alg.eq_ignore_ascii_case("none") || alg.starts_with("HS") {
            return Err(SignatureProblem::NotPublicKey(alg.to_owned()));
        }
        let algorithm = match alg {
            ES512 => None,
            _ if EDDSA.contains(&alg) => Some(Algorithm::EdDSA),
            _ => Some(
                Algorithm::from_str(alg)
                    .map_err(|_| SignatureProblem::UnknownAlgorithm(alg.to_owned()))?,
            ),
        };
        let key = self.key_of(jwt)?;
        let Some(recorded) = &self.recorded else {
            return key.verify(jwt, alg, algorithm);
        };
        if !key.goes_with(algorithm) {
            return Err(SignatureProblem::KeyMismatch(alg.to_owned()));
        }
        match recorded.fits(jwt, key) {
            Some(true) => Ok(()),
            Some(false) => Err(SignatureProblem::Bad(key.kid.clone().unwrap_or_default())),
            None => Err(SignatureProblem::NotRecorded),
        }
    }
}

impl PublicKey {
    /// Reads a JWK: RSA, EC on P-256, P-384 or P-521, or OKP on Ed25519.
    pub fn parse(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let (material, decoding) = match text("kty")? {
            "RSA" => {
                let (n, e) = (text("n")?, text("e")?);
                let decoding = DecodingKey::from_rsa_components(n, e).ok()?;
                let material = Material::Rsa {
                    n: from_base64url(n)?,
                    e: from_base64url(e)?,
                };
                (material, decoding)
            }
            "EC" => {
                let (x, y) = (text("x")?, text("y")?);
                let decoding = DecodingKey::from_ec_components(x, y).ok()?;
                let point = [vec![4], from_base64url(x)?, from_base64url(y)?].concat();
                let material = match text("crv")? {
                    "P-256" => Material::P256(point),
                    "P-384" => Material::P384(point),
                    "P-521" => Material::P521(point),
                    _ => return None,
                };
                (material, decoding)
            }
            // RFC 8037 §2.
            "OKP" if text("crv") == Some("Ed25519") => {
                let x = text("x")?;
                let decoding = DecodingKey::from_ed_components(x).ok()?;
                (Material::Ed25519(from_base64url(x)?), decoding)
            }
            _ => return None,
        };
        Some(Self {
            kid: text("kid").map(str::to_owned),
            material,
            decoding,
        })
    }

    /// The key as PEM (`SubjectPublicKeyInfo`).
    pub fn pem(&self) -> Option<String> {
        let der = match &self.material {
            Material::Rsa { n, e } => RsaPublicKeyComponents { n, e }
                .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
                .ok()?
                .as_der(),
            Material::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .parse()
                .ok()?
                .as_der(),
            Material::P384(point) => UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point)
                .parse()
                .ok()?
                .as_der(),
            Material::P521(point) => UnparsedPublicKey::new(&ECDSA_P521_SHA512_FIXED, point)
                .parse()
                .ok()?
                .as_der(),
            Material::Ed25519(x) => UnparsedPublicKey::new(&ED25519, x).parse().ok()?.as_der(),
        };
        Some(public_pem(der.ok()?.as_ref()))
    }

    /// What tells it from every other key, whatever it is called.
    fn thumbprint(&self) -> String {
        let (kind, parts): (&str, [&[u8]; 2]) = match &self.material {
            Material::Rsa { n, e } => ("RSA", [n, e]),
            Material::P256(point) => ("P-256", [point, &[]]),
            Material::P384(point) => ("P-384", [point, &[]]),
            Material::P521(point) => ("P-521", [point, &[]]),
            Material::Ed25519(x) => ("Ed25519", [x, &[]]),
        };
        let mut hash = Sha256::new().chain_update(kind);
        for part in parts {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        base64url(hash.finalize())
    }

    fn goes_with(&self, algorithm: Option<Algorithm>) -> bool {
        match self.material {
            Material::Rsa { .. } => {
                algorithm.is_some_and(|named| AlgorithmFamily::Rsa.algorithms().contains(&named))
            }
            Material::P256(_) => algorithm == Some(Algorithm::ES256),
            Material::P384(_) => algorithm == Some(Algorithm::ES384),
            Material::P521(_) => algorithm.is_none(),
            Material::Ed25519(_) => algorithm == Some(Algorithm::EdDSA),
        }
    }

    /// `algorithm` is `None` for ES512.
    fn verify(
        &self,
        jwt: &Jwt,
        alg: &str,
        algorithm: Option<Algorithm>,
    ) -> Result<(), SignatureProblem> {
        if !self.goes_with(algorithm) {
            return Err(SignatureProblem::KeyMismatch(alg.to_owned()));
        }
        let signed = jwt.signing_input.as_bytes();
        let holds = match (&self.material, algorithm) {
            (Material::P521(point), _) => {
                let key = UnparsedPublicKey::new(&ECDSA_P521_SHA512_FIXED, point);
                from_base64url(&jwt.signature)
                    .is_some_and(|signature| key.verify(signed, &signature).is_ok())
            }
            (_, Some(algorithm)) => {
                let (signature, key) = (&jwt.signature, &self.decoding);
                let verified = jsonwebtoken::crypto::verify(signature, signed, key, algorithm);
                verified.unwrap_or(false)
            }
            (_, None) => false,
        };
        if holds {
            Ok(())
        } else {
            Err(SignatureProblem::Bad(self.kid.clone().unwrap_or_default()))
        }
    }
}

/// The key sets of a target's servers, as far as they were fetched. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct KeyRing {
    sets: BTreeMap<ServerRole, Result<Arc<Jwks>, String>>,
}

impl KeyRing {
    /// Keeps a server's key set, or why it could not be fetched.
    pub fn insert(&mut self, role: ServerRole, set: Result<Arc<Jwks>, String>) {
        self.sets.insert(role, set);
    }

    /// A server's key set, or why there is none.
    pub fn of(&self, role: ServerRole) -> Result<&Jwks, String> {
        match self.sets.get(&role) {
            Some(Ok(jwks)) => Ok(jwks),
            Some(Err(why)) => Err(why.clone()),
            None => Err(format!("the keys of `{role}` were not fetched")),
        }
    }

    /// Whether a server's keys were asked for.
    pub fn knows(&self, role: ServerRole) -> bool {
        self.sets.contains_key(&role)
    }

    /// Every server whose keys were asked for: its key set, or why there is none.
    pub fn sets(&self) -> impl Iterator<Item = (ServerRole, &Result<Arc<Jwks>, String>)> {
        self.sets.iter().map(|(role, set)| (*role, set))
    }

    /// All sets that could be had.
    pub fn fetched(&self) -> impl Iterator<Item = &Jwks> {
        self.sets.values().filter_map(|set| set.as_deref().ok())
    }

    /// The server whose key made a signature.
    pub fn signer_of(&self, jwt: &Jwt) -> Option<ServerRole> {
        let mut sets = self.sets.iter();
        sets.find(|(_, set)| set.as_ref().is_ok_and(|jwks| jwks.verify(jwt).is_ok()))
            .map(|(role, _)| *role)
    }
}

/// Shows the names, not the document, in which a careless server may show more than it should.
impl fmt::Debug for Jwks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jwks({:?})", self.keys)
    }
}

/// Shows the name, not the numbers.
impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?})", self.kid)
    }
}

/// PEM of a `SubjectPublicKeyInfo` (RFC 7468 §13).
pub(crate) fn public_pem(der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END PUBLIC KEY-----\n");
    pem
}

/// Servers' keys for tests of other modules.
#[cfg(test)]
pub(crate) mod sample {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    use serde_json::{Value, json};

    use super::Jwks;
    use crate::jwt::{Jwt, base64url};

    /// A key pair of a server.
    pub(crate) struct Pair {
        pair: EcdsaKeyPair,
        kid: String,
    }

    impl Pair {
        pub(crate) fn new(kid: &str) -> Self {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
            let kid = kid.to_owned();
            Self { pair, kid }
        }

        /// What a server with this key alone would publish.
        pub(crate) fn document(&self) -> Value {
            let point = self.pair.public_key().as_ref();
            let (x, y) = (base64url(&point[1..33]), base64url(&point[33..]));
            let jwk = json!({"kty": "EC", "crv": "P-256", "kid": self.kid, "x": x, "y": y});
            json!({"keys": [jwk]})
        }

        /// The same, read.
        pub(crate) fn published(&self) -> Jwks {
            Jwks::parse(&self.document()).unwrap()
        }

        /// A JWT with this header and these claims, signed.
        pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
            let object = |value: &Value| value.as_object().cloned().unwrap();
            let mut jwt = Jwt::new(object(header), object(claims));
            let random = SystemRandom::new();
            let signature = self.pair.sign(&random, jwt.signing_input.as_bytes());
            jwt.signature = base64url(signature.unwrap());
            jwt.encode()
        }
    }
}
