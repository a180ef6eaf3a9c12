//! Answers as a whole: their form, characters of errors, introspection beside the token.

use crate::result::Aspect;
use std::collections::BTreeSet;

use serde_json::Value;

use super::{Said, View, value, words};
use crate::jwt::Jwt;
use crate::value::same;

/// RFC 6749 §5.1, §5.2, RFC 7662 §2.2, RFC 8414 §3.2: the body is one JSON object.
pub(super) fn json_object(view: &View<'_>) -> Said {
    let response = &view.exchange.response;
    let seen = match &response.json {
        Some(Value::Object(_)) => None,
        Some(_) => Some("other JSON"),
        None if response.text.trim().is_empty() => Some("an empty body"),
        None => Some("something that is not JSON"),
    };
    Said::new(Aspect::Body, "a JSON object", seen.map(words))
}

/// RFC 6749 §5.2: no control characters, no double quote, no backslash, nothing beyond ASCII.
pub(super) fn error_charset(view: &View<'_>) -> Vec<Said> {
    let plain = |c: char| matches!(c, ' '..='!' | '#'..='[' | ']'..='~');
    let of = |name: &str, allowed: &dyn Fn(char) -> bool, expected: &str| {
        let text = view.text(name)?;
        let broken = !text.chars().all(allowed);
        let seen = broken.then(|| value(name, &text.into()));
        Some(Said::new(Aspect::Member(name.to_owned()), expected, seen))
    };
    let expected = "printable ASCII without `\"` and `\\`";
    [
        of("error", &plain, expected),
        of("error_description", &plain, expected),
        of(
            "error_uri",
            &|c| plain(c) && c != ' ',
            "a URI of the characters that RFC 6749 §5.2 allows",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// RFC 7662 §2.2: members that RFC 7519 defines mean what they mean in the token.
pub(super) fn introspection_agrees(view: &View<'_>) -> Vec<Said> {
    let active = view.member("active") == Some(&Value::Bool(true));
    let token = super::super::classify::parameter(&view.exchange.request, "token");
    let Some(jwt) = token
        .filter(|_| active)
        .and_then(|token| Jwt::decode(token).ok())
    else {
        return Vec::new();
    };
    let pairs: [(&str, &[&str]); 10] = [
        ("iss", &["iss"]),
        ("sub", &["sub"]),
        ("aud", &["aud"]),
        ("exp", &["exp"]),
        ("iat", &["iat"]),
        ("nbf", &["nbf"]),
        ("jti", &["jti"]),
        ("client_id", &["client_id", "cid"]),
        ("scope", &["scope", "scp"]),
        ("uid", &["uid"]),
    ];
    let said = pairs.into_iter().filter_map(|(member, claims)| {
        let there = view.member(member)?;
        let claim = claims.iter().find_map(|claim| jwt.claims.get(*claim))?;
        let alike = match member {
            "scope" | "aud" => set(there).is_some_and(|set_there| Some(set_there) == set(claim)),
            // A token may have a fraction of a second where introspection has an integer (RFC 7519 §2, RFC 7662 §2.2).
            "exp" | "iat" | "nbf" => same_second(there, claim),
            _ => same(there, claim),
        };
        Some(Said::new(
            Aspect::Member(member.to_owned()),
            "what the token itself says",
            (!alike).then(|| value(member, there)),
        ))
    });
    said.collect()
}

fn same_second(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() < 1.0,
        _ => same(a, b),
    }
}

/// A list, or the words of a string.
fn set(value: &Value) -> Option<BTreeSet<&str>> {
    match value {
        Value::String(text) => Some(text.split_whitespace().collect()),
        Value::Array(items) => items.iter().map(Value::as_str).collect(),
        _ => None,
    }
}
