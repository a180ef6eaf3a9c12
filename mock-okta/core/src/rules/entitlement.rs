//! Okta Privileged Access: a vaulted value is handed out where a connection and an entitlement meet.

use crate::context::Context;
use crate::org::{User, Users};
use crate::refusal::{Refusal, Refused};

/// Whether the user is entitled to the entry.
///
/// # Errors
/// `access_denied`
pub fn judge(cx: &mut Context<'_>, user: &User, entitled: &Users) -> Result<(), Refused> {
    cx.gate
        .require(entitled.contains(&user.id), Refusal::NotEntitled)
}
