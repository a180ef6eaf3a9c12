//! The internal codes that an expectation may name: `scenarios/refusal-codes.yaml`, read strictly.
//!
//! A misspelt code would never be compared with what the scenario means, and only targets that show codes would notice.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use strict_yaml::{Document, MapReader, Problem, Problems, Spanned};

/// The list that ships in the binary.
const EMBEDDED: &str = include_str!("../../../scenarios/refusal-codes.yaml");
/// What messages call it.
const EMBEDDED_NAME: &str = "scenarios/refusal-codes.yaml";

/// The code as it is, where it is known. Otherwise a mistake is noted.
pub(super) fn known(code: Spanned<String>, problems: &mut Problems) -> String {
    if !embedded().contains(&code.value) {
        let message = format!("no refusal has the code `{}`", code.value);
        problems.push(
            Problem::new(code.place, message)
                .expected("an internal code of Okta's error catalogue, as in scenarios/refusal-codes.yaml")
                .did_you_mean(&code.value, embedded().iter().map(String::as_str)),
        );
    }
    code.value
}

fn embedded() -> &'static BTreeSet<String> {
    static CODES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        #[expect(
            clippy::expect_used,
            reason = "the file is part of the binary and a test reads it"
        )]
        parse(EMBEDDED_NAME, EMBEDDED).expect("the embedded codes are in order")
    });
    &CODES
}

/// Reads the file: codes of the catalogue, and codes of refusals that follow from an RFC alone. Each stands there once.
fn parse(name: &str, text: &str) -> Result<BTreeSet<String>, Problems> {
    let document = Document::parse(name, text)?;
    let mut problems = document.problems();
    let mut file = MapReader::new(&document.root, &mut problems, "the file of codes");
    let mut written: Vec<Spanned<String>> = file.required("catalogue").unwrap_or_default();
    written.extend(file.required::<Vec<_>>("rfc").unwrap_or_default());
    file.finish();
    let mut codes = BTreeSet::new();
    for code in written {
        if !codes.insert(code.value.clone()) {
            let message = format!("the code `{}` stands here twice", code.value);
            problems.push(Problem::new(code.place, message));
        }
    }
    problems.into_result(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_codes_are_read() {
        let codes = embedded();
        assert!(codes.len() > 300, "{}", codes.len());
        assert!(codes.contains("id_jag_replayed") && codes.contains("jwt_nested"));
    }

    #[test]
    fn a_code_that_stands_twice_is_a_mistake() {
        let twice = parse("c.yaml", "catalogue: [a, b]\nrfc: [a]\n").unwrap_err();
        assert!(twice.to_string().contains("the code `a` stands here twice"));
    }
}
