//! How many ID-JAGs a user gets for a resource in a month. An org without the subscription for AI agents has such a cap; the
//! custom authorization server stands for the resource app here.

use crate::behaviour::IdJagCap;
use crate::context::Context;
use crate::org::{CustomServer, User};
use crate::refusal::{Refusal, Refused};

/// Counts one more.
///
/// # Errors
/// `invalid_grant_type_or_token_exchange_sku_not_enabled`, answered as a request over a rate limit where the switch says so
pub fn judge(cx: &mut Context<'_>, user: &User, server: &CustomServer) -> Result<(), Refused> {
    let cap = cx.behaviours().id_jag_cap;
    if cap == IdJagCap::Off {
        return Ok(());
    }
    let (most, now) = (cx.options.id_jags_per_month, cx.now);
    let counts = &mut cx.state.id_jag_counts;
    let within = counts.count(&user.id, &server.id, most, now);
    let judged = cx.gate.require(within, Refusal::SubscriptionMissing);
    judged.map_err(|refused| match cap {
        IdJagCap::RateLimited => refused.into_rate_limited(),
        IdJagCap::Off | IdJagCap::NotSubscribed => refused,
    })
}
