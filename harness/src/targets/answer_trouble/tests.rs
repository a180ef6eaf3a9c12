use std::time::Duration;

use super::*;
use crate::exchange::{Payload, RequestSpec, Response};
use crate::targets::sample;

const ORG: &str = "http://org.example";

/// What an answer is at a path of the org: `None` where it is judged.
fn kind(
    request: RequestSpec,
    status: u16,
    fields: &[(&str, &str)],
    body: &[u8],
) -> Option<TroubleKind> {
    let deployment = sample::deployment(ORG);
    let fields = fields.iter();
    let fields = fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let exchange = Exchange {
        request,
        response: Response::new(status, fields.collect(), body),
        elapsed: Duration::ZERO,
    };
    in_answer(&exchange, &deployment).map(|trouble| trouble.kind)
}

fn form(path: &str) -> RequestSpec {
    let mut request = RequestSpec::new(Party::Org, "POST", format!("{ORG}{path}"));
    request.payload = Payload::Form(vec![("grant_type".into(), "x".into())]);
    request
}

fn get(path: &str) -> RequestSpec {
    RequestSpec::new(Party::Org, "GET", format!("{ORG}{path}"))
}

fn token(status: u16, body: &str) -> Option<AnswerTrouble> {
    answer(kind(form("/oauth2/v1/token"), status, &[], body.as_bytes()))
}

fn answer(kind: Option<TroubleKind>) -> Option<AnswerTrouble> {
    match kind? {
        TroubleKind::Answer(what, _) => Some(what),
        other => panic!("{other:?}"),
    }
}

const PAGE: &str = "<!doctype html><title>Sign in to\n the network</title>";

#[test]
fn what_the_token_endpoint_says_in_json_is_judged_whatever_is_wrong_with_it() {
    for (status, body) in [
        (200, "{}"),
        (200, "[]"),
        (200, "7"),
        (400, r#"{"error":7}"#),
        (403, r#"{"error":"access_denied"}"#),
        (404, r#"{"errorCode":"E0000007"}"#),
        (500, r#"{"error":"server_error"}"#),
        (501, "{}"),
        (204, ""),
        (413, PAGE),
        (414, ""),
    ] {
        assert_eq!(token(status, body), None, "{status} {body}");
    }
    let html = [("content-type", "text/html")];
    assert_eq!(kind(form("/oauth2/v1/token"), 200, &html, b"{}"), None);
}

#[test]
fn what_a_token_endpoint_never_says_is_trouble() {
    use AnswerTrouble::{
        BrokeDown, Empty, Forbidden, NotJson, NotUtf8, Page, RateLimited, Redirect, Unavailable,
    };
    for (status, body, trouble) in [
        (200, PAGE, Page),
        (400, PAGE, Page),
        (404, PAGE, Page),
        (511, "{}", Page),
        (403, PAGE, Forbidden),
        (200, "{\"a\":", NotJson),
        (400, "{\"a\"=1}", NotJson),
        (200, "OK", NotJson),
        (403, "Access denied", NotJson),
        (200, "", Empty),
        (400, " \n", Empty),
        (302, "", Redirect),
        (307, PAGE, Redirect),
        (429, "{}", RateLimited),
        (502, "{}", Unavailable),
        (503, "", Unavailable),
        (504, PAGE, Unavailable),
        (500, "", BrokeDown),
        (500, PAGE, BrokeDown),
        (520, "error code: 520", BrokeDown),
    ] {
        assert_eq!(token(status, body), Some(trouble), "{status} {body}");
    }
    let latin = kind(form("/oauth2/v1/token"), 200, &[], b"{\"a\":\"\xe9\"}");
    assert_eq!(answer(latin), Some(NotUtf8));
    let proxy = kind(form("/oauth2/v1/token"), 407, &[], b"{}");
    assert_eq!(proxy, Some(TroubleKind::ProxyPassword));
}

#[test]
fn a_request_that_the_endpoint_does_not_know_is_answered_by_the_platform() {
    let path = "/oauth2/v1/token";
    let mut json = form(path);
    json.payload = Payload::Json(Vec::new());
    let text = form(path).header("Content-Type", "text/plain");
    let host = form(path).header("host", "attacker.example");
    for request in [get(path), json, text, host] {
        for status in [400, 403, 404, 405, 415, 501] {
            let of = |body: &str| kind(request.clone(), status, &[], body.as_bytes());
            assert_eq!((of(PAGE), of("")), (None, None), "{request:?} {status}");
        }
        let portal = kind(request.clone(), 200, &[], PAGE.as_bytes());
        assert_eq!(answer(portal), Some(AnswerTrouble::Page), "{request:?}");
        let down = kind(request, 503, &[], b"");
        assert_eq!(answer(down), Some(AnswerTrouble::Unavailable));
    }
    for method in ["HEAD", "OPTIONS"] {
        let request = RequestSpec::new(Party::Org, method, format!("{ORG}{path}"));
        assert_eq!(kind(request, 200, &[], b""), None, "{method}");
    }
}

#[test]
fn each_endpoint_has_content_of_its_own() {
    use AnswerTrouble::{Empty, NotJson, Page, Redirect};
    let jwt = "eyJhbGciOiJub25lIn0.e30.c2ln";
    let bearer = ("www-authenticate", "Bearer error=\"invalid_token\"");
    let (revoke, introspect) = ("/oauth2/v1/revoke", "/oauth2/v1/introspect");
    let (userinfo, keys) = ("/oauth2/v1/userinfo", "/oauth2/aus1/v1/keys");
    let metadata = "/.well-known/openid-configuration";
    let inserted = "/.well-known/oauth-authorization-server/oauth2/aus1";
    let api = "/.well-known/oauth-protected-resource/resources/chat";
    for (request, status, fields, body, trouble) in [
        (form(revoke), 200, &[][..], "", None),
        (form(revoke), 200, &[], "OK", None),
        (form(revoke), 302, &[], "", None),
        (form(revoke), 200, &[], PAGE, Some(Page)),
        (form(revoke), 400, &[], "", Some(Empty)),
        (form(introspect), 200, &[], jwt, None),
        (form(introspect), 401, &[], "", None),
        (form(introspect), 400, &[], "", Some(Empty)),
        (form(introspect), 200, &[], "", Some(Empty)),
        (get(userinfo), 200, &[], jwt, None),
        (get(userinfo), 401, &[], "", None),
        (get(userinfo), 401, &[], "no", None),
        (get(userinfo), 401, &[bearer], PAGE, None),
        (get(userinfo), 401, &[], PAGE, Some(Page)),
        (get(userinfo), 200, &[], "", Some(Empty)),
        (get(keys), 404, &[], PAGE, None),
        (get(keys), 200, &[], jwt, Some(NotJson)),
        (get(metadata), 404, &[], "", None),
        (get(metadata), 404, &[], PAGE, None),
        (get(metadata), 302, &[], "", Some(Redirect)),
        (get(metadata), 200, &[], PAGE, Some(Page)),
        (get(inserted), 200, &[], PAGE, Some(Page)),
        (get(api), 200, &[], PAGE, Some(Page)),
    ] {
        let found = kind(request.clone(), status, fields, body.as_bytes());
        assert_eq!(answer(found), trouble, "{request:?} {status} {body}");
    }
}

#[test]
fn of_pages_and_unknown_addresses_nothing_is_known_but_outages() {
    let mut authorize = get("/oauth2/v1/authorize");
    authorize.by_browser = true;
    let unknown = get("/oauth2/ausnone/.well-known/openid-configuration");
    let resource = RequestSpec::new(Party::Resource, "GET", format!("{ORG}/resources/chat"));
    let logout = get("/oauth2/v1/logout");
    for request in [authorize, unknown, resource, logout] {
        for status in [200, 302, 401, 403, 404, 500] {
            for body in ["", PAGE, "{", "text"] {
                let found = kind(request.clone(), status, &[], body.as_bytes());
                assert_eq!(found, None, "{request:?} {status} {body}");
            }
        }
        let down = kind(request.clone(), 502, &[], b"");
        assert_eq!(answer(down), Some(AnswerTrouble::Unavailable));
    }
    let control = RequestSpec::new(Party::Control, "GET", format!("{ORG}/_mock/clock"));
    assert_eq!(kind(control, 503, &[], b""), None);
}

#[test]
fn the_sentence_says_what_came_and_what_to_do() {
    let said = |status, fields: &[(&str, &str)], body: &str| {
        let fields = fields.iter();
        let fields = fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let exchange = Exchange {
            request: form("/oauth2/v1/token"),
            response: Response::new(status, fields.collect(), body.as_bytes()),
            elapsed: Duration::ZERO,
        };
        let trouble = in_answer(&exchange, &sample::deployment(ORG)).unwrap();
        trouble.to_string()
    };
    let url = "http://org.example/oauth2/v1/token";
    assert_eq!(
        said(200, &[], PAGE),
        format!(
            "{url} answers 200 with a web page and not with JSON (titled \"Sign in to the network\")"
        )
    );
    let to = ("location", "https://sso.example/login?token=hunter2");
    assert_eq!(
        said(302, &[to], ""),
        format!(
            "{url} answers 302 and sends elsewhere, which this endpoint never does (to https://sso.example)"
        )
    );
    assert_eq!(
        said(302, &[("location", "/oauth2/v1/token")], ""),
        format!(
            "{url} answers 302 and sends elsewhere, which this endpoint never does (to itself)"
        )
    );
    assert_eq!(
        said(200, &[], "{\"access_token\":\"hunter2"),
        format!("{url} answers 200 with content that is not JSON (JSON that breaks off)")
    );
    assert_eq!(
        said(429, &[("retry-after", "43")], "{}"),
        format!("{url} answers 429: it was asked too often (Retry-After: 43)")
    );
}
