//! https: certificates that the org makes or is given, and the handshake's settings.

mod certificate_authority;
mod error;
mod given;
mod identity;
mod pem;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::rustls::{self, ServerConfig};

use crate::assemble::StartError;
use certificate_authority::CertificateAuthority;
pub use error::TlsError;
pub use identity::TlsIdentity;

/// HTTP/2 in ALPN (RFC 9113 §3.2).
pub(crate) const HTTP_2: &[u8] = b"h2";
/// HTTP/1.1 in ALPN (RFC 7301 §6).
const HTTP_1_1: &[u8] = b"http/1.1";

/// Certificates that are kept for orgs to come, each for other names.
const KEPT: usize = 8;

/// Where the certificate of an org comes from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// It is made, and signed by the certificate authority of this process.
    Made,
    /// It is read from files.
    Files { certificate: PathBuf, key: PathBuf },
}

/// What an org needs to speak https. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) identity: Arc<TlsIdentity>,
}

impl Tls {
    /// Reads or makes the certificate. One that is made is valid for these hosts and for this machine.
    pub(crate) fn new(source: &Source, hosts: Vec<String>) -> Result<Self, StartError> {
        Ok(match source {
            Source::Made => MADE.get(hosts)?,
            Source::Files { certificate, key } => given::read(certificate, key)?,
        })
    }

    /// What clients must trust.
    pub(crate) fn ca_pem(&self) -> &str {
        self.identity.ca_pem()
    }

    /// `chain` begins with the server's own certificate.
    fn with(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        identity: TlsIdentity,
    ) -> Result<Self, rustls::Error> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let certified = CertifiedKey::from_der(chain, key, &provider)?;
        let mut config = server_config(provider)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
        config.alpn_protocols = vec![HTTP_2.to_vec(), HTTP_1_1.to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            identity: Arc::new(identity),
        })
    }
}

fn server_config(
    provider: Arc<CryptoProvider>,
) -> Result<rustls::ConfigBuilder<ServerConfig, rustls::WantsVerifier>, rustls::Error> {
    ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()
}

static MADE: Pool = Pool(Mutex::new(Made {
    authority: None,
    made: Vec::new(),
}));

/// Certificates that this process has made, so that a test that starts an org of its own does not wait for a new one and
/// a client that trusts one org's authority trusts that of the others.
struct Pool(Mutex<Made>);

struct Made {
    authority: Option<CertificateAuthority>,
    /// By host names, the one used last at the end.
    made: Vec<(Vec<String>, Tls)>,
}

impl Pool {
    fn get(&self, mut hosts: Vec<String>) -> Result<Tls, TlsError> {
        hosts.sort();
        hosts.dedup();
        let mut pool = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = pool.made.iter().position(|(names, _)| *names == hosts);
        let tls = match (kept, &pool.authority) {
            (Some(at), _) => pool.made.remove(at).1,
            (None, Some(authority)) => authority.certify(&hosts)?,
            (None, None) => {
                let authority = CertificateAuthority::new()?;
                let tls = authority.certify(&hosts)?;
                pool.authority = Some(authority);
                tls
            }
        };
        if pool.made.len() == KEPT {
            pool.made.remove(0);
        }
        pool.made.push((hosts, tls.clone()));
        Ok(tls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_one_authority_and_a_certificate_for_each_set_of_names() {
        let get = |host: &str| {
            let tls = MADE
                .get(vec![host.to_owned(), host.to_owned()])
                .expect("made");
            let identity = &tls.identity;
            (
                identity.ca_pem().to_owned(),
                identity.certificate_pem().to_owned(),
            )
        };
        let one = get("one.test");
        assert_eq!(get("one.test"), one);
        let other = get("other.test");
        assert_eq!(other.0, one.0);
        assert_ne!(other.1, one.1);
        for number in 0..KEPT {
            get(&format!("host-{number}.test"));
        }
        let kept = MADE.0.lock().expect("the pool").made.len();
        assert!(kept <= KEPT, "{kept}");
    }
}
