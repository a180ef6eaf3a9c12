//! Reads a private JWK (RFC 7517, RFC 7518 §6).

use aws_lc_rs::rsa;
use aws_lc_rs::signature::EcdsaKeyPair;
use serde_json::Value;

use super::{Curve, KeyProblem, Kind, SigningKey};
use crate::jwt::from_base64url;

/// What an RSA key needs (RFC 7518 §6.3).
const RSA: [&str; 8] = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];
/// What an EC key needs (RFC 7518 §6.2).
const EC: [&str; 4] = ["crv", "x", "y", "d"];

/// Reads the JSON text of a JWK.
pub(super) fn parse(text: &str) -> Result<Value, KeyProblem> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(KeyProblem::Empty);
    }
    if text.contains("-----BEGIN ") {
        return Err(KeyProblem::PemAsJwk);
    }
    let value: Value = serde_json::from_str(text).map_err(|_| KeyProblem::NotJson)?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(KeyProblem::NotJson)
    }
}

/// The key that a JWK describes.
pub(super) fn private_key(jwk: &Value) -> Result<SigningKey, KeyProblem> {
    if jwk.get("keys").is_some_and(Value::is_array) {
        return Err(KeyProblem::JwkSet);
    }
    match jwk.get("kty").and_then(Value::as_str) {
        Some("RSA") => from_rsa(jwk),
        Some("EC") => from_ec(jwk),
        Some("OKP") => Err(KeyProblem::Edwards),
        _ => Err(KeyProblem::KeyType),
    }
}

fn from_rsa(jwk: &Value) -> Result<SigningKey, KeyProblem> {
    check_members(jwk, &RSA)?;
    let components = rsa::KeyPairComponents {
        public_key: rsa::PublicKeyComponents {
            n: number(jwk, "n")?,
            e: number(jwk, "e")?,
        },
        d: number(jwk, "d")?,
        p: number(jwk, "p")?,
        q: number(jwk, "q")?,
        dP: number(jwk, "dp")?,
        dQ: number(jwk, "dq")?,
        qInv: number(jwk, "qi")?,
    };
    let pair = rsa::KeyPair::from_components(&components);
    pair.map(|pair| Kind::Rsa(Box::new(pair)).into())
        .map_err(|_| KeyProblem::Unusable)
}

fn from_ec(jwk: &Value) -> Result<SigningKey, KeyProblem> {
    check_members(jwk, &EC)?;
    let named = jwk.get("crv").and_then(Value::as_str);
    let curve = Curve::ALL
        .into_iter()
        .find(|curve| named == Some(curve.name()))
        .ok_or(KeyProblem::Curve)?;
    let (private, x, y) = (number(jwk, "d")?, number(jwk, "x")?, number(jwk, "y")?);
    // SEC 1 §2.3.3: an uncompressed point is a byte 4 and the two coordinates.
    let point = [vec![4], x, y].concat();
    EcdsaKeyPair::from_private_key_and_public_key(curve.algorithm(), &private, &point)
        .map(|pair| Kind::Ec(curve, pair).into())
        .map_err(|_| KeyProblem::Unusable)
}

/// All that are missing at once; of a key without `d` that it is the public half.
fn check_members(jwk: &Value, needed: &[&'static str]) -> Result<(), KeyProblem> {
    let is_missing = |name: &&&str| !jwk.get(**name).is_some_and(Value::is_string);
    let missing: Vec<&'static str> = needed.iter().filter(is_missing).copied().collect();
    if missing.contains(&"d") {
        Err(KeyProblem::PublicJwk)
    } else if missing.is_empty() {
        Ok(())
    } else {
        Err(KeyProblem::Missing(missing))
    }
}

fn number(jwk: &Value, name: &'static str) -> Result<Vec<u8>, KeyProblem> {
    let text = jwk.get(name).and_then(Value::as_str);
    text.and_then(from_base64url)
        .ok_or(KeyProblem::NotBase64Url(name))
}
