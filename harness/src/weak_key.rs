//! An RSA key of 1024 bits. RFC 7518 §3.3 forbids to use it, and the library that signs everything else refuses it, so
//! RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2.1) is done here by hand. It keeps no secret: it was made for this file.

use num_bigint::BigUint;
use sha2::{Digest as _, Sha256};

use crate::jwt::base64url;

/// The public exponent, in base64url.
pub const EXPONENT: &str = "AQAB";

const BYTES: usize = 128;

const MODULUS: &str = "\
d357acfd8d56a7be3b2f9ccef2a60e7c523cc3bc4f214113f295e38c53c73a4f\
574adb701a29cf4a876f95049cf264aef147d880b0714296f72e9a6101bb94f7\
7365ea5b4ffaef3f2a203166599ff7305cb291c522c058d1030b126463ca096b\
f1aa9fcd2b38b0bc5956d3cf73bafd2175cc23b9b5e5e580efb55bf0e1c308d3";

const PRIVATE_EXPONENT: &str = "\
7a0d30425dd5a59a1ee42852fb9f1ace814fc65a81f85a7502abbd75d50c4188\
808922a162fab25400535864099f92b5d572007e9167576587eaca0d2bcb0103\
b9b94fc8e7d0cf2d58b4e87fce9fb26359492b1cdcbb13df994edbe4966e2b70\
e8b0381cb30242ca3c6b58ec8194e594377890c2a1bc0923d6a447cfef58a6c1";

/// What stands before a SHA-256 hash in what is signed (RFC 8017 §9.2).
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// The modulus, in base64url.
pub fn modulus() -> String {
    base64url(number(MODULUS).to_bytes_be())
}

/// The RS256 signature over a message.
pub fn sign(message: &[u8]) -> Vec<u8> {
    let hash = Sha256::digest(message);
    let mut padded = vec![0x00, 0x01];
    padded.resize(BYTES - 1 - DIGEST_INFO.len() - hash.len(), 0xff);
    padded.push(0x00);
    padded.extend(DIGEST_INFO);
    padded.extend(hash);
    let signed =
        BigUint::from_bytes_be(&padded).modpow(&number(PRIVATE_EXPONENT), &number(MODULUS));
    let signed = signed.to_bytes_be();
    let mut signature = vec![0; BYTES - signed.len()];
    signature.extend(signed);
    signature
}

fn number(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{
        RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256,
        RsaPublicKeyComponents,
    };

    use super::*;
    use crate::jwt::from_base64url;

    #[test]
    fn what_it_signs_verifies_where_keys_of_1024_bits_do_and_nowhere_else() {
        let n = from_base64url(&modulus()).unwrap();
        assert_eq!(n.len(), BYTES);
        let e = from_base64url(EXPONENT).unwrap();
        let key = RsaPublicKeyComponents { n, e };
        for message in [&b"one"[..], b"two", b""] {
            let signature = sign(message);
            let legacy = &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY;
            assert!(key.verify(legacy, message, &signature).is_ok());
            assert!(key.verify(legacy, b"other", &signature).is_err());
            let today = &RSA_PKCS1_2048_8192_SHA256;
            assert!(key.verify(today, message, &signature).is_err());
        }
    }
}
