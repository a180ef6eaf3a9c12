//! `atx list`: what there is to run.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::select::{FILTER_HELP, result_id};
use super::{Exit, Trouble, load, rules, style};
use crate::presentation::terminal::STRONG;
use crate::presentation::text::count;
use crate::requirement::Profile;
use crate::scenario::model::{Edition, Rule, StateChange};
use crate::scenario::state_changes;

/// List the cases: id, resource type, title, and what they change
///
/// One line a case on stdout, tab-separated where stdout is not a terminal. What a case changes at an org is off at a real
/// one unless `allow` in the target file names it. Nothing is sent anywhere.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "FILTER", help = FILTER_HELP)]
    pub(super) filters: Vec<String>,

    /// A folder of scenarios instead of those inside the program
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,

    /// Only what belongs to this edition of the guide
    #[arg(long, value_parser = load::edition_parser(), value_name = "EDITION")]
    edition: Option<Edition>,

    /// Only what is judged under this profile or under `base`. May be given more than once
    #[arg(long, value_parser = load::profile_parser(), value_name = "PROFILE")]
    profile: Vec<Profile>,
}

pub(super) fn run(args: &Args, terminal: style::Terminal) -> Result<Exit, Trouble> {
    let library = load::library(args.scenarios.as_deref())?;
    let rules::Chosen {
        scenarios,
        invariants,
    } = rules::named(library.scenarios, &library.invariants, &args.filters)?;
    let (profiles, catalogue) = (load::profiles(&args.profile), &library.catalogue);
    let mut rows = Vec::new();
    for scenario in &scenarios {
        for case in std::iter::once(None).chain(scenario.cases.iter().map(Some)) {
            let judged = profiles
                .as_ref()
                .is_none_or(|profiles| load::is_judged(scenario, case, profiles, catalogue));
            if judged && load::belongs(scenario, case, args.edition) {
                let title = case.map_or(&scenario.title, |case| &case.title);
                rows.push((
                    result_id(scenario, case),
                    scenario.resource_type.as_str(),
                    title.as_str(),
                    names(&state_changes(scenario, case)),
                ));
            }
        }
    }
    let is_judged = |rule: &Rule| {
        profiles.as_ref().is_none_or(|profiles| {
            let cited = rule.cited();
            let mut found = cited.iter().filter_map(|id| catalogue.get(id));
            found.any(|one| profiles.sets_aside(one).is_none())
        })
    };
    let rules: Vec<&Rule> = invariants
        .rules
        .iter()
        .filter(|rule| is_judged(rule))
        .collect();
    for rule in &rules {
        let nothing = String::new();
        rows.push((rule.result_id(), "none", rule.title.as_str(), nothing));
    }
    let text = if terminal.read_by_person {
        aligned(&rows, terminal)
    } else {
        tabbed(&rows)
    };
    style::print(&text)?;
    let of_rules = match rules.len() {
        0 => String::new(),
        rules => format!(", {rules} of them rules for every answer"),
    };
    style::to_stderr(&format!(
        "{} in {}{of_rules}\n",
        count(rows.len(), "case"),
        count(scenarios.len(), "scenario")
    ));
    Ok(Exit::Fine)
}

/// Id, resource type, title, and what it changes at an org.
type Row<'a> = (String, &'a str, &'a str, String);

/// What a case changes, as target files name it.
fn names(changes: &BTreeSet<StateChange>) -> String {
    let names: Vec<&str> = changes.iter().map(|change| change.as_str()).collect();
    names.join(",")
}

/// For programs: three columns, one line a case; a fourth where it changes something at an org.
fn tabbed(rows: &[Row<'_>]) -> String {
    let mut text = String::new();
    for (id, kind, title, changes) in rows {
        let joint = if changes.is_empty() { "" } else { "\t" };
        let _ = writeln!(text, "{id}\t{kind}\t{title}{joint}{changes}");
    }
    text
}

/// For people: the title under the id, so that it fits any width.
fn aligned(rows: &[Row<'_>], terminal: style::Terminal) -> String {
    let mut text = String::new();
    for (id, kind, title, changes) in rows {
        let changes = if changes.is_empty() {
            String::new()
        } else {
            format!("  changes {}", changes.replace(',', ", "))
        };
        let _ = writeln!(
            text,
            "{}  ({kind}){changes}\n    {title}",
            terminal.stdout.paint(STRONG, id)
        );
    }
    text
}
