//! Test control: what a test may ask of the mock that no client could ask of Okta.
//!
//! A request below `/_mock/` becomes a [`Call`]. Time belongs to whoever runs the core, so the clock's calls are a
//! type of their own; the others go to [`Core::control`](crate::Core::control).
//!
//! [`Route::ALL`] is the table of what can be asked.

mod apply;
mod command;
mod configure;
mod error;
mod faults;
mod find;
mod parse;
mod query;
mod route;
mod routes;
mod sign;
mod switched;
mod wire;

pub use apply::{FoundEntries, shown};
pub use command::{Call, ClockCall, Command, ConnectionRef, ConsentChange};
pub use error::ControlError;
pub use parse::{PREFIX, parse};
pub use query::{JournalQuery, JournalWait};
pub use route::{Route, RouteBody};
pub use switched::Switched;
