//! Every format of a run that has every verdict, and the law that reports see nothing unredacted.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::console::{Closing, Console, Progress, Talk, Wire, summary};
use super::{Form, Format, schema, stable_json};
use crate::presentation::card;
use crate::presentation::deviation::deviations;
use crate::presentation::terminal::Look;
use crate::result::{EventSink, RunResult, Verdict, sample};

mod baseline;
mod characters;
mod commands;

#[test]
fn the_console_tells_a_run_as_it_happens() {
    insta::assert_snapshot!("console_run", console(100));
}

#[test]
fn the_console_fits_sixty_columns() {
    let text = console(60) + &closing(&sample::every_verdict(), 60);
    // A name or command that must be copied whole may be longer; prose and values may not.
    let long: Vec<&str> = text
        .lines()
        .filter(|line| line.chars().count() > 60)
        .filter(|line| !line.contains("authorization-server/exchange/scope-not-on-connection"))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
    insta::assert_snapshot!("console_narrow", text);
}

#[test]
fn the_console_ends_with_what_to_do() {
    insta::assert_snapshot!("console_summary", closing(&sample::every_verdict(), 100));
    insta::assert_snapshot!(
        "console_summary_all_well",
        closing(&sample::all_well(), 100)
    );
}

#[test]
fn what_a_run_leaves_behind_is_one_line_and_a_list() {
    let run = sample::collect(&[
        sample::run_started(&["a"]),
        sample::done("a", Verdict::Passed),
        crate::result::RunEvent::LeftBehind {
            what: vec!["a session".to_owned(), "a token".to_owned()],
        },
        crate::result::RunEvent::RunDone {
            incomplete: None,
            milliseconds: 1.0,
        },
    ]);
    let line = "\nleft at the target: a session; a token\n";
    assert!(closing(&run, 100).contains(line), "{}", closing(&run, 100));
    assert!(!closing(&sample::all_well(), 100).contains("left at the target"));
    let report: Value = serde_json::from_str(&render("report.json", &run, Form::Stable)).unwrap();
    assert_eq!(
        report["left_behind"],
        serde_json::json!(["a session", "a token"])
    );
    let nothing: Value =
        serde_json::from_str(&render("report.json", &sample::all_well(), Form::Stable)).unwrap();
    assert_eq!(nothing.get("left_behind"), None);
}

#[test]
fn colour_adds_nothing_that_must_be_read() {
    let run = sample::every_verdict();
    let painted = summary(&run, &no_files(), Look::new(100, true));
    let stripped = anstream::adapter::strip_str(&painted).to_string();
    assert_ne!(painted, stripped);
    assert_eq!(stripped, summary(&run, &no_files(), Look::new(100, false)));
}

#[test]
fn markdown_is_exact_when_something_is_wrong_and_short_when_not() {
    insta::assert_snapshot!(
        "markdown",
        render("report.md", &sample::every_verdict(), Form::Full)
    );
    let short = render("report.md", &sample::all_well(), Form::Full);
    assert!(short.lines().count() < 15, "{short}");
    insta::assert_snapshot!("markdown_all_well", short);
}

#[test]
fn junit_has_a_suite_a_scenario() {
    insta::assert_snapshot!(
        "junit",
        render("junit.xml", &sample::every_verdict(), Form::Full)
    );
}

#[test]
fn a_scenario_is_one_suite_whatever_ids_stand_between() {
    let ids = ["a/b", "a/b-c", "a/b/d"];
    let mut run = sample::collect(
        &[sample::run_started(&ids)]
            .into_iter()
            .chain(ids.map(|id| sample::done(id, Verdict::Passed)))
            .chain([crate::result::RunEvent::RunDone {
                incomplete: None,
                milliseconds: 1.0,
            }])
            .collect::<Vec<_>>(),
    );
    run.results[2].scenario = "a/b".to_owned();
    assert_eq!(run.results[2].id, "a/b/d");
    let junit = render("junit.xml", &run, Form::Full);
    assert_eq!(junit.matches("<testsuite ").count(), 2, "{junit}");
}

#[test]
fn a_stable_report_does_not_know_when_and_where() {
    let run = sample::every_verdict();
    let mut elsewhere = run.clone();
    elsewhere.varying = crate::result::Varying::default();
    for format in Format::ALL {
        let stable = format.render(&run, Form::Stable).unwrap();
        assert_eq!(
            stable,
            format.render(&elsewhere, Form::Stable).unwrap(),
            "{}",
            format.file
        );
        for varies in ["2026-11-24T09:00:00Z", "3fa98c01d2e4", "1234"] {
            assert!(!stable.contains(varies), "{varies} in {}", format.file);
        }
        assert!(
            stable.ends_with('\n'),
            "{} ends with a line break",
            format.file
        );
    }
}

#[test]
fn the_json_report_keeps_what_varies_apart() {
    let run = sample::every_verdict();
    let full: Value = serde_json::from_str(&render("report.json", &run, Form::Full)).unwrap();
    let mut without = full.clone();
    without.as_object_mut().unwrap().remove("varying").unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&stable_json(&run).unwrap()).unwrap(),
        without
    );
    for member in [
        "id",
        "resource_type",
        "verdict",
        "standing",
        "covers",
        "findings",
    ] {
        assert!(full["results"][0].get(member).is_some(), "{member}");
    }
    let ids: Vec<&str> = full["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["id"].as_str().unwrap())
        .collect();
    assert!(ids.is_sorted(), "{ids:?}");
}

#[test]
fn the_schema_that_is_checked_in_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../reports/schema.json");
    let checked_in = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        checked_in == schema().unwrap(),
        "reports/schema.json is not what `atx schema report` prints; write it anew with\n  \
         cargo run --bin atx -- schema report > reports/schema.json"
    );
}

#[test]
fn a_card_is_at_most_a_screen() {
    let mut run = sample::every_verdict();
    let case = run
        .results
        .iter_mut()
        .find(|case| case.verdict == Verdict::Failed)
        .unwrap();
    case.findings = vec![case.findings[1].clone(); 30];
    let id = case.id.clone();
    let exchange = &mut run.varying.cases.get_mut(&id).unwrap().exchanges[0];
    exchange.request.parameters = vec![exchange.request.parameters[2].clone(); 30];

    run.problems.clear();

    for width in [60, 120] {
        let problem = &deviations(&run, Verdict::Failed, Form::Full)[0];
        let lines = card::lines(problem, width);
        assert!(
            lines.len() <= card::SCREEN + 8,
            "{} lines at {width}",
            lines.len()
        );
        let text = card::plain(problem, width);
        assert!(text.contains("and 27 more checks do not hold"), "{text}");
        assert!(text.contains("more lines in report.json"), "{text}");
        assert!(text.contains("received"), "{text}");
    }
}

#[test]
fn what_a_server_says_cannot_steer_the_terminal_or_the_page() {
    let mut run = sample::every_verdict();
    for case in &mut run.results {
        case.reason = case
            .reason
            .as_ref()
            .map(|_| "\u{1b}[2J<script>alert(1)</script>".to_owned());
        for finding in &mut case.findings {
            finding.actual = finding
                .actual
                .as_ref()
                .map(|_| "\u{1b}]0;x\u{7}\n| <b>`".to_owned());
        }
    }
    for format in Format::ALL {
        let text = format.render(&run, Form::Full).unwrap();
        assert!(!text.contains('\u{1b}'), "{}", format.file);
        assert!(!text.contains('\u{7}'), "{}", format.file);
    }
    assert!(!render("report.md", &run, Form::Full).contains("<script>"));
    assert!(!closing(&run, 100).contains('\u{1b}'));
}

/// `Exchange` is what was really on the wire. Nothing here may see it, so nothing here can leak it.
#[test]
fn reports_see_results_and_recorded_evidence_only() {
    let files = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report"));
    assert!(files.len() > 10, "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            let Some(path) = line.trim().strip_prefix("use crate::") else {
                continue;
            };
            let module = path.split([':', ';']).next().unwrap_or_default();
            assert!(
                ["result", "evidence", "presentation", "report"].contains(&module),
                "{}:{}: reports may not know `{module}`",
                file.display(),
                number + 1
            );
        }
        let forbidden = concat!("crate::", "exchange");
        assert!(
            !text.contains(forbidden),
            "{} names {forbidden}",
            file.display()
        );
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn render(file: &str, run: &RunResult, form: Form) -> String {
    Format::ALL
        .into_iter()
        .find(|format| format.file == file)
        .unwrap()
        .render(run, form)
        .unwrap()
}

#[test]
fn the_console_tells_as_much_as_it_is_asked() {
    insta::assert_snapshot!("console_quiet", talking(100, Talk::Quiet));
    insta::assert_snapshot!("console_verbose_narrow", talking(60, Talk::Verbose(None)));
    insta::assert_snapshot!("console_verbose", talking(100, Talk::Verbose(None)));
    let whole = talking(100, Talk::Verbose(Some(Wire::Whole)));
    insta::assert_snapshot!("console_verbose_whole", whole);
}

fn console(width: usize) -> String {
    talking(width, Talk::Normal)
}

fn talking(width: usize, talk: Talk) -> String {
    let mut out = Vec::new();
    let mut console = Console::new(
        &mut out,
        Look::new(width, false),
        Progress::Lines,
        sample::requirements(),
    )
    .with_talk(talk);
    for event in sample::events() {
        console.on_event(&event);
    }
    drop(console);
    String::from_utf8(out).unwrap()
}

fn closing(run: &RunResult, width: usize) -> String {
    let files = Format::ALL.map(|format| format.file);
    let closing = Closing {
        folder: Some(Path::new("reports/out")),
        files: &files,
        run_options: " --target org.yaml",
        show_options: "",
    };
    summary(run, &closing, Look::new(width, false))
}

const fn no_files() -> Closing<'static> {
    Closing {
        folder: None,
        files: &[],
        run_options: "",
        show_options: "",
    }
}
