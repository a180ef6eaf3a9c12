//! How a target is reached: through which proxy, with which certificate of one's own, how fast.

use std::fmt;
use std::num::NonZeroU32;

use reqwest::Identity;

use super::http::origin;
use super::proxy::Proxies;
use super::{Trouble, TroubleKind};
use crate::secret::Secret;

/// What a target file and the environment say of the way to a target.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Proxies on the way.
    pub proxies: Proxies,
    /// What the client shows in the handshake.
    pub client_certificate: Option<ClientCertificate>,
    /// The most requests in a minute.
    pub max_requests_per_minute: Option<NonZeroU32>,
}

impl Network {
    /// What the environment says, where there is no target file. `org` is the address that is to be asked.
    ///
    /// # Errors
    /// When a variable names something that is no proxy.
    pub fn of_environment(org: &str) -> Result<Self, Trouble> {
        let proxies = Proxies::of_environment(&|name| std::env::var(name).ok());
        let proxies = proxies.map_err(|(name, why)| Trouble {
            kind: TroubleKind::Unsendable,
            origin: origin(org),
            detail: Some(format!(
                "the environment variable `{name}` names no proxy: {why}"
            )),
        })?;
        Ok(Self {
            proxies,
            ..Self::default()
        })
    }

    /// Secrets that are sent as they are written: the password of a proxy.
    pub(super) fn credentials(&self) -> Vec<Secret> {
        self.proxies.passwords().collect()
    }

    /// The private key of the certificate, as written.
    pub(super) fn private_keys(&self) -> impl Iterator<Item = Secret> {
        self.client_certificate.iter().map(|own| own.key.clone())
    }
}

/// A certificate with its private key (RFC 8446 section 4.4.2).
#[derive(Clone)]
pub struct ClientCertificate {
    identity: Identity,
    key: Secret,
}

impl ClientCertificate {
    /// Reads PEM.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(certificate: &str, key: Secret) -> Result<Self, &'static str> {
        if !certificate.contains("-----BEGIN CERTIFICATE-----") {
            return Err("the certificate is not PEM: no line is `-----BEGIN CERTIFICATE-----`");
        }
        let both = format!("{certificate}\n{}\n", key.expose());
        let identity = Identity::from_pem(both.as_bytes()).map_err(
            |_| "the private key is not PEM (PKCS#8, PKCS#1 or SEC1), or the certificate is broken",
        )?;
        // The client reads them when it is made.
        let trial = reqwest::Client::builder()
            .identity(identity.clone())
            .build();
        trial.map_err(|_| "the private key is not that of the certificate")?;
        Ok(Self { identity, key })
    }

    /// For the client that shows it.
    pub(super) fn identity(&self) -> Identity {
        self.identity.clone()
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate")
    }
}
