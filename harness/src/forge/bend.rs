//! Bends a JWT: header, claims, algorithm, key, signature.

use aws_lc_rs::hmac;
use serde_json::{Map, Value};

use super::{Forge, Unforgeable, sign};
use crate::fill;
use crate::jwt::{Jwt, base64url, from_base64url};
use crate::scenario::model::{ClaimChange, ClientRole, JwtMutation, SignWith, SignatureChange};
use crate::signing_key::{SigningKey, stranger};
use crate::target::RegisteredAuth;

/// Who signs when the mutation does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultSigner {
    /// A client's own assertion is signed again with its key.
    Client(ClientRole),
    /// Somebody else's token keeps the signature it has, which no longer fits once something is changed.
    Keep,
}

/// Takes `token` apart, changes it and puts it together again. `name` is for messages.
pub fn bend(
    name: &str,
    token: &str,
    mutation: &JwtMutation,
    default: DefaultSigner,
    forge: &Forge<'_>,
) -> Result<String, Unforgeable> {
    let original =
        Jwt::decode(token).map_err(|problem| Unforgeable::NotAJwt(name.to_owned(), problem))?;
    let mut jwt = original.clone();
    change(&mut jwt.header, &mutation.header, forge)?;
    change(&mut jwt.claims, &mutation.claims, forge)?;
    if let Some(alg) = &mutation.alg {
        jwt.header.insert("alg".to_owned(), alg.as_str().into());
    }

    if let Some(SignWith::Server(server)) = mutation.sign_with {
        let signed = sign::by_server(server, &jwt, forge)?;
        return disturb(name, &signed, mutation.signature);
    }
    let signer = Signer::choose(mutation, default, &original, forge)?;
    let named = mutation.alg.is_some() || mutation.header.iter().any(|(member, _)| member == "alg");
    if let (Some(alg), false) = (signer.algorithm(), named) {
        // Another key may need another algorithm; then the header tells the truth about it.
        if jwt.header_str("alg") != Some(alg) && !signer.can_sign(jwt.header_str("alg")) {
            jwt.header.insert("alg".to_owned(), alg.into());
        }
    }
    if jwt != original {
        jwt.seal();
    }
    let alg = mutation
        .alg
        .as_deref()
        .or(jwt.header_str("alg"))
        .unwrap_or_default();
    if let Some(signature) = signer.sign(alg, jwt.signing_input.as_bytes())? {
        jwt.signature = signature;
    }
    disturb(name, &jwt, mutation.signature)
}

/// The key that will sign, or that none will.
enum Signer<'k> {
    Keep,
    Nothing,
    Key(&'k SigningKey, Option<&'k str>),
    Hmac(Vec<u8>),
}

impl<'k> Signer<'k> {
    fn choose(
        mutation: &JwtMutation,
        default: DefaultSigner,
        original: &Jwt,
        forge: &Forge<'k>,
    ) -> Result<Self, Unforgeable> {
        let alg = mutation.alg.as_deref();
        let unsigned = alg.is_some_and(|alg| alg.eq_ignore_ascii_case("none"));
        match (mutation.sign_with, default) {
            (None, _) if unsigned => Ok(Self::Nothing),
            // What a server signs has been signed before a signer is chosen.
            (Some(SignWith::Keep | SignWith::Server(_)), _) | (None, DefaultSigner::Keep) => {
                Ok(Self::Keep)
            }
            (Some(SignWith::Nothing), _) => Ok(Self::Nothing),
            (Some(SignWith::Stranger), _) => stranger()
                .map(|key| Self::Key(key, None))
                .ok_or_else(|| Unforgeable::CannotSign("RS256".to_owned(), "no key can be made")),
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
    fn algorithm(&self) -> Option<&str> {
        match self {
            Self::Keep | Self::Nothing => None,
            Self::Key(key, registered) => Some(registered.unwrap_or(key.algorithm())),
            Self::Hmac(_) => Some("HS256"),
        }
    }

    fn can_sign(&self, alg: Option<&str>) -> bool {
        match self {
            Self::Keep | Self::Nothing => true,
            Self::Key(key, _) => alg.is_some_and(|alg| {
                alg == key.algorithm()
                    || (key.algorithm() == "RS256"
                        && (alg.starts_with("RS") || alg.starts_with("PS")))
            }),
            Self::Hmac(_) => alg.is_some_and(|alg| alg.starts_with("HS")),
        }
    }

    /// The third part, or `None` if the old one stays.
    fn sign(&self, alg: &str, message: &[u8]) -> Result<Option<String>, Unforgeable> {
        let refused = || Unforgeable::CannotSign(alg.to_owned(), "the key refuses to");
        Ok(match self {
            Self::Keep => None,
            Self::Nothing => Some(String::new()),
            Self::Key(key, _) => Some(base64url(key.sign(alg, message).ok_or_else(refused)?)),
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

/// Changes members of a header or claims.
pub(super) fn change(
    members: &mut Map<String, Value>,
    changes: &[(String, ClaimChange)],
    forge: &Forge<'_>,
) -> Result<(), Unforgeable> {
    for (name, change) in changes {
        let value = match change {
            ClaimChange::Drop => {
                members.shift_remove(name);
                continue;
            }
            ClaimChange::Set(template) => fill::json(template, forge.names)?,
            ClaimChange::In(seconds) => (forge.now + seconds).into(),
        };
        members.insert(name.clone(), value);
    }
    Ok(())
}

fn disturb(name: &str, jwt: &Jwt, change: Option<SignatureChange>) -> Result<String, Unforgeable> {
    let none = || Unforgeable::NoSignature(name.to_owned());
    Ok(match change {
        None => jwt.encode(),
        Some(SignatureChange::Drop) => jwt.signing_input.clone(),
        Some(SignatureChange::Empty) => format!("{}.", jwt.signing_input),
        Some(SignatureChange::Garbage) => format!("{}.*not*base64url*", jwt.signing_input),
        Some(SignatureChange::Flip) => {
            let mut bytes = from_base64url(&jwt.signature).ok_or_else(none)?;
            let middle = bytes.len() / 2;
            *bytes.get_mut(middle).ok_or_else(none)? ^= 1;
            format!("{}.{}", jwt.signing_input, base64url(bytes))
        }
    })
}

#[cfg(test)]
mod tests;
