//! The authorization endpoint and the pages behind it.

use super::support::{ADA, AGENT, Authorize, Client, GRACE, WEB_APP};
use super::{Answer, Case, case};

fn ask(client: &Client, change: fn(Authorize) -> Authorize) -> Answer {
    change(Authorize::new()).ask(client)
}

pub(super) const CASES: &[Case] = &[
    case(
        "a code for a client that does not exist",
        |client| ask(client, |request| request.with("client_id", "nobody")),
        "400 invalid_client invalid_client_id",
    ),
    case(
        "no redirect_uri",
        |client| ask(client, |request| request.without("redirect_uri")),
        "400 missing_redirect_uri missing_redirect_uri",
    ),
    case(
        "a redirect_uri that nobody registered",
        |client| {
            ask(client, |request| {
                request.with("redirect_uri", "https://evil.example/")
            })
        },
        "400 invalid_request illegal_redirect_uri",
    ),
    case(
        "no state",
        |client| ask(client, |request| request.without("state")),
        "302 invalid_request invalid_state",
    ),
    case(
        "no response_type",
        |client| ask(client, |request| request.without("response_type")),
        "302 invalid_response_type invalid_response_type",
    ),
    case(
        "a response_type that does not exist",
        |client| ask(client, |request| request.with("response_type", "magic")),
        "302 unsupported_response_type unsupported_response_type",
    ),
    case(
        "a response_mode that does not exist",
        |client| ask(client, |request| request.with("response_mode", "pigeon")),
        "302 unsupported_response_mode unsupported_response_mode",
    ),
    case(
        "a challenge by the method plain",
        |client| {
            ask(client, |request| {
                request.with("code_challenge_method", "plain")
            })
        },
        "302 invalid_request pkce_unsupported_code_challenge_method",
    ),
    case(
        "a challenge that is too short",
        |client| ask(client, |request| request.with("code_challenge", "short")),
        "302 invalid_request pkce_invalid_challenge",
    ),
    case(
        "prompt=none beside another",
        |client| ask(client, |request| request.with("prompt", "none login")),
        "302 invalid_request invalid_prompt",
    ),
    case(
        "a max_age below zero",
        |client| ask(client, |request| request.with("max_age", "-1")),
        "302 invalid_request invalid_max_age",
    ),
    case(
        "max_age=0 with prompt=none",
        |client| {
            ask(client, |request| {
                request.with("max_age", "0").with("prompt", "none")
            })
        },
        "302 invalid_request invalid_prompt_for_zero_max_age",
    ),
    case(
        "no challenge of a client that needs one",
        |client| {
            ask(client, |request| {
                request
                    .without("code_challenge")
                    .without("code_challenge_method")
            })
        },
        "302 invalid_request pkce_missing_challenge",
    ),
    case(
        "prompt=none without a session",
        |client| ask(client, |request| request.with("prompt", "none")),
        "302 login_required no_existing_session",
    ),
    case(
        "prompt=none with a session that is too old",
        |client| {
            let signed_in = Authorize::new().sign_in(client, ADA);
            client.wait(61);
            Authorize::new()
                .cookie(&signed_in.cookie.expect("a session"))
                .with("prompt", "none")
                .with("max_age", "60")
                .ask(client)
        },
        "302 login_required login_required",
    ),
    case(
        "an authorization request without scope",
        |client| ask(client, |request| request.without("scope")),
        "302 invalid_scope missing_scopes",
    ),
    case(
        "an authorization request without openid",
        |client| ask(client, |request| request.with("scope", "profile")),
        "302 invalid_scope openid_scope_required",
    ),
    case(
        "a user who is not assigned",
        |client| {
            client.edit(|org| {
                if let Some(agent) = org.clients.get_mut(AGENT) {
                    agent.assigned_users = mock_okta_core::org::Users::Only([].into());
                }
            });
            Authorize::new().sign_in(client, GRACE)
        },
        "302 access_denied user_not_assigned",
    ),
    case(
        "a user whom no policy of the server allows",
        |client| {
            Authorize::new()
                .at(super::support::CHAT_AUTHORIZE)
                .with("scope", "openid chat.read")
                .sign_in(client, GRACE)
        },
        "302 access_denied no_matching_policy",
    ),
    case(
        "a sign-in page that has expired",
        |client| {
            let page = Authorize::new().ask(client).location.expect("a page");
            client.wait(600);
            client.get(&page)
        },
        "400 - request_expired",
    ),
    case(
        "a logout to an address that nobody registered",
        |client| {
            client.get(&format!(
                "/oauth2/v1/logout?client_id={WEB_APP}&post_logout_redirect_uri=https://evil.example/"
            ))
        },
        "400 - illegal_redirect_uri",
    ),
];
