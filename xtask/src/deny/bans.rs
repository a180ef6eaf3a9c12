//! Crates that nothing may depend on, and dependencies of ours that have no version.

use super::graph::{Graph, Package};
use super::rules::{Ban, Rules};

/// The requirement that any version satisfies. A dependency that has a path and no version has it too.
const WILDCARD: &str = "*";

pub fn check(graph: &Graph, rules: &Rules<'_>) -> Vec<String> {
    let mut failures = Vec::new();
    for ban in &rules.bans.deny {
        let line = rules.line(ban);
        let ban = ban.get_ref();
        for package in graph.packages().filter(|one| one.name == ban.package.0) {
            failures.extend(refused(graph, ban, &line, package));
        }
    }
    for package in graph.packages().filter(|package| graph.is_ours(package)) {
        failures.extend(wildcards(graph, rules, package));
    }
    failures
}

/// The failures of a package that is banned: one for each that depends on it and is no wrapper.
fn refused(graph: &Graph, ban: &Ban, line: &str, package: &Package) -> Vec<String> {
    let reason = &ban.reason;
    if ban.wrappers.is_empty() {
        let brought = graph.brought_by(package);
        return vec![format!(
            "{package}: {line} bans it ({reason}); drop {brought}"
        )];
    }
    let mut failures = Vec::new();
    for dependent in graph.dependents(package) {
        if !ban.wrappers.iter().any(|one| one.0 == dependent.name) {
            let brought = graph.brought_through(dependent, package);
            failures.push(format!(
                "{package}: {line} bans it ({reason}) but for its wrappers, and {dependent} is none of them; \
                 add that to `wrappers`, or drop {brought}"
            ));
        }
    }
    failures
}

fn wildcards(graph: &Graph, rules: &Rules<'_>, package: &Package) -> Vec<String> {
    let mut failures = Vec::new();
    for dependency in &package.dependencies {
        let may = dependency.path.is_some() && rules.bans.allow_wildcard_paths;
        if dependency.req == WILDCARD && !may {
            let key = dependency.key();
            let manifest = graph.manifest(package);
            failures.push(format!(
                "{package}: `{key}` may be of any version; say which in {manifest}, or in Cargo.toml if it is that of the workspace"
            ));
        }
    }
    failures
}
