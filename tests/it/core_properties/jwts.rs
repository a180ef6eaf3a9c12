//! JWTs of arbitrary bytes, and real ones in which one character is changed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use conformance_tests::org::{AGENT, TestOrg, get, post};
use http::header;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::flows::{Flow, Valid, any_flow};
use super::{cases, credentials, org};

const CLAIMS: [&str; 14] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "client_id",
    "scope",
    "act",
    "resource",
    "cid",
    "auth_time",
    "email",
];

/// Where a JWT may stand in a token request.
const PARAMETERS: [&str; 3] = ["client_assertion", "subject_token", "assertion"];

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        select(
            &[
                "http://localhost",
                AGENT,
                "00uada00000000000001",
                "ID.x",
                "AT.x"
            ][..]
        )
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(8, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((select(&CLAIMS[..]), inner), 0..4).prop_map(|members| {
                members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect::<Value>()
            }),
        ]
    })
}

/// Something that looks like a JWT, more or less.
pub fn any_jwt() -> impl Strategy<Value = String> {
    let alg = select(&["RS256", "ES256", "none", "HS256", "RS512", ""][..]);
    let kid = select(&["agent-rsa-1", "agent-ec-1", "unknown", ""][..]);
    let shaped = (
        alg,
        kid,
        vec((select(&CLAIMS[..]), any_json()), 0..8),
        vec(any::<u8>(), 0..260),
    )
        .prop_map(|(alg, kid, claims, signature)| {
            let claims: serde_json::Value = claims
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            let header = serde_json::json!({ "alg": alg, "kid": kid });
            format!(
                "{}.{}.{}",
                B64.encode(header.to_string()),
                B64.encode(claims.to_string()),
                B64.encode(signature)
            )
        });
    let bytes = (vec(any::<u8>(), 0..60), vec(any::<u8>(), 0..60))
        .prop_map(|(header, claims)| format!("{}.{}.", B64.encode(header), B64.encode(claims)));
    prop_oneof![4 => shaped, 1 => bytes, 1 => "[A-Za-z0-9_.-]{0,80}"]
}

/// One character replaced by another that may stand in a JWT.
fn flip(jwt: &str, at: Index, by: char) -> Option<String> {
    let mut characters: Vec<char> = jwt.chars().collect();
    let position = at.index(characters.len());
    let changed = characters[position] != by;
    characters[position] = by;
    changed.then(|| characters.into_iter().collect())
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_jwt_with_one_other_character_is_refused_and_the_real_one_still_accepted(
        flow in any_flow(),
        parameter in select(&PARAMETERS[..]),
        at in any::<Index>(),
        by in "[A-Za-z0-9_.=-]",
    ) {
        let org = org();
        let valid = flow.valid(org);
        let by = by.chars().next().unwrap_or('A');
        let Some(jwt) = valid.value(parameter).and_then(|jwt| flip(jwt, at, by)) else {
            return Ok(());
        };
        let mut bent = valid.clone();
        bent.set(parameter, jwt);
        let answer = org.post(bent.path, &bent.form);
        prop_assert!(answer.status().is_client_error(), "{}", answer.status());
        prop_assert_eq!(credentials(&answer), Vec::<&str>::new());
        let Valid { path, form } = valid.with_fresh_assertion(org);
        prop_assert_eq!(org.post(path, &form).status().as_u16(), 200);
    }

    #[test]
    fn an_arbitrary_jwt_stands_for_nobody(
        flow in any_flow(),
        parameter in select(&PARAMETERS[..]),
        jwt in any_jwt(),
    ) {
        let org = org();
        let mut bent = flow.valid(org);
        if bent.value(parameter).is_none() {
            return Ok(());
        }
        bent.set(parameter, jwt);
        let answer = org.post(bent.path, &bent.form);
        prop_assert!(answer.status().is_client_error(), "{}", answer.status());
        prop_assert_eq!(credentials(&answer), Vec::<&str>::new());
    }

    #[test]
    fn an_access_token_with_one_other_character_opens_nothing(at in any::<Index>(), by in "[A-Za-z0-9_.=-]") {
        let org = org();
        let by = by.chars().next().unwrap_or('A');
        let token = access_token(org);
        let Some(bent) = flip(token, at, by) else {
            return Ok(());
        };
        prop_assert_eq!(call(org, &bent), 401);
        prop_assert_eq!(call(org, token), 200);
    }
}

fn access_token(org: &TestOrg) -> &'static str {
    static TOKEN: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    TOKEN.get_or_init(|| {
        let Valid { path, form } = Flow::RedeemIdJag.valid(org);
        let granted = org.ask(&post(path, &form)).granted();
        conformance_tests::org::text(&granted, "access_token")
    })
}

fn call(org: &TestOrg, token: &str) -> u16 {
    let mut request = get("/resources/chat");
    let value = format!("Bearer {token}").parse().expect("a header field");
    request.headers_mut().insert(header::AUTHORIZATION, value);
    org.ask(&request).status().as_u16()
}
