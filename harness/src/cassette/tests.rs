//! From a live case to a file and back.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::evidence::{Public, Redactor};
use crate::exchange::{self, Exchange, RequestSpec, Response};
use crate::forge::Pkce;
use crate::jwt::Jwt;
use crate::result::Verdict;
use crate::scenario::model::Edition;
use crate::secret::Salt;
use crate::targets::sample;

const PASSWORD: &str = "correct-horse-battery";

fn redactor() -> Redactor {
    let mut redactor = Redactor::new(Salt::new(*b"salt"), Public::default(), "http://o.example");
    redactor.know(PASSWORD);
    redactor
}

fn token(sub: &str) -> String {
    let object = |value: Value| value.as_object().unwrap().clone();
    let mut jwt = Jwt::new(object(json!({"alg": "RS256"})), object(json!({"sub": sub})));
    jwt.signature = "c2lnbmF0dXJl".to_owned();
    jwt.encode()
}

/// A recording of one case whose step was answered so.
fn recording(body: &Value) -> String {
    let mut request = RequestSpec::new(exchange::Party::Org, "POST", "http://o.example/token");
    request.query.push(("password".into(), PASSWORD.into()));
    let exchange = Exchange {
        request,
        response: Response::new(200, Vec::new(), body.to_string().as_bytes()),
        elapsed: Duration::from_millis(5),
    };
    let step = LiveStep {
        step: "ask".to_owned(),
        prepared_at: 7,
        exchanges: vec![exchange],
        ..LiveStep::default()
    };
    let recorder = Recorder::default();
    recorder.keep(LiveCase {
        id: "a/b".to_owned(),
        other_way: false,
        on: Whose::Target,
        fresh: ("state".to_owned(), "nonce".to_owned(), Pkce::fresh()),
        verdict: Some(Verdict::Passed),
        steps: vec![step],
        redactor: redactor(),
    });
    let run = RunOf {
        started_at: "2026-11-30T18:00:00Z".to_owned(),
        edition: Edition::E2026_10,
        planned: vec!["a/b".to_owned()],
    };
    recorder.close(
        run,
        &sample::deployment("http://o.example"),
        None,
        redactor(),
    );
    recorder.cassette(None).unwrap()
}

#[test]
fn what_is_read_is_what_was_recorded_without_its_secrets() {
    let body =
        json!({"id_token": token("00u1"), "note": format!("<{PASSWORD}>"), "n": [1, true, null]});
    let text = recording(&body);
    assert!(
        !text.contains(PASSWORD) && !text.contains("c2lnbmF0dXJl"),
        "{text}"
    );
    let cassette = Cassette::read(&text).unwrap();
    assert_eq!((cassette.len(), cassette.incomplete.as_deref()), (1, None));
    assert_eq!(
        cassette.verdicts().collect::<Vec<_>>(),
        [("a/b", Verdict::Passed)]
    );
    assert!(cassette.case("a/b", true).is_none());
    let case = cassette.case("a/b", false).unwrap();
    assert_eq!(case.fresh.0, "state");
    let step = &case.steps[0];
    assert_eq!((step.step.as_str(), step.prepared_at), ("ask", 7));
    let read = step.exchanges[0].response.json.as_ref().unwrap();
    let jwt = Jwt::decode(read["id_token"].as_str().unwrap()).unwrap();
    assert_eq!(jwt.claims["sub"], "00u1");
    assert_eq!(read["n"], body["n"]);
    // The same secret has the same pseudonym wherever it stands.
    let sent = &step.exchanges[0].request.query[0].1;
    assert_eq!(read["note"], format!("<{sent}>"));
    let password = cassette
        .target
        .users
        .values()
        .find_map(|user| user.password.clone());
    assert_ne!(
        password.map(|secret| secret.expose().to_owned()).as_deref(),
        Some(PASSWORD)
    );
}

#[test]
fn a_case_whose_token_is_missing_is_as_good_as_not_recorded() {
    let text = recording(&json!({"id_token": token("00u1")}));
    let without: String = text
        .lines()
        .filter(|line| !line.starts_with("{\"token\""))
        .flat_map(|line| [line, "\n"])
        .collect();
    let cassette = Cassette::read(&without).unwrap();
    assert!(cassette.case("a/b", false).unwrap().steps.is_empty());
}

#[test]
fn nothing_in_a_file_makes_reading_it_panic() {
    let text = recording(&json!({"id_token": token("00u1")}));
    for at in (0..text.len()).step_by(7) {
        let mut broken = text.clone().into_bytes();
        broken[at] = b'"';
        let _ = Cassette::read(&String::from_utf8_lossy(&broken));
        let _ = Cassette::read(&text[..at]);
    }
}
