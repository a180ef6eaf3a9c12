//! The seam between running and reporting: typed events. The runner emits them; reports read nothing else.

use std::time::Duration;

use jiff::Timestamp;

use crate::evidence::Redactor;

use super::incomplete::Incomplete;
use super::ledger::Obtained;
use super::model::{CaseResult, PlannedCase, VaryingCase};
use super::paced::Paced;
use super::person::{PersonRequest, SignInsNeeded};
use super::target::TargetInfo;

/// Something that happened in a run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum RunEvent {
    /// Before the first request. Every planned case is named, so the denominator is known.
    RunStarted {
        /// Who is judged.
        target: TargetInfo,
        /// Edition followed.
        edition: String,
        /// Issuer of the org.
        org_issuer: String,
        /// Issuer of the second org of the same kind, if cases that change an org have one of their own.
        spare_issuer: Option<String>,
        /// RFC 3339, UTC.
        started_at: String,
        /// All cases, those that will be skipped included, ordered by id.
        cases: Vec<PlannedCase>,
    },
    /// How many sign-ins the run needs. Not told of a mock org, whose sign-in page each case fills in itself.
    SignInsNeeded(SignInsNeeded),
    /// A person has to open a link. Other cases go on meanwhile.
    PersonAsked(PersonRequest),
    /// What a person pasted is not the address that is waited for.
    NotTheAnswer,
    /// A case begins.
    CaseStarted {
        /// Its id.
        id: String,
    },
    /// A case is judged, skipped ones included.
    CaseDone {
        /// The result.
        result: Box<CaseResult>,
        /// What varies.
        varying: Box<VaryingCase>,
    },
    /// Every credential of the run is known, so that what was recorded can be looked through once more.
    CredentialsKnown {
        /// Knows them.
        redactor: Redactor,
    },
    /// What a real org issued is about to be revoked, which may take a while.
    Revoking {
        /// How many.
        tokens: usize,
    },
    /// What a real org issued during the run, and what became of it.
    Obtained {
        /// In the order in which it was issued.
        ledger: Vec<Obtained>,
    },
    /// What the run leaves at the target. Nothing, and this event does not come, where test control undoes it.
    LeftBehind {
        /// In words, one entry a thing.
        what: Vec<String>,
    },
    /// Requests are held back by a limit of the target or of the run.
    Waiting {
        /// The address that was asked too often; `None` where it is the run's own limit.
        address: Option<String>,
        /// How long.
        time: Duration,
        /// Until when.
        until: Timestamp,
    },
    /// Nothing can be tested because of trouble on the way to the target. What follows is for reports: why is told at the end.
    NotMeasured,
    /// How limits were kept. This event does not come where none was met.
    Paced(Paced),
    /// The run is over.
    RunDone {
        /// Why not every case was run, if so.
        incomplete: Option<Incomplete>,
        /// Whole run.
        milliseconds: f64,
    },
}

/// Reads events as they happen. Called from one task, in order.
pub trait EventSink: Send {
    /// One event.
    fn on_event(&mut self, event: &RunEvent);
}
