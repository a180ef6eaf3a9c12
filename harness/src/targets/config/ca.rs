//! The key `ca`: the authority that signed the servers' certificates, as `{file: PATH}` or `{value: PEM}`. It is not a secret,
//! so a real org's may stand in the file.

use std::path::Path;

use strict_yaml::{Node, Problem, Problems, decode};

use super::secret::{Sources, text};
use crate::files;
use crate::targets::Ca;

const FORMS: &str = "{file: PATH} or {value: PEM}";

pub(super) fn read(node: &Node, sources: &Sources<'_>, problems: &mut Problems) -> Option<Ca> {
    let pem = pem(node, "a certificate authority", sources, problems)?;
    let place = node.as_map()?.entries.first()?.value.place;
    let ca = Ca::parse(&pem).map_err(|(why, cure)| {
        let what = format!("the certificate cannot be used: {why}");
        problems.push(Problem::new(place, what).help(cure));
    });
    ca.ok()
}

/// The text of a certificate, given as `{file: PATH}` or `{value: PEM}`.
pub(super) fn pem(
    node: &Node,
    what: &str,
    sources: &Sources<'_>,
    problems: &mut Problems,
) -> Option<String> {
    let entries = node.as_map().map(|map| map.entries.as_slice());
    let Some([entry]) = entries else {
        problems.push(
            Problem::new(node.place, format!("{what} is a map with one key")).expected(FORMS),
        );
        return None;
    };
    let value = &entry.value;
    match entry.key.value.as_str() {
        "file" => {
            let path = text(value, "a path", problems)?;
            let read = read_file(&sources.folder.join(&path)).map_err(|(why, cure)| {
                let what = format!("cannot read the certificate in `{path}`: {why}");
                problems.push(Problem::new(value.place, what).help(cure));
            });
            read.ok()
        }
        "value" => text(value, "a certificate as PEM", problems),
        other => {
            let place = entry.key.place;
            let unknown =
                strict_yaml::unknown(place, "kind of certificate", other, ["file", "value"]);
            problems.push(unknown.expected(FORMS));
            None
        }
    }
}

/// The text of a file, or why there is none and what to do about it.
fn read_file(path: &Path) -> Result<String, (String, &'static str)> {
    let bytes = files::bytes(path, files::WRITTEN).map_err(|error| {
        let cure = "a relative path begins at the folder of this file";
        (error.to_string(), cure)
    })?;
    decode(&bytes).map(str::to_owned).map_err(|_| {
        let cure = "convert it: openssl x509 -inform DER -in ca.der -out ca.pem";
        ("it is binary, not PEM".to_owned(), cure)
    })
}
