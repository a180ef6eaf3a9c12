//! The version of TLS by which a request came.

/// `1.2` or `1.3`. The shell puts it into the extensions of a request that came over TLS; a plain request has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TlsVersion(pub &'static str);
