//! Secrets of a target file: `{env: NAME}`, `{file: PATH}` or `{value: …}`.

use std::path::{Path, PathBuf};

use strict_yaml::{Node, Problem, Problems, Value as Yaml, decode};

use super::variables;
use crate::files;
use crate::secret::Secret;
use crate::targets::TargetKind;

/// Where secrets come from. A parameter, so that tests need no environment.
pub struct Sources<'s> {
    /// Folder of the target file: relative paths begin there.
    pub folder: &'s Path,
    /// Reads an environment variable.
    pub environment: &'s dyn Fn(&str) -> Option<String>,
}

const FORMS: &str = "{env: NAME}, {file: PATH} or {value: …}";

/// Reads a secret. `value` may be a map (a JWK): it is kept as JSON.
pub(super) fn read(
    node: &Node,
    kind: Option<TargetKind>,
    sources: &Sources<'_>,
    problems: &mut Problems,
) -> Option<Secret> {
    conceal(node, problems);
    if let Some(problem) = looks_like_variable(node) {
        problems.push(problem);
        return None;
    }
    let entries = node.as_map().map(|map| map.entries.as_slice());
    let Some([entry]) = entries else {
        problems.push(
            Problem::new(node.place, "a secret is a map with one key")
                .expected(FORMS)
                .help("secrets do not stand in the file as plain text"),
        );
        return None;
    };
    let value = &entry.value;
    match entry.key.value.as_str() {
        "env" => {
            let name = text(value, "a name of an environment variable", problems)?;
            let found = (sources.environment)(&name);
            if found.is_none() {
                problems.push(variables::missing(value.place, &name));
            }
            found.map(Secret::new)
        }
        "file" => {
            let path = text(value, "a path", problems)?;
            read_file(&sources.folder.join(&path))
                .map_err(|(why, help)| {
                    let message = format!("cannot read `{path}`: {why}");
                    problems.push(Problem::new(value.place, message).help(help));
                })
                .ok()
        }
        "value" if kind == Some(TargetKind::Okta) => {
            problems.push(
                Problem::new(
                    entry.key.place,
                    "a real org's secrets do not stand in the file",
                )
                .expected("{env: NAME} or {file: PATH}"),
            );
            None
        }
        "value" => match &value.value {
            Yaml::Map(_) => Some(Secret::new(json(value).to_string())),
            _ => text(value, "a string", problems).map(Secret::new),
        },
        other => {
            let known = ["env", "file", "value"];
            problems.push(
                strict_yaml::unknown(entry.key.place, "kind of secret", other, known)
                    .expected(FORMS),
            );
            None
        }
    }
}

/// A secret that is written as `${NAME}`, in the place of its map or as its `value`: whether the file holds the secret itself must
/// not depend on how it is read.
fn looks_like_variable(node: &Node) -> Option<Problem> {
    let value = match node.as_map().map(|map| map.entries.as_slice()) {
        Some([entry]) if entry.key.value == "value" => &entry.value,
        _ => node,
    };
    let name = variables::alone(value.as_str()?)?;
    // In another form it may well be the secret.
    let is_plain = |byte: u8| byte == b'_' || byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let shown = if name.bytes().all(is_plain) {
        name
    } else {
        "NAME"
    };
    Some(
        Problem::new(
            node.place,
            "a variable is not replaced in the place of a secret",
        )
        .expected(format!("{{env: {shown}}}"))
        .help("`env` reads the same variable, and keeps its value out of all output"),
    )
}

/// The secret in a file, or why there is none and what to do about it.
fn read_file(path: &Path) -> Result<Secret, (String, &'static str)> {
    let bytes = files::bytes(path, files::WRITTEN).map_err(|error| {
        let help = "a relative path begins at the folder of this file";
        (error.to_string(), help)
    })?;
    let text = decode(&bytes).map_err(|wrong| {
        // A SEQUENCE whose length takes one byte or more: a key or certificate as DER (X.690 §8.1).
        if matches!(bytes.as_slice(), [0x30, 0x81..=0x84, ..]) {
            let help = "convert a key: openssl pkey -inform DER -in key.der -out key.pem";
            ("it is binary (DER), not text".to_owned(), help)
        } else {
            (wrong.to_string(), "save it as UTF-8 text")
        }
    })?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

/// The file that a secret is read from, if it is.
pub(super) fn file(node: &Node, sources: &Sources<'_>) -> Option<PathBuf> {
    let [entry] = node.as_map()?.entries.as_slice() else {
        return None;
    };
    let path = entry.value.as_str()?;
    (entry.key.value == "file").then(|| sources.folder.join(path))
}

/// Keeps what may be a secret out of messages: everything but what says where a secret is.
fn conceal(node: &Node, problems: &mut Problems) {
    match &node.value {
        Yaml::Map(map) => {
            let names_source = |key: &str| key == "env" || key == "file";
            let secret = map
                .entries
                .iter()
                .filter(|entry| !names_source(&entry.key.value));
            secret.for_each(|entry| conceal(&entry.value, problems));
        }
        Yaml::Seq(items) => items.iter().for_each(|item| conceal(item, problems)),
        _ => problems.conceal(node.place),
    }
}

pub(super) fn text(node: &Node, expected: &str, problems: &mut Problems) -> Option<String> {
    let text = node.as_str().map(str::to_owned);
    if text.is_none() {
        problems.push(node.mismatch(expected));
    }
    text
}

fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        Yaml::Null => serde_json::Value::Null,
        Yaml::Bool(value) => (*value).into(),
        Yaml::Int(value) => (*value).into(),
        Yaml::Float(value) => (*value).into(),
        Yaml::String(text) => text.clone().into(),
        Yaml::Seq(items) => items.iter().map(json).collect::<Vec<_>>().into(),
        Yaml::Map(map) => {
            let members = map.entries.iter();
            members
                .map(|entry| (entry.key.value.clone(), json(&entry.value)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
    }
}
