//! How fast a target is asked. Limits that its answers tell of are kept before they are reached, what is refused with 429
//! is asked again when the answer says, and a run may have limits of its own. Whatever is decided here is decided by the
//! time that is handed in; only [`Pacer`] sleeps.

mod bucket;
mod key;
mod ledger;
mod pacer;
mod policy;
mod said;

pub use ledger::Held;
pub use pacer::{Pacer, Wait, Waited};
pub use policy::PacePolicy;

pub(super) use pacer::Next;
