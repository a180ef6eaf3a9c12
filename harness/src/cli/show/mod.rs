//! `atx show`: a case or a rule as a page, made from what is really run.

mod case;
mod expectation;
mod page;
mod roles;
mod rule;

use std::path::PathBuf;

use strict_yaml::did_you_mean;

use super::load::{self, Library};
use super::select::result_id;
use super::{Exit, Trouble, style};
use crate::scenario::model::Rule;
use crate::scenario::{Case, Scenario};

/// Show a case or a rule as a page: what is sent, what must come back, and why
///
/// The page goes to stdout. Nothing is sent anywhere.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of a case or of a rule, as `atx list` and the reports name it
    #[arg(value_name = "ID")]
    pub(super) id: String,

    /// A folder of scenarios instead of those inside the program
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
}

pub(super) fn run(args: &Args, terminal: style::Terminal) -> Result<Exit, Trouble> {
    let library = load::library(args.scenarios.as_deref())?;
    let id = args.id.trim_end_matches('/');
    let mut rules = library.invariants.rules.iter();
    if let Some(rule) = rules.find(|rule| rule.result_id() == id) {
        style::print(&rule::render(rule, &library, terminal.stdout))?;
        return Ok(Exit::Fine);
    }
    let (scenario, case) = find(&library, id)?;
    style::print(&case::render(
        scenario,
        case,
        &library.catalogue,
        terminal.stdout,
    ))?;
    Ok(Exit::Fine)
}

fn find<'l>(library: &'l Library, id: &str) -> Result<(&'l Scenario, Option<&'l Case>), Trouble> {
    let all = || {
        library.scenarios.iter().flat_map(|scenario| {
            std::iter::once(None)
                .chain(scenario.cases.iter().map(Some))
                .map(move |case| (scenario, case))
        })
    };
    if let Some(found) = all().find(|(scenario, case)| result_id(scenario, *case) == id) {
        return Ok(found);
    }
    let ids: Vec<String> = all()
        .map(|(scenario, case)| result_id(scenario, case))
        .chain(library.invariants.rules.iter().map(Rule::result_id))
        .collect();
    let near = did_you_mean(id, ids.iter().map(String::as_str)).map(str::to_owned);
    Err(Trouble::Unknown {
        name: id.to_owned(),
        near,
    })
}

#[cfg(test)]
mod tests;
