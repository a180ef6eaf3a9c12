//! What this workspace may depend on: deny.toml against what `cargo metadata` says.
//!
//! cargo-deny reads the same file and knows more, advisories first of all. It takes minutes to build, so it runs in
//! `.ci/scheduled` and this in `.ci/run`. Of the graph, cargo prints a few packages that no build needs and cargo-deny leaves
//! out, such as those of a `weak?/feature`; here they are checked too.

mod bans;
mod graph;
mod licenses;
mod rules;
mod sources;
#[cfg(test)]
mod tests;

use graph::Graph;
use rules::Rules;

/// With these cargo prints the whole graph: all features, all targets, and every kind of dependency.
pub const METADATA: [&str; 5] = [
    "metadata",
    "--locked",
    "--format-version",
    "1",
    "--all-features",
];

/// What is wrong, a line each. It is an error when one of the two texts cannot be read.
pub fn check(metadata: &[u8], rules: &str) -> Result<Vec<String>, String> {
    let rules = Rules::parse(rules)?;
    let graph = Graph::parse(metadata)?;
    let mut failures = licenses::check(&graph, &rules);
    failures.extend(bans::check(&graph, &rules));
    failures.extend(sources::check(&graph));
    Ok(failures)
}
