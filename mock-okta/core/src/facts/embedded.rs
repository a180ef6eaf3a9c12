//! The key that a JWT brings along, in `jwk` or `x5c`. It proves nothing (RFC 8725 §3.10): only an org with a defect
//! looks at it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use rsa::pkcs8::der::{AnyRef, Decode as _, Reader as _, SliceReader, Tag, TagNumber, Tagged as _};
use serde_json::{Map, Value, json};

use super::Outside;
use crate::defect::Bend;
use crate::keys::PublicKey;
use crate::org::KeyAlg;
use crate::tokens::jwt::Jwt;

/// Whether the org trusts the key in the header of a JWT, and that key verifies it.
pub(super) fn verifies(outside: &Outside<'_>, jwt: &Jwt, text: &str) -> bool {
    let jwk = outside.bends(Bend::EmbeddedKeyTrusted).then(|| {
        let jwk = jwt.header.get("jwk").and_then(Value::as_object);
        jwk.cloned()
    });
    let x5c = outside.bends(Bend::EmbeddedCertificateTrusted).then(|| {
        let first = jwt.header.get("x5c").and_then(|x5c| x5c.get(0)?.as_str());
        first.and_then(|text| of_certificate(&STANDARD.decode(text).ok()?))
    });
    let alg = jwt.header_str("alg").and_then(KeyAlg::parse);
    let keys = [jwk, x5c].into_iter().flatten().flatten();
    keys.filter_map(|jwk| PublicKey::from_jwk("a token", "", alg?, &jwk).ok())
        .any(|key| key.verifies(text))
}

/// The RSA key of an X.509 certificate (RFC 5280 §4.1) as a JWK.
fn of_certificate(der: &[u8]) -> Option<Map<String, Value>> {
    let inner = |any: AnyRef<'_>| any.value().to_vec();
    let certificate = inner(AnyRef::from_der(der).ok()?);
    let to_be_signed = inner(parts(&certificate)?.into_iter().next()?);
    let version = TagNumber(0);
    let fields = parts(&to_be_signed)?;
    let is_version = |any: &AnyRef<'_>| {
        any.tag()
            == Tag::ContextSpecific {
                constructed: true,
                number: version,
            }
    };
    // serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo
    let key = fields.into_iter().filter(|any| !is_version(any)).nth(5)?;
    let key = inner(key);
    let bits = inner(*parts(&key)?.get(1)?);
    // The first byte of a bit string says how many bits at its end do not count.
    let numbers = inner(AnyRef::from_der(bits.get(1..)?).ok()?);
    let numbers = parts(&numbers)?;
    let [n, e] = numbers.as_slice() else {
        return None;
    };
    let unsigned = |any: &AnyRef<'_>| {
        let bytes = any.value();
        B64.encode(bytes.strip_prefix(&[0]).unwrap_or(bytes))
    };
    let jwk = json!({ "kty": "RSA", "n": unsigned(n), "e": unsigned(e) });
    jwk.as_object().cloned()
}

/// What stands in a constructed value, one after the other.
fn parts(content: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(content).ok()?;
    let mut all = Vec::new();
    while !reader.is_finished() {
        all.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(all)
}
