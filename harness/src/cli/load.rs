//! Scenarios and requirements for a command, from the program or from a folder.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::select::{cited, result_id};
use super::{Trouble, style};
use crate::baseline::Known;
use crate::files;
use crate::presentation::text::count;
use crate::requirement::{Catalogue, Citation, Profile, Profiles, Requirement};
use crate::result::{FailOn, RequirementNote};
use crate::scenario::model::{Edition, Invariants, Rule};
use crate::scenario::{self, load};
use crate::scenario::{Case, Scenario};
use crate::targets::{Deployment, Target, config};

/// What a target file says. The user is warned if others can read the secrets in it, or those in `.env` beside it.
pub(super) fn target(file: &Path) -> Result<Deployment, Trouble> {
    let deployment = config::read(file)?;
    let itself = deployment.writes_out_secrets.then_some(file);
    for holder in itself.into_iter().chain(deployment.env_file.as_deref()) {
        if files::is_readable_by_others(holder) {
            let name = holder.display();
            style::to_stderr(&format!(
                "warning: others can read {name}, and secrets stand in it: chmod 600 {name}\n"
            ));
        }
    }
    Ok(deployment)
}

/// What is checked and why.
#[derive(Debug)]
pub(super) struct Library {
    /// Ordered by id.
    pub(super) scenarios: Vec<Scenario>,
    /// Rules that every exchange is held against.
    pub(super) invariants: Arc<Invariants>,
    /// The requirements that they cite.
    pub(super) catalogue: Catalogue,
}

impl Library {
    /// The same, with each requirement as it judges under these profiles.
    pub(super) fn under(mut self, profiles: &Profiles) -> Self {
        self.catalogue = self.catalogue.under(profiles);
        self
    }

    /// The catalogue as reports show it.
    pub(super) fn notes(&self) -> BTreeMap<String, RequirementNote> {
        let note = |requirement: &Requirement| {
            let demand = &requirement.demand;
            let Citation { specification, url } = Citation::of(&demand.source);
            RequirementNote {
                level: demand.level,
                role: requirement.role,
                profile: demand.profile,
                source: demand.source.to_string(),
                specification,
                url,
                text: demand.text.clone(),
            }
        };
        self.catalogue
            .iter()
            .map(|requirement| (requirement.id.to_string(), note(requirement)))
            .collect()
    }

    /// The names a baseline may use: all there are, whatever a run is about.
    pub(super) fn known(&self) -> Known {
        let cases = self.scenarios.iter().flat_map(|scenario| {
            std::iter::once(None)
                .chain(scenario.cases.iter().map(Some))
                .map(|case| result_id(scenario, case))
        });
        let requirements = self.catalogue.iter();
        Known {
            cases: cases
                .chain(self.invariants.rules.iter().map(Rule::result_id))
                .collect(),
            requirements: requirements
                .map(|requirement| requirement.id.to_string())
                .collect(),
        }
    }
}

/// Reads a folder, or what is in the program.
pub(super) fn library(folder: Option<&Path>) -> Result<Library, Trouble> {
    Ok(match folder {
        Some(folder) => Library {
            scenarios: own_scenarios(folder)?,
            invariants: Arc::new(scenario::invariants_of(folder)?),
            catalogue: own_catalogue(folder)?,
        },
        None => Library {
            scenarios: scenario::embedded()?,
            invariants: Arc::new(scenario::embedded_invariants()?),
            catalogue: Catalogue::embedded().clone(),
        },
    })
}

/// What agents are judged by, and the library whose requirements they cite.
#[cfg(feature = "embedded")]
pub(super) fn for_agents(
    folder: Option<&Path>,
) -> Result<(Library, scenario::agent::AgentLibrary), Trouble> {
    let agents = match folder {
        Some(folder) => scenario::agent::from_dir(folder)?,
        None => scenario::agent::embedded()?,
    };
    let library = Library {
        scenarios: Vec::new(),
        invariants: Arc::default(),
        catalogue: match folder {
            Some(folder) => own_catalogue(folder)?,
            None => Catalogue::embedded().clone(),
        },
    };
    Ok((library, agents))
}

/// Hints that are printed; a folder of old scenarios has one on every other line.
const MOST_HINTS: usize = 10;

/// How many cases run at once.
pub(super) fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| {
        "expected a whole number of at least 1, the number of cases that run at once".to_owned()
    })
}

/// The scenarios of a folder. Where some use words of an earlier version, the user learns which words they are now.
fn own_scenarios(folder: &Path) -> Result<Vec<Scenario>, Trouble> {
    let scenarios = scenario::from_dir(folder)?;
    let hints = || scenarios.iter().flat_map(|scenario| &scenario.hints);
    for hint in hints().take(MOST_HINTS) {
        style::to_stderr(&format!("hint: {hint}\n"));
    }
    let more = hints().count().saturating_sub(MOST_HINTS);
    if more > 0 {
        style::to_stderr(&format!(
            "hint: the same in {}\n",
            count(more, "more place")
        ));
    }
    Ok(scenarios)
}

/// The requirements of a folder. Where some are in the form of earlier versions, the user learns how to write them now.
fn own_catalogue(folder: &Path) -> Result<Catalogue, Trouble> {
    let catalogue = load::catalogue_of(folder).map_err(|problems| vec![problems])?;
    if let Some((place, count)) = catalogue.sentences() {
        style::to_stderr(&format!(
            "hint: {}:{}: a source is a document and a section now, as in `source: {{ document: RFC 6749, section: §3.2 }}`; \
             one sentence is read until the next version ({count} in this file)\n",
            folder.join(load::REQUIREMENTS).display(),
            place.line
        ));
    }
    Ok(catalogue)
}

/// Whether a base flow or a case belongs to an edition; all do when none is asked for.
pub(super) fn belongs(scenario: &Scenario, case: Option<&Case>, edition: Option<Edition>) -> bool {
    let Some(edition) = edition else { return true };
    let fits = |editions: &[Edition]| editions.is_empty() || editions.contains(&edition);
    fits(&scenario.editions) && case.is_none_or(|case| fits(&case.editions))
}

/// Reads `--profile`, and names the profiles in the help.
pub(super) fn profile_parser() -> impl TypedValueParser<Value = Profile> {
    PossibleValuesParser::new(Profiles::CHOICE.map(|(name, _)| name)).map(|name| {
        // The parser has admitted these names only.
        Profiles::CHOICE
            .into_iter()
            .find(|(word, _)| *word == name)
            .map_or(Profile::Base, |(_, profile)| profile)
    })
}

/// Reads `--fail-on`.
pub(super) fn fail_on_parser() -> impl TypedValueParser<Value = FailOn> {
    PossibleValuesParser::new(FailOn::ALL.map(|(word, _)| word)).map(|name| {
        // The parser has admitted these words only.
        FailOn::ALL
            .into_iter()
            .find(|(word, _)| *word == name)
            .map_or(FailOn::Warning, |(_, least)| least)
    })
}

/// The profiles that `--profile` names, with `base`; `None` when it names none.
pub(super) fn profiles(named: &[Profile]) -> Option<Profiles> {
    (!named.is_empty()).then(|| Profiles::of(named.iter().copied()))
}

/// The target, judged by these profiles where some are named.
pub(super) fn judged(target: Target, named: &[Profile]) -> Target {
    match profiles(named) {
        Some(profiles) => target.judged_by(profiles),
        None => target,
    }
}

/// Whether some requirement that a base flow or a case cites is judged under these profiles.
pub(super) fn is_judged(
    scenario: &Scenario,
    case: Option<&Case>,
    profiles: &Profiles,
    catalogue: &Catalogue,
) -> bool {
    let cited = cited(scenario, case);
    let mut known = cited.iter().filter_map(|id| catalogue.get(id));
    cited.is_empty() || known.any(|requirement| profiles.sets_aside(requirement).is_none())
}

/// Reads `--edition`, and names the editions in the help.
pub(super) fn edition_parser() -> impl TypedValueParser<Value = Edition> {
    PossibleValuesParser::new(Edition::ALL.map(Edition::as_str)).map(|name| {
        // The parser has admitted these names only.
        Edition::ALL
            .into_iter()
            .find(|edition| edition.as_str() == name)
            .unwrap_or(Edition::E2026_10)
    })
}
