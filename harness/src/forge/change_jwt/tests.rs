use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::*;
use crate::fill::sample::{Table, template};
use crate::forge::certificate;
use crate::forge::{Signed, credential, signed_assertion};
use crate::jwks::{Jwks, KeyRing, SignatureProblem};
use crate::scenario::model::{
    ClientAuth, Edition, EmbeddedKey, Filling, JwtPart, JwtText, ServerRole, ValueTemplate,
};
use crate::signing_key::{SigningKey, unknown_key};
use crate::targets::RegisteredAuth;
use crate::targets::{Deployment, sample};

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
        self.verdict_of(&Jwt::decode(token).unwrap())
    }

    fn verdict_of(&self, jwt: &Jwt) -> Result<(), SignatureProblem> {
        let RegisteredAuth::PrivateKeyJwt(key) = &self.deployment.clients[&ClientRole::Agent].auth
        else {
            unreachable!("the agent has a key");
        };
        let jwk: Value = serde_json::from_str(key.written.last().unwrap().expose()).unwrap();
        let jwks = Jwks::parse(&json!({"keys": [jwk]})).unwrap();
        jwks.verify(jwt)
    }

    fn changed(&self, mutation: &JwtMutation) -> Result<String, Unforgeable> {
        let signer = DefaultSigner::Client(ClientRole::Agent);
        change_jwt(
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
    let token = bench.changed(&mutation).unwrap();
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
        let token = bench.changed(&mutation).unwrap();
        let verdict = bench.verdict(&token);
        (Jwt::decode(&token).unwrap(), verdict)
    };
    let (jwt, verdict) = with(Some(SignWith::UnknownKey), None);
    assert_eq!(
        (jwt.header_str("alg"), jwt.header_str("kid")),
        (Some("ES256"), Some("ec-1")),
        "an unknown key is of the kind that the server expects"
    );
    assert_eq!(verdict, Err(SignatureProblem::Bad("ec-1".into())));
    // Unless the mutation names another algorithm.
    let (jwt, verdict) = with(Some(SignWith::UnknownKey), Some("RS256"));
    assert_eq!(jwt.header_str("alg"), Some("RS256"));
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
    let refused = bench.changed(&symmetric).unwrap_err();
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
        bench.changed(&mutation).unwrap()
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

/// The parts of a token, the first two decoded.
fn parts(token: &str) -> (Value, String) {
    let mut parts = token.split('.');
    let mut decoded = || String::from_utf8(from_base64url(parts.next().unwrap()).unwrap()).unwrap();
    (serde_json::from_str(&decoded()).unwrap(), decoded())
}

#[test]
fn the_key_of_whoever_signs_is_put_into_the_header() {
    let bench = Bench::new();
    let with = |embed, sign_with| {
        bench.changed(&JwtMutation {
            embed: Some(embed),
            sign_with,
            ..JwtMutation::default()
        })
    };
    let token = with(EmbeddedKey::Jwk, Some(SignWith::UnknownKey)).unwrap();
    let (header, _) = parts(&token);
    let jwks = Jwks::parse(&json!({"keys": [header["jwk"]]})).unwrap();
    let mut jwt = Jwt::decode(&token).unwrap();
    jwt.header.shift_remove("kid");
    assert_eq!(jwks.verify(&jwt), Ok(()));
    assert!(bench.verdict(&token).is_err());

    let token = with(EmbeddedKey::X5c, Some(SignWith::UnknownKey)).unwrap();
    let (header, _) = parts(&token);
    let der = STANDARD.decode(header["x5c"][0].as_str().unwrap()).unwrap();
    assert_eq!(
        der,
        certificate::self_signed(unknown_key().unwrap()).unwrap()
    );

    assert!(with(EmbeddedKey::Jwk, Some(SignWith::Nothing)).is_err());
    assert!(
        with(EmbeddedKey::X5c, None).is_err(),
        "the agent has an EC key"
    );
}

#[test]
fn what_no_object_says_is_signed_as_it_stands() {
    let bench = Bench::new();
    let with = |text| {
        bench
            .changed(&JwtMutation {
                text,
                ..JwtMutation::default()
            })
            .unwrap()
    };
    let again = |name: &str| vec![(name.to_owned(), ValueTemplate::Text(template("no")))];
    let token = with(JwtText {
        duplicate_header: again("alg"),
        duplicate_claims: again("aud"),
        ..JwtText::default()
    });
    let (_, claims) = parts(&token);
    assert!(claims.starts_with(r#"{"iss":"#) && claims.ends_with(r#","aud":"no"}"#));
    assert_eq!(claims.matches(r#""aud":"#).count(), 2);

    let token = with(JwtText {
        filled: vec![(JwtPart::Payload, Filling::LineBreak)],
        ..JwtText::default()
    });
    let (message, signature) = token.rsplit_once('.').unwrap();
    assert!(message.contains('\n'));
    let header = json!({"alg": "ES256", "kid": "ec-1"});
    let mut jwt = Jwt::new(header.as_object().unwrap().clone(), Map::new());
    message.clone_into(&mut jwt.signing_input);
    signature.clone_into(&mut jwt.signature);
    assert_eq!(bench.verdict_of(&jwt), Ok(()));

    let lacking = bench.changed(&JwtMutation {
        text: JwtText {
            duplicate_claims: again("nobody"),
            ..JwtText::default()
        },
        ..JwtMutation::default()
    });
    assert_eq!(lacking, Err(Unforgeable::NoSuchMember("nobody".to_owned())));
}

#[test]
fn a_jwt_becomes_the_payload_of_another() {
    let bench = Bench::new();
    let token = bench
        .changed(&JwtMutation {
            alg: Some("none".to_owned()),
            sign_with: Some(SignWith::Nothing),
            nested_in: Some(SignWith::Client(ClientRole::Agent)),
            ..JwtMutation::default()
        })
        .unwrap();
    let (header, inner) = parts(&token);
    assert_eq!(header, json!({"alg": "ES256", "kid": "ec-1", "cty": "JWT"}));
    let inner = Jwt::decode(&inner).unwrap();
    assert_eq!(
        (inner.header_str("alg"), inner.signature.as_str()),
        (Some("none"), "")
    );
}

#[test]
fn a_key_that_is_too_short_signs() {
    let bench = Bench::new();
    let token = bench
        .changed(&JwtMutation {
            sign_with: Some(SignWith::WeakKey),
            ..JwtMutation::default()
        })
        .unwrap();
    let jwt = Jwt::decode(&token).unwrap();
    assert_eq!(jwt.header_str("alg"), Some("RS256"));
    assert_eq!(from_base64url(&jwt.signature).unwrap().len(), 128);
}

/// The server names its key first; then the JWT is written with that name, and the server signs it.
#[test]
fn what_a_server_signs_as_it_stands_is_asked_for_in_two_steps() {
    let mut bench = Bench::new();
    let token = bench.assertion();
    let mutation = JwtMutation {
        sign_with: Some(SignWith::Server(ServerRole::Org)),
        header: vec![("kid".into(), ClaimChange::Set(ValueTemplate::Int(1)))],
        alg: Some("RS512".to_owned()),
        ..JwtMutation::default()
    };
    let asked = |bench: &Bench| {
        let changed = change_jwt(
            "assertion",
            &token,
            &mutation,
            DefaultSigner::Keep,
            &bench.forge(),
        );
        match changed {
            Err(Unforgeable::Unsigned(body)) => body,
            other => panic!("{other:?}"),
        }
    };
    let first = asked(&bench);
    let header = json!({"alg": "RS256", "kid": "org-1"});
    let claims = Jwt::decode(&token).unwrap().claims;
    let signed = Jwt::new(header.as_object().unwrap().clone(), claims);
    bench.signed.keep(first, format!("{}c2ln", signed.encode()));
    let second = asked(&bench);
    let body: Value = serde_json::from_str(&second).unwrap();
    let input = body["signing_input"].as_str().unwrap();
    assert_eq!(body["alg"], "RS512");
    assert_eq!(parts(input).0, json!({"alg": "RS512", "kid": 1}));
    bench.signed.keep(second, format!("{input}.c2ln"));
    let changed = change_jwt(
        "assertion",
        &token,
        &mutation,
        DefaultSigner::Keep,
        &bench.forge(),
    );
    assert_eq!(changed.unwrap(), format!("{input}.c2ln"));
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
    let changed = change_jwt(
        "subject_token",
        &token,
        &mutation,
        DefaultSigner::Keep,
        &bench.forge(),
    )
    .unwrap();
    let (old, new) = (Jwt::decode(&token).unwrap(), Jwt::decode(&changed).unwrap());
    assert_eq!(old.signature, new.signature);
    assert_eq!(
        bench.verdict(&changed),
        Err(SignatureProblem::Bad("ec-1".into()))
    );

    let opaque = change_jwt(
        "subject_token",
        "opaque",
        &mutation,
        DefaultSigner::Keep,
        &bench.forge(),
    );
    let shown = opaque.unwrap_err().to_string();
    assert_eq!(
        shown,
        "`subject_token` cannot be changed as a JWT: it does not have three parts"
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
    let changed = change_jwt(
        "assertion",
        &jwt.encode(),
        &mutation,
        DefaultSigner::Keep,
        &bench.forge(),
    )
    .unwrap();
    let changed = Jwt::decode(&changed).unwrap();
    let mac = hmac::Key::new(hmac::HMAC_SHA256, key.public_pem().unwrap().as_bytes());
    let tag = from_base64url(&changed.signature).unwrap();
    assert!(hmac::verify(&mac, changed.signing_input.as_bytes(), &tag).is_ok());
}

#[test]
fn a_client_without_a_key_signs_with_an_unknown_key() {
    let token = signed_assertion("0oaweb", None, ENDPOINT, 0).unwrap();
    assert_eq!(
        Jwt::decode(&token).unwrap().header_str("alg"),
        Some("RS256")
    );
}

#[test]
fn an_algorithm_that_the_token_has_already_is_not_a_change() {
    let bench = Bench::new();
    let with = |alg: &str, signature| {
        bench.changed(&JwtMutation {
            alg: Some(alg.to_owned()),
            signature,
            ..JwtMutation::default()
        })
    };
    let same = with("ES256", None).unwrap_err();
    assert_eq!(same, Unforgeable::SameAlgorithm("ES256".to_owned()));
    assert!(with("RS512", None).is_ok());
    assert!(with("ES256", Some(SignatureChange::Flip)).is_ok());
}

#[test]
fn a_registered_key_signs_with_the_algorithm_that_it_is_registered_for() {
    let mut bench = Bench::new();
    let key = crate::targets::ClientKey {
        kid: Some("r".to_owned()),
        alg: "RS512".to_owned(),
        key: std::sync::Arc::new(
            SigningKey::from_pem(&crate::signing_key::sample::rsa_pem()).unwrap(),
        ),
        written: Vec::new(),
    };
    let other = bench.deployment.clients.get_mut(&ClientRole::OtherAgent);
    other.unwrap().auth = RegisteredAuth::PrivateKeyJwt(key);
    // That of a client without a key names RS256, which the RSA key could sign with as well.
    let token = signed_assertion("0oaweb", None, ENDPOINT, 0).unwrap();
    let mutation = JwtMutation {
        sign_with: Some(SignWith::Client(ClientRole::OtherAgent)),
        ..JwtMutation::default()
    };
    let of_client = DefaultSigner::Client(ClientRole::Agent);
    for (default, alg) in [(of_client, "RS512"), (DefaultSigner::Keep, "RS256")] {
        let changed = change_jwt("assertion", &token, &mutation, default, &bench.forge());
        let changed = Jwt::decode(&changed.unwrap()).unwrap();
        assert_eq!(changed.header_str("alg"), Some(alg), "{default:?}");
    }
}
