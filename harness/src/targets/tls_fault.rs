//! Why a connection is not secure, as the TLS library says it, and what to do about it.

use std::error::Error as StdError;
use std::io;

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible};

/// What kept a secure connection from coming about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsFault {
    /// The server's certificate is signed by an authority that is not trusted, and the target file names none.
    UnknownAuthority,
    /// The same, and the target file names another authority.
    OtherAuthority,
    /// The server shows the certificate of an authority as its own.
    AuthorityAsServer,
    /// The server's certificate is for other hosts.
    OtherHost,
    /// The server's certificate has expired.
    Expired,
    /// The server's certificate is not valid yet.
    NotYetValid,
    /// The server speaks no version of TLS that is still safe.
    TooOld,
    /// The server speaks plain HTTP.
    PlainHttp,
    /// Anything else.
    Other,
}

impl TlsFault {
    /// What to do about it.
    #[must_use]
    pub const fn cure(self) -> &'static str {
        match self {
            Self::UnknownAuthority => {
                "give the certificate of the authority that signed the server's in the target file: \
                 `ca: { file: ca.pem }`"
            }
            Self::OtherAuthority => {
                "`ca` in the target file is another authority; give the one that signed the certificate which the \
                 server shows now (a mock org makes a new one at each start)"
            }
            Self::AuthorityAsServer => {
                "give the server a certificate of its own (`basicConstraints = CA:FALSE`), signed by that authority"
            }
            Self::OtherHost => {
                "reach the server by a host that its certificate names, and write that host in the target file, or \
                 give the server a certificate for this host"
            }
            Self::Expired => "renew the server's certificate",
            Self::NotYetValid => {
                "set the clock of this machine, or give the server a certificate that is valid now"
            }
            Self::TooOld => "let the server speak TLS 1.2 or 1.3 (RFC 8996 forbids 1.0 and 1.1)",
            Self::PlainHttp => {
                "write http:// in place of https:// in the target file, or let the server speak https"
            }
            Self::Other => "see what the server's log says about the handshake",
        }
    }

    /// The same where the target file names an authority.
    #[must_use]
    pub(super) const fn beside_ca(self) -> Self {
        match self {
            Self::UnknownAuthority => Self::OtherAuthority,
            other => other,
        }
    }
}

/// What an error of the TLS library means, and its words.
pub(super) fn of(error: &(dyn StdError + 'static)) -> Option<(TlsFault, String)> {
    let mut error = error;
    // An error of the system may be a box around another one, which `source` passes over.
    while let Some(inner) = error.downcast_ref::<io::Error>() {
        error = inner.get_ref()?;
    }
    let tls = error.downcast_ref::<Error>()?;
    let fault = classify(tls);
    let words = match fault {
        TlsFault::UnknownAuthority | TlsFault::OtherAuthority => {
            "its certificate is signed by an authority that is not trusted here".to_owned()
        }
        // The library's words contain the time at which it looked.
        TlsFault::Expired => "its certificate has expired".to_owned(),
        TlsFault::NotYetValid => "its certificate is not valid yet".to_owned(),
        TlsFault::AuthorityAsServer => "its certificate is that of an authority".to_owned(),
        TlsFault::PlainHttp => "what it answers is not TLS".to_owned(),
        TlsFault::TooOld => "it speaks neither TLS 1.2 nor 1.3".to_owned(),
        TlsFault::OtherHost | TlsFault::Other => tls.to_string(),
    };
    Some((fault, words))
}

fn classify(error: &Error) -> TlsFault {
    use CertificateError as Certificate;
    let Error::InvalidCertificate(certificate) = error else {
        return match error {
            Error::InvalidMessage(InvalidMessage::InvalidContentType) => TlsFault::PlainHttp,
            Error::AlertReceived(AlertDescription::ProtocolVersion)
            | Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
            ) => TlsFault::TooOld,
            _ => TlsFault::Other,
        };
    };
    match certificate {
        // A bad signature: an authority of the same name has another key.
        Certificate::UnknownIssuer | Certificate::BadSignature => TlsFault::UnknownAuthority,
        Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
            TlsFault::OtherHost
        }
        Certificate::Expired | Certificate::ExpiredContext { .. } => TlsFault::Expired,
        Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => TlsFault::NotYetValid,
        // The library has no variant of its own for it.
        Certificate::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            TlsFault::AuthorityAsServer
        }
        _ => TlsFault::Other,
    }
}
