//! Why there is no answer that can be judged. A target that cannot be reached was not measured: never *failed*, never
//! *passed*.

use std::fmt;

use super::tls_fault::TlsFault;

/// What went wrong between here and the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What it is.
    pub kind: TroubleKind,
    /// Scheme, host and port that were asked; the whole address without its query where an answer came.
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
    /// The network leads nowhere near the address.
    NoRoute,
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
    /// The run has sent as many requests as it may.
    OutOfRequests,
    /// The proxy cannot be reached.
    ProxyUnreachable,
    /// The proxy wants a password, or another one.
    ProxyPassword,
    /// The proxy does not connect to the target.
    ProxyRefused,
    /// A browser is sent from address to address without end.
    RedirectLoop,
    /// An answer, and its status, that is none of the server under test.
    Answer(AnswerTrouble, u16),
    /// Anything else.
    Other,
}

/// How an answer is none of the server under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerTrouble {
    /// 502, 503 or 504.
    Unavailable,
    /// 429.
    RateLimited,
    /// A web page where JSON is spoken.
    Page,
    /// The same with the status 403.
    Forbidden,
    /// A redirect where there is never one.
    Redirect,
    /// A 5xx without JSON.
    BrokeDown,
    /// Content that is not JSON.
    NotJson,
    /// Content that is not UTF-8.
    NotUtf8,
    /// No content where some is due.
    Empty,
}

impl Trouble {
    /// Whether not even a connection came about, so that asking again would not help.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        use TroubleKind::{
            ConnectTimeout, NoRoute, NoSuchHost, ProxyPassword, ProxyRefused, ProxyUnreachable,
            Refused, Tls,
        };
        matches!(
            self.kind,
            Refused
                | NoSuchHost
                | NoRoute
                | ConnectTimeout
                | Tls(_)
                | ProxyUnreachable
                | ProxyPassword
                | ProxyRefused
        )
    }

    /// Whether the request was never sent, because of a limit of the run.
    #[must_use]
    pub fn is_own_limit(&self) -> bool {
        self.kind == TroubleKind::OutOfRequests
    }

    /// What to do about it; `None` where nothing can be said.
    #[must_use]
    pub const fn cure(&self) -> Option<&'static str> {
        Some(match self.kind {
            TroubleKind::Refused => "start the server, or correct the address in the target file",
            TroubleKind::NoSuchHost => {
                "correct the host in the target file, or see whether names are resolved on this machine"
            }
            TroubleKind::NoRoute => {
                "see whether this machine is on the network (a VPN?), or correct the address in the target file"
            }
            TroubleKind::ConnectTimeout => {
                "see whether a firewall drops the connection; where a proxy is needed, name it in `HTTPS_PROXY` or as \
                 `proxy` in the target file"
            }
            TroubleKind::Timeout => "run again, or allow more time for a request with `--timeout`",
            TroubleKind::Cut => {
                "run again; if it stays so, see the server's log and what stands in between"
            }
            TroubleKind::Tls(fault) => fault.cure(),
            TroubleKind::TooLarge => {
                "see what answers at this address: no answer of an authorization server is as large"
            }
            TroubleKind::Coding => {
                "let the server, or what stands in between, send a content coding that was offered, or none"
            }
            TroubleKind::NotHttp => "correct the address and the port in the target file",
            TroubleKind::Unsendable => "correct the address in the target file, or the scenario",
            TroubleKind::Elsewhere => "name it in the target file if it belongs to the target",
            TroubleKind::OutOfRequests => "allow more with `--max-requests`, or choose fewer cases",
            TroubleKind::ProxyUnreachable => {
                "correct `HTTPS_PROXY` or `proxy` in the target file; `NO_PROXY` names hosts that are asked directly"
            }
            TroubleKind::ProxyPassword => {
                "give user and password as `proxy: { url: …, user: …, password: … }` in the target file"
            }
            TroubleKind::ProxyRefused => {
                "let the proxy connect to this host, or name the host in `NO_PROXY`"
            }
            TroubleKind::RedirectLoop => {
                "sign in with a browser and see where it ends; the user or the session may not be what the org wants"
            }
            TroubleKind::Answer(what, _) => what.cure(),
            TroubleKind::GivenUp | TroubleKind::Other => return None,
        })
    }

    /// Cause and cure in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match (self.kind, self.cure()) {
            // It says so already.
            (TroubleKind::Tls(_), _) | (_, None) => self.to_string(),
            (_, Some(cure)) => format!("{self}: {cure}"),
        }
    }
}

impl AnswerTrouble {
    const fn cure(self) -> &'static str {
        match self {
            Self::Unavailable => "wait until the server is up again, and run again",
            Self::RateLimited => {
                "wait, and run again with fewer `--jobs` or with `max_requests_per_minute` in the target file"
            }
            Self::Page => {
                "sign in to the network, or switch off what intercepts the connection (a portal, a login page, a \
                 maintenance page), or correct the address in the target file"
            }
            Self::Forbidden => {
                "let the firewall in front of the server pass this machine and the user agent `atx`"
            }
            Self::Redirect => {
                "write the address that it sends to in the target file, or sign in to the network if that is a login page"
            }
            Self::BrokeDown => "see the server's log, and run again once it is repaired",
            Self::NotJson | Self::NotUtf8 => {
                "see what stands between here and the server; if nothing does, its JSON is broken"
            }
            Self::Empty => {
                "see what stands between here and the server, and the server's log: content is due here"
            }
        }
    }

    fn describe(self, address: &str, status: u16, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{address} answers {status}")?;
        f.write_str(match self {
            Self::Unavailable => ": the server, or a gateway in front of it, is out of service",
            Self::RateLimited => ": it was asked too often",
            Self::Page => " with a web page and not with JSON",
            Self::Forbidden => " with a web page: a firewall refuses the request",
            Self::Redirect => " and sends elsewhere, which this endpoint never does",
            Self::BrokeDown => " without JSON: it broke down",
            Self::NotJson => " with content that is not JSON",
            Self::NotUtf8 => " with bytes that are not UTF-8, so they are no JSON",
            Self::Empty => " with no content",
        })
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = &self.origin;
        match self.kind {
            TroubleKind::Refused => write!(f, "connection refused: nobody listens at {origin}"),
            TroubleKind::NoSuchHost => write!(f, "no such host: {origin}"),
            TroubleKind::NoRoute => write!(f, "no route to {origin}"),
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
            TroubleKind::OutOfRequests => {
                write!(
                    f,
                    "the request was not sent: the run has used up its requests"
                )
            }
            TroubleKind::ProxyUnreachable => {
                write!(f, "the proxy on the way to {origin} cannot be reached")
            }
            TroubleKind::ProxyPassword => {
                write!(f, "the proxy on the way to {origin} wants a password")
            }
            TroubleKind::ProxyRefused => write!(f, "the proxy does not connect to {origin}"),
            TroubleKind::RedirectLoop => write!(
                f,
                "the browser is sent from address to address, now to {origin}"
            ),
            TroubleKind::Answer(what, status) => what.describe(origin, status, f),
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
