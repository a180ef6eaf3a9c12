//! A target of which there is a recording only: nobody is asked for anything.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Deployment, Http, Limits, Sender, Shared, Target, Trouble};

impl Target {
    /// A target that sends nothing: whatever it is asked to send is refused. A reset does nothing, and succeeds where there
    /// is test control.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn offline(deployment: Deployment) -> Result<Self, Trouble> {
        Ok(Self {
            deployment: Arc::new(deployment),
            sender: Sender::new(Http::new(Limits::default(), None)?, BTreeSet::new()),
            shared: Arc::new(Shared {
                is_offline: true,
                ..Shared::new(None)
            }),
        })
    }

    /// Whether nobody is asked for anything.
    pub fn is_offline(&self) -> bool {
        self.shared.is_offline
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Party, RequestSpec};
    use crate::targets::{TroubleKind, sample};

    #[tokio::test]
    async fn it_sends_nothing_anywhere() {
        let target = Target::offline(sample::deployment("http://127.0.0.1:1")).unwrap();
        let issuer = target.deployment().org().unwrap().issuer.clone();
        let sent = target
            .send(RequestSpec::new(Party::Org, "GET", issuer))
            .await;
        assert_eq!(sent.unwrap_err().kind, TroubleKind::Elsewhere);
        assert_eq!(
            target.reset().await,
            Ok(target.deployment().control.is_some())
        );
    }
}
