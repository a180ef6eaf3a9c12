//! Runs scenarios through the library of the harness, as `atx run` does.

use std::sync::{Arc, OnceLock};

use harness::report::{Form, Format};
use harness::requirement::{Catalogue, Citation};
use harness::result::{Collector, RequirementNote, RunResult, StopCause, Verdict};
use harness::run::{RunOptions, run};
use harness::scenario::Scenario;
use harness::scenario::model::{Edition, Invariants};
use harness::targets::{Asked, Target, embedded};
use tokio::runtime::Runtime;

/// Every scenario of the repository.
pub fn scenarios() -> &'static [Scenario] {
    static SCENARIOS: OnceLock<Vec<Scenario>> = OnceLock::new();
    SCENARIOS.get_or_init(|| {
        harness::scenario::embedded().unwrap_or_else(|failures| {
            let pages: Vec<String> = failures.iter().map(ToString::to_string).collect();
            panic!("{}", pages.join("\n"))
        })
    })
}

/// The rules of the repository that hold for every answer.
pub fn invariants() -> Arc<Invariants> {
    let rules = harness::scenario::embedded_invariants();
    Arc::new(rules.unwrap_or_else(|failures| panic!("{}", failures[0])))
}

/// A run against a fresh mock org in this process.
pub fn run_embedded(scenarios: Vec<Scenario>, edition: Edition) -> RunResult {
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let target = embedded(edition, Asked::Little)
            .await
            .expect("the embedded org starts");
        run_on(scenarios, &target, &RunOptions::new(edition)).await
    })
}

/// Everything against the embedded org: one run for all tests that read it.
pub fn whole_run(edition: Edition) -> &'static RunResult {
    &whole_run_and_org(edition).0
}

/// The same, and the org that it was of.
pub fn whole_run_and_org(edition: Edition) -> &'static (RunResult, Target) {
    static OLDER: OnceLock<(RunResult, Target)> = OnceLock::new();
    static NEWER: OnceLock<(RunResult, Target)> = OnceLock::new();
    let kept = match edition {
        Edition::E2025_10 => &OLDER,
        Edition::E2026_10 => &NEWER,
    };
    kept.get_or_init(|| {
        let runtime = Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let target = embedded(edition, Asked::Everything)
                .await
                .expect("the embedded org starts");
            let mut options = RunOptions::new(edition);
            options.invariants = invariants();
            let spare = embedded(edition, Asked::Everything).await;
            options.spare = Some(spare.expect("the second org starts"));
            let run = run_on(scenarios().to_vec(), &target, &options).await;
            (run, target)
        })
    })
}

/// The same once more against an org of its own, case after case: for tests that compare two runs.
pub fn one_at_a_time() -> &'static RunResult {
    static RUN: OnceLock<RunResult> = OnceLock::new();
    RUN.get_or_init(|| {
        let edition = Edition::E2026_10;
        Runtime::new().expect("a runtime").block_on(async {
            let target = embedded(edition, Asked::Everything)
                .await
                .expect("the embedded org starts");
            let mut options = RunOptions::new(edition);
            options.jobs = 1;
            options.invariants = invariants();
            run_on(scenarios().to_vec(), &target, &options).await
        })
    })
}

/// A small `report.json`, of a run in which everything is fine.
pub fn small_report() -> &'static str {
    static REPORT: OnceLock<String> = OnceLock::new();
    REPORT.get_or_init(|| {
        let metadata = scenarios()
            .iter()
            .filter(|one| one.id.starts_with("metadata/"));
        let run = run_embedded(metadata.cloned().collect(), Edition::E2026_10);
        assert_fine(&run);
        report_json(&run)
    })
}

/// What `atx run` writes as `report.json`.
pub fn report_json(run: &RunResult) -> String {
    let format = Format::ALL
        .iter()
        .find(|format| format.file == "report.json");
    let text = format.map(|format| format.render(run, Form::Full));
    text.expect("a format").expect("it can be made")
}

/// A run against any target.
pub async fn run_on(scenarios: Vec<Scenario>, target: &Target, options: &RunOptions) -> RunResult {
    let catalogue = Catalogue::embedded();
    let mut collector = Collector::new(catalogue.iter().map(note).collect());
    run(scenarios, catalogue, target, options, &mut collector).await;
    collector.finish().expect("the run started")
}

/// Panics with the report unless everything is as it should be. A SHOULD that Okta was seen not to follow is a warning of
/// the mock as well; which ones they are the checked-in reports say.
pub fn assert_fine(result: &RunResult) {
    // A description may leave out what it takes to enter a resource type; the run says so then.
    let is_whole = (result.incomplete.as_ref())
        .is_none_or(|incomplete| incomplete.cause == StopCause::NotEntered);
    let fine = is_whole
        && result.results.iter().all(|case| {
            matches!(
                case.verdict,
                Verdict::Passed | Verdict::Observed | Verdict::Warning | Verdict::Skipped
            )
        });
    if !fine {
        let markdown = Format::ALL.iter().find(|format| format.file == "report.md");
        let page = markdown.map(|format| format.render(result, Form::Full));
        panic!(
            "{}",
            page.expect("a Markdown report").expect("it can be made")
        );
    }
}

fn note(requirement: &harness::requirement::Requirement) -> (String, RequirementNote) {
    let note = RequirementNote {
        level: requirement.demand.level,
        role: requirement.role,
        profile: requirement.demand.profile,
        source: requirement.demand.source.to_string(),
        specification: Citation::of(&requirement.demand.source).specification,
        url: Citation::of(&requirement.demand.source).url,
        text: requirement.demand.text.clone(),
    };
    (requirement.id.as_str().to_owned(), note)
}
