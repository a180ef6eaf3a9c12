//! Results: pure data made from the run's events, read by every report.
//!
//! The events are here and not in `run`, because whoever tells must not know whoever runs.

mod aspect;
mod collect;
mod event;
mod fail_on;
mod known;
mod merge;
mod model;
#[cfg(test)]
pub(crate) mod sample;
mod selection;
mod shard;
mod source_line;
mod summary;

pub use aspect::{Aspect, Racer, TokenPart, UnknownAspect};
pub use collect::Collector;
pub use event::{EventSink, RunEvent};
pub use fail_on::FailOn;
pub use known::{BaselineNote, KnownDeviation};
pub use merge::{MergeError, Part, merge};
pub use model::{
    Applied, Blame, CONTRACT_DATE, CaseResult, ChangeNote, ChangedPart, FindingRecord, INVARIANTS,
    Incomplete, Kit, Origin, PlannedCase, REPORT_VERSION, Reached, RequirementNote, RunResult,
    Standing, StopCause, Summary, TargetInfo, Varying, VaryingCase, Verdict,
};
pub use selection::Selection;
// Results speak in the words of requirements, and whoever reads them needs no more of these.
pub use crate::requirement::{Level, Profile, Role};
pub use shard::Shard;
pub use source_line::{NotASourceLine, SourceLine};
