//! A certificate that an RSA key signs for itself (RFC 5280 §4.1), as short as one can be.

use crate::signing_key::SigningKey;

/// Version 1, for nobody in particular, valid for as long as dates go.
pub(super) fn self_signed(key: &SigningKey) -> Option<Vec<u8>> {
    if key.algorithm() != "RS256" {
        return None;
    }
    let info = key.public_der()?;
    let algorithm = sequence(&[&SHA256_WITH_RSA]);
    let name = sequence(&[&value(
        SET,
        &sequence(&[&COMMON_NAME, &value(UTF8, b"stranger")]),
    )]);
    let validity = sequence(&[
        &value(UTC_TIME, b"200101000000Z"),
        &value(UTC_TIME, b"491231235959Z"),
    ]);
    let serial = value(INTEGER, &[1]);
    let to_be_signed = sequence(&[&serial, &algorithm, &name, &validity, &name, &info]);
    let signature = key.sign("RS256", &to_be_signed)?;
    let signature = value(BIT_STRING, &[&[0][..], &signature].concat());
    Some(sequence(&[&to_be_signed, &algorithm, &signature]))
}

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const UTF8: u8 = 0x0c;
const UTC_TIME: u8 = 0x17;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

/// 1.2.840.113549.1.1.11 and its empty parameters.
const SHA256_WITH_RSA: [u8; 13] = [
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00,
];

/// 2.5.4.3
const COMMON_NAME: [u8; 5] = [0x06, 0x03, 0x55, 0x04, 0x03];

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    value(SEQUENCE, &parts.concat())
}

/// Tag, length, content (X.690 §8.1).
fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut encoded = vec![tag];
    match length {
        [] => encoded.push(0),
        [short] if *short < 0x80 => encoded.push(*short),
        long => {
            // A length has eight bytes at most.
            encoded.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            encoded.extend(long);
        }
    }
    encoded.extend(content);
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing_key::unknown_key;

    #[test]
    fn lengths_are_short_or_long() {
        assert_eq!(value(INTEGER, &[]), [2, 0]);
        assert_eq!(value(INTEGER, &[7; 127])[..2], [2, 127]);
        assert_eq!(value(INTEGER, &[7; 128])[..3], [2, 0x81, 128]);
        assert_eq!(value(INTEGER, &[7; 300])[..4], [2, 0x82, 1, 44]);
    }

    /// The key stands in the certificate as it is published, and the certificate in one sequence.
    #[test]
    fn a_certificate_holds_the_key() {
        let key = unknown_key().unwrap();
        let certificate = self_signed(key).unwrap();
        let info = key.public_der().unwrap();
        assert!(certificate.windows(info.len()).any(|part| part == info));
        let [_, _, high, low, ..] = certificate[..] else {
            unreachable!("a certificate is longer");
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        assert_eq!(certificate.len(), length + 4);
    }
}
