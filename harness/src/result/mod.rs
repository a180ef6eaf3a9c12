//! Results: pure data made from the run's events, read by every report.
//!
//! The events are here and not in `run`, because what reports must not depend on what runs.

mod again;
mod aspect;
mod blame;
mod change;
mod collect;
mod event;
mod fail_on;
mod incomplete;
mod known;
mod ledger;
mod merge;
mod model;
mod paced;
mod person;
mod problem;
#[cfg(test)]
pub(crate) mod sample;
mod selection;
mod source_line;
mod step_taken;
mod summary;
mod target;
mod type_status;

pub use again::Again;
pub use aspect::{Aspect, Racer, RequestPart, TokenPart, UnknownAspect};
pub use blame::Blame;
pub use change::{ChangeNote, ChangedPart, HowChanged, JwtMember};
pub use collect::Collector;
pub use event::{EventSink, RunEvent};
pub use fail_on::FailOn;
pub use incomplete::{Incomplete, Misconfiguration, Reached, StopCause};
pub use known::{BaselineNote, KnownDeviation};
pub use ledger::{End, Obtained, ObtainedKind};
pub use merge::{MergeError, Part, merge};
pub use model::{
    Applied, CONTRACT_DATE, CaseResult, FindingRecord, INVARIANTS, Kit, Origin, PlannedCase,
    REPORT_VERSION, ReplayOf, RequirementNote, RunResult, Standing, Summary, Varying, VaryingCase,
    Verdict, is_id_of_rule,
};
pub use paced::Paced;
pub use person::{PersonDoes, PersonRequest, SharedSignIn, SignInSource, SignInsNeeded};
pub(crate) use problem::capitalised;
pub use problem::{Cause, Problem};
pub use selection::{Selection, Shard};
// Results speak in the words of requirements, and whoever reads them needs no more of these.
pub use crate::requirement::{Level, Profile, ResourceType, Role};
pub use source_line::{NotASourceLine, SourceLine};
pub use step_taken::{Against, Answer, Asked, BrokenCheck, OtherWayTaken, StepTaken, Trace, Used};
pub use target::{TargetInfo, TargetKind};
pub use type_status::{TypeState, TypeStatus};
