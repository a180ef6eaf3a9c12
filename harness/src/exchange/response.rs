//! What came back.

use std::fmt;

use serde_json::Value;

/// Header in which a mock shows the internal code of a refusal.
pub const INTERNAL_CODE_HEADER: &str = "x-mock-okta-code";

/// What came back.
#[derive(Clone)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Header fields in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text; bytes that are not UTF-8 are replaced.
    pub text: String,
    /// The body as JSON, if it is.
    pub json: Option<Value>,
    /// Whether the body is UTF-8.
    pub is_utf8: bool,
}

impl Response {
    /// A response; the body is read as JSON if it can be.
    pub fn new(status: u16, headers: Vec<(String, String)>, body: &[u8]) -> Self {
        Self {
            status,
            headers,
            text: String::from_utf8_lossy(body).into_owned(),
            json: serde_json::from_slice(body).ok(),
            is_utf8: std::str::from_utf8(body).is_ok(),
        }
    }

    /// All values of a header field, joined as RFC 9110 §5.3 allows. The name in lower case.
    pub fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self
            .headers
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// Media type without parameters, in lower case; empty when there is none.
    pub fn media_type(&self) -> String {
        let value = self.header("content-type").unwrap_or_default();
        let media_type = value.split(';').next().unwrap_or_default();
        media_type.trim().to_ascii_lowercase()
    }

    /// Whether it sends the browser elsewhere.
    pub fn is_redirect(&self) -> bool {
        matches!(self.status, 301 | 302 | 303 | 307 | 308) && self.header("location").is_some()
    }

    /// The parameters of the `Location`: its query, and its fragment where there is one.
    pub fn redirect_parameters(&self) -> Vec<(String, String)> {
        let location = self.header("location").unwrap_or_default();
        let (rest, fragment) = location.split_once('#').unwrap_or((&location, ""));
        let query = rest.split_once('?').map_or("", |(_, query)| query);
        [query, fragment]
            .iter()
            .flat_map(|part| form_urlencoded::parse(part.as_bytes()).into_owned())
            .collect()
    }

    /// One parameter of the `Location`.
    pub fn redirect_parameter(&self, name: &str) -> Option<String> {
        let found = self.redirect_parameters().into_iter();
        found
            .filter(|(parameter, _)| parameter == name)
            .map(|(_, value)| value)
            .next()
    }

    /// The internal code of a refusal, where the target shows one.
    pub fn internal_code(&self) -> Option<String> {
        self.header(INTERNAL_CODE_HEADER)
    }
}

/// Shows the status alone.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({})", self.status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirect_parameters_come_from_query_and_fragment() {
        let location = "https://a.example/cb?state=x%20y#code=z";
        let response = Response::new(302, vec![("location".into(), location.into())], b"");
        assert!(response.is_redirect());
        assert_eq!(response.redirect_parameter("state").as_deref(), Some("x y"));
        assert_eq!(response.redirect_parameter("code").as_deref(), Some("z"));
        assert_eq!(response.redirect_parameter("error"), None);
    }

    #[test]
    fn repeated_header_fields_are_joined() {
        let fields = [("cache-control", "no-store"), ("cache-control", "no-cache")];
        let headers = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let response = Response::new(200, headers.into(), b"not json");
        assert_eq!(
            response.header("cache-control").as_deref(),
            Some("no-store, no-cache")
        );
        assert_eq!(response.json, None);
    }
}
