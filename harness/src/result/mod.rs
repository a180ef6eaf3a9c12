//! Results: pure data made from the run's events, read by every report.

mod model;

pub use model::{
    Blame, CONTRACT_DATE, CaseResult, FindingRecord, Kit, REPORT_VERSION, RunResult, Standing,
    Summary, TargetInfo, Varying, VaryingCase, Verdict,
};
