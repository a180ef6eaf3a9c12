//! JWTs as a test writes them: header and claims to bend, and somebody's key to sign with.

use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::{hmac, signature};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use mock_okta_core::keys::{ServerName, SigningKey};
use mock_okta_core::org::ClientId;
use serde_json::{Value, json};

use super::Client;

/// A JWT that is not signed yet.
#[derive(Clone)]
pub struct Jws {
    pub header: Value,
    pub claims: Value,
    pub signer: Signer,
}

/// Who signs, or what stands in for a signature.
#[derive(Clone)]
pub enum Signer {
    /// The algorithm of the key, and the key as PKCS#8.
    Private(String, Vec<u8>),
    /// The algorithm, and the secret.
    Mac(&'static str, Vec<u8>),
    /// A server of the org.
    Server(Arc<SigningKey>),
    /// Nobody.
    Nobody,
}

impl Jws {
    /// Sets a header member.
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header[name] = value.into();
        self
    }

    /// Sets a claim; null takes it away.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let claims = self.claims.as_object_mut().expect("an object");
        if value.is_null() {
            claims.shift_remove(name);
        } else {
            claims.insert(name.to_owned(), value);
        }
        self
    }

    /// Takes a header member away.
    pub fn without_header(mut self, name: &str) -> Self {
        let header = self.header.as_object_mut().expect("an object");
        header.shift_remove(name);
        self
    }

    /// Has another key sign.
    pub fn signed_by(mut self, signer: Signer) -> Self {
        self.signer = signer;
        self
    }

    /// The compact serialisation.
    pub fn compact(&self) -> String {
        self.with_text(&self.header.to_string(), self.claims.to_string())
    }

    /// The same with this text as its header and its payload.
    pub fn with_text(&self, header: &str, payload: impl AsRef<[u8]>) -> String {
        self.sealed(&format!("{}.{}", B64.encode(header), B64.encode(payload)))
    }

    /// A signing input as it is, with the signature over it.
    pub fn sealed(&self, input: &str) -> String {
        let signature = self.signer.sign(input.as_bytes());
        format!("{input}.{}", B64.encode(signature))
    }
}

impl Signer {
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Nobody => Vec::new(),
            Self::Server(key) => key.sign(message).expect("signs"),
            Self::Mac(alg, secret) => {
                let alg = match *alg {
                    "HS256" => hmac::HMAC_SHA256,
                    "HS384" => hmac::HMAC_SHA384,
                    _ => hmac::HMAC_SHA512,
                };
                let key = hmac::Key::new(alg, secret);
                hmac::sign(&key, message).as_ref().to_vec()
            }
            Self::Private(alg, der) => asymmetric(alg, der, message),
        }
    }
}

fn asymmetric(alg: &str, der: &[u8], message: &[u8]) -> Vec<u8> {
    let random = SystemRandom::new();
    let rsa: &dyn signature::RsaEncoding = match alg {
        "RS256" => &signature::RSA_PKCS1_SHA256,
        "RS384" => &signature::RSA_PKCS1_SHA384,
        "RS512" => &signature::RSA_PKCS1_SHA512,
        "PS256" => &signature::RSA_PSS_SHA256,
        _ => {
            let alg = match alg {
                "ES256" => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
                "ES384" => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
                _ => &signature::ECDSA_P521_SHA512_FIXED_SIGNING,
            };
            let pair = signature::EcdsaKeyPair::from_pkcs8(alg, der).expect("a key");
            return pair
                .sign(&random, message)
                .expect("signs")
                .as_ref()
                .to_vec();
        }
    };
    let pair = aws_lc_rs::rsa::KeyPair::from_pkcs8(der).expect("a key");
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(rsa, &random, message, &mut signature)
        .expect("signs");
    signature
}

impl Client {
    /// A client's key, the first or the one with this `kid`.
    pub fn signer(&self, client: &str, kid: Option<&str>) -> (String, Signer) {
        let snapshot = self.core.snapshot();
        let keys = snapshot.keys.client(&ClientId::new(client));
        let key = keys
            .iter()
            .find(|key| kid.is_none_or(|kid| key.public.kid == kid))
            .expect("a key");
        let pem = key.private_pem.as_ref().expect("a made key").reveal();
        let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(body).expect("base64");
        (
            key.public.kid.clone(),
            Signer::Private(key.public.alg.as_str().to_owned(), der),
        )
    }

    /// The algorithm of a client's key.
    pub fn alg(&self, client: &str, kid: &str) -> String {
        match self.signer(client, Some(kid)).1 {
            Signer::Private(alg, _) => alg,
            _ => unreachable!("a client's own key"),
        }
    }

    /// A server's key.
    pub fn server_signer(&self, server: &ServerName) -> (String, Signer) {
        let snapshot = self.core.snapshot();
        let active = Arc::clone(&snapshot.keys.server(server).expect("keys").active);
        (active.public.kid.clone(), Signer::Server(active))
    }

    /// A client assertion for the endpoint at `path`, right in every part.
    pub fn assertion(&self, client: &str, path: &str) -> Jws {
        let (kid, signer) = self.signer(client, None);
        let Signer::Private(alg, _) = &signer else {
            unreachable!("a client's own key")
        };
        let header = json!({ "alg": alg, "kid": kid });
        Jws {
            header,
            claims: self.assertion_claims(client, path),
            signer,
        }
    }

    /// A client assertion signed with the client's secret.
    pub fn secret_assertion(
        &self,
        client: &str,
        path: &str,
        alg: &'static str,
        secret: &str,
    ) -> Jws {
        Jws {
            header: json!({ "alg": alg }),
            claims: self.assertion_claims(client, path),
            signer: Signer::Mac(alg, secret.as_bytes().to_vec()),
        }
    }

    fn assertion_claims(&self, client: &str, path: &str) -> Value {
        let now = self.now.get();
        json!({
            "iss": client, "sub": client, "aud": format!("{}{path}", super::BASE),
            "iat": now, "exp": now + 60, "jti": self.fresh("jti"),
        })
    }

    /// An issued token, taken apart so that a server's key can sign it again.
    pub fn reopened(&self, token: &str, server: &ServerName) -> Jws {
        let part = |index| {
            let part = token.split('.').nth(index).expect("a JWT");
            serde_json::from_slice(&B64.decode(part).expect("base64url")).expect("JSON")
        };
        Jws {
            header: part(0),
            claims: part(1),
            signer: self.server_signer(server).1,
        }
    }
}
