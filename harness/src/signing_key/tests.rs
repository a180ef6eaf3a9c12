use serde_json::json;

use super::*;
use crate::jwks::{Jwks, SignatureProblem};
use crate::jwt::{Jwt, base64url};

fn signed(key: &SigningKey, alg: &str, kid: &str) -> Jwt {
    let header = json!({"alg": alg, "kid": kid});
    let mut jwt = Jwt::new(header.as_object().cloned().unwrap(), Map::new());
    jwt.signature = base64url(key.sign(alg, jwt.signing_input.as_bytes()).unwrap());
    jwt
}

#[test]
fn an_ec_key_from_a_jwk_signs_what_its_public_half_verifies() {
    let jwk = sample::ec_jwk();
    let key = SigningKey::from_jwk(&jwk).unwrap();
    let jwks = Jwks::parse(&json!({"keys": [jwk, {"kty": "new"}]})).unwrap();
    assert_eq!(jwks.len(), 1);
    let mut jwt = signed(&key, "ES256", "ec-1");
    assert_eq!(jwks.verify(&jwt), Ok(()));
    assert_eq!(jwks.key_of(&jwt).unwrap().pem(), key.public_pem());
    jwt.signing_input.push('x');
    assert_eq!(jwks.verify(&jwt), Err(SignatureProblem::Bad("ec-1".into())));
}

#[test]
fn an_rsa_key_from_pem_signs_with_every_rsa_algorithm() {
    let key = SigningKey::from_pem(&sample::rsa_pem()).unwrap();
    let jwks = Jwks::parse(&json!({"keys": [sample::rsa_public_jwk("r")]})).unwrap();
    for alg in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] {
        assert_eq!(jwks.verify(&signed(&key, alg, "r")), Ok(()), "{alg}");
    }
    let pem = key.public_pem().unwrap();
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\nMIIB"));
    let jwt = signed(&key, "RS256", "r");
    assert_eq!(jwks.key_of(&jwt).unwrap().pem(), Some(pem));
}

#[test]
fn a_signature_problem_says_what_is_wrong() {
    let key = SigningKey::from_pem(&sample::rsa_pem()).unwrap();
    let jwks = Jwks::parse(&json!({"keys": [sample::rsa_public_jwk("r")]})).unwrap();
    let shown = |jwt: &Jwt| jwks.verify(jwt).unwrap_err().to_string();
    assert_eq!(
        shown(&signed(&key, "RS256", "x")),
        "no published key has the kid `x`"
    );
    assert_eq!(
        shown(&signed(&key, "ES256", "r")),
        "alg `ES256` does not fit the type of the published key"
    );
    assert_eq!(
        shown(&signed(&key, "HS256", "r")),
        "alg `HS256` is not a public-key signature"
    );
    assert_eq!(shown(&signed(&key, "XX", "r")), "alg `XX` is not supported");
    let mut unsigned = signed(&key, "none", "r");
    unsigned.signature.clear();
    assert_eq!(
        shown(&unsigned),
        "it is not signed: the signature is empty (alg `none`)"
    );
}

#[test]
fn a_key_on_every_curve_signs_what_its_public_half_verifies() {
    for curve in Curve::ALL {
        let alg = curve.jws();
        let jwk = sample::ec_jwk_on(curve);
        let keys = [
            SigningKey::from_jwk(&jwk).unwrap(),
            SigningKey::from_pem(&sample::block("PRIVATE KEY", &sample::ec_pkcs8_on(curve)))
                .unwrap(),
        ];
        for key in keys {
            assert_eq!(key.algorithm(), alg);
            let mut public = key.public_jwk();
            public.insert("kid".to_owned(), "k".into());
            let jwks = Jwks::parse(&json!({"keys": [public]})).unwrap();
            let mut jwt = signed(&key, alg, "k");
            assert_eq!(jwks.verify(&jwt), Ok(()), "{alg}");
            assert_eq!(jwks.key_of(&jwt).unwrap().pem(), key.public_pem());
            jwt.signing_input.push('x');
            assert_eq!(jwks.verify(&jwt), Err(SignatureProblem::Bad("k".into())));
            for other in Curve::ALL.map(Curve::jws) {
                let jwt = signed(&key, other, "k");
                assert_eq!(jwks.verify(&jwt).is_ok(), other == alg, "{alg} as {other}");
            }
        }
    }
}

#[test]
fn a_signature_of_eddsa_is_verified() {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let public = base64url(pair.public_key().as_ref());
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": public});
    let jwks = Jwks::parse(&json!({"keys": [jwk]})).unwrap();
    // RFC 8037 §3.1 and RFC 9864 §2.2 name the same algorithm.
    for alg in ["EdDSA", "Ed25519"] {
        let header = json!({"alg": alg, "kid": "ed"});
        let mut jwt = Jwt::new(header.as_object().cloned().unwrap(), Map::new());
        jwt.signature = base64url(pair.sign(jwt.signing_input.as_bytes()).as_ref());
        assert_eq!(jwks.verify(&jwt), Ok(()), "{alg}");
        jwt.signing_input.push('x');
        assert_eq!(jwks.verify(&jwt), Err(SignatureProblem::Bad("ed".into())));
    }
    let key = SigningKey::from_pem(&sample::rsa_pem()).unwrap();
    let mismatch = jwks.verify(&signed(&key, "RS256", "ed"));
    assert_eq!(mismatch, Err(SignatureProblem::KeyMismatch("RS256".into())));
    assert!(
        jwks.key_of(&signed(&key, "RS256", "ed"))
            .unwrap()
            .pem()
            .is_some()
    );
}

#[test]
fn what_stands_beside_a_private_key_does_not_matter() {
    let key = sample::block("PRIVATE KEY", &sample::ec_pkcs8_on(Curve::P256));
    let parameters = sample::block("EC PARAMETERS", b"parameters");
    let certificate = sample::block("CERTIFICATE", b"certificate");
    for text in [
        format!("{parameters}{key}"),
        format!("{certificate}{certificate}{key}"),
        format!("{key}{certificate}"),
        format!("Bag Attributes\n    friendlyName: x\n{certificate}{key}"),
        format!("\u{feff}\r\n{}", key.replace('\n', "\r\n")),
        key.replace('\n', " "),
    ] {
        assert!(SigningKey::from_pem(&text).is_ok(), "{text}");
    }
}

#[test]
fn every_other_text_is_refused_with_its_own_reason() {
    let block = sample::block;
    let key = block("PRIVATE KEY", &sample::ec_pkcs8_on(Curve::P256));
    let older = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n\
                 -----END RSA PRIVATE KEY-----\n";
    let edwards = [
        &[
            0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
        ][..],
        &[1; 32],
    ]
    .concat();
    let unfinished = key.split("-----END").next().unwrap();
    let cases = [
        (" \n".to_owned(), KeyProblem::Empty),
        ("hello".to_owned(), KeyProblem::NotPem),
        (block("DSA PRIVATE KEY", b"x"), KeyProblem::NotPem),
        (
            key.trim().replace('\n', "\\n"),
            KeyProblem::EscapedLineBreaks,
        ),
        (unfinished.to_owned(), KeyProblem::Unfinished),
        (key.replace("MI", "M!"), KeyProblem::NotBase64),
        (block("ENCRYPTED PRIVATE KEY", b"x"), KeyProblem::Encrypted),
        (older.to_owned(), KeyProblem::Encrypted),
        (block("PUBLIC KEY", b"x"), KeyProblem::Public),
        (block("RSA PUBLIC KEY", b"x"), KeyProblem::Public),
        ("ssh-rsa AAAA ada@example".to_owned(), KeyProblem::Public),
        (block("CERTIFICATE", b"x"), KeyProblem::Certificate),
        (block("OPENSSH PRIVATE KEY", b"x"), KeyProblem::OpenSsh),
        (format!("{key}{key}"), KeyProblem::Several(2)),
        (sample::ec_jwk().to_string(), KeyProblem::JwkAsPem),
        (block("PRIVATE KEY", &edwards), KeyProblem::Edwards),
        (block("PRIVATE KEY", &[0; 3]), KeyProblem::Unusable),
    ];
    for (text, problem) in cases {
        assert_eq!(SigningKey::from_pem(&text).err(), Some(problem), "{text}");
    }
}

#[test]
fn every_jwk_that_is_not_a_private_key_is_refused_with_its_own_reason() {
    for (text, problem) in [
        ("", KeyProblem::Empty),
        ("eyJ", KeyProblem::NotJson),
        ("[]", KeyProblem::NotJson),
        ("-----BEGIN PRIVATE KEY-----", KeyProblem::PemAsJwk),
    ] {
        assert_eq!(SigningKey::parse_jwk(text).err(), Some(problem), "{text}");
    }
    let changed = |member: &str, value: Value| {
        let mut jwk = sample::ec_jwk();
        jwk[member] = value;
        jwk
    };
    let without = |members: &[&str]| {
        let mut jwk = sample::ec_jwk();
        jwk.as_object_mut()
            .unwrap()
            .retain(|name, _| !members.contains(&name.as_str()));
        jwk
    };
    for (jwk, problem) in [
        (json!({"keys": [sample::ec_jwk()]}), KeyProblem::JwkSet),
        (json!({"kty": "oct", "k": "AAAA"}), KeyProblem::KeyType),
        (json!({}), KeyProblem::KeyType),
        (
            json!({"kty": "OKP", "crv": "Ed25519", "d": "AA", "x": "AA"}),
            KeyProblem::Edwards,
        ),
        (
            json!({"kty": "RSA", "n": "AA", "e": "AQAB"}),
            KeyProblem::PublicJwk,
        ),
        (
            json!({"kty": "RSA", "n": "AA", "e": "AQAB", "d": "AA"}),
            KeyProblem::Missing(vec!["p", "q", "dp", "dq", "qi"]),
        ),
        (without(&["d"]), KeyProblem::PublicJwk),
        (without(&["x", "y"]), KeyProblem::Missing(vec!["x", "y"])),
        (changed("x", json!("a=")), KeyProblem::NotBase64Url("x")),
        (changed("crv", json!("secp256k1")), KeyProblem::Curve),
        (
            changed("d", sample::ec_jwk()["d"].clone()),
            KeyProblem::Unusable,
        ),
    ] {
        assert_eq!(SigningKey::from_jwk(&jwk).err(), Some(problem), "{jwk}");
    }
}
