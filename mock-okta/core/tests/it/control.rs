//! Test control, carried out on a core.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use http::StatusCode;
use jiff::Timestamp;
use mock_okta_core::control::{Call, ControlError, parse};
use mock_okta_core::keys::{Keyring, ServerName};
use mock_okta_core::org::{Org, Status};
use mock_okta_core::{Core, Options};
use serde_json::Value;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A core with the default org. Keys are made once: that is what takes time.
fn core() -> Core {
    static PARTS: LazyLock<Option<(Org, Keyring)>> = LazyLock::new(|| {
        let org = Org::standard(mock_okta_core::behaviour::Edition::default());
        let keys = Keyring::make(&org, &[7; 32]).ok()?;
        Some((org, keys))
    });
    let Some((org, keys)) = PARTS.clone() else {
        panic!("the default org's keys can be made")
    };
    let options = Options {
        base_url: "http://127.0.0.1:7070".to_owned(),
        ..Options::default()
    };
    Core::new(org, keys, options)
}

fn ask(core: &Core, method: &str, path: &str, body: &str) -> Result<Value, ControlError> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    match parse(method, &format!("/_mock/{path}"), query, body.as_bytes())? {
        Call::Command(command) => core.control(command, NOW),
        Call::Clock(_) | Call::Wait(_) => panic!("not the core's"),
    }
}

fn post(core: &Core, path: &str, body: &str) -> Result<Value, ControlError> {
    ask(core, "POST", path, body)
}

fn get(core: &Core, path: &str) -> u16 {
    let request = http::Request::get(path).body(Vec::new());
    let Ok(request) = request else {
        panic!("{path} is a path")
    };
    core.handle(&request, NOW).status().as_u16()
}

#[test]
fn users_agents_and_connections_are_switched() {
    let core = core();
    assert_eq!(
        post(&core, "users/ADA@example.com/suspend", ""),
        Ok(Value::Null)
    );
    assert_eq!(
        post(&core, "agents/wlpagentrsa000000001/deactivate", ""),
        Ok(Value::Null)
    );
    assert_eq!(
        post(
            &core,
            "connections/deactivate",
            r#"{"agent":"wlpagentrsa000000001","resource":"http://127.0.0.1:7070/oauth2/auschat0000000000001"}"#
        ),
        Ok(Value::Null)
    );
    let org = &core.snapshot().org;
    assert!(!org.users["00uada00000000000001"].is_active());
    assert_eq!(org.clients["wlpagentrsa000000001"].status, Status::Inactive);
    assert_eq!(
        org.connections["mcnchat0000000000001"].status,
        Status::Inactive
    );

    assert_eq!(
        post(&core, "users/00uada00000000000001/restore", ""),
        Ok(Value::Null)
    );
    assert_eq!(
        post(&core, "connections/mcnchat0000000000001/activate", ""),
        Ok(Value::Null)
    );
    assert!(core.snapshot().org.users["00uada00000000000001"].is_active());
    assert_eq!(
        core.snapshot().org.connections["mcnchat0000000000001"].status,
        Status::Active
    );
}

#[test]
fn a_reset_undoes_what_an_administrator_did_and_empties_the_journal() {
    let core = core();
    assert_eq!(
        post(&core, "users/ada@example.com/suspend", ""),
        Ok(Value::Null)
    );
    assert_eq!(get(&core, "/oauth2/v1/keys"), 200);
    assert_eq!(post(&core, "reset", ""), Ok(Value::Null));
    assert!(core.snapshot().org.users["00uada00000000000001"].is_active());
    let journal = ask(&core, "GET", "journal", "").expect("a journal");
    assert_eq!(journal["entries"], serde_json::json!([]));
}

#[test]
fn after_a_reset_the_key_of_the_start_signs_again_and_later_ones_stay_published() {
    let core = core();
    let kids = || -> Vec<String> {
        let snapshot = core.snapshot();
        let keys = snapshot.keys.server(&ServerName::Org).expect("keys");
        keys.published().map(|key| key.kid.clone()).collect()
    };
    let at_start = kids();
    let mut all = at_start.clone();
    for round in 1..3 {
        let body = format!(r#"{{"issuer":"{}"}}"#, core.issuer(&ServerName::Org));
        let rotated = ask(&core, "POST", "keys/rotate", &body).expect("a new key");
        let kid = rotated["kid"].as_str().expect("a kid").to_owned();
        assert!(!all.contains(&kid), "a key of its own in round {round}");
        assert_eq!(kids()[0], kid);
        all.push(kid);
        assert_eq!(post(&core, "reset", ""), Ok(Value::Null));
        let mut published = kids();
        assert_eq!(published[0], at_start[0]);
        published.sort();
        all.sort();
        assert_eq!(published, all);
    }
}

#[test]
fn the_journal_goes_on_where_an_earlier_answer_ended() {
    let core = core();
    for path in ["/oauth2/v1/keys", "/nowhere", "/oauth2/default/v1/keys"] {
        get(&core, path);
    }
    let numbers = |journal: &Value| -> Vec<u64> {
        let entries = journal["entries"].as_array();
        entries
            .into_iter()
            .flatten()
            .filter_map(|entry| entry["n"].as_u64())
            .collect()
    };
    let first = ask(&core, "GET", "journal?limit=2", "").expect("a journal");
    assert_eq!(
        (numbers(&first), first["next"].as_u64()),
        (vec![1, 2], Some(2))
    );
    let rest = ask(&core, "GET", "journal?after=2", "").expect("a journal");
    assert_eq!((numbers(&rest), rest["next"].as_u64()), (vec![3], Some(3)));
    let none = ask(&core, "GET", "journal?after=3", "").expect("a journal");
    assert_eq!((numbers(&none), none["next"].as_u64()), (vec![], Some(3)));
    let filtered = ask(&core, "GET", "journal?path=/oauth2/default", "").expect("a journal");
    assert_eq!(
        (numbers(&filtered), filtered["next"].as_u64()),
        (vec![3], Some(3))
    );
}

#[test]
fn a_rotated_key_stays_published_and_signs_no_more() {
    let core = core();
    let server = ServerName::Org;
    let old = core
        .snapshot()
        .keys
        .server(&server)
        .expect("keys")
        .active
        .public
        .kid
        .clone();
    let answer = post(
        &core,
        "keys/rotate",
        r#"{"issuer":"http://127.0.0.1:7070"}"#,
    )
    .expect("a key");
    let snapshot = core.snapshot();
    let keys = snapshot.keys.server(&server).expect("keys");
    assert_eq!(
        answer["kid"].as_str(),
        Some(keys.active.public.kid.as_str())
    );
    let published: Vec<&str> = keys.published().map(|key| key.kid.as_str()).collect();
    assert_eq!(published, [keys.active.public.kid.as_str(), old.as_str()]);

    let again = post(
        &core,
        "keys/rotate",
        r#"{"issuer":"http://127.0.0.1:7070"}"#,
    )
    .expect("a key");
    assert_ne!(answer["kid"], again["kid"]);
}

#[test]
fn a_path_that_is_not_a_route_changes_nothing() {
    let core = core();
    let body = r#"{"issuer":"http://127.0.0.1:7070"}"#;
    let before = core.snapshot();
    for path in [
        "",
        "keys",
        "keys/",
        "keys/rotates",
        "keys/rotate/now",
        "rotate",
        "clock/rewind",
        "users/00uada00000000000001/delete",
        "agents/wlpagentrsa000000001/suspend",
        "connections/mcnchat0000000000001/suspend",
        "consents/revoke",
    ] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let status = ask(&core, method, path, body).map_err(|error| error.status);
            assert_eq!(status, Err(StatusCode::NOT_FOUND), "{method} {path}");
        }
    }
    assert!(
        std::sync::Arc::ptr_eq(&before, &core.snapshot()),
        "the keys and the configuration are those from before"
    );
}

#[test]
fn a_jwt_is_signed_as_it_is_written_with_the_key_of_the_named_server() {
    let core = core();
    let issuer = "http://127.0.0.1:7070";
    let sign = |header: &str| {
        let body =
            format!(r#"{{"issuer":"{issuer}","header":{header},"claims":{{"aud":["a","b"]}}}}"#);
        post(&core, "sign", &body)
    };
    let answer = sign(r#"{"typ":"oauth-id-jag+jwt"}"#).expect("a JWT");
    let jwt = answer["jwt"].as_str().expect("a string");
    let (message, signature) = jwt.rsplit_once('.').expect("three parts");
    let decode = |part: &str| B64.decode(part).expect("base64url");
    let parts: Vec<Value> = message
        .split('.')
        .map(|part| serde_json::from_slice(&decode(part)).expect("JSON"))
        .collect();
    let keys = core.snapshot();
    let key = &keys
        .keys
        .server(&ServerName::Org)
        .expect("keys")
        .active
        .public;
    assert_eq!(parts[0]["typ"], "oauth-id-jag+jwt");
    assert_eq!(parts[0]["kid"].as_str(), Some(key.kid.as_str()));
    assert_eq!(parts[1], serde_json::json!({"aud": ["a", "b"]}));
    assert!(key.verify(message.as_bytes(), &decode(signature)));

    let error = sign(r#"{"alg":"none"}"#).expect_err("alg is the key's");
    assert_eq!(error.status, StatusCode::BAD_REQUEST);
}

#[test]
fn a_signing_input_is_signed_whatever_it_says() {
    let core = core();
    let seal = |alg: &str| {
        let body = format!(
            r#"{{"issuer":"http://127.0.0.1:7070","alg":"{alg}","signing_input":"not =.base64"}}"#
        );
        post(&core, "sign", &body)
    };
    for alg in ["RS256", "RS512", "PS256"] {
        let answer = seal(alg).expect("a JWT");
        let jwt = answer["jwt"].as_str().expect("a string");
        assert!(jwt.starts_with("not =.base64."), "{jwt}");
    }
    let error = seal("none").expect_err("the key signs by no such alg");
    assert_eq!(error.status, StatusCode::BAD_REQUEST);
}

#[test]
fn consent_is_kept_by_user_agent_and_connection() {
    let core = core();
    let body = r#"{"user":"ada@example.com","agent":"wlpagentrsa000000001","resource":"https://tracker.example.com"}"#;
    let consents = || core.with_state(|state| state.consents.len());
    assert_eq!(post(&core, "consents/grant", body), Ok(Value::Null));
    assert_eq!(consents(), 1);
    assert_eq!(post(&core, "consents/withdraw", body), Ok(Value::Null));
    assert_eq!(consents(), 0);
    assert_eq!(post(&core, "consents/grant", body), Ok(Value::Null));
    assert_eq!(post(&core, "consents/refuse", body), Ok(Value::Null));
    assert_eq!(consents(), 0);
}

#[test]
fn what_does_not_exist_is_reported_with_what_does() {
    let core = core();
    let answer: Vec<String> = [
        ("users/ada@exampel.com/suspend", ""),
        ("agents/0oawebapp00000000001/activate", ""),
        ("connections/mcnchat00000000000001/activate", ""),
        ("connections/activate", r#"{"agent":"wlpagentec0000000001","resource":"https://tracker.example.com"}"#),
        ("consents/grant", r#"{"user":"ada@example.com","agent":"wlpagentrsa000000001","resource":"mcnchat0000000000001"}"#),
        ("keys/rotate", r#"{"issuer":"http://127.0.0.1:7070/"}"#),
    ]
    .into_iter()
    .map(|(path, body)| match post(&core, path, body) {
        Ok(value) => format!("{path}: {value}"),
        Err(error) => format!("{} {error}", error.status.as_u16()),
    })
    .collect();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(answer.join("\n"));
    });
}

#[test]
fn health_names_the_edition_and_the_issuer() {
    let health = ask(&core(), "GET", "health", "").expect("health");
    assert_eq!(health["edition"], "2026-10");
    assert_eq!(health["issuer"], "http://127.0.0.1:7070");
    assert_eq!(
        ask(&core(), "POST", "health", "").map_err(|error| error.status),
        Err(StatusCode::METHOD_NOT_ALLOWED)
    );
}
