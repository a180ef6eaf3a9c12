//! Published keys (RFC 7517, RFC 7518).

use crate::result::Aspect;
use std::collections::BTreeSet;

use serde_json::Value;

use super::{Said, View, words};
use crate::jwt::from_base64url;

/// Members that only the owner of a key may know (RFC 7518 §6.2.2, §6.3.2, §6.4.1).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/// Operations of a key for signatures (RFC 7517 §4.3).
const SIGNING: [&str; 2] = ["sign", "verify"];
/// Operations of a key for encryption.
const ENCRYPTING: [&str; 6] = [
    "encrypt",
    "decrypt",
    "wrapKey",
    "unwrapKey",
    "deriveKey",
    "deriveBits",
];
/// The shortest RSA modulus (RFC 7518 §3.3).
const RSA_BITS: usize = 2048;

/// No key shows what only its owner may know.
pub(super) fn no_private(view: &View<'_>) -> Option<Said> {
    let keys = keys(view)?;
    let shown = keys.iter().enumerate().find_map(|(at, key)| {
        let member = PRIVATE.iter().find(|name| key.get(**name).is_some());
        let symmetric = key.get("kty").and_then(Value::as_str) == Some("oct");
        match member {
            Some(member) => Some(format!("keys.{at} has `{member}`")),
            None => symmetric.then(|| format!("keys.{at} is a symmetric key")),
        }
    });
    Some(Said::new(
        Aspect::Member("keys".to_owned()),
        "public keys only",
        shown.map(words),
    ))
}

/// RFC 7517 §4.5.
pub(super) fn distinct_kids(view: &View<'_>) -> Option<Said> {
    let mut seen = BTreeSet::new();
    let kids = keys(view)?.iter().filter_map(|key| {
        // The same kid may name equivalent keys of different types.
        Some((key.get("kty")?.as_str()?, key.get("kid")?.as_str()?))
    });
    let (mut any, mut twice) = (false, None);
    for (kty, kid) in kids {
        any = true;
        if !seen.insert((kty, kid)) {
            twice = Some(format!("`{kid}` twice"));
        }
    }
    any.then(|| {
        Said::new(
            Aspect::Member("keys.*.kid".to_owned()),
            "each key's own",
            twice.map(words),
        )
    })
}

/// RFC 7518 §3.3: RSA keys have 2048 bits or more. §3.4: each ES algorithm has its curve. RFC 7517 §4.3, §4.4: what a key
/// says of its type, its algorithm and its use does not contradict itself.
pub(super) fn sizes(view: &View<'_>) -> Option<Said> {
    let mut any = false;
    let mut wrong = None;
    for (at, key) in keys(view)?.iter().enumerate() {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let problem = match text("kty") {
            Some("RSA") => {
                any = true;
                text("n").and_then(from_base64url).and_then(|modulus| {
                    let bits = bits(&modulus);
                    (bits < RSA_BITS).then(|| format!("keys.{at} has {bits} bits"))
                })
            }
            Some("EC") => {
                any = true;
                let curve = match text("alg") {
                    Some("ES256") => Some("P-256"),
                    Some("ES384") => Some("P-384"),
                    Some("ES512") => Some("P-521"),
                    _ => None,
                };
                let other = curve.filter(|curve| text("crv") != Some(curve));
                other.map(|curve| format!("keys.{at} is not on {curve}, as its alg demands"))
            }
            _ => None,
        };
        let contradiction = contradiction(key);
        any |= contradiction.is_some();
        let contradicts = || contradiction.map(|what| format!("keys.{at} {what}"));
        wrong = wrong.or(problem).or_else(contradicts);
    }
    any.then(|| {
        Said::new(
            Aspect::Member("keys".to_owned()),
            "RSA keys of 2048 bits or more, EC keys on the curve of their alg, no contradictions",
            wrong.map(words),
        )
    })
}

/// An `alg` for keys of another type, or an operation that the `use` excludes.
fn contradiction(key: &Value) -> Option<&'static str> {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let kind = match text("alg").and_then(|alg| alg.get(..2)) {
        Some("RS" | "PS") => Some("RSA"),
        Some("ES") => Some("EC"),
        Some("HS") => Some("oct"),
        _ => None,
    };
    if let (Some(kind), Some(kty)) = (kind, text("kty"))
        && kind != kty
    {
        return Some("has an alg for keys of another type");
    }
    let excluded: &[&str] = match text("use") {
        Some("sig") => &ENCRYPTING,
        Some("enc") => &SIGNING,
        _ => &[],
    };
    let mut operations = key.get("key_ops")?.as_array()?.iter();
    operations
        .any(|one| one.as_str().is_some_and(|one| excluded.contains(&one)))
        .then_some("has key_ops that its use excludes")
}

/// Bits of a number in big-endian bytes, leading zeros not counted.
fn bits(number: &[u8]) -> usize {
    let mut bytes = number.iter().skip_while(|byte| **byte == 0);
    match bytes.next() {
        Some(first) => 8 * bytes.count() + 8 - first.leading_zeros() as usize,
        None => 0,
    }
}

fn keys<'v>(view: &'v View<'_>) -> Option<&'v Vec<Value>> {
    view.member("keys")?.as_array()
}
