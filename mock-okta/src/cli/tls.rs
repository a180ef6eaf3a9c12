//! Options of `mock-okta serve` about https.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use mock_okta::{Builder, MockOkta, TlsIdentity};

use super::private_file::write_private;
use super::say;

/// How the org speaks https, if it does.
#[derive(Debug, Args)]
#[command(next_help_heading = "https")]
pub(super) struct TlsOptions {
    /// Speak https, with HTTP/2 and HTTP/1.1, by a certificate that is made at each start, whatever `--seed` says. It is valid
    /// for localhost, 127.0.0.1, `::1` and the hosts of `--issuer` and `--host`
    #[arg(long)]
    tls: bool,
    /// Write `ca.pem`, which clients must trust, `cert.pem` and `key.pem` into this directory once the org listens; only the
    /// owner may read the key
    #[arg(
        long,
        value_name = "DIR",
        requires = "tls",
        conflicts_with = "tls_cert"
    )]
    tls_out: Option<PathBuf>,
    /// Speak https by this certificate: PEM, the server's own first, then those of the authorities between it and the one
    /// that clients trust
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key of that certificate: PEM, without a passphrase
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

impl TlsOptions {
    pub(super) fn apply(&self, builder: Builder) -> Builder {
        match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => builder.tls_files(certificate, key),
            _ if self.tls => builder.tls(),
            _ => builder,
        }
    }

    /// The file of the private key that others should not be able to read.
    pub(super) fn key_file(&self) -> Option<&Path> {
        self.tls_key.as_deref()
    }

    /// Writes what was asked for, and warns of what clients will refuse.
    ///
    /// # Errors
    /// What cannot be written, and why.
    pub(super) fn write_files(&self, okta: &MockOkta) -> Result<(), (String, io::Error)> {
        let Some(identity) = okta.tls_identity() else {
            return Ok(());
        };
        if let Some(folder) = &self.tls_out {
            write(folder, identity)?;
        }
        let authority = okta.base_url().trim_start_matches("https://");
        let host = authority
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
            .map_or(authority, |(host, _)| host);
        if !identity.is_for(host) {
            say(&format!(
                "warning: the certificate is not valid for `{host}`, the host of the issuer {}, so clients will refuse it; \
                 start with `--issuer https://NAME:PORT` and a name of the certificate",
                okta.base_url()
            ));
        }
        Ok(())
    }
}

fn write(folder: &Path, identity: &TlsIdentity) -> Result<(), (String, io::Error)> {
    let failed = |path: &Path, error| (format!("cannot write {}", path.display()), error);
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for (name, text) in [
        ("ca.pem", identity.ca_pem()),
        ("cert.pem", identity.certificate_pem()),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| failed(&path, error))?;
    }
    let path = folder.join("key.pem");
    write_private(&path, identity.private_key_pem()).map_err(|error| failed(&path, error))
}
