//! In place of `mod.rs` where the feature `tls` is off: nobody can ask for https, so nothing of this ever exists.

use crate::assemble::StartError;

/// Nowhere.
#[derive(Debug, Clone)]
pub(crate) enum Source {}

/// Nothing.
#[derive(Clone)]
pub(crate) enum Tls {}

impl Tls {
    pub(crate) const fn new(source: &Source, _: Vec<String>) -> Result<Self, StartError> {
        match *source {}
    }

    pub(crate) const fn ca_pem(&self) -> &str {
        match *self {}
    }
}
