//! What holds of every JWT, wherever it is sent (RFC 7515, RFC 7519, RFC 7797, RFC 8725).
//!
//! A rule is asked where a JWT breaks it: of the thousands of JWTs that break none, the journal says nothing.

use crate::context::Context;
use crate::defect::Bend;
use crate::refusal::{Refusal, Refused};
use crate::tokens::jwt::{Flaw, Jwt};

/// Judges what was noted when the JWT was read. `place` says as what it was sent, and so with which status and
/// `error` it is refused.
///
/// # Errors
/// `jws_*`, `jwt_nested`, `jwt_not_utf8`, `jwt_date_type`
pub fn judge(cx: &mut Context<'_>, jwt: &Jwt, place: Refusal) -> Result<(), Refused> {
    mark(cx, jwt);
    if let Some(refusal) = too_strict(cx, jwt) {
        return Err(cx.gate.refuse(refusal).answered_as(place));
    }
    for flaw in &jwt.flaws {
        cx.gate
            .require(false, refusal(*flaw))
            .map_err(|refused| refused.answered_as(place))?;
    }
    Ok(())
}

/// The same for introspection and revocation, where a bad JWT is not refused but treated as an unknown token.
pub fn is_sound(cx: &mut Context<'_>, jwt: &Jwt) -> bool {
    judge(cx, jwt, Refusal::InvalidRequest).is_ok()
}

const fn refusal(flaw: Flaw) -> Refusal {
    match flaw {
        Flaw::Parts => Refusal::JwsParts,
        Flaw::Base64url => Refusal::JwsBase64url,
        Flaw::NotUtf8 => Refusal::JwtNotUtf8,
        Flaw::HeaderType => Refusal::JwsHeaderType,
        Flaw::Critical => Refusal::JwsCritical,
        Flaw::Nested => Refusal::JwtNested,
        Flaw::DateType => Refusal::JwtDateType,
        Flaw::SmallKey => Refusal::JwsKeySize,
    }
}

/// Parameters that somebody has defined for the header of a JWS (RFC 7515 §4.1, RFC 7797 §3).
const KNOWN: [&str; 12] = [
    "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "b64",
];

/// What an org with a defect refuses though it is right.
fn too_strict(cx: &mut Context<'_>, jwt: &Jwt) -> Option<Refusal> {
    let unknown = jwt
        .header
        .keys()
        .any(|name| !KNOWN.contains(&name.as_str()));
    if unknown && cx.gate.bent(Bend::UnknownHeaderRefused) {
        return Some(Refusal::JwsHeaderType);
    }
    let dates = ["exp", "nbf", "iat"];
    let mut dates = dates.iter().filter_map(|name| jwt.claims.get(*name));
    let fraction = dates.any(serde_json::Value::is_f64);
    (fraction && cx.gate.bent(Bend::DateFractionRefused)).then_some(Refusal::JwtDateType)
}

/// Defects of reading and verifying are at work before anything is judged (`facts/`); here the journal learns which
/// of them could be.
fn mark(cx: &mut Context<'_>, jwt: &Jwt) {
    let registered = |alg: &str| ["RS384", "RS512", "PS256", "PS384", "PS512"].contains(&alg);
    for (bend, concerned) in [
        (Bend::EmbeddedKeyTrusted, jwt.header.contains_key("jwk")),
        (
            Bend::EmbeddedCertificateTrusted,
            jwt.header.contains_key("x5c"),
        ),
        (Bend::FirstDuplicateCounts, jwt.has_duplicates),
        (
            Bend::TokenAlgorithm,
            jwt.header_str("alg").is_some_and(registered),
        ),
    ] {
        if concerned {
            cx.gate.bent(bend);
        }
    }
}
