//! A bend that is data changes what its line says, and nothing else.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use mock_okta_core::Bend;
use serde_json::Value;

use crate::support::RecordedAnswer;

/// What differs between two answers beyond what a bend says it changes; nothing for a bend with code of its own.
pub fn beyond(bend: Bend, clean: &RecordedAnswer, changed: &RecordedAnswer) -> Vec<String> {
    let said = bend.edits();
    if said.is_empty() {
        return Vec::new();
    }
    let found = differences(clean, changed);
    let unsaid = |found: &&String| !said.iter().any(|(part, path)| covers(part, path, found));
    found.iter().filter(unsaid).cloned().collect()
}

/// Every place at which two answers differ, as part and path.
fn differences(clean: &RecordedAnswer, changed: &RecordedAnswer) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if clean.status != changed.status {
        found.insert("status.status".to_owned());
    }
    let names = clean.headers.keys().chain(changed.headers.keys());
    for name in names.filter(|name| clean.headers.get(*name) != changed.headers.get(*name)) {
        let locations = (clean.headers.get(name), changed.headers.get(name));
        match (name.as_str(), locations) {
            ("location", (Some(clean), Some(changed))) => {
                compare(
                    &parameters(clean),
                    &parameters(changed),
                    "location",
                    &mut found,
                );
            }
            _ => drop(found.insert(format!("header.{name}"))),
        }
    }
    let read = |answer: &RecordedAnswer| serde_json::from_str::<Value>(&answer.text);
    match (read(clean), read(changed)) {
        (Ok(clean), Ok(changed)) => compare(&clean, &changed, "body", &mut found),
        _ if clean.text != changed.text => drop(found.insert("body".to_owned())),
        _ => {}
    }
    // The hash of an access token follows the token.
    let is_of_token =
        |path: &String| path == "body.access_token" || path.starts_with("access_token.");
    if found.iter().any(is_of_token) {
        found.remove("id_token.at_hash");
    }
    found
}

fn compare(clean: &Value, changed: &Value, path: &str, found: &mut BTreeSet<String>) {
    if clean == changed {
        return;
    }
    match (clean, changed) {
        (Value::Object(one), Value::Object(two)) => {
            for name in one.keys().chain(two.keys()).collect::<BTreeSet<_>>() {
                let path = format!("{path}.{name}");
                match (one.get(name), two.get(name)) {
                    (Some(one), Some(two)) => compare(one, two, &path, found),
                    _ => drop(found.insert(path)),
                }
            }
        }
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            for (index, (one, two)) in one.iter().zip(two).enumerate() {
                compare(one, two, &format!("{path}.{index}"), found);
            }
        }
        _ => match (claims(clean), claims(changed)) {
            // The signature follows the claims.
            (Some(one), Some(two)) if one != two => {
                compare(&one, &two, path.trim_start_matches("body."), found);
            }
            _ => drop(found.insert(path.to_owned())),
        },
    }
}

/// Whether a line of the tables says that it changes a place, or something that the place is in.
fn covers(part: &str, path: &str, found: &str) -> bool {
    let part = if part == "error" { "body" } else { part };
    let (above, last) = path
        .rsplit_once('.')
        .map_or(("", path), |(above, last)| (above, last));
    last.split('|').any(|last| {
        let said = [part, above, last]
            .into_iter()
            .filter(|step| !step.is_empty());
        let said: Vec<&str> = said.flat_map(|step| step.split('.')).collect();
        let steps: Vec<&str> = found.split('.').collect();
        let is_same = |(said, step): (&&str, &&str)| *said == "*" || said == step;
        steps.len() >= said.len() && said.iter().zip(&steps).all(is_same)
    })
}

fn claims(value: &Value) -> Option<Value> {
    let parts: Vec<&str> = value.as_str()?.split('.').collect();
    let [_, payload, _] = parts[..] else {
        return None;
    };
    serde_json::from_slice(&B64.decode(payload).ok()?).ok()
}

fn parameters(location: &str) -> Value {
    let (address, query) = location.split_once(['?', '#']).unwrap_or((location, ""));
    let pairs = form_urlencoded::parse(query.as_bytes());
    let pairs = pairs.map(|(name, value)| (name.into_owned(), Value::from(value)));
    let address = ("address".to_owned(), Value::from(address));
    Value::Object(pairs.chain([address]).collect())
}
