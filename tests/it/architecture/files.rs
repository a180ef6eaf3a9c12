//! Habits that hold for every file.

use super::source::code;
use conformance_tests::repo;

/// Lines a file may have, its tests included.
const LONGEST: usize = 500;

/// Files that are longer, each with the reason. A line that is no longer needed fails too.
const LONGER: &[(&str, &str)] = &[];

/// Those with a library.
const PACKAGES: [&str; 5] = [
    "strict-yaml",
    "mock-okta/core",
    "mock-okta",
    "harness",
    "tests",
];

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    let mut wrong = Vec::new();
    let mut exceptions: Vec<&str> = LONGER.iter().map(|(file, _)| *file).collect();
    for file in repo::rust_files(".") {
        let lines = repo::read(&file).lines().count();
        let before = exceptions.len();
        if lines > LONGEST {
            exceptions.retain(|exception| *exception != file);
            if exceptions.len() == before {
                wrong.push(format!("{file}: {lines} lines"));
            }
        }
    }
    wrong.extend(
        exceptions
            .iter()
            .map(|file| format!("{file}: its exception can go")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let without: Vec<String> = repo::rust_files(".")
        .into_iter()
        // A `tests.rs` is for what it stands beside.
        .filter(|file| !file.ends_with("tests.rs") && !repo::read(file).starts_with("//! "))
        .collect();
    assert!(without.is_empty(), "no module doc: {}", without.join(", "));
}

/// Where cargo is told not to look for code in the docs, code there would never run.
#[test]
fn code_in_docs_is_run() {
    let mut wrong = Vec::new();
    for package in PACKAGES {
        if !repo::read(&format!("{package}/Cargo.toml")).contains("doctest = false") {
            continue;
        }
        for file in repo::rust_files(package) {
            let fences = ["//! ```", "/// ```"];
            let starts = |line: &str| fences.iter().any(|fence| line.starts_with(fence));
            if repo::read(&file)
                .lines()
                .any(|line| starts(line.trim_start()))
            {
                wrong.push(file);
            }
        }
    }
    assert!(wrong.is_empty(), "never run: {}", wrong.join(", "));
}

#[test]
fn what_is_switched_off_has_a_reason() {
    let mut wrong = Vec::new();
    for file in repo::rust_files(".") {
        let code = code(&repo::read(&file));
        if code.contains(concat!("#[ign", "ore]")) {
            wrong.push(format!("{file}: a test is ignored without a reason"));
        }
        for attribute in ["#[allow(", "#[expect(", "#![allow(", "#![expect("] {
            // Not this file's own list: there the attribute is inside quotes.
            for (at, _) in code
                .match_indices(attribute)
                .filter(|(at, _)| !code[..*at].ends_with('"'))
            {
                let end = code[at..].find(")]").map_or(code.len(), |end| at + end);
                if !code[at..end].contains("reason") {
                    wrong.push(format!(
                        "{file}: {}] has no reason",
                        code[at..=end.min(code.len() - 1)].trim()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
