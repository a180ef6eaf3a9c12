//! Agents, their keys, their connections, and who may hand users to them.

use mock_okta_core::Options;
use mock_okta_core::behaviour::Edition;
use mock_okta_core::org::{Org, Status};
use mock_okta_core::secret::Secret;
use serde_json::{Value, json};

use super::{AGENTS, PRINCIPALS, error};
use crate::support::{ADA, AGENT, API_TOKEN, Authorize, Client, Jws, OTHER_AGENT, Signer, TOKEN};

pub fn keys(agent: &str) -> String {
    format!("{AGENTS}/{agent}/credentials/jwks")
}

/// A public JWK that nobody has registered, and who can sign with its other half.
pub fn fresh_key(client: &Client) -> (Value, Signer) {
    // The key of the other agent will do: a key may belong to two.
    let (_, signer) = client.signer(OTHER_AGENT, None);
    let mut jwk = client.managed_at(&keys(OTHER_AGENT))["data"][0].clone();
    for member in ["id", "status", "created", "lastUpdated"] {
        jwk.as_object_mut().expect("an object").shift_remove(member);
    }
    jwk["kid"] = "new-1".into();
    (jwk, signer)
}

#[test]
fn agents_are_listed_with_their_state() {
    let client = Client::managed();
    client.edit(|org| {
        if let Some(agent) = org.clients.get_mut(OTHER_AGENT) {
            agent.status = Status::Staged;
        }
    });
    let all = client.managed_at(AGENTS);
    let states: Vec<(&str, &str)> = all["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            (
                one["id"].as_str().unwrap_or(""),
                one["status"].as_str().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(
        states,
        [
            ("wlpagentec0000000001", "STAGED"),
            ("wlpagentrsa000000001", "ACTIVE"),
            ("wlpinactive000000001", "INACTIVE"),
        ]
    );
    let one = client.managed_at(&format!("{AGENTS}/{AGENT}"));
    assert_eq!(one["profile"]["name"], "Chat assistant");
    assert_eq!(one, all["data"][1]);
    let found = client.managed_at(&format!("{AGENTS}?search=status%20eq%20%22STAGED%22"));
    assert_eq!(found["data"].as_array().map(Vec::len), Some(1));
}

#[test]
fn an_org_without_the_subscription_has_no_agents_to_show() {
    let client = Client::managed();
    client.edit(|org| org.ai_agents = false);
    assert_eq!(error(&client, "GET", AGENTS), (403, "E0000015".to_owned()));
    assert_eq!(
        client.manage("GET", "/api/v1/apps", &Value::Null).status,
        200
    );
}

#[test]
fn the_app_of_an_agent_says_who_is_assigned_and_where_it_may_be_answered() {
    let client = Client::managed();
    let agent = client.managed_at(&format!("{AGENTS}/{AGENT}"));
    let app = agent["signOnProvider"]["appInstanceId"]
        .as_str()
        .expect("an app");
    let app = format!("/api/v1/apps/{app}");
    let shown = client.managed_at(&app);
    assert_eq!(shown["credentials"]["oauthClient"]["client_id"], AGENT);
    assert_eq!(
        shown["settings"]["oauthClient"]["redirect_uris"],
        json!(["http://localhost:8787/callback"])
    );
    assert_eq!(
        client.managed_at(&format!("{app}/users"))[0]["scope"],
        "GROUP"
    );
    assert_eq!(
        client
            .managed_at(&format!("{app}/groups"))
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    let grace = json!([{ "id": AGENT, "assigned_users": ["00ugrace000000000001"] }]);
    let change = json!({ "agents": grace });
    client.control("PATCH", "org", &change).expect("a change");
    assert_eq!(
        client.managed_at(&format!("{app}/users/grace@example.com"))["scope"],
        "USER"
    );
    assert_eq!(
        error(&client, "GET", &format!("{app}/users/00uada00000000000001")).0,
        404
    );
    assert_eq!(client.managed_at(&format!("{app}/groups")), json!([]));
}

#[test]
fn an_agent_whose_users_a_linked_app_signs_in_has_no_app() {
    let labels = |edition: Edition| -> Vec<Value> {
        let options = Options {
            api_token: Some(Secret::new(API_TOKEN)),
            ..Options::default()
        };
        let client = Client::set_up(&edition.to_string(), || Org::standard(edition), options);
        let agent = client.managed_at(&format!("{AGENTS}/{AGENT}"));
        let apps = client.managed_at("/api/v1/apps?q=CHAT%20assistant");
        let apps: Vec<Value> = apps
            .as_array()
            .expect("a list")
            .iter()
            .map(|app| app["id"].clone())
            .collect();
        let own = agent["signOnProvider"]["appInstanceId"].clone();
        assert_eq!(apps.first(), Some(&own).filter(|own| own.is_string()));
        apps
    };
    assert_eq!(labels(Edition::E2026_10).len(), 1);
    assert_eq!(labels(Edition::E2025_10).len(), 0);
}

#[test]
fn a_key_that_is_registered_counts_until_it_is_deactivated() {
    let client = Client::managed();
    let (jwk, signer) = fresh_key(&client);
    let prove = |client: &Client| {
        let assertion: Jws = client.assertion(AGENT, TOKEN).header("kid", "new-1");
        let assertion = assertion.header("alg", "ES256").signed_by(signer.clone());
        let code = Authorize::new().code(client, ADA);
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", crate::support::REDIRECT),
            ("code_verifier", crate::support::VERIFIER),
        ];
        client.post_proving(&assertion, TOKEN, &form).refusal()
    };
    assert_eq!(
        prove(&client),
        "401 invalid_client client_assertion_invalid_kid"
    );
    let registered = client.manage("POST", &keys(AGENT), &jwk);
    assert_eq!(registered.status, 201, "{}", registered.text);
    assert_eq!(
        (registered.text("kid"), registered.text("status")),
        ("new-1".to_owned(), "ACTIVE".to_owned())
    );
    assert_eq!(prove(&client), "200 - -");
    let listed = client.managed_at(&keys(AGENT));
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(2));

    let id = registered.text("id");
    let lifecycle = |change: &str| format!("{}/{id}/lifecycle/{change}", keys(AGENT));
    let answer = client.manage("POST", &lifecycle("deactivate"), &Value::Null);
    assert_eq!(
        (answer.status, answer.text("status").as_str()),
        (200, "INACTIVE")
    );
    assert_eq!(
        prove(&client),
        "401 invalid_client client_assertion_invalid_kid"
    );
    client.manage("POST", &lifecycle("activate"), &Value::Null);
    assert_eq!(prove(&client), "200 - -");
}

#[test]
fn the_last_active_key_stays() {
    let client = Client::managed();
    let id = client.managed_at(&keys(AGENT))["data"][0]["id"].clone();
    let id = id.as_str().expect("an id");
    let path = format!("{}/{id}/lifecycle/deactivate", keys(AGENT));
    assert_eq!(
        error(&client, "POST", &path),
        (409, "DEACTIVATE_NOT_ALLOWED".to_owned())
    );
    assert_eq!(
        client.managed_at(&format!("{}/{id}", keys(AGENT)))["status"],
        "ACTIVE"
    );
}

#[test]
fn a_key_that_cannot_be_registered_is_refused_with_the_reason() {
    let client = Client::managed();
    let (jwk, _) = fresh_key(&client);
    let with = |name: &str, value: Value| {
        let mut changed = jwk.clone();
        changed[name] = value;
        changed
    };
    for (body, cause) in [
        (with("use", "enc".into()), "use: Key 'use' must be 'sig'"),
        (
            with("d", "AQAB".into()),
            "jwks: Only the public members of a key may be registered",
        ),
        (
            with("alg", "HS256".into()),
            "alg: Key 'alg' is not supported",
        ),
        (
            with("kid", "".into()),
            "kid: Key 'kid' must have 1 to 255 characters",
        ),
        (
            with("kid", "agent-rsa-1".into()),
            "kid: Key 'kid' must be unique",
        ),
        (
            with("x", "AQAB".into()),
            "jwks: The key cannot be used with its 'alg'",
        ),
    ] {
        let answer = client.manage("POST", &keys(AGENT), &body);
        assert_eq!(
            (answer.status, answer.text("errorCode").as_str()),
            (400, "E0000001"),
            "{cause}"
        );
        assert_eq!(answer.body["errorCauses"][0]["errorSummary"], cause);
    }
    assert_eq!(
        error(&client, "POST", &keys(AGENT)),
        (400, "E0000003".to_owned())
    );
    assert_eq!(
        client.managed_at(&keys(AGENT))["data"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[test]
fn connections_say_what_they_lead_to() {
    let client = Client::managed();
    let connections = format!("{AGENTS}/{AGENT}/connections");
    let one = |id: &str| client.managed_at(&format!("{connections}/{id}"));
    let chat = one("mcnchat0000000000001");
    assert_eq!(chat["connectionType"], "IDENTITY_ASSERTION_CUSTOM_AS");
    assert_eq!(
        chat["authorizationServer"]["issuerUrl"],
        crate::support::CHAT
    );
    assert_eq!(chat["scopeCondition"], "INCLUDE_ONLY");
    assert_eq!(
        chat["scopes"],
        json!(["chat.delete", "chat.history", "chat.read"])
    );
    assert_eq!(chat["resourceIndicator"], "https://chat.example.com/api");
    assert_eq!(one("mcndefault0000000001")["scopes"], json!(["*"]));
    assert_eq!(one("mcndormantas00000001")["status"], "INACTIVE");
    let secret = one("mcnsecret00000000001");
    assert_eq!(secret["secret"]["orn"], crate::support::SECRET);
    assert_eq!(secret["resourceIndicator"], crate::support::SECRET);
    assert!(secret.get("scopes").is_none());
    assert_eq!(
        one("mcnsvcacct0000000001")["serviceAccount"]["orn"],
        crate::support::ACCOUNT
    );
    let tracker = one("mcntracker0000000001");
    assert_eq!(tracker["resourceIndicator"], crate::support::TRACKER);
    assert_eq!(tracker["resource"]["resourceType"], "API_SERVER");
    let filter =
        "filter=connectionType%20eq%20%22STS_VAULT_SECRET%22%20and%20status%20eq%20%22ACTIVE%22";
    let found = client.managed_at(&format!("{connections}?{filter}"));
    assert_eq!(found["data"].as_array().map(Vec::len), Some(2));
}

#[test]
fn no_vaulted_value_and_no_secret_is_shown() {
    let client = Client::managed();
    for path in [
        format!("{AGENTS}/{AGENT}/connections?limit=200"),
        "/api/v1/apps?limit=200".to_owned(),
        "/api/v1/users".to_owned(),
    ] {
        let shown = client.managed_at(&path).to_string();
        for secret in ["mock-vault", "web-app+secret", "ada-likes-engines"] {
            assert!(!shown.contains(secret), "{path}");
        }
    }
}

#[test]
fn linked_apps_are_delegation_links() {
    let client = Client::managed();
    let links = format!("{PRINCIPALS}/delegation-links");
    assert_eq!(error(&client, "GET", &links), (400, "E0000001".to_owned()));
    let agent = client.managed_at(&format!("{AGENTS}/{AGENT}"));
    let to_agent = agent["_links"]["delegationLinks"]["href"]
        .as_str()
        .expect("an address");
    let found = client.managed_at(to_agent);
    let link = &found["data"][0];
    assert_eq!(
        link["from"]["clientOrn"],
        "orn:okta:idp:00omockokta000000001:apps:oidc_client:0oawebapp00000000001"
    );
    assert_eq!(link["from"]["type"], "OKTA_AUTHORIZATION_SERVER");
    assert_eq!(link["from"].as_object().map(serde_json::Map::len), Some(2));
    assert!(to_agent.ends_with(":wlpagentrsa000000001%22"), "{to_agent}");
    assert_eq!(found["data"].as_array().map(Vec::len), Some(1));
}

#[test]
fn an_agent_has_so_many_keys_and_no_more() {
    let client = Client::managed();
    let (jwk, _) = fresh_key(&client);
    let register = |number: u32| {
        let mut key = jwk.clone();
        key["kid"] = format!("key-{number}").into();
        client.manage("POST", &keys(AGENT), &key).status
    };
    assert!((1..50).all(|number| register(number) == 201));
    assert_eq!(register(50), 400);
    let listed = client.managed_at(&format!("{}?limit=200", keys(AGENT)));
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(50));
}
