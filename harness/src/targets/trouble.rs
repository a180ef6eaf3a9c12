//! Why nothing came back. A target that cannot be reached was not measured: never *failed*, never *passed*.

use std::error::Error as _;
use std::fmt;
use std::io;

use super::tls_fault::{self, TlsFault};

/// What went wrong between here and the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What it is.
    pub kind: TroubleKind,
    /// Scheme, host and port that were asked.
    pub origin: String,
    /// The system's own words, when they add something.
    pub detail: Option<String>,
}

/// Kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// Nobody listens there.
    Refused,
    /// The host has no address.
    NoSuchHost,
    /// No connection within the time allowed.
    ConnectTimeout,
    /// Connected, but no whole answer within the time allowed.
    Timeout,
    /// The connection ended before the answer did.
    Cut,
    /// No secure connection.
    Tls(TlsFault),
    /// The answer is longer than the limit.
    TooLarge,
    /// The answer is compressed in a way that cannot be undone.
    Coding,
    /// What came back is not HTTP.
    NotHttp,
    /// The request cannot be sent as it is: not an address, or not a header field.
    Unsendable,
    /// The target file names no such origin.
    Elsewhere,
    /// The target was given up before.
    GivenUp,
    /// Anything else.
    Other,
}

impl Trouble {
    /// Whether not even a connection came about, so that asking again would not help.
    pub fn is_unreachable(&self) -> bool {
        use TroubleKind::{ConnectTimeout, NoSuchHost, Refused, Tls};
        matches!(self.kind, Refused | NoSuchHost | ConnectTimeout | Tls(_))
    }

    /// Names the trouble that the HTTP client had.
    pub(super) fn of(error: &reqwest::Error, origin: String) -> Self {
        let (kind, detail) = classify(error, origin.starts_with("https:"));
        Self {
            kind,
            origin,
            detail,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = &self.origin;
        match self.kind {
            TroubleKind::Refused => write!(f, "connection refused: nobody listens at {origin}"),
            TroubleKind::NoSuchHost => write!(f, "no such host: {origin}"),
            TroubleKind::ConnectTimeout => write!(f, "no connection to {origin} in time"),
            TroubleKind::Timeout => write!(f, "timeout: no whole answer from {origin} in time"),
            TroubleKind::Cut => write!(f, "connection cut by {origin} before the answer was whole"),
            TroubleKind::Tls(_) => write!(f, "no secure connection to {origin}"),
            TroubleKind::TooLarge => write!(f, "the answer of {origin} is too large"),
            TroubleKind::Coding => write!(f, "the answer of {origin} cannot be decoded"),
            TroubleKind::NotHttp => write!(f, "what {origin} answers is not HTTP"),
            TroubleKind::Unsendable => write!(f, "the request to {origin} cannot be sent"),
            TroubleKind::Elsewhere => write!(
                f,
                "the request was not sent: the target file names nothing at {origin}"
            ),
            TroubleKind::GivenUp => write!(f, "the target was given up"),
            TroubleKind::Other => write!(f, "the request to {origin} failed"),
        }?;
        if let Some(detail) = &self.detail {
            write!(f, " ({detail})")?;
        }
        match self.kind {
            TroubleKind::Tls(fault) => write!(f, ": {}", fault.cure()),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for Trouble {}

/// The client's error is a chain; the innermost parts say what happened, some only in words.
fn classify(error: &reqwest::Error, secure: bool) -> (TroubleKind, Option<String>) {
    let mut words = Vec::new();
    let mut system = None;
    let mut tls = None;
    let mut next = error.source();
    while let Some(cause) = next {
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            system = system.or(Some(error.kind()));
        }
        tls = tls.or_else(|| tls_fault::of(cause));
        words.push(cause.to_string());
        next = cause.source();
    }
    let said = words.join(": ");
    let kind = match system {
        _ if error.is_timeout() && error.is_connect() => TroubleKind::ConnectTimeout,
        _ if error.is_timeout() => TroubleKind::Timeout,
        _ if error.is_builder() => TroubleKind::Unsendable,
        Some(io::ErrorKind::ConnectionRefused) => TroubleKind::Refused,
        _ if said.contains("dns error") || said.contains("failed to lookup address") => {
            TroubleKind::NoSuchHost
        }
        // Connected, but not securely: the handshake is part of connecting.
        _ if error.is_connect() && secure => {
            TroubleKind::Tls(tls.as_ref().map_or(TlsFault::Other, |(fault, _)| *fault))
        }
        _ if said.contains("invalid HTTP") || said.contains("invalid content-length") => {
            TroubleKind::NotHttp
        }
        system if is_cut(system, &said) => TroubleKind::Cut,
        _ => TroubleKind::Other,
    };
    // For these the words add nothing.
    let clear = matches!(
        kind,
        TroubleKind::Timeout
            | TroubleKind::ConnectTimeout
            | TroubleKind::Refused
            | TroubleKind::NoSuchHost
            | TroubleKind::Cut
    );
    let last = tls.map(|(_, words)| words).or_else(|| words.pop());
    let detail = last.filter(|_| !clear);
    (kind, detail)
}

fn is_cut(system: Option<io::ErrorKind>, said: &str) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    let kinds = [
        BrokenPipe,
        ConnectionAborted,
        ConnectionReset,
        UnexpectedEof,
    ];
    system.is_some_and(|kind| kinds.contains(&kind))
        || said.contains("before message completed")
        || said.contains("end of file before")
        || said.contains("error reading a body")
        || said.contains("connection closed")
        // Of HTTP/2: RST_STREAM and GOAWAY.
        || said.contains("stream error received")
        || said.contains("connection error received")
}
