//! What holds for every request and every order of requests, whatever they are made of.

mod arbitrary;
mod authentication;
mod bent;
mod flows;
mod jwts;
mod sequences;
mod single_use;

use std::sync::OnceLock;

use conformance_tests::org::{Answer, TestOrg};
use proptest::prelude::ProptestConfig;
use serde_json::Value;

/// Members of an answer that are worth stealing.
const CREDENTIALS: [&str; 5] = [
    "access_token",
    "id_token",
    "refresh_token",
    "vaulted_secret",
    "service_account",
];

/// An org that all cases of a process ask in any order: what one leaves behind must not help the next.
fn org() -> &'static TestOrg {
    static ORG: OnceLock<TestOrg> = OnceLock::new();
    ORG.get_or_init(TestOrg::new)
}

/// Enough cases to find what is there, few enough for every `cargo test`; `PROPTEST_CASES` asks for more.
fn cases(few: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").is_ok();
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: if asked { default.cases } else { few },
        ..default
    }
}

/// The credentials that an answer hands out, wherever they stand in it.
fn credentials(answer: &Answer) -> Vec<&'static str> {
    let mut found = Vec::new();
    collect(&answer.body, &mut found);
    let location = answer.response.headers().get(http::header::LOCATION);
    let location = location
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if location.contains("?code=") || location.contains("&code=") || location.contains("#code=") {
        found.push("code");
    }
    found
}

fn collect(value: &Value, found: &mut Vec<&'static str>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                found.extend(
                    CREDENTIALS
                        .into_iter()
                        .filter(|credential| credential == name),
                );
                collect(member, found);
            }
        }
        Value::Array(members) => members.iter().for_each(|member| collect(member, found)),
        _ => {}
    }
}
