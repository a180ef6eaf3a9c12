//! All keys of an org: those that sign, those that are published still, those of its clients.
//!
//! A server's fresh key may be made when it is first asked for, so that an org can answer before all are there.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::job::{KeyJob, MadeKey, Owner, derive};
use super::{ClientKey, KeyError, PublicKey, ServerName, SigningKey, broken};
use crate::org::{ClientId, KeyAlg, KeyOrigin, Org};
use crate::secret::Secret;

/// All keys of an org.
#[derive(Debug, Clone, Default)]
pub struct Keyring {
    servers: BTreeMap<ServerName, Arc<ServerSlot>>,
    clients: BTreeMap<ClientId, Vec<ClientKey>>,
}

/// Keys of one authorization server.
#[derive(Debug, Clone)]
pub struct ServerKeys {
    /// Signs.
    pub active: Arc<SigningKey>,
    /// Published, and verified against, but signing no more.
    pub retired: Vec<PublicKey>,
    /// Signed before the active one; only an org with a defect signs with it still.
    pub(crate) previous: Option<Arc<SigningKey>>,
}

impl ServerKeys {
    /// Every published key, the active one first.
    pub fn published(&self) -> impl Iterator<Item = &PublicKey> {
        std::iter::once(&self.active.public).chain(&self.retired)
    }
}

/// The keys of a server, made or still to be made. Copies of a ring share it.
#[derive(Debug)]
struct ServerSlot {
    keys: OnceLock<Option<ServerKeys>>,
    job: Option<KeyJob>,
}

impl ServerSlot {
    fn made(keys: ServerKeys) -> Arc<Self> {
        Arc::new(Self {
            keys: OnceLock::from(Some(keys)),
            job: None,
        })
    }

    fn waiting(job: KeyJob) -> Arc<Self> {
        Arc::new(Self {
            keys: OnceLock::new(),
            job: Some(job),
        })
    }

    /// Whoever comes while the key is made waits for it.
    fn get(&self) -> Option<&ServerKeys> {
        let make = || ServerKeys::fresh(self.job.clone()?.run().ok()?);
        self.keys.get_or_init(make).as_ref()
    }
}

impl ServerKeys {
    fn fresh(made: MadeKey) -> Option<Self> {
        Some(Self {
            active: Arc::new(made.signing?),
            retired: Vec::new(),
            previous: None,
        })
    }
}

impl Keyring {
    /// What must be made before the org can answer. Each job is independent of the others.
    pub fn jobs(org: &Org, seed: &[u8; 32]) -> Vec<KeyJob> {
        let server = |name: ServerName, pem: &Option<Secret>| {
            let label = match &name {
                ServerName::Org => "org".to_owned(),
                ServerName::Custom(id) => format!("custom {id}"),
            };
            KeyJob {
                seed: derive(seed, &label),
                label,
                owner: Owner::Server(name),
                alg: KeyAlg::Rs256,
                kid: None,
                usage: "sig".to_owned(),
                origin: pem.clone().map_or(KeyOrigin::Fresh, KeyOrigin::Private),
                stocked: None,
            }
        };
        let mut jobs = vec![server(ServerName::Org, &org.org_key_pem)];
        for custom in org.custom_servers.values() {
            jobs.push(server(
                ServerName::Custom(custom.id.clone()),
                &custom.key_pem,
            ));
        }
        for client in org.clients.values() {
            for key in &client.keys {
                let label = format!("client {} {}", client.id, key.kid);
                jobs.push(KeyJob {
                    seed: derive(seed, &label),
                    label,
                    owner: Owner::Client(client.id.clone()),
                    alg: key.alg,
                    kid: Some(key.kid.clone()),
                    usage: key.usage.clone(),
                    origin: key.origin.clone(),
                    stocked: None,
                });
            }
        }
        jobs
    }

    /// The ring of all keys made, in any order, and of those of servers that are made when they are needed.
    ///
    /// # Errors
    /// When a server's key is missing among them.
    pub fn assemble(org: &Org, made: Vec<MadeKey>, later: Vec<KeyJob>) -> Result<Self, KeyError> {
        let mut ring = Self {
            servers: BTreeMap::new(),
            clients: BTreeMap::new(),
        };
        for key in made {
            match key.owner.clone() {
                Owner::Client(id) => ring.clients.entry(id).or_default().push(key.client),
                Owner::Server(name) => {
                    let keys = ServerKeys::fresh(key)
                        .ok_or_else(|| broken("a server", "it cannot sign"))?;
                    ring.servers.insert(name, ServerSlot::made(keys));
                }
            }
        }
        for job in later {
            if let Owner::Server(name) = job.owner.clone() {
                ring.servers.insert(name, ServerSlot::waiting(job));
            }
        }
        let names = std::iter::once(ServerName::Org)
            .chain(org.custom_servers.keys().cloned().map(ServerName::Custom));
        for name in names {
            if !ring.servers.contains_key(&name) {
                return Err(broken(&format!("{name:?}"), "none was made"));
            }
        }
        Ok(ring)
    }

    /// All keys; those that can wait are made when they are needed, the others here and now.
    ///
    /// # Errors
    /// When a pinned key cannot be read.
    pub fn make(org: &Org, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let (later, now): (Vec<_>, Vec<_>) = Self::jobs(org, seed)
            .into_iter()
            .partition(KeyJob::can_wait);
        let made = now.into_iter().map(KeyJob::run).collect::<Result<_, _>>()?;
        Self::assemble(org, made, later)
    }

    /// Keys of a server. One that is not made yet is made, which takes tens of milliseconds.
    pub fn server(&self, name: &ServerName) -> Option<&ServerKeys> {
        self.servers.get(name)?.get()
    }

    /// Servers that have keys, the org first.
    pub fn servers(&self) -> impl Iterator<Item = &ServerName> {
        self.servers.keys()
    }

    /// Keys of a client, none when it has none.
    pub fn client(&self, id: &ClientId) -> &[ClientKey] {
        self.clients.get(id).map_or(&[], Vec::as_slice)
    }

    /// The ring of an org that was configured anew: servers keep their keys and clients those they had `at_start`; what
    /// is new and was given is read.
    ///
    /// # Errors
    /// When a given key cannot be read, or when a client's would have to be made: nobody would have its private half.
    pub fn follow(&self, org: &Org, seed: &[u8; 32], at_start: &Self) -> Result<Self, KeyError> {
        let mut ring = Self {
            servers: self.servers.clone(),
            clients: BTreeMap::new(),
        };
        for job in Self::jobs(org, seed) {
            match job.owner.clone() {
                Owner::Server(name) if ring.servers.contains_key(&name) => {}
                Owner::Server(name) if job.can_wait() => {
                    ring.servers.insert(name, ServerSlot::waiting(job));
                }
                Owner::Server(name) => {
                    let keys = ServerKeys::fresh(job.run()?)
                        .ok_or_else(|| broken("a server", "it cannot sign"))?;
                    ring.servers.insert(name, ServerSlot::made(keys));
                }
                Owner::Client(id) => {
                    let key = if matches!(job.origin, KeyOrigin::Fresh) {
                        at_start.known(&id, &job)?
                    } else {
                        job.run()?.client
                    };
                    ring.clients.entry(id).or_default().push(key);
                }
            }
        }
        Ok(ring)
    }

    /// The keys as at the start: those of clients, and those with which servers sign. What servers have signed with since
    /// stays published.
    #[must_use]
    pub fn restored(&self, at_start: &Self) -> Self {
        let restored = |(name, start): (&ServerName, &Arc<ServerSlot>)| {
            let now = self.servers.get(name);
            let changed = now.filter(|now| !Arc::ptr_eq(now, start));
            let slot = changed.and_then(|now| Some(signing_again(start.get()?, now.get()?)));
            (name.clone(), slot.unwrap_or_else(|| start.clone()))
        };
        Self {
            servers: at_start.servers.iter().map(restored).collect(),
            clients: at_start.clients.clone(),
        }
    }

    /// The key that was made for a client under this `kid`, with the use that is now said of it.
    fn known(&self, id: &ClientId, job: &KeyJob) -> Result<ClientKey, KeyError> {
        let mut keys = self.client(id).iter();
        let key =
            keys.find(|key| job.kid.as_ref() == Some(&key.public.kid) && key.public.alg == job.alg);
        let mut key = key.cloned().ok_or_else(|| {
            let reason = "it would have to be made, and nobody would have its private half; \
                          give `public_jwk` or `private_key_pem`";
            broken(&job.label, reason)
        })?;
        let usage = job.usage.clone().into();
        key.public.jwk.insert("use".to_owned(), usage);
        Ok(key)
    }

    /// Loses the keys of a server, as an outage would: it can sign nothing from now on.
    pub fn lose(&mut self, name: &ServerName) {
        self.servers.remove(name);
    }

    /// Makes `fresh` the signing key of a server; the old one stays published.
    ///
    /// # Errors
    /// When there is no such server or the key cannot sign.
    pub fn rotate(&mut self, name: &ServerName, fresh: MadeKey) -> Result<String, KeyError> {
        let mut keys = self
            .server(name)
            .cloned()
            .ok_or_else(|| broken("a server", "there is no such server"))?;
        let signing = fresh
            .signing
            .ok_or_else(|| broken("a server", "it cannot sign"))?;
        let kid = signing.public.kid.clone();
        let old = std::mem::replace(&mut keys.active, Arc::new(signing));
        keys.retired.insert(0, old.public.clone());
        keys.previous = Some(old);
        self.servers.insert(name.clone(), ServerSlot::made(keys));
        Ok(kid)
    }
}

/// The keys of a server that signs with the key of the start again.
fn signing_again(start: &ServerKeys, now: &ServerKeys) -> Arc<ServerSlot> {
    let active = start.active.clone();
    let later = now.published().filter(|key| key.kid != active.public.kid);
    let retired = later.cloned().collect();
    ServerSlot::made(ServerKeys {
        active,
        retired,
        previous: None,
    })
}
