//! Every package has a licence that is allowed, and every licence that is allowed is one that a package offers.

use std::collections::BTreeSet;

use spdx::{Expression, ParseMode};
use toml::Spanned;

use super::graph::{Graph, Package};
use super::rules::{Allowed, Rules};

pub fn check(graph: &Graph, rules: &Rules<'_>) -> Vec<String> {
    let mut failures = Vec::new();
    let mut offered = Vec::new();
    for package in graph.packages() {
        match expression(package) {
            Ok(expression) => {
                failures.extend(refused(graph, rules, package, &expression));
                offered.push((package.name.as_str(), expression));
            }
            Err(wrong) => failures.push(format!("{package}: {wrong}; {}", change(graph, package))),
        }
    }
    failures.extend(needless(rules, &offered));
    failures
}

fn expression(package: &Package) -> Result<Expression, String> {
    let text = package.license.as_deref().unwrap_or_default();
    if text.is_empty() {
        return Err("it has no licence expression".to_owned());
    }
    // Old packages write a slash for `OR`, as crates.io let them.
    Expression::parse_mode(text, ParseMode::LAX).map_err(|error| {
        format!(
            "its licence `{text}` is no SPDX expression: {}",
            error.reason
        )
    })
}

/// The failure of a package whose expression is not satisfied.
fn refused(
    graph: &Graph,
    rules: &Rules<'_>,
    package: &Package,
    expression: &Expression,
) -> Option<String> {
    let evaluated = expression.evaluate_with_failures(|requirement| {
        let mut allowed = rules.licenses.allowed(&package.name);
        allowed.any(|licensee| licensee.satisfies(requirement))
    });
    let missing: BTreeSet<String> = evaluated
        .err()?
        .iter()
        .map(|missing| missing.req.to_string())
        .collect();
    let missing: Vec<String> = missing.into_iter().collect();
    Some(format!(
        "{package}: its licence `{expression}` needs what is not allowed ({}); allow it in {}, or {}",
        missing.join(", "),
        rules.line(&rules.licenses.allow),
        change(graph, package),
    ))
}

/// What mends it without a new rule.
fn change(graph: &Graph, package: &Package) -> String {
    if graph.is_ours(package) {
        format!("set `license` in {}", graph.manifest(package))
    } else {
        format!("drop {}", graph.brought_by(package))
    }
}

/// Licences that are allowed though no package offers them.
fn needless(rules: &Rules<'_>, offered: &[(&str, Expression)]) -> Vec<String> {
    let mut failures = Vec::new();
    for allowed in rules.licenses.allow.get_ref() {
        let mut packages = offered.iter();
        if !packages.any(|(_, expression)| offers(expression, allowed)) {
            failures.push(unoffered("package", rules, allowed));
        }
    }
    for exception in &rules.licenses.exceptions {
        let name = &exception.package.0;
        for allowed in &exception.allow {
            let mut packages = offered.iter().filter(|(package, _)| package == name);
            if !packages.any(|(_, expression)| offers(expression, allowed)) {
                failures.push(unoffered(name, rules, allowed));
            }
        }
    }
    failures
}

fn offers(expression: &Expression, allowed: &Spanned<Allowed>) -> bool {
    let mut requirements = expression.requirements();
    requirements.any(|one| allowed.get_ref().0.satisfies(&one.req))
}

fn unoffered(package: &str, rules: &Rules<'_>, allowed: &Spanned<Allowed>) -> String {
    let licence = &allowed.get_ref().0;
    let line = rules.line(allowed);
    format!("{licence}: no {package} has this licence; remove it from {line}")
}
