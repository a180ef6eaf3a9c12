//! The way of docs/real-org.md, command by command, against an org that looks real: from an empty folder to a drift report.

#![cfg(unix)]

use std::fs;
use std::process::{Output, Stdio};

use mock_okta::MockOkta;
use serde_json::Value;

use crate::cli::Terminal;
use crate::sign_in::{Desk, free_redirect_uri};

/// Few cases of three flows: the limits of an Integrator Free org are kept.
const CASES: [&str; 4] = [
    "secret/who",
    "service-account/who",
    "authorization-server/id-jag",
    "authorization-server/redeem-answer",
];

/// The commands of the README that is handed over with the org.
fn handed_over(org: &MockOkta, terminal: &Terminal) -> Vec<String> {
    let files = org.hand_over();
    for file in &files {
        terminal.write(file.name, file.text.reveal());
    }
    let readme = files.last().expect("a README").text.reveal().to_owned();
    let commands = readme.lines().filter_map(|line| {
        let line = line.strip_prefix("  ")?;
        line.starts_with("atx ").then(|| line.to_owned())
    });
    commands.collect()
}

#[track_caller]
fn assert_ends_with(code: i32, output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = format!("{}\n{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

fn report(terminal: &Terminal) -> Value {
    let text = fs::read_to_string(terminal.folder().join("reports/out/report.json"));
    serde_json::from_str(&text.expect("a report")).expect("JSON")
}

/// Verdicts by case.
fn verdicts(report: &Value) -> Vec<(String, String)> {
    let results = report["results"].as_array().expect("results").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    results
        .map(|case| (text(&case["id"]), text(&case["verdict"])))
        .collect()
}

#[test]
fn an_org_is_described_checked_recorded_and_compared() {
    let redirect_uri = free_redirect_uri();
    let org_file =
        mock_okta::default_org().replace("http://localhost:8787/callback", &redirect_uri);
    let org = MockOkta::builder()
        .as_real()
        .org_yaml("org.yaml", org_file)
        .seed(1028)
        .start_blocking()
        .expect("an org");
    let terminal = Terminal::new();
    let commands = handed_over(&org, &terminal);
    let desk = Desk::at(org, terminal, redirect_uri);

    let init = commands.first().expect("`atx init`");
    assert!(init.starts_with("atx init --org https://"), "{init}");
    let mut arguments: Vec<&str> = init.split(' ').skip(1).collect();
    arguments.push("--yes");
    let said = assert_ends_with(0, &desk.atx(&arguments));
    assert!(said.contains("atx.yaml is written"), "{said}");

    let waiting = desk.start(&["sign-in"], Stdio::null());
    let link = desk.link();
    let location = desk.sign_in(&link, "ada");
    let page = Desk::come_back(&location);
    assert!(page.contains(" 200 "), "{page}");
    assert_ends_with(0, &waiting.wait_with_output().expect("it ends"));

    let said = assert_ends_with(0, &desk.atx(&["doctor"]));
    assert!(!said.contains("problem  "), "{said}");

    let asked = desk.requests();
    let said = assert_ends_with(0, &desk.atx(&[&["run", "--plan"], &CASES[..]].concat()));
    assert!(said.contains("ID-JAGs for ada"), "{said}");
    assert_eq!(desk.requests(), asked, "a plan sends nothing");

    let recorded = [&["run", "--record", "org.cassette"], &CASES[..]].concat();
    assert_ends_with(0, &desk.atx(&recorded));
    let live = report(&desk.terminal);
    assert!(
        live["summary"]["passed"].as_u64() > Some(5),
        "{}",
        live["summary"]
    );
    // What the run needed of the sign-in is still there for the next one.
    assert_ends_with(0, &desk.atx(&["run", "sign-in/userinfo"]));

    let asked = desk.requests();
    let replayed = [&["run", "--replay", "org.cassette"], &CASES[..]].concat();
    assert_ends_with(0, &desk.atx(&replayed));
    assert_eq!(verdicts(&report(&desk.terminal)), verdicts(&live));
    assert_eq!(desk.requests(), asked, "a replay sends nothing");

    let embedded = [&["run", "--mock", "--out", "mock"], &CASES[..]].concat();
    assert_ends_with(0, &desk.atx(&embedded));
    // The mock that a run starts is described in full, and shows internal codes: that is what differs.
    let said = assert_ends_with(1, &desk.atx(&["diff", "mock", "org.cassette"]));
    assert!(said.contains("org.cassette"), "{said}");
}
