//! Key sets: other keys beside the org's own, other members of a key, another order.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use serde_json::{Map, Value, json};

use super::certificate::certificate;
use crate::context::Context;

/// Removes a member from every key.
pub(super) fn remove(keys: &mut [Value], name: &str) {
    each(keys, |key| drop(key.shift_remove(name)));
}

/// Puts `key_ops` in the place of `use`.
pub(super) fn use_to_operations(keys: &mut [Value]) {
    each(keys, |key| {
        if let Some(usage) = key.shift_remove("use") {
            let operation = if usage == "enc" { "encrypt" } else { "verify" };
            key.insert("key_ops".to_owned(), json!([operation]));
        }
    });
}

fn each(keys: &mut [Value], change: impl Fn(&mut Map<String, Value>)) {
    for key in keys.iter_mut().filter_map(Value::as_object_mut) {
        change(key);
    }
}

/// Adds a certificate to every key. `x5c` is base64, the thumbprints are base64url (RFC 7517 §4.7 to §4.9).
pub(super) fn certify(cx: &Context<'_>, keys: &mut [Value]) {
    let Some(own) = cx.keys.server(&cx.server) else {
        return;
    };
    each(keys, |key| {
        if let Some(der) = certificate(key, &own.active) {
            key.insert("x5c".to_owned(), json!([STANDARD.encode(&der)]));
            let sha1 = digest(&SHA1_FOR_LEGACY_USE_ONLY, &der);
            key.insert("x5t".to_owned(), json!(B64.encode(sha1)));
            let sha256 = digest(&SHA256, &der);
            key.insert("x5t#S256".to_owned(), json!(B64.encode(sha256)));
        }
    });
}

// The points below follow from the hash of a text: nobody has a private half, so nobody can sign in the org's name.
// A key that is added comes first, where a reader that takes the first one finds it.

pub(super) fn encryption_key() -> Value {
    json!({
        "kty": "EC",
        "use": "enc",
        "alg": "ECDH-ES+A256KW",
        "kid": "for-encryption",
        "crv": "P-256",
        "x": "GKBKPYjkDTiBMoqdsDPWljk8VVJjAOSIqmP1JQquCRQ",
        "y": "GDOiULK2XGgTCpNzGLoypaJnrxPO7M63_bnpye2PDeQ",
    })
}

pub(super) fn next_key() -> Value {
    json!({
        "kty": "EC",
        "use": "sig",
        "alg": "ES256",
        "kid": "signs-next-year",
        "crv": "P-256",
        "x": "33vZN0ECJ2GQPDhms-_7IkUr34Fjw9p9EeDFpd48k4E",
        "y": "dwaQGLNzydLf7IHVw8YprnAd4e5Q6jINdTPDP9l63ds",
    })
}

pub(super) fn ed25519_key() -> Value {
    json!({
        "kty": "OKP",
        "use": "sig",
        "alg": "EdDSA",
        "kid": "for-the-curious",
        "crv": "Ed25519",
        "x": "NJzoDYXCAJdc6zaGzkLVobgbU9pl_dsZIt66rI09sSg",
    })
}

/// RFC 7517 §4.1: a type that is not registered has a name that nobody else has.
pub(super) fn unknown_key() -> Value {
    json!({
        "kty": "https://acme.example/key-types/lattice",
        "use": "sig",
        "kid": "from-the-future",
        "seed": ["a", 1],
    })
}
