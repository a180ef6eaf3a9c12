//! Whether anybody is there: asked before the first case, and again when a target seems to be gone.

use crate::exchange::{Party, RequestSpec};
use crate::targets::{AnswerTrouble, Target, Trouble, TroubleKind};

/// Asks once, so that a closed port is reported once and not in every case. Where it is `thorough`, any trouble counts, and
/// not only that nobody can be reached.
pub(super) async fn probe(target: &Target, thorough: bool) -> Result<(), Trouble> {
    target.read_clock().await;
    let Some(org) = target.deployment().org() else {
        return Ok(());
    };
    let issuer = org.issuer.trim_end_matches('/');
    let url = format!("{issuer}/.well-known/openid-configuration");
    match target.ask(RequestSpec::new(Party::Org, "GET", url)).await {
        Err(trouble) if speaks_https(&trouble, issuer) => Ok(()),
        Err(trouble) if thorough || trouble.is_unreachable() || trouble.is_own_limit() => {
            Err(trouble)
        }
        _ => Ok(()),
    }
}

/// Whether a server refuses plain HTTP, perhaps because it speaks https: the preflight looks at its words.
fn speaks_https(trouble: &Trouble, issuer: &str) -> bool {
    use AnswerTrouble::{NotJson, Page};
    issuer.starts_with("http:") && matches!(trouble.kind, TroubleKind::Answer(NotJson | Page, 400))
}
