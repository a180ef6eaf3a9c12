//! How fast a target is asked. Limits that its answers name are kept before they are reached, what is refused with 429 is
//! asked again when the answer says, and a run may have limits of its own. Whatever is decided here is decided by the time
//! that is handed in; only [`Pacer`] sleeps.

mod bucket;
mod held;
mod key;
mod pacer;
mod policy;
mod rate_limit_headers;

pub use held::Held;
pub use pacer::{Pacer, Wait, Waited};
pub use policy::PacePolicy;

pub(super) use pacer::{MostRequests, Next};
