//! Tokens: times, hashes, identifiers.

use crate::result::Aspect;
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::{Memory, Said, View, value, words};
use crate::jwt::base64url;
use crate::scenario::model::TokenKind;

/// How far the clocks of a server and of the harness may be apart, in seconds.
const SKEW: f64 = 300.0;

/// OIDC Core §2, §12.2: when the user signed in, the same in every ID token of one sign-in.
pub(super) fn auth_time(view: &View<'_>) -> Option<Said> {
    let there = view.token?.claim("auth_time")?;
    let person = view.names.person?;
    let (expected, fits) = match (person.auth_time, person.at) {
        (Some(first), _) => (
            "that of the first ID token of this sign-in",
            there.as_f64() == Some(first),
        ),
        (None, Some(at)) => (
            "within 300 s of the sign-in",
            there
                .as_f64()
                .is_some_and(|time| (time - at as f64).abs() <= SKEW),
        ),
        (None, None) => return None,
    };
    let seen = (!fits).then(|| value("auth_time", there));
    Some(Said::new(
        Aspect::TokenMember("claims.auth_time".to_owned()),
        expected,
        seen,
    ))
}

/// OIDC Core §3.1.3.6: the left half of the hash, by the algorithm of the ID token.
pub(super) fn at_hash(view: &View<'_>) -> Option<Said> {
    let token = view.token?;
    let there = token.claim("at_hash")?;
    let access_token = view.text("access_token")?;
    let algorithm = token.json.get("header")?.get("alg")?.as_str()?;
    let hash = match algorithm.get(2..)? {
        "256" => half(&Sha256::digest(access_token)),
        "384" => half(&Sha384::digest(access_token)),
        "512" => half(&Sha512::digest(access_token)),
        _ => return None,
    };
    let fits = there.as_str() == Some(hash.as_str());
    let seen = (!fits).then(|| value("at_hash", there));
    Some(Said::new(
        Aspect::TokenMember("claims.at_hash".to_owned()),
        "the half hash of the access token",
        seen,
    ))
}

/// RFC 6749 §5.1: `expires_in` says how long the token lives. A second more or less is rounding.
pub(super) fn lifetime_as_said(view: &View<'_>) -> Option<Said> {
    let token = view.token?;
    if token.kind == TokenKind::IdToken {
        // Beside an ID token it speaks of the access token.
        return None;
    }
    let number = |value: Option<&Value>| value.and_then(Value::as_f64);
    let said = number(view.member("expires_in"))?;
    let lives = number(token.claim("exp"))? - number(token.claim("iat"))?;
    let broken = (lives - said).abs() > 1.0;
    let seen = broken.then(|| words(format!("{lives} s, where expires_in says {said}")));
    Some(Said::new(
        Aspect::TokenMember("claims.exp".to_owned()),
        "expires_in seconds after iat",
        seen,
    ))
}

/// RFC 7519 §4.1.7. The same token handed out twice is one token.
pub(super) fn distinct_jti(view: &View<'_>, memory: &mut Memory) -> Option<Said> {
    let token = view.token?;
    let text = |name: &str| token.claim(name).and_then(Value::as_str);
    let key = (text("iss")?.to_owned(), text("jti")?.to_owned());
    let hash = base64url(Sha256::digest(&token.text));
    let first = memory.jtis.entry(key).or_insert_with(|| hash.clone());
    let broken = *first != hash;
    let seen = broken.then(|| words("that of another token of this issuer"));
    Some(Said::new(
        Aspect::TokenMember("claims.jti".to_owned()),
        "each token's own",
        seen,
    ))
}

fn half(hash: &[u8]) -> String {
    base64url(&hash[..hash.len() / 2])
}
