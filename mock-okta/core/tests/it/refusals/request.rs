//! The token request as such, and revocation.

use super::{Case, case};
use crate::support::{AGENT, CHAT_TOKEN, Client, EXCHANGE, TOKEN, WEB_APP, WEB_APP_SECRET};

pub(super) const CASES: &[Case] = &[
    case(
        "JSON instead of a form",
        |client| {
            let request = http::Request::post(TOKEN).header("content-type", "application/json");
            client.send(request, r#"{"grant_type":"authorization_code"}"#)
        },
        "400 E0000021 invalid_request",
    ),
    case(
        "a parameter that is too long",
        |client| client.post(TOKEN, &[("scope", &"s".repeat(64 * 1024 + 1))]),
        "400 invalid_request invalid_request",
    ),
    case(
        "too many parameters",
        |client| client.post(TOKEN, &[("x", "y"); 201]),
        "400 invalid_request invalid_request",
    ),
    case(
        "too many parameters at authorize",
        |client| client.get(&format!("/oauth2/v1/authorize?{}", "x=y&".repeat(201))),
        "400 invalid_request invalid_request",
    ),
    case(
        "scope twice",
        |client| client.post_as(AGENT, TOKEN, &[("scope", "a"), ("scope", "b")]),
        "400 invalid_request duplicate_oauth_params",
    ),
    case(
        "a credential in the query",
        |client| client.post("/oauth2/v1/token?client_secret=x", &[]),
        "400 invalid_request client_credentials_in_query",
    ),
    case(
        "no grant_type",
        |client| client.post_as(AGENT, TOKEN, &[]),
        "400 invalid_request token_request_missing_grant_type",
    ),
    case(
        "an unknown grant",
        |client| client.post_as(AGENT, TOKEN, &[("grant_type", "magic")]),
        "400 unsupported_grant_type unsupported_grant_type",
    ),
    case(
        "a grant that the client is not registered for",
        |client| web_app(client, &[("grant_type", EXCHANGE)]),
        "400 unauthorized_client unauthorized_client",
    ),
    case(
        "a custom server for a client of the org authorization server only",
        |client| {
            client.edit(|org| {
                if let Some(agent) = org.clients.get_mut(AGENT) {
                    agent.org_server_only = true;
                }
            });
            client.post_as(AGENT, CHAT_TOKEN, &[("grant_type", "refresh_token")])
        },
        "400 unauthorized_client org_authorization_server_only_client",
    ),
    case(
        "an exchange without requested_token_type",
        |client| client.post_as(AGENT, TOKEN, &[("grant_type", EXCHANGE)]),
        "400 invalid_request missing_token_request_parameter",
    ),
    case(
        "a redemption without assertion",
        |client| {
            client.post_as(
                AGENT,
                CHAT_TOKEN,
                &[("grant_type", crate::support::JWT_BEARER)],
            )
        },
        "400 invalid_request missing_token_request_parameter",
    ),
    case(
        "a revocation without token",
        |client| client.post_as(AGENT, "/oauth2/v1/revoke", &[]),
        "400 invalid_request request_missing_token",
    ),
    case(
        "an introspection without token",
        |client| client.post_as(AGENT, "/oauth2/v1/introspect", &[]),
        "400 invalid_request request_missing_token",
    ),
];

fn web_app(client: &Client, form: &[(&str, &str)]) -> super::Answer {
    client.post_basic(WEB_APP, WEB_APP_SECRET, TOKEN, form)
}
