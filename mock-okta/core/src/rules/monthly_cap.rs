//! How many ID-JAGs a user gets for a resource in a month. An org without the subscription for AI agents has such a cap; the
//! custom authorization server stands for the resource app here.

use crate::behaviour::IdJagCap;
use crate::context::Context;
use crate::org::{CustomServer, User};
use crate::refusal::{Refusal, Refused};

/// Counts one more.
///
/// # Errors
/// `invalid_grant_type_or_token_exchange_sku_not_enabled`, or as a request over a rate limit
pub fn judge(cx: &mut Context<'_>, user: &User, server: &CustomServer) -> Result<(), Refused> {
    let cap = cx.behaviours().id_jag_cap;
    let most = cx.options.id_jags_per_month;
    let now = cx.now;
    if cap == IdJagCap::Off
        || cx
            .state
            .id_jag_counts
            .count(&user.id, &server.id, most, now)
    {
        return Ok(());
    }
    let refused = cx.gate.refuse(Refusal::SubscriptionMissing);
    Err(if cap == IdJagCap::RateLimited {
        refused.into_rate_limited()
    } else {
        refused
    })
}
