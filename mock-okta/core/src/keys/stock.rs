//! Private keys that several orgs of a process use, so that each does not wait for new ones. An org without a seed takes the
//! first key of each kind, then the second, and so on: within an org no two owners have the same.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

use super::job::{KeyJob, derive};
use super::private::Private;
use super::{KeyError, broken};
use crate::org::KeyAlg;

/// Keys by kind, made when they are first needed.
#[derive(Debug)]
pub struct KeyStock {
    seed: [u8; 32],
    keys: Mutex<BTreeMap<KeyAlg, Vec<Arc<StockedKey>>>>,
}

/// One of these keys.
pub(super) struct StockedKey {
    alg: KeyAlg,
    seed: [u8; 32],
    private: OnceLock<Option<Private>>,
}

/// Without the key.
impl fmt::Debug for StockedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StockedKey({})", self.alg.as_str())
    }
}

impl StockedKey {
    /// Whoever comes while the key is made waits for it.
    pub(super) fn private(&self, label: &str) -> Result<&Private, KeyError> {
        let make = || {
            let mut rng = ChaCha20Rng::from_seed(self.seed);
            Private::make("the stock", self.alg, &mut rng).ok()
        };
        let key = self.private.get_or_init(make).as_ref();
        key.ok_or_else(|| broken(label, "none could be made"))
    }
}

impl KeyStock {
    /// An empty one; its keys follow from the seed.
    pub const fn new(seed: [u8; 32]) -> Self {
        Self {
            seed,
            keys: Mutex::new(BTreeMap::new()),
        }
    }

    /// Gives each job of an org that would make a key one of the stock. Clients come first: their keys are waited for.
    pub fn supply(&self, jobs: &mut [KeyJob]) {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken: BTreeMap<KeyAlg, usize> = BTreeMap::new();
        for servers in [false, true] {
            let fresh = jobs.iter_mut().filter(|job| job.is_fresh());
            for job in fresh.filter(|job| job.can_wait() == servers) {
                let kind = kind(job.alg);
                let number = taken.entry(kind).or_default();
                let of_kind = keys.entry(kind).or_default();
                if *number == of_kind.len() {
                    let label = format!("stock {} {number}", kind.as_str());
                    of_kind.push(Arc::new(StockedKey {
                        alg: kind,
                        seed: derive(&self.seed, &label),
                        private: OnceLock::new(),
                    }));
                }
                job.stocked = of_kind.get(*number).cloned();
                *number += 1;
            }
        }
    }
}

/// Algorithms that have keys of the same kind and size.
const fn kind(alg: KeyAlg) -> KeyAlg {
    if alg.is_rsa() { KeyAlg::Rs256 } else { alg }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behaviour::Edition;
    use crate::keys::{Keyring, ServerName};
    use crate::org::Org;

    fn ring(stock: &KeyStock, org: &Org, seed: u8) -> Keyring {
        let mut jobs = Keyring::jobs(org, &[seed; 32]);
        stock.supply(&mut jobs);
        let (later, now): (Vec<_>, Vec<_>) = jobs.into_iter().partition(KeyJob::can_wait);
        let made = now.into_iter().map(KeyJob::run).collect::<Result<_, _>>();
        Keyring::assemble(org, made.expect("keys"), later).expect("a ring")
    }

    fn jwks(ring: &Keyring, org: &Org) -> Vec<String> {
        let clients = org.clients.keys().flat_map(|id| ring.client(id));
        let keys = clients.map(|key| key.public.jwk.clone());
        let own = ring.server(&ServerName::Org).expect("the org's");
        let material = |jwk: &serde_json::Map<String, serde_json::Value>| {
            let part = jwk.get("n").or_else(|| jwk.get("x"));
            part.map(ToString::to_string).expect("a public part")
        };
        let own = material(&own.active.public.jwk);
        keys.map(|jwk| material(&jwk)).chain([own]).collect()
    }

    #[test]
    fn orgs_share_keys_and_owners_within_an_org_do_not() {
        let stock = KeyStock::new([9; 32]);
        let mut org = Org::standard(Edition::default());
        // Servers' keys are made when they are asked for.
        org.custom_servers.clear();
        let first = jwks(&ring(&stock, &org, 1), &org);
        assert_eq!(jwks(&ring(&stock, &org, 2), &org), first);
        let mut distinct = first.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), first.len());
        assert!(first.len() > 2, "clients with keys and the org");
    }

    #[test]
    fn a_key_that_is_given_is_not_taken_from_the_stock() {
        let stock = KeyStock::new([9; 32]);
        let mut org = Org::standard(Edition::default());
        org.clients.clear();
        let mut jobs = Keyring::jobs(&org, &[1; 32]);
        let given = crate::org::KeyOrigin::Private(crate::secret::Secret::new("given"));
        jobs[0].origin = given;
        stock.supply(&mut jobs);
        assert!(jobs[0].stocked.is_none());
        assert!(jobs[1..].iter().all(|job| job.stocked.is_some()));
    }
}
