//! Keys that are made once a process: a test that starts an org of its own does not wait for new ones.

use std::sync::{Mutex, OnceLock, PoisonError};

use mock_okta_core::keys::{KeyStock, Keyring};
use mock_okta_core::org::Org;

use crate::assemble::{StartError, fresh_seed, make_keys, run};

/// Rings that are kept: the unseeded one, and those of the seeds last used.
const KEPT: usize = 8;

static POOL: KeyPool = KeyPool::new();

/// The keys of the default org for a seed, or for none. Editions do not differ in their keys.
pub(crate) fn keys(standard: &Org, seed: Option<[u8; 32]>) -> Result<Keyring, StartError> {
    POOL.keys(standard, seed)
}

/// The keys of another org that has no seed: those of the same kind that other such orgs of this process have.
pub(crate) fn keys_without_seed(org: &Org) -> Result<Keyring, StartError> {
    static STOCK: OnceLock<KeyStock> = OnceLock::new();
    let seed = fresh_seed()?;
    let mut jobs = Keyring::jobs(org, &seed);
    STOCK.get_or_init(|| KeyStock::new(seed)).supply(&mut jobs);
    run(org, jobs)
}

/// Rings of one org by seed, the one used last at the end.
struct KeyPool(Mutex<Vec<(Option<[u8; 32]>, Keyring)>>);

impl KeyPool {
    const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn keys(&self, org: &Org, seed: Option<[u8; 32]>) -> Result<Keyring, StartError> {
        // Held while keys are made: who comes second waits for them rather than making others.
        let mut rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ring = match rings.iter().position(|(made_for, _)| *made_for == seed) {
            Some(at) => rings.remove(at).1,
            None => make_keys(org, &seed.map_or_else(fresh_seed, Ok)?)?,
        };
        if rings.len() == KEPT {
            rings.remove(0);
        }
        rings.push((seed, ring.clone()));
        Ok(ring)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mock_okta_core::behaviour::Edition;
    use mock_okta_core::keys::ServerName;

    #[test]
    fn a_seed_has_its_keys_however_many_others_came_between() {
        let pool = KeyPool::new();
        let mut org = Org::standard(Edition::default());
        // Servers' keys are made when they are asked for, and clients' take long.
        org.clients.clear();
        let ring = |seed: Option<u8>| pool.keys(&org, seed.map(|seed| [seed; 32])).expect("keys");
        let kid = |seed: Option<u8>| {
            let ring = ring(seed);
            let own = ring.server(&ServerName::Org).expect("the org's");
            own.active.public.kid.clone()
        };
        let (unseeded, first) = (kid(None), kid(Some(100)));
        assert_eq!(
            (kid(None), kid(Some(100))),
            (unseeded.clone(), first.clone())
        );
        assert_ne!(unseeded, first);
        for other in 0..KEPT {
            ring(u8::try_from(other).ok());
        }
        assert_eq!(kid(Some(100)), first);
        assert!(pool.0.lock().expect("the pool").len() <= KEPT);
    }
}
