//! What is not ours comes from crates.io.

use super::graph::Graph;

/// What cargo and its lock file call crates.io, wherever the packages are fetched.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub fn check(graph: &Graph) -> Vec<String> {
    let mut failures = Vec::new();
    for package in graph.packages().filter(|package| !graph.is_ours(package)) {
        let source = package.source.as_deref();
        if source != Some(CRATES_IO) {
            let source = source.unwrap_or("a folder outside the workspace");
            let brought = graph.brought_by(package);
            failures.push(format!(
                "{package}: it comes from {source}, not from crates.io; drop {brought}, or the `[patch]` in Cargo.toml"
            ));
        }
    }
    failures
}
