//! A problem is named once, and covers what follows from it and nothing else.

use super::{Baseline, Placeholders, compare, sample, update, write};
use crate::result::{RunResult, Standing, Verdict};

const TODAY: &str = "2026-11-27";

/// Two cases that fail for one requirement, the second for another as well.
fn run(also: &[&'static str]) -> RunResult {
    let mut second = vec!["req.a"];
    second.extend(also);
    sample::run(&[
        ("a/b", Verdict::Failed, &["req.a"]),
        ("a/b/expired", Verdict::Failed, &second),
        ("a/c", Verdict::Passed, &[]),
    ])
}

fn baseline(text: &str) -> Baseline {
    Baseline::parse("x.yaml", text, &sample::known(), Placeholders::Refused).unwrap()
}

fn standings(mut run: RunResult, baseline: &Baseline) -> Vec<(String, Standing, Option<String>)> {
    compare(&mut run, baseline, TODAY.parse().unwrap());
    let cases = run.results.into_iter();
    cases
        .map(|case| {
            (
                case.id,
                case.standing,
                case.known.and_then(|known| known.but),
            )
        })
        .collect()
}

#[test]
fn a_problem_is_written_once_and_covers_its_cases() {
    let text = write(&run(&["req.b"]), Some("Ticket 12."));
    assert!(
        text.ends_with(
            "\n- case: a/b\n  problem: harness/req.a\n  verdict: failed\n  requirements: [req.a, req.b]\n  \
             reason: Ticket 12.\n"
        ),
        "{text}"
    );
    let baseline = baseline(&text);
    let known = |id: &str| (id.to_owned(), Standing::ExpectedFailure, None);
    assert_eq!(
        standings(run(&["req.b"]), &baseline),
        [
            known("a/b"),
            known("a/b/expired"),
            ("a/c".to_owned(), Standing::Fine, None)
        ]
    );
}

#[test]
fn a_case_that_breaks_more_than_the_problem_is_not_covered() {
    let baseline = baseline(&write(&run(&[]), Some("Ticket 12.")));
    let but = "it breaks `req.c`, which the entry does not name".to_owned();
    assert_eq!(
        standings(run(&["req.c"]), &baseline)[1],
        ("a/b/expired".to_owned(), Standing::Unexpected, Some(but))
    );
    // A case that fails for another reason belongs to another problem.
    let other = sample::run(&[
        ("a/b", Verdict::Failed, &["req.a"]),
        ("a/b/expired", Verdict::Failed, &["req.b"]),
    ]);
    assert_eq!(
        standings(other, &baseline)[1],
        ("a/b/expired".to_owned(), Standing::Unexpected, None)
    );
}

#[test]
fn a_problem_that_is_gone_is_stale_at_the_case_that_showed_it() {
    let baseline = baseline(&write(&run(&[]), Some("Ticket 12.")));
    let fine = sample::run(&[
        ("a/b", Verdict::Passed, &[]),
        ("a/b/expired", Verdict::Passed, &[]),
    ]);
    let standings = standings(fine, &baseline);
    assert_eq!(standings[0].1, Standing::Stale);
    assert_eq!(standings[1].1, Standing::Fine);
}

#[test]
fn trouble_on_the_way_is_named_case_by_case() {
    let mut run = run(&[]);
    run.problems[0].requirement = None;
    run.problems[0].responsible = crate::result::Blame::Network;
    let text = write(&run, None);
    assert_eq!(text.matches("- case: ").count(), 2, "{text}");
    assert!(!text.contains("problem:"), "{text}");
}

#[test]
fn an_update_leaves_what_a_problem_covers_and_adds_what_it_does_not() {
    let text = write(&run(&[]), Some("Ticket 12."));
    let today = TODAY.parse().unwrap();
    let updated = |run: &RunResult| {
        let update = update(
            ("x.yaml", &text),
            &sample::known(),
            run,
            Some("New."),
            today,
        )
        .unwrap();
        let changes: Vec<String> = update.changes.iter().map(ToString::to_string).collect();
        (update.text, changes)
    };
    assert_eq!(updated(&run(&[])), (text.clone(), vec![]));
    let (file, changes) = updated(&run(&["req.b"]));
    assert_eq!(changes, ["changed  a/b: breaks req.b"]);
    assert!(file.contains("requirements: [req.a, req.b]"), "{file}");
    let more = sample::run(&[
        ("a/b", Verdict::Failed, &["req.a"]),
        ("a/b/expired", Verdict::Failed, &["req.a"]),
        ("a/c", Verdict::Failed, &["req.c"]),
    ]);
    assert_eq!(updated(&more).1, ["added    a/c: failed"]);
}
