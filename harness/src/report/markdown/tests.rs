use super::*;
use crate::result::{KnownDeviation, Shard, Standing, Summary, Verdict, sample};

/// A run of so many cases, each of which failed in the same way.
fn many(cases: usize) -> RunResult {
    let mut run = sample::every_verdict();
    let failed = run
        .results
        .iter()
        .find(|case| case.verdict == Verdict::Failed)
        .unwrap()
        .clone();
    let varying = run.varying.cases[&failed.id].clone();
    run.results = (0..cases)
        .map(|number| {
            let mut case = failed.clone();
            case.id = format!("{}/number-{number:04}", failed.id);
            run.varying.cases.insert(case.id.clone(), varying.clone());
            case
        })
        .collect();
    run.summary = Summary::of(&run.results);
    run
}

#[test]
fn whatever_fails_the_page_fits_into_a_comment_and_leaves_out_nothing_unsaid() {
    for cases in [1, 10, 60, 681, 5000] {
        let page = render(&many(cases), Form::Full);
        assert!(page.chars().count() <= 65_536, "{cases}");
        let shown = page.lines().filter(|line| {
            line.contains("/number-") && (line.starts_with("- `") || line.starts_with("### "))
        });
        let counted: usize = page
            .lines()
            .filter_map(|line| {
                line.strip_prefix("- and ")?
                    .split(' ')
                    .next()?
                    .parse::<usize>()
                    .ok()
            })
            .sum();
        assert_eq!(shown.count() + counted, cases, "{cases}");
        // One can be read whole, whatever there is.
        assert!(
            page.contains("Request and answer") || cases > 681,
            "{cases}"
        );
    }
}

#[test]
fn a_known_deviation_is_apart_from_what_failed_and_one_that_is_gone_is_told() {
    let mut run = sample::every_verdict();
    for case in &mut run.results {
        case.standing = match case.verdict {
            Verdict::Failed => Standing::ExpectedFailure,
            Verdict::Passed => Standing::Stale,
            _ => continue,
        };
        case.known = Some(KnownDeviation {
            reason: "It is mended in March".to_owned(),
            until: None,
            expired: false,
            but: None,
            source: "expected.yaml:3".parse().unwrap(),
        });
    }
    let page = render(&run, Form::Full);
    assert!(!page.contains("## Failed"), "{page}");
    for heading in ["## Known: 1 case", "## Stale: 1 case"] {
        assert!(page.contains(heading), "{page}");
    }
}

#[test]
fn a_part_of_a_run_says_that_it_is_one() {
    let mut run = sample::all_well();
    run.shard = Some(Shard {
        index: 2,
        count: 3,
        cases: 9,
        suite: String::new(),
    });
    let page = render(&run, Form::Stable);
    assert!(
        page.contains("This is shard 2 of 3: 2 of 9 cases."),
        "{page}"
    );
}
