//! What went wrong on the way, as the HTTP client says it.

use std::error::Error as StdError;
use std::io;

use super::tls_fault::{self, TlsFault};
use super::{Proxy, Trouble, TroubleKind};

impl Trouble {
    /// Names the trouble that the HTTP client had.
    pub(super) fn of(error: &reqwest::Error, origin: String) -> Self {
        let (kind, detail) = classify(error, &Chain::of(error), origin.starts_with("https:"));
        Self {
            kind,
            origin,
            detail,
        }
    }

    /// The same where the request went through a proxy, which then may be what is wrong.
    pub(super) fn behind(self, proxy: &Proxy, error: &reqwest::Error) -> Self {
        use TroubleKind::{
            ConnectTimeout, NoRoute, NoSuchHost, Other, ProxyPassword, ProxyRefused,
            ProxyUnreachable, Refused, Tls,
        };
        let said = Chain::of(error).said();
        let kind = match self.kind {
            _ if said.contains("proxy authorization required") => ProxyPassword,
            _ if said.contains("tunnel error: failed to create") => ProxyUnreachable,
            _ if said.contains("tunnel error") => ProxyRefused,
            Refused | NoSuchHost | NoRoute | ConnectTimeout => ProxyUnreachable,
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

/// The client's error is a chain; the innermost parts say what happened, some only in words.
struct Chain {
    /// What the parts say, from the outside in.
    words: Vec<String>,
    /// The kind of the first part that is an error of the system, or of what is boxed in it.
    system: Option<io::ErrorKind>,
    tls: Option<(TlsFault, String)>,
}

impl Chain {
    fn of(error: &reqwest::Error) -> Self {
        let mut chain = Self {
            words: Vec::new(),
            system: None,
            tls: None,
        };
        let mut next = error.source();
        while let Some(cause) = next {
            chain.system = chain.system.or_else(|| kind_of_system(cause));
            chain.tls = chain.tls.or_else(|| tls_fault::of(cause));
            chain.words.push(cause.to_string());
            next = cause.source();
        }
        chain
    }

    fn said(&self) -> String {
        self.words.join(": ")
    }
}

/// The kind of an error of the system. It may be a box around another one, which `source` passes over.
fn kind_of_system(error: &(dyn StdError + 'static)) -> Option<io::ErrorKind> {
    let mut error = error.downcast_ref::<io::Error>()?;
    while let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        error = inner;
    }
    Some(error.kind())
}

fn classify(error: &reqwest::Error, chain: &Chain, secure: bool) -> (TroubleKind, Option<String>) {
    let said = chain.said();
    let kind = match chain.system {
        _ if error.is_timeout() && error.is_connect() => TroubleKind::ConnectTimeout,
        _ if error.is_timeout() => TroubleKind::Timeout,
        _ if error.is_builder() => TroubleKind::Unsendable,
        Some(io::ErrorKind::ConnectionRefused) => TroubleKind::Refused,
        _ if said.contains("dns error") || said.contains("failed to lookup address") => {
            TroubleKind::NoSuchHost
        }
        Some(
            io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown
            | io::ErrorKind::AddrNotAvailable,
        ) => TroubleKind::NoRoute,
        // Connected, but not securely: the handshake is part of connecting.
        system if error.is_connect() && secure && is_of_handshake(system, chain) => {
            let fault = chain.tls.as_ref().map(|(fault, _)| *fault);
            TroubleKind::Tls(fault.unwrap_or(TlsFault::Other))
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
            | TroubleKind::NoRoute
            | TroubleKind::Cut
    );
    let last = chain.tls.as_ref().map(|(_, words)| words);
    let last = last.or_else(|| chain.words.last()).cloned();
    let detail = last.filter(|_| !clear);
    (kind, detail)
}

/// Whether the handshake failed, and not what comes before it: the TLS library says so, or the server ended it or answered
/// with something else.
fn is_of_handshake(system: Option<io::ErrorKind>, chain: &Chain) -> bool {
    use io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionReset, InvalidData, UnexpectedEof,
    };
    let by_server = [
        BrokenPipe,
        ConnectionAborted,
        ConnectionReset,
        InvalidData,
        UnexpectedEof,
    ];
    chain.tls.is_some() || system.is_some_and(|kind| by_server.contains(&kind))
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
