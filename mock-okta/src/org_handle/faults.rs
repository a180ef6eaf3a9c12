//! Wire faults that a test adds and ends while the org runs.

use mock_okta_core::control::{Command, ControlError};
use mock_okta_core::{Fault, FaultError, FaultState};

use super::OrgHandle;
use crate::faults::with_client_id;

impl OrgHandle {
    /// Adds a fault after those that the org has. A request meets the first one that it belongs to.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use mock_okta::{Endpoint, Fault, MockOkta};
    ///
    /// let okta = MockOkta::start().await?;
    /// let fault = okta.add_fault(Fault::unavailable().at(Endpoint::Token).client("agent").next(2))?;
    /// // The code under test asks for tokens here, and tries again.
    /// let fault = okta.fault(fault.number).ok_or("the fault")?;
    /// assert_eq!(fault.left, Some(2));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When a parameter is out of its limits, its client does not exist, or it needs a connection and the org is mounted.
    pub fn add_fault(&self, fault: Fault) -> Result<FaultState, FaultError> {
        let app = self.app();
        app.check_fault(&fault)?;
        let fault = with_client_id(fault, &self.snapshot().org, &app.roles);
        app.core.add_fault(fault)
    }

    /// The faults that the org has, in the order in which they were added, with how often each happened.
    pub fn faults(&self) -> Vec<FaultState> {
        self.app().core.fault_states()
    }

    /// The fault with this number, if the org still has it.
    pub fn fault(&self, number: u64) -> Option<FaultState> {
        let mut all = self.faults().into_iter();
        all.find(|fault| fault.number == number)
    }

    /// Ends a fault. An outage that it began goes on.
    ///
    /// # Errors
    /// When there is no fault with this number.
    pub fn remove_fault(&self, number: u64) -> Result<(), ControlError> {
        self.command(Command::RemoveFault(number.to_string()))
    }

    /// Ends all faults, and an outage that one of them began.
    pub fn clear_faults(&self) {
        // Nothing is asked for that could be missing.
        let _ = self.command(Command::ClearFaults);
    }
}
