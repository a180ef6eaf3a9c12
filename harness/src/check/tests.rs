use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::json;

use super::*;
use crate::exchange::{Party, RequestSpec, Response};
use crate::fill::sample::{Table, template};
use crate::jwks::sample::Pair;
use crate::scenario::model::{Condition, JwtExpectation, RedirectExpectation, ValueTemplate};

fn exchange(status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Exchange {
        request: RequestSpec::new(Party::Org, "POST", "https://a.example/token"),
        response: Response::new(status, headers.collect(), body.as_bytes()),
        elapsed: Duration::ZERO,
    }
}

fn located<T>(value: T) -> Located<T> {
    Located {
        place: strict_yaml::Place::START,
        value,
    }
}

fn literal(text: &str) -> Located<Matcher> {
    located(Matcher::Equals(ValueTemplate::Text(template(text))))
}

fn status(code: i64) -> Located<Matcher> {
    located(Matcher::Equals(ValueTemplate::Int(code)))
}

struct Keys {
    ring: KeyRing,
    org: Pair,
    other: Pair,
}

fn keys() -> Keys {
    let (org, other) = (Pair::new("org-1"), Pair::new("other-1"));
    let mut ring = KeyRing::default();
    ring.insert(ServerRole::Org, Ok(Arc::new(org.published())));
    ring.insert(ServerRole::CustomAs, Ok(Arc::new(other.published())));
    ring.insert(
        ServerRole::OtherCustomAs,
        Err("the keys cannot be had".into()),
    );
    Keys { ring, org, other }
}

fn judged(expectation: Expectation, exchange: &Exchange, ring: &KeyRing) -> Vec<(String, String)> {
    let names = Table::default();
    let cx = Context {
        names: &names,
        keys: ring,
        now: 0,
        shows_internal_codes: true,
    };
    let findings = evaluate(&[expectation], exchange, &cx);
    let found = findings.into_iter().map(|finding| {
        let outcome = match finding.outcome {
            Outcome::Held => "held".to_owned(),
            Outcome::Differs(Seen::Absent) => "absent".to_owned(),
            Outcome::Differs(Seen::Words(words)) => words,
            Outcome::Differs(Seen::Value { value, .. }) => crate::value::describe(&value),
            Outcome::Unjudged(why) => format!("unjudged: {why}"),
        };
        (finding.check.to_string(), outcome)
    });
    found.collect()
}

fn signed(key: &Pair, kid: &str) -> String {
    let header = json!({"alg": "ES256", "kid": kid, "typ": "oauth-id-jag+jwt"});
    key.sign(&header, &json!({"aud": "b", "act": {"sub": "wlp"}}))
}

#[test]
fn one_finding_a_check_in_the_order_written() {
    let body = r#"{"error":"invalid_grant","keys":[{"kid":"a"},{"kid":1},{}]}"#;
    let headers = [
        ("cache-control", "no-store"),
        ("x-mock-okta-code", "id_jag_replayed"),
    ];
    let expectation = Expectation {
        status: Some(status(400)),
        headers: vec![
            (
                "cache-control".into(),
                located(Matcher::Contains(template("no-store"))),
            ),
            ("pragma".into(), literal("no-cache")),
        ],
        body: vec![
            ("error".into(), literal("invalid_client")),
            (
                "keys.*.kid".into(),
                located(Matcher::Type(crate::scenario::model::JsonType::String)),
            ),
            ("access_token".into(), located(Matcher::Absent)),
        ],
        code: Some(located(vec![
            "id_jag_expired".into(),
            "id_jag_replayed".into(),
        ])),
        ..Expectation::default()
    };
    let found = judged(
        expectation,
        &exchange(400, &headers, body),
        &KeyRing::default(),
    );
    let found: Vec<_> = found
        .iter()
        .map(|(check, seen)| (check.as_str(), seen.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("status", "held"),
            ("header cache-control", "held"),
            ("header pragma", "absent"),
            ("body.error", "string `invalid_grant`"),
            ("body.keys.*.kid", "integer 1"),
            ("body.access_token", "held"),
            ("internal code", "held"),
        ]
    );
}

#[test]
fn no_element_at_all_does_not_satisfy_every_element() {
    let expectation = Expectation {
        body: vec![("keys.*.kid".into(), located(Matcher::Present))],
        ..Expectation::default()
    };
    let found = judged(
        expectation,
        &exchange(200, &[], r#"{"keys":[]}"#),
        &KeyRing::default(),
    );
    assert_eq!(found[0].1, "absent");
}

#[test]
fn internal_codes_are_compared_only_where_they_are_shown() {
    let expectation = Expectation {
        code: Some(located(vec!["x".into()])),
        ..Expectation::default()
    };
    let names = Table::default();
    let ring = KeyRing::default();
    let cx = Context {
        names: &names,
        keys: &ring,
        now: 0,
        shows_internal_codes: false,
    };
    assert!(evaluate(&[expectation], &exchange(400, &[], ""), &cx).is_empty());
}

#[test]
fn tokens_are_judged_by_signature_header_and_claims() {
    let keys = keys();
    let expectation = |signed_by| Expectation {
        jwt: vec![JwtExpectation {
            optional: false,
            opaque: false,
            at: "body.access_token".into(),
            signed_by,
            header: vec![("typ".into(), literal("oauth-id-jag+jwt"))],
            claims: vec![
                ("aud".into(), literal("a")),
                ("act.sub".into(), literal("wlp")),
            ],
            at_hash_of: None,
            lives: None,
            place: strict_yaml::Place::START,
        }],
        ..Expectation::default()
    };
    let answer = |token: &str| exchange(200, &[], &json!({"access_token": token}).to_string());
    let seen = |token: &str, role| -> Vec<String> {
        let found = judged(expectation(Some(role)), &answer(token), &keys.ring);
        found.into_iter().map(|(_, seen)| seen).collect()
    };

    let good = signed(&keys.org, "org-1");
    assert_eq!(
        seen(&good, ServerRole::Org),
        ["held", "held", "held", "string `b`", "held"]
    );
    assert_eq!(
        seen(&good, ServerRole::CustomAs)[1],
        "signed with a key of org: no published key has the kid `org-1`"
    );
    assert_eq!(
        seen(&good, ServerRole::OtherCustomAs)[1],
        "unjudged: the keys cannot be had"
    );
    let forged = signed(&keys.other, "org-1");
    assert_eq!(
        seen(&forged, ServerRole::Org)[1],
        "the signature does not verify with the published key `org-1`"
    );
    assert_eq!(
        seen("opaque", ServerRole::Org),
        [
            "a string, but no JWT: it does not have three parts",
            "absent",
            "absent",
            "absent",
            "absent"
        ]
    );
    let found = judged(expectation(None), &exchange(200, &[], "{}"), &keys.ring);
    assert_eq!(
        found[0],
        ("jwt body.access_token".to_owned(), "absent".to_owned())
    );
    assert_eq!(found.len(), 4);
}

/// Where a member or a claim is left out, the other says nothing.
#[test]
fn claims_agree_with_the_answer_where_both_say_something() {
    let unsigned = |claims: Value| {
        let part = |value: &Value| B64.encode(value.to_string());
        format!("{}.{}.", part(&json!({"alg": "none"})), part(&claims))
    };
    let seen = |claims: Value, mut body: Value| -> Vec<String> {
        body["t"] = json!(unsigned(claims));
        let expectation = Expectation {
            jwt: vec![JwtExpectation {
                optional: false,
                opaque: false,
                at: "body.t".into(),
                signed_by: None,
                header: Vec::new(),
                claims: Vec::new(),
                at_hash_of: Some("body.access_token".into()),
                lives: Some("body.expires_in".into()),
                place: strict_yaml::Place::START,
            }],
            ..Expectation::default()
        };
        let answer = exchange(200, &[], &body.to_string());
        let found = judged(expectation, &answer, &KeyRing::default());
        found.into_iter().skip(1).map(|(_, seen)| seen).collect()
    };
    let answer = || json!({"access_token": "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", "expires_in": 300});
    // The access token and hash of OpenID Connect Core, appendix A.3.
    let right = json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ", "iat": 1000, "exp": 1300});
    assert_eq!(seen(right.clone(), answer()), ["held", "held"]);
    assert_eq!(seen(json!({}), answer()), ["held", "held"]);
    assert_eq!(
        seen(json!({"iat": 1, "exp": 9}), json!({})),
        ["held", "held"]
    );
    let mut wrong = right;
    wrong["at_hash"] = json!("77QmUPtjPfzWtF2AnpK9RR");
    wrong["exp"] = json!(1302);
    assert_eq!(
        seen(wrong, answer()),
        [
            "string `77QmUPtjPfzWtF2AnpK9RR`",
            "302 s, and body.expires_in says 300"
        ]
    );
}

#[test]
fn redirects_pages_and_texts() {
    let location = "http://localhost:1/cb?code=c&state=s";
    let expectation = || Expectation {
        redirect: Some(RedirectExpectation {
            to: Some(literal("http://localhost:1/cb")),
            query: vec![
                ("code".into(), located(Matcher::Present)),
                ("error".into(), located(Matcher::Absent)),
            ],
            place: strict_yaml::Place::START,
        }),
        page: Some(located(Matcher::Contains(template("Sign in")))),
        ..Expectation::default()
    };
    let redirected = exchange(302, &[("location", location)], "");
    let found = judged(expectation(), &redirected, &KeyRing::default());
    let seen: Vec<_> = found.iter().map(|(_, seen)| seen.as_str()).collect();
    assert_eq!(
        seen,
        ["held", "held", "held", "no page: the media type is nothing"]
    );
    let page = exchange(
        200,
        &[("content-type", "text/html; charset=utf-8")],
        "<h1>Sign in</h1>",
    );
    let found = judged(expectation(), &page, &KeyRing::default());
    let seen: Vec<_> = found.iter().map(|(_, seen)| seen.as_str()).collect();
    assert_eq!(seen, ["absent", "absent", "held", "held"]);
}

#[test]
fn answers_that_cannot_be_judged() {
    let wants_json = Expectation {
        status: Some(status(200)),
        body: vec![("access_token".into(), located(Matcher::Present))],
        ..Expectation::default()
    };
    let names = Table::default();
    let ring = KeyRing::default();
    let cx = Context {
        names: &names,
        keys: &ring,
        now: 0,
        shows_internal_codes: false,
    };
    let html = [("content-type", "text/html")];
    let cause = |exchange: Exchange, browser| {
        unjudgeable(
            &exchange.response,
            std::slice::from_ref(&wants_json),
            browser,
            &cx,
        )
    };
    assert_eq!(
        cause(exchange(503, &html, "<h1>down</h1>"), false).as_deref(),
        Some("the server answers 503: it failed (text/html)")
    );
    assert_eq!(
        cause(exchange(302, &[("location", "/x")], ""), false).as_deref(),
        Some("the server answers 302: it sends elsewhere (no media type)")
    );
    assert_eq!(cause(exchange(302, &[("location", "/x")], ""), true), None);
    assert_eq!(
        cause(exchange(200, &html, "<p>portal"), false).as_deref(),
        Some("the answer (200) is not JSON (text/html)")
    );
    assert!(cause(exchange(429, &[], "{}"), false).is_some());
    assert_eq!(cause(exchange(401, &[], r#"{"error":"x"}"#), false), None);
    assert_eq!(cause(exchange(401, &[], ""), false), None);

    let refusal = |statuses: &[i64]| {
        let codes = statuses.iter().map(|code| ValueTemplate::Int(*code));
        let block = Expectation {
            status: Some(located(Matcher::OneOf(codes.collect()))),
            ..Expectation::default()
        };
        expects_refusal(&[block], &cx)
    };
    assert!(refusal(&[400, 401]));
    assert!(!refusal(&[200, 400]) && !refusal(&[302]));
    assert!(!expects_refusal(&[Expectation::default()], &cx));

    let expects_500 = [Expectation {
        status: Some(status(500)),
        ..Expectation::default()
    }];
    assert_eq!(
        unjudgeable(&exchange(500, &[], "").response, &expects_500, false, &cx),
        None
    );
}

#[test]
fn a_block_is_judged_of_the_answers_it_is_about_and_of_no_others() {
    let about = |when: Condition| Expectation {
        when: Some(when),
        body: vec![("scope".into(), literal("a"))],
        ..Expectation::default()
    };
    let condition = |code: i64| Condition {
        status: Some(status(code)),
        headers: vec![],
        body: vec![],
        saved: vec![],
        place: strict_yaml::Place::START,
    };
    let ring = KeyRing::default();
    let answer = exchange(200, &[], r#"{"scope":"b"}"#);
    let outcomes = judged(about(condition(200)), &answer, &ring);
    assert_eq!(outcomes.len(), 1);
    assert_ne!(outcomes[0].1, "held");
    assert!(judged(about(condition(400)), &answer, &ring).is_empty());

    let with_scope = Condition {
        status: None,
        body: vec![("scope".into(), located(Matcher::Present))],
        ..condition(200)
    };
    assert_eq!(judged(about(with_scope.clone()), &answer, &ring).len(), 1);
    assert!(judged(about(with_scope), &exchange(200, &[], "{}"), &ring).is_empty());
}

#[test]
fn a_condition_that_cannot_be_decided_is_no_pass() {
    let block = Expectation {
        when: Some(Condition {
            status: None,
            headers: vec![],
            body: vec![("scope".into(), literal("${missing}"))],
            saved: vec![],
            place: strict_yaml::Place::START,
        }),
        status: Some(status(200)),
        ..Expectation::default()
    };
    let outcomes = judged(block, &exchange(200, &[], "{}"), &KeyRing::default());
    assert_eq!(outcomes.len(), 1);
    assert_eq!(outcomes[0].0, "when");
    assert!(outcomes[0].1.contains("unjudged"), "{outcomes:?}");
}

#[test]
fn an_opaque_token_is_judged_only_where_a_jwt_is_demanded() {
    let token = |opaque: bool| Expectation {
        jwt: vec![JwtExpectation {
            at: "body.access_token".into(),
            signed_by: Some(ServerRole::Org),
            optional: false,
            opaque,
            header: vec![],
            claims: vec![("iss".into(), literal("https://a.example"))],
            at_hash_of: None,
            lives: None,
            place: strict_yaml::Place::START,
        }],
        ..Expectation::default()
    };
    let keys = keys();
    let answer = exchange(200, &[], r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA"}"#);
    let held = |outcomes: Vec<(String, String)>| outcomes.iter().all(|(_, found)| found == "held");
    assert!(held(judged(token(true), &answer, &keys.ring)));
    assert!(!held(judged(token(false), &answer, &keys.ring)));
    // What is missing, or not a string, is no opaque token.
    for body in ["{}", r#"{"access_token":7}"#, r#"{"access_token":""}"#] {
        assert!(!held(judged(
            token(true),
            &exchange(200, &[], body),
            &keys.ring
        )));
    }
    // A JWT is judged all the same.
    let jwt = keys.other.sign(
        &json!({"alg": "RS256", "kid": "other-1"}),
        &json!({"iss": "x"}),
    );
    let answer = exchange(200, &[], &json!({ "access_token": jwt }).to_string());
    assert!(!held(judged(token(true), &answer, &keys.ring)));
}
