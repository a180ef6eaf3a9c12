//! Who asks: which credential, of whom.

use super::{Case, case};
use crate::support::{AGENT, ASSERTION_TYPE, OTHER_AGENT, TOKEN, WEB_APP, WEB_APP_SECRET};

const INACTIVE: &str = "wlpinactive000000001";

pub(super) const CASES: &[Case] = &[
    case(
        "a secret beside an assertion",
        |client| client.post_as(AGENT, TOKEN, &[("client_secret", "x")]),
        "401 invalid_request multiple_client_credentials",
    ),
    case(
        "nothing at all",
        |client| client.post(TOKEN, &[("grant_type", "refresh_token")]),
        "401 invalid_client missing_client_credentials",
    ),
    case(
        "a client_id that proves nothing",
        |client| client.post(TOKEN, &[("client_id", WEB_APP)]),
        "401 invalid_client missing_client_credentials",
    ),
    case(
        "Basic credentials that are no base64",
        |client| client.post_with(TOKEN, &[], &[("authorization", "Basic %%%")]),
        "401 invalid_client invalid_basic_auth_creds",
    ),
    case(
        "a client that does not exist",
        |client| client.post_basic("0oanobody00000000001", "x", TOKEN, &[]),
        "401 invalid_client invalid_client_id",
    ),
    case(
        "a client_id beside another client's credential",
        |client| client.post_as(AGENT, TOKEN, &[("client_id", OTHER_AGENT)]),
        "401 invalid_client client_assertion_invalid_issuer",
    ),
    case(
        "an inactive client",
        |client| client.post_as(INACTIVE, TOKEN, &[]),
        "401 invalid_client invalid_client",
    ),
    case(
        "a wrong secret in the header",
        |client| client.post_basic(WEB_APP, "wrong", TOKEN, &[]),
        "401 invalid_client invalid_client_secret",
    ),
    case(
        "a wrong secret in the form",
        |client| {
            let form = [("client_id", WEB_APP), ("client_secret", "wrong")];
            client.post(TOKEN, &form)
        },
        "401 invalid_client invalid_client_secret",
    ),
    case(
        "a method that the client is not registered for",
        |client| client.post_basic(AGENT, WEB_APP_SECRET, TOKEN, &[]),
        "401 invalid_client invalid_token_endpoint_auth_method",
    ),
    case(
        "another client_assertion_type",
        |client| {
            let assertion = client.assertion(AGENT, TOKEN).compact();
            let form = [
                ("client_assertion_type", "urn:example:other"),
                ("client_assertion", assertion.as_str()),
            ];
            client.post(TOKEN, &form)
        },
        "400 invalid_request client_assertion_type_invalid",
    ),
    case(
        "an assertion that is no JWT",
        |client| {
            let form = [
                ("client_assertion_type", ASSERTION_TYPE),
                ("client_assertion", "not-a-jwt"),
            ];
            client.post(TOKEN, &form)
        },
        "401 invalid_client client_assertion_invalid_jwt",
    ),
];
