//! Signatures of clients, made with the private half of a registered key where the org knows it.
//!
//! No request needs one: clients sign for themselves. A test that asks the org to act as a client does.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaEncoding, RsaKeyPair,
};
use rsa::pkcs8::SecretDocument;

use super::{ClientKey, KeyError, broken};
use crate::org::KeyAlg;

impl ClientKey {
    /// The signature over `message` by the algorithm of the key.
    ///
    /// # Errors
    /// When only the public half of the key is known, or the cryptographic library fails.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let wrong = |reason: &str| broken(&self.public.kid, reason);
        let pem = self.private_pem.as_ref();
        let pem = pem.ok_or_else(|| wrong("only its public half is known"))?;
        let (_, der) = SecretDocument::from_pem(pem.reveal())
            .map_err(|_| wrong("its private half is not PKCS#8 PEM"))?;
        let signed = match self.public.alg {
            KeyAlg::Rs256 => sign_rsa(&RSA_PKCS1_SHA256, der.as_bytes(), message),
            KeyAlg::Rs384 => sign_rsa(&RSA_PKCS1_SHA384, der.as_bytes(), message),
            KeyAlg::Rs512 => sign_rsa(&RSA_PKCS1_SHA512, der.as_bytes(), message),
            KeyAlg::Es256 => sign_ec(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_bytes(), message),
            KeyAlg::Es384 => sign_ec(&ECDSA_P384_SHA384_FIXED_SIGNING, der.as_bytes(), message),
            KeyAlg::Es512 => sign_ec(&ECDSA_P521_SHA512_FIXED_SIGNING, der.as_bytes(), message),
        };
        signed.ok_or_else(|| wrong("signing failed"))
    }
}

fn sign_rsa(encoding: &'static dyn RsaEncoding, der: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let pair = RsaKeyPair::from_pkcs8(der).ok()?;
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(encoding, &SystemRandom::new(), message, &mut signature)
        .ok()?;
    Some(signature)
}

fn sign_ec(
    algorithm: &'static EcdsaSigningAlgorithm,
    der: &[u8],
    message: &[u8],
) -> Option<Vec<u8>> {
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, der).ok()?;
    let signature = pair.sign(&SystemRandom::new(), message).ok()?;
    Some(signature.as_ref().to_vec())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;

    use super::*;
    use crate::behaviour::Edition;
    use crate::keys::Keyring;
    use crate::org::{ClientId, Org};

    const ID: &str = "wlpalgorithms0000001";

    fn org() -> Org {
        let keys: Vec<String> = KeyAlg::ALL
            .iter()
            .map(|(alg, _)| format!("      - {{ kid: {alg}, alg: {alg} }}\n"))
            .collect();
        let yaml = format!(
            "org: {{ id: 00oalgorithms0000001, name: Algorithms }}\nagents:\n  - id: {ID}\n    name: Polyglot\n    \
             redirect_uris: [http://localhost:8787/callback]\n    keys:\n{}",
            keys.concat()
        );
        Org::from_yaml("org.yaml", &yaml, Edition::default()).expect("an org")
    }

    #[test]
    fn every_algorithm_signs_what_its_public_half_verifies() {
        let ring = Keyring::make(&org(), &[5; 32]).expect("keys");
        let keys = ring.client(&ClientId::new(ID));
        assert_eq!(keys.len(), KeyAlg::ALL.len());
        for key in keys {
            let signature = key.sign(b"e30.e30").expect("a signature");
            let jwt = |message: &str| format!("{message}.{}", B64.encode(&signature));
            assert!(key.public.verifies(&jwt("e30.e30")), "{}", key.public.kid);
            assert!(!key.public.verifies(&jwt("e30.W10")), "{}", key.public.kid);
        }
    }

    #[test]
    fn a_key_without_its_private_half_does_not_sign() {
        let ring = Keyring::make(&org(), &[5; 32]).expect("keys");
        let key = ClientKey {
            private_pem: None,
            ..ring.client(&ClientId::new(ID))[3].clone()
        };
        let error = key.sign(b"e30.e30").expect_err("nothing to sign with");
        assert!(error.to_string().contains("public half"), "{error}");
    }
}
