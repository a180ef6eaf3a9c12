//! How an answer travels where a variation asks for something else than usual: compressed, in chunks, with another reason
//! phrase, with the end of the connection behind it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, header};
use hyper::body::Frame;
use hyper::ext::ReasonPhrase;
use mock_okta_core::Transport;

/// Bytes of a chunk: few, so that every member of an answer is cut somewhere.
const CHUNK: usize = 7;

/// The answer as it is to be sent to a client that sent these header fields.
pub(super) fn send(asked: &HeaderMap, answer: http::Response<Vec<u8>>) -> Response {
    let Some(hint) = answer.extensions().get::<Transport>().copied() else {
        return answer.map(Body::from);
    };
    let (mut head, mut body) = answer.into_parts();
    if hint.gzip && !body.is_empty() && takes_gzip(asked) {
        // Writing to a buffer does not fail; were it to, the content goes as it is.
        if let Ok(compressed) = gzip(&body) {
            body = compressed;
            let headers = &mut head.headers;
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        }
    }
    if hint.close {
        let close = HeaderValue::from_static("close");
        head.headers.insert(header::CONNECTION, close);
    }
    if hint.reason_phrase {
        let phrase = ReasonPhrase::from_static(b"As You Like It");
        head.extensions.insert(phrase);
    }
    let body = if hint.chunked && !body.is_empty() {
        Body::new(Chunks(
            body.chunks(CHUNK).map(Bytes::copy_from_slice).collect(),
        ))
    } else {
        Body::from(body)
    };
    Response::from_parts(head, body)
}

/// RFC 9110 §12.5.3: who sends no Accept-Encoding takes any coding, who does says which.
fn takes_gzip(asked: &HeaderMap) -> bool {
    let mut all = asked.get_all(header::ACCEPT_ENCODING).iter().peekable();
    if all.peek().is_none() {
        return true;
    }
    let texts = all.filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let known = ["gzip", "x-gzip", "*"]
            .iter()
            .any(|other| name.eq_ignore_ascii_case(other));
        let refused = parts.any(|part| {
            let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
            weight.and_then(|weight| weight.parse::<f32>().ok()) == Some(0.0)
        });
        known && !refused
    })
}

fn gzip(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body)?;
    encoder.finish()
}

/// Content in pieces, without its length beforehand.
struct Chunks(VecDeque<Bytes>);

impl hyper::body::Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_may_rule_gzip_out() {
        for (sent, takes) in [
            (&[][..], true),
            (&["gzip"], true),
            (&["br, GZIP;q=0.5"], true),
            (&["br", "*"], true),
            (&["identity"], false),
            (&[""], false),
            (&["gzip;q=0, identity"], false),
        ] {
            let mut headers = HeaderMap::new();
            for value in sent {
                headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            }
            assert_eq!(takes_gzip(&headers), takes, "{sent:?}");
        }
    }
}
