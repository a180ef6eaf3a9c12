//! Keys of agents: what is refused with a reason, and that a change is judged by what the org has when it is made.

use mock_okta_core::behaviour::Edition;
use mock_okta_core::org::Org;
use mock_okta_core::secret::Secret;
use mock_okta_core::{Admitted, Options};
use serde_json::{Value, json};

use super::AGENTS;
use super::agents::{fresh_key, keys};
use crate::support::{AGENT, API_TOKEN, Client};

/// Status and the first cause, or the code where there is none.
fn register(client: &Client, jwk: &Value) -> (u16, String) {
    let answer = client.manage("POST", &keys(AGENT), jwk);
    let cause = answer.body["errorCauses"][0]["errorSummary"].as_str();
    let cause = cause.or(answer.body["errorCode"].as_str());
    (answer.status, cause.unwrap_or_default().to_owned())
}

fn registered(client: &Client) -> usize {
    let listed = client.managed_at(&keys(AGENT));
    listed["data"].as_array().map_or(0, Vec::len)
}

/// A request that was admitted and is still to be decided.
fn admitted(client: &Client, path: &str, body: &Value) -> Admitted {
    let request = http::Request::post(path)
        .header("authorization", format!("SSWS {API_TOKEN}"))
        .header("content-type", "application/json")
        .body(body.to_string().into_bytes());
    let request = request.expect("a request");
    client.core.admit(&request, client.instant())
}

fn decided(client: &Client, admitted: Admitted) -> u16 {
    let response = client.core.render(client.core.decide(admitted));
    response.status().as_u16()
}

#[test]
fn an_agent_that_publishes_its_keys_registers_none() {
    let client = Client::managed();
    let (jwk, _) = fresh_key(&client);
    let change = json!({
        "agents": [{ "id": AGENT, "keys": null, "jwks_uri": "https://agent.example/keys" }],
    });
    client.control("PATCH", "org", &change).expect("a change");
    assert_eq!(
        register(&client, &jwk),
        (
            400,
            "jwks: The agent publishes its keys at its 'jwks_uri'".to_owned()
        )
    );
}

#[test]
fn a_member_of_the_wrong_type_is_named() {
    let client = Client::managed();
    let (mut jwk, _) = fresh_key(&client);
    // An EC key has no modulus: it would be ignored, and then written into the org file.
    jwk["n"] = json!(5);
    assert_eq!(
        register(&client, &jwk),
        (400, "n: The member of the key must be a string".to_owned())
    );
    assert_eq!(registered(&client), 1);
    jwk.as_object_mut().expect("an object").shift_remove("n");
    jwk["ext"] = json!(true);
    assert_eq!(register(&client, &jwk).0, 201);
}

#[test]
fn what_the_org_cannot_keep_is_not_said_to_be_registered() {
    let options = Options {
        api_token: Some(Secret::new(API_TOKEN)),
        check: |_| Err("no more changes".to_owned()),
        ..Options::default()
    };
    let edition = Edition::default();
    let client = Client::set_up(&edition.to_string(), || Org::standard(edition), options);
    let (jwk, _) = fresh_key(&client);
    assert_eq!(
        register(&client, &jwk),
        (400, "jwks: The key cannot be registered".to_owned())
    );
    assert_eq!(registered(&client), 1);
}

#[test]
fn of_two_keys_with_one_kid_that_come_at_once_one_is_registered() {
    let client = Client::managed();
    let (jwk, _) = fresh_key(&client);
    let both = [0, 1].map(|_| admitted(&client, &keys(AGENT), &jwk));
    assert_eq!(both.map(|one| decided(&client, one)), [201, 400]);
    assert_eq!(registered(&client), 2);
}

#[test]
fn of_two_deactivations_that_come_at_once_one_leaves_the_last_key() {
    let client = Client::managed();
    let (jwk, _) = fresh_key(&client);
    assert_eq!(register(&client, &jwk).0, 201);
    let listed = client.managed_at(&keys(AGENT));
    let ids: Vec<&str> = listed["data"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|key| key["id"].as_str())
        .collect();
    let [first, second] = ids[..] else {
        panic!("two keys: {ids:?}")
    };
    let path = |id: &str| format!("{AGENTS}/{AGENT}/credentials/jwks/{id}/lifecycle/deactivate");
    let both = [first, second].map(|id| admitted(&client, &path(id), &Value::Null));
    assert_eq!(both.map(|one| decided(&client, one)), [200, 409]);
}
