//! Two runs side by side: nothing where nothing differs, and everything that does.

use std::fs;

use harness::diff::{Diff, Seen, diff};
use harness::result::Verdict;
use harness::scenario::model::Edition;
use insta::assert_snapshot;
use mock_okta::{Defect, MockOkta};
use rstest::{Context, rstest};

use super::Terminal;
use crate::support::harness_run::{one_at_a_time, small_report, whole_run};

/// What was observed, a line each, without the number of cases, which grows with the suite.
fn observed(diff: &Diff) -> String {
    let lines = diff.observed.iter().map(|difference| {
        let seen = |seen: &Option<Seen>| {
            let seen = seen.as_ref();
            seen.map_or_else(|| "absent".to_owned(), Seen::to_string)
        };
        let places: Vec<_> = difference.places.iter().map(String::as_str).collect();
        format!(
            "{}: {} | {} at {}\n",
            difference.what,
            seen(&difference.a),
            seen(&difference.b),
            places.join(", ")
        )
    });
    lines.collect()
}

#[test]
fn two_runs_against_the_mock_do_not_differ_and_two_editions_do() {
    let [one, older] = [Edition::E2026_10, Edition::E2025_10].map(whole_run);
    let same = diff(("one", one), ("other", one_at_a_time()));
    assert!(same.is_empty(), "{}", harness::diff::markdown(&same));
    // Three rest on a profile that gives way to another, and are skipped.
    assert_eq!(same.cases.observed + 3, same.cases.both);
    assert!(same.cases.both > 600, "only {} cases", same.cases.both);

    let editions = diff(("older", older), ("newer", one));
    assert_snapshot!("editions", observed(&editions));
    // What an edition lacks is skipped; nothing that both have went from one verdict to another.
    for change in &editions.verdicts {
        assert!(
            change.a == Verdict::Skipped || change.b == Verdict::Skipped,
            "{change:?}"
        );
    }
}

#[test]
fn an_answer_that_changed_is_seen_where_no_check_looks() {
    let terminal = Terminal::new();
    let org = MockOkta::builder().start_blocking().expect("an org");
    terminal.write("target.yaml", &org.target_file());
    let run = |out: &str| {
        let redeem = "authorization-server/redeem";
        let status = terminal
            .atx(&["run", redeem, "--target", "target.yaml", "--out", out])
            .status;
        status.code()
    };
    assert_eq!(run("before"), Some(0));
    assert_eq!(run("again"), Some(0));
    assert_snapshot!(
        "same",
        stable(&terminal.transcript(&["diff", "before", "again"]))
    );

    org.set_defects([Defect::parse("bend/access-token-act-missing").expect("a defect")]);
    run("after");
    assert_snapshot!(
        "bent",
        stable(&terminal.transcript(&["diff", "before", "after"]))
    );

    // The same on paper, and from the stable form, which has no exchanges.
    let page = terminal.transcript(&["diff", "before", "after", "--format", "markdown"]);
    assert!(
        page.contains("| claim `act` of token `access_token` | `an object` | absent |"),
        "{page}"
    );
    let shown = terminal.transcript(&[
        "diff",
        "before",
        "after",
        "--format",
        "html",
        "--out",
        "diff.html",
    ]);
    assert!(
        shown.contains("--- exit 1\n--- stdout\n--- stderr\n"),
        "{shown}"
    );
    let page = fs::read_to_string(terminal.folder().join("diff.html")).expect("a page");
    assert!(
        page.contains("<!DOCTYPE html>") && page.contains("<code>act</code>"),
        "{page}"
    );
    let report = fs::read_to_string(terminal.folder().join("after/report.json")).expect("a report");
    let report = harness::report::read(&report).expect("it can be read");
    terminal.write(
        "stable.json",
        &harness::report::stable_json(&report).expect("it can be written"),
    );
    let shown = terminal.transcript(&["diff", "before", "stable.json"]);
    assert!(shown.contains("B holds no exchanges"), "{shown}");
}

/// When the runs began differs.
fn stable(transcript: &str) -> String {
    let mut lines = transcript
        .lines()
        .map(|line| match line.split_once("edition 2026-10, ") {
            Some((before, _)) => format!("{before}edition 2026-10, [when])\n"),
            None => format!("{line}\n"),
        });
    lines.by_ref().collect()
}

#[rstest]
#[case::missing_report(&["diff", "report.json", "nowhere"])]
#[case::no_report(&["diff", "report.json", "wrong.json"])]
#[case::older_report(&["diff", "old.json", "report.json"])]
#[case::one_run(&["diff", "report.json"])]
#[case::unknown_format(&["diff", "report.json", "report.json", "--format", "pdf"])]
#[case::folder_in_the_way(&["diff", "report.json", "report.json", "--out", "folder"])]
fn arguments(#[context] context: Context, #[case] given: &[&str]) {
    let terminal = Terminal::new();
    terminal.write("wrong.json", "{}\n");
    terminal.write("old.json", "{ \"version\": 1 }\n");
    terminal.write("folder/file", "");
    terminal.write("report.json", small_report());
    let name = format!("arguments_{}", context.description.unwrap_or_default());
    let transcript = terminal.transcript(given);
    assert!(transcript.contains("--- exit 2\n"), "{transcript}");
    assert_snapshot!(name, transcript);
}
