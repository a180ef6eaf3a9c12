//! Access tokens at userinfo and at protected resources.

use mock_okta_core::keys::ServerName;
use mock_okta_core::org::CustomServerId;

use super::{Answer, Case, case};
use crate::support::{AGENT, Client, Jws};

const USERINFO: &str = "/oauth2/v1/userinfo";
const API: &str = "/resources/chat";

fn chat() -> ServerName {
    ServerName::Custom(CustomServerId::new("auschat0000000000001"))
}

/// Calls the API with a token that was changed and signed again by its server.
fn bent(client: &Client, change: fn(Jws) -> Jws) -> Answer {
    let token = change(client.reopened(&client.chat_token(), &chat()));
    client.get_as_bearer(API, &token.compact())
}

pub(super) const CASES: &[Case] = &[
    case(
        "no access token",
        |client| client.get(USERINFO),
        "401 - access_token_missing",
    ),
    case(
        "an access token in the query",
        |client| client.get(&format!("{USERINFO}?access_token=x")),
        "400 invalid_request access_token_in_query",
    ),
    case(
        "an access token in the header and in the form",
        |client| {
            let form = [("access_token", "x")];
            client.post_with(USERINFO, &form, &[("authorization", "Bearer x")])
        },
        "400 invalid_request access_token_duplicate",
    ),
    case(
        "an access token of a later time",
        |client| {
            let token = client.chat_token();
            client.wait(-6);
            client.get_as_bearer(API, &token)
        },
        "401 invalid_token token_timestamp_invalid",
    ),
    case(
        "an access token that is no JWT",
        |client| client.get_as_bearer(USERINFO, "not-a-jwt"),
        "401 invalid_token access_token_invalid",
    ),
    case(
        "an access token of another server",
        |client| client.get_as_bearer(USERINFO, &client.chat_token()),
        "401 invalid_token access_token_invalid_issuer",
    ),
    case(
        "an access token for another audience",
        |client| bent(client, |jws| jws.claim("aud", "https://other.example")),
        "401 invalid_token access_token_invalid_audience",
    ),
    case(
        "an expired access token",
        |client| {
            let token = client.chat_token();
            client.wait(3600);
            client.get_as_bearer(API, &token)
        },
        "401 invalid_token token_expired",
    ),
    case(
        "a revoked access token",
        |client| {
            let token = client.chat_token();
            let revoke = "/oauth2/auschat0000000000001/v1/revoke";
            client.post_as(AGENT, revoke, &[("token", &token)]);
            client.get_as_bearer(API, &token)
        },
        "401 invalid_token access_token_revoked",
    ),
    case(
        "an access token without the scope",
        |client| client.get_as_bearer("/resources/chat/history", &client.chat_token()),
        "403 insufficient_scope access_token_insufficient_scopes",
    ),
];
