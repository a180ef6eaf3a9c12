//! Compact JWS with a key that is parsed once.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use mock_okta_core::keys::ClientKey;
use mock_okta_core::org::KeyAlg;
use serde_json::{Value, json};

/// A client's private key, ready to sign.
#[derive(Debug)]
pub struct Signer {
    kid: String,
    key: Key,
}

#[derive(Debug)]
enum Key {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

impl Signer {
    /// From a key that the org made.
    pub fn of(key: &ClientKey) -> Self {
        let pem = key.private_pem.as_ref().expect("the org made the key");
        let der = der(pem.reveal());
        let pair = match key.public.alg {
            KeyAlg::Rs256 => Key::Rsa(RsaKeyPair::from_pkcs8(&der).expect("an RSA key")),
            KeyAlg::Es256 => Key::Ec(
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der)
                    .expect("a P-256 key"),
            ),
            other => panic!("no key of the standard org is for {}", other.as_str()),
        };
        Self {
            kid: key.public.kid.clone(),
            key: pair,
        }
    }

    /// From an RSA key in PKCS#8 PEM.
    pub fn from_rsa_pem(kid: &str, pem: &str) -> Self {
        let pair = RsaKeyPair::from_pkcs8(&der(pem)).expect("an RSA key");
        Self {
            kid: kid.to_owned(),
            key: Key::Rsa(pair),
        }
    }

    /// Signs claims.
    pub fn sign(&self, claims: &Value) -> String {
        let alg = match self.key {
            Key::Rsa(_) => "RS256",
            Key::Ec(_) => "ES256",
        };
        self.sign_with_header(
            &json!({ "alg": alg, "kid": self.kid, "typ": "JWT" }),
            claims,
        )
    }

    /// Signs claims under a header that may say something else than is done.
    pub fn sign_with_header(&self, header: &Value, claims: &Value) -> String {
        let mut text = format!("{}.{}", part(header), part(claims));
        let signature = self.signature(text.as_bytes());
        text.push('.');
        B64.encode_string(signature, &mut text);
        text
    }

    /// The bare signature, as the yardstick of the benches needs it.
    pub fn signature(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.key {
            Key::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .expect("a parsed key signs");
                signature
            }
            Key::Ec(pair) => {
                let signature = pair.sign(&random, message).expect("a parsed key signs");
                signature.as_ref().to_vec()
            }
        }
    }
}

fn der(pem: &str) -> Vec<u8> {
    let lines = pem.lines().filter(|line| !line.starts_with("---"));
    let base64: String = lines.collect();
    STANDARD.decode(base64).expect("PEM holds base64")
}

/// A header or claims as they stand in a JWT.
pub fn part(value: &Value) -> String {
    B64.encode(value.to_string())
}
