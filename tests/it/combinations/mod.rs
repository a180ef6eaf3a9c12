//! Every honest description of a faultless org: whatever its target file says of how users sign in, how clients
//! authenticate, what can be controlled and who plays which role, no case fails, none ends in error, every skip says why,
//! and a second run gives what the first gave.

mod described;
mod list;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use harness::plan::plan;
use harness::requirement::Catalogue;
use harness::result::{CaseResult, RunResult, Verdict};
use harness::run::RunOptions;
use harness::scenario::Scenario;
use harness::targets::Deployment;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use self::described::{Combination, Described, Mode, WIDTHS, Without, described};
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
    let runs = all_runs();
    let mut table = String::new();
    let head = ["mode", "agent", "app", "left out", "edition", "profiles"];
    for (title, width) in head.into_iter().zip(WIDTHS) {
        let _ = write!(table, "{title:<width$} ");
    }
    for (title, _) in COUNTED {
        let _ = write!(table, "{title:>8} ");
    }
    let mut reasons: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (combination, runs) in runs {
        let run = &runs[0];
        assert_fine(run);
        // Without a sign-in nothing can be entered; whoever can sign in enters every resource type that is described. Where
        // one entry is left out, only what needs it is run.
        let may_be_incomplete =
            combination.mode == Mode::Nobody || matches!(combination.without, Without::One(..));
        assert!(
            may_be_incomplete || run.incomplete.is_none(),
            "{combination}: {:?}",
            run.incomplete
        );
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
    table.push_str("\n\nWhere one entry is left out, only the scenarios that it makes a difference to are run.");
    table.push_str("\n\n descriptions  cases  why skipped\n");
    for (reason, (descriptions, cases)) in reasons {
        let _ = writeln!(table, "{descriptions:>13} {cases:>6}  {reason}");
    }
    let lines: Vec<&str> = table.lines().map(str::trim_end).collect();
    insta::assert_snapshot!("combinations", lines.join("\n"));
}

#[test]
fn a_second_run_gives_what_the_first_gave() {
    let twice = all_runs().iter().filter(|(_, runs)| runs.len() == 2);
    assert_eq!(twice.clone().count(), list::one_of_each_mode().len());
    for (combination, runs) in twice {
        let (first, second) = (&runs[0], &runs[1]);
        for (one, other) in first.results.iter().zip(&second.results) {
            let outcome = |case: &CaseResult| (case.id.clone(), case.verdict, case.reason.clone());
            assert_eq!(outcome(one), outcome(other), "{combination}");
        }
        assert_eq!(first.left_behind, second.left_behind, "{combination}");
        let left: &[&str] = match combination.mode {
            Mode::Page | Mode::Allowed | Mode::Session => {
                &["sessions of ada, grace at the sign-in page, which end by themselves"]
            }
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
            case.cure.is_some()
                || case.is_invariant()
                || reason.starts_with("the same request without the change"),
            "{combination}: {} says no cure: {reason}",
            case.id
        );
        *reasons.entry(reason).or_default() += 1;
    }
    reasons
}

/// What became of every description, in the order of the list; one of each mode is run twice.
fn all_runs() -> &'static [(Combination, Vec<RunResult>)] {
    static RUNS: OnceLock<Vec<(Combination, Vec<RunResult>)>> = OnceLock::new();
    RUNS.get_or_init(|| Runtime::new().expect("a runtime").block_on(run_all()))
}

async fn run_all() -> Vec<(Combination, Vec<RunResult>)> {
    let twice = list::one_of_each_mode();
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for (index, combination) in list::all().into_iter().enumerate() {
        let permits = permits.clone();
        let times = if twice.contains(&combination) { 2 } else { 1 };
        running.spawn(async move {
            let _permit = permits.acquire_owned().await;
            let described = described(&combination).await;
            let asked = asked(&combination, &described);
            let mut runs = Vec::with_capacity(times);
            for _ in 0..times {
                runs.push(run(asked.clone(), &described, &combination).await);
            }
            (index, combination, runs)
        });
    }
    let mut done = running.join_all().await;
    done.sort_by_key(|(index, ..)| *index);
    let done = done.into_iter();
    done.map(|(_, combination, runs)| (combination, runs))
        .collect()
}

async fn run(asked: Vec<Scenario>, described: &Described, combination: &Combination) -> RunResult {
    let mut options = RunOptions::new(combination.edition);
    options.invariants = invariants();
    // Nobody looks at it, and recording takes time.
    options.evidence = false;
    // Nobody is there: a case that asks a person ends in error soon.
    options.asking.opens_browser = false;
    options.asking.within = Duration::from_secs(2);
    options.consent_within = Duration::from_secs(2);
    run_on(asked, &described.target, &options).await
}

/// The scenarios that are run: all, or where one entry is left out those that it makes a difference to. The others are run
/// with whole descriptions and with those that leave everything out.
fn asked(combination: &Combination, described: &Described) -> Vec<Scenario> {
    let Without::One(..) = combination.without else {
        return scenarios().to_vec();
    };
    let lacks = |deployment: &Deployment| {
        let catalogue = Catalogue::embedded().clone().under(&deployment.profiles);
        let planned = plan(
            scenarios().to_vec(),
            &catalogue,
            deployment,
            combination.edition,
        );
        let lacks = planned.into_iter().map(|one| {
            let lacks: Vec<_> = std::iter::once(one.base)
                .chain(one.cases)
                .map(|case| case.lack)
                .collect();
            (one.scenario.id.clone(), lacks)
        });
        lacks.collect::<BTreeMap<_, _>>()
    };
    let (whole, less) = (
        lacks(&described.whole),
        lacks(described.target.deployment()),
    );
    let differs = |scenario: &&Scenario| whole.get(&scenario.id) != less.get(&scenario.id);
    scenarios().iter().filter(differs).cloned().collect()
}
