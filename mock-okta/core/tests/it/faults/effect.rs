//! Whether a request takes effect whose answer does not arrive, and what the journal says of it.

use mock_okta_core::FaultKind;
use mock_okta_core::behaviour::Edition;
use serde_json::Value;

use super::{KEYS, add};
use crate::support::{ADA, AGENT, Authorize, CHAT_TOKEN, Client, JWT_BEARER, TOKEN};

/// What a second attempt with the same code gets, after the first one met a fault.
fn second_attempt(fault: &str) -> String {
    let client = Client::new(Edition::default());
    let code = Authorize::new().code(&client, ADA);
    add(&client, &format!("{fault},endpoint=token,next=1"));
    client.redeem_code(AGENT, TOKEN, &code);
    client.redeem_code(AGENT, TOKEN, &code).refusal()
}

const USED: &str = "400 invalid_grant invalid_authorization_code";
const UNUSED: &str = "200 - -";

#[test]
fn a_code_is_used_up_where_the_request_takes_effect_and_nowhere_else() {
    for kind in FaultKind::ALL {
        let choice = kind
            .parameters()
            .iter()
            .find(|one| one.name == "takes_effect");
        let Some(choice) = choice else {
            assert_eq!(second_attempt(kind.id()), USED, "{kind}");
            continue;
        };
        for takes_effect in ["true", "false"] {
            let expected = if takes_effect == "true" { USED } else { UNUSED };
            let fault = format!("{kind},takes_effect={takes_effect}");
            assert_eq!(second_attempt(&fault), expected, "{fault}");
            if choice.default == Some(takes_effect) {
                assert_eq!(second_attempt(kind.id()), expected, "{kind}");
            }
        }
    }
}

#[test]
fn an_id_jag_whose_answer_is_lost_is_used_up() {
    for (fault, expected) in [
        ("cut-before,next=1", "400 invalid_grant id_jag_replayed"),
        ("cut-before,takes_effect=false,next=1", UNUSED),
    ] {
        let client = Client::new(Edition::default());
        let id_jag = client.id_jag();
        add(&client, fault);
        let form = [("grant_type", JWT_BEARER), ("assertion", id_jag.as_str())];
        client.post_as(AGENT, CHAT_TOKEN, &form);
        let again = client.post_as(AGENT, CHAT_TOKEN, &form);
        assert_eq!(again.refusal(), expected, "{fault}");
    }
}

#[test]
fn the_journal_names_the_fault_and_the_status() {
    let client = Client::new(Edition::default());
    for fault in [
        "unavailable,next=1",
        "cut-before,next=1",
        "cut-before,takes_effect=false,next=1",
        "status=418,takes_effect=true,next=1",
    ] {
        add(&client, fault);
    }
    for _ in 0..5 {
        client.post(TOKEN, &[("client_id", AGENT)]);
    }
    let journal = client
        .control("GET", "journal", &Value::Null)
        .expect("a journal");
    let entries = journal["entries"].as_array().expect("entries");
    let shown: Vec<String> = entries
        .iter()
        .map(|entry| {
            let [status, fault, client, refusal] =
                ["status", "fault", "client_id", "refusal"].map(|name| &entry[name]);
            format!("{status} {fault} {client} {refusal}")
        })
        .collect();
    let refusal = "\"token_request_missing_grant_type\"";
    let refusal = entries[4]["refusal"]
        .as_str()
        .map_or(refusal.to_owned(), |code| format!("\"{code}\""));
    let agent = format!("\"{AGENT}\"");
    let own = entries[4]["status"].as_u64().expect("a status");
    assert_eq!(
        shown,
        [
            format!("503 \"unavailable\" {agent} null"),
            format!("{own} \"cut-before\" {agent} {refusal}"),
            format!("0 \"cut-before\" {agent} null"),
            format!("418 \"status\" {agent} {refusal}"),
            format!("{own} null {agent} {refusal}"),
        ]
    );
}

#[test]
fn a_fault_changes_no_id_of_the_requests_after_it() {
    let last = |fault: Option<&str>| {
        let client = Client::new(Edition::default());
        if let Some(fault) = fault {
            add(&client, fault);
        }
        client.get(KEYS);
        client.get(KEYS);
        let answers = client.answers.borrow();
        answers[1].headers["x-okta-request-id"].clone()
    };
    assert_eq!(last(None), last(Some("unavailable,next=1")));
}
