//! The console: a run as it happens ([`Console`]), and its [`summary()`].

mod look;
mod progress;
mod summary;

pub use look::{FAINT, Look, NARROWEST, STRONG, verdict as verdict_style};
pub use progress::{Console, Progress};
pub use summary::{Closing, summary};
