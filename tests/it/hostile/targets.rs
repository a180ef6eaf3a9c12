//! Targets that cost time and memory: each ends the run soon, with one cause, and with reports that can be opened.
//!
//! In `cargo test` a run is made of some scenarios, with less patience and smaller answers. With `HOSTILE_FULL=1` it is
//! `atx run` on the whole suite, and its time, memory and reports are measured.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use conformance_tests::binary;
use harness::result::{RunResult, StopCause, Verdict};
use harness::run::RunOptions;
use harness::scenario::model::Edition;
use harness::targets::config;
use harness::targets::{Allowances, Limits, Target};
use rstest::rstest;
use serde_json::json;

use super::is_full;
use super::server::{Answer, Asked, Attack, Hostile};
use crate::support::harness_run::{run_on, scenarios};

/// The longest that a run may take, the most memory and the largest reports.
const LONGEST: Duration = Duration::from_mins(1);
const MOST_MEMORY: u64 = 300 * 1024;
const LARGEST_REPORTS: u64 = 30 * 1024 * 1024;

/// Accepts connections and never answers.
fn silent(_: &Asked, _: &mut Answer) -> bool {
    false
}

/// Works for a while, and then never answers again.
fn falls_silent(asked: &Asked, _: &mut Answer) -> bool {
    asked.number < 60
}

/// Answers questions about itself, and leaves everybody else waiting.
fn silent_at_the_token_endpoint(asked: &Asked, _: &mut Answer) -> bool {
    !asked.path.contains("/token")
}

/// Members without end: each takes far more memory than bytes.
fn many_members(_: &Asked, answer: &mut Answer) -> bool {
    let count = if is_full() { 80_000 } else { 21_000 };
    answer.members(|members| {
        members.extend((0..count).map(|number| (format!("m{number}"), json!(number))));
    });
    true
}

/// As many as are still read, in every answer.
fn members_up_to_the_limit(_: &Asked, answer: &mut Answer) -> bool {
    answer.members(|members| {
        members.extend((0..6_000).map(|number| (format!("m{number}"), json!({"a": [number]}))));
    });
    true
}

/// One long text in every answer.
fn long_string(_: &Asked, answer: &mut Answer) -> bool {
    let text = "long ".repeat(if is_full() { 180_000 } else { 20_000 });
    answer.members(|members| {
        members.insert("error_description".to_owned(), json!(text));
    });
    true
}

/// One long text that looks like something to decode, over and over.
fn long_nonsense(asked: &Asked, answer: &mut Answer) -> bool {
    let length = if is_full() { 900_000 } else { 100_000 };
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%&\\";
    let text: String = (0..length)
        .map(|at| char::from(alphabet[(at * 31 + at / 7 + asked.number) % alphabet.len()]))
        .collect();
    answer.members(|members| {
        members.insert("x".to_owned(), json!(text));
    });
    true
}

/// A page of a megabyte behind every sign-in.
fn long_pages(_: &Asked, answer: &mut Answer) -> bool {
    if answer.body.starts_with(b"<") {
        let filler = "<p>more</p>".repeat(if is_full() { 90_000 } else { 10_000 });
        answer.body.extend_from_slice(filler.as_bytes());
    }
    true
}

/// Tokens without end, none of which is used twice.
fn many_tokens(asked: &Asked, answer: &mut Answer) -> bool {
    let count = if is_full() { 9_000 } else { 2_000 };
    answer.members(|members| {
        let tokens = (0..count).map(|number| {
            let token = format!("{:032x}", (asked.number * 100_000 + number) * 2_654_435_761);
            json!({"access_token": token})
        });
        members.insert("x".to_owned(), tokens.collect());
    });
    true
}

/// A token whose claims are as long as an answer may be.
fn long_claims(_: &Asked, answer: &mut Answer) -> bool {
    use base64::Engine as _;
    let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let length = if is_full() { 2_500 } else { 1_000 };
    let claims: serde_json::Map<_, _> = (0..length)
        .map(|number| {
            (
                format!("c{number}"),
                json!("a claim of some length, as long as a sentence"),
            )
        })
        .collect();
    let claims = serde_json::Value::Object(claims).to_string();
    let token = format!("{}.{}.c2ln", encode(r#"{"alg":"RS256"}"#), encode(&claims));
    answer.members(|members| {
        for name in ["access_token", "id_token", "x"] {
            members.insert(name.to_owned(), json!(token));
        }
    });
    true
}

/// Answers every exchange and every mistake wrongly, each time with as much as is kept of an answer: whatever deviates is in
/// every report.
fn wrong_at_length(_: &Asked, answer: &mut Answer) -> bool {
    answer.members(|members| {
        if members.contains_key("issued_token_type") || members.contains_key("error") {
            members.clear();
            members.insert("error".to_owned(), json!("server_error"));
            for number in 0..60 {
                members.insert(format!("m{number}"), json!("lengthy ".repeat(100)));
            }
        }
    });
    true
}

/// Many fields in every head, each as long as is read.
fn long_heads(_: &Asked, answer: &mut Answer) -> bool {
    for number in 0..60 {
        answer.add(&format!("x-{number}"), &"v".repeat(4_000));
    }
    true
}

/// Ends every answer in its middle.
fn cut_short(_: &Asked, answer: &mut Answer) -> bool {
    answer.add("content-length", "1000000");
    true
}

/// What a run of an attack came to.
struct Ended {
    run: RunResult,
    exit: Option<i32>,
    elapsed: Duration,
    /// KiB, where the system tells.
    memory: u64,
    reports: u64,
}

/// Runs the scenarios whose id begins so in this process, against a target that may send so many bytes.
async fn small(hostile: &Hostile, ids: &str, received: u64) -> Ended {
    let deployment = config::read(&hostile.target()).expect("a target");
    let limits = Limits {
        connect: Duration::from_millis(500),
        request: Duration::from_millis(500),
        ..Limits::default()
    };
    let target = Target::with(deployment, limits, None).expect("an HTTP client");
    let mut options = RunOptions::new(Edition::E2026_10);
    options.jobs = 4;
    options.allowances = Allowances {
        unanswered: 6,
        unanswered_in_all: 20,
        waiting: Duration::from_secs(3),
        received,
        patience: Duration::from_millis(300),
    };
    let chosen = scenarios().iter().filter(|one| one.id.starts_with(ids));
    let started = Instant::now();
    let run = run_on(chosen.cloned().collect(), &target, &options).await;
    Ended {
        exit: None,
        elapsed: started.elapsed(),
        memory: 0,
        reports: harness::report::Format::ALL
            .iter()
            .map(|format| {
                let text = format.render(&run, harness::report::Form::Full);
                text.expect("a report").len() as u64
            })
            .sum(),
        run,
    }
}

/// Runs `atx` on everything, and watches it.
fn full(hostile: &Hostile) -> Ended {
    // What was left by an earlier run must not be there when this one has failed.
    fs::create_dir_all(hostile.out()).expect("a folder");
    fs::write(hostile.out().join("junit.xml"), "<passed/>").expect("a file");
    let started = Instant::now();
    let mut child = Command::new(binary::path("atx"))
        .args(["run", "--target"])
        .arg(hostile.target())
        .arg("--out")
        .arg(hostile.out())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("atx starts");
    let mut memory = 0;
    let exit = loop {
        if let Some(status) = child.try_wait().expect("a child") {
            break status.code();
        }
        memory = memory.max(peak(child.id()).unwrap_or_default());
        assert!(started.elapsed() < 3 * LONGEST, "it does not end");
        thread::sleep(Duration::from_millis(20));
    };
    let elapsed = started.elapsed();
    let files = fs::read_dir(hostile.out()).expect("a folder").flatten();
    let reports = files
        .map(|file| file.metadata().expect("a file").len())
        .sum();
    let text = fs::read_to_string(hostile.out().join("report.json")).expect("a report");
    Ended {
        run: harness::report::read(&text).expect("a report"),
        exit,
        elapsed,
        memory,
        reports,
    }
}

/// The most memory that a process has had, in KiB.
fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[rstest]
#[case::never_answers(silent, "in a row had no answer")]
#[case::stops_answering(falls_silent, "in a row had no answer")]
#[case::leaves_the_token_endpoint_silent(silent_at_the_token_endpoint, "time")]
#[case::sends_members_without_end(many_members, "too large|MiB in all")]
#[case::sends_long_heads(long_heads, "MiB in all")]
#[case::sends_long_strings(long_string, "MiB in all")]
#[case::sends_what_has_to_be_decoded(long_nonsense, "MiB in all")]
#[case::sends_many_tokens(many_tokens, "MiB in all|more credentials")]
#[case::cuts_its_answers(cut_short, "in a row had no answer")]
fn a_target_that_costs_too_much_ends_the_run_with_one_cause(
    #[case] attack: fn(&Asked, &mut Answer) -> bool,
    #[case] cause: &str,
) {
    let ended = run(Box::new(attack), "", 4 * 1024 * 1024);
    let incomplete = ended
        .run
        .incomplete
        .as_ref()
        .expect("the run is incomplete");
    assert_eq!(incomplete.cause, StopCause::TargetUnreachable);
    // Two limits may be reached at about the same time.
    let mut causes = cause.split('|');
    assert!(
        causes.any(|cause| incomplete.reason.contains(cause)),
        "{}",
        incomplete.reason
    );
    assert!(matches!(ended.exit, None | Some(3)), "{:?}", ended.exit);
    // Whatever else could not be judged was under way when the cause was found.
    let errors = ended
        .run
        .results
        .iter()
        .filter(|case| case.verdict == Verdict::Error);
    assert!(errors.count() <= 60);
}

/// What is long and does no harm is cut, and the run goes on to its end.
#[rstest]
#[case::long_pages(long_pages)]
#[case::long_claims(long_claims)]
#[case::members_up_to_the_limit(members_up_to_the_limit)]
#[case::wrong_at_length(wrong_at_length)]
fn a_target_that_says_much_is_judged_all_the_same(#[case] attack: fn(&Asked, &mut Answer) -> bool) {
    let ended = run(Box::new(attack), "secret/", u64::MAX);
    let summary = &ended.run.summary;
    assert!(summary.passed + summary.failed > 0, "{summary:?}");
    assert_eq!(summary.total, ended.run.results.len());
}

#[expect(
    clippy::print_stderr,
    reason = "what an attack costs is what whoever runs it wants to read"
)]
fn run(attack: Attack, ids: &str, received: u64) -> Ended {
    let hostile = Hostile::start(attack);
    let ended = if is_full() {
        full(&hostile)
    } else {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(small(&hostile, ids, received))
    };
    eprintln!(
        "{:.1} s, {} MiB of memory, {:.1} MB of reports, {:?}",
        ended.elapsed.as_secs_f64(),
        ended.memory / 1024,
        ended.reports as f64 / 1e6,
        ended
            .run
            .incomplete
            .as_ref()
            .map(|incomplete| &incomplete.reason)
    );
    assert!(ended.elapsed < LONGEST, "{:?}", ended.elapsed);
    assert!(ended.memory < MOST_MEMORY, "{} KiB", ended.memory);
    assert!(ended.reports < LARGEST_REPORTS, "{} bytes", ended.reports);
    ended
}
