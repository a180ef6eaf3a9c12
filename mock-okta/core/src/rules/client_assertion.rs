//! `private_key_jwt` and `client_secret_jwt` (RFC 7523 §2.2 and §3, Okta's client authentication reference).

use super::jws;
use crate::behaviour::{
    ClientAssertionAudience, ClientAssertionAudienceArray, ClientAssertionIat, ClientAssertionJti,
    ClientAssertionKid, ClientAssertionReplay,
};
use crate::context::{Context, server_path};
use crate::facts::Proof;
use crate::org::{AuthMethod, Client};
use crate::refusal::{Refusal, Refused};
use crate::tokens::jwt::Jwt;

/// The only value of `client_assertion_type`.
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An assertion may point at most one hour ahead.
pub const LONGEST_LIFETIME: i64 = 3600;

/// Whether there is an assertion to judge at all.
///
/// # Errors
/// `client_assertion_type_invalid`, `client_assertion_invalid_jwt`
pub fn readable(cx: &mut Context<'_>) -> Result<(), Refused> {
    let type_is_right = cx.form().get("client_assertion_type") == Some(TYPE);
    cx.gate
        .require(type_is_right, Refusal::AssertionTypeInvalid)?;
    let read = cx.facts.client_assertion.as_ref();
    cx.gate.some(read, Refusal::AssertionInvalidJwt)?;
    Ok(())
}

/// What a signature may lack, in the order in which it is asked.
const FLAWS: [(Proof, Refusal); 15] = [
    (Proof::JkuMismatch, Refusal::JwksUriJku),
    (Proof::NoDocument, Refusal::JwksUriError),
    (Proof::NoPublishedKey, Refusal::JwksUriNoKey),
    (Proof::AmbiguousKeys, Refusal::JwksUriAmbiguous),
    (Proof::NoPublishedAlgorithm, Refusal::JwksUriAlgorithm),
    (Proof::NoKeys, Refusal::AssertionNoKeys),
    (Proof::NoSecret, Refusal::AssertionNoSecret),
    (Proof::ShortSecret, Refusal::AssertionShortSecret),
    (Proof::Algorithm, Refusal::AssertionAlgorithm),
    (Proof::UnknownKid, Refusal::AssertionKid),
    (Proof::PublishedKeyUse, Refusal::JwksUriKeyUse),
    (Proof::KeyUse, Refusal::AssertionKeyUse),
    (Proof::NotASigningKey, Refusal::AssertionNotSigningKey),
    (Proof::BrokenKey, Refusal::AssertionJwks),
    (Proof::Invalid, Refusal::AssertionSignature),
];

/// Judges the assertion of a known client; it is used up when it has a `jti` and everything holds.
///
/// # Errors
/// Every `client_assertion_*` and `jwks_uri_*` refusal.
pub fn judge(cx: &mut Context<'_>, client: &Client) -> Result<(), Refused> {
    let facts = cx.facts;
    let assertion = cx.gate.some(
        facts.client_assertion.as_ref(),
        Refusal::AssertionInvalidJwt,
    )?;
    let jwt = &assertion.jwt;
    jws::judge(cx, jwt, Refusal::AssertionInvalidJwt)?;
    let id = client.id.as_str();
    cx.gate
        .require(jwt.claim_str("iss") == Some(id), Refusal::AssertionIssuer)?;
    cx.gate
        .require(jwt.claim_str("sub") == Some(id), Refusal::AssertionSubject)?;
    // A secret has no kid.
    let named = jwt.header.get("kid").is_some() || assertion.method != AuthMethod::PrivateKeyJwt;
    let kid_is_optional = match cx.behaviours().client_assertion_kid {
        ClientAssertionKid::WhenSeveral => !assertion.has_several_keys,
        ClientAssertionKid::Optional => true,
        ClientAssertionKid::Required => false,
    };
    cx.gate
        .require(named || kid_is_optional, Refusal::AssertionKid)?;
    for (flaw, refusal) in FLAWS {
        cx.gate.require(assertion.proof != flaw, refusal)?;
    }
    judge_claims(cx, jwt, id)
}

/// For whom, from when, until when, and how often.
fn judge_claims(cx: &mut Context<'_>, jwt: &Jwt, id: &str) -> Result<(), Refused> {
    let right = audience(cx, jwt).is_some_and(|audience| is_meant(cx, audience));
    cx.gate.require(right, Refusal::AssertionAudience)?;

    let expires = cx
        .gate
        .some(jwt.claim_seconds("exp"), Refusal::AssertionNoExpiry)?;
    let counts_until = expires.saturating_add(cx.behaviours().past_skew_seconds());
    cx.gate
        .require(cx.now < counts_until, Refusal::AssertionExpired)?;
    let skew = cx.behaviours().future_skew_seconds();
    cx.gate.require(
        expires <= cx.now + LONGEST_LIFETIME + skew,
        Refusal::AssertionTooLong,
    )?;
    let issued = jwt.claim_seconds("iat");
    if issued.is_none() {
        let demanded = cx.behaviours().client_assertion_iat == ClientAssertionIat::Required;
        cx.gate.require(!demanded, Refusal::AssertionInvalidJwt)?;
    }
    let not_before = issued.into_iter().chain(jwt.claim_seconds("nbf")).max();
    let begun = not_before.is_none_or(|seconds| seconds <= cx.now + skew);
    cx.gate.require(begun, Refusal::AssertionIssuedInFuture)?;

    let Some(jti) = jwt.claim_str("jti") else {
        let demanded = cx.behaviours().client_assertion_jti == ClientAssertionJti::Required;
        return cx.gate.require(!demanded, Refusal::AssertionInvalidJwt);
    };
    let by = match cx.behaviours().client_assertion_replay {
        ClientAssertionReplay::Client => format!("assertion {id}"),
        ClientAssertionReplay::Org => "assertion".to_owned(),
    };
    let first = cx.state.use_once(&by, jti, counts_until, cx.now);
    cx.gate.require(first, Refusal::AssertionUsed)
}

/// The one audience. An array is refused even with one element: only the plain string is known to work.
fn audience<'j>(cx: &Context<'_>, jwt: &'j Jwt) -> Option<&'j str> {
    if cx.behaviours().client_assertion_audience_array == ClientAssertionAudienceArray::Refuse {
        return jwt.claim_str("aud");
    }
    match jwt.audiences()[..] {
        [one] => Some(one),
        _ => None,
    }
}

/// Whether this is what the endpoint is called.
fn is_meant(cx: &Context<'_>, audience: &str) -> bool {
    let issuer = cx.issuer(&cx.server);
    audience == cx.endpoint_url()
        || match cx.behaviours().client_assertion_audience {
            ClientAssertionAudience::Endpoint => false,
            ClientAssertionAudience::EndpointOrIssuer => audience == issuer,
            ClientAssertionAudience::EndpointOrTokenEndpoint => {
                let path = server_path(&cx.server);
                audience == format!("{}{path}/v1/token", cx.base_url)
            }
        }
}
