//! The gate: the one narrow place that every refusal passes.
//!
//! From here come the trace in the journal, the internal code in the debug header, the list of refusals that no
//! test provokes, and defects of omission: a muted refusal is not made.

use crate::defect::{Bend, Defects, Sites};
use crate::refusal::{Refusal, Refused};
use crate::variation::{Places, Variation, Variations};

/// Asks rules in order and remembers what was asked.
#[derive(Debug)]
pub struct Gate<'a> {
    defects: &'a Defects,
    asked: Vec<Refusal>,
    sites: Sites,
    variations: Variations,
    places: Places,
}

impl<'a> Gate<'a> {
    /// A gate of an org with these defects.
    pub fn new(defects: &'a Defects) -> Self {
        Self {
            defects,
            asked: Vec::with_capacity(32),
            sites: Sites::default(),
            variations: Variations::default(),
            places: Places::default(),
        }
    }

    /// The same with these variations.
    #[must_use]
    pub fn with_variations(mut self, variations: Variations) -> Self {
        self.variations = variations;
        self
    }

    /// The variations of the org.
    pub(crate) fn variations(&self) -> Variations {
        self.variations
    }

    /// Whether a decision is taken in another lawful way. That it could be is remembered: the journal says which
    /// variations concern an answer.
    pub(crate) fn varies(&mut self, variation: Variation) -> bool {
        self.note(variation);
        self.variations.has(variation)
    }

    /// Remembers that a variation concerns this request.
    pub(crate) fn note(&mut self, variation: Variation) {
        for place in variation.places() {
            self.places.add(*place);
        }
    }

    /// Places of decisions that this request came by and that variations concern.
    pub(crate) fn places(&self) -> Places {
        self.places
    }

    /// The defects of the org.
    pub(crate) fn defects(&self) -> &'a Defects {
        self.defects
    }

    /// Whether a decision is bent so. That it could be is remembered: the journal says which bends touch an answer.
    pub(crate) fn bent(&mut self, bend: Bend) -> bool {
        self.sites.add(bend.site());
        self.defects.bends(bend)
    }

    /// Places of decisions that this request came by.
    pub(crate) fn sites(&self) -> Sites {
        self.sites
    }

    /// Lets the request pass when `holds`, or when the refusal is muted.
    ///
    /// # Errors
    /// The refusal.
    pub fn require(&mut self, holds: bool, refusal: Refusal) -> Result<(), Refused> {
        self.asked.push(refusal);
        if holds || self.defects.mutes(refusal) {
            Ok(())
        } else {
            Err(refusal.into())
        }
    }

    /// Like [`Gate::require`] for what a rule needs in hand. What is not there cannot be muted into being: the org
    /// answers 500.
    ///
    /// # Errors
    /// The refusal.
    pub fn some<T>(&mut self, value: Option<T>, refusal: Refusal) -> Result<T, Refused> {
        self.asked.push(refusal);
        value.ok_or_else(|| self.no(refusal))
    }

    /// Refuses: there is nothing to go on with. When that is muted, the org answers 500.
    pub fn refuse(&mut self, refusal: Refusal) -> Refused {
        self.asked.push(refusal);
        self.no(refusal)
    }

    fn no(&self, refusal: Refusal) -> Refused {
        let refused = Refused::from(refusal);
        if self.defects.mutes(refusal) {
            refused.into_server_error()
        } else {
            refused
        }
    }

    /// The rules asked so far, in order; after a refusal the last one is the one that refused.
    pub fn into_trace(self) -> Vec<Refusal> {
        self.asked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::defect::Defect;

    #[test]
    fn a_missing_value_behind_a_muted_refusal_is_a_server_error() {
        let defects = Defects::from_iter([Defect::Mute(Refusal::CodeInvalid)]);
        let mut gate = Gate::new(&defects);
        assert_eq!(gate.some(Some(7), Refusal::CodeInvalid), Ok(7));
        let refused = gate
            .some(None::<u8>, Refusal::CodeInvalid)
            .expect_err("none");
        assert!(refused.is_server_error());
        assert!(!gate.refuse(Refusal::CodeClient).is_server_error());
    }

    #[test]
    fn a_muted_refusal_is_asked_but_not_made() {
        let defects = Defects::from_iter([Defect::Mute(Refusal::IdJagReplayed)]);
        let mut gate = Gate::new(&defects);
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
