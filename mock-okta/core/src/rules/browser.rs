//! A token request from a browser, known by its `Origin` (Okta's catalogue, "browser request").

use http::header;

use crate::context::Context;
use crate::org::{Client, GrantType, uri};
use crate::refusal::{Refusal, Refused};

/// Judges the origin and what a browser may ask.
///
/// # Errors
/// `illegal_origin_browser_request`, `unsupported_grant_type_browser_request`,
/// `unsupported_auth_method_browser_request`
pub fn judge(cx: &mut Context<'_>, client: &Client, grant: GrantType) -> Result<(), Refused> {
    let origin = cx.request.header(header::ORIGIN);
    let from_browser = cx.request.headers.contains_key(header::ORIGIN);
    let mut own = client
        .redirect_uris
        .iter()
        .filter_map(|uri| uri::origin(uri));
    let known = own.any(|own| Some(own.as_str()) == origin)
        || origin.is_some_and(|origin| cx.org.trusted_origins.contains(origin));
    cx.gate
        .require(!from_browser || known, Refusal::BrowserOrigin)?;
    let signs_in = matches!(
        grant,
        GrantType::AuthorizationCode | GrantType::RefreshToken
    );
    cx.gate
        .require(!from_browser || signs_in, Refusal::BrowserGrant)?;
    let pkce = grant != GrantType::AuthorizationCode || cx.form().get("code_verifier").is_some();
    cx.gate
        .require(!from_browser || pkce, Refusal::BrowserWithoutPkce)
}
