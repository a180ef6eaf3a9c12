//! Wire faults: what a network or a loaded server does to an answer, so that clients can be tested for it.
//!
//! A [`Fault`] says what happens ([`FaultKind`]), to which requests, and how often. All kinds are listed in one table with
//! their parameters (`kinds.rs`); the command line, the control API, the org file and the builder write a fault as the same
//! names and values. Which request meets a fault is decided under the lock (`active.rs`), before any rule is asked; what
//! only changes bytes is done when the answer is rendered (`change.rs`); what needs a connection or time is left to whoever
//! has them, as a [`WireFault`] in the extensions of the response.

mod action;
mod active;
mod asked;
mod change;
mod checked;
mod error;
mod fault;
mod form;
mod kinds;
mod parameter;
mod selection;
mod wire;

pub use active::FaultState;
pub use checked::CheckedFault;
pub use error::FaultError;
pub use fault::Fault;
pub use kinds::FaultKind;
pub use parameter::{FaultParameter, ParameterForm};
pub use selection::{EndpointClass, ExchangedResource};
pub use wire::{ConnectionEnd, WireFault, WithoutWire};

pub(crate) use action::FaultAction;
pub(crate) use active::ActiveFaults;
pub(crate) use asked::FaultRequest;
pub(crate) use change::change;
