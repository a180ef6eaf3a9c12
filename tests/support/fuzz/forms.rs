//! Forms and queries: a form means the same however it is encoded.

use http::{Method, Response};

use super::http_text;
use crate::org::TestOrg;

/// The first byte of an input chooses the endpoint; what follows is the form.
const ENDPOINTS: [(&str, &str); 8] = [
    ("POST", "/oauth2/v1/token"),
    ("POST", "/oauth2/v1/introspect"),
    ("POST", "/oauth2/v1/revoke"),
    ("POST", "/oauth2/default/v1/token"),
    ("GET", "/oauth2/v1/authorize"),
    ("GET", "/oauth2/v1/logout"),
    ("GET", "/oauth2/v1/sts/redirect"),
    ("GET", "/third-party/tracker/authorize"),
];

pub fn run(input: &[u8]) -> bool {
    let Some((first, form)) = input.split_first() else {
        return false;
    };
    let (method, path) = ENDPOINTS[usize::from(*first) % ENDPOINTS.len()];
    // Other bytes cannot stand in a request line.
    let in_line = |byte: &u8| byte.is_ascii_graphic() && *byte != b'#';
    let may_stand = |byte: &u8| method != Method::GET || in_line(byte);
    let form: Vec<u8> = form.iter().copied().filter(may_stand).collect();
    // The standard's own parser and serialiser: the same names and values, written in the usual way.
    let usual = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form_urlencoded::parse(&form))
        .finish();
    let as_sent = answer(method, path, &form);
    let as_usual = answer(method, path, usual.as_bytes());
    let (Some(as_sent), Some(as_usual)) = (as_sent, as_usual) else {
        return false;
    };
    assert_eq!(as_sent.status(), as_usual.status());
    assert_eq!(as_sent.headers(), as_usual.headers());
    assert_eq!(as_sent.body(), as_usual.body());
    !as_sent.status().is_client_error()
}

/// What an org at start says: the same seed and the same instant, so that equal questions have equal answers.
fn answer(method: &str, path: &str, form: &[u8]) -> Option<Response<Vec<u8>>> {
    let asked = http_text::form(method, path, form)?;
    Some(http_text::ask(&TestOrg::new(), &asked))
}
