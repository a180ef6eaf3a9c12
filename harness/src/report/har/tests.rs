use serde_json::Value;

use super::*;
use crate::result::sample;

fn har(run: &RunResult, form: Form) -> Value {
    serde_json::from_str(&render(run, form).unwrap()).unwrap()
}

#[test]
fn what_failed_or_could_not_be_judged_is_told_exchange_by_exchange() {
    insta::assert_snapshot!("har", render(&sample::every_verdict(), Form::Full).unwrap());
}

#[test]
fn every_entry_has_what_the_format_demands() {
    let log = &har(&sample::every_verdict(), Form::Full)["log"];
    assert_eq!(log["version"], "1.2");
    let pages: Vec<&Value> = log["pages"].as_array().unwrap().iter().collect();
    let ids: Vec<&str> = pages
        .iter()
        .map(|page| page["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "authorization-server/exchange/scope-not-on-connection",
            "secret/exchange/expired"
        ]
    );
    let entries = log["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    for entry in entries {
        assert!(ids.contains(&entry["pageref"].as_str().unwrap()));
        let started = entry["startedDateTime"].as_str().unwrap();
        assert!(started.parse::<Timestamp>().is_ok(), "{started}");
        for side in ["request", "response"] {
            for member in [
                "httpVersion",
                "cookies",
                "headers",
                "headersSize",
                "bodySize",
            ] {
                assert!(entry[side].get(member).is_some(), "{side}.{member}");
            }
        }
        assert!(
            entry["request"]["url"]
                .as_str()
                .unwrap()
                .parse::<url::Url>()
                .is_ok()
        );
        assert!(entry["response"]["content"]["mimeType"].is_string());
        assert!(entry["timings"]["wait"].is_number() && entry["cache"].is_object());
    }
    assert_eq!(entries[1]["response"]["_error"], "connection refused");
}

#[test]
fn a_token_is_decoded_and_not_there_itself() {
    let text = render(&sample::every_verdict(), Form::Full).unwrap();
    assert!(text.contains("\"value\": \"<jwt 3fa98c01d2e4>\""), "{text}");
    assert!(text.contains("\"_claims\": {\"iss\""), "{text}");
}

#[test]
fn what_differs_from_run_to_run_is_not_in_the_stable_form() {
    for (run, form) in [
        (sample::every_verdict(), Form::Stable),
        (sample::all_well(), Form::Full),
    ] {
        let log = &har(&run, form)["log"];
        assert_eq!(log["entries"].as_array().unwrap().len(), 0);
        assert_eq!(log["pages"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn dates_follow_from_the_start_of_the_run() {
    assert_eq!(
        later("2026-11-24T09:00:00Z", 1500.25),
        "2026-11-24T09:00:01.50025Z"
    );
    assert_eq!(later("", 1.0), "");
    assert_eq!(
        later("2026-11-24T09:00:00Z", f64::MAX),
        "2026-11-24T09:00:00Z"
    );
}

#[test]
fn what_would_make_the_file_too_long_is_left_out_and_counted() {
    let run = sample::every_verdict();
    let whole = har(&run, Form::Full);
    let cases = whole["log"]["pages"].as_array().unwrap().len();
    let log = |most| -> Value {
        let text = render_up_to(&run, Form::Full, most).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["log"].take()
    };
    let (none, all) = (log(100), log(usize::MAX));
    assert_eq!(all, whole["log"]);
    assert_eq!(none["pages"].as_array().unwrap().len(), 0);
    assert_eq!(none["entries"].as_array().unwrap().len(), 0);
    let comment = none["comment"].as_str().unwrap();
    assert!(
        comment.contains(&format!("too long: {cases};")),
        "{comment}"
    );
}
