//! Every format of a run that was compared with a baseline.

use std::path::Path;

use crate::presentation::terminal::Look;
use crate::report::console::{Closing, Console, Progress, Talk, Wire, summary};
use crate::report::{Form, Format};
use crate::result::{
    BaselineNote, EventSink, KnownDeviation, RunEvent, RunResult, Standing, sample,
};

/// A run in which the first failure is known, the error deviates otherwise, and the case that passed is named too.
fn compared() -> RunResult {
    let mut run = sample::every_verdict();
    run.incomplete = None;
    run.baseline = Some(BaselineNote {
        file: "expected.yaml".to_owned(),
        entries: 5,
        proposed: (1..8).map(proposal).collect(),
    });
    let known = |line: usize, but: Option<&str>| KnownDeviation {
        reason: "The org is updated in March; ticket 12 <b>".to_owned(),
        until: (line == 3).then(|| "2027-03-31".to_owned()),
        expired: false,
        but: but.map(str::to_owned),
        source: crate::result::SourceLine::new("expected.yaml", line),
    };
    for case in &mut run.results {
        let (standing, known) = match case.verdict {
            crate::result::Verdict::Failed => (Standing::ExpectedFailure, known(3, None)),
            crate::result::Verdict::Passed => {
                (Standing::Stale, known(8, Some("it no longer deviates")))
            }
            crate::result::Verdict::Error => {
                let but = "it is known to fail, and could not even be judged";
                (Standing::Unexpected, known(13, Some(but)))
            }
            _ => continue,
        };
        case.standing = standing;
        case.known = Some(known);
    }
    run
}

fn proposal(number: u32) -> String {
    format!("- case: a/b-{number}\n  verdict: failed\n  reason: TODO say why\n")
}

fn closing(run: &RunResult, width: usize) -> String {
    let closing = Closing {
        folder: Some(Path::new("reports/out")),
        files: &["report.json"],
        run_options: " --baseline expected.yaml",
        show_options: "",
    };
    summary(run, &closing, Look::new(width, false))
}

#[test]
fn the_console_tells_what_is_known_and_what_to_add() {
    let run = compared();
    insta::assert_snapshot!("console", closing(&run, 100));
    let narrow = closing(&run, 60);
    let long: Vec<&str> = narrow
        .lines()
        .filter(|line| line.chars().count() > 60 && line.contains(' '))
        .filter(|line| {
            !line.trim_start().starts_with("atx ")
                && !line.contains("authorization-server/exchange/")
        })
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn what_is_stale_comes_before_what_is_fine() {
    let mut run = compared();
    run.results
        .retain(|case| case.standing != Standing::Unexpected);
    let text = closing(&run, 100);
    assert!(
        text.ends_with("  atx baseline update expected.yaml --from reports/out\n"),
        "{text}"
    );
}

#[test]
fn a_known_failure_is_a_line_when_it_happens() {
    insta::assert_snapshot!("console_run", as_it_happens(Talk::Normal));
}

#[test]
fn a_known_failure_is_no_news_to_who_wants_quiet_and_shows_its_wire_to_who_wants_more() {
    let quiet = as_it_happens(Talk::Quiet);
    assert!(!quiet.contains("known "), "{quiet}");
    // Of what must leave the baseline somebody has to know.
    assert!(quiet.contains("stale "), "{quiet}");
    let verbose = as_it_happens(Talk::Verbose(Some(Wire::Lines)));
    let (_, known) = verbose.split_once("known ").unwrap();
    let (known, _) = known.split_once("\nwarning").unwrap();
    assert!(known.contains("POST "), "{verbose}");
}

fn as_it_happens(talk: Talk) -> String {
    let run = compared();
    let mut out = Vec::new();
    let mut console = Console::new(
        &mut out,
        Look::new(100, false),
        Progress::Lines,
        sample::requirements(),
    )
    .with_talk(talk);
    for case in run.results {
        let varying = run.varying.cases.get(&case.id).cloned();
        console.on_event(&RunEvent::CaseDone {
            result: Box::new(case),
            varying: Box::new(varying.unwrap_or_default()),
        });
    }
    drop(console);
    String::from_utf8(out).unwrap()
}

#[test]
fn the_files_tell_it_too() {
    let render = |file| {
        let format = Format::ALL.into_iter().find(|format| format.file == file);
        format.unwrap().render(&compared(), Form::Full).unwrap()
    };
    let page = render("report.md");
    let (_, page) = page.split_once("## Stale").unwrap();
    let (page, _) = page.split_once("## Warning").unwrap();
    insta::assert_snapshot!("markdown", format!("## Stale{page}"));
    let junit = render("junit.xml");
    let shown: Vec<&str> = junit
        .lines()
        .filter(|line| line.contains("expected.yaml") || line.contains("ticket 12"))
        .collect();
    insta::assert_snapshot!("junit", shown.join("\n"));
}

#[test]
fn colour_adds_nothing_that_must_be_read() {
    let closing = Closing {
        folder: None,
        files: &[],
        run_options: "",
        show_options: "",
    };
    let painted = summary(&compared(), &closing, Look::new(100, true));
    let stripped = anstream::adapter::strip_str(&painted).to_string();
    assert_eq!(
        stripped,
        summary(&compared(), &closing, Look::new(100, false))
    );
}
