//! `atx agent show`: a case as it is written, with the requirements that it cites.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::select;
use crate::cli::{Exit, Trouble, load, style};
use crate::requirement::RequirementId;
use crate::scenario::agent::model::{AgentCase, AgentScenario, Observation};

/// Show what a case does and which requirements it cites
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {
    /// Id of a case or of a rule, as `atx agent list` names it
    #[arg(value_name = "ID")]
    id: String,

    /// A folder of scenarios instead of those inside the program
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
}

pub(super) fn run(args: &Args, _: style::Terminal) -> Result<Exit, Trouble> {
    let (library, agents) = load::for_agents(args.scenarios.as_deref())?;
    let notes = library.notes();
    let requirements = |text: &mut String, ids: BTreeSet<&str>| {
        for id in ids {
            if let Some(note) = notes.get(id) {
                let _ = writeln!(
                    text,
                    "  {id} ({}, {})\n    {}",
                    note.level, note.source, note.text
                );
            }
        }
    };
    for rule in &agents.rules.rules {
        if args.id == format!("invariants/{}", rule.observe.id) {
            let file = agents.rules.source.as_ref();
            let mut text = format!(
                "{}\n{}\n\nHolds of every request, in every case.\n\n",
                args.id, rule.title
            );
            if let Some(file) = file {
                text.push_str(&written(&file.text, rule.observe.place.line, "- "));
            }
            text.push_str("\nRequirements\n");
            requirements(&mut text, cited(std::slice::from_ref(&rule.observe)));
            style::print(&text)?;
            return Ok(Exit::Fine);
        }
    }
    let all = agents.scenarios.iter().flat_map(|scenario| {
        let cases = std::iter::once(&scenario.base).chain(&scenario.cases);
        cases.map(move |case| (scenario, case))
    });
    let found: Option<(&AgentScenario, &AgentCase)> = all
        .clone()
        .find(|(scenario, case)| select::id(scenario, case) == args.id);
    let Some((scenario, case)) = found else {
        let ids: Vec<String> = all
            .map(|(scenario, case)| select::id(scenario, case))
            .collect();
        return Err(Trouble::Unknown {
            name: args.id.clone(),
            near: strict_yaml::did_you_mean(&args.id, ids.iter().map(String::as_str))
                .map(str::to_owned),
        });
    };
    let mut text = format!("{}\n{}\n", args.id, case.title);
    if let Some(about) = &scenario.about {
        let _ = write!(text, "\n{}\n", about.trim());
    }
    let task = case
        .task
        .map_or("the first task that the agent supports", |task| {
            task.as_str()
        });
    let _ = write!(
        text,
        "\nTask: {task}\nWritten at {}:{}\n\n",
        scenario.source.name, case.place.line
    );
    // The undisturbed task beside the changes of the registry is written nowhere.
    if case.id.is_none() && case.observe.is_empty() {
        text.push_str("It must reach its purpose.\n");
    } else {
        let marker = if case.id.is_some() { "- " } else { "" };
        text.push_str(&written(&scenario.source.text, case.place.line, marker));
    }
    text.push_str("\nRequirements\n");
    let mut ids = cited(&case.observe);
    ids.extend(case.covers.iter().map(RequirementId::as_str));
    requirements(&mut text, ids);
    style::print(&text)?;
    Ok(Exit::Fine)
}

fn cited(observations: &[Observation]) -> BTreeSet<&str> {
    let all = observations.iter().flat_map(|one| &one.covers);
    all.map(RequirementId::as_str).collect()
}

/// The entry of a file that begins at a line: up to the next one of its kind. The base of a scenario ends where cases begin.
fn written(text: &str, line: usize, marker: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let start = line.saturating_sub(1).min(lines.len());
    let indent = |line: &str| line.len() - line.trim_start().len();
    // A map in a list begins behind its hyphen.
    let start = if marker.is_empty() {
        0
    } else {
        (0..=start)
            .rev()
            .find(|at| {
                lines
                    .get(*at)
                    .is_some_and(|line| line.trim_start().starts_with(marker))
            })
            .unwrap_or(start)
    };
    let own = lines.get(start).map_or(0, |line| indent(line));
    let mut shown = String::new();
    for (at, line) in lines.iter().enumerate().skip(start) {
        let ends = at > start
            && !line.trim().is_empty()
            && if marker.is_empty() {
                line.starts_with("cases:")
            } else {
                indent(line) <= own
            };
        if ends {
            break;
        }
        shown.push_str("  ");
        shown.push_str(line);
        shown.push('\n');
    }
    shown
}
