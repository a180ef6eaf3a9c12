//! What a run found, as told in every report. Pure data; what varies between runs is apart in [`Varying`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::evidence::RecordedStep;

/// Version of the JSON report's shape.
pub const REPORT_VERSION: u32 = 1;

/// The date of the contract the scenarios follow.
pub const CONTRACT_DATE: &str = "2026-11-24";

/// A whole run.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RunResult {
    /// Shape of this document.
    pub version: u32,
    /// Who judged.
    pub kit: Kit,
    /// Who was judged.
    pub target: TargetInfo,
    /// Edition of the guide followed.
    pub edition: String,
    /// Date of the contract the scenarios follow.
    pub contract: String,
    /// `None` when every planned case was run; otherwise why not.
    pub incomplete: Option<String>,
    /// Counts.
    pub summary: Summary,
    /// One per case, ordered by id.
    pub results: Vec<CaseResult>,
    /// What differs from run to run.
    pub varying: Varying,
}

/// The program that judged.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Kit {
    /// `atx`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The target, without its address.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TargetInfo {
    /// As its file names it, or `embedded`.
    pub name: String,
    /// `embedded`, `mock` or `okta`.
    pub kind: String,
}

/// How many cases had each verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
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
    /// Could not be judged.
    pub error: usize,
    /// Single checks that were judged, over all cases.
    pub checks: usize,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every check held.
    Passed,
    /// Nothing of weight: a MAY was answered in the other way, and that is reported as seen.
    Observed,
    /// A SHOULD does not hold.
    Warning,
    /// The target cannot do it, or it was not asked for.
    Skipped,
    /// Could not be judged; the reason says why.
    Error,
    /// A MUST does not hold.
    Failed,
}

/// Whether that is all right here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// As it should be.
    Fine,
    /// A nonconformance, or a case that could not be judged.
    Unexpected,
    /// A known deviation of this target.
    ExpectedFailure,
    /// A known deviation that is gone.
    Stale,
}

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Blame {
    /// The agent under test.
    Agent,
    /// The org authorization server.
    OrgServer,
    /// The custom authorization server.
    CustomServer,
    /// The protected resource or the third party.
    Resource,
    /// The way to the target.
    Network,
    /// The harness or its configuration.
    Harness,
}

/// One case.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CaseResult {
    /// Stable id: the scenario's, or the scenario's and the case's.
    pub id: String,
    /// Id of the scenario.
    pub scenario: String,
    /// One sentence.
    pub title: String,
    /// The guide's resource type, or `none`.
    pub resource_type: String,
    /// What happened.
    pub verdict: Verdict,
    /// Whether that is all right.
    pub standing: Standing,
    /// Why it was skipped or could not be judged.
    pub reason: Option<String>,
    /// What to do about it.
    pub cure: Option<String>,
    /// Who has to act, when something does not hold.
    pub blame: Option<Blame>,
    /// Requirements cited by the checks of this case.
    pub covers: Vec<String>,
    /// Every check that was judged.
    pub findings: Vec<FindingRecord>,
    /// File and line of the scenario or case.
    pub source: String,
}

/// One check.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FindingRecord {
    /// Step it belongs to.
    pub step: String,
    /// What was looked at: `status`, `body.error`, `jwt body.access_token claims.aud`.
    pub check: String,
    /// What was expected, with its type.
    pub expected: String,
    /// What was there, with its type; only when it does not hold, secrets replaced.
    pub actual: Option<String>,
    /// `passed`, `observed`, `warning`, `failed` or `error`.
    pub verdict: Verdict,
    /// Requirements cited.
    pub covers: Vec<String>,
    /// File and line of the expectation.
    pub source: String,
}

/// What differs from run to run.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Varying {
    /// RFC 3339, UTC.
    pub started_at: String,
    /// Whole run.
    pub milliseconds: f64,
    /// Issuer of the org that was asked.
    pub org_issuer: String,
    /// By case id.
    pub cases: BTreeMap<String, VaryingCase>,
}

/// What differs from run to run in one case.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct VaryingCase {
    /// From the first request to the last check.
    pub milliseconds: f64,
    /// The exchanges, in order.
    pub exchanges: Vec<RecordedStep>,
}
