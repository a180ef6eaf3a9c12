//! A certificate and its key that are read from files. Every mistake says which file it is in and what to do.

use std::path::Path;

use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{self};

use super::{Tls, TlsError, TlsIdentity, pem};
use crate::files;

/// The longest file that is read, in bytes: a chain of a few certificates has some thousand.
const MAX_BYTES: u64 = 1024 * 1024;

const CERTIFICATE: &str = "CERTIFICATE";

/// Reads the chain, the server's own certificate first, and its key.
pub(super) fn read(certificate: &Path, key: &Path) -> Result<Tls, TlsError> {
    let (chain, chain_text) = Certificates(certificate).read()?;
    let (private, key_text) = Key(key).read()?;
    // There is one: an empty chain was refused.
    let own = chain
        .first()
        .cloned()
        .ok_or_else(|| other_key(certificate, key))?;
    let last = chain.last().unwrap_or(&own);
    let ca = pem::encode(CERTIFICATE, last);
    let identity = TlsIdentity::new(ca, chain_text, key_text, own.clone());
    Tls::with(chain, private, identity).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => other_key(certificate, key),
        error => Certificates(certificate).wrong(
            error.to_string(),
            "give an X.509 certificate of version 3 that the server can show",
        ),
    })
}

fn other_key(certificate: &Path, key: &Path) -> TlsError {
    TlsError::OtherKey {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
    }
}

/// The text of a PEM file, or why it is none and what to do about it.
fn text(
    path: &Path,
    convert: &'static str,
) -> Result<Result<String, (String, &'static str)>, TlsError> {
    let bytes = files::read(path, MAX_BYTES)?;
    // A SEQUENCE whose length takes a byte or more: DER (X.690 §8.1).
    if matches!(bytes.as_slice(), [0x30, 0x81..=0x84, ..]) {
        return Ok(Err(("it is binary (DER), not PEM".to_owned(), convert)));
    }
    let Ok(text) = String::from_utf8(bytes) else {
        return Ok(Err(("it is binary, not PEM".to_owned(), convert)));
    };
    if text.trim().is_empty() {
        return Ok(Err((
            "the file is empty".to_owned(),
            "write PEM into it, or name another file",
        )));
    }
    Ok(Ok(text))
}

/// What a text without the block that is looked for contains instead.
fn what_is_there(text: &str) -> String {
    let labels = pem::labels(text);
    if labels.is_empty() {
        "it is not PEM: no line begins with `-----BEGIN `".to_owned()
    } else {
        format!("the file contains only: {}", labels.join(", "))
    }
}

struct Certificates<'p>(&'p Path);

impl Certificates<'_> {
    fn read(&self) -> Result<(Vec<CertificateDer<'static>>, String), TlsError> {
        let convert = "convert it: openssl x509 -inform DER -in cert.der -out cert.pem";
        let text = text(self.0, convert)?.map_err(|(why, cure)| self.wrong(why, cure))?;
        let labels = pem::labels(&text);
        if !labels.contains(&CERTIFICATE) {
            let cure = if labels.iter().any(|label| label.ends_with("PRIVATE KEY")) {
                "give the certificate here and the key as the key file"
            } else {
                "expected a block `-----BEGIN CERTIFICATE-----`"
            };
            return Err(self.wrong(what_is_there(&text), cure));
        }
        let whole = "copy the whole block, with its BEGIN and END lines";
        let chain: Vec<_> = CertificateDer::pem_slice_iter(text.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|_| self.wrong("a block is cut off or is not base64".to_owned(), whole))?;
        for (at, one) in chain.iter().enumerate() {
            if let Err(error) = ParsedCertificate::try_from(one) {
                let why = format!(
                    "certificate {} of {} cannot be read ({error})",
                    at + 1,
                    chain.len()
                );
                return Err(self.wrong(why, "expected X.509 certificates of version 3"));
            }
        }
        Ok((chain, text))
    }

    fn wrong(&self, why: String, cure: &'static str) -> TlsError {
        TlsError::File {
            what: "certificate",
            path: self.0.to_owned(),
            why,
            cure,
        }
    }
}

struct Key<'p>(&'p Path);

impl Key<'_> {
    fn read(&self) -> Result<(PrivateKeyDer<'static>, String), TlsError> {
        let convert = "convert it: openssl pkey -inform DER -in key.der -out key.pem";
        let text = text(self.0, convert)?.map_err(|(why, cure)| self.wrong(why, cure))?;
        let labels = pem::labels(&text);
        // PKCS#8, and the older way of OpenSSL (RFC 1421 §4.6.1.1).
        if labels.contains(&"ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
            let cure = "decrypt it: openssl pkey -in key.pem -out plain-key.pem";
            return Err(self.wrong("it is encrypted with a passphrase".to_owned(), cure));
        }
        let keys = labels.iter().filter(|label| label.ends_with("PRIVATE KEY"));
        match keys.count() {
            1 => {}
            0 if labels.contains(&CERTIFICATE) => {
                let cure = "give the certificate as the certificate file and its key here";
                return Err(self.wrong(what_is_there(&text), cure));
            }
            0 => {
                let cure = "expected a block `-----BEGIN PRIVATE KEY-----`";
                return Err(self.wrong(what_is_there(&text), cure));
            }
            several => {
                let why = format!("the file contains {several} private keys");
                return Err(self.wrong(why, "leave the one that belongs to the certificate"));
            }
        }
        // No words of the library: they might quote the key.
        let key = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| {
            let why = "the block is cut off, is not base64 or has an unknown label".to_owned();
            self.wrong(
                why,
                "expected PKCS#8 (`BEGIN PRIVATE KEY`), PKCS#1 or SEC 1, whole",
            )
        })?;
        if default_provider()
            .key_provider
            .load_private_key(key.clone_key())
            .is_err()
        {
            let why = "it is broken, or of a kind that TLS does not use here".to_owned();
            return Err(self.wrong(
                why,
                "expected RSA (2048 to 8192 bits), EC (P-256, P-384, P-521) or Ed25519",
            ));
        }
        Ok((key, text))
    }

    fn wrong(&self, why: String, cure: &'static str) -> TlsError {
        TlsError::File {
            what: "private key",
            path: self.0.to_owned(),
            why,
            cure,
        }
    }
}
