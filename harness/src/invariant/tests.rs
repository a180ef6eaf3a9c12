//! Every relation with an exchange that breaks it and one that does not, and when a rule applies at all.

mod documents;
mod tokens;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::{Engine, Lineage, Memory, Seen};
use crate::check::Outcome;
use crate::exchange::{Exchange, Party, Payload, RequestSpec, Response};
use crate::fill::sample::Table;
use crate::jwt::Jwt;
use crate::scenario::invariant::sample::read;
use crate::scenario::model::ServerRole;
use crate::targets::sample;

const ORG: &str = "http://localhost:1";
const NOW: i64 = 1_000_000;
/// What the access tokens of the custom server are for.
const AUDIENCE: &str = "https://chat.example.com";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const REDEEM: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";

/// What a rule says of the last of some exchanges of one case: each check, and whether it holds.
fn said(rule: &str, exchanges: &[Exchange]) -> Vec<(String, bool)> {
    let text = format!("- id: it\n  title: It holds\n  covers: [token.cache-headers]\n{rule}");
    let invariants = read(&text).unwrap_or_else(|why| panic!("{why}"));
    let engine = Engine::new(Arc::new(invariants), &BTreeSet::new());
    let mut deployment = sample::deployment(ORG);
    if let Some(server) = deployment.servers.get_mut(&ServerRole::CustomAs) {
        server.facts.insert("audience", AUDIENCE.to_owned());
    }
    let (mut lineage, memory) = (Lineage::default(), Mutex::new(Memory::default()));
    let mut last = Vec::new();
    for exchange in exchanges {
        let seen = Seen {
            exchange,
            names: &Table::default(),
            deployment: &deployment,
            now: NOW,
        };
        last = engine.judge(&seen, &mut lineage, &memory);
    }
    last.into_iter()
        .map(|one| {
            (
                one.finding.check.to_string(),
                one.finding.outcome == Outcome::Held,
            )
        })
        .collect()
}

/// Whether everything that was applied holds; `None` where nothing was.
fn holds(rule: &str, exchanges: &[Exchange]) -> Option<bool> {
    let said = said(rule, exchanges);
    (!said.is_empty()).then(|| said.iter().all(|(_, held)| *held))
}

fn exchange(request: RequestSpec, status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Exchange {
        request,
        response: Response::new(status, headers.collect(), body.as_bytes()),
        elapsed: Duration::ZERO,
    }
}

fn form(url: &str, parameters: &[(&str, &str)]) -> RequestSpec {
    let party = if url.contains("/aus1/") {
        Party::Custom
    } else {
        Party::Org
    };
    let mut request = RequestSpec::new(party, "POST", format!("{ORG}{url}"));
    let pairs = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    request.payload = Payload::Form(pairs.collect());
    request
}

fn json_answer(request: RequestSpec, status: u16, body: &Value) -> Exchange {
    let headers = [("content-type", "application/json")];
    exchange(request, status, &headers, &body.to_string())
}

fn jwt(claims: &Value) -> String {
    signed(&json!({"alg": "RS256"}), claims)
}

fn signed(header: &Value, claims: &Value) -> String {
    let object = |value: &Value| value.as_object().cloned().unwrap();
    let mut jwt = Jwt::new(object(header), object(claims));
    jwt.signature = "c2ln".to_owned();
    jwt.encode()
}

/// Ada signs in with the agent: the browser's way to the code.
fn sign_in() -> Vec<Exchange> {
    let mut asked = RequestSpec::new(Party::Org, "GET", format!("{ORG}/oauth2/v1/authorize"));
    asked.by_browser = true;
    asked.query = [("client_id", "wlpagent"), ("nonce", "n1"), ("state", "s1")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    let mut posted = form(
        "/signin",
        &[("username", "ada@example.com"), ("password", "x")],
    );
    posted.by_browser = true;
    let mut resumed = RequestSpec::new(Party::Org, "GET", format!("{ORG}/resume"));
    resumed.by_browser = true;
    vec![
        exchange(asked, 302, &[("location", "/signin")], ""),
        exchange(
            posted,
            302,
            &[("location", "/resume"), ("set-cookie", "sid=1; Secure")],
            "",
        ),
        exchange(
            resumed,
            302,
            &[(
                "location",
                "http://localhost:8787/callback?code=c0de&state=s1",
            )],
            "",
        ),
    ]
}

fn redeem_code() -> RequestSpec {
    let parameters = [
        ("grant_type", "authorization_code"),
        ("code", "c0de"),
        ("client_id", "wlpagent"),
    ];
    form("/oauth2/v1/token", &parameters)
}

/// A sign-in whose ID token has these claims besides what it must have.
fn signed_in(claims: &Value) -> Vec<Exchange> {
    let mut all =
        json!({"iss": ORG, "sub": "00uada", "aud": "wlpagent", "iat": NOW, "exp": NOW + 3600});
    let more = claims.as_object().cloned().unwrap();
    all.as_object_mut().unwrap().extend(more);
    let mut exchanges = sign_in();
    let body = json!({"id_token": jwt(&all), "access_token": "at", "token_type": "Bearer"});
    exchanges.push(json_answer(redeem_code(), 200, &body));
    exchanges
}

fn refused(body: &Value) -> Exchange {
    let parameters = [("grant_type", "client_credentials")];
    json_answer(form("/oauth2/aus1/v1/token", &parameters), 400, body)
}

#[test]
fn a_rule_applies_to_answers_of_its_kind_alone() {
    let rule = "  applies_to: { endpoint: token, at: org, outcome: success, grant: code }\n  relation: json-object\n";
    let good = json_answer(redeem_code(), 200, &json!({}));
    assert_eq!(holds(rule, &[good]), Some(true));
    let list = json_answer(redeem_code(), 200, &json!([]));
    assert_eq!(holds(rule, &[list]), Some(false));
    let empty = exchange(redeem_code(), 200, &[], "");
    assert_eq!(holds(rule, &[empty]), Some(false));
    // Another outcome, a failure, another grant, another server, another method.
    for other in [
        json_answer(redeem_code(), 400, &json!([])),
        exchange(redeem_code(), 503, &[], "<html>"),
        json_answer(
            form("/oauth2/v1/token", &[("grant_type", "refresh_token")]),
            200,
            &json!([]),
        ),
        json_answer(
            form(
                "/oauth2/aus1/v1/token",
                &[("grant_type", "authorization_code")],
            ),
            200,
            &json!([]),
        ),
        exchange(
            RequestSpec {
                method: "GET".to_owned(),
                ..redeem_code()
            },
            200,
            &[],
            "",
        ),
    ] {
        assert_eq!(holds(rule, &[other]), None);
    }
}

#[test]
fn a_check_without_a_value_or_without_a_subject_is_not_applied() {
    let answer = json_answer(redeem_code(), 200, &json!({"scope": "a"}));
    let rule = |matcher: &str| {
        format!("  applies_to: {{ endpoint: token }}\n  expect: {{ body: {{ {matcher} }} }}\n")
    };
    let one = |matcher: &str| holds(&rule(matcher), std::slice::from_ref(&answer));
    assert_eq!(one("scope: \"${request.form.code}\""), Some(false));
    assert_eq!(one("scope: \"${request.form.scope}\""), None);
    assert_eq!(one("scope: \"${signed_in.id}\""), None);
    assert_eq!(one("other: { absent_or: x }"), None);
    assert_eq!(one("scope: { absent_or: x }"), Some(false));
    assert_eq!(one("other: { absent: true }"), Some(true));
    assert_eq!(one("other: { any_of: [{ absent: true }, x] }"), None);
}

#[test]
fn who_signed_in_is_known_from_the_form_to_the_last_token() {
    let rule = "  applies_to: { token: id_token, signed_in: true }\n  claims: { sub: \"${signed_in.id}\", nonce: { absent_or: \"${signed_in.nonce}\" } }\n";
    let sub_and_nonce =
        |sub: &str, nonce: &str| holds(rule, &signed_in(&json!({"sub": sub, "nonce": nonce})));
    assert_eq!(sub_and_nonce("00uada", "n1"), Some(true));
    assert_eq!(sub_and_nonce("00ugrace", "n1"), Some(false));
    assert_eq!(sub_and_nonce("00uada", "n2"), Some(false));
    // A code that this case did not see, or that was changed, goes back to nobody.
    let alone = signed_in(&json!({})).pop().unwrap();
    assert_eq!(holds(rule, &[alone]), None);
    // A session that a browser brings along is that of the user who began it.
    let mut twice = sign_in();
    let mut again = sign_in();
    again[0]
        .request
        .headers
        .push(("cookie".to_owned(), "sid=1".to_owned()));
    let second = [again[0].clone(), again[2].clone()];
    twice.extend(second);
    twice.extend(signed_in(&json!({"sub": "00ugrace"})).pop());
    assert_eq!(holds(rule, &twice), Some(false));
}

#[test]
fn what_a_browser_brings_back_is_held_against_what_it_was_sent_with() {
    let rule = "  applies_to: { endpoint: [authorize, sign-in], outcome: success }\n  expect: { redirect: { query: { state: \"${authorization.state}\" } } }\n";
    let mut walk = sign_in();
    assert_eq!(holds(rule, &walk), Some(true));
    let location = "http://localhost:8787/callback?code=c0de&state=other";
    walk[2].response.headers = vec![("location".to_owned(), location.to_owned())];
    assert_eq!(holds(rule, &walk), Some(false));
    let no_307 = "  applies_to: { endpoint: sign-in }\n  expect: { status: { not: { one_of: [307, 308] } } }\n";
    assert_eq!(holds(no_307, &walk[..2]), Some(true));
    walk[1].response.status = 307;
    assert_eq!(holds(no_307, &walk[..2]), Some(false));
    // The page itself, and its redirects, are not answers to a form.
    assert_eq!(holds(no_307, &walk[..1]), None);
}

#[test]
fn errors_consist_of_the_characters_of_rfc_6749() {
    let rule = "  applies_to: { endpoint: token, outcome: refusal }\n  relation: error-charset\n";
    let one = |body: &Value| holds(rule, &[refused(body)]);
    assert_eq!(
        one(&json!({"error": "invalid_grant", "error_description": "It's over."})),
        Some(true)
    );
    for bad in ["a \"quote\"", "a \\ backslash", "a\nbreak", "naïve"] {
        assert_eq!(
            one(&json!({"error": "x", "error_description": bad})),
            Some(false),
            "{bad}"
        );
    }
    assert_eq!(
        one(&json!({"error": "x", "error_uri": "https://a.example/e"})),
        Some(true)
    );
    assert_eq!(
        one(&json!({"error": "x", "error_uri": "no uri"})),
        Some(false)
    );
    assert_eq!(one(&json!({"errorCode": "E1"})), None);
}

#[test]
fn challenges_can_be_parsed() {
    let rule = "  applies_to: { endpoint: userinfo }\n  relation: challenge-syntax\n";
    let one = |field: Option<&str>| {
        let request = RequestSpec::new(Party::Org, "GET", format!("{ORG}/oauth2/v1/userinfo"));
        let headers: Vec<_> = field
            .iter()
            .map(|field| ("www-authenticate", *field))
            .collect();
        holds(rule, &[exchange(request, 401, &headers, "")])
    };
    assert_eq!(one(Some("Bearer error=\"invalid_token\"")), Some(true));
    assert_eq!(one(Some("Bearer error=\"invalid_token")), Some(false));
    assert_eq!(one(None), None);
}

#[test]
fn the_scope_of_an_answer_is_that_of_its_token() {
    let rule = "  applies_to: { endpoint: token, outcome: success }\n  relation: scope-agrees\n";
    let one = |asked: &str, said: Option<&str>, claims: &Value| {
        let parameters = [("grant_type", "client_credentials"), ("scope", asked)];
        let mut body = json!({"access_token": jwt(claims)});
        if let Some(said) = said {
            body["scope"] = said.into();
        }
        holds(
            rule,
            &[json_answer(
                form("/oauth2/aus1/v1/token", &parameters),
                200,
                &body,
            )],
        )
    };
    assert_eq!(
        one("a b", Some("b a"), &json!({"scp": ["a", "b"]})),
        Some(true)
    );
    assert_eq!(one("a b", Some("a"), &json!({"scope": "a b"})), Some(false));
    assert_eq!(one("a b", None, &json!({"scope": "a b"})), Some(true));
    assert_eq!(one("a", None, &json!({"scope": "a b"})), Some(false));
    assert_eq!(one("a", Some("a"), &json!({})), None);
}

#[test]
fn introspection_says_what_the_token_says() {
    let rule = "  applies_to: { endpoint: introspect }\n  relation: introspection-agrees\n";
    let token = jwt(&json!({"sub": "s", "aud": ["x"], "cid": "c", "scp": ["a", "b"], "exp": 5}));
    let one = |body: &Value| {
        let request = form("/oauth2/v1/introspect", &[("token", token.as_str())]);
        holds(rule, &[json_answer(request, 200, body)])
    };
    assert_eq!(
        one(
            &json!({"active": true, "sub": "s", "aud": "x", "client_id": "c", "scope": "b a", "exp": 5})
        ),
        Some(true)
    );
    assert_eq!(one(&json!({"active": true, "sub": "other"})), Some(false));
    assert_eq!(
        one(&json!({"active": true, "client_id": "other"})),
        Some(false)
    );
    assert_eq!(one(&json!({"active": true, "scope": "a b c"})), Some(false));
    assert_eq!(one(&json!({"active": true, "exp": 5.5})), Some(true));
    assert_eq!(one(&json!({"active": true, "exp": 6})), Some(false));
    assert_eq!(one(&json!({"active": false, "sub": "other"})), None);
    assert_eq!(one(&json!({"active": true})), None);
}
