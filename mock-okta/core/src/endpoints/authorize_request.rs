//! An authorization request, judged in two halves: before the redirect URI is proven an error goes to a page,
//! after it an error goes to the client (RFC 6749 §4.1.2.1).

use url::{Host, Url};

use crate::behaviour::{HttpRedirectUri, PostMessageWithCode};
use crate::context::Context;
use crate::defect::Bend;
use crate::org::{ApplicationType, Client, ClientKind, GrantType, Status, uri};
use crate::refusal::{Refusal, Refused};
use crate::request::Params;
use crate::rules::{grant_allowed, pkce, prompt, resource, scopes};
use crate::state::AuthorizationRequest;

/// Longest `state`, in bytes: it is kept until the user has signed in, and until the code is redeemed.
const MAX_STATE_BYTES: usize = 8 * 1024;

/// Longest `nonce`, in bytes: it is kept as long as the refresh token.
const MAX_NONCE_BYTES: usize = 2 * 1024;

/// Longest `login_hint`, in bytes. No user has a longer name, so a longer hint is ignored.
const MAX_HINT_BYTES: usize = 1024;

/// Where an answer goes.
#[derive(Debug, Clone)]
pub(super) struct Return<'a> {
    pub(super) client: &'a Client,
    pub(super) redirect_uri: &'a str,
}

/// Client and redirect URI.
///
/// # Errors
/// Refusals that must not be sent by redirect.
pub(super) fn judge_return<'a>(
    cx: &mut Context<'a>,
    params: &'a Params,
) -> Result<Return<'a>, Refused> {
    let fits = params.within_limits() && is_short(params);
    cx.gate.require(fits, Refusal::InvalidRequest)?;
    cx.client_id = params.get("client_id").map(str::to_owned);
    let org = cx.org;
    let client = params.get("client_id").and_then(|id| org.clients.get(id));
    let client = cx.gate.some(client, Refusal::UnknownClient)?;
    let service = matches!(
        client.kind,
        ClientKind::App {
            application_type: ApplicationType::Service
        }
    );
    cx.gate.require(!service, Refusal::ServiceAtAuthorize)?;
    let redirect_uri = cx
        .gate
        .some(params.get("redirect_uri"), Refusal::RedirectUriMissing)?;
    // A doubled redirect_uri is ambiguous, and an ambiguous address is not a registered one.
    let single = params.all("redirect_uri").count() == 1;
    let registered = client
        .redirect_uris
        .iter()
        .any(|known| same_address(known, redirect_uri));
    let fits = single && registered && may_be_used(cx, redirect_uri);
    cx.gate.require(fits, Refusal::RedirectUriIllegal)?;
    cx.gate
        .require(client.status == Status::Active, Refusal::InactiveClient)?;
    Ok(Return {
        client,
        redirect_uri,
    })
}

/// Whether that which is kept of a request is of moderate length.
fn is_short(params: &Params) -> bool {
    [("state", MAX_STATE_BYTES), ("nonce", MAX_NONCE_BYTES)]
        .into_iter()
        .all(|(name, most)| params.get(name).is_none_or(|value| value.len() <= most))
}

/// Whether the org takes an address of this scheme.
fn may_be_used(cx: &mut Context<'_>, redirect_uri: &str) -> bool {
    is_protected(redirect_uri)
        || cx.behaviours().http_redirect_uri == HttpRedirectUri::Any
        || cx.gate.bent(Bend::RedirectUriHttp)
}

/// RFC 9700 §2.6: no code travels in the clear, but for the way from a browser to an app on the same machine.
fn is_protected(redirect_uri: &str) -> bool {
    let Ok(url) = Url::parse(redirect_uri) else {
        return false;
    };
    let on_this_machine = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() != "http" || on_this_machine
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
        // A port has five digits at most; more are no port and would be kept with the request.
        let is_port = rest.len() - path.len() <= 5;
        (is_port && (path.is_empty() || path.starts_with('/')))
            .then(|| (host.to_owned(), path.to_owned()))
    };
    without_port(known).is_some() && without_port(known) == without_port(given)
}

/// Everything else.
///
/// # Errors
/// Refusals that the client receives by redirect.
pub(super) fn judge_request(
    cx: &mut Context<'_>,
    params: &Params,
    to: &Return<'_>,
) -> Result<AuthorizationRequest, Refused> {
    cx.gate.require(
        params.repeated(&["resource"]).is_none(),
        Refusal::DuplicatedParameters,
    )?;
    judge_objects(cx, params)?;
    grant_allowed::judge_server(cx, to.client)?;
    let mode = judge_response(cx, params, to)?;
    let state = cx.gate.some(params.get("state"), Refusal::StateInvalid)?;
    let challenge = pkce::judge_challenge(cx, params, to.client.pkce_required)?;
    let custom = cx.custom_server();
    let granted = scopes::judge_authorize(cx, params.get("scope"), custom)?;
    let resource = resource::judge_authorize(cx, params)?;
    let prompts = prompt::judge(cx, params)?;
    Ok(AuthorizationRequest {
        server: cx.server.clone(),
        client: to.client.id.clone(),
        redirect_uri: to.redirect_uri.to_owned(),
        scopes: granted.set,
        state: state.to_owned(),
        nonce: params.get("nonce").map(str::to_owned),
        login_hint: params
            .get("login_hint")
            .filter(|hint| hint.len() <= MAX_HINT_BYTES)
            .map(str::to_owned),
        code_challenge: challenge,
        response_mode: mode.to_owned(),
        resource,
        silent: prompts.contains(&"none"),
        asks_consent: prompts.contains(&"consent"),
        max_age_sent: params.get("max_age").is_some(),
    })
}

/// Requests by object and by address are not read (OIDC Core §6); to ignore one would be to answer another request.
fn judge_objects(cx: &mut Context<'_>, params: &Params) -> Result<(), Refused> {
    let sent = |name: &str| params.get(name).is_some();
    let (object, address) = (sent("request"), sent("request_uri"));
    cx.gate
        .require(!(object && address), Refusal::RequestObjectAndUri)?;
    cx.gate
        .require(!object, Refusal::RequestObjectUnsupported)?;
    cx.gate.require(!address, Refusal::RequestUriUnsupported)
}

/// `response_type` and `response_mode`; mistakes in a request for tokens are reported before the lack of tokens.
fn judge_response<'p>(
    cx: &mut Context<'_>,
    params: &'p Params,
    to: &Return<'_>,
) -> Result<&'p str, Refused> {
    let kind = params.get("response_type");
    let kind = cx.gate.some(kind, Refusal::ResponseTypeInvalid)?;
    let asks_tokens = kind
        .split(' ')
        .any(|part| part == "id_token" || part == "token");
    let nonce = params.get("nonce").is_some();
    cx.gate
        .require(nonce || !asks_tokens, Refusal::NonceInvalid)?;
    let mode = params.get("response_mode");
    cx.gate.require(
        !(asks_tokens && mode == Some("query")),
        Refusal::ResponseModeQueryWithTokens,
    )?;
    let may_use_code = grant_allowed::may_use(cx, to.client, GrantType::AuthorizationCode);
    cx.gate.require(
        kind == "code" && may_use_code,
        Refusal::ResponseTypeUnsupported,
    )?;
    let mode = mode.unwrap_or("query");
    // The page that is to receive the message is known by its origin, which the address of a native app lacks.
    let may_post = cx.behaviours().post_message_with_code == PostMessageWithCode::WithPkce
        && params.get("code_challenge").is_some()
        && uri::origin(to.redirect_uri).is_some();
    cx.gate.require(
        mode != "okta_post_message" || may_post,
        Refusal::ResponseModePostMessageWithCode,
    )?;
    cx.gate.require(
        ["query", "fragment", "form_post", "okta_post_message"].contains(&mode),
        Refusal::ResponseModeUnsupported,
    )?;
    Ok(mode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_without_tls_is_taken_but_on_this_machine() {
        for fine in [
            "https://app.example/cb",
            "http://localhost:1/cb",
            "http://127.0.0.1/cb",
            "http://[::1]:2/cb",
            "com.example.app:/cb",
        ] {
            assert!(is_protected(fine), "{fine}");
        }
        for open in [
            "http://app.example/cb",
            "http://localhost.example/cb",
            "http://10.0.0.1/cb",
            "HTTP://app.example/cb",
        ] {
            assert!(!is_protected(open), "{open}");
        }
    }

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
            ("http://127.0.0.1/cb", "http://127.0.0.1:000080/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.example/cb"),
        ] {
            assert!(!same_address(known, given), "{known} {given}");
        }
    }
}
