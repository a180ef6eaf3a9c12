//! No credential without client authentication: every flow, with the client's proof bent in every way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use conformance_tests::org::{AGENT, BASE, Form, OTHER_AGENT, TestOrg, encode, pairs, post};
use conformance_tests::signer::part;
use http::{HeaderValue, header};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::flows::{CLIENT, Valid, any_flow};
use super::{cases, credentials, org};

/// How the proof is bent.
#[derive(Debug, Clone)]
enum Bend {
    /// Nothing proves who asks.
    Nothing,
    /// The id alone, as a public client has it.
    IdOnly,
    /// The type without the assertion.
    NoAssertion,
    /// The assertion without its type.
    NoType,
    /// A guessed secret in the body.
    Secret(String),
    /// A guessed secret in the header.
    Basic(String),
    /// The right assertion in the query instead of the body.
    InQuery,
    /// The right assertion twice.
    Twice,
    /// Beside a guessed secret.
    AndSecret,
    /// Without a signature.
    Unsigned,
    /// Signed by another agent, under this one's name and `kid`.
    Foreign,
    /// Another agent's own assertion, in order: that agent has no right to what is asked.
    Other,
    /// Another agent's own assertion, and this one's `client_id` beside it.
    OtherWithId,
    /// Signed by the agent itself, but with other claims.
    Claims(&'static str, Value),
    /// Used before.
    Replayed,
}

fn any_bend() -> impl Strategy<Value = Bend> {
    let now = org().now().as_second();
    let claims: Vec<(&'static str, Value)> = vec![
        ("iss", json!(OTHER_AGENT)),
        ("iss", Value::Null),
        ("sub", json!("00uada00000000000001")),
        ("sub", Value::Null),
        (
            "aud",
            json!("https://elsewhere.example.com/oauth2/v1/token"),
        ),
        ("aud", json!(format!("{BASE}/oauth2/v1/introspect"))),
        ("aud", json!([format!("{BASE}/oauth2/v1/token")])),
        ("aud", Value::Null),
        ("exp", Value::Null),
        ("exp", json!(now)),
        ("exp", json!(now - 1)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(1e300)),
        ("exp", json!("tomorrow")),
        ("iat", json!(now + 86_400)),
        ("nbf", json!(now + 86_400)),
        ("nbf", json!(i64::MAX)),
    ];
    let claims = select(claims).prop_map(|(name, value)| Bend::Claims(name, value));
    let plain = select(vec![
        Bend::Nothing,
        Bend::IdOnly,
        Bend::NoAssertion,
        Bend::NoType,
        Bend::InQuery,
        Bend::Twice,
        Bend::AndSecret,
        Bend::Unsigned,
        Bend::Foreign,
        Bend::Other,
        Bend::OtherWithId,
        Bend::Replayed,
    ]);
    prop_oneof![
        4 => plain,
        3 => claims,
        1 => any::<String>().prop_map(Bend::Secret),
        1 => any::<String>().prop_map(Bend::Basic),
    ]
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn without_proof_of_the_client_there_is_no_credential(flow in any_flow(), bend in any_bend()) {
        let org = org();
        let valid = flow.valid(org);
        let answer = org.ask(&bent(org, &valid, &bend));
        prop_assert!(answer.status().is_client_error(), "{:?} {bend:?}", answer.response);
        prop_assert_eq!(credentials(&answer), Vec::<&str>::new());
        // What was refused is not used up: the same request with proof is its twin.
        let Valid { path, form } = valid.with_fresh_assertion(org);
        let twin = org.post(path, &form);
        prop_assert_eq!(twin.status().as_u16(), 200, "{}", twin.body);
    }
}

fn bent(org: &TestOrg, valid: &Valid, bend: &Bend) -> http::Request<Vec<u8>> {
    let path = valid.path;
    let mut rest: Form = valid.form.clone();
    rest.retain(|(name, _)| !CLIENT.contains(&name.as_str()));
    let proof: Form = valid
        .form
        .iter()
        .filter(|(name, _)| CLIENT.contains(&name.as_str()))
        .cloned()
        .collect();
    let with = |more: &[(&str, &str)]| post(path, &[rest.clone(), pairs(more)].concat());
    let asserted = |assertion: &str| {
        with(&[
            (CLIENT[1], valid.value(CLIENT[1]).unwrap_or_default()),
            (CLIENT[0], assertion),
        ])
    };
    let other = || {
        org.signer(OTHER_AGENT)
            .sign(&org.assertion_claims(OTHER_AGENT, path))
    };
    match bend {
        Bend::Nothing => with(&[]),
        Bend::IdOnly => with(&[("client_id", AGENT)]),
        Bend::NoAssertion => with(&[("client_id", AGENT), (CLIENT[1], &proof[0].1)]),
        Bend::NoType => with(&[(CLIENT[0], valid.value(CLIENT[0]).unwrap_or_default())]),
        Bend::Secret(secret) => with(&[("client_id", AGENT), ("client_secret", secret)]),
        Bend::Basic(secret) => {
            let mut request = with(&[]);
            let field = format!("Basic {}", STANDARD.encode(format!("{AGENT}:{secret}")));
            let field = HeaderValue::from_str(&field).expect("base64 fits a header field");
            request.headers_mut().insert(header::AUTHORIZATION, field);
            request
        }
        Bend::InQuery => post(&format!("{path}?{}", encode(&proof)), &rest),
        Bend::Twice => post(path, &[rest, proof.clone(), proof].concat()),
        Bend::AndSecret => post(
            path,
            &[rest, proof, pairs(&[("client_secret", "guess")])].concat(),
        ),
        Bend::Unsigned => {
            let header = json!({ "alg": "none", "kid": "agent-rsa-1" });
            asserted(&format!(
                "{}.{}.",
                part(&header),
                part(&org.assertion_claims(AGENT, path))
            ))
        }
        Bend::Foreign => {
            let header = json!({ "alg": "RS256", "kid": "agent-rsa-1" });
            let claims = org.assertion_claims(AGENT, path);
            asserted(&org.signer(OTHER_AGENT).sign_with_header(&header, &claims))
        }
        Bend::Other => asserted(&other()),
        Bend::OtherWithId => {
            let mut request = asserted(&other());
            request
                .body_mut()
                .extend_from_slice(format!("&client_id={AGENT}").as_bytes());
            request
        }
        Bend::Claims(name, value) => {
            let mut claims = org.assertion_claims(AGENT, path);
            match (claims.as_object_mut(), value) {
                (Some(claims), Value::Null) => drop(claims.remove(*name)),
                (Some(claims), value) => drop(claims.insert((*name).to_owned(), value.clone())),
                (None, _) => {}
            }
            asserted(&org.signer(AGENT).sign(&claims))
        }
        Bend::Replayed => {
            let claims = org.assertion_claims(AGENT, path);
            let assertion = org.signer(AGENT).sign(&claims);
            // Used for a request that is refused later on, which uses it up all the same.
            let nothing = [
                ("grant_type", "authorization_code"),
                (CLIENT[0], &assertion),
            ];
            let mut first = pairs(&nothing);
            first.extend(pairs(&[(
                CLIENT[1],
                valid.value(CLIENT[1]).unwrap_or_default(),
            )]));
            let used = org.post(path, &first);
            assert!(used.status().is_client_error(), "{}", used.body);
            asserted(&assertion)
        }
    }
}
