//! From settings to a running org.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use mock_okta_core::org::{Org, OrgFile, UserId};
use mock_okta_core::{Core, LEAST_MEMORY_BUDGET, Options, Variations};

use tokio::sync::watch;

use super::{Builder, Source};
use crate::app::App;
use crate::assemble::{StartError, check_jwks_uris, fresh_seed, make_keys, read_file};
use crate::clock::Clock;
use crate::documents::Fetcher;
use crate::handle::MockOkta;
use crate::outage::Outage;
use crate::settings::{check_token, checked_issuer};
use crate::tls::Tls;
use crate::{faults, key_pool};

impl Builder {
    /// Starts the org. It listens when this returns.
    ///
    /// # Errors
    /// When the settings are wrong or the address cannot be listened on.
    pub async fn start(self) -> Result<MockOkta, StartError> {
        // The org has threads of its own, so no runtime of the caller's is needed, and none is blocked.
        let (tell, started) = tokio::sync::oneshot::channel();
        std::thread::Builder::new()
            .name("mock-okta-start".to_owned())
            .spawn(move || drop(tell.send(self.start_blocking())))
            .map_err(|error| StartError::System(error.to_string()))?;
        started
            .await
            .unwrap_or_else(|_| Err(StartError::System("the start was broken off".to_owned())))
    }

    /// Starts the org from code that is not asynchronous.
    ///
    /// ```
    /// let okta = mock_okta::MockOkta::builder().start_blocking()?;
    /// assert!(okta.issuer().starts_with("http://127.0.0.1:"));
    /// # Ok::<(), mock_okta::StartError>(())
    /// ```
    ///
    /// # Errors
    /// When the settings are wrong or the address cannot be listened on.
    pub fn start_blocking(self) -> Result<MockOkta, StartError> {
        let address = SocketAddr::new(self.host, self.port);
        // Clients may connect from now on; they are answered as soon as there are keys.
        let listener = listen(address)?;
        let local = listener
            .local_addr()
            .map_err(|error| listen_error(address, error))?;
        let base_url = match &self.issuer {
            Some(issuer) => checked_issuer(issuer, self.tls.is_some())?,
            None => base_url_of(local, self.tls.is_some()),
        };
        let (patience, keys_ahead) = (self.patience, self.keys_ahead);
        let tls = match &self.tls {
            Some(source) => Some(Tls::new(source, self.hosts(&base_url))?),
            None => None,
        };
        let mut app = self.app(base_url)?;
        app.ca_pem = tls.as_ref().map(|tls| tls.ca_pem().to_owned());
        let org = MockOkta::serve(listener, local, Arc::new(app), tls, patience)?;
        if keys_ahead {
            org.make_the_rest_of_the_keys();
        }
        Ok(org)
    }

    /// The hosts by which clients may reach the org.
    fn hosts(&self, base_url: &str) -> Vec<String> {
        let url = url::Url::parse(base_url).ok();
        let issuer = url.and_then(|url| url.host_str().map(str::to_owned));
        let own = (!self.host.is_unspecified()).then(|| self.host.to_string());
        issuer.into_iter().chain(own).collect()
    }

    /// The org without a socket.
    pub(crate) fn app(self, base_url: String) -> Result<App, StartError> {
        if let Some(token) = &self.control_token {
            check_token(token).map_err(StartError::ControlToken)?;
        }
        if self.memory_budget < LEAST_MEMORY_BUDGET {
            return Err(StartError::MemoryBudget {
                bytes: self.memory_budget,
            });
        }
        let standard = matches!(self.source, Source::Standard);
        let OrgFile { mut org, target } = match &self.source {
            Source::Standard => OrgFile::standard(self.edition),
            Source::Yaml { name, text } => OrgFile::from_yaml(name, text, self.edition)?,
            Source::File(path) => read_file(path, self.edition)?,
        };
        if let Some(token) = &self.api_token {
            check_token(token).map_err(StartError::ApiToken)?;
        }
        self.set_switches(&mut org)?;
        check_jwks_uris(&org)?;
        let seed = match self.seed {
            Some(seed) => widen(seed),
            None => fresh_seed()?,
        };
        let api_token = self.api_token_or_made(&seed);
        let variations = Variations::new(self.variations)?;
        let keys = match self.seed {
            _ if standard => key_pool::keys(&org, self.seed.map(widen))?,
            Some(_) => make_keys(&org, &seed)?,
            None => key_pool::keys_without_seed(&org)?,
        };
        let roles = target.complete(&org);
        let auto_sign_in = match &self.auto_sign_in {
            Some(name) => Some(user_to_sign_in(&org, name)?),
            None => None,
        };
        faults::add(self.faults, &mut org, &roles)?;
        if self.is_mounted {
            faults::check_mounted(&org)?;
        }
        let options = Options {
            base_url,
            seed,
            show_internal_codes: self.internal_codes && !self.as_real,
            journal_capacity: self.journal_capacity,
            memory_budget: self.memory_budget,
            defects: self.defects.into_iter().collect(),
            variations,
            keeps_raw: self.keeps_raw,
            auto_sign_in,
            shows_passwords: self.control_token.is_none() && self.host.is_loopback(),
            as_real: self.as_real,
            api_token,
            requests_per_minute: self.requests_per_minute,
            id_jags_per_month: self.id_jags_per_month,
            check: if self.is_mounted {
                faults::check_mounted_org
            } else {
                |org| check_jwks_uris(org).map_err(|error| error.to_string())
            },
        };
        Ok(App {
            core: Core::new(org, keys, options),
            clock: Clock::default(),
            fetcher: Fetcher::default(),
            roles,
            outage: Outage::default(),
            is_mounted: self.is_mounted,
            arrived: watch::Sender::new(0),
            log: self.log,
            control_token: self.control_token,
            ca_pem: None,
        })
    }
}

/// The user whom every browser is signed in as.
fn user_to_sign_in(org: &Org, name: &str) -> Result<UserId, StartError> {
    let found = org.user_named(name).map(|user| user.id.clone());
    found.ok_or_else(|| StartError::SignIn {
        user: name.to_owned(),
        logins: org.users.values().map(|user| user.login.clone()).collect(),
    })
}

fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    let listener = TcpListener::bind(address).map_err(|error| listen_error(address, error))?;
    listener
        .set_nonblocking(true)
        .map_err(|error| listen_error(address, error))?;
    Ok(listener)
}

fn listen_error(address: SocketAddr, error: std::io::Error) -> StartError {
    StartError::Listen {
        address: address.to_string(),
        error,
    }
}

/// Where clients on this machine reach it: nobody can connect to 0.0.0.0 everywhere.
fn base_url_of(local: SocketAddr, secure: bool) -> String {
    let scheme = if secure { "https" } else { "http" };
    if local.ip().is_unspecified() {
        format!("{scheme}://localhost:{}", local.port())
    } else {
        format!("{scheme}://{local}")
    }
}

fn widen(seed: u64) -> [u8; 32] {
    let mut wide = [0; 32];
    wide[..8].copy_from_slice(&seed.to_le_bytes());
    wide
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_every_interface_is_reached_by_name() {
        let any: SocketAddr = "0.0.0.0:7070".parse().expect("an address");
        assert_eq!(base_url_of(any, false), "http://localhost:7070");
        let six: SocketAddr = "[::1]:7070".parse().expect("an address");
        assert_eq!(base_url_of(six, true), "https://[::1]:7070");
    }
}
