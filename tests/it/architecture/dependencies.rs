//! What each crate may depend on: a missing dependency is the proof that the core does no I/O.

use std::collections::BTreeMap;

use super::source::{code, names};
use conformance_tests::repo;

/// Everything the core may depend on. None of these opens a socket, reads a clock or starts a thread for it.
const CORE: &[&str] = &[
    "aws-lc-rs",
    "base64",
    "form_urlencoded",
    "http",
    "jiff",
    "maud",
    "percent-encoding",
    "rand_chacha",
    "rand_core",
    "rsa",
    "serde",
    "serde_json",
    "sha2",
    "strict-yaml",
    "thiserror",
    "url",
];

#[test]
fn the_core_has_no_dependency_that_does_io() {
    let found = dependencies("mock-okta/core/Cargo.toml");
    let surplus: Vec<_> = found
        .iter()
        .filter(|name| !CORE.contains(&name.as_str()))
        .collect();
    assert!(surplus.is_empty(), "the core may not depend on {surplus:?}");
    let gone: Vec<_> = CORE
        .iter()
        .filter(|name| !found.iter().any(|found| found == *name))
        .collect();
    assert!(gone.is_empty(), "allowed here but not used: {gone:?}");
}

#[test]
fn nothing_below_the_core_does_network_io() {
    let packages = locked_packages();
    let mut reached: Vec<&str> = CORE.to_vec();
    let mut at = 0;
    while let Some(name) = reached.get(at).copied() {
        let dependencies = packages
            .get(name)
            .unwrap_or_else(|| panic!("{name} is not in Cargo.lock"));
        for dependency in dependencies {
            if !reached.contains(&dependency.as_str()) {
                reached.push(dependency);
            }
        }
        at += 1;
    }
    for runtime in [
        "tokio", "mio", "socket2", "hyper", "reqwest", "axum", "rustls", "async-io",
    ] {
        assert!(
            packages.contains_key(runtime) || runtime == "async-io",
            "{runtime} is not in Cargo.lock at all"
        );
        assert!(!reached.contains(&runtime), "the core depends on {runtime}");
    }
}

#[test]
fn the_core_reaches_for_no_io_of_the_standard_library() {
    for file in repo::rust_files("mock-okta/core/src") {
        let code = code(&repo::read(&file));
        for path in [
            "std::fs",
            "std::net",
            "std::env",
            "std::thread",
            "std::process",
            "Timestamp::now",
            "SystemTime",
        ] {
            assert!(!code.contains(path), "{file} names {path}");
        }
        for word in ["async", "HashMap", "HashSet", "println", "eprintln"] {
            assert!(!names(&code, word), "{file} names {word}");
        }
    }
}

#[test]
fn crates_know_only_those_below_them() {
    let ours = [
        "strict-yaml",
        "mock-okta-core",
        "mock-okta",
        "harness",
        "conformance-tests",
        "xtask",
    ];
    for (manifest, may) in [
        ("strict-yaml/Cargo.toml", &[][..]),
        ("mock-okta/core/Cargo.toml", &["strict-yaml"]),
        ("mock-okta/Cargo.toml", &["mock-okta-core", "strict-yaml"]),
        // Through the shell only: the harness must not reach the rules it judges.
        ("harness/Cargo.toml", &["mock-okta", "strict-yaml"]),
        ("xtask/Cargo.toml", &[]),
        // An agent knows nothing of what it is tested with.
        ("examples/agents/rust/Cargo.toml", &[]),
    ] {
        for name in dependencies(manifest) {
            let known = ours.contains(&name.as_str());
            assert!(
                !known || may.contains(&name.as_str()),
                "{manifest} may not depend on {name}"
            );
        }
    }
}

#[test]
fn versions_are_written_once() {
    for manifest in [
        "strict-yaml/Cargo.toml",
        "mock-okta/core/Cargo.toml",
        "mock-okta/Cargo.toml",
        "harness/Cargo.toml",
        "tests/Cargo.toml",
        "xtask/Cargo.toml",
        "examples/agents/rust/Cargo.toml",
    ] {
        for line in section_lines(manifest, |section| section.ends_with("dependencies")) {
            assert!(line.contains("workspace = true"), "{manifest}: {line}");
        }
    }
}

/// Names in `[dependencies]`.
fn dependencies(manifest: &str) -> Vec<String> {
    let lines = section_lines(manifest, |section| section == "dependencies");
    assert!(!lines.is_empty(), "{manifest}: no dependencies were read");
    lines
        .iter()
        .map(|line| {
            line.split(['.', ' ', '='])
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

/// Names in Cargo.lock and what each depends on, versions joined.
fn locked_packages() -> BTreeMap<String, Vec<String>> {
    let mut packages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for block in repo::read("Cargo.lock").split("[[package]]").skip(1) {
        let mut quoted = block.lines().filter_map(|line| line.split('"').nth(1));
        let name = quoted.next().expect("a package has a name").to_owned();
        let list = block
            .split_once("dependencies = [")
            .map_or("", |(_, list)| list);
        let dependencies = list.lines().filter_map(|line| line.split('"').nth(1));
        // `name version` where the name alone would be ambiguous.
        let names = dependencies.map(|text| text.split(' ').next().unwrap_or(text).to_owned());
        packages.entry(name).or_default().extend(names);
    }
    packages
}

/// Lines of the sections of a manifest that are wanted, comments left out.
fn section_lines(manifest: &str, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in repo::read(manifest).lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[') {
            name.trim_end_matches(']').clone_into(&mut section);
        } else if !line.is_empty() && !line.starts_with('#') && wanted(&section) {
            found.push(line.to_owned());
        }
    }
    found
}
