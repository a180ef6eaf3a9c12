//! The org configured anew while it runs.

use crate::support::{AGENT, Client, WEB_APP};
use http::StatusCode;
use mock_okta_core::behaviour::Edition;
use mock_okta_core::control::{Command, ControlError};
use mock_okta_core::keys::Keyring;
use mock_okta_core::org::{ClientId, Org, Status};
use mock_okta_core::{Core, Options};
use serde_json::{Value, json};

fn configure(client: &Client, change: &Value) -> Result<Value, ControlError> {
    client.control("PATCH", "org", change)
}

fn done(result: &Result<Value, ControlError>) {
    assert_eq!(*result, Ok(Value::Null));
}

#[test]
fn a_member_of_a_client_changes_and_a_reset_brings_it_back() {
    let client = Client::new(Edition::default());
    done(&configure(
        &client,
        &json!({ "agents": [{ "id": AGENT, "keys": [{ "kid": "agent-rsa-1", "use": "enc" }] }] }),
    ));
    let refused = client.post_as(AGENT, crate::support::TOKEN, &[]);
    let code = "401 invalid_client client_assertion_not_signed_with_signing_key";
    assert_eq!(refused.refusal(), code);
    done(&client.control("POST", "reset", &json!({})));
    assert_eq!(client.sign_in().status, 200);
}

#[test]
fn whoever_holds_the_core_may_refuse_an_org() {
    let org = Org::standard(Edition::default());
    let keys = Keyring::make(&org, &[7; 32]).expect("keys");
    let options = Options {
        check: |org| match org.clients.values().find_map(|one| one.jwks_uri.as_ref()) {
            Some(uri) => Err(format!("nobody here fetches {uri}")),
            None => Ok(()),
        },
        ..Options::default()
    };
    let core = Core::new(org, keys, options);
    let agent = json!({ "id": AGENT, "keys": null, "jwks_uri": "https://agent.example/keys" });
    let change = json!({ "agents": [agent] });
    let Value::Object(change) = change else {
        panic!("an object");
    };
    let refused = core.control(Command::Configure(change), jiff::Timestamp::UNIX_EPOCH);
    let error = refused.expect_err("the org is refused");
    assert_eq!(error.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        error.error,
        "the org cannot be configured like this: nobody here fetches https://agent.example/keys"
    );
    let now = core.snapshot();
    let mut clients = now.org.clients.values();
    assert!(
        clients.all(|client| client.jwks_uri.is_none()),
        "it changed"
    );
}

#[test]
fn changes_add_up_and_who_was_switched_off_stays_off() {
    let client = Client::new(Edition::default());
    done(&client.control("POST", "agents/wlpagentec0000000001/deactivate", &json!({})));
    done(&configure(
        &client,
        &json!({ "org": { "ai_agents": false } }),
    ));
    done(&configure(
        &client,
        &json!({ "org": { "name": "Another" } }),
    ));
    let org = &client.core.snapshot().org;
    assert!(!org.ai_agents);
    assert_eq!(org.name, "Another");
    let status = |id: &str| org.clients[id].status;
    assert_eq!(status("wlpagentec0000000001"), Status::Inactive);

    let active = json!({ "agents": [{ "id": "wlpinactive000000001", "status": "ACTIVE" }] });
    done(&configure(&client, &active));
    let org = &client.core.snapshot().org;
    assert_eq!(org.clients["wlpinactive000000001"].status, Status::Active);
}

#[test]
fn only_the_switches_that_are_named_are_turned() {
    let client = Client::new(Edition::default());
    client.set_switch("policy_scope_miss", "denied");
    done(&configure(
        &client,
        &json!({ "behaviours": { "actor_token": "refuse" } }),
    ));
    let behaviours = &client.core.snapshot().org.behaviours;
    assert_eq!(behaviours.get("policy_scope_miss"), Some("denied"));
    assert_eq!(behaviours.get("actor_token"), Some("refuse"));
}

#[test]
fn a_new_client_brings_its_public_key() {
    let client = Client::new(Edition::default());
    let jwk = client.core.snapshot().keys.client(&ClientId::new(AGENT))[0]
        .public
        .jwk
        .clone();
    let (n, e) = (jwk["n"].clone(), jwk["e"].clone());
    let agent = |key: Value| {
        json!({ "agents": [{
            "id": "wlpnewcomer000000001", "name": "Newcomer",
            "redirect_uris": ["http://localhost:1/cb"], "keys": [key],
        }] })
    };
    let public = json!({ "kty": "RSA", "n": n, "e": e });
    let given = json!({ "kid": "mine", "alg": "RS256", "public_jwk": public });
    let made = json!({ "kid": "made", "alg": "RS256" });

    let refused = configure(&client, &agent(made)).expect_err("a key that nobody would have");
    insta::assert_snapshot!(refused);
    done(&configure(&client, &agent(given)));
    let keys = client.core.snapshot().keys.clone();
    assert_eq!(keys.client(&ClientId::new("wlpnewcomer000000001")).len(), 1);
}

#[test]
fn what_no_file_may_hold_is_refused_and_changes_nothing() {
    let client = Client::new(Edition::default());
    let change = json!({
        "apps": [{ "id": WEB_APP, "consent_method": "SOMETIMES", "nmae": "Portal" }],
        "org": { "ai_agents": false },
    });
    let refused = configure(&client, &change).expect_err("mistakes");
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    insta::assert_snapshot!(refused);
    assert!(client.core.snapshot().org.ai_agents);
}

#[test]
fn keys_are_published_where_a_client_looks_for_them() {
    let client = Client::new(Edition::default());
    let nobody = json!({ "jwks_uri": "https://nobody.example/keys", "keys": [] });
    let refused = client
        .control("POST", "keys/publish", &nobody)
        .expect_err("nobody's address");
    assert_eq!(refused.status, StatusCode::NOT_FOUND);

    let assertion = client.assertion(AGENT, crate::support::TOKEN);
    done(&configure(
        &client,
        &json!({ "agents": [{ "id": AGENT, "keys": null, "jwks_uri": "https://agent.example/k" }] }),
    ));
    let none = json!({ "jwks_uri": "https://agent.example/k", "keys": [] });
    done(&client.control("POST", "keys/publish", &none));
    let refused = client.post_proving(&assertion, crate::support::TOKEN, &[]);
    assert_eq!(refused.refusal(), "401 invalid_client jwks_uri_no_key");
}
