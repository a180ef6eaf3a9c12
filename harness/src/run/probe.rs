//! Whether anybody is there: asked before the first case, and again when a target seems to be gone.

use crate::exchange::{Party, RequestSpec};
use crate::preflight::tls::speaks_https;
use crate::scenario::model::ServerRole;
use crate::targets::{Target, Trouble};

/// Asks once, so that a closed port is reported once and not in every case. Where it is `thorough`, any trouble counts, and
/// not only that nobody can be reached.
pub(super) async fn probe(target: &Target, thorough: bool) -> Result<(), Trouble> {
    target.read_clock().await;
    let Some(org) = target.deployment().org() else {
        return Ok(());
    };
    let issuer = org.issuer.trim_end_matches('/');
    let url = format!("{issuer}/.well-known/openid-configuration");
    let asked = match target.send(RequestSpec::new(Party::Org, "GET", url)).await {
        // The preflight says what to write.
        Ok(answer) if speaks_https(org, ServerRole::Org, &answer).is_some() => Ok(()),
        Ok(answer) => target.trouble_in(&answer).map_or(Ok(()), Err),
        Err(trouble) => Err(trouble),
    };
    asked.or_else(|trouble| {
        if thorough || trouble.is_unreachable() || trouble.is_own_limit() {
            Err(trouble)
        } else {
            Ok(())
        }
    })
}
