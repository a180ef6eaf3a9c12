//! `advance_clock: 61m`: moves the target's clock forward.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use strict_yaml::{FromNode, Node, Problems, Spanned};

use super::written::{KindForm, Written};
use super::{Action, Description, Effect, StepKind};
use crate::scenario::form::{Defs, Described, Seconds};
use crate::scenario::model::{Capability, StateChange, Template};

/// The clock moves forward by so much.
#[derive(Debug, Clone)]
pub struct AdvanceClock(pub Duration);

#[derive(Debug, Clone)]
struct AdvanceClockForm(Spanned<Seconds>);

impl FromNode for AdvanceClockForm {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        FromNode::from_node(node, problems).map(Self)
    }
}

impl Described for AdvanceClockForm {
    fn schema(defs: &mut Defs) -> Value {
        Seconds::schema(defs)
    }
}

impl KindForm for AdvanceClockForm {
    fn action(self, problems: &mut Problems) -> Action {
        let seconds = self.0.value.forward(self.0.place, problems);
        AdvanceClock(Duration::from_secs(seconds)).into()
    }
}

impl AdvanceClock {
    pub(super) const WRITTEN: &[Written] = &[Written::of::<AdvanceClockForm>(
        "advance_clock",
        "Moves the target's clock forward.",
    )];
}

impl StepKind for AdvanceClock {
    fn name(&self) -> &'static str {
        "advance_clock"
    }

    fn templates(&self) -> Vec<&Template> {
        Vec::new()
    }

    fn needs(&self, needs: &mut BTreeSet<Capability>) {
        needs.insert(Capability::Clock);
    }

    fn describe(&self) -> Description {
        let seconds = self.0.as_secs();
        Description::line(format!("the target's clock moves forward by {seconds} s"))
    }

    fn is_exclusive(&self) -> bool {
        true
    }

    fn state_changes(&self) -> Vec<StateChange> {
        vec![StateChange::Clock]
    }

    fn effect(&self) -> Option<Effect> {
        Some(Effect::ClockMoved)
    }
}
