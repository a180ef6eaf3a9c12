//! Requests made of anything: no panic, no server error, and nothing given away.

use conformance_tests::org::{Form, encode, pairs};
use http::{HeaderValue, Method, Request, Uri, header};
use mock_okta_core::control;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::jwts::any_jwt;
use super::{cases, credentials, org};

/// Every path of the standard org, and some that look like one.
const PATHS: [&str; 44] = [
    "/",
    "/signin",
    "/signin/consent",
    "/oauth2/default/v1/authorize/resume",
    "/oauth2/auschat0000000000001/v1/revoke",
    "/oauth2/auschat0000000000001/v1/authorize",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/oauth2/default",
    "/.well-known/oauth-authorization-server/oauth2/",
    "/oauth2/v1/authorize",
    "/oauth2/v1/authorize/resume",
    "/oauth2/v1/token",
    "/oauth2/v1/keys",
    "/oauth2/v1/userinfo",
    "/oauth2/v1/introspect",
    "/oauth2/v1/revoke",
    "/oauth2/v1/logout",
    "/oauth2/v1/sts/redirect",
    "/oauth2/v1/sts/callback",
    "/oauth2/v1/",
    "/oauth2/default/.well-known/openid-configuration",
    "/oauth2/default/.well-known/oauth-authorization-server",
    "/oauth2/default/v1/authorize",
    "/oauth2/default/v1/token",
    "/oauth2/default/v1/keys",
    "/oauth2/default/v1/userinfo",
    "/oauth2/default/v1/introspect",
    "/oauth2/default/v1/revoke",
    "/oauth2/default/v1/logout",
    "/oauth2/auschat0000000000001/v1/token",
    "/oauth2/auschat0000000000001/v1/introspect",
    "/oauth2/ausdormant0000000001/v1/token",
    "/oauth2/nobody/v1/token",
    "/third-party/tracker/authorize",
    "/third-party/calendar/authorize",
    "/third-party/nobody/authorize",
    "/third-party//authorize",
    "/resources/chat",
    "/resources/chat/history",
    "/resources/payments",
    "/resources/warehouse",
    "/resources/tracker",
    "/resources/calendar",
];

const METHODS: [&str; 8] = [
    "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW",
];

const NAMES: [&str; 42] = [
    "request",
    "request_uri",
    "acr_values",
    "access_token",
    "sessionToken",
    "authorization_details",
    "grant_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "subject_token",
    "subject_token_type",
    "requested_token_type",
    "actor_token",
    "actor_token_type",
    "audience",
    "resource",
    "scope",
    "assertion",
    "code",
    "code_verifier",
    "code_challenge",
    "code_challenge_method",
    "redirect_uri",
    "response_type",
    "response_mode",
    "refresh_token",
    "state",
    "nonce",
    "prompt",
    "max_age",
    "login_hint",
    "token",
    "token_type_hint",
    "id_token_hint",
    "post_logout_redirect_uri",
    "username",
    "password",
    "stateToken",
    "dataHandle",
    "decision",
];

/// Values that open doors, none of them a secret.
const VALUES: [&str; 34] = [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "password",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "urn:ietf:params:oauth:token-type:id-jag",
    "urn:ietf:params:oauth:token-type:id_token",
    "urn:ietf:params:oauth:token-type:access_token",
    "urn:okta:params:oauth:token-type:vaulted-secret",
    "urn:okta:params:oauth:token-type:service-account",
    "urn:okta:params:oauth:token-type:oauth-sts",
    "wlpagentrsa000000001",
    "wlpagentec0000000001",
    "wlpinactive000000001",
    "0oawebapp00000000001",
    "0oapublicapp00000001",
    "http://localhost:8787/callback",
    "http://localhost:8788/callback",
    "http://localhost/oauth2/auschat0000000000001",
    "http://localhost",
    "orn:okta:pam:00omockokta000000001:secrets:5a3c1f0e-0000-4000-8000-000000000001",
    "https://tracker.example.com",
    "openid profile email offline_access",
    "chat.read",
    "code",
    "fragment",
    "none",
    "login",
    "S256",
    "oauth_sts",
    "ada@example.com",
    "-9223372036854775808",
];

fn any_value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(&VALUES[..]).prop_map(str::to_owned),
        2 => any_jwt(),
        1 => any::<String>(),
        1 => Just(String::new()),
        1 => any::<i64>().prop_map(|number| number.to_string()),
        1 => (1_usize..20_000).prop_map(|length| "a".repeat(length)),
    ]
}

fn any_form() -> impl Strategy<Value = Form> {
    let name = prop_oneof![8 => select(&NAMES[..]).prop_map(str::to_owned), 1 => any::<String>()];
    vec((name, any_value()), 0..12)
}

/// A form that has what a token request needs, so that garbage gets past the first checks.
fn any_token_form() -> impl Strategy<Value = Form> {
    let grants = select(&VALUES[..6]);
    let clients = select(&VALUES[13..18]);
    (grants, clients, any_form()).prop_map(|(grant, client, rest)| {
        let mut form = pairs(&[("grant_type", grant), ("client_id", client)]);
        form.extend(
            rest.into_iter()
                .filter(|(name, _)| name != "grant_type" && name != "client_id"),
        );
        form
    })
}

fn any_body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => any_token_form().prop_map(|form| encode(&form).into_bytes()),
        3 => any_form().prop_map(|form| encode(&form).into_bytes()),
        1 => vec(any::<u8>(), 0..200),
        1 => Just(Vec::new()),
    ]
}

fn any_uri() -> impl Strategy<Value = Uri> {
    let path = prop_oneof![
        8 => select(&PATHS[..]).prop_map(str::to_owned),
        1 => "(/[!-~]{0,12}){1,4}",
    ];
    let query = prop_oneof![2 => Just(String::new()), 2 => any_form().prop_map(|form| encode(&form)), 1 => "[!-~]{0,40}"];
    (path, query).prop_map(|(path, query)| {
        let uri = format!("{path}?{query}");
        uri.parse().unwrap_or_else(|_| Uri::from_static("/"))
    })
}

fn any_headers() -> impl Strategy<Value = Vec<(header::HeaderName, HeaderValue)>> {
    let media = prop_oneof![
        6 => Just("application/x-www-form-urlencoded".to_owned()),
        1 => Just("application/x-www-form-urlencoded; charset=UTF-8".to_owned()),
        1 => Just("application/json".to_owned()),
        1 => any::<String>(),
    ];
    let credential = prop_oneof![
        any_jwt().prop_map(|jwt| format!("Bearer {jwt}")),
        "[a-zA-Z0-9+/=:]{0,40}".prop_map(|text| format!("Basic {text}")),
        any::<String>(),
    ];
    let cookie = prop_oneof![
        any::<String>(),
        "[!-~]{0,20}".prop_map(|text| format!("sid={text}"))
    ];
    let origin = select(&["http://localhost:8787", "null", "https://elsewhere.example"][..]);
    let accept = prop_oneof![Just("text/html".to_owned()), any::<String>()];
    (
        media,
        proptest::option::of(credential),
        proptest::option::of(cookie),
        proptest::option::of(origin),
        proptest::option::of(accept),
    )
        .prop_map(|(media, credential, cookie, origin, accept)| {
            [
                (header::CONTENT_TYPE, Some(media)),
                (header::AUTHORIZATION, credential),
                (header::COOKIE, cookie),
                (header::ORIGIN, origin.map(str::to_owned)),
                (header::ACCEPT, accept),
            ]
            .into_iter()
            .filter_map(|(name, value)| {
                Some((name, HeaderValue::from_bytes(value?.as_bytes()).ok()?))
            })
            .collect()
        })
}

fn any_request() -> impl Strategy<Value = Request<Vec<u8>>> {
    (select(&METHODS[..]), any_uri(), any_headers(), any_body()).prop_map(
        |(method, uri, headers, body)| {
            let mut request = Request::new(body);
            *request.method_mut() = method.parse().unwrap_or(Method::GET);
            *request.uri_mut() = uri;
            request.headers_mut().extend(headers);
            request
        },
    )
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn whatever_is_asked_is_answered_and_nothing_is_given_away(request in any_request()) {
        let answer = org().ask(&request);
        prop_assert!(answer.status().as_u16() < 500, "{} {}", request.method(), request.uri());
        prop_assert_eq!(credentials(&answer), Vec::<&str>::new());
    }

    #[test]
    fn a_token_request_without_a_secret_is_always_refused(form in any_token_form()) {
        for path in ["/oauth2/v1/token", "/oauth2/default/v1/token"] {
            let answer = org().post(path, &form);
            prop_assert!(answer.status().is_client_error(), "{}", answer.status());
            prop_assert!(answer.body.get("error").or(answer.body.get("errorCode")).is_some(), "{}", answer.body);
            prop_assert_eq!(credentials(&answer), Vec::<&str>::new());
        }
    }

    #[test]
    fn a_form_of_arbitrary_bytes_is_refused(body in vec(any::<u8>(), 0..400)) {
        let mut request = Request::post("/oauth2/v1/token").body(body).expect("a request");
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, form);
        prop_assert!(org().ask(&request).status().is_client_error());
    }

    #[test]
    fn a_control_request_of_anything_is_understood_or_refused(
        method in select(&METHODS[..]),
        path in "/_mock/(health|journal|clock|clock/advance|reset|consents/grant|users/[!-~]{0,6}/suspend|[!-~]{0,12})",
        query in "[!-~]{0,30}",
        body in prop_oneof![vec(any::<u8>(), 0..80), r#"\{"(now|seconds|user|issuer)":("[!-~]{0,20}"|[0-9]{1,25})\}"#.prop_map(String::into_bytes)],
    ) {
        if let Err(error) = control::parse(method, &path, &query, &body) {
            prop_assert!(error.status.is_client_error());
        }
    }
}
