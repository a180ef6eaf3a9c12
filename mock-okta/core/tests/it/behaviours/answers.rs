//! Switches about targets and about what an answer holds.

use super::asks::exchange;
use super::{Row, TARGET};
use crate::support::{
    ADA, AGENT, AUTHORIZE, Authorize, CHAT, Client, ID_JAG, OAUTH_STS, SECRET, TOKEN, TRACKER,
    VAULTED_SECRET, claims,
};

const INDICATOR: &str = "https://chat.example.com/api";

pub(super) const ROWS: &[Row] = &[
    (
        "session_token",
        |client| {
            let answer = client.authenticate(ADA);
            let token = answer.body["sessionToken"].as_str().unwrap_or_default();
            let silent = Authorize::new().with("prompt", "none");
            let silent = silent.with("sessionToken", token).ask(client).refusal();
            format!("{} {silent}", answer.text("status"))
        },
        &[
            ("accepted", "SUCCESS 302 - -"),
            (
                "app_policy",
                "SUCCESS 302 login_required app_sign_on_required",
            ),
            (
                "mfa_required",
                "MFA_REQUIRED 302 login_required no_existing_session",
            ),
        ],
    ),
    (
        "id_jag_cap",
        |client| {
            let id_token = client.sign_in().text("id_token");
            let target = [("audience", CHAT), ("scope", "chat.read")];
            let exchange = || client.exchange(&id_token, ID_JAG, &target).refusal();
            for _ in 0..250 {
                assert_eq!(exchange(), "200 - -");
            }
            exchange()
        },
        &[
            ("off", "200 - -"),
            (
                "rate_limited",
                "429 E0000047 invalid_grant_type_or_token_exchange_sku_not_enabled",
            ),
            (
                "sku_not_enabled",
                "400 invalid_grant invalid_grant_type_or_token_exchange_sku_not_enabled",
            ),
        ],
    ),
    (
        "authorize_error",
        |client| {
            let asks = |accept: &str| {
                let url = format!("{AUTHORIZE}?client_id=nobody");
                let request = http::Request::get(url).header("accept", accept);
                client.send(request, "").body.is_object()
            };
            format!("program {}, browser {}", asks("*/*"), asks("text/html"))
        },
        &[
            ("by_accept", "program true, browser false"),
            ("page", "program false, browser false"),
            ("json", "program true, browser true"),
        ],
    ),
    (
        "authorize_response_iss",
        |client| {
            let granted = Authorize::new().sign_in(client, ADA).query("iss");
            let refused = Authorize::new().without("scope").ask(client).query("iss");
            format!(
                "{} {}",
                granted.unwrap_or_default(),
                refused.unwrap_or_default()
            )
        },
        &[
            ("no", " "),
            ("yes", "https://mock.example https://mock.example"),
        ],
    ),
    (
        "http_redirect_uri",
        |client| {
            let uri = "http://app.example/callback";
            client.edit(|org| {
                let agent = org.clients.get_mut(AGENT).expect("the agent");
                agent.redirect_uris.push(uri.to_owned());
            });
            let asked = Authorize::new().with("redirect_uri", uri).ask(client);
            asked.refusal()
        },
        &[
            ("loopback", "400 invalid_request illegal_redirect_uri"),
            ("any", "302 - -"),
        ],
    ),
    (
        "metadata_auth_signing_algs",
        |client| {
            let document = client.get("/.well-known/openid-configuration").body;
            document["token_endpoint_auth_signing_alg_values_supported"][3].to_string()
        },
        &[("omit", "null"), ("list", "\"RS256\"")],
    ),
    (
        "redeem_response_resource",
        |client| redeem_bound(client).body["resource"].to_string(),
        &[
            ("include", "\"https://chat.example.com/api\""),
            ("omit", "null"),
        ],
    ),
    (
        "code_flow_id_token",
        |client| {
            let claims = claims(&client.sign_in().text("id_token"));
            format!("{} {}", claims["name"], claims["given_name"])
        },
        &[
            ("full", "\"Ada Lovelace\" \"Ada\""),
            ("thin", "\"Ada Lovelace\" null"),
        ],
    ),
    (
        "token_cache_control",
        |client| exchange(client).cache.unwrap_or_default(),
        &[
            ("no_cache_no_store", "no-cache, no-store"),
            ("no_store", "no-store"),
        ],
    ),
    (
        "subject_token_expired",
        |client| {
            let id_token = client.sign_in().text("id_token");
            client.wait(3600);
            client.exchange(&id_token, ID_JAG, &TARGET).refusal()
        },
        &[
            (
                "invalid_grant",
                "400 invalid_grant token_exchange_subject_token_expired",
            ),
            (
                "invalid_request",
                "400 invalid_request invalid_subject_token",
            ),
        ],
    ),
    (
        "audience_missing",
        |client| {
            let id_token = client.sign_in().text("id_token");
            client.exchange(&id_token, ID_JAG, &TARGET[1..]).refusal()
        },
        &[
            (
                "invalid_request",
                "400 invalid_request missing_token_request_parameter",
            ),
            (
                "invalid_target",
                "400 invalid_target token_exchange_invalid_audience",
            ),
        ],
    ),
    (
        "several_targets",
        |client| {
            let id_token = client.sign_in().text("id_token");
            let two = [("resource", SECRET), ("resource", TRACKER)];
            client.exchange(&id_token, VAULTED_SECRET, &two).refusal()
        },
        &[
            ("refuse", "400 invalid_target too_many_resources"),
            ("first", "200 - -"),
        ],
    ),
    (
        "exchange_without_scope",
        |client| {
            let id_token = client.sign_in().text("id_token");
            let answer = client.exchange(&id_token, ID_JAG, &TARGET[..1]);
            let token = answer.body["access_token"].as_str();
            let scope = token.map(|token| claims(token)["scope"].to_string());
            scope.unwrap_or_else(|| answer.refusal())
        },
        &[
            ("refuse", "400 invalid_scope missing_scopes"),
            ("connection", "\"chat.delete chat.history chat.read\""),
        ],
    ),
    (
        "id_jag_email",
        |client| {
            let email = |scope: &str| {
                let code = Authorize::new().with("scope", scope).code(client, ADA);
                let id_token = client.redeem_code(AGENT, TOKEN, &code).text("id_token");
                let answer = client.exchange(&id_token, ID_JAG, &TARGET);
                claims(&answer.text("access_token")).get("email").is_some()
            };
            format!(
                "with {}, without {}",
                email("openid email"),
                email("openid")
            )
        },
        &[
            ("with_scope", "with true, without false"),
            ("always", "with true, without true"),
            ("never", "with false, without false"),
        ],
    ),
    (
        "sts_response_scope",
        |client| brokered(client).body["scope"].to_string(),
        &[("echo", "\"read resource\""), ("omit", "null")],
    ),
    (
        "revoke_brokered_token",
        |client| {
            let token = brokered(client).text("access_token");
            client.post_as(AGENT, "/oauth2/v1/revoke", &[("token", &token)]);
            let id_token = client.sign_in().text("id_token");
            let target = [("resource", TRACKER)];
            client.exchange(&id_token, OAUTH_STS, &target).refusal()
        },
        &[
            ("with_hint", "200 - -"),
            (
                "with_or_without_hint",
                "400 interaction_required oauth_sts_interaction_required",
            ),
        ],
    ),
    (
        "redeem_resource",
        |client| redeem_bound(client).refusal(),
        &[
            ("optional", "200 - -"),
            ("required", "400 invalid_grant id_jag_resource_mismatch"),
        ],
    ),
];

/// A third party's token, after consent.
fn brokered(client: &Client) -> crate::support::Answer {
    client.consent(ADA.0, AGENT);
    client.brokered()
}

/// An ID-JAG that is bound to a resource is redeemed without naming it.
fn redeem_bound(client: &Client) -> crate::support::Answer {
    client.edit(|org| {
        let connection = org.connections.get_mut("mcnchat0000000000001");
        connection.expect("a connection").resource_indicator = Some(INDICATOR.to_owned());
    });
    let id_token = client.sign_in().text("id_token");
    let target = [&TARGET[..], &[("resource", INDICATOR)]].concat();
    let id_jag = client.exchange(&id_token, ID_JAG, &target);
    client.redeem(&id_jag.text("access_token"))
}
