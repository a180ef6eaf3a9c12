//! From settings to an org: the file is read, keys are made on several threads.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::{io, thread};

use aws_lc_rs::rand;
use mock_okta_core::behaviour::{BehaviourError, Edition};
use mock_okta_core::keys::{KeyError, KeyJob, Keyring, MadeKey};
use mock_okta_core::org::{Org, OrgFile};
use mock_okta_core::{FaultError, LEAST_MEMORY_BUDGET, VariationConflict};
use strict_yaml::Problems;

use crate::files::{self, FileError, MAX_ORG_FILE_BYTES};

/// Why an org could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The org file cannot be read.
    #[error("{0}")]
    Unreadable(#[from] FileError),
    /// The org file has mistakes; the message shows all of them.
    #[error("{0}")]
    Mistakes(#[from] Problems),
    /// There is no such behaviour, or it has no such value.
    #[error("{0}")]
    Behaviour(#[from] BehaviourError),
    /// Two variations exclude each other.
    #[error("{0}")]
    Variations(#[from] VariationConflict),
    /// A wire fault cannot be used.
    #[error("{0}")]
    Fault(#[from] FaultError),
    /// A key could not be made. A pinned one that cannot be used is among the mistakes of its file.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// The issuer is not an address that an org could have.
    #[error("the issuer `{issuer}` cannot be used: {reason}")]
    Issuer {
        /// As given.
        issuer: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A client publishes its keys elsewhere, and this build cannot fetch them.
    #[error(
        "the client `{client}` publishes its keys at its `jwks_uri`; add the feature `jwks-uri` of mock-okta, which \
         fetches them, or give the client `keys`"
    )]
    JwksUri {
        /// Its id.
        client: String,
    },
    /// There is no such user to sign in.
    #[error("there is no user `{user}` to sign in; expected one of {}", logins.join(", "))]
    SignIn {
        /// As given.
        user: String,
        /// Those that the org has.
        logins: Vec<String>,
    },
    /// Nobody could ever present the control token.
    #[error("the control token cannot be used: {0}")]
    ControlToken(&'static str),
    /// Nobody could ever present the API token.
    #[error("the API token cannot be used: {0}")]
    ApiToken(&'static str),
    /// The org cannot speak https.
    #[cfg(feature = "tls")]
    #[error("{0}")]
    Tls(#[from] crate::tls::TlsError),
    /// Too little memory to keep a sign-in in.
    #[error(
        "a memory budget of {bytes} bytes is too small: it must be at least {LEAST_MEMORY_BUDGET} bytes (1 MiB)"
    )]
    MemoryBudget {
        /// As given.
        bytes: usize,
    },
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// Where.
        address: String,
        /// The system's words.
        error: io::Error,
    },
    /// No thread or no randomness can be had.
    #[error("the system refuses what a server needs: {0}")]
    System(String),
}

impl StartError {
    /// Whether the settings are at fault, and not the machine.
    pub fn is_wrong_input(&self) -> bool {
        match self {
            Self::Listen { .. } | Self::System(_) => false,
            #[cfg(feature = "tls")]
            Self::Tls(error) => error.is_wrong_input(),
            _ => true,
        }
    }

    /// The message in colour, with ANSI escapes.
    pub fn styled(&self) -> String {
        match self {
            Self::Mistakes(problems) => problems.styled(),
            other => other.to_string(),
        }
    }
}

/// Reads an org file, and the keys that it pins, without starting anything.
///
/// # Errors
/// With every mistake of the file.
pub fn check_file(path: &Path, edition: Edition) -> Result<(), StartError> {
    let file = read_file(path, edition)?;
    for job in Keyring::jobs(&file.org, &[0; 32]) {
        if !job.is_slow() {
            job.run()?;
        }
    }
    Ok(())
}

pub(crate) fn read_file(path: &Path, edition: Edition) -> Result<OrgFile, StartError> {
    let bytes = files::read(path, MAX_ORG_FILE_BYTES)?;
    let name = path.display().to_string();
    let text = strict_yaml::guarded_text_of(&name, &bytes)?;
    Ok(OrgFile::from_yaml(&name, text, edition)?)
}

/// Whether the keys of every client can be reached: with the feature `jwks-uri` those that are published elsewhere, too.
pub(crate) fn check_jwks_uris(org: &Org) -> Result<(), StartError> {
    if cfg!(feature = "jwks-uri") {
        Ok(())
    } else {
        check_without_fetching(org)
    }
}

/// Whether the keys of every client are the org's own.
fn check_without_fetching(org: &Org) -> Result<(), StartError> {
    let mut clients = org.clients.values();
    match clients.find(|client| client.jwks_uri.is_some()) {
        Some(client) => Err(StartError::JwksUri {
            client: client.id.to_string(),
        }),
        None => Ok(()),
    }
}

/// A seed that nobody chose.
pub(crate) fn fresh_seed() -> Result<[u8; 32], StartError> {
    let mut seed = [0; 32];
    rand::fill(&mut seed).map_err(|_| StartError::System("no randomness".to_owned()))?;
    Ok(seed)
}

/// All keys of an org: those that it cannot answer without, made on as many threads as there are cores, those that take
/// long first. The others are made when they are needed, or by [`make_the_rest`].
pub(crate) fn make_keys(org: &Org, seed: &[u8; 32]) -> Result<Keyring, StartError> {
    run(org, Keyring::jobs(org, seed))
}

/// Makes what these jobs of an org make.
pub(crate) fn run(org: &Org, jobs: Vec<KeyJob>) -> Result<Keyring, StartError> {
    let (later, mut jobs): (Vec<_>, Vec<_>) = jobs.into_iter().partition(KeyJob::can_wait);
    // Taken from the end.
    jobs.sort_by_key(KeyJob::is_slow);
    let slow = jobs.iter().filter(|job| job.is_slow()).count();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let jobs = Mutex::new(jobs);
    let work = || {
        let mut made: Vec<Result<MadeKey, KeyError>> = Vec::new();
        loop {
            let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(job) = job else { return made };
            made.push(job.run());
        }
    };
    let made: Vec<_> = thread::scope(|scope| {
        let helpers: Vec<_> = (1..cores.min(slow.max(1)))
            .map(|_| scope.spawn(work))
            .collect();
        let mut made = work();
        for helper in helpers {
            // A key job does not panic; if one did, its key is missing and `assemble` says so.
            made.extend(helper.join().unwrap_or_default());
        }
        made
    });
    let made = made.into_iter().collect::<Result<_, _>>()?;
    Ok(Keyring::assemble(org, made, later)?)
}

/// Makes the keys that could wait: one share of `of`.
pub(crate) fn make_the_rest(keys: &Keyring, share: usize, of: usize) {
    for name in keys.servers().skip(share).step_by(of) {
        let _ = keys.server(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_that_cannot_fetch_keys_names_the_feature_it_lacks() {
        let mut org = Org::standard(Edition::default());
        assert!(check_without_fetching(&org).is_ok(), "it holds all keys");
        let agent = org.clients.values_mut().next().expect("a client");
        agent.jwks_uri = Some("https://agent.example/keys".to_owned());
        let error = check_without_fetching(&org).expect_err("keys elsewhere");
        assert!(
            error.to_string().contains("add the feature `jwks-uri`"),
            "{error}"
        );
    }

    #[test]
    fn keys_do_not_depend_on_how_many_threads_made_them() {
        let org = Org::standard(Edition::default());
        let parallel = make_keys(&org, &[3; 32]).expect("keys");
        let alone = Keyring::make(&org, &[3; 32]).expect("keys");
        let kids = |ring: &Keyring| -> Vec<String> {
            let server = mock_okta_core::keys::ServerName::Org;
            let own = ring
                .server(&server)
                .map(|keys| keys.active.public.kid.clone());
            let clients = org.clients.keys().flat_map(|id| ring.client(id));
            let jwks =
                clients.map(|key| serde_json::Value::Object(key.public.jwk.clone()).to_string());
            own.into_iter().chain(jwks).collect()
        };
        assert_eq!(kids(&parallel), kids(&alone));
    }
}
