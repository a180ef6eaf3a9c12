//! What went wrong on the way, as the HTTP client says it.

use std::error::Error as _;
use std::io;

use super::tls_fault::{self, TlsFault};
use super::{Proxy, Trouble, TroubleKind};

impl Trouble {
    /// Names the trouble that the HTTP client had.
    pub(super) fn of(error: &reqwest::Error, origin: String) -> Self {
        let (kind, detail) = classify(error, origin.starts_with("https:"));
        Self {
            kind,
            origin,
            detail,
        }
    }

    /// The same where the request went through a proxy, which then may be what is wrong.
    pub(super) fn behind(self, proxy: &Proxy, error: &reqwest::Error) -> Self {
        use TroubleKind::{
            ConnectTimeout, NoSuchHost, Other, ProxyPassword, ProxyRefused, ProxyUnreachable,
            Refused, Tls,
        };
        let said = words(error).join(": ");
        let kind = match self.kind {
            _ if said.contains("proxy authorization required") => ProxyPassword,
            _ if said.contains("tunnel error: failed to create") => ProxyUnreachable,
            _ if said.contains("tunnel error") => ProxyRefused,
            Refused | NoSuchHost | ConnectTimeout => ProxyUnreachable,
            Tls(TlsFault::Other) | Other if error.is_connect() => ProxyRefused,
            _ => return self,
        };
        Self {
            kind,
            detail: Some(proxy.origin()),
            ..self
        }
    }
}

/// What the parts of an error say, from the outside in.
fn words(error: &reqwest::Error) -> Vec<String> {
    let mut words = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        words.push(cause.to_string());
        next = cause.source();
    }
    words
}

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
        _ if said.contains("message head is too large") => TroubleKind::TooLarge,
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
