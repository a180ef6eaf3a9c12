//! Changes a JWT: header, claims, algorithm, key, signature.

use serde_json::{Map, Value};

use super::signer::Signer;
use super::{Forge, Unforgeable, sign, text};
use crate::fill;
use crate::jwt::{Jwt, base64url, from_base64url};
use crate::scenario::model::{
    ClaimChange, ClientRole, JwtMutation, ServerRole, SignWith, SignatureChange,
};

/// Who signs when the mutation does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultSigner {
    /// A client's own assertion is signed again with its key.
    Client(ClientRole),
    /// Somebody else's token keeps the signature it has, which no longer fits once something is changed.
    Keep,
}

/// Takes `token` apart, changes it and puts it together again. `name` is for messages.
pub fn change_jwt(
    name: &str,
    token: &str,
    mutation: &JwtMutation,
    default: DefaultSigner,
    forge: &Forge<'_>,
) -> Result<String, Unforgeable> {
    let original =
        Jwt::decode(token).map_err(|problem| Unforgeable::NotAJwt(name.to_owned(), problem))?;
    if let Some(alg) = &mutation.alg
        && mutation.changes_algorithm_only()
        && original.header_str("alg") == Some(alg)
    {
        return Err(Unforgeable::SameAlgorithm(alg.clone()));
    }
    let mut jwt = original.clone();
    change(&mut jwt.header, &mutation.header, forge)?;
    change(&mut jwt.claims, &mutation.claims, forge)?;
    if let Some(alg) = &mutation.alg {
        jwt.header.insert("alg".to_owned(), alg.as_str().into());
    }

    let signed = match mutation.sign_with {
        Some(SignWith::Server(server)) => by_server(server, &jwt, mutation, forge)?,
        _ => signed(jwt, &original, mutation, default, forge)?,
    };
    let token = disturb(name, &signed, mutation.signature)?;
    let token = text::finished(token, &mutation.text);
    match mutation.nested_in {
        None => Ok(token),
        Some(outer) => nested(&token, outer, &original, default, forge),
    }
}

/// What the harness signs itself.
fn signed(
    mut jwt: Jwt,
    original: &Jwt,
    mutation: &JwtMutation,
    default: DefaultSigner,
    forge: &Forge<'_>,
) -> Result<Jwt, Unforgeable> {
    let signer = Signer::choose(mutation.sign_with, mutation, default, original, forge)?;
    let named = mutation.alg.is_some() || names(mutation, "alg");
    if let (Some(alg), false) = (signer.algorithm(), named) {
        // Another key may need another algorithm; then the header names that one.
        // A client's assertion is signed with the algorithm that the key is registered for, whatever else it could do.
        let is_registered = default != DefaultSigner::Keep && signer.is_registered();
        let can_sign = !is_registered && signer.can_sign(jwt.header_str("alg"));
        if jwt.header_str("alg") != Some(alg) && !can_sign {
            jwt.header.insert("alg".to_owned(), alg.into());
        }
    }
    if let Some(form) = mutation.embed {
        signer.embed(form, &mut jwt.header)?;
    }
    if jwt != *original {
        jwt.seal();
    }
    if mutation.text.changes_signing_input() {
        let keeps = matches!(signer, Signer::Keep);
        jwt.signing_input = text::signing_input(&jwt, &mutation.text, keeps, forge)?;
    }
    let alg = mutation
        .alg
        .as_deref()
        .or(jwt.header_str("alg"))
        .unwrap_or_default();
    if let Some(signature) = signer.sign(alg, jwt.signing_input.as_bytes())? {
        jwt.signature = signature;
    }
    Ok(jwt)
}

/// What a server of the target signs. Test control fills in what follows from the key; where that is to be something
/// else, or where the text is, the whole is written here and signed as it is.
fn by_server(
    server: ServerRole,
    jwt: &Jwt,
    mutation: &JwtMutation,
    forge: &Forge<'_>,
) -> Result<Jwt, Unforgeable> {
    let mut signed = sign::by_server(server, jwt, forge)?;
    let of_key = mutation.header.iter();
    let of_key = of_key.filter(|(name, _)| ["alg", "kid"].contains(&name.as_str()));
    let renamed: Vec<_> = of_key.cloned().collect();
    if renamed.is_empty() && mutation.alg.is_none() && !mutation.text.changes_signing_input() {
        return Ok(signed);
    }
    let alg = mutation.alg.as_deref().or(signed.header_str("alg"));
    let alg = alg.unwrap_or_default().to_owned();
    change(&mut signed.header, &renamed, forge)?;
    if mutation.alg.is_some() {
        signed.header.insert("alg".to_owned(), alg.as_str().into());
    }
    signed.seal();
    let input = text::signing_input(&signed, &mutation.text, false, forge)?;
    sign::sealed(server, &alg, input, forge)
}

/// `token` as the payload of another JWT (RFC 7519 §5.2), which has the header of the original.
fn nested(
    token: &str,
    sign_with: SignWith,
    original: &Jwt,
    default: DefaultSigner,
    forge: &Forge<'_>,
) -> Result<String, Unforgeable> {
    let mut outer = Jwt::new(original.header.clone(), Map::new());
    outer.header.insert("cty".to_owned(), "JWT".into());
    outer.seal();
    let wrapped = |outer: &Jwt| {
        let (header, _) = outer.signing_input.split_once('.').unwrap_or_default();
        format!("{header}.{}", base64url(token))
    };
    if let SignWith::Server(server) = sign_with {
        let named = sign::by_server(server, &outer, forge)?;
        let alg = named.header_str("alg").unwrap_or_default();
        return Ok(sign::sealed(server, alg, wrapped(&named), forge)?.encode());
    }
    let plain = JwtMutation::default();
    let signer = Signer::choose(Some(sign_with), &plain, default, original, forge)?;
    outer.signing_input = wrapped(&outer);
    let alg = outer.header_str("alg").unwrap_or_default().to_owned();
    let signature = signer.sign(&alg, outer.signing_input.as_bytes())?;
    outer.signature = signature.unwrap_or_default();
    Ok(outer.encode())
}

fn names(mutation: &JwtMutation, member: &str) -> bool {
    mutation.header.iter().any(|(name, _)| name == member)
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
            ClaimChange::In(seconds) => forge.now.saturating_add(*seconds).into(),
            ClaimChange::InText(seconds) => forge.now.saturating_add(*seconds).to_string().into(),
            ClaimChange::InFraction(seconds) => with_half(forge.now.saturating_add(*seconds)),
        };
        members.insert(name.clone(), value);
    }
    Ok(())
}

/// A date and half a second. A JSON number is read from its text, so that no digit is lost.
fn with_half(seconds: i64) -> Value {
    serde_json::from_str(&format!("{seconds}.5")).unwrap_or_default()
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
