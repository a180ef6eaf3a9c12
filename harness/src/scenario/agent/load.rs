//! Reads the scenarios for agents: those in the binary, or those in the folder `agent` of a folder of scenarios.

use std::path::Path;

use serde_json::{Value, json};
use strict_yaml::{Document, FromNode, Problem, Problems};

use super::changes;
use super::form::{self, AgentRuleForm, AgentScenarioForm};
use super::model::{AgentRules, AgentScenario};
use crate::requirement::Catalogue;
use crate::scenario::form::{Defs, Described};
use crate::scenario::load::{self, AGENT, AGENT_CHANGES, AGENT_RULES, Files};
use crate::scenario::model::SourceFile;

/// What an agent is judged by.
#[derive(Debug, Clone, Default)]
pub struct AgentLibrary {
    /// Ordered by id.
    pub scenarios: Vec<AgentScenario>,
    /// What must hold of every request, whatever the case.
    pub rules: AgentRules,
}

/// Those in the binary.
///
/// # Errors
/// The mistakes of all files, one [`Problems`] a file. A test sees to it that there are none.
pub fn embedded() -> Result<AgentLibrary, Vec<Problems>> {
    library(&load::embedded_files(), Catalogue::embedded())
}

/// Those of a folder of scenarios, which are in its folder `agent`.
///
/// # Errors
/// The mistakes of all files, one [`Problems`] a file; and that there is no scenario.
pub fn from_dir(path: &Path) -> Result<AgentLibrary, Vec<Problems>> {
    let catalogue = load::catalogue_of(path).map_err(|problems| vec![problems])?;
    let files = load::files_of(path).map_err(|problems| vec![problems])?;
    let library = library(&files, &catalogue)?;
    if library.scenarios.is_empty() {
        let why = format!("there is no scenario for an agent in its folder `{AGENT}`");
        return Err(vec![crate::files::unreadable(path, &why)]);
    }
    Ok(library)
}

fn library(files: &Files, catalogue: &Catalogue) -> Result<AgentLibrary, Vec<Problems>> {
    let mut library = AgentLibrary::default();
    let mut failures = Vec::new();
    for (relative, bytes) in files.for_agents() {
        let name = files.name(relative);
        let read = if relative == AGENT_CHANGES {
            changes::parse(&name, bytes, catalogue).map(|cases| library.scenarios.extend(cases))
        } else if relative == AGENT_RULES {
            rules(&name, bytes, catalogue).map(|rules| library.rules = rules)
        } else {
            scenario(&name, relative, bytes, catalogue).map(|one| library.scenarios.push(one))
        };
        failures.extend(read.err());
    }
    library.scenarios.sort_by(|a, b| a.id.cmp(&b.id));
    if failures.is_empty() {
        Ok(library)
    } else {
        Err(failures)
    }
}

/// Reads one scenario. Its id must be its relative path.
pub(super) fn scenario(
    name: &str,
    relative: &str,
    bytes: &[u8],
    catalogue: &Catalogue,
) -> Result<AgentScenario, Problems> {
    let document = Document::parse_bytes(name, bytes)?;
    let mut problems = document.problems();
    let source = SourceFile {
        name: name.to_owned(),
        text: document.text.clone(),
    };
    let path_id = relative.trim_end_matches(".yaml");
    let form = AgentScenarioForm::from_node(&document.root, &mut problems);
    let read = form.map(|form| form::scenario(form, path_id, source, catalogue, &mut problems));
    match read {
        Some(scenario) if problems.is_empty() => Ok(scenario),
        _ => Err(problems),
    }
}

fn rules(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Result<AgentRules, Problems> {
    let document = Document::parse_bytes(name, bytes)?;
    let mut problems = document.problems();
    let forms: Vec<AgentRuleForm> =
        FromNode::from_node(&document.root, &mut problems).unwrap_or_default();
    let mut rules: Vec<super::model::AgentRule> = Vec::new();
    for form in forms {
        let Some(rule) = form::rule(form, catalogue, &mut problems) else {
            continue;
        };
        if rules
            .iter()
            .any(|known| known.observe.id == rule.observe.id)
        {
            let message = format!("the id `{}` is taken", rule.observe.id);
            problems.push(Problem::new(rule.observe.place, message));
        }
        rules.push(rule);
    }
    problems.into_result(AgentRules {
        rules,
        source: Some(SourceFile {
            name: name.to_owned(),
            text: document.text.clone(),
        }),
    })
}

/// JSON Schema (2020-12) of a scenario for an agent, made of the very forms that read it.
#[must_use]
pub fn schema() -> Value {
    let mut defs = Defs::default();
    let root = AgentScenarioForm::schema(&mut defs);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of atx for an agent under test",
        "allOf": [root],
        "$defs": defs.into_json(),
    })
}
