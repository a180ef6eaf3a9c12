//! Cross-Origin Resource Sharing (Fetch Standard, section "CORS protocol"), as Okta has it: a page may read an answer if its
//! origin is one of the org's trusted origins or that of a client's redirect URI.
//!
//! A page elsewhere gets the same answers without the fields that let it read them; its preflight is not refused with a
//! code of the catalogue, because it is the browser that refuses.

use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderName, ORIGIN,
};
use http::{HeaderMap, HeaderValue, Method};

use crate::endpoints::Endpoint;
use crate::org::{Org, Status, uri};
use crate::request::Request;

/// Seconds for which a browser may remember the answer to a preflight.
const MAX_AGE: &str = "86400";

/// Fields of an answer that a page may read beside those that every page may.
const EXPOSED: &str = "X-Okta-Request-Id, X-Rate-Limit-Limit, X-Rate-Limit-Remaining, X-Rate-Limit-Reset, Retry-After, \
                       WWW-Authenticate";

/// What is added to an answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cors {
    /// Whether answers here depend on the origin at all.
    varies: bool,
    /// The origin that may read the answer.
    origin: Option<HeaderValue>,
    preflight: Option<Preflight>,
}

/// What a browser may send after it has asked.
#[derive(Debug, Clone)]
struct Preflight {
    methods: &'static str,
    headers: Option<HeaderValue>,
}

/// Whether pages of other origins may use an endpoint.
const fn is_shared(endpoint: Endpoint) -> bool {
    matches!(
        endpoint,
        Endpoint::OpenIdMetadata
            | Endpoint::OauthMetadata
            | Endpoint::ResourceMetadata
            | Endpoint::Keys
            | Endpoint::Token
            | Endpoint::UserInfo
            | Endpoint::Introspect
            | Endpoint::Revoke
            | Endpoint::ProtectedResource
    )
}

/// Whether a request is a preflight (Fetch Standard, "CORS-preflight request") at an endpoint that answers it.
pub(crate) fn is_preflight(request: &Request, endpoint: Endpoint) -> bool {
    request.method == Method::OPTIONS
        && request.headers.contains_key(ORIGIN)
        && request.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
        && is_shared(endpoint)
}

impl Cors {
    /// What the answer to a request says of other origins. `methods` are those of the endpoint.
    pub(crate) fn of(
        org: &Org,
        request: &Request,
        endpoint: Endpoint,
        methods: &'static str,
    ) -> Self {
        if !is_shared(endpoint) {
            return Self::default();
        }
        let sent = request.headers.get(ORIGIN);
        let allowed =
            |origin: &&HeaderValue| origin.to_str().is_ok_and(|origin| is_allowed(org, origin));
        let origin = sent.filter(allowed).cloned();
        let preflight = is_preflight(request, endpoint) && origin.is_some();
        Self {
            varies: true,
            origin,
            preflight: preflight.then(|| Preflight {
                methods,
                headers: request.headers.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned(),
            }),
        }
    }

    /// Adds the fields.
    pub(crate) fn respond(self, headers: &mut HeaderMap) {
        if !self.varies {
            return;
        }
        let mut set = |name: &'static str, value: HeaderValue| {
            headers.append(HeaderName::from_static(name), value);
        };
        set("vary", HeaderValue::from_static("Origin"));
        let Some(origin) = self.origin else { return };
        set("access-control-allow-origin", origin);
        // Okta's sessions are cookies, which a page may send along.
        set(
            "access-control-allow-credentials",
            HeaderValue::from_static("true"),
        );
        let Some(preflight) = self.preflight else {
            set(
                "access-control-expose-headers",
                HeaderValue::from_static(EXPOSED),
            );
            return;
        };
        set(
            "access-control-allow-methods",
            HeaderValue::from_static(preflight.methods),
        );
        if let Some(asked) = preflight.headers {
            set("access-control-allow-headers", asked);
        }
        set("access-control-max-age", HeaderValue::from_static(MAX_AGE));
    }
}

fn is_allowed(org: &Org, origin: &str) -> bool {
    let active = org
        .clients
        .values()
        .filter(|client| client.status == Status::Active);
    let mut redirects = active.flat_map(|client| client.redirect_uris.iter());
    org.trusted_origins.contains(origin)
        || redirects.any(|address| uri::origin(address).as_deref() == Some(origin))
}
