//! Loading: a folder, or what is in the binary, to scenarios; all mistakes of all files at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use strict_yaml::{Document, FromNode, Place, Problem, Problems, text_of};

use super::Scenario;
use super::document::ScenarioForm;
use super::expect::Sources;
use super::invariant;
use super::model::SourceFile;
use super::model::{INVARIANTS, Invariants};
use super::resolve;
use super::shared::Shared;
use crate::files;
use crate::requirement::{Catalogue, Excluded, RequirementId};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../scenarios");
/// What the embedded folder is called in messages.
const EMBEDDED_NAME: &str = "scenarios";
/// The catalogue of requirements, at the top of a folder.
pub(crate) const REQUIREMENTS: &str = "requirements.yaml";
/// Requirements left untested on purpose, at the top of a folder.
const EXCLUDED: &str = "excluded.yaml";
/// Shared expectations, at the top of a folder.
const SHARED: &str = "shared.yaml";
/// Rules that hold for every answer of a kind, at the top of a folder.
const RULES: &str = "invariants.yaml";
/// What a selftest knows of defects.
pub(crate) const DEFECTS: &str = "defects.yaml";
/// The codes that expectations may name.
const CODES: &str = "refusal-codes.yaml";
/// What agents are judged by, in a form of its own (`scenario/agent`).
pub(super) const AGENT: &str = "agent";
/// Rules that hold for every request of an agent.
pub(super) const AGENT_RULES: &str = "agent/rules.yaml";
/// What a client must notice of the mock's changes.
pub(crate) const AGENT_CHANGES: &str = "agent/changes.yaml";
/// Baselines, which are no scenarios.
const EXPECTED: &str = "expected/";
/// Folders stand at most this deep inside one another.
const DEEPEST: usize = 8;

/// The scenarios in the binary, ordered by id.
///
/// # Errors
/// The mistakes of all files, one [`Problems`] a file. A test sees to it that there are none.
pub fn embedded() -> Result<Vec<Scenario>, Vec<Problems>> {
    load(
        &embedded_files(),
        Catalogue::embedded(),
        Some(Excluded::embedded()),
    )
}

/// All files in the binary.
pub(super) fn embedded_files() -> Files {
    let mut files = Vec::new();
    collect_embedded(&EMBEDDED, &mut files);
    Files {
        root: EMBEDDED_NAME.to_owned(),
        files,
    }
}

/// The scenarios of a folder as bytes, those for agents included.
pub(super) fn files_of(path: &Path) -> Result<Files, Problems> {
    let mut files = Vec::new();
    collect_dir(path, path, 0, &mut files)?;
    Ok(Files {
        root: path.display().to_string(),
        files,
    })
}

/// The scenarios of a folder and those below it, ordered by id. Ids of requirements are looked up in the folder's
/// own `requirements.yaml`, and in that of the binary if it has none: see [`catalogue_of`].
///
/// # Errors
/// The mistakes of all files, one [`Problems`] a file.
pub fn from_dir(path: &Path) -> Result<Vec<Scenario>, Vec<Problems>> {
    let catalogue = catalogue_of(path).map_err(|problems| vec![problems])?;
    let excluded = own_excluded(path, &catalogue).map_err(|problems| vec![problems])?;
    let files = files_of(path).map_err(|problems| vec![problems])?;
    let loaded = load(&files, &catalogue, excluded.as_ref())?;
    if loaded.is_empty() {
        return Err(vec![files::unreadable(
            path,
            "there is no scenario in this folder",
        )]);
    }
    Ok(loaded)
}

/// The rules in the binary.
///
/// # Errors
/// The mistakes of the file. A test sees to it that there are none.
pub fn embedded_invariants() -> Result<Invariants, Vec<Problems>> {
    let text = |name: &str| {
        EMBEDDED
            .get_file(name)
            .and_then(|file| file.contents_utf8())
    };
    let Some(rules) = text(RULES) else {
        return Ok(Invariants::default());
    };
    rules_of(
        &format!("{EMBEDDED_NAME}/{RULES}"),
        rules,
        text(SHARED).unwrap_or_default(),
        Catalogue::embedded(),
        Some(Excluded::embedded()),
    )
}

/// The rules of a folder: those of its own `invariants.yaml`, none where it has no such file.
///
/// # Errors
/// The mistakes of the file, or why it cannot be read.
pub fn invariants_of(path: &Path) -> Result<Invariants, Vec<Problems>> {
    let file = path.join(RULES);
    if !file.exists() {
        return Ok(Invariants::default());
    }
    let read = |file: &Path| files::written(file).map_err(|problems| vec![problems]);
    let catalogue = catalogue_of(path).map_err(|problems| vec![problems])?;
    let excluded = own_excluded(path, &catalogue).map_err(|problems| vec![problems])?;
    let shared = path.join(SHARED);
    let shared = if shared.exists() {
        read(&shared)?
    } else {
        String::new()
    };
    let name = file.display().to_string();
    rules_of(&name, &read(&file)?, &shared, &catalogue, excluded.as_ref())
}

fn rules_of(
    name: &str,
    text: &str,
    shared: &str,
    catalogue: &Catalogue,
    excluded: Option<&Excluded>,
) -> Result<Invariants, Vec<Problems>> {
    // What is wrong with shared.yaml is reported by whoever reads the scenarios.
    let shared = Shared::parse(SHARED, shared, catalogue).unwrap_or_else(|_| Shared::broken());
    let sources = Sources {
        catalogue,
        shared: &shared,
    };
    let invariants = invariant::parse(name, text, &sources).map_err(|problems| vec![problems])?;
    if let Some(excluded) = excluded {
        let cited = invariants.rules.iter().flat_map(|rule| {
            let blocks = rule.expect.iter().flat_map(|block| &block.covers);
            blocks.chain(&rule.covers).map(|id| (id, rule.id.as_str()))
        });
        excluded.check(cited).map_err(|problems| vec![problems])?;
    }
    Ok(invariants)
}

/// The requirements that the scenarios of a folder cite.
///
/// # Errors
/// The mistakes of the folder's `requirements.yaml`.
pub fn catalogue_of(path: &Path) -> Result<Catalogue, Problems> {
    let file = path.join(REQUIREMENTS);
    if !file.exists() {
        return Ok(Catalogue::embedded().clone());
    }
    let text = files::written(&file)?;
    Catalogue::parse(&file.display().to_string(), &text)
}

/// The requirements that the scenarios of a folder leave untested on purpose: those of its own `excluded.yaml`. A folder
/// that has neither that nor requirements of its own leaves out what the binary does.
///
/// # Errors
/// The mistakes of the folder's `excluded.yaml`.
pub fn excluded_of(path: &Path, catalogue: &Catalogue) -> Result<Excluded, Problems> {
    let own = own_excluded(path, catalogue)?;
    let has_requirements = path.join(REQUIREMENTS).exists();
    Ok(own.unwrap_or_else(|| {
        if has_requirements {
            Excluded::default()
        } else {
            Excluded::embedded().clone()
        }
    }))
}

fn own_excluded(path: &Path, catalogue: &Catalogue) -> Result<Option<Excluded>, Problems> {
    let file = path.join(EXCLUDED);
    if !file.exists() {
        return Ok(None);
    }
    let text = files::written(&file)?;
    Excluded::parse(&file.display().to_string(), &text, catalogue).map(Some)
}

/// Files of one folder, relative paths with `/`, and how the folder is called.
pub(super) struct Files {
    root: String,
    files: Vec<(String, Arc<[u8]>)>,
}

impl Files {
    /// Those that agents are judged by.
    pub(super) fn for_agents(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let all = self.files.iter();
        all.filter(|(name, _)| is_yaml(name) && is_for_agents(name))
            .map(|(name, bytes)| (name.as_str(), &**bytes))
    }

    pub(super) fn name(&self, relative: &str) -> String {
        format!("{}/{relative}", self.root.trim_end_matches('/'))
    }
}

fn load(
    files: &Files,
    catalogue: &Catalogue,
    excluded: Option<&Excluded>,
) -> Result<Vec<Scenario>, Vec<Problems>> {
    let mut failures = Vec::new();
    let shared = match files.files.iter().find(|(name, _)| name == SHARED) {
        None => Shared::default(),
        Some((name, bytes)) => {
            let name = files.name(name);
            let text = text_of(&name, bytes);
            let shared = text.and_then(|text| Shared::parse(&name, text, catalogue));
            shared.unwrap_or_else(|problems| {
                failures.push(problems);
                Shared::broken()
            })
        }
    };
    let sources = Sources {
        catalogue,
        shared: &shared,
    };
    let mut scenarios = Vec::new();
    for (relative, bytes) in files.files.iter().filter(|(name, _)| is_scenario(name)) {
        match one(&files.name(relative), relative, bytes, &sources) {
            Ok(scenario) => scenarios.push(scenario),
            Err(problems) => failures.push(problems),
        }
    }
    scenarios.sort_by(|a: &Scenario, b| a.id.cmp(&b.id));
    failures.extend(clashes(&scenarios));
    failures.extend(scenarios.iter().filter_map(reserved));
    if let Some(excluded) = excluded {
        failures.extend(excluded.check(citations(&scenarios)).err());
    }
    if failures.is_empty() {
        return Ok(scenarios);
    }
    failures.sort_by(|a, b| a.name().cmp(b.name()));
    Err(failures)
}

/// Reads one scenario. Its id must be its relative path.
pub(crate) fn one(
    name: &str,
    relative: &str,
    bytes: &[u8],
    sources: &Sources<'_>,
) -> Result<Scenario, Problems> {
    let document = Document::parse_bytes(name, bytes)?;
    let mut problems = document.problems();
    let source = SourceFile {
        name: name.to_owned(),
        text: document.text.clone(),
    };
    let path_id = relative.trim_end_matches(".yaml");
    let resolved = ScenarioForm::from_node(&document.root, &mut problems)
        .map(|form| resolve::scenario(form, path_id, source, sources, &mut problems));
    match resolved {
        Some(mut scenario) if problems.is_empty() => {
            scenario.hints = problems.hints().to_vec();
            Ok(scenario)
        }
        _ => Err(problems),
    }
}

/// Ids of results that two places claim: a scenario `a/b` and a case `b` of a scenario `a`.
fn clashes(scenarios: &[Scenario]) -> Vec<Problems> {
    let mut owners: BTreeMap<String, &Scenario> =
        scenarios.iter().map(|one| (one.id.clone(), one)).collect();
    let mut failures = Vec::new();
    for scenario in scenarios {
        let mut problems =
            Problems::new(scenario.source.name.as_str(), scenario.source.text.clone());
        for case in &scenario.cases {
            if let Some(owner) = owners.insert(format!("{}/{}", scenario.id, case.id), scenario) {
                problems.push(Problem::new(
                    case.place,
                    format!(
                        "the result id `{}/{}` is taken by {}",
                        scenario.id, case.id, owner.source.name
                    ),
                ));
            }
        }
        if !problems.is_empty() {
            failures.push(problems);
        }
    }
    failures
}

/// A scenario whose results would be filed among those of rules.
fn reserved(scenario: &Scenario) -> Option<Problems> {
    let first = scenario.id.split('/').next();
    (first == Some(INVARIANTS)).then(|| {
        let mut problems =
            Problems::new(scenario.source.name.as_str(), scenario.source.text.clone());
        let message = format!("ids that begin with `{INVARIANTS}` belong to the rules of {RULES}");
        problems.push(Problem::new(Place::START, message).help("move it to another folder"));
        problems
    })
}

/// Every requirement that an expectation cites, with the scenario that does.
fn citations(scenarios: &[Scenario]) -> impl Iterator<Item = (&RequirementId, &str)> {
    scenarios.iter().flat_map(|scenario| {
        let of_cases = scenario.cases.iter().flat_map(|case| {
            let around = case.before.iter().chain(&case.then);
            case.expect
                .iter()
                .chain(around.flat_map(|step| &step.expect))
        });
        let of_base = scenario.steps.iter().flat_map(|step| &step.expect);
        of_base
            .chain(of_cases)
            .flat_map(|block| &block.covers)
            .map(|id| (id, scenario.id.as_str()))
    })
}

fn is_yaml(relative: &str) -> bool {
    let extension = Path::new(relative).extension();
    extension.is_some_and(|extension| extension == "yaml")
}

fn is_for_agents(relative: &str) -> bool {
    let rest = relative.strip_prefix(AGENT);
    rest.is_some_and(|rest| rest.starts_with('/'))
}

fn is_scenario(relative: &str) -> bool {
    is_yaml(relative)
        && !is_for_agents(relative)
        && relative != REQUIREMENTS
        && relative != EXCLUDED
        && relative != SHARED
        && relative != RULES
        && relative != DEFECTS
        && relative != CODES
        && !relative.starts_with(EXPECTED)
}

fn collect_embedded(dir: &'static Dir<'static>, files: &mut Vec<(String, Arc<[u8]>)>) {
    for file in dir.files() {
        files.push((slashed(file.path()), file.contents().into()));
    }
    dir.dirs().for_each(|dir| collect_embedded(dir, files));
}

fn collect_dir(
    root: &Path,
    dir: &Path,
    depth: usize,
    files: &mut Vec<(String, Arc<[u8]>)>,
) -> Result<(), Problems> {
    let failed = |error: std::io::Error| files::unreadable(dir, &error.to_string());
    if depth > DEEPEST {
        return Err(files::unreadable(
            dir,
            "folders stand too deep inside one another",
        ));
    }
    let entries = fs::read_dir(dir).map_err(failed)?;
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    for path in paths {
        let relative = slashed(path.strip_prefix(root).unwrap_or(&path));
        if path.is_dir() {
            collect_dir(root, &path, depth + 1, files)?;
        } else if is_scenario(&relative) || is_for_agents(&relative) || relative == SHARED {
            let bytes = files::bytes(&path, files::WRITTEN)
                .map_err(|error| files::unreadable(&path, &error.to_string()))?;
            files.push((relative, bytes.into()));
        }
    }
    Ok(())
}

fn slashed(path: &Path) -> String {
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}
