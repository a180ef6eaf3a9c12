//! A mock org in this process. The only file that knows `mock_okta`; from the target text on, everything goes the way
//! it goes for a server elsewhere.

use std::path::Path;

use mock_okta::MockOkta;

use super::config::{self, Sources};
use super::{Limits, Target, TargetKind, Trouble};
use crate::scenario::model::Edition;

/// Why the embedded org cannot be tested. All of these are defects of the kit.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// It does not start.
    #[error("the embedded mock org does not start: {0}")]
    Start(String),
    /// It describes itself in a way the harness does not understand.
    #[error("the embedded mock org describes itself wrongly:\n{0}")]
    Description(#[from] strict_yaml::Problems),
    /// No HTTP client.
    #[error("{0}")]
    Client(#[from] Trouble),
}

/// What will be asked of an embedded org.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The whole suite, which asks every server: their keys are made while the first cases run.
    Everything,
    /// Some cases, which ask few: a server's key is made when it is asked for.
    Little,
}

/// Keys are made from it. Of 1,500 seeds this one is among those that find their primes soonest, at the start and when a
/// key is rotated: in a third of the usual time. That anybody can make the same keys does no harm: they sign for this
/// process alone.
const SEED: u64 = 1028;

/// Starts a mock org that follows an edition; it ends when the target is dropped.
pub async fn embedded(edition: Edition, asked: Asked) -> Result<Target, EmbeddedError> {
    let org = MockOkta::builder()
        .edition(match edition {
            Edition::E2025_10 => mock_okta::Edition::E2025_10,
            Edition::E2026_10 => mock_okta::Edition::E2026_10,
        })
        .seed(SEED)
        .keys_ahead(asked == Asked::Everything)
        .start()
        .await
        .map_err(|error| EmbeddedError::Start(error.to_string()))?;
    let sources = Sources {
        folder: Path::new("."),
        environment: &|_| None,
    };
    let mut deployment = config::parse("embedded", &org.target_file(), &sources)?;
    deployment.kind = TargetKind::Embedded;
    "embedded".clone_into(&mut deployment.name);
    Ok(Target::with(
        deployment,
        Limits::default(),
        Some(Box::new(org)),
    )?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::model::Capability;

    #[tokio::test]
    async fn an_embedded_org_describes_all_that_scenarios_can_name() {
        for edition in Edition::ALL {
            let target = embedded(edition, Asked::Little).await.unwrap();
            let deployment = target.deployment();
            assert_eq!(deployment.kind, TargetKind::Embedded);
            assert_eq!(deployment.edition, Some(edition));
            for (_, capability) in &Capability::NAMED {
                assert_eq!(
                    deployment.lacks(capability, edition),
                    None,
                    "{capability:?}"
                );
            }
            for name in [
                "secret.field",
                "custom_as.scope",
                "user_client.redirect_uri",
                "mallory.login",
            ] {
                let capability = Capability::Knows(name.to_owned());
                assert_eq!(deployment.lacks(&capability, edition), None, "{name}");
            }
            assert!(target.reset().await.unwrap());
        }
    }
}
