//! From a live case to a file and back.

use std::time::Duration;

use serde_json::{Value, json};

use super::sample::{PASSWORD, answered, case, redactor, step, token, written};
use super::*;
use crate::exchange::Response;
use crate::jwt::Jwt;
use crate::result::{Blame, Verdict};

fn recording(body: &Value) -> String {
    answered(Response::new(200, Vec::new(), body.to_string().as_bytes()))
}

fn page(text: &[u8]) -> Response {
    let headers = vec![("content-type".to_owned(), "text/html".to_owned())];
    Response::new(200, headers, text)
}

/// The step of the only case.
fn read(text: &str, look: impl FnOnce(&StepRecord)) {
    let cassette = Cassette::read(text).unwrap_or_else(|error| panic!("{error}"));
    look(&cassette.case("a/b", false).expect("the case").steps[0]);
}

fn error(text: &str) -> String {
    Cassette::read(text).expect_err("an error").to_string()
}

/// The same with lines changed or left out.
fn edited(text: &str, edit: impl Fn(&str) -> Option<String>) -> String {
    let lines: Vec<String> = text.lines().filter_map(edit).collect();
    lines.join("\n") + "\n"
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
fn a_step_whose_token_is_missing_is_not_judged_and_says_why() {
    let text = recording(&json!({"id_token": token("00u1")}));
    let without = edited(&text, |line| {
        (!line.starts_with("{\"token\"")).then(|| line.to_owned())
    });
    read(&without, |step| {
        assert!(step.exchanges.is_empty());
        let why = step.not_kept.as_deref().unwrap();
        assert!(
            why.starts_with("the token ") && why.ends_with(" is missing"),
            "{why}"
        );
    });
}

#[test]
fn what_was_no_json_for_its_bytes_is_none_when_it_is_read() {
    let body = b"{\"sub\": \"\xff\"}";
    read(&answered(Response::new(200, Vec::new(), body)), |step| {
        let response = &step.exchanges[0].response;
        assert_eq!((response.is_utf8, &response.json), (false, &None));
    });
}

#[test]
fn of_a_page_is_kept_what_a_report_shows_and_it_says_so() {
    let long = format!(
        "<title>Sign in</title><script>var x = 1;</script>{}",
        "y".repeat(5000)
    );
    read(&answered(page(long.as_bytes())), |step| {
        assert!(step.is_cut);
        let text = &step.exchanges[0].response.text;
        assert!(text.len() < 2200 && text.contains("Sign in") && !text.contains("var x"));
    });
    // Where the scenario compares the text, it is kept whole.
    let mut compared = step(page(long.as_bytes()));
    compared.reads_text = true;
    read(&written(vec![case(compared)], None).text, |step| {
        assert!(!step.is_cut);
        assert_eq!(step.exchanges[0].response.text, long);
    });
    read(&answered(page(b"<p>Hello</p>")), |step| {
        assert!(!step.is_cut);
        assert_eq!(step.exchanges[0].response.text, "<p>Hello</p>");
    });
}

#[test]
fn a_session_is_learnt_wherever_it_stands_in_a_page() {
    for (number, written_so) in [
        "<script>var stateToken = 'SESSION';</script>",
        "<script>start({stateToken: \"SESSION\"})</script>",
        "<input value=\"SESSION\" type=\"hidden\" name=\"stateToken\">",
    ]
    .into_iter()
    .enumerate()
    {
        let session = format!("02canary{number}of-a-page_that-nobody-may-see");
        let markup = written_so.replace("SESSION", &session);
        let filler = "<!-- -->".repeat(3000);
        let behind = format!("<p>{session}</p>{filler}{markup}<p>{session}</p>");
        let response = page(behind.as_bytes());
        let mut shown = step(response);
        // The nets must hold where the page is kept whole.
        shown.reads_text = true;
        let mut first = case(shown);
        // As a run does it: what one case learns is known in all.
        let known = redactor();
        known.learn_response(&first.steps[0].exchanges[0].response);
        first.redactor = known;
        let text = written(vec![first], None).text;
        assert!(!text.contains("canary"), "{markup}");
    }
}

#[test]
fn what_ended_a_case_without_being_seen_in_an_answer_is_kept() {
    let mut lost = step(Response::new(200, Vec::new(), b""));
    lost.exchanges.clear();
    lost.not_judged = Some((format!("refused, with {PASSWORD}"), Blame::OrgServer));
    let mut held = case(lost);
    held.held = Duration::from_secs(61);
    let text = written(vec![held], None).text;
    assert!(!text.contains(PASSWORD));
    read(&text, |step| {
        let (why, blame) = step.not_judged.clone().unwrap();
        assert!(why.starts_with("refused, with "), "{why}");
        assert_eq!(blame, Blame::OrgServer);
    });
    let cassette = Cassette::read(&text).unwrap();
    let held = cassette.case("a/b", false).unwrap().held;
    assert_eq!(held, Duration::from_secs(61));
}

#[test]
fn what_is_to_be_hidden_of_a_scenario_is_hidden_and_the_rest_is_compared() {
    let mut one = step(Response::new(200, Vec::new(), b"{}"));
    one.request_in_words = vec![format!("scope: {PASSWORD}")];
    let mut one = case(one);
    one.id = format!("a/{PASSWORD}");
    let written = written(vec![one], None);
    assert_eq!(written.left_out, 0);
    assert!(!written.text.contains(PASSWORD), "{}", written.text);
    let cassette = Cassette::read(&written.text).unwrap();
    let id = format!("a/{PASSWORD}");
    assert!(cassette.is_planned(&id) && !cassette.is_planned("b/x"));
    let kept = cassette.case(&id, false).unwrap();
    assert_eq!(kept.steps[0].request_in_words, ["scope: <hidden>"]);
}

#[test]
fn what_only_a_case_regards_as_secret_is_looked_for_in_its_line() {
    let secretive = |what: &str| {
        let mut one = step(Response::new(200, Vec::new(), b"{}"));
        one.step = what.to_owned();
        let mut one = case(one);
        one.redactor.know("p1n-7");
        written(vec![one], None).left_out
    };
    assert_eq!((secretive("ask"), secretive("ask p1n-7")), (0, 1));
}

#[test]
fn a_case_that_is_left_out_is_counted() {
    let other = |id: &str| {
        let mut one = case(step(Response::new(200, Vec::new(), b"{}")));
        one.id = id.to_owned();
        one
    };
    let mut unclean = other("a/c");
    unclean.steps[0].step = PASSWORD.to_owned();
    let written = written(vec![other("a/b"), unclean], None);
    assert_eq!(written.left_out, 1);
    let cassette = Cassette::read(&written.text).unwrap();
    assert_eq!((cassette.len(), cassette.left_out), (1, 1));
    assert_eq!(cassette.incomplete, None);
    // Lines that were taken out of the file are missed.
    let fewer = edited(&written.text, |line| {
        (!line.starts_with("{\"case\"")).then(|| line.to_owned())
    });
    let why = Cassette::read(&fewer).unwrap().incomplete.unwrap();
    assert_eq!(why, "its file has 0 of the 1 cases that were recorded");
}

#[test]
fn a_line_that_contradicts_another_is_refused() {
    let text = recording(&json!({"id_token": token("00u1")}));
    let twice = edited(&text, |line| {
        let repeats = line.starts_with("{\"case\"");
        Some(if repeats {
            format!("{line}\n{line}")
        } else {
            line.to_owned()
        })
    });
    assert!(
        error(&twice).ends_with("a second time the same case"),
        "{}",
        error(&twice)
    );
    let keys = "{\"keys\":{\"id\":\"k1\",\"document\":{\"keys\":1}}}\n";
    let no_keys = text.replacen('\n', &format!("\n{keys}"), 1);
    assert_eq!(
        error(&no_keys),
        "line 2: `k1` is no key set: it has no list `keys`"
    );
    let keys = keys.replace("{\"keys\":1}", "{\"keys\":[]}");
    let twice = text.replacen('\n', &format!("\n{keys}{keys}"), 1);
    assert_eq!(error(&twice), "line 3: a second key set `k1`");
    let dangling = text.replacen("http://o.example", "<jwt 0123456789abcdef>", 1);
    assert_eq!(
        error(&dangling),
        "line 1: the token 0123456789abcdef is missing"
    );
}

#[test]
fn an_instant_beyond_all_time_is_refused() {
    let text = recording(&json!({}));
    let last = text.replace("\"prepared_at\":7", "\"prepared_at\":253402207200");
    assert!(Cassette::read(&last).is_ok());
    for absurd in [
        i64::MAX.to_string(),
        i64::MIN.to_string(),
        "253402300800".to_owned(),
    ] {
        let changed = format!("\"prepared_at\":{absurd}");
        let text = text.replace("\"prepared_at\":7", &changed);
        assert!(error(&text).ends_with("is no instant, in seconds since the epoch"));
    }
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
