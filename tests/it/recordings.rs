//! A run that is recorded and judged again: the same verdicts, without network; what was not recorded is skipped and never
//! passed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use harness::cassette::{Cassette, Recorder};
use harness::result::{CaseResult, RunResult, Verdict};
use harness::run::{Replay, RunOptions, Tape};
use harness::scenario::Scenario;
use harness::scenario::model::Edition;
use harness::targets::config::{self, Sources};
use harness::targets::{Asked, Limits, Target, embedded};
use mock_okta::{Builder, Defect, MockOkta};
use tokio::runtime::Runtime;

use crate::cli::Terminal;
use crate::support::harness_run::{invariants, run_on, scenarios};

/// The largest recording of the whole suite, in bytes.
const LARGEST: usize = 40 * 1024 * 1024;

/// A run of everything, recorded. The org is gone when this returns.
fn recorded_whole() -> (RunResult, String) {
    Runtime::new().expect("a runtime").block_on(async {
        let edition = Edition::E2026_10;
        let org = || async {
            let org = embedded(edition, Asked::Everything).await;
            org.expect("the embedded org starts")
        };
        let target = org().await;
        let mut options = RunOptions::new(edition);
        options.spare = Some(org().await);
        record(scenarios().to_vec(), &target, options).await
    })
}

/// A run of some scenarios against an org that is described by its target file, recorded.
pub fn recorded(builder: Builder, chosen: Vec<Scenario>) -> (RunResult, String) {
    Runtime::new().expect("a runtime").block_on(async {
        let org = builder.start().await.expect("the org starts");
        let sources = Sources {
            folder: Path::new("."),
            environment: &|_| None,
        };
        let deployment = config::parse("org", &org.target_file(), &sources);
        let deployment = deployment.expect("a target file");
        let target = Target::with(deployment, Limits::default(), Some(Box::new(org)));
        let options = RunOptions::new(Edition::E2026_10);
        record(chosen, &target.expect("a target"), options).await
    })
}

async fn record(
    chosen: Vec<Scenario>,
    target: &Target,
    options: RunOptions,
) -> (RunResult, String) {
    let recorder = Arc::new(Recorder::default());
    let options = RunOptions {
        tape: Tape::Record(recorder.clone()),
        invariants: invariants(),
        ..options
    };
    let result = run_on(chosen, target, &options).await;
    let written = recorder.cassette(None).expect("a recording");
    assert_eq!(written.left_out, 0, "cases are left out");
    (result, written.text)
}

/// What a recording is judged to be.
fn replayed(text: &str, chosen: Vec<Scenario>) -> RunResult {
    let cassette = Cassette::read(text).unwrap_or_else(|error| panic!("{error}"));
    let replay = Replay::open(cassette).expect("a target");
    let options = RunOptions {
        invariants: invariants(),
        ..replay.options()
    };
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(run_on(chosen, &replay.target, &options))
}

/// Verdict and checks of each case. What was seen is not compared: where it is a secret, a replay sees its pseudonym.
fn judged(run: &RunResult) -> BTreeMap<&str, (Verdict, Vec<String>)> {
    let checks = |case: &CaseResult| {
        let of = case
            .findings
            .iter()
            .map(|finding| format!("{} {} {:?}", finding.step, finding.check, finding.verdict));
        of.collect()
    };
    let cases = run.results.iter();
    cases
        .map(|case| (case.id.as_str(), (case.verdict, checks(case))))
        .collect()
}

/// Fails with every case that is judged in another way, and why.
fn assert_same(recorded: &RunResult, replayed: &RunResult) {
    let (before, after) = (judged(recorded), judged(replayed));
    let reason = |id: &str| {
        let case = replayed.results.iter().find(|case| case.id == id);
        let broken = case.and_then(|case| {
            let mut findings = case.findings.iter();
            findings.find(|finding| finding.verdict > Verdict::Passed)
        });
        let reason = case.and_then(|case| case.reason.clone());
        format!("{reason:?} {broken:?}")
    };
    let differ: Vec<String> = before
        .iter()
        .filter(|(id, one)| after.get(*id) != Some(one))
        .map(|(id, one)| {
            let now = after.get(id).map(|now| now.0);
            format!("{id}: was {:?}, is {now:?}: {}", one.0, reason(id))
        })
        .collect();
    let first = differ.iter().take(30).cloned().collect::<Vec<_>>();
    assert!(
        differ.is_empty(),
        "{} of {} cases\n{}",
        differ.len(),
        before.len(),
        first.join("\n")
    );
    assert_eq!(before.len(), after.len());
}

#[test]
fn a_recording_of_the_whole_suite_is_judged_as_the_run_was() {
    let (run, text) = recorded_whole();
    let passed = |run: &RunResult| {
        let verdicts = run.results.iter().map(|case| case.verdict);
        verdicts
            .filter(|verdict| *verdict == Verdict::Passed)
            .count()
    };
    assert!(passed(&run) > 600, "only {}", passed(&run));
    assert!(text.len() < LARGEST, "{} bytes", text.len());
    assert_same(&run, &replayed(&text, scenarios().to_vec()));
}

/// What fails when it is seen fails when it is judged again.
#[test]
fn failures_replay_as_failures() {
    let chosen = only(&[
        "authorization-server/whole-flow",
        "authorization-server/id-jag",
        "authorization-server/redeem",
        "authorization-server/exchange-subject",
        "client-authentication/signature-org",
        "metadata/keys",
        "secret/whole-flow",
        "sign-in/code-flow",
        "sign-in/redeem-code",
        "sign-in/refresh",
    ]);
    for defects in DEFECTS {
        let builder = defects.iter().fold(MockOkta::builder(), |builder, id| {
            builder.defect(Defect::parse(id).unwrap_or_else(|error| panic!("{error}")))
        });
        let (run, text) = recorded(builder, chosen.clone());
        let failed = run
            .results
            .iter()
            .filter(|case| case.verdict == Verdict::Failed);
        assert!(failed.count() > 0, "{defects:?} fail nothing");
        assert_same(&run, &replayed(&text, chosen.clone()));
    }
}

/// Switched on together; each group breaks something that a recording holds in another form than the wire.
const DEFECTS: [&[&str]; 5] = [
    &["bend/id-token-at-hash-other", "bend/id-jag-jti-repeated"],
    &[
        "bend/id-jag-key-of-another-server",
        "bend/code-redirect-state-other",
    ],
    &["bend/id-token-kid-unknown"],
    &["bend/id-jag-unsigned"],
    &[
        "mute/client_assertion_invalid_signature",
        "mute/id_jag_replayed",
    ],
];

fn only(ids: &[&str]) -> Vec<Scenario> {
    let all = scenarios().iter();
    all.filter(|scenario| ids.contains(&scenario.id.as_str()))
        .cloned()
        .collect()
}

fn case<'r>(run: &'r RunResult, id: &str) -> &'r CaseResult {
    let found = run.results.iter().find(|case| case.id == id);
    found.unwrap_or_else(|| panic!("no {id}"))
}

#[test]
fn another_request_is_skipped_and_another_expectation_is_judged() {
    let id = "authorization-server/redeem";
    let (_, text) = recorded(MockOkta::builder(), only(&[id]));

    // The request is another one, and nobody knows what the org would have answered.
    let mut chosen = only(&[id]);
    for case in &mut chosen[0].cases {
        case.change.method = Some("PUT".to_owned());
    }
    let run = replayed(&text, chosen);
    assert_eq!(case(&run, id).verdict, Verdict::Passed);
    for case in run
        .results
        .iter()
        .filter(|case| case.id.starts_with(&format!("{id}/")))
    {
        assert_eq!(case.verdict, Verdict::Skipped, "{}", case.id);
        let reason = case.reason.as_deref().unwrap_or_default();
        assert!(
            reason.contains("the scenario has changed since the recording: step"),
            "{reason}"
        );
    }

    // The same requests with what the positive twin must get: the refusals are failures now.
    let mut chosen = only(&[id]);
    let accepted = chosen[0].steps.last().expect("a step").expect.clone();
    for case in &mut chosen[0].cases {
        case.expect.clone_from(&accepted);
    }
    let run = replayed(&text, chosen);
    let expired = case(&run, &format!("{id}/expired"));
    assert_eq!(expired.verdict, Verdict::Failed, "{:?}", expired.reason);

    // A case that is new, and a step that is.
    let mut chosen = only(&[id]);
    chosen[0].cases[0].id = "of-tomorrow".to_owned();
    let last = chosen[0].steps.last().expect("a step").clone();
    chosen[0].steps.push(last);
    let run = replayed(&text, chosen);
    assert_eq!(case(&run, id).verdict, Verdict::Skipped);
    let new = case(&run, &format!("{id}/of-tomorrow"));
    assert_eq!(new.verdict, Verdict::Skipped);
    assert!(
        new.reason
            .as_deref()
            .unwrap_or_default()
            .contains("not recorded")
    );
}

#[test]
fn what_was_written_of_a_recording_that_is_cut_is_judged() {
    let id = "metadata/keys";
    let (run, text) = recorded(MockOkta::builder(), only(&[id, "secret/whole-flow"]));
    let cut = &text[..text.find("{\"case\":{\"id\":\"secret/").expect("a case") + 40];
    let cassette = Cassette::read(cut).expect("most of a recording");
    assert_eq!(
        cassette.incomplete.as_deref(),
        Some("the file of the recording is cut")
    );
    let again = replayed(cut, only(&[id, "secret/whole-flow"]));
    assert_eq!(case(&again, id).verdict, case(&run, id).verdict);
    assert_eq!(case(&again, "secret/whole-flow").verdict, Verdict::Skipped);
}

#[test]
fn what_is_no_recording_is_refused_with_its_line() {
    let error = |text: &str| Cassette::read(text).expect_err("no recording").to_string();
    assert!(error("").contains("no cassette"));
    assert!(error("{\"schema\": 1}").contains("no cassette"));
    assert!(error("{\"cassette\":{\"version\":7}}").contains("version 7"));
    let (_, text) = recorded(MockOkta::builder(), only(&["metadata/keys"]));
    let broken = text.replacen("{\"case\":", "{\"cast\":", 1);
    assert!(error(&broken).starts_with("line "), "{}", error(&broken));
}

#[test]
fn the_commands_record_replay_and_compare() {
    let terminal = Terminal::new();
    let run = |arguments: &[&str]| {
        let ran = terminal.command(arguments).output().expect("atx runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (ran.status.code(), text(&ran.stdout), text(&ran.stderr))
    };
    let (exit, _, stderr) = run(&["run", "secret/", "--record", "run.jsonl", "--out", "live"]);
    assert_eq!(exit, Some(0), "{stderr}");
    assert!(stderr.contains("recorded in run.jsonl"), "{stderr}");
    let (exit, _, stderr) = run(&["run", "secret/", "--replay", "run.jsonl", "--out", "again"]);
    assert_eq!(exit, Some(0), "{stderr}");
    assert!(!stderr.contains("judged in another way"), "{stderr}");
    let (exit, shown, stderr) = run(&["diff", "live", "run.jsonl"]);
    assert_eq!(exit, Some(0), "{shown}{stderr}");

    let (exit, _, stderr) = run(&["run", "--replay", "live/report.json"]);
    assert_eq!(exit, Some(2));
    assert!(
        stderr.contains("cannot replay live/report.json"),
        "{stderr}"
    );
    for options in [["--record", "x"], ["--mock", "--plan"]] {
        let (exit, _, stderr) = run(&[&["run", "--replay", "run.jsonl"], &options[..]].concat());
        assert_eq!(exit, Some(2), "{stderr}");
    }
}

#[test]
fn what_cannot_be_recorded_or_judged_leaves_earlier_reports_alone() {
    let terminal = Terminal::new();
    let run = |arguments: &[&str]| {
        let ran = terminal.command(arguments).output().expect("atx runs");
        let stderr = String::from_utf8_lossy(&ran.stderr).into_owned();
        (ran.status.code(), stderr)
    };
    let report = terminal.folder().join("out/report.json");
    let record = ["run", "metadata/keys", "--out", "out", "--record"];
    let (exit, stderr) = run(&[&record[..], &["run.jsonl"]].concat());
    assert_eq!(exit, Some(0), "{stderr}");
    let before = fs::read_to_string(&report).expect("a report");
    for arguments in [
        // A folder is no file, and that is known before the run.
        [&record[..], &["out"]].concat(),
        vec!["run", "--out", "out", "--replay", "missing.jsonl"],
    ] {
        let (exit, stderr) = run(&arguments);
        assert_eq!(exit, Some(2), "{stderr}");
        let after = fs::read_to_string(&report).expect("the report is still there");
        assert_eq!(before, after, "{arguments:?}");
    }

    // A report that cannot be written takes no recording away.
    fs::create_dir_all(terminal.folder().join("blocked/junit.xml")).expect("a folder");
    let blocked = [
        "run",
        "metadata/keys",
        "--out",
        "blocked",
        "--record",
        "kept.jsonl",
    ];
    let (exit, stderr) = run(&blocked);
    assert_eq!(exit, Some(3), "{stderr}");
    let kept = fs::read_to_string(terminal.folder().join("kept.jsonl")).expect("a recording");

    // A recording that is not whole says nothing on the whole, to `run` and to `diff`.
    let cut = kept.lines().rev().skip(1).collect::<Vec<_>>();
    let cut: Vec<&str> = cut.into_iter().rev().collect();
    terminal.write("cut.jsonl", &cut.join("\n"));
    let (exit, stderr) = run(&[
        "run",
        "metadata/keys",
        "--out",
        "again",
        "--replay",
        "cut.jsonl",
    ]);
    assert_eq!(exit, Some(3), "{stderr}");
    let ran = terminal.command(&["diff", "cut.jsonl", "kept.jsonl"]);
    let shown = { ran }.output().expect("atx runs");
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(
        shown.contains("the file of the recording is cut"),
        "{shown}"
    );
}
