//! JWTs in the body: whose signature, which header, which claims.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{Expected, Judge, Outcome, Seen};
use crate::exchange::Exchange;
use crate::jwks::SignatureProblem;
use crate::jwt::Jwt;
use crate::result::{Aspect, TokenPart};
use crate::scenario::model::{Expectation, JwtExpectation, ServerRole};
use crate::value::find_one;

pub(super) fn judge(block: &Expectation, exchange: &Exchange, judge: &mut Judge<'_>) {
    let body = exchange.response.json.as_ref().unwrap_or(&Value::Null);
    for expectation in &block.jwt {
        let path = expectation
            .at
            .strip_prefix("body.")
            .unwrap_or(&expectation.at);
        let check = |part| part_of(expectation, part);
        let value = find_one(body, path);
        if value.is_none() && expectation.optional {
            let expected = Expected::plain("absent, or a JWT");
            judge.push(
                check(TokenPart::Whole),
                expected,
                Outcome::Held,
                expectation.place,
            );
            continue;
        }
        let is_opaque = |value: &Value| {
            value
                .as_str()
                .is_some_and(|text| !text.is_empty() && Jwt::decode(text).is_err())
        };
        if expectation.opaque && value.is_some_and(is_opaque) {
            let expected = Expected::plain("a JWT, or an opaque token");
            judge.push(
                check(TokenPart::Whole),
                expected,
                Outcome::Held,
                expectation.place,
            );
            continue;
        }
        let (jwt, outcome) = match value.and_then(Value::as_str).map(Jwt::decode) {
            Some(Ok(jwt)) => (Some(jwt), Outcome::Held),
            Some(Err(problem)) => {
                let words = format!("a string, but no JWT: {problem}");
                (None, Outcome::Differs(Seen::Words(words)))
            }
            None => (None, Outcome::Differs(seen(path, value))),
        };
        judge.push(
            check(TokenPart::Whole),
            Expected::plain("a JWT"),
            outcome,
            expectation.place,
        );
        if let Some(role) = expectation.signed_by {
            let outcome = match &jwt {
                Some(jwt) => signature(jwt, role, judge),
                None => Outcome::Differs(Seen::Absent),
            };
            let expected = Expected::plain(format!("signed with a published key of {role}"));
            judge.push(
                check(TokenPart::Signature),
                expected,
                outcome,
                expectation.place,
            );
        }
        let claims = jwt.as_ref().map(|jwt| &jwt.claims);
        ties(expectation, body, claims, judge);
        members(expectation, jwt, judge);
    }
}

/// What ties claims to other members of the answer. The claim and the member are optional, and say nothing alone.
fn ties(
    expectation: &JwtExpectation,
    body: &Value,
    claims: Option<&Map<String, Value>>,
    judge: &mut Judge<'_>,
) {
    let member = |path: &str| find_one(body, path.strip_prefix("body.").unwrap_or(path));
    let claim = |name: &str| claims.and_then(|claims| claims.get(name));
    if let Some(of) = &expectation.at_hash_of {
        let hash = member(of).and_then(Value::as_str).map(half_hash);
        let fits = |claim: &Value| claim.as_str() == hash.as_deref();
        let outcome = match claim("at_hash") {
            Some(claim) if !fits(claim) => Outcome::Differs(seen("at_hash", Some(claim))),
            _ => Outcome::Held,
        };
        let expected = Expected::plain(format!("absent, or the half hash of {of}"));
        judge.push(
            claim_of(expectation, "at_hash"),
            expected,
            outcome,
            expectation.place,
        );
    }
    if let Some(path) = &expectation.lives {
        let said = member(path).and_then(Value::as_f64);
        let (issued, expires) = (number(claim("iat")), number(claim("exp")));
        let lives = expires
            .zip(issued)
            .map(|(expires, issued)| expires - issued);
        let outcome = match (said, lives) {
            // A second more or less is rounding.
            (Some(said), Some(lives)) if (lives - said).abs() > 1.0 => {
                Outcome::Differs(Seen::Words(format!("{lives} s, and {path} says {said}")))
            }
            _ => Outcome::Held,
        };
        let expected = Expected::plain(format!("{path} s after iat, where both are there"));
        judge.push(
            claim_of(expectation, "exp"),
            expected,
            outcome,
            expectation.place,
        );
    }
}

fn part_of(expectation: &JwtExpectation, part: TokenPart) -> Aspect {
    Aspect::Token {
        at: expectation.at.clone(),
        part,
    }
}

fn claim_of(expectation: &JwtExpectation, path: &str) -> Aspect {
    part_of(expectation, TokenPart::Claim(path.to_owned()))
}

fn number(value: Option<&Value>) -> Option<f64> {
    value.and_then(Value::as_f64)
}

/// Header and claims; those of a JWT that is not there are absent.
fn members(expectation: &JwtExpectation, jwt: Option<Jwt>, judge: &mut Judge<'_>) {
    let (header, claims) = match jwt {
        Some(jwt) => (Value::Object(jwt.header), Value::Object(jwt.claims)),
        None => (Value::Null, Value::Null),
    };
    for (path, matcher) in &expectation.header {
        judge.member(
            &part_of(expectation, TokenPart::Header(path.clone())),
            &header,
            path,
            matcher,
        );
    }
    for (path, matcher) in &expectation.claims {
        judge.member(&claim_of(expectation, path), &claims, path, matcher);
    }
}

/// OIDC Core section 3.1.3.6: the left half of the hash, which is SHA-256 for RS256.
fn half_hash(token: &str) -> String {
    B64.encode(&Sha256::digest(token)[..16])
}

fn signature(jwt: &Jwt, role: ServerRole, judge: &Judge<'_>) -> Outcome {
    let keys = match judge.cx.keys.of(role) {
        Ok(keys) => keys,
        Err(why) => return Outcome::Unjudged(why),
    };
    let problem = match keys.verify(jwt) {
        Ok(()) => return Outcome::Held,
        Err(problem @ SignatureProblem::NotRecorded) => {
            return Outcome::Unjudged(problem.to_string());
        }
        Err(problem) => problem,
    };
    let foreign = match problem {
        SignatureProblem::UnknownKid(_) | SignatureProblem::NoKid(_) | SignatureProblem::Bad(_) => {
            judge
                .cx
                .keys
                .signer_of(jwt)
                .filter(|signer| *signer != role)
        }
        _ => None,
    };
    Outcome::Differs(Seen::Words(match foreign {
        Some(signer) => format!("signed with a key of {signer}: {problem}"),
        None => problem.to_string(),
    }))
}

fn seen(path: &str, value: Option<&Value>) -> Seen {
    match value {
        None => Seen::Absent,
        Some(value) => Seen::Value {
            path: path.to_owned(),
            value: value.clone(),
        },
    }
}
