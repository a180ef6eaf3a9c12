//! Keys: made from a seed, parsed once, distinct for each issuer of the org.
//!
//! The `rsa` and `p256` crates make and export keys; requests are signed by aws-lc-rs with a key that was parsed
//! when the ring was assembled. Making an RSA key costs tens of milliseconds, so the work is handed out as
//! [`KeyJob`]s that the shell may run on several threads.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use jsonwebtoken::DecodingKey;
use p256::elliptic_curve::sec1::ToSec1Point as _;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::pkcs8::der::{Decode as _, asn1::UintRef};
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding};
use rsa::rand_core::CryptoRng;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::org::{ClientId, CustomServerId, KeyAlg, KeyOrigin, Org};
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

/// All keys of an org.
#[derive(Debug, Clone)]
pub struct Keyring {
    servers: BTreeMap<ServerName, ServerKeys>,
    clients: BTreeMap<ClientId, Vec<ClientKey>>,
}

/// Keys of one authorization server.
#[derive(Debug, Clone)]
pub struct ServerKeys {
    /// Signs.
    pub active: Arc<SigningKey>,
    /// Published, and verified against, but signing no more.
    pub retired: Vec<PublicKey>,
}

impl ServerKeys {
    /// Every published key, the active one first.
    pub fn published(&self) -> impl Iterator<Item = &PublicKey> {
        std::iter::once(&self.active.public).chain(&self.retired)
    }
}

/// A server's private key, parsed.
#[derive(Debug)]
pub struct SigningKey {
    pair: RsaKeyPair,
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

/// A public key, as published and as used to verify.
#[derive(Debug, Clone)]
pub struct PublicKey {
    /// `kid`
    pub kid: String,
    /// Algorithm.
    pub alg: KeyAlg,
    /// Public JWK.
    pub jwk: Map<String, Value>,
    /// Parsed.
    pub decoding: DecodingKey,
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

impl Keyring {
    /// What must be made before the org can answer. Each job is independent of the others.
    pub fn jobs(org: &Org, seed: &[u8; 32]) -> Vec<KeyJob> {
        let server = |name: ServerName, pem: &Option<Secret>| {
            let label = match &name {
                ServerName::Org => "org".to_owned(),
                ServerName::Custom(id) => format!("custom {id}"),
            };
            KeyJob {
                seed: derive(seed, &label),
                label,
                owner: Owner::Server(name),
                alg: KeyAlg::Rs256,
                kid: None,
                origin: pem.clone().map_or(KeyOrigin::Fresh, KeyOrigin::Private),
            }
        };
        let mut jobs = vec![server(ServerName::Org, &org.org_key_pem)];
        for custom in org.custom_servers.values() {
            jobs.push(server(
                ServerName::Custom(custom.id.clone()),
                &custom.key_pem,
            ));
        }
        for client in org.clients.values() {
            for key in &client.keys {
                let label = format!("client {} {}", client.id, key.kid);
                jobs.push(KeyJob {
                    seed: derive(seed, &label),
                    label,
                    owner: Owner::Client(client.id.clone()),
                    alg: key.alg,
                    kid: Some(key.kid.clone()),
                    origin: key.origin.clone(),
                });
            }
        }
        jobs
    }

    /// The ring of all keys made, in any order.
    ///
    /// # Errors
    /// When a server's key is missing among them.
    pub fn assemble(org: &Org, made: Vec<MadeKey>) -> Result<Self, KeyError> {
        let mut ring = Self {
            servers: BTreeMap::new(),
            clients: BTreeMap::new(),
        };
        for key in made {
            match (key.owner, key.signing) {
                (Owner::Server(name), Some(signing)) => {
                    ring.servers.insert(
                        name,
                        ServerKeys {
                            active: Arc::new(signing),
                            retired: Vec::new(),
                        },
                    );
                }
                (Owner::Client(id), _) => ring.clients.entry(id).or_default().push(key.client),
                (Owner::Server(_), None) => return Err(broken("a server", "it cannot sign")),
            }
        }
        let names = std::iter::once(ServerName::Org)
            .chain(org.custom_servers.keys().cloned().map(ServerName::Custom));
        for name in names {
            if !ring.servers.contains_key(&name) {
                return Err(broken(&format!("{name:?}"), "none was made"));
            }
        }
        Ok(ring)
    }

    /// All keys, made one after the other in this thread.
    ///
    /// # Errors
    /// When a pinned key cannot be read.
    pub fn make(org: &Org, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let made = Self::jobs(org, seed)
            .into_iter()
            .map(KeyJob::run)
            .collect::<Result<_, _>>()?;
        Self::assemble(org, made)
    }

    /// Keys of a server.
    pub fn server(&self, name: &ServerName) -> Option<&ServerKeys> {
        self.servers.get(name)
    }

    /// Keys of a client, none when it has none.
    pub fn client(&self, id: &ClientId) -> &[ClientKey] {
        self.clients.get(id).map_or(&[], Vec::as_slice)
    }

    /// Loses the keys of a server, as an outage would: it can sign nothing from now on.
    pub fn lose(&mut self, name: &ServerName) {
        self.servers.remove(name);
    }

    /// Makes `fresh` the signing key of a server; the old one stays published.
    ///
    /// # Errors
    /// When there is no such server or the key cannot sign.
    pub fn rotate(&mut self, name: &ServerName, fresh: MadeKey) -> Result<String, KeyError> {
        let keys = self
            .servers
            .get_mut(name)
            .ok_or_else(|| broken("a server", "there is no such server"))?;
        let signing = fresh
            .signing
            .ok_or_else(|| broken("a server", "it cannot sign"))?;
        let kid = signing.public.kid.clone();
        let old = std::mem::replace(&mut keys.active, Arc::new(signing));
        keys.retired.insert(0, old.public.clone());
        Ok(kid)
    }
}

/// Whose key a job makes.
#[derive(Debug, Clone)]
enum Owner {
    Server(ServerName),
    Client(ClientId),
}

/// One key to make or to parse; pure computation.
#[derive(Debug, Clone)]
pub struct KeyJob {
    owner: Owner,
    label: String,
    seed: [u8; 32],
    alg: KeyAlg,
    kid: Option<String>,
    origin: KeyOrigin,
}

/// The result of a [`KeyJob`].
#[derive(Debug)]
pub struct MadeKey {
    owner: Owner,
    signing: Option<SigningKey>,
    client: ClientKey,
}

impl KeyJob {
    /// A fresh signing key for a server, for rotation. `round` tells one rotation from the next.
    pub fn rotation(name: ServerName, seed: &[u8; 32], round: u64) -> Self {
        let label = format!("rotation {name:?} {round}");
        Self {
            owner: Owner::Server(name),
            seed: derive(seed, &label),
            label,
            alg: KeyAlg::Rs256,
            kid: None,
            origin: KeyOrigin::Fresh,
        }
    }

    /// Whether it takes tens of milliseconds: the shell starts these first.
    pub fn is_slow(&self) -> bool {
        self.alg == KeyAlg::Rs256 && matches!(self.origin, KeyOrigin::Fresh)
    }

    /// Makes or parses the key.
    ///
    /// # Errors
    /// When a pinned key cannot be read.
    pub fn run(self) -> Result<MadeKey, KeyError> {
        let mut rng = ChaCha20Rng::from_seed(self.seed);
        let (private, public_only) = match (&self.origin, self.alg) {
            (KeyOrigin::Public(jwk), _) => (None, Some(jwk.clone())),
            (KeyOrigin::Private(pem), KeyAlg::Rs256) => {
                (Some(Private::rsa_pem(&self.label, pem)?), None)
            }
            (KeyOrigin::Private(pem), KeyAlg::Es256) => {
                (Some(Private::ec_pem(&self.label, pem)?), None)
            }
            (KeyOrigin::Fresh, KeyAlg::Rs256) => {
                (Some(Private::rsa_fresh(&self.label, &mut rng)?), None)
            }
            (KeyOrigin::Fresh, KeyAlg::Es256) => (Some(Private::ec_fresh(&mut rng)), None),
        };
        let mut private_jwk = match &private {
            Some(key) => key.jwk(&self.label)?,
            None => public_only.unwrap_or_default(),
        };
        let kid = self.kid.unwrap_or_else(|| thumbprint(&private_jwk));
        private_jwk.insert("kid".to_owned(), json!(kid));
        private_jwk.insert("use".to_owned(), json!("sig"));
        private_jwk.insert("alg".to_owned(), json!(self.alg.as_str()));
        let public = public_key(&self.label, &kid, self.alg, &private_jwk)?;
        let (pem, signing) = match &private {
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

enum Private {
    Rsa(Box<rsa::PrivateKey>),
    Ec(p256::SecretKey),
}

impl Private {
    fn rsa_fresh(label: &str, rng: &mut impl CryptoRng) -> Result<Self, KeyError> {
        let key =
            rsa::PrivateKey::new(rng, 2048).map_err(|error| broken(label, &error.to_string()))?;
        Ok(Self::Rsa(Box::new(key)))
    }

    fn ec_fresh(rng: &mut impl CryptoRng) -> Self {
        use p256::elliptic_curve::Generate as _;
        Self::Ec(p256::SecretKey::generate_from_rng(rng))
    }

    fn rsa_pem(label: &str, pem: &Secret) -> Result<Self, KeyError> {
        rsa::PrivateKey::from_pkcs8_pem(pem.reveal())
            .map(|key| Self::Rsa(Box::new(key)))
            .map_err(|_| {
                broken(
                    label,
                    "expected an RSA private key as PKCS#8 PEM (BEGIN PRIVATE KEY)",
                )
            })
    }

    fn ec_pem(label: &str, pem: &Secret) -> Result<Self, KeyError> {
        p256::SecretKey::from_pkcs8_pem(pem.reveal())
            .map(Self::Ec)
            .map_err(|_| {
                broken(
                    label,
                    "expected a P-256 private key as PKCS#8 PEM (BEGIN PRIVATE KEY)",
                )
            })
    }

    fn pem(&self, label: &str) -> Result<Secret, KeyError> {
        let pem = match self {
            Self::Rsa(key) => key
                .to_pkcs8_pem(LineEnding::LF)
                .map_err(|error| error.to_string()),
            Self::Ec(key) => key
                .to_pkcs8_pem(LineEnding::LF)
                .map_err(|error| error.to_string()),
        };
        pem.map(|pem| Secret::new(pem.as_str()))
            .map_err(|error| broken(label, &error))
    }

    /// Only servers sign here, and only with RSA.
    fn signer(&self, label: &str) -> Result<Option<RsaKeyPair>, KeyError> {
        let Self::Rsa(key) = self else {
            return Ok(None);
        };
        let der = key
            .to_pkcs8_der()
            .map_err(|error| broken(label, &error.to_string()))?;
        RsaKeyPair::from_pkcs8(der.as_bytes())
            .map(Some)
            .map_err(|error| {
                broken(
                    label,
                    &format!("an RSA key of 2048 to 8192 bits is needed ({error})"),
                )
            })
    }

    fn jwk(&self, label: &str) -> Result<Map<String, Value>, KeyError> {
        let value = match self {
            Self::Rsa(key) => {
                let der = key
                    .to_pkcs1_der()
                    .map_err(|error| broken(label, &error.to_string()))?;
                let parts = rsa::pkcs1::RsaPrivateKey::from_der(der.as_bytes())
                    .map_err(|error| broken(label, &error.to_string()))?;
                let b64 = |number: UintRef<'_>| B64.encode(number.as_bytes());
                json!({
                    "kty": "RSA", "n": b64(parts.modulus), "e": b64(parts.public_exponent),
                    "d": b64(parts.private_exponent), "p": b64(parts.prime1), "q": b64(parts.prime2),
                    "dp": b64(parts.exponent1), "dq": b64(parts.exponent2), "qi": b64(parts.coefficient),
                })
            }
            Self::Ec(key) => {
                let point = key.public_key().to_sec1_point(false);
                let (Some(x), Some(y)) = (point.x(), point.y()) else {
                    return Err(broken(label, "the point at infinity is no public key"));
                };
                json!({
                    "kty": "EC", "crv": "P-256", "x": B64.encode(x), "y": B64.encode(y),
                    "d": B64.encode(key.to_bytes()),
                })
            }
        };
        match value {
            Value::Object(map) => Ok(map),
            _ => Err(broken(label, "a JWK is an object")),
        }
    }
}

/// Members of a JWK that anyone may see.
const PUBLIC_MEMBERS: [&str; 9] = ["kty", "alg", "use", "kid", "n", "e", "crv", "x", "y"];

fn public_key(
    label: &str,
    kid: &str,
    alg: KeyAlg,
    jwk: &Map<String, Value>,
) -> Result<PublicKey, KeyError> {
    let member = |name: &str| jwk.get(name).and_then(Value::as_str).unwrap_or_default();
    let decoding = match alg {
        KeyAlg::Rs256 => DecodingKey::from_rsa_components(member("n"), member("e")),
        KeyAlg::Es256 => DecodingKey::from_ec_components(member("x"), member("y")),
    };
    let decoding = decoding.map_err(|_| {
        broken(
            label,
            &format!("its JWK does not hold a public key for {}", alg.as_str()),
        )
    })?;
    let jwk = PUBLIC_MEMBERS
        .iter()
        .filter_map(|name| {
            jwk.get(*name)
                .map(|value| ((*name).to_owned(), value.clone()))
        })
        .collect();
    Ok(PublicKey {
        kid: kid.to_owned(),
        alg,
        jwk,
        decoding,
    })
}

/// RFC 7638 thumbprint: a `kid` that follows from the key.
fn thumbprint(jwk: &Map<String, Value>) -> String {
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

fn derive(seed: &[u8; 32], label: &str) -> [u8; 32] {
    Sha256::new()
        .chain_update(seed)
        .chain_update(label)
        .finalize()
        .into()
}

fn broken(owner: &str, reason: &str) -> KeyError {
    KeyError {
        owner: owner.to_owned(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(alg: KeyAlg, seed: u8) -> MadeKey {
        KeyJob {
            owner: Owner::Client(ClientId::new("wlptest")),
            label: "test".to_owned(),
            seed: [seed; 32],
            alg,
            kid: None,
            origin: KeyOrigin::Fresh,
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
        let signature = B64.encode(signing.sign(b"header.payload").expect("a signature"));
        let verified = jsonwebtoken::crypto::verify(
            &signature,
            b"header.payload",
            &signing.public.decoding,
            jsonwebtoken::Algorithm::RS256,
        );
        assert_eq!(verified.ok(), Some(true));
    }

    #[test]
    fn the_published_jwk_has_no_private_member() {
        for alg in [KeyAlg::Rs256, KeyAlg::Es256] {
            let jwk = fresh(alg, 4).client.public.jwk;
            for private in ["d", "p", "q", "dp", "dq", "qi"] {
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
                origin: KeyOrigin::Private(made.client.private_pem.clone().expect("a PEM")),
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
            origin: KeyOrigin::Private(Secret::new("-----BEGIN NONSENSE-----")),
        };
        let error = job.run().expect_err("nonsense").to_string();
        assert!(
            error.contains("PKCS#8") && !error.contains("NONSENSE"),
            "{error}"
        );
    }
}
