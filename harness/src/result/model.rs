//! What a run found, as told in every report. Pure data; what varies between runs is apart in [`Varying`].

use super::{Aspect, Blame, SourceLine, Trace};
use crate::requirement::{Level, Profile, ResourceType, Role};
use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::again::Again;
use super::change::ChangeNote;
use super::fail_on::FailOn;
use super::incomplete::Incomplete;
use super::known::{BaselineNote, KnownDeviation};
use super::ledger::Obtained;
use super::paced::Paced;
use super::problem::Problem;
use super::selection::{Selection, Shard};
use super::target::TargetInfo;
use super::type_status::TypeStatus;
use crate::evidence::RecordedStep;

/// Version of the JSON report's shape.
pub const REPORT_VERSION: u32 = 2;

/// What the results of rules that hold for every answer of a kind are filed under.
pub const INVARIANTS: &str = "invariants";

/// The date of the contract the scenarios follow.
pub const CONTRACT_DATE: &str = "2026-11-24";

/// A whole run.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RunResult {
    /// Shape of this document.
    pub version: u32,
    /// Who judged.
    pub kit: Kit,
    /// Who was judged.
    pub target: TargetInfo,
    /// The recording that was judged, where nobody was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replay_of: Option<ReplayOf>,
    /// Edition of the guide followed.
    pub edition: String,
    /// Date of the contract the scenarios follow.
    pub contract: String,
    /// Which cases the run is about; absent when it is about the whole suite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<Selection>,
    /// Which part of a run this is; absent when it is the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// `None` when every planned case was run; otherwise why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incomplete: Option<Incomplete>,
    /// The baseline that standings are judged by, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineNote>,
    /// What breaks the run beside a MUST that does not hold; absent when nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<FailOn>,
    /// Counts.
    pub summary: Summary,
    /// What the run says of each resource type that it was asked to test.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource_types: Vec<TypeStatus>,
    /// The cases that do not hold, by cause; the one with most affected cases first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// One per planned case, ordered by id; those that were not run included.
    pub results: Vec<CaseResult>,
    /// The requirements that the results cite, by id, so that a report needs no other file.
    pub requirements: BTreeMap<String, RequirementNote>,
    /// What the run leaves at the target, where there is no test control to undo it; absent when it leaves nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_behind: Vec<String>,
    /// The options by which the run is repeated; absent when there were none.
    #[serde(default, skip_serializing_if = "Again::is_empty")]
    pub again: Again,
    /// What differs from run to run. The stable form of the report leaves it out.
    #[serde(default)]
    pub varying: Varying,
}

/// A recording that was judged in place of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplayOf {
    /// Its file, as given.
    pub file: String,
    /// When the recorded run began, RFC 3339, UTC.
    pub recorded_at: String,
}

/// A requirement as a reader of the report needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RequirementNote {
    /// `MUST`, `SHOULD` or `MAY`.
    #[schemars(with = "String")]
    pub level: Level,
    /// Who has to meet it: `idp-as`, `resource-as`, `client` or `resource-server`.
    #[schemars(with = "String")]
    pub role: Role,
    /// The profile it belongs to.
    #[schemars(with = "String")]
    pub profile: Profile,
    /// Document and section.
    pub source: String,
    /// The document that `source` names first.
    pub specification: String,
    /// Where the section of that document, or at least the document, can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it demands, in one sentence.
    pub text: String,
}

/// The program that judged.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Kit {
    /// `atx`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// How many cases had each verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// All planned cases.
    pub total: usize,
    /// Verdict by verdict.
    pub passed: usize,
    /// A MUST does not hold.
    pub failed: usize,
    /// A SHOULD does not hold.
    pub warning: usize,
    /// Something the sources leave open was seen.
    pub observed: usize,
    /// The target cannot do it.
    pub skipped: usize,
    /// About something that the agent under test never does.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub not_applicable: usize,
    /// Planned, but the run ended before it.
    pub not_run: usize,
    /// Could not be judged.
    pub error: usize,
    /// Single checks that were judged, over all cases.
    pub checks: usize,
}

/// Most runs have none, and then it is not said.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a reference over"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// What happened.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every check held.
    Passed,
    /// Nothing of weight: a MAY was answered in the other way, and that is reported as seen.
    Observed,
    /// A SHOULD does not hold.
    Warning,
    /// The target lacks what the case needs, or follows another edition; the reason says which.
    Skipped,
    /// It is about something that the agent under test never does.
    NotApplicable,
    /// Planned, but the run ended before it. Only [`Collector`](super::Collector) gives this one.
    NotRun,
    /// Could not be judged; the reason says why.
    Error,
    /// A MUST does not hold.
    Failed,
}

/// Whether that is all right here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// As it should be.
    Fine,
    /// A nonconformance, a case that could not be judged, or what `--fail-on` names.
    Unexpected,
    /// A known deviation of this target.
    ExpectedFailure,
    /// A known deviation that is gone.
    Stale,
}

impl Standing {
    /// Where no baseline says otherwise, a nonconformance and a case that could not be judged are unexpected.
    #[must_use]
    pub const fn without_baseline(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Passed
            | Verdict::Observed
            | Verdict::Warning
            | Verdict::Skipped
            | Verdict::NotApplicable => Self::Fine,
            Verdict::NotRun | Verdict::Error | Verdict::Failed => Self::Unexpected,
        }
    }
}

/// A case as announced before the run, so that what does not run is still told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedCase {
    /// See [`CaseResult::id`].
    pub id: String,
    /// See [`CaseResult::scenario`].
    pub scenario: String,
    /// See [`CaseResult::title`].
    pub title: String,
    /// See [`CaseResult::resource_type`].
    pub resource_type: ResourceType,
    /// See [`CaseResult::covers`].
    pub covers: Vec<String>,
    /// See [`CaseResult::source`].
    pub source: SourceLine,
    /// See [`CaseResult::change`].
    pub change: Option<ChangeNote>,
}

/// One case.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CaseResult {
    /// Stable id: the scenario's, or the scenario's and the case's.
    pub id: String,
    /// Id of the scenario.
    pub scenario: String,
    /// One sentence.
    pub title: String,
    /// The guide's resource type, or `none`.
    #[schemars(with = "String")]
    pub resource_type: ResourceType,
    /// What happened.
    pub verdict: Verdict,
    /// Whether that is all right. [`Collector`](super::Collector) sets it; who runs may leave any value.
    pub standing: Standing,
    /// What the baseline says of it, if it names it and the case was run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownDeviation>,
    /// Why it was skipped or could not be judged; of a rule that does not hold, where and how often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cure: Option<String>,
    /// Who has to act, when something does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blame: Option<Blame>,
    /// Id of the problem that it belongs to, when it failed or could not be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// How the flow was made to get as far as this case, where the way of the scenario is broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_way: Option<String>,
    /// What it changes in its twin; none for a base flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeNote>,
    /// Requirements cited by the checks of this case.
    pub covers: Vec<String>,
    /// Every check that was judged.
    pub findings: Vec<FindingRecord>,
    /// Of a rule that holds for every answer of a kind: to how many it was applied. The steps of its findings are not
    /// steps of a scenario but the server that answered: `org`, `custom` or `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<Applied>,
    /// `file:line` of the scenario or case.
    #[schemars(with = "String")]
    pub source: SourceLine,
}

/// How far a rule was applied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Applied {
    /// Exchanges that it was applied to.
    pub exchanges: usize,
    /// Exchanges in which it does not hold.
    pub broken: usize,
    /// The first of those, by case and not by time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Origin>,
    /// The cases of all of those. Not part of a report: a selftest runs them again.
    #[serde(skip)]
    pub broken_in: BTreeSet<String>,
}

impl Applied {
    /// Where and how often a rule does not hold; `None` where it holds.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let Origin { case, step } = self.first.as_ref()?;
        let verb = if self.broken == 1 {
            "differs"
        } else {
            "differ"
        };
        let answers = if self.exchanges == 1 {
            "answer"
        } else {
            "answers"
        };
        Some(format!(
            "{} of {} {answers} {verb}; the first is that of step `{step}` in `{case}`",
            self.broken, self.exchanges
        ))
    }
}

/// Where an exchange was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// Id of the case.
    pub case: String,
    /// Its step.
    pub step: String,
}

/// Whether an id is that of a rule for every answer.
#[must_use]
pub fn is_id_of_rule(id: &str) -> bool {
    let name = id.strip_prefix(INVARIANTS);
    name.is_some_and(|name| name.starts_with('/'))
}

impl PlannedCase {
    /// Whether it is a rule for every answer of a kind, and not a request of its own.
    #[must_use]
    pub fn is_rule(&self) -> bool {
        self.scenario == INVARIANTS
    }
}

impl CaseResult {
    /// A result without findings for an announced case; set the reason, cure or findings on it.
    #[must_use]
    pub fn of(planned: &PlannedCase, verdict: Verdict) -> Self {
        Self {
            id: planned.id.clone(),
            scenario: planned.scenario.clone(),
            title: planned.title.clone(),
            resource_type: planned.resource_type,
            verdict,
            standing: Standing::without_baseline(verdict),
            known: None,
            reason: None,
            cure: None,
            blame: None,
            problem: None,
            other_way: None,
            change: planned.change.clone(),
            covers: planned.covers.clone(),
            findings: Vec::new(),
            applied: None,
            source: planned.source.clone(),
        }
    }

    /// The accepted request that this case varies; `None` for the base flow itself.
    #[must_use]
    pub fn twin(&self) -> Option<&str> {
        let varies = self.id != self.scenario && !self.is_invariant();
        varies.then_some(self.scenario.as_str())
    }

    /// Whether it is a rule that was applied to the exchanges of other cases, and has none of its own.
    #[must_use]
    pub fn is_invariant(&self) -> bool {
        self.scenario == INVARIANTS
    }
}

/// One check.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FindingRecord {
    /// Step it belongs to.
    pub step: String,
    /// What was looked at: `status`, `body.error`, `jwt body.access_token claims.aud`.
    #[schemars(with = "String")]
    pub check: Aspect,
    /// What was expected, with its type, as the scenario writes it: `${org.issuer}` stays as it is, so that this is
    /// the same in every run.
    pub expected: String,
    /// The same with references filled in; only when the check does not hold and this differs from `expected`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_here: Option<String>,
    /// What was there, with its type; only when it does not hold, secrets replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// `passed`, `observed`, `warning`, `failed` or `error`.
    pub verdict: Verdict,
    /// What was accepted, where the check holds and its expectation names another answer first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternative: Option<String>,
    /// Why this check does not judge, whatever it found: it rests on a requirement of a profile that the target does
    /// not choose. Its verdict is `observed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_judged: Option<String>,
    /// Requirements cited.
    pub covers: Vec<String>,
    /// `file:line` of the expectation.
    #[schemars(with = "String")]
    pub source: SourceLine,
}

/// What differs from run to run.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Varying {
    /// RFC 3339, UTC.
    pub started_at: String,
    /// Whole run.
    pub milliseconds: f64,
    /// How the limits of the target and of the run were kept; absent where none was met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paced: Option<Paced>,
    /// Issuer of the org that was asked.
    pub org_issuer: String,
    /// Issuer of the second org of the same kind, at which the cases ran that change an org; empty when there was none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub spare_issuer: String,
    /// What a real org issued, and what became of it; absent for mock orgs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ledger: Vec<Obtained>,
    /// By case id.
    pub cases: BTreeMap<String, VaryingCase>,
}

/// What differs from run to run in one case.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct VaryingCase {
    /// From the first request to the last check.
    pub milliseconds: f64,
    /// The exchanges, in order.
    pub exchanges: Vec<RecordedStep>,
    /// What each step asked for and used. Not part of a report: problems are found by it.
    #[serde(skip)]
    pub trace: Trace,
}
