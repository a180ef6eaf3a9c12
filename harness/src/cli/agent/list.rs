//! `atx agent list`: what an agent is judged by.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::select;
use crate::cli::{Exit, Trouble, load, style};
use crate::presentation::text::count;

/// List the cases that an agent is judged by
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {
    /// Only these cases, as `--case` takes them
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,

    /// A folder of scenarios instead of those inside the program
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
}

pub(super) fn run(args: &Args, _: style::Terminal) -> Result<Exit, Trouble> {
    let (_, library) = load::for_agents(args.scenarios.as_deref())?;
    let library = select::select(library, &args.filters)?;
    let mut text = String::new();
    let mut cases = 0;
    for scenario in &library.scenarios {
        for case in std::iter::once(&scenario.base).chain(&scenario.cases) {
            cases += 1;
            let _ = writeln!(text, "{:<58} {}", select::id(scenario, case), case.title);
        }
    }
    for rule in &library.rules.rules {
        let _ = writeln!(
            text,
            "{:<58} {}",
            format!("invariants/{}", rule.observe.id),
            rule.title
        );
    }
    let rules = library.rules.rules.len();
    let _ = writeln!(
        text,
        "\n{}, {}",
        count(cases, "case"),
        rules_in_words(rules)
    );
    style::print(&text)?;
    Ok(Exit::Fine)
}

fn rules_in_words(rules: usize) -> String {
    match rules {
        1 => "1 rule for every request".to_owned(),
        rules => format!("{rules} rules for every request"),
    }
}
