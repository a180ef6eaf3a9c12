//! A certificate for a published RSA key (RFC 5280 §4.1), for the member `x5c` of its JWK.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::{Map, Value};

use crate::keys::SigningKey;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const NULL: u8 = 0x05;
const OBJECT_IDENTIFIER: u8 = 0x06;
const UTF8_STRING: u8 = 0x0c;
const UTC_TIME: u8 = 0x17;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;

/// 1.2.840.113549.1.1.1, `rsaEncryption`.
const RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// 1.2.840.113549.1.1.11, `sha256WithRSAEncryption`.
const SHA256_WITH_RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
/// 2.5.4.3, `commonName`.
const COMMON_NAME: [u8; 3] = [0x55, 0x04, 0x03];

/// The certificate of the key in `jwk`, signed by `issuer`; `None` when that is not an RSA key.
pub(super) fn certificate(jwk: &Map<String, Value>, issuer: &SigningKey) -> Option<Vec<u8>> {
    let member = |name: &str| B64.decode(jwk.get(name)?.as_str()?).ok();
    let (n, e) = (member("n")?, member("e")?);
    let kid = jwk.get("kid").and_then(Value::as_str).unwrap_or("key");
    let numbers = of(SEQUENCE, &[unsigned(&n), unsigned(&e)]);
    let key = of(SEQUENCE, &[algorithm(&RSA), bits(&numbers)]);
    let validity = of(
        SEQUENCE,
        &[
            tagged(UTC_TIME, b"240101000000Z"),
            tagged(UTC_TIME, b"491231235959Z"),
        ],
    );
    let body = of(
        SEQUENCE,
        &[
            of(VERSION, &[tagged(INTEGER, &[2])]),
            unsigned(&serial(kid)),
            algorithm(&SHA256_WITH_RSA),
            name("mock-okta"),
            validity,
            name(kid),
            key,
        ],
    );
    let signature = issuer.sign(&body).ok()?;
    Some(of(
        SEQUENCE,
        &[body, algorithm(&SHA256_WITH_RSA), bits(&signature)],
    ))
}

/// A positive number of at most twenty bytes (RFC 5280 §4.1.2.2).
fn serial(kid: &str) -> Vec<u8> {
    let mut bytes = vec![1];
    bytes.extend(kid.bytes().take(15));
    bytes
}

fn algorithm(identifier: &[u8]) -> Vec<u8> {
    of(
        SEQUENCE,
        &[tagged(OBJECT_IDENTIFIER, identifier), tagged(NULL, &[])],
    )
}

fn name(common: &str) -> Vec<u8> {
    let attribute = [
        tagged(OBJECT_IDENTIFIER, &COMMON_NAME),
        tagged(UTF8_STRING, common.as_bytes()),
    ];
    of(SEQUENCE, &[of(SET, &[of(SEQUENCE, &attribute)])])
}

/// A number without a sign: a zero in front keeps it from being read as negative.
fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = &bytes[zeros..];
    let negative = bytes.first().is_none_or(|first| *first >= 0x80);
    let zero: &[u8] = if negative { &[0] } else { &[] };
    tagged(INTEGER, &[zero, bytes].concat())
}

/// Whole bytes as bits.
fn bits(bytes: &[u8]) -> Vec<u8> {
    tagged(BIT_STRING, &[&[0], bytes].concat())
}

fn of(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    tagged(tag, &parts.concat())
}

/// Tag, length and content (X.690 §8.1).
fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let big = length.to_be_bytes();
    let zeros = big.iter().take_while(|byte| **byte == 0).count();
    let digits = &big[zeros..];
    let mut out = vec![tag];
    match (u8::try_from(length), u8::try_from(digits.len())) {
        (Ok(short), _) if short < 0x80 => out.push(short),
        (_, Ok(count)) => {
            out.push(0x80 | count);
            out.extend(digits);
        }
        // A length has eight bytes at most.
        (_, Err(_)) => {}
    }
    out.extend(content);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_in_the_shortest_form() {
        assert_eq!(tagged(NULL, &[])[..2], [5, 0]);
        assert_eq!(tagged(SET, &[7; 127])[..3], [0x31, 127, 7]);
        assert_eq!(tagged(SET, &[7; 128])[..4], [0x31, 0x81, 128, 7]);
        assert_eq!(tagged(SET, &[7; 300])[..5], [0x31, 0x82, 1, 44, 7]);
    }

    #[test]
    fn numbers_have_no_sign() {
        assert_eq!(unsigned(&[0, 0, 0x7f]), [2, 1, 0x7f]);
        assert_eq!(unsigned(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0]), [2, 1, 0]);
    }
}
