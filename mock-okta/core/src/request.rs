//! The request as parsed: method, path, parameters, cookies. Nothing is judged here.

use std::borrow::Cow;

use http::{HeaderMap, Method, Version, header};
use serde_json::Value;

use crate::faults::WithoutWire;
use crate::tls_version::TlsVersion;
use crate::tokens::jwt::MAX_JWT_BYTES;

/// Most parameters of a query or a form.
pub const MAX_PARAMETERS: usize = 200;

/// Longest name of a parameter, in bytes.
pub const MAX_NAME_BYTES: usize = 256;

/// Longest value of a parameter, in bytes: as long as the longest JWT.
pub const MAX_VALUE_BYTES: usize = MAX_JWT_BYTES;

/// Parameters in the order in which they were sent.
#[derive(Debug, Clone, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Reads `application/x-www-form-urlencoded` bytes; what is not UTF-8 is replaced, and so fits nothing.
    pub fn parse(encoded: &[u8]) -> Self {
        // One more than may be: enough to see that there are too many, and no more work than that.
        const MOST: usize = MAX_PARAMETERS + 1;
        Self(match str::from_utf8(encoded) {
            Ok(text) => text.split('&').filter_map(pair).take(MOST).collect(),
            Err(_) => form_urlencoded::parse(encoded)
                .take(MOST)
                .map(owned)
                .collect(),
        })
    }

    /// Whether there are neither too many parameters nor too long ones.
    pub fn within_limits(&self) -> bool {
        let short = |(name, value): &(String, String)| {
            name.len() <= MAX_NAME_BYTES && value.len() <= MAX_VALUE_BYTES
        };
        self.0.len() <= MAX_PARAMETERS && self.0.iter().all(short)
    }

    /// The value of a parameter. RFC 6749 §3.2: sent without a value, it counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a repeatable parameter.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Whether the parameter was sent, with a value or without.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// The first parameter sent more than once, those that may be repeated apart.
    pub fn repeated(&self, repeatable: &[&str]) -> Option<&str> {
        self.0.iter().enumerate().find_map(|(index, (key, _))| {
            let again = self.0[..index].iter().any(|(earlier, _)| earlier == key);
            (again && !repeatable.contains(&key.as_str())).then_some(key.as_str())
        })
    }

    /// All pairs in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// What stands between two `&`; nothing, when nothing does.
fn pair(text: &str) -> Option<(String, String)> {
    if text.contains('%') || text.contains('+') {
        return form_urlencoded::parse(text.as_bytes()).next().map(owned);
    }
    // The long values are tokens, which stand as they are: decoding them byte by byte is most of what a form costs.
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    (!text.is_empty()).then(|| (name.to_owned(), value.to_owned()))
}

fn owned((name, value): (Cow<'_, str>, Cow<'_, str>)) -> (String, String) {
    (name.into_owned(), value.into_owned())
}

/// What the body is.
#[derive(Debug, Clone)]
pub enum Body {
    /// Nothing was sent.
    Empty,
    /// A form.
    Form(Params),
    /// Another media type, or none.
    Other,
}

/// A parsed request.
#[derive(Debug, Clone)]
pub struct Request {
    /// HTTP method. A HEAD is answered as a GET, without the content (RFC 9110 §9.3.2), so it is one here.
    pub method: Method,
    /// Whether it was a HEAD.
    pub is_head: bool,
    /// Version of HTTP: `1.0`, `1.1` or `2`.
    pub http_version: &'static str,
    /// Version of TLS; `None` over a plain connection.
    pub tls_version: Option<&'static str>,
    /// Path without query.
    pub path: String,
    /// Query parameters.
    pub query: Params,
    /// Header fields.
    pub headers: HeaderMap,
    /// Body.
    pub body: Body,
    /// The body as JSON, at the endpoints that take JSON.
    pub json: Option<Value>,
    /// Whether it came over a wire, on which something can happen to its answer.
    pub over_wire: bool,
}

impl Request {
    /// Parses a request. Every request parses; what does not fit is judged later.
    pub fn parse(request: &http::Request<Vec<u8>>) -> Self {
        let form = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|media| {
                media
                    .trim()
                    .eq_ignore_ascii_case("application/x-www-form-urlencoded")
            });
        // RFC 9110 §9.3.1: content of a GET has no meaning, so it must not stand in for the query.
        let content = !matches!(*request.method(), Method::GET | Method::HEAD);
        let body = match (request.body().is_empty() || !content, form && content) {
            (_, true) => Body::Form(Params::parse(request.body())),
            (true, false) => Body::Empty,
            (false, false) => Body::Other,
        };
        let is_head = request.method() == Method::HEAD;
        let method = if is_head {
            Method::GET
        } else {
            request.method().clone()
        };
        Self {
            method,
            is_head,
            http_version: match request.version() {
                Version::HTTP_2 => "2",
                Version::HTTP_10 => "1.0",
                _ => "1.1",
            },
            tls_version: request
                .extensions()
                .get::<TlsVersion>()
                .map(|version| version.0),
            path: request.uri().path().to_owned(),
            query: request
                .uri()
                .query()
                .map(|query| Params::parse(query.as_bytes()))
                .unwrap_or_default(),
            headers: request.headers().clone(),
            body,
            json: None,
            over_wire: request.extensions().get::<WithoutWire>().is_none(),
        }
    }

    /// The method on the wire.
    pub fn method_as_sent(&self) -> &str {
        if self.is_head {
            "HEAD"
        } else {
            self.method.as_str()
        }
    }

    /// Reads the query of a GET as if it were a form, which no server may (RFC 6749 §3.2).
    pub(crate) fn take_query_for_form(&mut self) {
        if self.method == Method::GET {
            self.body = Body::Form(std::mem::take(&mut self.query));
        }
    }

    /// Reads the body as JSON, whatever its media type says: that is judged later.
    pub(crate) fn read_json(&mut self, body: &[u8]) {
        self.json = serde_json::from_slice(body).ok();
    }

    /// Whether the body says that it is JSON.
    pub(crate) fn is_json(&self) -> bool {
        let media = self.header(header::CONTENT_TYPE);
        let media = media.and_then(|value| value.split(';').next());
        media.is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
    }

    /// Takes these parameters for the form.
    pub(crate) fn take_for_form(&mut self, parameters: Vec<(String, String)>) {
        self.body = Body::Form(Params(parameters));
    }

    /// The form, empty when there is none.
    pub fn form(&self) -> &Params {
        static NONE: Params = Params(Vec::new());
        match &self.body {
            Body::Form(form) => form,
            Body::Empty | Body::Other => &NONE,
        }
    }

    /// A header field as text.
    pub fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Credentials of an `Authorization` scheme, compared without case (RFC 9110 §11.1).
    pub fn authorization(&self, scheme: &str) -> Option<&str> {
        let (name, rest) = self.header(header::AUTHORIZATION)?.trim().split_once(' ')?;
        name.eq_ignore_ascii_case(scheme).then_some(rest.trim())
    }

    /// An access token: in the `Authorization` header, or in the form (RFC 6750 §2.1 and §2.2).
    pub fn bearer(&self) -> Option<&str> {
        self.authorization("Bearer")
            .or_else(|| self.form().get("access_token"))
    }

    /// A cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// Whether a browser asks: it wants a page rather than JSON.
    pub fn wants_page(&self) -> bool {
        self.header(header::ACCEPT)
            .is_some_and(|accept| accept.contains("text/html"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_parameter_counts_as_absent_but_was_sent() {
        let params = Params::parse(b"a=&b=1&b=2");
        assert_eq!(params.get("a"), None);
        assert!(params.has("a"));
        assert_eq!(params.repeated(&[]), Some("b"));
        assert_eq!(params.repeated(&["b"]), None);
    }

    #[test]
    fn a_form_is_read_as_the_standard_has_it() {
        for encoded in [
            &b"a=1&&b&=2&c==3&d=4=5&="[..],
            b"a%3Db=c+d&e=f%26g&+=%",
            b"\xffa=\xc3&\xa4=\xf0\x9f=\xc3\xa4",
        ] {
            let standard: Vec<_> = form_urlencoded::parse(encoded).map(owned).collect();
            assert_eq!(Params::parse(encoded).0, standard);
        }
    }

    #[test]
    fn limits_hold_to_the_byte_and_to_the_parameter() {
        let params = |name: usize, value: usize, count: usize| {
            let pair = format!("{}={}", "n".repeat(name), "v".repeat(value));
            Params::parse(vec![pair; count].join("&").as_bytes()).within_limits()
        };
        assert!(params(MAX_NAME_BYTES, MAX_VALUE_BYTES, 1));
        assert!(!params(MAX_NAME_BYTES + 1, 1, 1));
        assert!(!params(1, MAX_VALUE_BYTES + 1, 1));
        assert!(params(1, 1, MAX_PARAMETERS));
        assert!(!params(1, 1, MAX_PARAMETERS + 1));
    }

    #[test]
    fn the_authorization_scheme_is_compared_without_case() {
        let request = http::Request::get("/x")
            .header("authorization", "bEARER  abc")
            .body(Vec::new())
            .expect("a request");
        assert_eq!(
            Request::parse(&request).authorization("Bearer"),
            Some("abc")
        );
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let request = http::Request::get("/x")
            .header("cookie", "a=1; sid=two; b=3")
            .body(Vec::new())
            .expect("a request");
        assert_eq!(Request::parse(&request).cookie("sid"), Some("two"));
    }
}
