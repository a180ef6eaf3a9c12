//! An authorization request, judged in two halves: before the redirect URI is proven an error goes to a page,
//! after it an error goes to the client (RFC 6749 §4.1.2.1).

use crate::context::{Context, Outcome};
use crate::keys::ServerName;
use crate::org::{Client, GrantType, Status};
use crate::pages;
use crate::refusal::{Refusal, Refused};
use crate::request::Params;
use crate::rules::{grant_allowed, pkce, scopes};
use crate::state::AuthorizationRequest;

/// Where an answer goes.
#[derive(Debug, Clone)]
pub(super) struct Return<'a> {
    pub(super) client: &'a Client,
    pub(super) redirect_uri: &'a str,
}

/// Client and redirect URI.
///
/// # Errors
/// Refusals that no client may be told by redirect.
pub(super) fn judge_return<'a>(
    cx: &mut Context<'a>,
    params: &'a Params,
) -> Result<Return<'a>, Refused> {
    cx.client_id = params.get("client_id").map(str::to_owned);
    let org = cx.org;
    let client = params.get("client_id").and_then(|id| org.clients.get(id));
    let client = cx.gate.some(client, Refusal::UnknownClient)?;
    let redirect_uri = cx
        .gate
        .some(params.get("redirect_uri"), Refusal::RedirectUriMissing)?;
    // A doubled redirect_uri is ambiguous, and an ambiguous address is not a registered one.
    let single = params.all("redirect_uri").count() == 1;
    let registered = client
        .redirect_uris
        .iter()
        .any(|known| same_address(known, redirect_uri));
    cx.gate
        .require(single && registered, Refusal::RedirectUriIllegal)?;
    cx.gate
        .require(client.status == Status::Active, Refusal::InactiveClient)?;
    Ok(Return {
        client,
        redirect_uri,
    })
}

/// Character by character (RFC 9700 §2.1); a loopback IP address may have any port (RFC 8252 §7.3).
fn same_address(known: &str, given: &str) -> bool {
    if known == given {
        return true;
    }
    let without_port = |text: &str| -> Option<(String, String)> {
        let host = ["http://127.0.0.1", "http://[::1]"]
            .into_iter()
            .find(|host| text.starts_with(host))?;
        let rest = text[host.len()..]
            .strip_prefix(':')
            .unwrap_or(&text[host.len()..]);
        let path = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        (path.is_empty() || path.starts_with('/')).then(|| (host.to_owned(), path.to_owned()))
    };
    without_port(known).is_some() && without_port(known) == without_port(given)
}

/// Everything else.
///
/// # Errors
/// Refusals that the client is told by redirect.
pub(super) fn judge_request(
    cx: &mut Context<'_>,
    params: &Params,
    to: &Return<'_>,
) -> Result<AuthorizationRequest, Refused> {
    cx.gate.require(
        params.repeated(&["resource"]).is_none(),
        Refusal::DuplicateParameter,
    )?;
    let response_type = cx
        .gate
        .some(params.get("response_type"), Refusal::ResponseTypeInvalid)?;
    let may_use_code = grant_allowed::may_use(cx, to.client, GrantType::AuthorizationCode);
    cx.gate.require(
        response_type == "code" && may_use_code,
        Refusal::ResponseTypeUnsupported,
    )?;
    let mode = params.get("response_mode").unwrap_or("query");
    cx.gate.require(
        ["query", "fragment"].contains(&mode),
        Refusal::ResponseModeUnsupported,
    )?;
    let state = cx.gate.some(params.get("state"), Refusal::StateInvalid)?;
    let challenge = pkce::judge_challenge(cx, params, to.client.pkce_required)?;
    let custom = cx.custom_server();
    let granted = scopes::judge_authorize(cx, params.get("scope"), custom)?;
    judge_prompt(cx, params)?;
    Ok(AuthorizationRequest {
        server: cx.server.clone(),
        client: to.client.id.clone(),
        redirect_uri: to.redirect_uri.to_owned(),
        scopes: granted.set,
        state: state.to_owned(),
        nonce: params.get("nonce").map(str::to_owned),
        code_challenge: challenge,
        response_mode: mode.to_owned(),
    })
}

/// `prompt` and `max_age` (OIDC Core §3.1.2.1).
fn judge_prompt(cx: &mut Context<'_>, params: &Params) -> Result<(), Refused> {
    let prompts: Vec<&str> = params
        .get("prompt")
        .map(|prompt| prompt.split(' ').collect())
        .unwrap_or_default();
    let known = prompts
        .iter()
        .all(|prompt| ["none", "login", "consent", "select_account"].contains(prompt));
    let alone = !prompts.contains(&"none") || prompts.len() == 1;
    cx.gate.require(known && alone, Refusal::PromptInvalid)?;
    let max_age = params.get("max_age").map(str::parse::<u32>);
    cx.gate
        .require(!matches!(max_age, Some(Err(_))), Refusal::MaxAgeInvalid)?;
    let zero = matches!(max_age, Some(Ok(0)));
    cx.gate.require(
        !(zero && prompts.contains(&"none")),
        Refusal::MaxAgeZeroPrompt,
    )
}

/// A refusal before the redirect URI is proven: a page for people, the API envelope for programs.
pub(super) fn to_page(cx: &Context<'_>, refused: Refused) -> Outcome {
    if cx.request.wants_page() {
        let html = pages::authorize_error(
            &cx.org.name,
            refused.refusal.error(),
            refused.refusal.text(),
        );
        return Outcome::Page {
            status: 400,
            html,
            refusal: Some(refused),
        };
    }
    Outcome::ApiError {
        status: 400,
        code: refused.refusal.error(),
        summary: refused.refusal.text().to_owned(),
        allow: None,
        refusal: Some(refused),
    }
}

/// A refusal that the client is told.
pub(super) fn to_client(
    redirect_uri: &str,
    mode: &str,
    state: Option<&str>,
    refused: Refused,
) -> Outcome {
    let mut pairs = Vec::new();
    if let Some(state) = state {
        pairs.push(("state", state));
    }
    pairs.push(("error", refused.refusal.error()));
    pairs.push(("error_description", refused.refusal.text()));
    Outcome::Redirect {
        location: address(redirect_uri, mode, &pairs),
        cookie: None,
        refusal: Some(refused),
    }
}

/// The client's address with an answer in its query or fragment.
pub(super) fn address(redirect_uri: &str, mode: &str, pairs: &[(&str, &str)]) -> String {
    if mode == "fragment" {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        return format!("{redirect_uri}#{query}");
    }
    with_query(redirect_uri, pairs)
}

/// Adds query parameters to an address, keeping those it has.
pub(super) fn with_query(uri: &str, pairs: &[(&str, &str)]) -> String {
    if pairs.is_empty() {
        return uri.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let join = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{join}{query}")
}

/// Path of a server's endpoints, up to the version.
pub(super) fn server_path(server: &ServerName) -> String {
    match server {
        ServerName::Org => "/oauth2".to_owned(),
        ServerName::Custom(id) => format!("/oauth2/{id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_character_by_character_but_for_the_port_of_a_loopback_ip() {
        assert!(same_address(
            "http://127.0.0.1/cb",
            "http://127.0.0.1:5000/cb"
        ));
        for (known, given) in [
            ("http://localhost:1/cb", "http://localhost:2/cb"),
            ("https://a.example/cb", "https://a.example/cb/"),
            ("https://a.example/cb", "https://a.example/cb?x=1"),
            ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.example/cb"),
        ] {
            assert!(!same_address(known, given), "{known} {given}");
        }
    }

    #[test]
    fn an_address_keeps_the_query_it_has() {
        assert_eq!(
            with_query("https://a/cb?x=1", &[("code", "a b")]),
            "https://a/cb?x=1&code=a+b"
        );
    }
}
