//! Stations of the tour at which a client assertion is one that no server may accept.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use mock_okta_core::keys::ServerName;

use crate::support::{AGENT, Client, Signer, TOKEN};

/// Somebody else signs for the agent and shows the own key.
pub fn embedded_key(client: &Client) {
    let (kid, server_key) = client.server_signer(&ServerName::Org);
    let snapshot = client.core.snapshot();
    let keys = snapshot.keys.server(&ServerName::Org).expect("keys");
    let jwk = serde_json::Value::Object(keys.active.public.jwk.clone());
    assert_eq!(jwk["kid"], kid);
    let assertion = client.assertion(AGENT, TOKEN).header("jwk", jwk);
    client.post_proving(&assertion.signed_by(server_key), TOKEN, &[]);
}

/// The same with a certificate of that key.
pub fn embedded_certificate(client: &Client) {
    let snapshot = client.core.snapshot();
    let keys = snapshot.keys.server(&ServerName::Org).expect("keys");
    let jwk = &keys.active.public.jwk;
    let number = |name: &str| {
        B64.decode(jwk[name].as_str().expect("text"))
            .expect("base64url")
    };
    let integer = |bytes: Vec<u8>| der(2, &[&[0][..], &bytes].concat());
    let key = der(0x30, &[integer(number("n")), integer(number("e"))].concat());
    let bits = der(3, &[&[0][..], &key].concat());
    let algorithm = der(0x30, &der(6, &[42, 134, 72, 134, 247, 13, 1, 1, 1]));
    let info = der(0x30, &[algorithm.clone(), bits].concat());
    let (version, serial, empty) = (der(0xa0, &der(2, &[2])), der(2, &[1]), der(0x30, &[]));
    let fields = [
        version,
        serial,
        algorithm.clone(),
        empty.clone(),
        empty.clone(),
        empty,
        info,
    ];
    let signature = der(3, &[0]);
    let certificate = [der(0x30, &fields.concat()), algorithm, signature];
    let x5c = vec![STANDARD.encode(der(0x30, &certificate.concat()))];
    let (_, server_key) = client.server_signer(&ServerName::Org);
    let assertion = client.assertion(AGENT, TOKEN).header("x5c", x5c);
    client.post_proving(&assertion.signed_by(server_key), TOKEN, &[]);
}

/// A value in DER (X.690 §10.1).
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let [high, low] = u16::try_from(length).expect("short").to_be_bytes();
    let length = match length {
        0..128 => vec![low],
        128..256 => vec![0x81, low],
        _ => vec![0x82, high, low],
    };
    [&[tag][..], &length, content].concat()
}

/// The audience of the endpoint, and then another.
pub fn duplicate_claim(client: &Client) {
    let assertion = client.assertion(AGENT, TOKEN);
    let mut claims = assertion.claims.to_string();
    claims.insert_str(claims.len() - 1, r#","aud":"https://elsewhere.example""#);
    let assertion = assertion.with_text(&assertion.header.to_string(), claims);
    client.post_showing(&assertion, TOKEN, &[]);
}

/// A key that is registered for RS256 signs with another algorithm of its kind.
pub fn another_algorithm(client: &Client) {
    for alg in ["RS512", "PS256"] {
        let assertion = client.assertion(AGENT, TOKEN).header("alg", alg);
        let Signer::Private(_, key) = assertion.signer.clone() else {
            unreachable!("a client's own key")
        };
        let signer = Signer::Private(alg.to_owned(), key);
        client.post_proving(&assertion.signed_by(signer), TOKEN, &[]);
    }
}

/// An assertion with a header parameter of its own, and one that ends between two seconds.
pub fn unusual_and_right(client: &Client) {
    let assertion = client.assertion(AGENT, TOKEN).header("urn:x", 1);
    client.post_proving(&assertion, TOKEN, &[]);
    let ends = f64::from(i32::try_from(client.now.get() + 60).expect("a date")) + 0.5;
    let assertion = client.assertion(AGENT, TOKEN).claim("exp", ends);
    client.post_proving(&assertion, TOKEN, &[]);
}
