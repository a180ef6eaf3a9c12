use serde_json::json;

use super::*;
use crate::fill::sample::{Table, template};
use crate::forge::{Signed, credential, signed_assertion};
use crate::jwks::{Jwks, KeyRing, SignatureProblem};
use crate::scenario::model::{ClientAuth, Edition, ServerRole, ValueTemplate};
use crate::target::{Deployment, sample};

const ENDPOINT: &str = "https://a.example/token";

struct Bench {
    deployment: Deployment,
    names: Table,
    ring: KeyRing,
    signed: Signed,
}

impl Bench {
    fn new() -> Self {
        Self {
            deployment: sample::deployment("https://a.example"),
            names: Table::of(&[("org.issuer", "https://a.example".into())]),
            ring: KeyRing::default(),
            signed: Signed::default(),
        }
    }

    fn forge(&self) -> Forge<'_> {
        Forge {
            deployment: &self.deployment,
            edition: Edition::E2026_10,
            names: &self.names,
            now: 1_000,
            published: &self.ring,
            signed: &self.signed,
        }
    }

    /// A client assertion of the agent.
    fn assertion(&self) -> String {
        let forge = self.forge();
        let presented =
            credential(&forge, ClientRole::Agent, ClientAuth::Registered, ENDPOINT).unwrap();
        presented.parameters.last().unwrap().1.clone()
    }

    /// What the agent's public key says of a token.
    fn verdict(&self, token: &str) -> Result<(), SignatureProblem> {
        let RegisteredAuth::PrivateKeyJwt(key) = &self.deployment.clients[&ClientRole::Agent].auth
        else {
            unreachable!("the agent has a key");
        };
        let jwk: Value = serde_json::from_str(key.written.last().unwrap().expose()).unwrap();
        let jwks = Jwks::parse(&json!({"keys": [jwk]})).unwrap();
        jwks.verify(&Jwt::decode(token).unwrap())
    }

    fn bent(&self, mutation: &JwtMutation) -> Result<String, Unforgeable> {
        let signer = DefaultSigner::Client(ClientRole::Agent);
        bend(
            "client_assertion",
            &self.assertion(),
            mutation,
            signer,
            &self.forge(),
        )
    }
}

#[test]
fn a_client_assertion_says_who_for_whom_and_how_long() {
    let bench = Bench::new();
    let token = bench.assertion();
    let jwt = Jwt::decode(&token).unwrap();
    assert_eq!(bench.verdict(&token), Ok(()));
    assert_eq!(
        Value::from(jwt.header),
        json!({"alg": "ES256", "kid": "ec-1"})
    );
    assert_eq!(
        (&jwt.claims["iss"], &jwt.claims["sub"]),
        (&json!("wlpagent"), &json!("wlpagent"))
    );
    assert_eq!(
        (&jwt.claims["aud"], &jwt.claims["exp"]),
        (&json!(ENDPOINT), &json!(1300))
    );
}

#[test]
fn changed_claims_of_an_own_assertion_are_signed_again() {
    let bench = Bench::new();
    let mutation = JwtMutation {
        claims: vec![
            (
                "aud".into(),
                ClaimChange::Set(ValueTemplate::Text(template("${org.issuer}"))),
            ),
            ("exp".into(), ClaimChange::In(3660)),
            ("jti".into(), ClaimChange::Drop),
        ],
        ..JwtMutation::default()
    };
    let token = bench.bent(&mutation).unwrap();
    let claims = Jwt::decode(&token).unwrap().claims;
    assert_eq!(
        (&claims["aud"], &claims["exp"]),
        (&json!("https://a.example"), &json!(4660))
    );
    assert!(!claims.contains_key("jti"));
    assert_eq!(bench.verdict(&token), Ok(()));
}

#[test]
fn another_key_another_algorithm_or_none() {
    let bench = Bench::new();
    let with = |sign_with, alg: Option<&str>| {
        let mutation = JwtMutation {
            sign_with,
            alg: alg.map(str::to_owned),
            ..JwtMutation::default()
        };
        let token = bench.bent(&mutation).unwrap();
        let verdict = bench.verdict(&token);
        (Jwt::decode(&token).unwrap(), verdict)
    };
    let (jwt, verdict) = with(Some(SignWith::Stranger), None);
    assert_eq!(
        (jwt.header_str("alg"), jwt.header_str("kid")),
        (Some("RS256"), Some("ec-1"))
    );
    assert_eq!(verdict, Err(SignatureProblem::KeyMismatch("RS256".into())));

    let (jwt, verdict) = with(Some(SignWith::Client(ClientRole::OtherAgent)), None);
    assert_eq!(
        (jwt.header_str("alg"), jwt.header_str("kid")),
        (Some("ES256"), Some("ec-1"))
    );
    assert_eq!(verdict, Err(SignatureProblem::Bad("ec-1".into())));

    let (jwt, verdict) = with(None, Some("none"));
    assert_eq!(
        (jwt.header_str("alg"), jwt.signature.as_str()),
        (Some("none"), "")
    );
    assert_eq!(verdict, Err(SignatureProblem::Unsigned("none".into())));

    let (jwt, _) = with(Some(SignWith::HmacPublicKey), None);
    assert_eq!(jwt.header_str("alg"), Some("HS256"));
    let RegisteredAuth::PrivateKeyJwt(key) = &bench.deployment.clients[&ClientRole::Agent].auth
    else {
        unreachable!("the agent has a key");
    };
    let pem = key.key.public_pem().unwrap();
    let mac = hmac::Key::new(hmac::HMAC_SHA256, pem.as_bytes());
    let tag = from_base64url(&jwt.signature).unwrap();
    assert!(hmac::verify(&mac, jwt.signing_input.as_bytes(), &tag).is_ok());

    let symmetric = JwtMutation {
        alg: Some("HS256".into()),
        ..JwtMutation::default()
    };
    let refused = bench.bent(&symmetric).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot sign with alg `HS256`: the client has no secret"
    );
}

#[test]
fn signatures_are_dropped_emptied_flipped_and_made_garbage() {
    let bench = Bench::new();
    let with = |signature| {
        let mutation = JwtMutation {
            signature: Some(signature),
            ..JwtMutation::default()
        };
        bench.bent(&mutation).unwrap()
    };
    assert_eq!(with(SignatureChange::Drop).matches('.').count(), 1);
    assert!(with(SignatureChange::Empty).ends_with('.'));
    assert!(with(SignatureChange::Garbage).ends_with(".*not*base64url*"));
    let flipped = with(SignatureChange::Flip);
    assert_eq!(
        bench.verdict(&flipped),
        Err(SignatureProblem::Bad("ec-1".into()))
    );
}

#[test]
fn somebody_elses_token_keeps_its_signature() {
    let bench = Bench::new();
    let token = bench.assertion();
    let mutation = JwtMutation {
        claims: vec![(
            "sub".into(),
            ClaimChange::Set(ValueTemplate::Text(template("mallory"))),
        )],
        ..JwtMutation::default()
    };
    let bent = bend(
        "subject_token",
        &token,
        &mutation,
        DefaultSigner::Keep,
        &bench.forge(),
    )
    .unwrap();
    let (old, new) = (Jwt::decode(&token).unwrap(), Jwt::decode(&bent).unwrap());
    assert_eq!(old.signature, new.signature);
    assert_eq!(
        bench.verdict(&bent),
        Err(SignatureProblem::Bad("ec-1".into()))
    );

    let opaque = bend(
        "subject_token",
        "opaque",
        &mutation,
        DefaultSigner::Keep,
        &bench.forge(),
    );
    let told = opaque.unwrap_err().to_string();
    assert_eq!(
        told,
        "`subject_token` cannot be bent as a JWT: it does not have three parts"
    );
}

#[test]
fn a_servers_public_key_is_found_for_hmac() {
    let mut bench = Bench::new();
    let jwk = crate::signing_key::sample::ec_jwk();
    let key = SigningKey::from_jwk(&jwk).unwrap();
    let jwks = Jwks::parse(&json!({"keys": [jwk]})).unwrap();
    bench
        .ring
        .insert(ServerRole::Org, Ok(std::sync::Arc::new(jwks)));
    let header = json!({"alg": "ES256", "kid": "ec-1"});
    let mut jwt = Jwt::new(header.as_object().unwrap().clone(), Map::new());
    jwt.signature = base64url(key.sign("ES256", jwt.signing_input.as_bytes()).unwrap());
    let mutation = JwtMutation {
        sign_with: Some(SignWith::HmacPublicKey),
        ..JwtMutation::default()
    };
    let bent = bend(
        "assertion",
        &jwt.encode(),
        &mutation,
        DefaultSigner::Keep,
        &bench.forge(),
    )
    .unwrap();
    let bent = Jwt::decode(&bent).unwrap();
    let mac = hmac::Key::new(hmac::HMAC_SHA256, key.public_pem().unwrap().as_bytes());
    let tag = from_base64url(&bent.signature).unwrap();
    assert!(hmac::verify(&mac, bent.signing_input.as_bytes(), &tag).is_ok());
}

#[test]
fn a_client_without_a_key_signs_as_a_stranger() {
    let token = signed_assertion("0oaweb", None, ENDPOINT, 0).unwrap();
    assert_eq!(
        Jwt::decode(&token).unwrap().header_str("alg"),
        Some("RS256")
    );
}
