//! An answer as its parts: two answers differ in those that have another value.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use http::response::Parts;
use mock_okta_core::Transport;
use serde_json::Value;

type Answer = (Parts, Vec<u8>);

/// The names of the parts in which two answers differ. How something is written counts only where it says the same.
pub fn differing(one: &Answer, other: &Answer) -> BTreeSet<String> {
    let (one, other) = (parts(one), parts(other));
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let changed: BTreeSet<String> = names
        .into_iter()
        .filter(|name| one.get(*name) != other.get(*name))
        .cloned()
        .collect();
    let says_other = |prefix: &str| {
        let mut all = changed.iter();
        all.any(|name| name.starts_with(prefix) && !name.ends_with("(text)"))
    };
    let keep = |name: &&String| {
        name.strip_suffix("(text)")
            .is_none_or(|prefix| !says_other(prefix.trim_end()))
    };
    changed.iter().filter(keep).cloned().collect()
}

fn parts((head, body): &Answer) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::new();
    parts.insert("status".to_owned(), head.status.as_str().to_owned());
    for name in head.headers.keys() {
        let values = head.headers.get_all(name).iter();
        let texts: Vec<_> = values.map(|value| value.to_str().expect("text")).collect();
        parts.insert(format!("header {name}"), texts.join(" | "));
    }
    if let Some(transport) = head.extensions.get::<Transport>() {
        parts.insert("transport".to_owned(), format!("{transport:?}"));
    }
    let text = String::from_utf8_lossy(body).into_owned();
    if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
        for (name, value) in &members {
            match value.as_str().and_then(jwt) {
                Some((header, claims, raw)) => {
                    for (kind, object) in [("header", header), ("claims", claims)] {
                        for (claim, value) in object.as_object().into_iter().flatten() {
                            parts.insert(format!("body {name} {kind} {claim}"), value.to_string());
                        }
                    }
                    parts.insert(format!("body {name} (text)"), raw);
                }
                None if name == "keys" => keys(value, &mut parts),
                None => drop(parts.insert(format!("body {name}"), value.to_string())),
            }
        }
    }
    parts.insert("body (text)".to_owned(), text);
    parts
}

/// A set as the members that its keys have, and the order of the keys.
fn keys(set: &Value, parts: &mut BTreeMap<String, String>) {
    let mut order = Vec::new();
    for key in set.as_array().into_iter().flatten() {
        let kid = key["kid"].as_str().unwrap_or("-");
        order.push(kid.to_owned());
        for (name, value) in key.as_object().into_iter().flatten() {
            let all = parts.entry(format!("body keys {name}")).or_default();
            all.extend([kid, "=", &value.to_string(), " "]);
        }
    }
    parts.insert("body keys".to_owned(), order.join(" "));
}

fn jwt(text: &str) -> Option<(Value, Value, String)> {
    let mut parts = text.split('.').map(|part| B64.decode(part).ok());
    let (header, claims) = (parts.next()??, parts.next()??);
    let read = |bytes: &[u8]| serde_json::from_slice(bytes).ok();
    let raw = [&header[..], &claims[..]].concat();
    Some((
        read(&header)?,
        read(&claims)?,
        String::from_utf8_lossy(&raw).into_owned(),
    ))
}
