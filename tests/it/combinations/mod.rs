//! Every honest description of a faultless org: whatever its target file says of how users sign in, how clients
//! authenticate, what can be controlled and who plays which role, no case fails, none ends in error, every skip says why,
//! and a second run gives what the first gave.

mod described;
mod list;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use harness::result::{RunResult, Verdict};
use harness::run::RunOptions;
use harness::targets::Target;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use self::described::{Combination, Mode, WIDTHS, described};
use crate::support::harness_run::{assert_fine, invariants, run_on, scenarios};

/// Runs that go on at once: the cases of a run that change its org run one by one.
const AT_ONCE: usize = 3;

/// The columns of the table that count.
const COUNTED: [(&str, Verdict); 4] = [
    ("passed", Verdict::Passed),
    ("observed", Verdict::Observed),
    ("warning", Verdict::Warning),
    ("skipped", Verdict::Skipped),
];

#[test]
fn no_description_of_a_faultless_org_is_judged_wrongly() {
    let runs = run_all(list::all(), 1);
    let mut table = String::new();
    let head = ["mode", "agent", "app", "left out", "edition", "profiles"];
    for (title, width) in head.into_iter().zip(WIDTHS) {
        let _ = write!(table, "{title:<width$} ");
    }
    for (title, _) in COUNTED {
        let _ = write!(table, "{title:>8} ");
    }
    let mut reasons: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (combination, runs) in &runs {
        let run = &runs[0];
        assert_fine(run);
        let _ = write!(table, "\n{combination}");
        for (_, verdict) in COUNTED {
            let _ = write!(table, "{:>8} ", run.summary.count(verdict));
        }
        for (reason, cases) in skip_reasons(run, combination) {
            let counted = reasons.entry(reason).or_default();
            counted.0 += 1;
            counted.1 += cases;
        }
    }
    table.push_str("\n\n descriptions  cases  why skipped\n");
    for (reason, (descriptions, cases)) in reasons {
        let _ = writeln!(table, "{descriptions:>13} {cases:>6}  {reason}");
    }
    let lines: Vec<&str> = table.lines().map(str::trim_end).collect();
    insta::assert_snapshot!("combinations", lines.join("\n"));
}

#[test]
fn a_second_run_gives_what_the_first_gave() {
    let runs = run_all(list::one_of_each_mode(), 2);
    assert_eq!(runs.len(), 7);
    for (combination, runs) in &runs {
        let [first, second] = &runs[..] else {
            panic!("two runs");
        };
        for (one, other) in first.results.iter().zip(&second.results) {
            let told = |case: &harness::result::CaseResult| {
                (case.id.clone(), case.verdict, case.reason.clone())
            };
            assert_eq!(told(one), told(other), "{combination}");
        }
        assert_eq!(first.left_behind, second.left_behind, "{combination}");
        let left: &[&str] = match combination.mode {
            Mode::Page => &["sessions of ada, grace at the sign-in page, which end by themselves"],
            Mode::Rotating => &[
                "the refresh token of the target file is used up: sign in again, and give the token as `{file: PATH}`, where each run writes the new one",
            ],
            _ => &[],
        };
        assert_eq!(first.left_behind, left, "{combination}");
    }
}

/// How often each reason is given. A case that sends nothing says why, and what to do about it unless it hangs on another.
fn skip_reasons(run: &RunResult, combination: &Combination) -> BTreeMap<String, usize> {
    let mut reasons = BTreeMap::new();
    let skipped = run
        .results
        .iter()
        .filter(|case| case.verdict == Verdict::Skipped);
    for case in skipped {
        let reason = case.reason.clone().unwrap_or_default();
        assert!(
            !reason.is_empty(),
            "{combination}: {} does not say why it is skipped",
            case.id
        );
        // A rule for every answer needs an answer of its kind, whatever the target file says.
        assert!(
            case.cure.is_some() || case.is_invariant() || reason.starts_with("its twin"),
            "{combination}: {} says no cure: {reason}",
            case.id
        );
        *reasons.entry(reason).or_default() += 1;
    }
    reasons
}

/// Runs the whole suite against each, so many times, in the order of the list.
fn run_all(combinations: Vec<Combination>, times: usize) -> Vec<(Combination, Vec<RunResult>)> {
    Runtime::new().expect("a runtime").block_on(async {
        let permits = Arc::new(Semaphore::new(AT_ONCE));
        let mut running = JoinSet::new();
        for (index, combination) in combinations.into_iter().enumerate() {
            let permits = permits.clone();
            running.spawn(async move {
                let _permit = permits.acquire_owned().await;
                let (target, _org) = described(&combination).await;
                let mut runs = Vec::with_capacity(times);
                for _ in 0..times {
                    runs.push(run(&target, &combination).await);
                }
                (index, combination, runs)
            });
        }
        let mut done = running.join_all().await;
        done.sort_by_key(|(index, ..)| *index);
        let told = done
            .into_iter()
            .map(|(_, combination, runs)| (combination, runs));
        told.collect()
    })
}

async fn run(target: &Target, combination: &Combination) -> RunResult {
    let mut options = RunOptions::new(combination.edition);
    options.invariants = invariants();
    // Nobody looks at it, and recording takes time.
    options.evidence = false;
    run_on(scenarios().to_vec(), target, &options).await
}
