//! Before a run: is the target file right? A mistake of whoever wrote it must not be reported as a fault of the org.
//!
//! [`local`] reads what can be checked without a request, [`servers`] asks each authorization server for its metadata,
//! [`tls`] says which setting a failed handshake points to, and [`refusal`] says which setting is probably wrong when the first request of a flow is refused. `run/preflight.rs` makes
//! these requests.

pub mod local;
pub mod refusal;
pub mod servers;
mod sign_ins;
pub mod tls;

pub use crate::result::Misconfiguration;

/// A mistake that is found.
fn mistake(
    setting: impl Into<String>,
    what: impl Into<String>,
    cure: impl Into<String>,
) -> Misconfiguration {
    Misconfiguration {
        setting: setting.into(),
        what: what.into(),
        cure: cure.into(),
    }
}
