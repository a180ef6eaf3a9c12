//! Tokens, and whom they are about.

use serde_json::{Value, json};

use super::{
    AUDIENCE, EXCHANGE, ID_JAG, NOW, ORG, REDEEM, form, holds, json_answer, jwt, redeem_code, said,
    signed_in,
};
use crate::exchange::Exchange;

/// An ID token is exchanged for an ID-JAG with these claims.
fn exchanged(subject: &Value, id_jag: &Value) -> Exchange {
    let subject = jwt(subject);
    let parameters = [
        ("grant_type", EXCHANGE),
        ("requested_token_type", ID_JAG),
        ("subject_token", subject.as_str()),
        ("scope", "a b"),
        ("client_id", "wlpagent"),
    ];
    let body = json!({"access_token": jwt(id_jag), "expires_in": 300});
    json_answer(form("/oauth2/v1/token", &parameters), 200, &body)
}

#[test]
fn nobody_but_the_user_is_named() {
    let rule = "  applies_to: { token: id_token }\n  relation: nobody-else\n";
    let one = |claims: &Value| holds(rule, &signed_in(claims));
    assert_eq!(one(&json!({"email": "ada@example.com"})), Some(true));
    assert_eq!(
        one(&json!({"email": "ada.private@example.com"})),
        Some(true)
    );
    assert_eq!(one(&json!({"email": "grace@example.com"})), Some(false));
    assert_eq!(one(&json!({"uid": "00ugrace"})), Some(false));
    let alone = signed_in(&json!({"email": "grace@example.com"}))
        .pop()
        .unwrap();
    assert_eq!(holds(rule, &[alone]), None);
}

#[test]
fn a_user_has_one_profile() {
    let rule = "  applies_to: { token: id_token }\n  relation: one-profile\n";
    let both = |first: &Value, second: &Value| {
        let mut exchanges = signed_in(first);
        exchanges.extend(signed_in(second));
        holds(rule, &exchanges)
    };
    let ada = json!({"name": "Ada", "email": "Ada@example.com", "email_verified": true});
    assert_eq!(
        both(&ada, &json!({"name": "Ada", "email": "ada@example.com"})),
        Some(true)
    );
    assert_eq!(both(&ada, &json!({"name": "Grace"})), Some(false));
    assert_eq!(both(&ada, &json!({"email_verified": false})), Some(false));
    assert_eq!(both(&ada, &json!({})), None);
}

#[test]
fn a_sign_in_has_one_time() {
    let rule = "  applies_to: { token: id_token }\n  relation: auth-time\n";
    let at = |time: Value| holds(rule, &signed_in(&json!({"auth_time": time})));
    assert_eq!(at((NOW - 3).into()), Some(true));
    assert_eq!(at((NOW - 4000).into()), Some(false));
    assert_eq!(at("now".into()), Some(false));
    assert_eq!(holds(rule, &signed_in(&json!({}))), None);
    let refreshed = |time: i64| {
        let mut exchanges = signed_in(&json!({"auth_time": NOW}));
        let body = exchanges[3].response.json.as_mut().unwrap();
        body["refresh_token"] = "rt".into();
        let parameters = [("grant_type", "refresh_token"), ("refresh_token", "rt")];
        let body = json!({"id_token": jwt(&json!({"sub": "00uada", "auth_time": time}))});
        exchanges.push(json_answer(
            form("/oauth2/v1/token", &parameters),
            200,
            &body,
        ));
        holds(rule, &exchanges)
    };
    assert_eq!(refreshed(NOW), Some(true));
    assert_eq!(refreshed(NOW + 60), Some(false));
    // A code that is sent beside another grant is not what the tokens are given for, nor is its sign-in theirs.
    let mut exchanges = signed_in(&json!({"auth_time": NOW}));
    let mut request = exchanges[3].request.clone();
    if let crate::exchange::Payload::Form(form) = &mut request.payload {
        form.retain(|(name, _)| name != "grant_type");
        form.push(("grant_type".to_owned(), "password".to_owned()));
        assert!(form.iter().any(|(name, _)| name == "code"));
    }
    let body = json!({"id_token": jwt(&json!({"sub": "00uada", "auth_time": NOW + 1}))});
    exchanges.push(json_answer(request, 200, &body));
    assert_eq!(holds(rule, &exchanges), None);
}

#[test]
fn a_refresh_goes_back_to_what_was_granted_first() {
    let rule = "  applies_to: { endpoint: token, grant: refresh }\n  expect: { body: { scope: { absent_or: { subset_of: \"${signed_in.scope}\" } } } }\n";
    let refreshed = |scope: &str| {
        let mut exchanges = signed_in(&json!({}));
        let body = exchanges[3].response.json.as_mut().unwrap();
        body["refresh_token"] = "rt".into();
        body["scope"] = "openid a".into();
        let parameters = [("grant_type", "refresh_token"), ("refresh_token", "rt")];
        let request = form("/oauth2/v1/token", &parameters);
        exchanges.push(json_answer(request, 200, &json!({"scope": scope})));
        holds(rule, &exchanges)
    };
    assert_eq!(refreshed("a"), Some(true));
    assert_eq!(refreshed("a b"), Some(false));
}

#[test]
fn a_hash_fits_its_token() {
    let rule = "  applies_to: { token: id_token }\n  relation: at-hash\n";
    // The example of OIDC Core, section A.3.
    let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    let one = |hash: &str| {
        let body =
            json!({"id_token": jwt(&json!({"at_hash": hash})), "access_token": access_token});
        holds(rule, &[json_answer(redeem_code(), 200, &body)])
    };
    assert_eq!(one("77QmUPtjPfzWtF2AnpK9RQ"), Some(true));
    assert_eq!(one("77QmUPtjPfzWtF2AnpK9RA"), Some(false));
    assert_eq!(holds(rule, &signed_in(&json!({}))), None);
}

#[test]
fn a_token_lives_as_long_as_said() {
    let rule = "  applies_to: { token: id_jag }\n  relation: lifetime-as-said\n";
    let one = |lives: i64| {
        let claims = json!({"iat": NOW, "exp": NOW + lives});
        holds(rule, &[exchanged(&json!({}), &claims)])
    };
    assert_eq!(one(300), Some(true));
    assert_eq!(one(301), Some(true));
    assert_eq!(one(3600), Some(false));
    assert_eq!(
        holds(rule, &[exchanged(&json!({}), &json!({"iat": NOW}))]),
        None
    );
}

#[test]
fn what_is_presented_is_what_is_repeated() {
    let rule = "  applies_to: { token: id_jag }\n  claims: { email: { absent_or: \"${presented.email}\" }, scope: { absent_or: { subset_of: \"${request.form.scope}\" } } }\n";
    let one = |id_jag: &Value| holds(rule, &[exchanged(&json!({"email": "ada@x"}), id_jag)]);
    assert_eq!(one(&json!({"email": "ada@x"})), Some(true));
    assert_eq!(one(&json!({"email": "grace@x"})), Some(false));
    assert_eq!(one(&json!({"scope": "b"})), Some(true));
    assert_eq!(one(&json!({"scope": "b c"})), Some(false));
    assert_eq!(one(&json!({})), None);
    let redeemed = "  applies_to: { token: access_token, grant: redeem }\n  claims: { scp: { subset_of: \"${presented.scope}\" } }\n";
    let redeem = |scp: &Value| {
        let assertion = jwt(&json!({"scope": "a b"}));
        let request = form(
            "/oauth2/aus1/v1/token",
            &[("grant_type", REDEEM), ("assertion", &assertion)],
        );
        let body = json!({"access_token": jwt(&json!({"scp": scp}))});
        holds(redeemed, &[json_answer(request, 200, &body)])
    };
    assert_eq!(redeem(&json!(["a"])), Some(true));
    assert_eq!(redeem(&json!(["a", "c"])), Some(false));
}

#[test]
fn the_server_meant_is_named_by_its_issuer_or_by_its_audience() {
    let rule = "  applies_to: { token: id_jag }\n  claims: { aud: { includes: [\"${request.audience_issuer}\"] }, scope: { absent_or: { subset_of: \"${request.form.scope}\" } } }\n";
    let one = |audience: &str, claims: &Value| {
        let parameters = [
            ("grant_type", EXCHANGE),
            ("requested_token_type", ID_JAG),
            ("audience", audience),
            // A parameter without a value is a parameter left out.
            ("scope", ""),
            ("client_id", "wlpagent"),
        ];
        let request = form("/oauth2/v1/token", &parameters);
        let body = json!({"access_token": jwt(claims), "expires_in": 300});
        holds(rule, &[json_answer(request, 200, &body)])
    };
    let own = format!("{ORG}/oauth2/aus1");
    let right = json!({"aud": own, "scope": "a"});
    let other = json!({"aud": format!("{ORG}/oauth2/default"), "scope": "a"});
    assert_eq!(one(&own, &right), Some(true));
    assert_eq!(one(&own, &other), Some(false));
    assert_eq!(one(AUDIENCE, &right), Some(true));
    assert_eq!(one(AUDIENCE, &other), Some(false));
    assert_eq!(one("https://elsewhere.example", &other), None);
}

#[test]
fn tokens_have_identifiers_of_their_own() {
    let rule = "  applies_to: { token: id_token }\n  relation: distinct-jti\n";
    let two = |first: &Value, second: &Value| {
        let mut exchanges = signed_in(first);
        exchanges.extend(signed_in(second));
        holds(rule, &exchanges)
    };
    assert_eq!(two(&json!({"jti": "a"}), &json!({"jti": "b"})), Some(true));
    assert_eq!(
        two(&json!({"jti": "a"}), &json!({"jti": "a", "x": 1})),
        Some(false)
    );
    // The same token once more.
    assert_eq!(two(&json!({"jti": "a"}), &json!({"jti": "a"})), Some(true));
    // Another issuer's.
    assert_eq!(
        two(
            &json!({"jti": "a", "iss": "https://b"}),
            &json!({"jti": "a"})
        ),
        Some(true)
    );
    assert_eq!(two(&json!({}), &json!({})), None);
}

#[test]
fn types_are_looked_at_where_something_is_there() {
    let rule =
        "  applies_to: { token: id_token }\n  types: { email_verified: boolean, amr: strings }\n";
    let one = |claims: &Value| said(rule, &signed_in(claims));
    assert_eq!(
        one(&json!({"email_verified": "true"})),
        [("claims.email_verified".to_owned(), false)]
    );
    assert_eq!(
        one(&json!({"amr": ["pwd"]})),
        [("claims.amr".to_owned(), true)]
    );
    assert!(one(&json!({"email_verified": null})).is_empty());
}
