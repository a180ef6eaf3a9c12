//! Who signs a JWT that is made or changed here.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::change_jwt::DefaultSigner;
use super::{Forge, Unforgeable, certificate};
use crate::jwt::{Jwt, base64url};
use crate::scenario::model::{ClientRole, EmbeddedKey, JwtMutation, SignWith};
use crate::signing_key::{SigningKey, unknown_key, unknown_key_for, weak};
use crate::targets::RegisteredAuth;

/// The key that will sign, or that none will.
pub(super) enum Signer<'k> {
    Keep,
    Nothing,
    Key(&'k SigningKey, Option<&'k str>),
    Weak,
    Hmac(Vec<u8>),
}

impl<'k> Signer<'k> {
    pub(super) fn choose(
        sign_with: Option<SignWith>,
        mutation: &JwtMutation,
        default: DefaultSigner,
        original: &Jwt,
        forge: &Forge<'k>,
    ) -> Result<Self, Unforgeable> {
        let alg = mutation.alg.as_deref();
        let unsigned = alg.is_some_and(|alg| alg.eq_ignore_ascii_case("none"));
        match (sign_with, default) {
            (None, _) if unsigned => Ok(Self::Nothing),
            // What a server signs has been signed before a signer is chosen.
            (Some(SignWith::Keep | SignWith::Server(_)), _) | (None, DefaultSigner::Keep) => {
                Ok(Self::Keep)
            }
            (Some(SignWith::Nothing), _) => Ok(Self::Nothing),
            (Some(SignWith::UnknownKey), _) => unknown(mutation, original)
                .map(|key| Self::Key(key, None))
                .ok_or_else(|| Unforgeable::CannotSign("RS256".to_owned(), "no key can be made")),
            (Some(SignWith::WeakKey), _) => Ok(Self::Weak),
            (Some(SignWith::HmacPublicKey), _) => {
                let pem = verifying_pem(original, default, forge).ok_or_else(|| {
                    Unforgeable::CannotSign(
                        "HS256".to_owned(),
                        "the key that would verify the token is not known",
                    )
                })?;
                Ok(Self::Hmac(pem.into_bytes()))
            }
            (Some(SignWith::Client(role)), _) | (None, DefaultSigner::Client(role)) => {
                Self::of_client(role, alg, forge)
            }
        }
    }

    fn of_client(
        role: ClientRole,
        alg: Option<&str>,
        forge: &Forge<'k>,
    ) -> Result<Self, Unforgeable> {
        let symmetric = alg.is_some_and(|alg| alg.starts_with("HS"));
        match &forge.client(role)?.auth {
            RegisteredAuth::PrivateKeyJwt(key) if !symmetric => {
                Ok(Self::Key(&key.key, Some(key.alg.as_str())))
            }
            RegisteredAuth::ClientSecretBasic(secret)
            | RegisteredAuth::ClientSecretPost(secret)
                if symmetric =>
            {
                Ok(Self::Hmac(secret.expose().as_bytes().to_vec()))
            }
            _ => Err(Unforgeable::CannotSign(
                alg.unwrap_or("of the client").to_owned(),
                if symmetric {
                    "the client has no secret"
                } else {
                    "the client has no key"
                },
            )),
        }
    }

    /// What the header should say, if this signer has a say in it.
    pub(super) fn algorithm(&self) -> Option<&str> {
        match self {
            Self::Keep | Self::Nothing => None,
            Self::Key(key, registered) => Some(registered.unwrap_or(key.algorithm())),
            Self::Weak => Some("RS256"),
            Self::Hmac(_) => Some("HS256"),
        }
    }

    /// Whether it is a client's key, which is registered for one algorithm.
    pub(super) const fn is_registered(&self) -> bool {
        matches!(self, Self::Key(_, Some(_)))
    }

    /// Puts the public key into a header.
    pub(super) fn embed(
        &self,
        form: EmbeddedKey,
        header: &mut Map<String, Value>,
    ) -> Result<(), Unforgeable> {
        let none = || {
            let why = "there is no public key to put into the header in that form";
            Unforgeable::CannotSign(self.algorithm().unwrap_or("none").to_owned(), why)
        };
        let Self::Key(key, _) = self else {
            return Err(none());
        };
        match form {
            EmbeddedKey::Jwk => header.insert("jwk".to_owned(), key.public_jwk().into()),
            EmbeddedKey::X5c => {
                let certificate = certificate::self_signed(key).ok_or_else(none)?;
                // RFC 7515 §4.1.6: base64, not base64url.
                let chain = vec![STANDARD.encode(certificate)];
                header.insert("x5c".to_owned(), chain.into())
            }
        };
        Ok(())
    }

    pub(super) fn can_sign(&self, alg: Option<&str>) -> bool {
        match self {
            Self::Keep | Self::Nothing => true,
            Self::Key(key, _) => alg.is_some_and(|alg| {
                alg == key.algorithm()
                    || (key.algorithm() == "RS256"
                        && (alg.starts_with("RS") || alg.starts_with("PS")))
            }),
            Self::Weak => alg == Some("RS256"),
            Self::Hmac(_) => alg.is_some_and(|alg| alg.starts_with("HS")),
        }
    }

    /// The third part, or `None` if the old one stays.
    pub(super) fn sign(&self, alg: &str, message: &[u8]) -> Result<Option<String>, Unforgeable> {
        let refused = || Unforgeable::CannotSign(alg.to_owned(), "the key refuses to");
        Ok(match self {
            Self::Keep => None,
            Self::Nothing => Some(String::new()),
            Self::Key(key, _) => Some(base64url(key.sign(alg, message).ok_or_else(refused)?)),
            Self::Weak => Some(base64url(weak::sign(message))),
            Self::Hmac(secret) => {
                let algorithm = match alg {
                    "HS384" => hmac::HMAC_SHA384,
                    "HS512" => hmac::HMAC_SHA512,
                    _ => hmac::HMAC_SHA256,
                };
                Some(base64url(hmac::sign(
                    &hmac::Key::new(algorithm, secret),
                    message,
                )))
            }
        })
    }
}

/// A key of the kind that the token needs. A certificate is made for an RSA key only.
fn unknown(mutation: &JwtMutation, original: &Jwt) -> Option<&'static SigningKey> {
    if matches!(mutation.embed, Some(EmbeddedKey::X5c)) {
        return unknown_key();
    }
    let alg = mutation.alg.as_deref().or(original.header_str("alg"));
    unknown_key_for(alg.unwrap_or_default())
}

/// The PEM of the public key that would verify the token as it was.
fn verifying_pem(original: &Jwt, default: DefaultSigner, forge: &Forge<'_>) -> Option<String> {
    match default {
        DefaultSigner::Client(role) => match &forge.client(role).ok()?.auth {
            RegisteredAuth::PrivateKeyJwt(key) => key.key.public_pem(),
            _ => None,
        },
        DefaultSigner::Keep => {
            let mut sets = forge.published.fetched();
            sets.find_map(|jwks| {
                jwks.verify(original)
                    .ok()
                    .and(jwks.key_of(original).ok())?
                    .pem()
            })
        }
    }
}
