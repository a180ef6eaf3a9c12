//! Requests written as text, with valid credentials where a placeholder stands, and what holds for every answer.

use http::{Method, Request, Response, header};
use serde_json::Value;

use crate::org::{AGENT, TestOrg, text};

/// What stands for what a client could only know by asking: without it hardly an input would get past the first check.
const PLACEHOLDERS: [&str; 7] = [
    "{assertion}",
    "{code}",
    "{verifier}",
    "{id_token}",
    "{access_token}",
    "{refresh_token}",
    "{id_jag}",
];

/// Bytes of an answer that do not come from the request: a page with its style, or a document of metadata.
const OWN_BYTES: usize = 64 * 1024;

/// The most that one byte of a request becomes in an answer: `&` is escaped as HTML, then as JSON or per cent.
const GROWTH: usize = 16;

/// A request and the valid signatures in it, which must not be kept.
pub struct Asked {
    pub request: Request<Vec<u8>>,
    signatures: Vec<String>,
}

/// Reads a request: a line `POST /path`, lines of header fields, an empty line, and the body. `None` is not a request
/// that an HTTP server would hand on.
pub fn read(org: &TestOrg, input: &[u8]) -> Option<Asked> {
    let (head, body) = split(input);
    let head = std::str::from_utf8(head).ok()?;
    let path = head.split([' ', '?', '\n']).nth(1).unwrap_or_default();
    let values = Values::needed_by(org, input, path);
    let head = values.put_into(head.as_bytes());
    let head = std::str::from_utf8(&head).ok()?;
    let mut lines = head.lines();
    let (method, uri) = lines.next()?.split_once(' ')?;
    let mut builder = Request::builder().method(method).uri(uri);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        builder = builder.header(name.trim(), value.trim());
    }
    let request = builder.body(values.put_into(body)).ok()?;
    Some(Asked {
        request,
        signatures: values.signatures(),
    })
}

/// A form as the body of a POST or the query of a GET, without placeholders. `None` is not a request either.
pub fn form(method: &str, path: &str, form: &[u8]) -> Option<Asked> {
    let builder = Request::builder().method(method);
    let request = if method == Method::GET {
        let query = std::str::from_utf8(form).ok()?;
        builder.uri(format!("{path}?{query}")).body(Vec::new())
    } else {
        let media = "application/x-www-form-urlencoded";
        let builder = builder.uri(path).header(header::CONTENT_TYPE, media);
        builder.body(form.to_vec())
    };
    Some(Asked {
        request: request.ok()?,
        signatures: Vec::new(),
    })
}

fn split(input: &[u8]) -> (&[u8], &[u8]) {
    let end = input.windows(2).position(|two| two == b"\n\n");
    end.map_or((input, &[]), |end| (&input[..end], &input[end + 2..]))
}

/// Asks, and judges what every answer must be.
pub fn ask(org: &TestOrg, asked: &Asked) -> Response<Vec<u8>> {
    let answer = org.core.handle(&asked.request, org.now());
    judge(&asked.request, &answer);
    let kept = org.core.with_state(|state| {
        let entries: Vec<_> = state.journal.entries().collect();
        serde_json::to_string(&entries).expect("the journal is JSON")
    });
    for signature in &asked.signatures {
        assert!(!kept.contains(signature), "the journal keeps a token");
    }
    answer
}

fn judge(request: &Request<Vec<u8>>, answer: &Response<Vec<u8>>) {
    let status = answer.status();
    assert!((200..500).contains(&status.as_u16()), "{status}");
    let field = |name: &str| {
        let value = answer.headers().get(name);
        value.map(|value| value.to_str().expect("visible ASCII"))
    };
    assert!(field("cache-control").is_some(), "no cache-control");
    assert!(field("x-okta-request-id").is_some(), "no request id");
    assert_eq!(field("x-content-type-options"), Some("nosniff"));
    assert_eq!(field("referrer-policy"), Some("no-referrer"));
    assert_eq!(status.is_redirection(), field("location").is_some());
    let body = answer.body();
    match field("content-type") {
        Some(media) if media.starts_with("application/json") => {
            let is_json = serde_json::from_slice::<Value>(body).is_ok();
            assert!(is_json || body.is_empty(), "a body that is not JSON");
        }
        Some(media) => {
            assert!(media.starts_with("text/html"), "{media}");
            assert!(field("content-security-policy").is_some(), "a bare page");
        }
        None => assert!(body.is_empty(), "a body without a media type"),
    }
    let sent = request.body().len() + request.uri().to_string().len();
    let most = OWN_BYTES + GROWTH * sent;
    assert!(body.len() <= most, "{} bytes for {sent}", body.len());
}

/// A credential answers must never be kept by a cache (RFC 6749 §5.1), nor a refusal of one.
pub fn is_not_stored(answer: &Response<Vec<u8>>) {
    let value = answer.headers().get(header::CACHE_CONTROL);
    let value = value.and_then(|value| value.to_str().ok());
    assert!(value.is_some_and(|value| value.contains("no-store")));
}

/// Values of placeholders.
struct Values(Vec<(&'static str, String)>);

impl Values {
    /// Only what an input names is made: a sign-in takes most of the time of an input.
    fn needed_by(org: &TestOrg, input: &[u8], path: &str) -> Self {
        let needs = |name: &str| contains(input, name.as_bytes());
        let [assertion, code, verifier, tokens @ ..] = PLACEHOLDERS;
        let mut values = Vec::new();
        if needs(assertion) {
            let claims = org.assertion_claims(AGENT, path);
            values.push((assertion, org.signer(AGENT).sign(&claims)));
        }
        if needs(code) || needs(verifier) {
            let made = org.code(AGENT, "openid profile email offline_access");
            values.extend([(code, made.code), (verifier, made.verifier)]);
        }
        if tokens.iter().any(|name| needs(name)) {
            let made = org.sign_in(AGENT, "openid profile email offline_access");
            let [id_token, access_token, refresh_token, id_jag] = tokens;
            if needs(id_jag) {
                let made = org.id_jag(AGENT, &text(&made, "id_token"));
                values.push((id_jag, made));
            }
            values.extend([
                (id_token, text(&made, "id_token")),
                (access_token, text(&made, "access_token")),
                (refresh_token, text(&made, "refresh_token")),
            ]);
        }
        Self(values)
    }

    fn put_into(&self, bytes: &[u8]) -> Vec<u8> {
        let start = bytes.to_vec();
        self.0.iter().fold(start, |bytes, (name, value)| {
            replace(&bytes, name.as_bytes(), value.as_bytes())
        })
    }

    /// The third parts of JWTs.
    fn signatures(&self) -> Vec<String> {
        let third = |(_, value): &(_, String)| value.split('.').nth(2).map(str::to_owned);
        self.0.iter().filter_map(third).collect()
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn replace(bytes: &[u8], wanted: &[u8], by: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest
        .windows(wanted.len())
        .position(|window| window == wanted)
    {
        replaced.extend_from_slice(&rest[..at]);
        replaced.extend_from_slice(by);
        rest = &rest[at + wanted.len()..];
    }
    replaced.extend_from_slice(rest);
    replaced
}
