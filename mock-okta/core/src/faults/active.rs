//! The faults that an org has at this moment, and how often each has happened.

use serde_json::{Value, json};

use super::action::FaultAction;
use super::asked::FaultRequest;
use super::checked::CheckedFault;
use super::error::FaultError;
use super::fault::Fault;
use super::kinds::FaultKind;

/// The most faults at a time.
const MOST: usize = 100;

/// The faults of an org, in the order in which they were added.
#[derive(Debug, Clone, Default)]
pub(crate) struct ActiveFaults {
    all: Vec<ActiveFault>,
    last: u64,
}

/// A fault and what became of it.
#[derive(Debug, Clone)]
struct ActiveFault {
    number: u64,
    fault: CheckedFault,
    /// Requests of its selection that no fault before it took.
    matched: u64,
    /// How often it happened.
    applied: u64,
}

/// A fault that an org has, and how often it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultState {
    /// By which it is ended. It counts up over the life of the org.
    pub number: u64,
    /// What was added.
    pub fault: Fault,
    /// Requests that it is for and that no fault before it took.
    pub matched: u64,
    /// How often it happened.
    pub applied: u64,
    /// How often it still happens; `None` without end.
    pub left: Option<u64>,
}

impl FaultState {
    /// The fault as it is written, with its number and its counts.
    pub fn to_json(&self) -> Value {
        let mut shown = self.fault.to_json();
        shown.insert("number".to_owned(), json!(self.number));
        shown.insert("matched".to_owned(), json!(self.matched));
        shown.insert("applied".to_owned(), json!(self.applied));
        shown.insert("left".to_owned(), json!(self.left));
        Value::Object(shown)
    }
}

/// What happens to one request.
#[derive(Debug, Clone)]
pub(crate) struct MetFault {
    pub(crate) kind: FaultKind,
    pub(crate) action: FaultAction,
    pub(crate) takes_effect: bool,
}

impl MetFault {
    /// The status for the journal: that of the answer which the org sends, or would send but for the fault; 0 where the
    /// request does not reach the org and nothing is answered.
    pub(crate) fn status(&self, decided: u16) -> u16 {
        match &self.action {
            FaultAction::Replace(replacement) => replacement.status(),
            _ if self.takes_effect => decided,
            _ => 0,
        }
    }
}

impl ActiveFaults {
    /// These and no others, uncounted. Numbers that were given before are not given again.
    pub(crate) fn restart(&mut self, faults: &[CheckedFault]) {
        self.all.clear();
        // There are as many as an org file holds, so the limit on what is added does not matter here.
        for fault in faults {
            self.push(fault.clone());
        }
    }

    /// Adds a fault after the others.
    ///
    /// # Errors
    /// When there are too many; those that have happened for the last time make room.
    pub(crate) fn add(&mut self, fault: CheckedFault) -> Result<FaultState, FaultError> {
        if self.all.len() >= MOST {
            self.all.retain(|one| one.left() != Some(0));
        }
        if self.all.len() >= MOST {
            return Err(FaultError::TooMany { most: MOST });
        }
        Ok(self.push(fault))
    }

    fn push(&mut self, fault: CheckedFault) -> FaultState {
        self.last += 1;
        let added = ActiveFault {
            number: self.last,
            fault,
            matched: 0,
            applied: 0,
        };
        let state = added.state();
        self.all.push(added);
        state
    }

    /// Removes the fault with this number; `false` when there is none.
    pub(crate) fn remove(&mut self, number: &str) -> bool {
        let before = self.all.len();
        self.all.retain(|one| one.number.to_string() != number);
        self.all.len() < before
    }

    /// The numbers of all.
    pub(crate) fn numbers(&self) -> Vec<String> {
        self.all.iter().map(|one| one.number.to_string()).collect()
    }

    /// The fault that a request meets: the first one of whose selection it is and whose turn it is.
    pub(crate) fn meet(&mut self, request: FaultRequest<'_>) -> Option<MetFault> {
        if !request.request.over_wire {
            return None;
        }
        for one in &mut self.all {
            if one.left() == Some(0) || !request.is_in(&one.fault.selection) {
                continue;
            }
            one.matched += 1;
            if one.fault.count.fits(one.matched, one.applied) {
                one.applied += 1;
                return Some(MetFault {
                    kind: one.fault.kind(),
                    action: one.fault.action.clone(),
                    takes_effect: one.fault.takes_effect,
                });
            }
        }
        None
    }

    /// All of them, in order.
    pub(crate) fn states(&self) -> Vec<FaultState> {
        self.all.iter().map(ActiveFault::state).collect()
    }
}

impl ActiveFault {
    fn left(&self) -> Option<u64> {
        self.fault.count.left(self.applied)
    }

    fn state(&self) -> FaultState {
        FaultState {
            number: self.number,
            fault: self.fault.fault().clone(),
            matched: self.matched,
            applied: self.applied,
            left: self.left(),
        }
    }
}
