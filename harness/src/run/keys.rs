//! The published keys that judging a step needs, fetched before judging, which does no I/O.

use serde_json::Value;

use super::tape::CaseTape;
use crate::check::signers;
use crate::exchange::Response;
use crate::jwks::{KeyRing, SignatureProblem};
use crate::jwt::Jwt;
use crate::scenario::model::{Change, Expectation, JwtMutation, ServerRole, SignWith};
use crate::targets::Target;
use crate::value::find_one;

/// Keys for judging an answer. An unknown `kid` is asked for again, for keys may have been rotated; a signature that
/// still does not verify is held against the keys of all servers, so that a finding can name whose it is.
pub(super) async fn for_judging(
    expectations: &[Expectation],
    response: &Response,
    target: &Target,
    tape: &CaseTape,
) -> KeyRing {
    if let Some(ring) = tape.keys_to_judge() {
        return ring;
    }
    let roles = signers(expectations);
    if roles.is_empty() {
        return KeyRing::default();
    }
    let mut ring = target.keys_of(&roles).await;
    for (role, jwt) in signed(expectations, response) {
        if unknown_kid(&ring, role, &jwt) {
            ring = target.refreshed_keys_of(role).await;
        }
        if ring.of(role).is_ok_and(|keys| keys.verify(&jwt).is_err()) {
            ring = all(target).await;
        }
    }
    tape.judged_with(&ring);
    ring
}

/// Keys for making a request: those of all servers, if a token shall be signed with what would verify it.
pub(super) async fn for_forging(
    change: Option<&Change>,
    target: &Target,
    tape: &CaseTape,
) -> KeyRing {
    if let Some(ring) = tape.keys_to_prepare() {
        return ring;
    }
    let needs_public_key = change.is_some_and(|change| {
        let mut signers = change.jwts().flat_map(JwtMutation::signers);
        signers.any(|signer| signer == SignWith::HmacPublicKey)
    });
    if !needs_public_key {
        return KeyRing::default();
    }
    let ring = all(target).await;
    tape.prepared_with(&ring);
    ring
}

async fn all(target: &Target) -> KeyRing {
    let roles: Vec<_> = target.deployment().servers.keys().copied().collect();
    target.keys_of(&roles).await
}

/// The tokens of an answer whose signature is to be judged.
fn signed(expectations: &[Expectation], response: &Response) -> Vec<(ServerRole, Jwt)> {
    let body = response.json.as_ref().unwrap_or(&Value::Null);
    let tokens = expectations.iter().flat_map(|block| &block.jwt);
    tokens
        .filter_map(|token| {
            let path = token.at.strip_prefix("body.").unwrap_or(&token.at);
            let jwt = Jwt::decode(find_one(body, path)?.as_str()?).ok()?;
            Some((token.signed_by?, jwt))
        })
        .collect()
}

fn unknown_kid(ring: &KeyRing, role: ServerRole, jwt: &Jwt) -> bool {
    ring.of(role)
        .is_ok_and(|keys| matches!(keys.verify(jwt), Err(SignatureProblem::UnknownKid(_))))
}
