//! How far a run goes: a sample or all that was chosen, within what the target file permits, and what that costs.

use super::choice::Choice;
use crate::cli::load::Library;
use crate::cli::{Trouble, style};
use crate::plan::{Around, Forecast, IdJagCount, PlannedScenario, forecast, plan, refused, sample};
use crate::presentation::text::count;
use crate::result::Selection;
use crate::scenario::model::Edition;
use crate::targets::{Deployment, Permissions, Target};

/// What a run may be asked to leave out.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct ExtentOptions {
    /// Print what would be sent where, what would change, what cannot be undone and what is skipped, and send nothing; with
    /// --format json for programs
    #[arg(long)]
    pub(super) plan: bool,

    /// Only a small set of the chosen cases that together cite every requirement which these cite. The run is not complete
    #[arg(long, conflicts_with = "shard")]
    pub(super) sample: bool,

    /// Do not revoke at the end what a real org issued during the run
    #[arg(long)]
    pub(super) keep_tokens: bool,
}

impl ExtentOptions {
    /// Whether not all that was chosen is run.
    pub(super) const fn is_part(&self) -> bool {
        self.sample
    }
}

/// What is run, and what becomes of each case.
pub(super) struct Extent {
    /// What is run.
    pub(super) choice: Choice,
    /// The same, planned for the target.
    pub(super) planned: Vec<PlannedScenario>,
    /// Cases for which no ID-JAG is left.
    beyond_budget: usize,
}

impl Extent {
    /// What the options leave of a choice.
    pub(super) fn of(
        mut choice: Choice,
        options: &ExtentOptions,
        library: &Library,
        target: &Target,
        edition: Edition,
    ) -> Self {
        let deployment = target.deployment();
        let planned = |scenarios, deployment: &Deployment| {
            plan(scenarios, &library.catalogue, deployment, edition)
        };
        let unlimited = without_budget(deployment);
        if options.sample {
            // Of all that can be run: the budget is for what is taken.
            let all = planned(std::mem::take(&mut choice.scenarios), &unlimited);
            choice.scenarios = sample(&all, deployment, edition);
            choice.selection = Some(sampled(&choice));
        }
        let within = planned(choice.scenarios.clone(), deployment);
        let beyond_budget = deployment.id_jag_budget().map_or(0, |_| {
            let whole = planned(choice.scenarios.clone(), &unlimited);
            running(&whole).saturating_sub(running(&within))
        });
        Self {
            choice,
            planned: within,
            beyond_budget,
        }
    }

    /// Whether the target file permits it.
    ///
    /// # Errors
    /// With what to write into the file.
    pub(super) fn permitted(&self, target: &Target) -> Result<(), Trouble> {
        match refused(&self.planned, target.deployment()) {
            None => Ok(()),
            Some(why) => Err(Trouble::Usage {
                why: why.to_string(),
                help: why.cure(),
            }),
        }
    }

    /// Says what a run costs a real org, before it begins.
    pub(super) fn print_cost(&self, target: &Target, edition: Edition, around: Around) {
        let deployment = target.deployment();
        if !deployment.is_real() {
            return;
        }
        let forecast = forecast(&self.planned, deployment, edition, around);
        style::to_stderr(&format!("note: {}\n", costs(&forecast)));
        let beyond = self.beyond_budget;
        if beyond > 0 {
            style::to_stderr(&format!(
                "note: {} {} beyond the ID-JAGs that this run may have issued (`id_jag_budget`): {} run\n",
                count(beyond, "case"),
                if beyond == 1 { "is" } else { "are" },
                count(forecast.cases, "case"),
            ));
        }
    }
}

/// The same target, with as many ID-JAGs as the cases need.
fn without_budget(deployment: &Deployment) -> Deployment {
    Deployment {
        permissions: Permissions {
            id_jag_budget: Some(usize::MAX),
            ..deployment.permissions.clone()
        },
        ..deployment.clone()
    }
}

/// Base flows and cases that run.
fn running(planned: &[PlannedScenario]) -> usize {
    let all = planned.iter();
    let all = all.flat_map(|one| std::iter::once(&one.base).chain(&one.cases));
    all.filter(|planned| planned.lack.is_none()).count()
}

/// At most so many requests and ID-JAGs. How many sign-ins it needs the run says itself.
fn costs(forecast: &Forecast) -> String {
    let id_jags = |of: fn(&IdJagCount) -> usize| forecast.id_jags.iter().map(of).sum::<usize>();
    format!(
        "this run makes at most {}, and has at most {} issued; --plan shows more",
        count(forecast.requests_at_most, "request"),
        count(id_jags(|one| one.issued_at_most), "ID-JAG"),
    )
}

/// What a report says of a sample.
fn sampled(choice: &Choice) -> Selection {
    let scenarios = choice.scenarios.iter();
    let cases: usize = scenarios.map(|one| one.cases.len() + 1).sum();
    let rules = choice.invariants.rules.len();
    let before = choice.selection.clone();
    Selection {
        chosen: cases + rules,
        sample: true,
        ..before.unwrap_or(Selection {
            chosen: 0,
            suite: choice.suite,
            filters: Vec::new(),
            rerun: false,
            sample: true,
        })
    }
}
