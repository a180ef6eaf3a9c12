//! Which scenarios a run is about: by the filters, of these what failed before, and of these a part.

use std::collections::BTreeSet;

use std::sync::Arc;

use super::Args;
use super::rerun::{Left, Rerun};
use super::shard::split;
use crate::cli::load::Library;
use crate::cli::select::result_id;
use crate::cli::{Exit, Trouble, rules, style};
use crate::requirement::Profile;
use crate::result::{Selection, Shard};
use crate::scenario::Scenario;
use crate::scenario::model::{Edition, Invariants, Rule};

/// What is to be run.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) scenarios: Vec<Scenario>,
    /// Rules that their exchanges are held against.
    pub(super) invariants: Arc<Invariants>,
    /// How many cases the suite has.
    pub(super) suite: usize,
    /// Which cases of the suite these are, unless they are all.
    pub(super) selection: Option<Selection>,
    /// Which part of the run it is.
    pub(super) shard: Option<Shard>,
    /// The edition of the run whose failures it is, where the user names none.
    pub(super) edition: Option<Edition>,
    /// The profiles to judge by, likewise; none where the target's are meant.
    pub(super) profiles: Vec<Profile>,
    /// The target of that run.
    pub(super) earlier_target: Option<String>,
}

impl Choice {
    /// Notes if an earlier run asked another target than this one.
    pub(super) fn note_other_target(&self, name: &str) {
        let earlier = self.earlier_target.as_ref();
        if let Some(earlier) = earlier.filter(|earlier| *earlier != name) {
            style::to_stderr(&format!(
                "note: the earlier run asked `{earlier}`, this one asks `{name}`\n"
            ));
        }
    }
}

/// What the options leave; the exit code where that is nothing, which the user has been shown.
pub(super) fn choose(library: &mut Library, args: &Args) -> Result<Result<Choice, Exit>, Trouble> {
    let scenarios = std::mem::take(&mut library.scenarios);
    let of_rules = library.invariants.rules.iter().map(Rule::result_id);
    let all: BTreeSet<String> = scenarios.iter().flat_map(ids).chain(of_rules).collect();
    let chosen = rules::choose(scenarios, library.invariants.clone(), &args.filters)?;
    let mut choice = Choice {
        scenarios: chosen.scenarios,
        invariants: chosen.invariants,
        suite: 0,
        selection: None,
        shard: None,
        edition: args.edition,
        profiles: args.profile.clone(),
        earlier_target: None,
    };
    if let Some(named) = &args.rerun_failed {
        let rerun = Rerun::read(named.as_deref(), &args.out)?;
        choice.scenarios = match rerun.of(choice.scenarios, &all) {
            Left::Some(scenarios, note) => {
                if let Some(note) = note {
                    style::to_stderr(&format!("note: {note}\n"));
                }
                scenarios
            }
            Left::Nothing(why, exit) => {
                style::to_stderr(&format!("{why}\n"));
                return Ok(Err(exit));
            }
        };
        choice.invariants = Arc::new(rules::kept(&choice.invariants, |rule| {
            rerun.wants(&rule.result_id())
        }));
        choice.edition = args.edition.or(rerun.edition());
        if args.profile.is_empty() {
            choice.profiles = rerun.profiles();
        }
        choice.earlier_target = Some(rerun.target().to_owned());
    }
    let cases: usize = choice.scenarios.iter().map(|one| one.cases.len() + 1).sum();
    let chosen = cases + choice.invariants.rules.len();
    let suite = all.len();
    choice.suite = suite;
    choice.selection = (chosen < suite).then(|| Selection {
        chosen,
        suite,
        filters: args.filters.clone(),
        rerun: args.rerun_failed.is_some(),
        sample: false,
    });
    if let Some(share) = args.shard {
        let (scenarios, shard) = split(choice.scenarios, share);
        if scenarios.is_empty() {
            style::to_stderr(&format!("note: {shard} has no scenario\n"));
        }
        choice.scenarios = scenarios;
        choice.shard = Some(shard);
    }
    Ok(Ok(choice))
}

fn ids(scenario: &Scenario) -> Vec<String> {
    let cases = scenario.cases.iter().map(Some);
    std::iter::once(None)
        .chain(cases)
        .map(|case| result_id(scenario, case))
        .collect()
}
