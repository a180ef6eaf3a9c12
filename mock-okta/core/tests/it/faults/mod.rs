//! Wire faults in the core: which request meets one, what becomes of the answer, and whether the request takes effect.

mod answers;
mod effect;
mod places;

use mock_okta_core::{Fault, FaultState};

use crate::support::Client;

const KEYS: &str = "/oauth2/v1/keys";

fn add(client: &Client, text: &str) -> FaultState {
    let fault: Fault = text.parse().expect("a fault");
    client.core.add_fault(fault).expect("a fault of this org")
}

/// The statuses of so many requests for keys.
fn statuses(client: &Client, requests: usize) -> Vec<u16> {
    (0..requests).map(|_| client.get(KEYS).status).collect()
}
