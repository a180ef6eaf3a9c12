//! How an org that speaks https shows who it is.

use std::fmt;
use std::net::IpAddr;

use tokio_rustls::rustls::client::verify_server_name;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::server::ParsedCertificate;

/// The certificate of an org that speaks https, and what its clients must trust; everything as PEM.
#[derive(Clone)]
pub struct TlsIdentity {
    ca: String,
    chain: String,
    key: String,
    /// The server's own certificate.
    own: CertificateDer<'static>,
}

impl TlsIdentity {
    pub(super) const fn new(
        ca: String,
        chain: String,
        key: String,
        own: CertificateDer<'static>,
    ) -> Self {
        Self {
            ca,
            chain,
            key,
            own,
        }
    }

    /// The certificate that clients have to trust: that of the certificate authority which signed the org's own. Where the
    /// certificate was read from a file, it is the last one of the file.
    pub fn ca_pem(&self) -> &str {
        &self.ca
    }

    /// The certificates that the org shows, its own first.
    pub fn certificate_pem(&self) -> &str {
        &self.chain
    }

    /// The private key of the org's own certificate.
    pub fn private_key_pem(&self) -> &str {
        &self.key
    }

    /// Whether the certificate is valid for a host: a name, or an address with or without brackets.
    pub fn is_for(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let name = match host.parse::<IpAddr>() {
            Ok(address) => Ok(ServerName::from(address)),
            Err(_) => ServerName::try_from(host),
        };
        match (ParsedCertificate::try_from(&self.own), name) {
            (Ok(own), Ok(name)) => verify_server_name(&own, &name).is_ok(),
            _ => false,
        }
    }
}

/// Without the private key.
impl fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsIdentity")
            .field("certificate", &self.chain)
            .finish_non_exhaustive()
    }
}
