//! Coverage: which requirements a run has tested, which it has not, and which it leaves out for a reason.
//!
//! A requirement is *tested* when a check that cites it was judged in this run, and when a defect has shown that such a
//! check can fail. A check that cannot fail tests nothing.

mod count;
mod page;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::presentation::json_lines;
use crate::requirement::{Catalogue, Excluded, Profile, Requirement, Role, Tier};
use crate::result::{RunResult, Verdict};
use crate::selftest::Matrix;
use crate::targets::{Deployment, Whose};

pub use count::{Count, counts};
pub use page::{markdown, paper, summary, tabbed};

/// Version of the shape of the JSON.
pub const COVERAGE_VERSION: u32 = 1;

/// What a run has tested.
#[derive(Debug, Clone, Serialize)]
pub struct Coverage {
    /// Shape of this document.
    pub version: u32,
    /// `embedded`, `mock` or `okta`.
    pub target: String,
    /// Edition of the guide that was followed.
    pub edition: String,
    /// Profiles that were judged.
    pub profiles: Vec<&'static str>,
    /// Counts by role, tier and profile.
    pub summary: Vec<Count>,
    /// Every requirement, in the order of the catalogue; twice where it is one of both authorization servers.
    pub requirements: Vec<Entry>,
}

/// One requirement.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Stable name.
    pub id: String,
    /// `org` or `custom`, where both servers have to meet it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<&'static str>,
    /// Whether it is tested.
    pub state: State,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// `MUST`, `SHOULD` or `MAY`.
    pub level: &'static str,
    /// Who has to meet it.
    pub role: &'static str,
    /// Profile of the protocol.
    pub profile: &'static str,
    /// `core` or `extended`.
    pub tier: Tier,
    /// Document and section.
    pub source: String,
    /// The cases that cite it, and what became of the checks that do.
    pub cases: Vec<Cited>,
}

/// Whether a requirement is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is.
    Tested,
    /// It is not.
    Untested,
    /// It is not, on purpose.
    Excluded,
}

impl State {
    /// As reports write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tested => "tested",
            Self::Untested => "untested",
            Self::Excluded => "excluded",
        }
    }
}

/// A case that cites a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cited {
    /// Id of the case.
    pub case: String,
    /// The most severe verdict among its checks that cite the requirement; the case's own where none was judged.
    pub verdict: Verdict,
}

/// What the state of a requirement is derived from.
#[derive(Clone, Copy)]
pub struct Evidence<'e> {
    /// All requirements.
    pub catalogue: &'e Catalogue,
    /// The run.
    pub run: &'e RunResult,
    /// Whom it tested.
    pub deployment: &'e Deployment,
    /// Which checks can fail.
    pub matrix: &'e Matrix,
    /// Which requirements are left untested on purpose.
    pub excluded: &'e Excluded,
}

/// The state of every requirement that `wanted` names.
#[must_use]
pub fn coverage(evidence: Evidence<'_>, wanted: &dyn Fn(&Requirement) -> bool) -> Coverage {
    let citations = Citations::of(evidence.run, evidence.deployment);
    let mut requirements = Vec::new();
    for requirement in evidence.catalogue.iter().filter(|one| wanted(one)) {
        let servers: &[Option<Whose>] = if is_of_both_servers(requirement) {
            &[Some(Whose::Org), Some(Whose::Custom)]
        } else {
            &[None]
        };
        for server in servers {
            requirements.push(entry(requirement, *server, &citations, evidence));
        }
    }
    Coverage {
        version: COVERAGE_VERSION,
        target: evidence.deployment.kind.as_str().to_owned(),
        edition: evidence.run.edition.clone(),
        profiles: evidence
            .deployment
            .profiles
            .iter()
            .map(Profile::as_str)
            .collect(),
        summary: counts(&requirements),
        requirements,
    }
}

/// As JSON: a requirement is one line.
///
/// # Errors
/// It is not expressible in JSON.
pub fn json(coverage: &Coverage) -> serde_json::Result<String> {
    json_lines::to_string(coverage, 2)
}

/// Both servers have a token endpoint and authenticate clients there: what the catalogue asks of the org's in these
/// groups it asks of a custom server's as well (head of requirements.yaml).
fn is_of_both_servers(requirement: &Requirement) -> bool {
    let group = requirement.id.as_str().split('.').next();
    requirement.role == Role::IdpAs && matches!(group, Some("token" | "clientauth"))
}

fn entry(
    requirement: &Requirement,
    server: Option<Whose>,
    citations: &Citations,
    evidence: Evidence<'_>,
) -> Entry {
    let id = requirement.id.as_str();
    let judged = citations.judged(id, server);
    let unjudged = citations.unjudged.get(id);
    let server = server.map(Whose::as_str);
    let aside = evidence.deployment.profiles.sets_aside(requirement);
    let is_shown = evidence.matrix.shows(id, server);
    let excluded = evidence.excluded.reason(id).map(str::to_owned);
    let (state, reason) = if let Some(aside) = aside {
        // Why there are no cases for a profile is better said than that it is not chosen.
        (
            State::Excluded,
            excluded.or_else(|| Some(aside.to_string())),
        )
    } else if !judged.is_empty() && is_shown {
        (State::Tested, None)
    } else if let Some(reason) = excluded {
        (State::Excluded, Some(reason))
    } else if !judged.is_empty() {
        let reason = "no defect shows that its check can fail";
        (State::Untested, Some(reason.to_owned()))
    } else if unjudged.is_some() {
        let reason = "none of its cases could be judged";
        (State::Untested, Some(reason.to_owned()))
    } else {
        (State::Untested, Some("no case cites it".to_owned()))
    };
    let mut cases = judged;
    cases.extend(unjudged.into_iter().flatten().cloned());
    cases.sort_by(|a, b| a.case.cmp(&b.case));
    Entry {
        id: id.to_owned(),
        server,
        state,
        reason,
        level: requirement.demand.level.as_str(),
        role: requirement.role.as_str(),
        profile: requirement.demand.profile.as_str(),
        tier: requirement.tier,
        source: requirement.demand.source.to_string(),
        cases,
    }
}

/// Which cases cite what.
struct Citations {
    /// By requirement and case: the servers that were asked, and the most severe verdict at each.
    judged: BTreeMap<String, BTreeMap<String, BTreeMap<Whose, Verdict>>>,
    /// Cases that cite a requirement and have no judged check that does.
    unjudged: BTreeMap<String, Vec<Cited>>,
}

impl Citations {
    fn of(run: &RunResult, deployment: &Deployment) -> Self {
        let mut citations = Self {
            judged: BTreeMap::new(),
            unjudged: BTreeMap::new(),
        };
        for case in &run.results {
            let varying = run.varying.cases.get(&case.id);
            let asked = |step: &str| {
                // A rule for every answer names the server in place of a step.
                if case.is_invariant() {
                    return Whose::of_word(step);
                }
                let exchanges = varying.map_or(&[][..], |varying| &varying.exchanges);
                // The last request of a step is the one that is judged.
                let last = exchanges.iter().rfind(|exchange| exchange.step == step);
                last.map_or(Whose::Other, |last| deployment.whose(&last.request.url))
            };
            let mut cited = BTreeSet::new();
            for finding in &case.findings {
                if finding.verdict == Verdict::Error || finding.not_judged.is_some() {
                    continue;
                }
                let whose = asked(&finding.step);
                for id in &finding.covers {
                    cited.insert(id.as_str());
                    let cases = citations.judged.entry(id.clone()).or_default();
                    let servers = cases.entry(case.id.clone()).or_default();
                    let verdict = servers.entry(whose).or_insert(finding.verdict);
                    *verdict = finding.verdict.max(*verdict);
                }
            }
            let unjudged = matches!(
                case.verdict,
                Verdict::Skipped | Verdict::NotApplicable | Verdict::NotRun | Verdict::Error
            );
            let left = case.covers.iter().filter(|id| !cited.contains(id.as_str()));
            for id in left.filter(|_| unjudged) {
                let cases = citations.unjudged.entry(id.clone()).or_default();
                cases.push(Cited {
                    case: case.id.clone(),
                    verdict: case.verdict,
                });
            }
        }
        citations
    }

    /// The cases with a judged check that cites a requirement, asked of this server or of any.
    fn judged(&self, id: &str, server: Option<Whose>) -> Vec<Cited> {
        let cases = self.judged.get(id).into_iter().flatten();
        let cited = cases.filter_map(|(case, servers)| {
            let here = servers
                .iter()
                .filter(|(whose, _)| server.is_none_or(|server| server == **whose));
            let verdict = here.map(|(_, verdict)| *verdict).max()?;
            let case = case.clone();
            Some(Cited { case, verdict })
        });
        cited.collect()
    }
}

#[cfg(test)]
mod tests;
