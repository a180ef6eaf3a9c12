//! Whether anybody is there: asked before the first case, and again when a target seems to be gone.

use crate::exchange::{Party, RequestSpec};
use crate::targets::{Target, Trouble};

/// Asks once, so that a closed port is reported once and not in every case.
pub(super) async fn probe(target: &Target) -> Result<(), Trouble> {
    target.read_clock().await;
    let Some(org) = target.deployment().org() else {
        return Ok(());
    };
    let url = format!("{}/.well-known/openid-configuration", org.issuer);
    match target.send(RequestSpec::new(Party::Org, "GET", url)).await {
        Err(trouble) if trouble.is_unreachable() => Err(trouble),
        _ => Ok(()),
    }
}
