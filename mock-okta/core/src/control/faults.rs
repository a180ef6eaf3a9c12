//! Wire faults, listed, added and ended by test control.

use serde_json::{Map, Value, json};

use super::error::ControlError;
use crate::core::Core;
use crate::faults::{CheckedFault, Fault, FaultError, FaultKind, FaultParameter, FaultState};

impl FaultKind {
    /// What there is to know of it, as lists for programs show it.
    pub fn to_json(self) -> Value {
        json!({
            "id": self.id(),
            "summary": self.summary(),
            "effect": self.effect(),
            "parameters": self.parameters().iter().map(parameter).collect::<Vec<_>>(),
        })
    }

    /// The parameters that all kinds share, in the same form.
    pub fn selection_to_json() -> Value {
        Self::SELECTION.iter().map(parameter).collect()
    }
}

fn parameter(one: &FaultParameter) -> Value {
    let mut shown = Map::new();
    shown.insert("name".to_owned(), json!(one.name));
    shown.insert("meaning".to_owned(), json!(one.meaning));
    shown.insert("values".to_owned(), json!(one.form.describe()));
    shown.insert("default".to_owned(), json!(one.default));
    Value::Object(shown)
}

impl Core {
    pub(super) fn faults(&self) -> Value {
        let all: Vec<Value> = FaultKind::ALL.into_iter().map(FaultKind::to_json).collect();
        let on: Vec<Value> = self
            .fault_states()
            .iter()
            .map(FaultState::to_json)
            .collect();
        json!({ "faults": all, "selection": FaultKind::selection_to_json(), "on": on })
    }

    /// The faults that the org has at this moment, in the order in which they were added.
    pub fn fault_states(&self) -> Vec<FaultState> {
        self.with_state(|state| state.faults.states())
    }

    /// Adds a fault after those that the org has.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn add_fault(&self, fault: Fault) -> Result<FaultState, FaultError> {
        let checked = CheckedFault::in_org(fault, &self.snapshot().org)?;
        self.with_state(|state| state.faults.add(checked))
    }

    /// Ends a fault.
    ///
    /// # Errors
    /// 404 for a number that none has.
    pub(super) fn remove_fault(&self, number: &str) -> Result<Value, ControlError> {
        self.with_state(|state| {
            if state.faults.remove(number) {
                return Ok(Value::Null);
            }
            let known = state.faults.numbers();
            let known = known.iter().map(String::as_str);
            Err(ControlError::not_found("fault", number, known))
        })
    }

    pub(super) fn clear_faults(&self) -> Value {
        self.with_state(|state| state.faults.restart(&[]));
        Value::Null
    }
}

impl From<FaultError> for ControlError {
    fn from(error: FaultError) -> Self {
        Self::bad_request(error.wrong(), error.expected())
    }
}
