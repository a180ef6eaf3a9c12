//! Secrets as a type: readable in one greppable way, never shown, never serialised.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

/// Text that must not be shown. No `Display`, no `Serialize`; `Debug` says only that it is one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<Arc<str>>) -> Self {
        Self(value.into())
    }

    /// The value itself, to be sent or compared, never to be shown.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Turns secrets into short names that are the same within a run and mean nothing outside it.
#[derive(Clone)]
pub struct Salt(Arc<[u8]>);

impl Salt {
    /// A salt of so many bytes; fresh for every run.
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// First 12 hex digits of SHA-256 of the salt and the value.
    pub fn fingerprint(&self, value: &str) -> String {
        let digest = Sha256::new()
            .chain_update(&self.0)
            .chain_update(value)
            .finalize();
        base16ct::lower::encode_string(&digest[..6])
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[salt]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_value() {
        let shown = format!("{:?}", (Secret::new("hunter2"), Salt::new(*b"pepper")));
        assert_eq!(shown, "([secret], [salt])");
    }

    #[test]
    fn a_fingerprint_is_twelve_hex_digits_of_salt_and_value() {
        // printf 'saltvalue' | sha256sum
        assert_eq!(Salt::new(*b"salt").fingerprint("value"), "d430a1da30af");
        assert_ne!(
            Salt::new(*b"a").fingerprint("value"),
            Salt::new(*b"b").fingerprint("value")
        );
    }
}
