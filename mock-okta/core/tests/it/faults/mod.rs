//! Wire faults in the core: which request meets one, what becomes of the answer, and whether the request takes effect.

mod answers;
mod effect;
mod places;

use mock_okta_core::control::{Call, ControlError, parse};
use mock_okta_core::{Fault, FaultState};
use serde_json::Value;

use crate::support::Client;

const KEYS: &str = "/oauth2/v1/keys";

fn add(client: &Client, text: &str) -> FaultState {
    let fault: Fault = text.parse().expect("a fault");
    client.core.add_fault(fault).expect("a fault of this org")
}

fn ask(client: &Client, method: &str, path: &str, body: &Value) -> Result<Value, ControlError> {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    match parse(method, &format!("/_mock/{path}"), "", body.as_bytes())? {
        Call::Command(command) => client.core.control(command, client.instant()),
        call @ (Call::Clock(_) | Call::Wait(_)) => panic!("{call:?}"),
    }
}

/// The statuses of so many requests for keys.
fn statuses(client: &Client, requests: usize) -> Vec<u16> {
    (0..requests).map(|_| client.get(KEYS).status).collect()
}
