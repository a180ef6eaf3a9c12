//! Who asks: an administrator's API token (`Authorization: SSWS …`), or an OAuth access token of the org authorization server
//! with a scope of Okta's API.

use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::call::Call;
use crate::api_error::ApiError;
use crate::context::Context;
use crate::keys::ServerName;
use crate::rules::access_token::is_access_token;
use crate::tokens::jwt::SignatureFact;

/// What somebody may ask for.
pub(super) enum Bearer {
    /// Everything.
    Administrator,
    /// What these scopes allow.
    Scopes(Vec<String>),
}

impl Bearer {
    /// Whether it goes so far.
    ///
    /// # Errors
    /// 403 where it does not.
    pub(super) fn require(&self, call: &Call<'_>, method: &str) -> Result<(), ApiError> {
        let Self::Scopes(granted) = self else {
            return Ok(());
        };
        let needed = call.scope(method);
        let has = |wanted: &str| granted.iter().any(|one| one == wanted);
        // Who may manage something may read it (Okta's guide of OAuth for its API).
        let allowed = has(needed) || has(&needed.replace(".read", ".manage"));
        allowed.then_some(()).ok_or(ApiError::Permission)
    }
}

/// Judges the `Authorization` field.
///
/// # Errors
/// 403 without one, 401 where it holds no token of this org.
pub(super) fn judge(cx: &mut Context<'_>) -> Result<Bearer, ApiError> {
    if let Some(sent) = cx.request.authorization("SSWS") {
        let own = cx.options.api_token.as_ref();
        let is_own = |own: &str| verify_slices_are_equal(sent.as_bytes(), own.as_bytes()).is_ok();
        return if own.is_some_and(|own| is_own(own.reveal())) {
            Ok(Bearer::Administrator)
        } else {
            Err(ApiError::Token)
        };
    }
    if cx.request.authorization("Bearer").is_none() {
        return Err(ApiError::Session);
    }
    oauth(cx).ok_or(ApiError::Token)
}

/// The scopes of a live access token of the org authorization server.
fn oauth(cx: &mut Context<'_>) -> Option<Bearer> {
    let jwt = cx.facts.bearer.as_ref()?;
    let issuer = jwt.claim_str("iss")?;
    let live = jwt.claim_seconds("exp").is_some_and(|exp| cx.now < exp);
    let jti = jwt.claim_str("jti")?;
    let is_own = cx.issuers.server(cx.org, issuer) == Some(ServerName::Org)
        && jwt.signature == SignatureFact::Valid
        && is_access_token(jwt)
        && live
        && !cx.state.is_revoked(jti, cx.now);
    cx.client_id = jwt.claim_str("cid").map(str::to_owned);
    let scopes = jwt.claims.get("scp")?.as_array()?;
    let scopes = scopes.iter().filter_map(|one| one.as_str());
    is_own.then(|| Bearer::Scopes(scopes.map(str::to_owned).collect()))
}
