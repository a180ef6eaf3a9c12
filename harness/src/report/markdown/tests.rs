use super::*;
use crate::result::{KnownDeviation, Shard, Standing, Summary, Verdict, sample};

/// A run of so many cases, each of which failed in the same way, as a report shows it that names no problems.
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
    run.problems.clear();
    run.summary = Summary::of(&run.results);
    run
}

#[test]
fn the_page_leads_from_the_verdict_to_the_causes() {
    let mut run = sample::every_verdict();
    run.again.run = " --target org.yaml".to_owned();
    let problem = &mut run.problems[0];
    problem.cause.status = Some(400);
    problem.cause.error = Some("invalid_grant".to_owned());
    problem.cause.error_description = Some("Not <that> one".to_owned());
    let title = crate::presentation::markdown::prose(&problem.title);
    let page = render(&run, Form::Full);
    let order = [
        "**Not conformant",
        "- ✕ **Authorization server**: ",
        "## What does not hold: 2 problems",
        &format!("### 1. {title}"),
        "- Responsible: **the org authorization server**",
        "- Expected: `integer <400>`",
        "- Actual: `integer <200>`",
        "- Noticed in the answer: 400 `invalid_grant`: Not &lt;that&gt; one",
        "- What to do: ",
        "- To see it again: `atx run authorization-server/exchange/scope-not-on-connection --target org.yaml`",
        "<details><summary>Affects 1 case (failed)",
        "<details><summary>Request and answer",
        "| resource type |",
        "## Warning: 1 case",
    ];
    let mut rest = page.as_str();
    for part in order {
        let (_, behind) = rest
            .split_once(part)
            .unwrap_or_else(|| panic!("{part} is not where it should be in\n{page}"));
        rest = behind;
    }
}

#[test]
fn a_problem_with_many_victims_leaves_room_for_the_others() {
    let mut run = many(5000);
    let named = sample::every_verdict().problems;
    run.problems = (0..60)
        .map(|number| {
            let mut problem = named[0].clone();
            problem.id = format!("{}-{number}", problem.id);
            let cases = run.results.iter().skip(number * 80).take(80);
            problem.cases = cases.map(|case| case.id.clone()).collect();
            problem
        })
        .collect();
    for (at, case) in run.results.iter_mut().enumerate() {
        case.problem = run.problems.get(at / 80).map(|problem| problem.id.clone());
    }
    let page = render(&run, Form::Full);
    assert!(page.chars().count() <= 65_536);
    assert!(
        page.contains("## What does not hold: 60 problems"),
        "{page}"
    );
    assert!(page.contains("- 20 more, in `report.json`"), "{page}");
    let whole = page.matches("\n### ").count();
    let named = page
        .lines()
        .filter(|line| line.contains("(responsible: "))
        .count();
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
    assert!(
        whole > 0 && whole + named + counted >= 60,
        "{whole} {named} {counted}\n{page}"
    );
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
    assert!(
        !page.contains("## Failed") && !page.contains("## What does not hold: 2"),
        "{page}"
    );
    for heading in [
        "## Known: 1 problem",
        "; known because: It is mended in March (`expected.yaml:3`)",
        "## Stale: 1 case",
    ] {
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
