//! Who may import whom in the harness. Running and telling share events and results, nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{code, modules_named, names};
use conformance_tests::repo;

/// Modules of `harness/src`, top layer first, and what each may import. Where the code differs from the first plan:
///
/// - `report` holds formats only. What they share with `diff`, `coverage` and `selftest` is in `presentation`;
/// - both read `evidence`: recorded steps are shown, and those are redacted by type;
/// - the events are in `result`, because whoever tells must not know whoever runs;
/// - `fill`, `jwks` and `signing_key` are rooms of their own, because several layers need them: a target holds
///   clients' keys, and a forge signs with them.
const LAYERS: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    (
        "cli",
        &[
            "agent",
            "baseline",
            "cassette",
            "coverage",
            "crash",
            "diff",
            "doctor",
            "evidence",
            "files",
            "init",
            "management",
            "plan",
            "presentation",
            "report",
            "requirement",
            "result",
            "run",
            "scenario",
            "secret",
            "selftest",
            "sign_in",
            "signing_key",
            "targets",
            "token_cache",
        ],
    ),
    (
        "init",
        &[
            "exchange",
            "management",
            "scenario",
            "secret",
            "signing_key",
            "targets",
        ],
    ),
    ("baseline", &["result"]),
    ("diff", &["evidence", "presentation", "result"]),
    (
        "coverage",
        &[
            "evidence",
            "presentation",
            "requirement",
            "result",
            "selftest",
            "targets",
        ],
    ),
    (
        "selftest",
        &[
            "evidence",
            "files",
            "presentation",
            "requirement",
            "result",
            "run",
            "scenario",
            "targets",
        ],
    ),
    (
        "agent",
        &[
            "check",
            "evidence",
            "exchange",
            "files",
            "fill",
            "forge",
            "jwks",
            "jwt",
            "requirement",
            "result",
            "run",
            "scenario",
            "secret",
            "targets",
            "value",
        ],
    ),
    ("report", &["evidence", "presentation", "result"]),
    ("presentation", &["evidence", "result"]),
    (
        "run",
        &[
            "cassette",
            "check",
            "crash",
            "doctor",
            "evidence",
            "exchange",
            "fill",
            "forge",
            "invariant",
            "jwks",
            "jwt",
            "management",
            "plan",
            "preflight",
            "refusals",
            "requirement",
            "result",
            "scenario",
            "secret",
            "sign_in",
            "signing_key",
            "steps",
            "targets",
            "token_cache",
            "value",
        ],
    ),
    (
        "cassette",
        &[
            "evidence",
            "exchange",
            "forge",
            "jwks",
            "jwt",
            "requirement",
            "result",
            "scenario",
            "secret",
            "signing_key",
            "targets",
        ],
    ),
    (
        "sign_in",
        &[
            "exchange",
            "fill",
            "forge",
            "jwks",
            "jwt",
            "result",
            "scenario",
            "secret",
            "signing_key",
            "steps",
            "targets",
            "token_cache",
        ],
    ),
    (
        "invariant",
        &[
            "check", "exchange", "fill", "jwks", "jwt", "result", "scenario", "targets", "value",
        ],
    ),
    (
        "doctor",
        &["management", "refusals", "result", "scenario", "targets"],
    ),
    (
        "preflight",
        &[
            "exchange",
            "jwt",
            "refusals",
            "result",
            "scenario",
            "targets",
            "token_cache",
        ],
    ),
    ("management", &["exchange", "secret", "targets", "value"]),
    (
        "plan",
        &["jwt", "requirement", "result", "scenario", "targets"],
    ),
    (
        "steps",
        &[
            "exchange", "fill", "forge", "jwks", "jwt", "scenario", "secret", "targets",
        ],
    ),
    (
        "forge",
        &[
            "exchange",
            "fill",
            "jwks",
            "jwt",
            "scenario",
            "signing_key",
            "targets",
        ],
    ),
    (
        "targets",
        &[
            "exchange",
            "files",
            "jwks",
            "requirement",
            "result",
            "scenario",
            "secret",
            "signing_key",
            "token_cache",
            "value",
        ],
    ),
    (
        "check",
        &[
            "exchange",
            "fill",
            "jwks",
            "jwt",
            "requirement",
            "result",
            "scenario",
            "value",
        ],
    ),
    ("refusals", &["result"]),
    ("result", &["evidence", "requirement"]),
    ("evidence", &["exchange", "jwt", "secret", "value"]),
    ("signing_key", &["jwks", "jwt", "secret"]),
    ("fill", &["scenario"]),
    ("jwks", &["jwt", "scenario"]),
    ("scenario", &["files", "requirement"]),
    ("crash", &[]),
    ("exchange", &[]),
    ("files", &[]),
    ("jwt", &[]),
    ("requirement", &[]),
    ("token_cache", &["secret"]),
    ("secret", &[]),
    ("value", &[]),
];

#[test]
fn every_module_imports_only_what_its_layer_may() {
    let mut wrong = Vec::new();
    for (module, imports) in imports() {
        let Some(allowed) = row(&module) else {
            wrong.push(format!("{module}: not in the layer table"));
            continue;
        };
        for (import, file) in imports {
            if import != module && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{file}: {module} may not import {import}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_names_no_module_that_is_gone_and_allows_no_import_that_nobody_needs() {
    let imports = imports();
    let mut stale = Vec::new();
    for (module, allowed) in LAYERS {
        let Some(used) = imports.get(*module) else {
            stale.push((*module).to_owned());
            continue;
        };
        for import in *allowed {
            if !used.contains_key(*import) {
                stale.push(format!("{module} -> {import}"));
            }
        }
    }
    assert!(stale.is_empty(), "no longer so: {}", stale.join(", "));
}

#[test]
fn no_two_modules_import_each_other() {
    for (at, (_, allowed)) in LAYERS.iter().enumerate() {
        for import in *allowed {
            let below = LAYERS.iter().position(|(module, _)| module == import);
            assert!(
                below > Some(at),
                "{import} must stand below {}",
                LAYERS[at].0
            );
        }
    }
}

#[test]
fn only_the_orgs_in_this_process_know_the_mock() {
    let orgs = [
        "harness/src/targets/agent_org.rs",
        "harness/src/targets/embedded.rs",
    ];
    for file in repo::rust_files("harness/src") {
        let knows = names(&code(&repo::read(&file)), "mock_okta")
            || names(&code(&repo::read(&file)), "mock_okta_core");
        assert!(
            !knows || orgs.contains(&file.as_str()),
            "{file} names mock_okta"
        );
    }
}

#[test]
fn telling_never_sees_a_live_exchange() {
    for file in ["presentation", "report", "result", "baseline", "diff"]
        .into_iter()
        .flat_map(files_of)
    {
        let code = code(&repo::read(&file));
        for forbidden in ["Exchange", "RequestSpec", "reqwest", "tokio"] {
            assert!(!names(&code, forbidden), "{file} names {forbidden}");
        }
    }
}

#[test]
fn judging_is_pure() {
    let pure = [
        "baseline",
        "check",
        "coverage",
        "diff",
        "evidence",
        "requirement",
        "result",
        "scenario",
        "presentation",
        "report",
        "plan",
        "forge",
    ];
    let of_agents = ["judge", "ledger", "view", "verdict", "rules", "settings"]
        .map(|name| format!("harness/src/agent/{name}.rs"));
    for file in pure.into_iter().flat_map(files_of).chain(of_agents) {
        let code = code(&repo::read(&file));
        for forbidden in [
            "tokio",
            "async",
            "await",
            "futures",
            "reqwest",
            "SystemTime",
            "Instant",
        ] {
            assert!(!names(&code, forbidden), "{file} names {forbidden}");
        }
    }
}

/// Imports of every module, each with a file that has it.
fn imports() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let modules: BTreeSet<String> = repo::rust_files("harness/src")
        .iter()
        .map(|file| module_of(file))
        .collect();
    for file in repo::rust_files("harness/src") {
        let module = module_of(&file);
        if module == "lib" {
            continue;
        }
        let imports = found.entry(module).or_default();
        let code = code(&repo::read(&file));
        let named = modules_named(&code, "crate")
            .into_iter()
            .chain(modules_named(&code, "harness"));
        // A macro exported at the root has a path of one part, and is no module.
        for import in named.filter(|import| modules.contains(import)) {
            imports.entry(import).or_insert_with(|| file.clone());
        }
    }
    found
}

/// `harness/src/report/json.rs` and `harness/src/report.rs` both belong to `report`.
fn module_of(file: &str) -> String {
    let rest = file.strip_prefix("harness/src/").unwrap_or(file);
    let first = rest.split('/').next().unwrap_or_default();
    first.trim_end_matches(".rs").to_owned()
}

fn files_of(module: &str) -> Vec<String> {
    repo::rust_files("harness/src")
        .into_iter()
        .filter(|file| module_of(file) == module)
        .collect()
}

fn row(module: &str) -> Option<&'static [&'static str]> {
    LAYERS
        .iter()
        .find(|(name, _)| *name == module)
        .map(|(_, allowed)| *allowed)
}
