//! The gate: the one narrow place that every refusal passes.
//!
//! From here come the trace in the journal, the internal code in the debug header, the list of refusals that no
//! test provokes, and defects of omission: a muted refusal is not made.

use std::collections::BTreeSet;

use crate::refusal::{Refusal, Refused};

/// Asks rules in order and remembers what was asked.
#[derive(Debug)]
pub struct Gate<'a> {
    muted: &'a BTreeSet<Refusal>,
    asked: Vec<Refusal>,
}

impl<'a> Gate<'a> {
    /// A gate that never makes the muted refusals.
    pub fn new(muted: &'a BTreeSet<Refusal>) -> Self {
        Self {
            muted,
            asked: Vec::with_capacity(32),
        }
    }

    /// Lets the request pass when `holds`, or when the refusal is muted.
    ///
    /// # Errors
    /// The refusal.
    pub fn require(&mut self, holds: bool, refusal: Refusal) -> Result<(), Refused> {
        self.asked.push(refusal);
        if holds || self.muted.contains(&refusal) {
            Ok(())
        } else {
            Err(refusal.into())
        }
    }

    /// Like [`Gate::require`] for what a rule needs in hand. What is not there cannot be muted into being.
    ///
    /// # Errors
    /// The refusal.
    pub fn some<T>(&mut self, value: Option<T>, refusal: Refusal) -> Result<T, Refused> {
        self.asked.push(refusal);
        value.ok_or_else(|| refusal.into())
    }

    /// Refuses, whatever is muted: there is nothing to go on with.
    pub fn refuse(&mut self, refusal: Refusal) -> Refused {
        self.asked.push(refusal);
        refusal.into()
    }

    /// The rules asked so far, in order; after a refusal the last one is the one that refused.
    pub fn into_trace(self) -> Vec<Refusal> {
        self.asked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_muted_refusal_is_asked_but_not_made() {
        let muted = BTreeSet::from([Refusal::IdJagReplayed]);
        let mut gate = Gate::new(&muted);
        assert_eq!(gate.require(false, Refusal::IdJagReplayed), Ok(()));
        assert_eq!(
            gate.require(false, Refusal::IdJagExpired),
            Err(Refusal::IdJagExpired.into())
        );
        assert_eq!(
            gate.into_trace(),
            [Refusal::IdJagReplayed, Refusal::IdJagExpired]
        );
    }
}
