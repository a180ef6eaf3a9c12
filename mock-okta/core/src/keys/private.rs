//! Private keys: made from a seed or read from PEM, and written out again for the target file.
//!
//! RSA keys are made by the `rsa` crate, EC keys from a scalar drawn here. Neither signs a request.

use aws_lc_rs::agreement::{self, ECDH_P256, ECDH_P384, ECDH_P521};
use aws_lc_rs::encoding::{AsBigEndian as _, EcPrivateKeyBin};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::pkcs8::der::{Decode as _, asn1::UintRef};
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding, SecretDocument};
use rsa::rand_core::CryptoRng;
use serde_json::{Map, Value, json};

use super::public::curve;
use super::{KeyError, broken};
use crate::org::KeyAlg;
use crate::secret::Secret;

/// A private key of one algorithm.
pub(super) enum Private {
    Rsa(Box<rsa::PrivateKey>),
    Ec(EcKey),
}

/// An EC key with the curve it is on.
pub(super) struct EcKey {
    pair: EcdsaKeyPair,
    curve: &'static str,
}

impl Private {
    /// Makes a key; the same generator makes the same key.
    pub(super) fn make(
        label: &str,
        alg: KeyAlg,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, KeyError> {
        let Some((curve, length)) = curve(alg) else {
            let key = rsa::PrivateKey::new(rng, 2048)
                .map_err(|error| broken(label, &error.to_string()))?;
            return Ok(Self::Rsa(Box::new(key)));
        };
        let (agreement, signing) = algorithms(alg);
        // A scalar beyond the order of the curve is rejected; that happens once in 2^32 draws and less.
        for _ in 0..8 {
            let mut scalar = vec![0; length];
            rng.fill_bytes(&mut scalar);
            if alg == KeyAlg::Es512 {
                // The order has 521 bits.
                scalar[0] &= 1;
            }
            let made = agreement::PrivateKey::from_private_key(agreement, &scalar)
                .ok()
                .and_then(|private| private.compute_public_key().ok())
                .and_then(|public| {
                    EcdsaKeyPair::from_private_key_and_public_key(signing, &scalar, public.as_ref())
                        .ok()
                });
            if let Some(pair) = made {
                return Ok(Self::Ec(EcKey { pair, curve }));
            }
        }
        Err(broken(label, "no scalar was drawn"))
    }

    /// Reads PKCS#8 PEM.
    pub(super) fn read(label: &str, alg: KeyAlg, pem: &Secret) -> Result<Self, KeyError> {
        let expected = |what: &str| {
            broken(
                label,
                &format!("expected {what} private key as PKCS#8 PEM (BEGIN PRIVATE KEY)"),
            )
        };
        let Some((curve, _)) = curve(alg) else {
            return rsa::PrivateKey::from_pkcs8_pem(pem.reveal())
                .map(|key| Self::Rsa(Box::new(key)))
                .map_err(|_| expected("an RSA"));
        };
        let (_, signing) = algorithms(alg);
        let document = SecretDocument::from_pem(pem.reveal()).ok();
        let document = document.filter(|(label, _)| *label == "PRIVATE KEY");
        document
            .and_then(|(_, der)| EcdsaKeyPair::from_pkcs8(signing, der.as_bytes()).ok())
            .map(|pair| Self::Ec(EcKey { pair, curve }))
            .ok_or_else(|| expected(&format!("a {curve}")))
    }

    /// As PKCS#8 PEM.
    pub(super) fn pem(&self, label: &str) -> Result<Secret, KeyError> {
        let pem = match self {
            Self::Rsa(key) => key
                .to_pkcs8_pem(LineEnding::LF)
                .map_err(|error| broken(label, &error.to_string()))?,
            Self::Ec(key) => {
                let der = key
                    .pair
                    .to_pkcs8v1()
                    .map_err(|_| broken(label, "it cannot be written"))?;
                let document = SecretDocument::from_pkcs8_der(der.as_ref())
                    .map_err(|error| broken(label, &error.to_string()))?;
                document
                    .to_pem("PRIVATE KEY", LineEnding::LF)
                    .map_err(|error| broken(label, &error.to_string()))?
            }
        };
        Ok(Secret::new(pem.as_str()))
    }

    /// Only servers sign here, and only with RSA.
    pub(super) fn signer(&self, label: &str) -> Result<Option<RsaKeyPair>, KeyError> {
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

    /// As a private JWK.
    pub(super) fn jwk(&self, label: &str) -> Result<Map<String, Value>, KeyError> {
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
                let private: EcPrivateKeyBin<'_> = key
                    .pair
                    .private_key()
                    .as_be_bytes()
                    .map_err(|_| broken(label, "it cannot be written"))?;
                let point = key.pair.public_key().as_ref();
                let (x, y) = point[1..].split_at((point.len() - 1) / 2);
                json!({
                    "kty": "EC", "crv": key.curve, "x": B64.encode(x), "y": B64.encode(y),
                    "d": B64.encode(private.as_ref()),
                })
            }
        };
        match value {
            Value::Object(map) => Ok(map),
            _ => Err(broken(label, "a JWK is an object")),
        }
    }
}

fn algorithms(
    alg: KeyAlg,
) -> (
    &'static agreement::Algorithm,
    &'static EcdsaSigningAlgorithm,
) {
    match alg {
        KeyAlg::Es384 => (&ECDH_P384, &ECDSA_P384_SHA384_FIXED_SIGNING),
        KeyAlg::Es512 => (&ECDH_P521, &ECDSA_P521_SHA512_FIXED_SIGNING),
        _ => (&ECDH_P256, &ECDSA_P256_SHA256_FIXED_SIGNING),
    }
}
