//! What a check looks at is a type. Its text is written and read in `result/` alone: whoever compares that text elsewhere
//! reads it a second time, and differently one day.

use super::source::code;
use conformance_tests::repo;

/// Modules that read results.
const READERS: [&str; 7] = [
    "baseline",
    "cli",
    "coverage",
    "diff",
    "presentation",
    "report",
    "selftest",
];

/// How the texts of aspects and of changes begin, or what stands in them.
const TEXTS: [&str; 13] = [
    "status",
    "jwt ",
    "body.",
    "header ",
    "header.",
    "claim ",
    "claims.",
    " header.",
    " claims.",
    "redirect",
    "the winner",
    "each loser",
    "internal code",
];

/// What compares or takes apart a text.
const COMPARING: [&str; 8] = [
    "== ",
    "!= ",
    "starts_with(",
    "ends_with(",
    "strip_prefix(",
    "strip_suffix(",
    "split_once(",
    "contains(",
];

#[test]
fn no_text_of_an_aspect_is_compared_outside_results() {
    let mut wrong = Vec::new();
    let mut read = 0;
    for file in READERS
        .iter()
        .flat_map(|module| repo::rust_files(&format!("harness/src/{module}")))
        .filter(|file| !file.contains("tests"))
    {
        read += 1;
        let text = repo::read(&file);
        let text = code(text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(""));
        wrong.extend(comparisons(&text).map(|found| format!("{file}: {found}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read > 80, "only {read} files were read");
}

/// The comparisons with a text that an aspect has.
fn comparisons(code: &str) -> impl Iterator<Item = String> {
    let forbidden = COMPARING.iter().flat_map(|how| {
        let texts = TEXTS.iter();
        texts.flat_map(move |text| [format!("{how}\"{text}"), format!("{how}&\"{text}")])
    });
    let of_text = ["check.to_string() ==", "check.to_string()."].map(str::to_owned);
    forbidden
        .chain(of_text)
        .filter(|found| code.contains(found))
}

#[test]
fn a_comparison_is_found() {
    let found = |code: &str| comparisons(code).count();
    assert_eq!(found("if check == \"status\" {}"), 1);
    assert_eq!(found("finding.check.to_string().starts_with(\"jwt \")"), 2);
    assert_eq!(found("if check == &Aspect::Status { text(\"status\") }"), 0);
}
