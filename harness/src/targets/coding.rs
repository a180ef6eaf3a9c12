//! Content codings (RFC 9110 section 8.4.1): a server may compress what it answers.

use std::io::Read as _;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// What is offered in `Accept-Encoding`; a server that compresses in another way was not asked to.
pub(super) const ACCEPTED: &str = "gzip, deflate";

/// Why a body cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Undecodable {
    /// No coding that is known here; its name.
    Unknown(String),
    /// The coding is known and the body is not in it; its name.
    Broken(String),
    /// Longer than the limit once decoded.
    TooLarge,
    /// JSON of more values than the limit.
    TooManyValues,
}

/// The body without its codings. `field` is `Content-Encoding`: the codings in the order in which they were applied.
pub(super) fn decode(field: &str, body: Vec<u8>, limit: usize) -> Result<Vec<u8>, Undecodable> {
    let codings = field
        .split(',')
        .map(|coding| coding.trim().to_ascii_lowercase());
    let codings: Vec<String> = codings.filter(|coding| !coding.is_empty()).collect();
    codings
        .into_iter()
        .rev()
        .try_fold(body, |body, coding| one(coding, body, limit))
}

fn one(coding: String, body: Vec<u8>, limit: usize) -> Result<Vec<u8>, Undecodable> {
    // The answer to HEAD, and 204, have the field and no body.
    if body.is_empty() {
        return Ok(body);
    }
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut decoded = Vec::new();
    let read = match coding.as_str() {
        "identity" => return Ok(body),
        "gzip" | "x-gzip" => MultiGzDecoder::new(&*body)
            .take(most)
            .read_to_end(&mut decoded),
        // The zlib format by the book; some servers send the bare one.
        "deflate" if body[0] & 0x0F == 8 => ZlibDecoder::new(&*body)
            .take(most)
            .read_to_end(&mut decoded),
        "deflate" => DeflateDecoder::new(&*body)
            .take(most)
            .read_to_end(&mut decoded),
        _ => return Err(Undecodable::Unknown(coding)),
    };
    match read {
        Ok(_) if decoded.len() > limit => Err(Undecodable::TooLarge),
        Ok(_) => Ok(decoded),
        Err(_) => Err(Undecodable::Broken(coding)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const LIMIT: usize = 1000;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_coded_body_is_read_as_the_plain_one() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(b"{}").unwrap();
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(b"{}").unwrap();
        for (field, body) in [
            ("", b"{}".to_vec()),
            ("identity", b"{}".to_vec()),
            ("GZIP", gzip(b"{}")),
            ("x-gzip", gzip(b"{}")),
            ("deflate", zlib.finish().unwrap()),
            ("deflate", bare.finish().unwrap()),
            ("gzip, gzip", gzip(&gzip(b"{}"))),
            ("gzip", Vec::new()),
        ] {
            let expected = if body.is_empty() { "" } else { "{}" };
            assert_eq!(decode(field, body, LIMIT), Ok(expected.into()), "{field}");
        }
    }

    #[test]
    fn what_cannot_be_decoded_names_its_coding() {
        let name = |name: &str| name.to_owned();
        assert_eq!(
            decode("br", b"x".to_vec(), LIMIT),
            Err(Undecodable::Unknown(name("br")))
        );
        assert_eq!(
            decode("gzip", b"not gzip".to_vec(), LIMIT),
            Err(Undecodable::Broken(name("gzip")))
        );
        let large = gzip(&[b'x'; LIMIT + 1]);
        assert!(large.len() < LIMIT);
        assert_eq!(decode("gzip", large, LIMIT), Err(Undecodable::TooLarge));
    }
}
