//! `atx schema`: the JSON Schemas, for editors and for readers of reports.

use clap::ValueEnum;

use super::{Exit, Trouble, style};
use crate::targets::config;
use crate::{baseline, doctor, report, scenario};

/// The schema of the mock's org files, as `mock-okta schema` prints it. It is data: the reader is the mock's alone.
const ORG: &str = include_str!("../../../schemas/org.json");

/// Print a JSON Schema on stdout
///
/// `scenario` is the language of the files under scenarios/, so that an editor can complete and check them;
/// `agent-scenario` that of those under scenarios/agent/; `invariants` that of scenarios/invariants.yaml. `target` is a target
/// file, `org` a file that `mock-okta serve --config` reads, `baseline` a file of known deviations. `report` is the shape of
/// report.json, `doctor` that of what `atx doctor --json` prints.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which schema
    #[arg(value_enum, value_name = "WHAT")]
    what: What,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// What a scenario file may hold
    Scenario,
    /// What a file under scenarios/agent/ may hold
    AgentScenario,
    /// What the file of rules for every answer may hold
    Invariants,
    /// What `atx run` writes as report.json
    Report,
    /// What `atx run --baseline` reads
    Baseline,
    /// What `atx run --target` reads
    Target,
    /// What `mock-okta serve --config` reads
    Org,
    /// What `atx doctor --json` prints
    Doctor,
}

pub(super) fn run(args: &Args) -> Result<Exit, Trouble> {
    let schema = match args.what {
        What::Scenario => format!("{:#}\n", scenario::schema()),
        What::AgentScenario => format!("{:#}\n", scenario::agent::schema()),
        What::Invariants => format!("{:#}\n", scenario::invariant::schema()),
        What::Report => report::schema()?,
        What::Baseline => format!("{:#}\n", baseline::schema()),
        What::Target => format!("{:#}\n", config::schema()),
        What::Org => ORG.to_owned(),
        What::Doctor => format!("{:#}\n", doctor::schema()),
    };
    style::print(&schema)?;
    Ok(Exit::Fine)
}
