//! Every switch in each of its positions: the same request, and the difference it makes.

mod answers;
mod asks;
mod proof;

use crate::support::{
    ADA, AGENT, Authorize, CHAT, CHAT_ID, CHAT_TOKEN, Client, EVERY_ALGORITHM, EXCHANGE, ID_JAG,
    ID_TOKEN, JWT_BEARER, SECRET, TOKEN, VAULTED_SECRET, rich_org,
};
use asks::{
    actors, after_logout, exchange, how_far_ahead, published_keys_after_a_second, refresh,
    scope_without_a_rule, secret_by_its_indicator, secret_of_an_agent, sign_in_of_the_agent,
};
use mock_okta_core::behaviour::Behaviours;
use mock_okta_core::org::UserStatus;

/// A switch, what is asked, and what it answers in each position.
type Row = (
    &'static str,
    fn(&Client) -> String,
    &'static [(&'static str, &'static str)],
);

const AUTHENTICATED: &str = "400 invalid_request token_request_missing_grant_type";
const TARGET: [(&str, &str); 2] = [("audience", CHAT), ("scope", "chat.read")];

const ROWS: &[Row] = &[
    (
        "rate_limits",
        |client| {
            for _ in 0..240 {
                client.get("/oauth2/v1/keys");
            }
            client.get("/oauth2/v1/keys").refusal()
        },
        &[("off", "200 - -"), ("integrator", "429 E0000047 -")],
    ),
    (
        "user_sign_in",
        sign_in_of_the_agent,
        &[
            ("agent", "302 - -"),
            (
                "linked_app",
                "302 unsupported_response_type unsupported_response_type",
            ),
        ],
    ),
    (
        "agent_client_authentication",
        secret_of_an_agent,
        &[
            ("configured", AUTHENTICATED),
            (
                "private_key_jwt",
                "401 invalid_client invalid_token_endpoint_auth_method",
            ),
        ],
    ),
    (
        "client_assertion_jti",
        |client| {
            let assertion = client.assertion(AGENT, TOKEN).claim("jti", ());
            client.post_proving(&assertion, TOKEN, &[]).refusal()
        },
        &[
            ("optional", AUTHENTICATED),
            (
                "required",
                "401 invalid_client client_assertion_invalid_jwt",
            ),
        ],
    ),
    (
        "client_assertion_kid",
        |client| {
            let without_kid = |id: &str, kid: Option<&str>, alg: &str| {
                let (_, signer) = client.signer(id, kid);
                let assertion = client.assertion(id, TOKEN).header("alg", alg);
                let assertion = assertion.without_header("kid").signed_by(signer);
                client.post_proving(&assertion, TOKEN, &[]).refusal()
            };
            let one = without_kid(AGENT, None, "RS256");
            let several = without_kid(EVERY_ALGORITHM, Some("es384"), "ES384");
            format!(
                "one key {}, several {}",
                one == AUTHENTICATED,
                several == AUTHENTICATED
            )
        },
        &[
            ("when_several_keys", "one key true, several false"),
            ("optional", "one key true, several true"),
            ("required", "one key false, several false"),
        ],
    ),
    (
        "jwks_uri_cache",
        published_keys_after_a_second,
        &[
            ("1h", AUTHENTICATED),
            ("0s", "401 invalid_client jwks_uri_error"),
        ],
    ),
    (
        "unknown_client",
        |client| {
            client
                .post_basic("0oanobody00000000001", "x", TOKEN, &[])
                .refusal()
        },
        &[
            ("envelope_401", "401 invalid_client invalid_client_id"),
            ("envelope_400", "400 invalid_client invalid_client_id"),
            ("oauth_401", "401 invalid_client invalid_client_id"),
        ],
    ),
    (
        "future_skew",
        how_far_ahead,
        &[("0s", "0"), ("5s", "5"), ("60s", "60")],
    ),
    (
        "org_authorize_resource",
        |client| {
            let request = Authorize::new().with("resource", "https://mcp.example");
            request.ask(client).refusal()
        },
        &[
            ("ignore", "302 - -"),
            (
                "refuse",
                "302 unsupported_api_resource unsupported_api_resource",
            ),
        ],
    ),
    (
        "code_lifetime",
        |client| {
            let code = Authorize::new().code(client, ADA);
            client.wait(60);
            client.redeem_code(AGENT, TOKEN, &code).refusal()
        },
        &[
            ("300s", "200 - -"),
            ("60s", "400 invalid_grant invalid_authorization_code"),
        ],
    ),
    (
        "code_reuse",
        |client| {
            let code = Authorize::new().code(client, ADA);
            let token = client.redeem_code(AGENT, TOKEN, &code).text("access_token");
            client.redeem_code(AGENT, TOKEN, &code);
            client
                .get_as_bearer("/oauth2/v1/userinfo", &token)
                .refusal()
        },
        &[
            ("revokes", "401 invalid_token access_token_revoked"),
            ("keeps", "200 - -"),
        ],
    ),
    (
        "exchange_at_custom_server",
        |client| {
            let form = [("grant_type", EXCHANGE), ("requested_token_type", ID_JAG)];
            client.post_as(AGENT, CHAT_TOKEN, &form).refusal()
        },
        &[
            (
                "invalid_requested_token_type",
                "400 invalid_request invalid_requested_token_type",
            ),
            (
                "unsupported_grant_type",
                "400 unsupported_grant_type unsupported_grant_type_token_exchange",
            ),
        ],
    ),
    (
        "subject_token_issuer",
        |client| {
            let id_token = client.sign_in_at_chat().text("id_token");
            client.exchange(&id_token, ID_JAG, &TARGET).refusal()
        },
        &[
            ("org_or_custom", "200 - -"),
            (
                "org",
                "400 invalid_request invalid_subject_token_issuer_not_allowed",
            ),
        ],
    ),
    (
        "id_jag_token_type",
        |client| exchange(client).text("token_type"),
        &[("N_A", "N_A"), ("Bearer", "Bearer")],
    ),
    (
        "id_jag_response_scope",
        |client| exchange(client).body["scope"].to_string(),
        &[("omit", "null"), ("echo", "\"chat.read\"")],
    ),
    (
        "actor_chain",
        actors,
        &[
            ("by_client", "wlpagentrsa000000001 0oawebapp00000000001"),
            ("agent_only", "wlpagentrsa000000001"),
            ("none", ""),
        ],
    ),
    (
        "actor_token",
        |client| {
            let id_token = client.sign_in().text("id_token");
            let actor = [("actor_token", "x"), ("actor_token_type", ID_TOKEN)];
            let all = [&TARGET[..], &actor].concat();
            client.exchange(&id_token, ID_JAG, &all).refusal()
        },
        &[
            ("ignore", "200 - -"),
            ("refuse", "400 invalid_request invalid_actor_token"),
        ],
    ),
    (
        "connection_resource",
        secret_by_its_indicator,
        &[
            ("orn_or_indicator", "200 - -"),
            ("orn", "400 invalid_target token_exchange_invalid_resource"),
        ],
    ),
    (
        "vault_scope",
        |client| {
            let id_token = client.sign_in().text("id_token");
            let target = [("resource", SECRET), ("scope", "chat.read")];
            client
                .exchange(&id_token, VAULTED_SECRET, &target)
                .refusal()
        },
        &[
            ("ignore", "200 - -"),
            ("refuse", "400 invalid_scope illegal_scopes"),
        ],
    ),
    (
        "subject_token_user",
        |client| {
            let id_token = client.sign_in().text("id_token");
            client.edit(|org| {
                for user in org.users.values_mut() {
                    user.status = UserStatus::Suspended;
                }
            });
            client.exchange(&id_token, ID_JAG, &TARGET).refusal()
        },
        &[
            (
                "checked",
                "400 invalid_request invalid_subject_token_user_inactive",
            ),
            ("unchecked", "200 - -"),
        ],
    ),
    (
        "subject_token_session",
        after_logout,
        &[
            (
                "checked",
                "400 invalid_request invalid_subject_token_session_expired",
            ),
            ("unchecked", "200 - -"),
        ],
    ),
    (
        "refreshed_id_token",
        |client| {
            let token = client.sign_in().text("refresh_token");
            let id_token = refresh(client, &token).text("id_token");
            client.exchange(&id_token, ID_JAG, &TARGET).refusal()
        },
        &[
            ("accepted", "200 - -"),
            (
                "refused",
                "400 invalid_request invalid_subject_token_session_expired",
            ),
        ],
    ),
    (
        "redeem_scope",
        |client| {
            let id_jag = client.id_jag();
            let form = [
                ("grant_type", JWT_BEARER),
                ("assertion", id_jag.as_str()),
                ("scope", "chat.read"),
            ];
            client.post_as(AGENT, CHAT_TOKEN, &form).refusal()
        },
        &[
            ("refuse", "400 invalid_request id_jag_scopes_in_request"),
            ("ignore", "200 - -"),
        ],
    ),
    (
        "jwt_bearer_other_jwt",
        |client| client.redeem(&client.sign_in().text("id_token")).refusal(),
        &[
            ("invalid_grant", "400 invalid_grant invalid_grant"),
            (
                "invalid_issuer",
                "401 invalid_token jwt_bearer_grant_invalid_issuer",
            ),
        ],
    ),
    (
        "id_jag_reuse",
        |client| {
            let id_jag = client.id_jag();
            client.redeem(&id_jag);
            client.redeem(&id_jag).refusal()
        },
        &[
            ("single_use", "400 invalid_grant id_jag_replayed"),
            ("until_expiry", "200 - -"),
        ],
    ),
    (
        "policy_scope_miss",
        scope_without_a_rule,
        &[
            ("no_match", "401 access_denied no_matching_policy"),
            ("denied", "400 access_denied no_scope_allowed"),
        ],
    ),
    (
        "policy_denied",
        scope_without_a_rule,
        &[
            ("401", "401 access_denied no_matching_policy"),
            ("403", "403 access_denied no_matching_policy"),
            ("400", "400 access_denied no_matching_policy"),
        ],
    ),
    (
        "refresh_token_rotation",
        |client| {
            let first = client.sign_in().text("refresh_token");
            let second = refresh(client, &first).text("refresh_token");
            let reuse = refresh(client, &first).refusal();
            let family = refresh(client, &second).refusal();
            format!("same {}, old {reuse}, new {family}", first == second)
        },
        &[
            ("off", "same true, old 200 - -, new 200 - -"),
            (
                "on",
                "same false, old 400 invalid_grant invalid_refresh_token, new 400 invalid_grant invalid_refresh_token",
            ),
        ],
    ),
    (
        "metadata_announces_token_exchange",
        announcements,
        &[
            ("yes", "org true, custom false"),
            ("no", "org false, custom false"),
        ],
    ),
    (
        "metadata_announces_id_jag_grant",
        announcements,
        &[
            ("no", "org true, custom false"),
            ("yes", "org true, custom true"),
        ],
    ),
    (
        "post_message_with_code",
        |client| {
            let asked = Authorize::new().with("response_mode", "okta_post_message");
            asked.with("prompt", "none").ask(client).refusal()
        },
        &[
            ("with_pkce", "200 - no_existing_session"),
            (
                "refuse",
                "302 unsupported_response_mode unsupported_response_mode_okta_post_message_with_code",
            ),
        ],
    ),
];

/// Whether the two kinds of server list what agents use.
fn announcements(client: &Client) -> String {
    let lists = |path: &str, grant: &str| client.get(path).text.contains(grant);
    let org = lists("/.well-known/oauth-authorization-server", EXCHANGE);
    let custom = format!("/oauth2/{CHAT_ID}/.well-known/oauth-authorization-server");
    format!("org {org}, custom {}", lists(&custom, JWT_BEARER))
}

fn rows() -> impl Iterator<Item = &'static Row> {
    [proof::ROWS, ROWS, answers::ROWS].into_iter().flatten()
}

#[test]
fn every_switch_makes_its_difference() {
    let mut wrong = Vec::new();
    for (switch, ask, positions) in rows() {
        for (choice, expected) in *positions {
            let client = Client::of("rich", rich_org);
            client.set_switch(switch, choice);
            let answered = ask(&client);
            if answered != *expected {
                wrong.push(format!(
                    "{switch}: {choice}\n  expected {expected}\n  answered {answered}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_switch_and_no_position_is_left_out() {
    let sorted = |choices: &[&'static str]| {
        let mut choices = choices.to_vec();
        choices.sort_unstable();
        choices
    };
    let mut reply: Vec<_> = rows()
        .map(|(switch, _, positions)| {
            let choices: Vec<_> = positions.iter().map(|(choice, _)| *choice).collect();
            (*switch, sorted(&choices))
        })
        .collect();
    reply.sort_unstable();
    let mut exist: Vec<_> = Behaviours::SWITCHES
        .iter()
        .map(|switch| (switch.name, sorted(switch.choices)))
        .collect();
    exist.sort_unstable();
    assert_eq!(reply, exist);
}

#[test]
fn the_envelopes_of_an_unknown_client_differ() {
    for (choice, member) in [
        ("envelope_401", "errorCode"),
        ("envelope_400", "errorCode"),
        ("oauth_401", "error"),
    ] {
        let client = Client::of("rich", rich_org);
        client.set_switch("unknown_client", choice);
        let answer = client.post_basic("0oanobody00000000001", "x", TOKEN, &[]);
        assert_eq!(answer.text(member), "invalid_client", "{choice}");
    }
}
