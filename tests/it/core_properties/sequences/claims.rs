//! What a token says, held against what it may say.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::Value;

/// What differs from the model, in words.
pub type Differs = String;

/// The token with one character of its middle replaced by another.
pub fn damaged(token: &str) -> String {
    let mut bytes = token.as_bytes().to_vec();
    // Well inside the signature of a JWT: its last character may stand for unused bits.
    let at = bytes.len() - bytes.len().min(60) / 2;
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).expect("ASCII")
}

pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a JWT");
    serde_json::from_slice(&B64.decode(payload).expect("base64url")).expect("JSON")
}

pub fn joined(scopes: &BTreeSet<String>) -> String {
    scopes
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Scopes, as a string or as an array.
pub fn words(value: &Value) -> BTreeSet<String> {
    let list = value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let text = value.as_str().into_iter().flat_map(|text| text.split(' '));
    list.chain(text).map(str::to_owned).collect()
}

pub fn same(what: &str, found: &Value, expected: &str) -> Result<(), Differs> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}: {found}, {expected} expected"))
    }
}

pub fn within(
    what: &str,
    found: &BTreeSet<String>,
    most: &BTreeSet<String>,
) -> Result<(), Differs> {
    if found.is_subset(most) {
        Ok(())
    } else {
        Err(format!("{what} has {found:?}, at most {most:?} expected"))
    }
}

pub fn lives(claims: &Value, from: i64, seconds: i64) -> Result<(), Differs> {
    let (iat, exp) = (claims["iat"].as_i64(), claims["exp"].as_i64());
    if (iat, exp) == (Some(from), Some(from + seconds)) {
        Ok(())
    } else {
        Err(format!(
            "iat {iat:?}, exp {exp:?}: {seconds} s from {from} expected"
        ))
    }
}
