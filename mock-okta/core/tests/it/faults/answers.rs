//! What becomes of an answer.

use mock_okta_core::behaviour::Edition;
use mock_okta_core::{ConnectionEnd, WireFault};
use serde_json::{Value, json};

use super::{KEYS, add};
use crate::support::{Client, START};

/// Status, media type and content of an answer with a fault, beside those of one without.
fn changed(fault: &str) -> [(u16, String, String); 2] {
    let client = Client::new(Edition::default());
    let plain = client.get(KEYS);
    add(&client, fault);
    let faulty = client.get(KEYS);
    let media_type = |n: usize| {
        let head = &client.answers.borrow()[n];
        head.headers
            .get("content-type")
            .cloned()
            .unwrap_or_default()
    };
    [
        (plain.status, media_type(0), plain.text),
        (faulty.status, media_type(1), faulty.text),
    ]
}

fn replaced(fault: &str) -> (u16, String, String) {
    let [_, faulty] = changed(fault);
    faulty
}

#[test]
fn another_answer_comes_in_place_of_the_orgs() {
    let any = "status=418,body=short\\, stout,content_type=text/teapot";
    let expected = (418, "text/teapot".to_owned(), "short, stout".to_owned());
    assert_eq!(replaced(any), expected);
    assert_eq!(replaced("status"), (500, String::new(), String::new()));
    let (status, media_type, page) = replaced("html-page");
    assert_eq!((status, media_type.as_str()), (502, "text/html"));
    assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
    assert!(page.contains("<h1>502 Bad Gateway</h1>"), "{page}");
    assert_eq!(replaced("html-page=200").0, 200);
    let unavailable = (
        503,
        "text/plain".to_owned(),
        "Service Unavailable\n".to_owned(),
    );
    assert_eq!(replaced("unavailable"), unavailable);
}

#[test]
fn nothing_of_the_orgs_own_fields_is_left() {
    let client = Client::new(Edition::default());
    add(&client, "unavailable=30");
    client.get(KEYS);
    let answer = &client.answers.borrow()[0];
    let names: Vec<&str> = answer.headers.keys().map(String::as_str).collect();
    assert_eq!(names, ["content-type", "retry-after"]);
    assert_eq!(answer.headers["retry-after"], "30");
}

#[test]
fn oktas_429_goes_by_the_orgs_clock() {
    let client = Client::new(Edition::default());
    add(&client, "rate-limited,limit=100,reset_after=30,next=1");
    add(&client, "rate-limited=9");
    client.wait(1000);
    let answer = client.get(KEYS);
    assert_eq!(answer.status, 429);
    let mut body = answer.body;
    let error_id = body["errorId"].take();
    assert!(error_id.as_str().is_some_and(|id| id.starts_with("oae")));
    assert_eq!(
        body,
        json!({
            "errorCode": "E0000047",
            "errorSummary": "API call exceeded rate limit due to too many requests.",
            "errorLink": "E0000047",
            "errorId": Value::Null,
            "errorCauses": [],
        })
    );
    client.get(KEYS);
    let answers = client.answers.borrow();
    let field = |n: usize, name: &str| answers[n].headers.get(name).cloned();
    let number = |n: i64| Some(n.to_string());
    assert_eq!(field(0, "x-rate-limit-limit"), number(100));
    assert_eq!(field(0, "x-rate-limit-remaining"), number(0));
    assert_eq!(field(0, "x-rate-limit-reset"), number(START + 1030));
    assert_eq!(field(0, "retry-after"), None);
    assert!(field(0, "x-okta-request-id").is_some());
    assert_eq!(field(1, "x-rate-limit-reset"), number(START + 1060));
    assert_eq!(field(1, "retry-after"), number(9));
}

#[test]
fn content_is_broken_in_one_way_and_the_rest_is_right() {
    let [(status, media_type, text), faulty] = changed("truncated-json");
    let half = text[..text.len() / 2].to_owned();
    assert_eq!(faulty, (status, media_type.clone(), half));
    assert_eq!(replaced("truncated-json=5").2, "{\"key");
    let (_, _, broken) = replaced("malformed-json");
    assert_eq!(broken, text.replacen(':', "=", 1));
    assert!(serde_json::from_str::<Value>(&broken).is_err());
    let empty = (status, media_type, String::new());
    assert_eq!(replaced("empty-body"), empty);
    let other = (status, "text/html".to_owned(), text);
    assert_eq!(replaced("wrong-content-type=text/html"), other);
}

#[test]
fn what_needs_a_connection_is_left_to_whoever_has_one() {
    let close = ConnectionEnd::Close;
    let reset = ConnectionEnd::Reset;
    let within = |bytes, end| WireFault::CutWithin { bytes, end };
    for (fault, expected) in [
        ("delay=500", WireFault::Delay { milliseconds: 500 }),
        ("cut-before", WireFault::CutBefore(close)),
        ("cut-within", within(None, close)),
        ("cut-within=7,end=reset", within(Some(7), reset)),
        ("cut-after=reset", WireFault::CutAfter(reset)),
        (
            "slow-bytes=3",
            WireFault::Slow {
                bytes_per_second: 3,
            },
        ),
        ("refused=2", WireFault::Refuse { seconds: 2 }),
    ] {
        let client = Client::new(Edition::default());
        client.get(KEYS);
        add(&client, fault);
        client.get(KEYS);
        let seen = client.seen.borrow();
        let asked = |n: usize| seen[n].0.extensions.get::<WireFault>();
        assert_eq!(asked(0), None);
        assert_eq!(asked(1), Some(&expected));
    }
}
