//! Targets that want somebody else to act: `atx`, to ask a third host; a CI system or a terminal, to follow a command; and
//! whoever reads a report, to take an earlier one for this one.

use std::fs;
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::server::Hostile;
use crate::secrets::programs::{atx_run, program};

/// A listener that counts who connects, and its address.
fn counting() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for _ in listener.incoming() {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    (format!("http://{address}"), count)
}

#[test]
fn an_address_that_the_target_names_is_not_asked_at_another_host() {
    let (elsewhere, asked) = counting();
    let named = elsewhere.clone();
    let hostile = Hostile::start(Box::new(move |_, answer| {
        answer.members(|members| {
            for name in [
                "interaction_uri",
                "jwks_uri",
                "token_endpoint",
                "userinfo_endpoint",
                "introspection_endpoint",
                "resource_metadata",
            ] {
                if members.contains_key(name) {
                    members.insert(name.to_owned(), json!(format!("{named}/{name}?x=1")));
                }
            }
            if members.contains_key("authorization_servers") {
                members.insert("authorization_servers".to_owned(), json!([named]));
            }
        });
        for (name, value) in &mut answer.headers {
            if name == "www-authenticate" {
                *value = format!("Bearer resource_metadata=\"{named}/metadata\"");
            }
        }
        true
    }));
    let (exit, outputs) = atx_run(&hostile.target(), &hostile.out(), &[]);
    assert!(matches!(exit, Some(1 | 3)), "{exit:?}");
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    let report = &outputs.iter().find(|(name, _)| name == "report.json");
    let report = &report.expect("a report").1;
    let why = format!("the request was not sent: the target file names nothing at {elsewhere}");
    assert!(report.contains(&why), "{why}");
}

/// A command of each CI system, where a line may begin and inside one, and characters that XML does not have.
const COMMANDS: &str = "::error file=a.rs::b \u{fffe}\u{ffff} ##[error]c ##vso[task.complete result=Failed]d \
    ##teamcity[buildStop]e\n::stop-commands::f\r\n  ::add-mask::g\u{2028}::set-output name=h::i\u{1b}[2J";

#[test]
fn what_a_target_says_is_no_command() {
    let hostile = Hostile::start(Box::new(|asked, answer| {
        // Wherever the text is wrapped, one of these begins a line.
        let filler = "x".repeat(asked.number % 60);
        let text = format!("{filler} {}", format!("{COMMANDS} {filler} ").repeat(3));
        let line = text.replace(['\n', '\r', '\u{1b}'], " ");
        answer.add("x-note", &line);
        answer
            .headers
            .retain(|(name, _)| name != "x-mock-okta-code");
        answer.add("x-mock-okta-code", &line);
        if !answer.status.contains("200") || asked.number.is_multiple_of(3) {
            answer.members(|members| {
                for name in ["error", "error_description", "errorSummary", "::error::x"] {
                    members.insert(name.to_owned(), json!(text));
                }
            });
        }
        true
    }));
    let (exit, outputs) = atx_run(&hostile.target(), &hostile.out(), &["secret/", "-vv"]);
    assert!(matches!(exit, Some(1 | 3)), "{exit:?}");
    let mut said = 0;
    for (place, text) in &outputs {
        said += text.matches("teamcity").count();
        // Nobody prints a page into a log.
        for command in ["##[error", "##vso[", "##teamcity["] {
            let holds = place != "report.html" && text.contains(command);
            assert!(!holds, "{place} holds {command}");
        }
        // JSON has these characters, XML does not (XML 1.0 §2.2).
        let is_xml = place == "junit.xml";
        assert!(!is_xml || !text.contains(['\u{fffe}', '\u{ffff}']));
        if place.starts_with("std") || place == "report.md" {
            for line in text.lines() {
                assert!(!line.trim_start().starts_with("::"), "{place}: {line}");
            }
            assert!(!text.contains("\u{1b}[2J"), "{place}");
        }
    }
    assert!(said > 100, "the commands were not shown at all: {said}");
}

#[test]
fn a_run_that_is_killed_leaves_no_report_of_an_earlier_one() {
    let hostile = Hostile::start(Box::new(|_, _| false));
    fs::create_dir_all(hostile.out()).expect("a folder");
    for name in ["report.json", "junit.xml", "report.html"] {
        fs::write(hostile.out().join(name), "passed").expect("a file");
    }
    let mut child = program("atx")
        .args(["run", "--target"])
        .arg(hostile.target())
        .arg("--out")
        .arg(hostile.out())
        .stderr(Stdio::piped())
        .spawn()
        .expect("atx starts");
    // The first answer never comes; the reports of before are gone by then.
    let left = || fs::read_dir(hostile.out()).expect("a folder").count();
    let until = Instant::now() + Duration::from_secs(8);
    while left() > 0 && Instant::now() < until {
        thread::sleep(Duration::from_millis(20));
    }
    let is_running = child.try_wait().expect("a child").is_none();
    assert!(is_running, "it runs");
    child.kill().expect("a child");
    child.wait().expect("a child");
    assert_eq!(left(), 0);
}

#[test]
fn a_target_file_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;
    let hostile = Hostile::start(Box::new(|_, _| true));
    let target = hostile.target();
    for (mode, warned) in [(0o644, true), (0o600, false)] {
        fs::set_permissions(&target, fs::Permissions::from_mode(mode)).expect("its mode");
        let (_, outputs) = atx_run(&target, &hostile.out(), &["secret/whole-flow"]);
        let shown = outputs[1].1.contains("others can read");
        assert_eq!(shown, warned, "{mode:o}: {}", outputs[1].1);
    }
}
