//! Documents name files and folders that are there.

use std::path::Path;

use conformance_tests::repo;

const DOCUMENTS: [&str; 6] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "scenarios/README.md",
    "reports/README.md",
];

/// From where the names in a document lead: its own folder aside.
const ROOTS: [&str; 6] = [
    "",
    "harness/src",
    "mock-okta/src",
    "mock-okta/core",
    "mock-okta/core/src",
    "tests",
];

/// What a user's run writes.
const WRITTEN_LATER: &str = "reports/out/";

#[test]
fn documents_name_what_is_there() {
    let guides = repo::root().join("docs").read_dir().expect("a folder");
    let guides = guides.map(|entry| {
        let name = entry.expect("a readable entry").file_name();
        format!("docs/{}", name.to_string_lossy())
    });
    let mut wrong = Vec::new();
    let mut named = 0;
    for document in DOCUMENTS.map(str::to_owned).into_iter().chain(guides) {
        let text = repo::read(&document);
        for name in quoted(&text).chain(linked(&text)) {
            named += 1;
            if !is_there(&document, name) {
                wrong.push(format!("{document} names {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(named > 60, "only {named} names were found");
}

/// A source file or a folder in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let is_path = |name: &&str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
        let looks =
            name.ends_with('/') || Path::new(name).extension().is_some_and(|one| one == "rs");
        looks && name.contains('/') && !name.starts_with('/') && name.chars().all(plain)
    };
    text.lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .filter(is_path)
}

/// A link that stays in the repository.
fn linked(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|name| !name.is_empty() && !name.contains(':'))
}

fn is_there(document: &str, name: &str) -> bool {
    let beside = Path::new(document).parent().unwrap_or(Path::new(""));
    let roots = ROOTS.map(Path::new).into_iter().chain([beside]);
    let root = repo::root();
    name == WRITTEN_LATER || { roots }.any(|from| root.join(from).join(name).exists())
}
