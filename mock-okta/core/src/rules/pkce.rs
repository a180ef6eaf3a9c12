//! PKCE (RFC 7636), S256 only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use sha2::{Digest, Sha256};

use crate::context::Context;
use crate::refusal::{Refusal, Refused};
use crate::request::Params;
use crate::variation::Variation;

/// Judges the challenge of an authorization request.
///
/// # Errors
/// `pkce_missing_challenge`, `pkce_unsupported_code_challenge_method`, `pkce_invalid_challenge`
pub fn judge_challenge(
    cx: &mut Context<'_>,
    params: &Params,
    required: bool,
) -> Result<Option<String>, Refused> {
    let challenge = params.get("code_challenge");
    cx.gate.require(
        challenge.is_some() || !required,
        Refusal::PkceChallengeMissing,
    )?;
    let method = params.get("code_challenge_method");
    // RFC 7636 §4.3: an absent method means plain, which is not offered.
    let s256 = method == Some("S256") || (method.is_none() && challenge.is_none());
    cx.gate.require(s256, Refusal::PkceMethodUnsupported)?;
    let formed = challenge.is_none_or(well_formed);
    if formed || !cx.gate.varies(Variation::VerifierUnjudged) {
        cx.gate.require(formed, Refusal::PkceChallengeInvalid)?;
    }
    Ok(challenge.map(str::to_owned))
}

/// Judges the verifier of a token request against the challenge of the authorization request.
///
/// # Errors
/// `pkce_missing_verifier`, `pkce_missing_challenge_verifier_present`, `pkce_verification_failed`,
/// `pkce_verification_failed_with_reason`
pub fn judge_verifier(cx: &mut Context<'_>, challenge: Option<&str>) -> Result<(), Refused> {
    let verifier = cx.form().get("code_verifier");
    match (challenge, verifier) {
        (None, None) => Ok(()),
        // RFC 9700 §4.8.2: a verifier without a challenge is a downgrade attack.
        (None, Some(_)) => cx.gate.require(false, Refusal::PkceUnexpectedVerifier),
        (Some(_), None) => cx.gate.require(false, Refusal::PkceMissingVerifier),
        (Some(challenge), Some(verifier)) => {
            let formed = well_formed(verifier);
            if formed || !cx.gate.varies(Variation::VerifierUnjudged) {
                cx.gate.require(formed, Refusal::PkceVerifierMalformed)?;
            }
            let fits = B64.encode(Sha256::digest(verifier)) == challenge;
            cx.gate.require(fits, Refusal::PkceFailed)
        }
    }
}

/// RFC 7636 §4.1: 43 to 128 characters of the unreserved set.
fn well_formed(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || b"-._~".contains(&c))
}
