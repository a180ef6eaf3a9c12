//! What shall be sent.

use std::fmt;

use serde_json::{Map, Value};

use super::Party;

/// What shall be sent.
#[derive(Clone)]
pub struct RequestSpec {
    /// Whose endpoint it is.
    pub party: Party,
    /// Sent by the user's browser, not by the client.
    pub by_browser: bool,
    /// HTTP method.
    pub method: String,
    /// Address; `query` is added to whatever query it has.
    pub url: String,
    /// Query parameters in order.
    pub query: Vec<(String, String)>,
    /// Header fields in order, without those that follow from the payload.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub payload: Payload,
}

/// The body of a request, with its parameters still apart so that evidence can redact them by name.
#[derive(Clone)]
pub enum Payload {
    /// No body.
    None,
    /// `application/x-www-form-urlencoded`.
    Form(Vec<(String, String)>),
    /// `application/json`, one member a parameter.
    Json(Vec<(String, String)>),
    /// `multipart/form-data`, one part a parameter.
    Multipart(Vec<(String, String)>),
    /// Any other text and its media type.
    Text {
        /// `Content-Type`; none when empty.
        media_type: String,
        /// The body.
        text: String,
    },
}

impl RequestSpec {
    /// A request without parameters.
    pub fn new(party: Party, method: &str, url: impl Into<String>) -> Self {
        Self {
            party,
            by_browser: false,
            method: method.to_owned(),
            url: url.into(),
            query: Vec::new(),
            headers: Vec::new(),
            payload: Payload::None,
        }
    }

    /// The same with one more header field.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The address with its query.
    pub fn full_url(&self) -> String {
        if self.query.is_empty() {
            return self.url.clone();
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.query);
        let joint = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{joint}{}", self.url, query.finish())
    }
}

impl Payload {
    /// The media type and the bytes that go over the wire; `None` when there is no body.
    pub fn encode(&self) -> Option<(String, Vec<u8>)> {
        match self {
            Self::None => None,
            Self::Form(parameters) => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                form.extend_pairs(parameters);
                let media_type = "application/x-www-form-urlencoded".to_owned();
                let form = form.finish().replace(LONE_BYTE_ENCODED, "%FF");
                Some((media_type, form.into_bytes()))
            }
            Self::Json(parameters) => {
                let members = parameters.iter();
                let object: Map<_, _> = members
                    .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
                    .collect();
                let text = Value::Object(object).to_string();
                Some(("application/json".to_owned(), text.into_bytes()))
            }
            Self::Multipart(parameters) => {
                let part = |(name, value): &(String, String)| {
                    let head = format!("Content-Disposition: form-data; name=\"{name}\"");
                    format!("--{BOUNDARY}\r\n{head}\r\n\r\n{value}\r\n")
                };
                let mut body: String = parameters.iter().map(part).collect();
                body.push_str("--");
                body.push_str(BOUNDARY);
                body.push_str("--\r\n");
                let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
                Some((media_type, body.into_bytes()))
            }
            Self::Text { media_type, text } => {
                Some((media_type.clone(), text.clone().into_bytes()))
            }
        }
    }
}

/// Stands in a parameter for the byte `FF`, which no text has: a form sends it as `%FF`. No character, so that nobody
/// means it.
pub const LONE_BYTE: char = '\u{10FFFF}';
/// [`LONE_BYTE`] as the form encoding would have it.
const LONE_BYTE_ENCODED: &str = "%F4%8F%BF%BF";

/// Occurs in no parameter that a scenario would send.
const BOUNDARY: &str = "atx-boundary-5e1c7a90";

/// Shows where it goes, not what it carries.
impl fmt::Debug for RequestSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.split('?').next().unwrap_or_default();
        write!(f, "RequestSpec({} {url})", self.method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_added_to_the_one_that_is_there() {
        let mut request = RequestSpec::new(Party::Org, "GET", "https://a.example/x?a=1");
        request.query.push(("b c".into(), "d&e".into()));
        assert_eq!(request.full_url(), "https://a.example/x?a=1&b+c=d%26e");
    }

    #[test]
    fn the_same_parameters_in_three_encodings() {
        let parameters = vec![("a".to_owned(), "1 2".to_owned())];
        let encoded = |payload: Payload| {
            let (media_type, body) = payload.encode().unwrap();
            (media_type, String::from_utf8(body).unwrap())
        };
        let (media_type, body) = encoded(Payload::Form(parameters.clone()));
        assert_eq!(
            (media_type.as_str(), body.as_str()),
            ("application/x-www-form-urlencoded", "a=1+2")
        );
        let (media_type, body) = encoded(Payload::Json(parameters.clone()));
        assert_eq!(
            (media_type.as_str(), body.as_str()),
            ("application/json", r#"{"a":"1 2"}"#)
        );
        let (media_type, body) = encoded(Payload::Multipart(parameters));
        assert_eq!(
            media_type,
            format!("multipart/form-data; boundary={BOUNDARY}")
        );
        assert!(body.contains("name=\"a\"\r\n\r\n1 2\r\n--"), "{body}");
        assert_eq!(Payload::None.encode(), None);
        let broken = vec![("a".to_owned(), format!("1{LONE_BYTE}"))];
        assert_eq!(encoded(Payload::Form(broken)).1, "a=1%FF");
    }
}
