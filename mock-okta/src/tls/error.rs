//! Why an org cannot speak https.

use std::path::PathBuf;

use crate::files::FileError;

/// Why an org cannot speak https.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{0}")]
    Unreadable(#[from] FileError),
    /// A file does not contain what it should.
    #[error("the {what} in {} cannot be used: {why}; {cure}", path.display())]
    File {
        /// `certificate` or `private key`.
        what: &'static str,
        /// As given.
        path: PathBuf,
        /// What is wrong. Never contains key material.
        why: String,
        /// What to do about it.
        cure: &'static str,
    },
    /// The private key belongs to another certificate.
    #[error(
        "the private key in {} does not belong to the certificate in {}; give the key with which the certificate \
         was requested, and in the certificate file the server's own certificate first",
        key.display(), certificate.display()
    )]
    OtherKey {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
    },
    /// No certificate could be made.
    #[error("no certificate could be made: {0}")]
    Made(String),
}

impl TlsError {
    /// Whether what the user gave is at fault, and not the machine.
    pub(crate) const fn is_wrong_input(&self) -> bool {
        !matches!(self, Self::Made(_))
    }
}

impl From<rcgen::Error> for TlsError {
    fn from(error: rcgen::Error) -> Self {
        Self::Made(error.to_string())
    }
}
