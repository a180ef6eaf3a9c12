//! The certificate authority that a target file names: its target is trusted by it, beside those of the system.

use std::fmt;

use reqwest::Certificate;

/// Certificates of authorities.
#[derive(Clone)]
pub struct Ca(Vec<Certificate>);

impl Ca {
    /// Reads PEM.
    ///
    /// # Errors
    /// What is wrong with it, and what to do about it.
    pub fn parse(pem: &str) -> Result<Self, (String, &'static str)> {
        let labels: Vec<&str> = pem
            .lines()
            .filter_map(|line| {
                line.trim()
                    .strip_prefix("-----BEGIN ")?
                    .strip_suffix("-----")
            })
            .collect();
        if !labels.contains(&"CERTIFICATE") {
            let why = if pem.trim().is_empty() {
                "it is empty".to_owned()
            } else if labels.is_empty() {
                "it is not PEM: no line begins with `-----BEGIN `".to_owned()
            } else {
                format!("it contains no certificate, only: {}", labels.join(", "))
            };
            return Err((
                why,
                "give a certificate as PEM, which begins with `-----BEGIN CERTIFICATE-----`",
            ));
        }
        let whole = "copy the whole block, with its BEGIN and END lines";
        let certificates = Certificate::from_pem_bundle(pem.as_bytes())
            .map_err(|_| ("a block is cut off or is not base64".to_owned(), whole))?;
        // The client is the one that reads them, and does so when it is made.
        let trial = reqwest::Client::builder().tls_certs_only(certificates.clone());
        if trial.build().is_err() {
            let why = "it is not an X.509 certificate".to_owned();
            return Err((
                why,
                "give the certificate of the authority that signed the server's",
            ));
        }
        Ok(Self(certificates))
    }

    /// For the client that trusts them.
    pub(super) fn certificates(&self) -> impl Iterator<Item = Certificate> {
        self.0.iter().cloned()
    }
}

impl fmt::Debug for Ca {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ca({} certificates)", self.0.len())
    }
}
