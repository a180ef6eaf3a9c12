//! Switches about the request as such and about who sends it.

use super::{AUTHENTICATED, Row};
use crate::support::{AGENT, BASE, Client, OTHER_AGENT, TOKEN, WEB_APP};

const INTROSPECT: &str = "/oauth2/v1/introspect";

pub(super) const ROWS: &[Row] = &[
    (
        "wrong_media_type",
        |client| {
            let json = http::Request::post(TOKEN).header("content-type", "application/json");
            client.send(json, "{}").refusal()
        },
        &[
            ("400", "400 E0000021 invalid_request"),
            ("415", "415 E0000021 invalid_request"),
        ],
    ),
    (
        "order_of_checks",
        |client| client.post(TOKEN, &[("grant_type", "telepathy")]).refusal(),
        &[
            (
                "client_first",
                "401 invalid_client missing_client_credentials",
            ),
            (
                "grant_first",
                "400 unsupported_grant_type unsupported_grant_type",
            ),
        ],
    ),
    (
        "client_assertion_audience",
        other_audiences,
        &[
            ("endpoint", "issuer false, token endpoint false"),
            ("endpoint_or_issuer", "issuer true, token endpoint false"),
            (
                "endpoint_or_token_endpoint",
                "issuer false, token endpoint true",
            ),
        ],
    ),
    (
        "client_assertion_audience_array",
        |client| {
            let array = vec![format!("{BASE}{TOKEN}")];
            let assertion = client.assertion(AGENT, TOKEN).claim("aud", array);
            client.post_proving(&assertion, TOKEN, &[]).refusal()
        },
        &[
            (
                "refuse",
                "401 invalid_client client_assertion_invalid_audience",
            ),
            ("one_element", AUTHENTICATED),
        ],
    ),
    (
        "client_assertion_replay",
        |client| {
            let prove = |agent| {
                let assertion = client.assertion(agent, TOKEN).claim("jti", "the-same");
                client.post_proving(&assertion, TOKEN, &[]).refusal()
            };
            prove(AGENT);
            prove(OTHER_AGENT)
        },
        &[
            ("per_client", AUTHENTICATED),
            (
                "per_org",
                "401 invalid_client client_assertion_already_used",
            ),
        ],
    ),
    (
        "client_assertion_iat",
        |client| {
            let assertion = client.assertion(AGENT, TOKEN).claim("iat", ());
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
        "unauthorized_challenge",
        |client| {
            let basic = client.post_basic(WEB_APP, "wrong", TOKEN, &[]).challenge;
            let form = client.post(TOKEN, &[]).challenge;
            format!("basic {}, form {}", basic.is_some(), form.is_some())
        },
        &[
            ("basic_only", "basic true, form false"),
            ("always", "basic true, form true"),
            ("never", "basic false, form false"),
        ],
    ),
    (
        "past_skew",
        how_far_behind,
        &[("0s", "none"), ("5s", "4"), ("60s", "59")],
    ),
];

/// What passes beside the URL of the endpoint called.
fn other_audiences(client: &Client) -> String {
    let passes = |path: &str, audience: &str| {
        let assertion = client.assertion(AGENT, path).claim("aud", audience);
        client.post_proving(&assertion, path, &[]).status == 400
    };
    let token_endpoint = format!("{BASE}{TOKEN}");
    format!(
        "issuer {}, token endpoint {}",
        passes(TOKEN, BASE),
        passes(INTROSPECT, &token_endpoint)
    )
}

/// The farthest `exp` behind that passes, in seconds.
fn how_far_behind(client: &Client) -> String {
    let passes = |seconds: &i64| {
        let exp = client.now.get() - seconds;
        let assertion = client.assertion(AGENT, TOKEN).claim("exp", exp);
        client.post_proving(&assertion, TOKEN, &[]).refusal() == AUTHENTICATED
    };
    (0..120)
        .take_while(passes)
        .last()
        .map_or_else(|| "none".to_owned(), |seconds| seconds.to_string())
}
