//! Variations are switched by test control, and stay over a reset.

use mock_okta_core::Variation;
use mock_okta_core::behaviour::Edition;
use serde_json::{Value, json};

use crate::support::{Client, TOKEN};

#[test]
fn they_are_listed_and_switched_while_the_org_runs() {
    let client = Client::new(Edition::E2026_10);
    let answer = client
        .control("GET", "variations", &Value::Null)
        .expect("a list");
    assert_eq!(answer["on"], json!([]));
    let all = answer["variations"].as_array().expect("a list");
    assert_eq!(all.len(), Variation::ALL.len());
    assert_eq!(
        all[0],
        json!({
            "id": "vary/json-members-reversed",
            "summary": "The members of JSON objects come in the reverse order.",
            "source": "RFC 8259 §4",
            "reason": "An object is an unordered collection, so readers must not depend on the order of its members.",
            "profiles": ["base", "okta", "mcp-ema"],
            "aspect": "json-order",
        })
    );

    let on = json!({ "on": ["vary/media-type-charset", "vary/json-pretty"] });
    let answer = client.control("PUT", "variations", &on).expect("switched");
    assert_eq!(
        answer["on"],
        json!(["vary/json-pretty", "vary/media-type-charset"])
    );
    assert!(
        client
            .get("/oauth2/v1/keys")
            .text
            .starts_with("{\n  \"keys\"")
    );

    client
        .control("POST", "reset", &Value::Null)
        .expect("reset");
    assert!(client.get("/oauth2/v1/keys").text.starts_with("{\n"));
    client
        .control("PUT", "variations", &json!({ "on": [] }))
        .expect("switched");
    assert!(client.get("/oauth2/v1/keys").text.starts_with("{\"keys\""));
}

#[test]
fn two_of_one_aspect_are_refused_and_nothing_is_switched() {
    let client = Client::new(Edition::E2026_10);
    let both = json!({ "on": ["vary/json-pretty", "vary/json-spaced"] });
    let error = client
        .control("PUT", "variations", &both)
        .expect_err("a conflict");
    assert_eq!(error.status.as_u16(), 400);
    assert!(error.error.contains("json-space"), "{error}");
    let answer = client
        .control("GET", "variations", &Value::Null)
        .expect("a list");
    assert_eq!(answer["on"], json!([]));
}

#[test]
fn the_journal_names_those_that_concern_an_answer() {
    let client = Client::new(Edition::E2026_10);
    client.get("/oauth2/v1/keys");
    client.post(TOKEN, &[("grant_type", "client_credentials")]);
    let entries = client
        .control("GET", "journal", &Value::Null)
        .expect("a journal");
    let concerns = |n: usize, id: &str| {
        let ids = entries["entries"][n]["variations"].as_array();
        ids.expect("a list").contains(&json!(id))
    };
    assert!(concerns(0, "vary/keys-without-use") && concerns(0, "vary/json-pretty"));
    assert!(!concerns(0, "vary/invalid-client-400"));
    assert!(concerns(1, "vary/invalid-client-400") && concerns(1, "vary/json-pretty"));
    assert!(!concerns(1, "vary/keys-without-use"));
}
