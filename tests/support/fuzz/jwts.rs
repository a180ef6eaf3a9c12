//! JWTs: an input is one, read by the harness, and sent to the org wherever it takes a JWT.

use harness::jwt::{self, Jwt};
use http::{Request, StatusCode, header};
use serde_json::Value;

use crate::org::{AGENT, CHAT_TOKEN, TOKEN, TestOrg, pairs};

const CHAIN: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub fn run(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let is_jwt = is_taken_apart_and_put_together(&text);
    is_found_in_a_text(&text);
    proves_nothing(&text);
    is_jwt
}

fn is_taken_apart_and_put_together(text: &str) -> bool {
    let Ok(jwt) = Jwt::decode(text) else {
        return false;
    };
    let dot = if text.matches('.').count() == 1 {
        "."
    } else {
        ""
    };
    assert_eq!(jwt.encode(), format!("{text}{dot}"));
    assert_eq!(format!("{jwt:?}"), "Jwt([secret])");
    let again = Jwt::new(jwt.header.clone(), jwt.claims.clone());
    let again = Jwt::decode(&again.encode()).expect("it was put together just now");
    // Names and order; a number may be written in another way.
    assert!(again.header.keys().eq(jwt.header.keys()));
    assert!(again.claims.keys().eq(jwt.claims.keys()));
    true
}

fn is_found_in_a_text(text: &str) {
    let mut end = 0;
    for stretch in jwt::stretches(text) {
        assert!(stretch.start >= end, "stretches overlap");
        end = stretch.end;
        assert!(text[stretch].contains('.'));
    }
}

/// Nobody who makes up a JWT has a key that the org knows.
fn proves_nothing(text: &str) {
    let org = TestOrg::new();
    let client = [
        ("client_assertion_type", ASSERTION),
        ("client_assertion", text),
    ];
    let mut as_client = pairs(&[("grant_type", "client_credentials"), ("scope", "chat.read")]);
    as_client.extend(pairs(&client));
    let subject = [
        ("grant_type", EXCHANGE),
        ("subject_token", text),
        ("subject_token_type", ID_TOKEN),
        ("requested_token_type", ID_JAG),
    ];
    let id_jag = [("grant_type", CHAIN), ("assertion", text)];
    for (path, form) in [
        (TOKEN, as_client),
        (TOKEN, org.authenticated(AGENT, TOKEN, &subject)),
        (CHAT_TOKEN, org.authenticated(AGENT, CHAT_TOKEN, &id_jag)),
    ] {
        let answer = org.post(path, &form);
        assert!(answer.status().is_client_error(), "{}", answer.body);
    }
    let path = "/oauth2/v1/introspect";
    let answer = org.post(path, &org.authenticated(AGENT, path, &[("token", text)]));
    let is_active = answer.body.get("active").and_then(Value::as_bool);
    assert_ne!(is_active, Some(true), "{}", answer.body);
    assert!(!answer.status().is_server_error());
    let request = Request::get("/oauth2/v1/userinfo");
    let request = request.header(header::AUTHORIZATION, format!("Bearer {text}"));
    // A line break, say, cannot stand in a header field.
    if let Ok(request) = request.body(Vec::new()) {
        let status = org.ask(&request).status();
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::BAD_REQUEST];
        assert!(refused.contains(&status), "{status}");
    }
}
