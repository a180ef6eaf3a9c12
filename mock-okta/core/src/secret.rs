//! Values that must never be shown: no `Serialize`, no `Display`, a `Debug` that shows nothing.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// A secret value. The only way in is [`Secret::reveal`], so that every use can be found by name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself. Whoever calls this answers for where it goes.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What may be shown instead.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Eight characters of the SHA-256 of a value: enough to tell two apart, too little to find either.
pub fn fingerprint(value: &str) -> String {
    let digest = Sha256::digest(value.as_bytes());
    format!("#{}", URL_SAFE_NO_PAD.encode(&digest[..6]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown_by_debug() {
        let shown = format!("{:?}", Secret::new("hunter2"));
        assert_eq!(shown, "[redacted]");
    }

    #[test]
    fn fingerprints_differ_and_hold_nothing_of_the_value() {
        assert_ne!(fingerprint("hunter2"), fingerprint("hunter3"));
        assert!(!fingerprint("hunter2").contains("hunter"));
    }
}
