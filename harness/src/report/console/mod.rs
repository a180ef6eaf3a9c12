//! The console: a run as it happens ([`Console`]), and its [`summary()`].

mod baseline;
mod left;
mod next;
mod progress;
mod summary;
mod waiting;
mod wire;

pub use progress::{Console, Progress, Talk};
pub use summary::{Closing, brief, summary};
pub use waiting::begins as wait_begins;
pub use wire::Wire;
