//! Fetches the key sets that servers publish, each once a run, and again after a key was rotated. One that a server did not give
//! for once is asked for again by whoever needs it next.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::Target;
use crate::exchange::{Party, RequestSpec};
use crate::jwks::{Jwks, KeyRing};
use crate::scenario::model::ServerRole;

/// The key sets fetched so far, shared by all cases of a run.
#[derive(Debug, Default)]
pub(super) struct KeyStore(Mutex<KeyRing>);

impl Target {
    /// A ring with the keys of these servers; those not fetched yet are fetched now.
    pub async fn keys_of(&self, roles: &[ServerRole]) -> KeyRing {
        // Held while fetching, so that cases that start together fetch a set once.
        let mut ring = self.key_store().0.lock().await;
        let mut given = ring.clone();
        for role in roles {
            if !ring.knows(*role) {
                let set = self.fetch_keys(*role).await;
                if let Ok(set) = &set {
                    ring.insert(*role, Ok(set.clone()));
                }
                given.insert(*role, set);
            }
        }
        given
    }

    /// A ring in which one server's keys are fresh.
    pub async fn refreshed_keys_of(&self, role: ServerRole) -> KeyRing {
        let mut ring = self.key_store().0.lock().await;
        let set = self.fetch_keys(role).await;
        let mut given = ring.clone();
        if let Ok(set) = &set {
            ring.insert(role, Ok(set.clone()));
        }
        given.insert(role, set);
        given
    }

    /// Forgets the sets fetched so far: what the servers publish is about to change.
    pub async fn forget_keys(&self) {
        *self.key_store().0.lock().await = KeyRing::default();
    }

    async fn fetch_keys(&self, role: ServerRole) -> Result<Arc<Jwks>, String> {
        let Some(server) = self.deployment().servers.get(&role) else {
            return Err(format!(
                "the target describes no authorization server `{role}`"
            ));
        };
        let request = RequestSpec::new(Party::Org, "GET", server.endpoint("jwks_uri"));
        let exchange = match self.ask(request).await {
            Ok(exchange) => exchange,
            Err(trouble) => return Err(format!("the keys of `{role}` cannot be had: {trouble}")),
        };
        let status = exchange.response.status;
        let jwks = exchange.response.json.as_ref().and_then(Jwks::parse);
        match jwks {
            Some(jwks) if status == 200 => Ok(Arc::new(jwks)),
            _ => Err(format!(
                "the keys of `{role}` cannot be had: the jwks_uri answers {status} and no key set"
            )),
        }
    }
}
