//! What recordings show, one answer at a time.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;

/// A recording of one case with these exchanges: address, form, answer.
fn recording(exchanges: &[(&str, Value, Value)]) -> String {
    recording_of("a/b", "passed", exchanges)
}

fn recording_of(case: &str, verdict: &str, exchanges: &[(&str, Value, Value)]) -> String {
    let head = json!({"cassette": {"version": 1, "edition": "2026-10", "target": {
        "clients": {"agent": {"client_id": "wlp1"}},
    }}});
    let exchanges: Vec<Value> = exchanges
        .iter()
        .map(|(url, form, answer)| {
            let form = form.as_object().unwrap().iter();
            let form: Vec<_> = form.map(|(name, value)| json!([name, value])).collect();
            json!({
                "request": {"party": "org", "method": "POST", "url": url, "payload": {"form": form}},
                "response": {
                    "status": answer["status"],
                    "headers": answer.get("headers").unwrap_or(&json!([])),
                    "json": answer["json"],
                    "text": answer["text"],
                },
            })
        })
        .collect();
    let steps = json!([{"step": "exchange", "exchanges": exchanges}]);
    let case = json!({"case": {"id": case, "verdict": verdict, "steps": steps}});
    format!("{head}\n{case}\n{{\"end\":{{}}}}\n")
}

fn id_jag(token_type: &str) -> (&'static str, Value, Value) {
    let answer = json!({"status": 200, "json": {
        "issued_token_type": "urn:ietf:params:oauth:token-type:id-jag",
        "token_type": token_type,
    }});
    let form = json!({"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange"});
    ("https://o.example/oauth2/v1/token", form, answer)
}

fn row(text: &str, switch: &str) -> Observed {
    let calibration = calibrate(text).unwrap();
    calibration
        .switches
        .into_iter()
        .find(|row| row.switch == switch)
        .unwrap()
}

#[test]
fn one_position_is_proposed_where_it_is_not_the_default() {
    let bearer = row(&recording(&[id_jag("Bearer")]), "id_jag_token_type");
    assert_eq!(bearer.seen, Seen::Possible(vec!["Bearer"]));
    assert_eq!(bearer.proposal(), Some("Bearer"));
    assert_eq!(bearer.places, ["a/b (exchange)"]);
    let usual = row(&recording(&[id_jag("N_A")]), "id_jag_token_type");
    assert_eq!(usual.proposal(), None);
}

#[test]
fn what_contradicts_itself_and_what_is_not_there_is_proposed_nowhere() {
    let both = row(
        &recording(&[id_jag("N_A"), id_jag("Bearer")]),
        "id_jag_token_type",
    );
    assert_eq!(
        (both.seen.clone(), both.proposal()),
        (Seen::Contradictory, None)
    );
    let none = row(&recording(&[]), "id_jag_token_type");
    assert_eq!(none.seen, Seen::Unknown(None));
}

#[test]
fn each_switch_has_a_rule_or_a_reason_and_no_other_has() {
    let with: BTreeSet<&str> = rules::RULES.iter().map(|(name, _)| *name).collect();
    let without: BTreeSet<&str> = NOT_OBSERVABLE.iter().map(|(name, _)| *name).collect();
    let both: Vec<_> = with.intersection(&without).collect();
    assert!(both.is_empty(), "{both:?}");
    let all: BTreeSet<&str> = Behaviours::SWITCHES.iter().map(|one| one.name).collect();
    assert_eq!(with.union(&without).copied().collect::<BTreeSet<_>>(), all);
}

/// A token exchange and its answer.
fn exchange(answer: Value) -> (&'static str, Value, Value) {
    let form = json!({"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange"});
    ("https://o.example/oauth2/v1/token", form, answer)
}

#[test]
fn only_an_answer_of_the_org_is_a_refusal() {
    let case = "authorization-server/exchange-subject/user-suspended";
    let seen = |answer: Value| {
        let text = recording_of(case, "passed", &[exchange(answer)]);
        row(&text, "subject_token_user").seen
    };
    let checked = Seen::Possible(vec!["checked"]);
    let refused = json!({"status": 400, "json": {"error": "invalid_request"}});
    assert_eq!(seen(refused), checked);
    let envelope = json!({"status": 401, "json": {"errorCode": "invalid_client"}});
    assert_eq!(seen(envelope), checked);
    for other in [
        json!({"status": 429, "json": {"errorCode": "E0000047"}}),
        json!({"status": 408, "json": {"error": "timeout"}}),
        json!({"status": 403, "text": "<html>blocked</html>"}),
        json!({"status": 404, "json": {"message": "no route"}}),
        json!({"status": 502, "json": {"error": "bad_gateway"}}),
    ] {
        assert_eq!(seen(other.clone()), Seen::Unknown(None), "{other}");
    }
}

#[test]
fn a_case_that_could_not_be_judged_shows_nothing() {
    for verdict in ["error", "passed", "failed"] {
        let text = recording_of("a/b", verdict, &[id_jag("Bearer")]);
        let seen = row(&text, "id_jag_token_type").seen;
        assert_eq!(seen == Seen::Unknown(None), verdict == "error", "{verdict}");
    }
}

#[test]
fn what_was_answered_before_a_suspension_does_not_count() {
    let before = json!({"status": 400, "json": {"error": "interaction_required"}});
    let granted = json!({"status": 200, "json": {"access_token": "gho_1"}});
    let text = recording_of(
        "resource-server/boundaries/user-suspended",
        "failed",
        &[exchange(before), exchange(granted)],
    );
    let seen = row(&text, "subject_token_user").seen;
    assert_eq!(seen, Seen::Possible(vec!["unchecked"]));
}

#[test]
fn every_redirect_to_the_client_shows_whether_it_names_the_issuer() {
    let seen = |path: &str, location: &str| {
        let url = format!("https://o.example/oauth2/v1/{path}");
        let answer = json!({"status": 302, "headers": [["Location", location]]});
        let text = recording(&[(&url, json!({}), answer)]);
        row(&text, "authorize_response_iss").seen
    };
    let yes = Seen::Possible(vec!["yes"]);
    let no = Seen::Possible(vec!["no"]);
    let to = "http://localhost/callback";
    let iss = "iss=https%3A%2F%2Fo.example";
    assert_eq!(seen("authorize/resume", &format!("{to}?code=1&{iss}")), yes);
    assert_eq!(seen("authorize", &format!("{to}?code=1")), no);
    assert_eq!(
        seen("authorize", &format!("{to}?error=access_denied&{iss}")),
        yes
    );
    assert_eq!(seen("authorize", &format!("{to}#code=1&{iss}")), yes);
    let page = "https://o.example/signin?stateToken=1";
    assert_eq!(seen("authorize", page), Seen::Unknown(None));
}

#[test]
fn an_org_that_counts_requests_says_so() {
    let seen = |headers: Value, status: u16| {
        let answer =
            json!({"status": status, "headers": headers, "json": {"error": "invalid_scope"}});
        row(&recording(&[exchange(answer)]), "rate_limits").seen
    };
    let counts = json!([["X-Rate-Limit-Limit", "120"]]);
    let integrator = Seen::Possible(vec!["integrator"]);
    assert_eq!(seen(counts.clone(), 400), integrator);
    assert_eq!(seen(json!([]), 400), Seen::Possible(vec!["off"]));
    assert_eq!(seen(json!([]), 503), Seen::Unknown(None));
}

#[test]
fn a_sign_in_by_session_token_shows_what_policies_make_of_it() {
    let authn = |status: &str| {
        let answer = json!({"status": 200, "json": {"status": status}});
        ("https://o.example/api/v1/authn", json!({}), answer)
    };
    let authorize = |query: &str| {
        let location = format!("http://localhost/callback?{query}");
        let answer = json!({"status": 302, "headers": [["location", location]]});
        let form = json!({"sessionToken": "redacted-1"});
        ("https://o.example/oauth2/v1/authorize", form, answer)
    };
    let seen =
        |exchanges: &[(&str, Value, Value)]| row(&recording(exchanges), "session_token").seen;
    let possible = |position| Seen::Possible(vec![position]);
    assert_eq!(seen(&[authn("MFA_REQUIRED")]), possible("mfa_required"));
    assert_eq!(
        seen(&[authn("SUCCESS"), authorize("code=1")]),
        possible("accepted")
    );
    assert_eq!(
        seen(&[authn("SUCCESS"), authorize("error=login_required")]),
        possible("app_policy")
    );
    assert_eq!(
        seen(&[authn("SUCCESS"), authorize("error=server_error")]),
        Seen::Possible(vec!["accepted", "app_policy"])
    );
}

#[test]
fn what_is_no_recording_is_refused() {
    assert_eq!(calibrate(""), Err(CalibrateError::NoRecording));
    assert_eq!(
        calibrate("{\"schema\": 1}\n{}\n"),
        Err(CalibrateError::NoRecording)
    );
    // Whatever else another version has.
    let other = "{\"cassette\":{\"version\":2,\"orgs\":[]}}\n";
    assert_eq!(calibrate(other), Err(CalibrateError::Version(2)));
    let broken = recording(&[]).replace("\"case\"", "\"cast\"");
    assert!(matches!(
        calibrate(&broken),
        Err(CalibrateError::Line { line: 2, .. })
    ));
}

#[test]
fn members_that_are_not_known_are_ignored() {
    let text = recording(&[id_jag("Bearer")]);
    let text = text.replacen("\"id\":", "\"notes\":[1],\"id\":", 1);
    let text = text.replacen("{\"version\":1", "{\"words\":{},\"version\":1", 1);
    assert!(text.contains("notes") && text.contains("words"), "{text}");
    assert_eq!(row(&text, "id_jag_token_type").proposal(), Some("Bearer"));
}

#[test]
fn a_recording_without_its_end_is_read_and_said_to_be_cut() {
    let whole = recording(&[id_jag("Bearer")]);
    assert!(!calibrate(&whole).unwrap().is_cut);
    let without_end = whole.replace("{\"end\":{}}\n", "");
    let half_a_line = format!("{without_end}{{\"case\":{{\"id\":\"a/");
    for cut in [without_end, half_a_line] {
        let calibration = calibrate(&cut).unwrap();
        assert!(calibration.is_cut, "{cut}");
        assert_eq!(row(&cut, "id_jag_token_type").proposal(), Some("Bearer"));
    }
    let wrong = whole.replace("{\"end\":{}}", "{\"end\":nothing}");
    assert!(matches!(
        calibrate(&wrong),
        Err(CalibrateError::Line { line: 3, .. })
    ));
}
