//! An ID-JAG presented to a custom authorization server.

use mock_okta_core::keys::ServerName;
use mock_okta_core::org::CustomServerId;

use super::{Answer, Case, case};
use crate::support::{
    AGENT, CHAT, CHAT_TOKEN, Client, ID_JAG, JWT_BEARER, Jws, OTHER_AGENT, TOKEN,
};

/// Redeems an ID-JAG that was changed and signed again by the org.
fn bent(client: &Client, change: fn(Jws) -> Jws) -> Answer {
    let id_jag = client.id_jag();
    let id_jag = change(client.reopened(&id_jag, &ServerName::Org));
    client.redeem(&id_jag.compact())
}

/// The same with a claim `seconds` from now.
fn at(client: &Client, claim: &str, seconds: i64) -> Answer {
    let id_jag = client.id_jag();
    let id_jag = client.reopened(&id_jag, &ServerName::Org);
    let id_jag = id_jag.claim(claim, client.now.get() + seconds);
    client.redeem(&id_jag.compact())
}

fn with(client: &Client, agent: &str, path: &str, extra: &[(&str, &str)]) -> Answer {
    let id_jag = client.id_jag();
    let form = [("grant_type", JWT_BEARER), ("assertion", id_jag.as_str())];
    client.post_as(agent, path, &[&form[..], extra].concat())
}

/// Redeems scopes of the connection under rules that deny what they lack.
fn denied(client: &Client, scope: &str) -> Answer {
    client.set_switch("policy_scope_miss", "denied");
    let id_token = client.sign_in().text("id_token");
    let target = [("audience", CHAT), ("scope", scope)];
    let id_jag = client.exchange(&id_token, ID_JAG, &target);
    client.redeem(&id_jag.text("access_token"))
}

pub(super) const CASES: &[Case] = &[
    case(
        "an assertion that is no JWT at all",
        |client| client.redeem("not-a-jwt"),
        "400 invalid_grant invalid_grant",
    ),
    case(
        "an ID-JAG at the org authorization server",
        |client| with(client, AGENT, TOKEN, &[]),
        "400 invalid_request mismatched_authorization_server",
    ),
    case(
        "a scope beside an ID-JAG",
        |client| with(client, AGENT, CHAT_TOKEN, &[("scope", "chat.read")]),
        "400 invalid_request id_jag_scopes_in_request",
    ),
    case(
        "an ID-JAG of a stranger",
        |client| bent(client, |jws| jws.claim("iss", CHAT)),
        "400 invalid_grant id_jag_untrusted_issuer",
    ),
    case(
        "an ID-JAG that was altered",
        |client| {
            let id_jag = client.reopened(&client.id_jag(), &ServerName::Org);
            let (_, other_key) = client.signer(AGENT, None);
            client.redeem(&id_jag.signed_by(other_key).compact())
        },
        "400 invalid_grant id_jag_invalid_signature",
    ),
    case(
        "an ID-JAG at another server",
        |client| with(client, AGENT, "/oauth2/default/v1/token", &[]),
        "400 invalid_grant jwt_bearer_grant_invalid_audience",
    ),
    case(
        "an ID-JAG of another client",
        |client| with(client, OTHER_AGENT, CHAT_TOKEN, &[]),
        "400 invalid_grant id_jag_client_mismatch",
    ),
    case(
        "an ID-JAG from the future",
        |client| at(client, "iat", 6),
        "400 invalid_grant id_jag_issued_in_future",
    ),
    case(
        "an expired ID-JAG",
        |client| at(client, "exp", 0),
        "400 invalid_grant id_jag_expired",
    ),
    case(
        "an ID-JAG that lives too long",
        |client| at(client, "exp", 301),
        "400 invalid_grant id_jag_lifetime_too_long",
    ),
    case(
        "an ID-JAG about nobody",
        |client| bent(client, |jws| jws.claim("sub", "00unobody00000000001")),
        "400 invalid_grant id_jag_invalid_subject",
    ),
    case(
        "an ID-JAG without scope",
        |client| bent(client, |jws| jws.claim("scope", ())),
        "400 invalid_grant id_jag_lacking_scopes",
    ),
    case(
        "an ID-JAG with a malformed actor",
        |client| bent(client, |jws| jws.claim("act", "somebody")),
        "400 invalid_grant invalid_grant",
    ),
    case(
        "a resource that the ID-JAG does not name",
        |client| {
            with(
                client,
                AGENT,
                CHAT_TOKEN,
                &[("resource", "https://x.example")],
            )
        },
        "400 invalid_grant id_jag_resource_mismatch",
    ),
    case(
        "a resource that the server issues no tokens for any more",
        |client| {
            let indicator = |client: &Client, value: Option<&str>| {
                client.edit(|org| {
                    let connection = org.connections.get_mut("mcnchat0000000000001");
                    connection.expect("a connection").resource_indicator = value.map(str::to_owned);
                });
            };
            indicator(client, Some("https://mcp.example"));
            let id_token = client.sign_in().text("id_token");
            let target = [
                ("audience", CHAT),
                ("scope", "chat.read"),
                ("resource", "https://mcp.example"),
            ];
            let id_jag = client.exchange(&id_token, ID_JAG, &target);
            indicator(client, None);
            client.redeem(&id_jag.text("access_token"))
        },
        "400 invalid_grant id_jag_resource_not_allowed_for_as",
    ),
    case(
        "an ID token instead of an ID-JAG",
        |client| client.redeem(&client.sign_in().text("id_token")),
        "400 invalid_grant invalid_grant",
    ),
    case(
        "an ID token of an issuer that may not use the grant",
        |client| {
            client.set_switch("jwt_bearer_other_jwt", "invalid_issuer");
            client.redeem(&client.sign_in().text("id_token"))
        },
        "401 invalid_token jwt_bearer_grant_invalid_issuer",
    ),
    case(
        "a server that lost its key",
        |client| {
            let id_jag = client.id_jag();
            let chat = ServerName::Custom(CustomServerId::new("auschat0000000000001"));
            client.core.edit(|snapshot| snapshot.keys.lose(&chat));
            client.redeem(&id_jag)
        },
        "500 server_error access_token_not_generated",
    ),
    case(
        "scopes that a rule denies, all of them",
        |client| denied(client, "chat.delete"),
        "400 access_denied no_scope_allowed",
    ),
    case(
        "scopes that a rule denies, one of them",
        |client| denied(client, "chat.read chat.delete"),
        "400 access_denied scope_denied",
    ),
    case(
        "an ID-JAG twice",
        |client| {
            let id_jag = client.id_jag();
            client.redeem(&id_jag);
            client.redeem(&id_jag)
        },
        "400 invalid_grant id_jag_replayed",
    ),
    case(
        "scopes that no policy allows",
        |client| {
            let id_token = client.sign_in().text("id_token");
            let target = [("audience", CHAT), ("scope", "chat.delete")];
            let id_jag = client.exchange(&id_token, ID_JAG, &target);
            client.redeem(&id_jag.text("access_token"))
        },
        "401 access_denied no_matching_policy",
    ),
];
