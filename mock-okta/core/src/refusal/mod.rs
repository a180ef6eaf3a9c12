//! Refusals: every way the org says no, named once, with status, `error`, words and source.

mod catalogue;
mod envelope;
mod families;
mod state;

pub use catalogue::Refusal;
pub(crate) use envelope::{api_error, oauth_error};
pub use state::{CatalogueRow, Family, RowState, catalogue};

use std::fmt;

/// A refusal on its way to the client, with what its answer carries beyond the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which.
    pub refusal: Refusal,
    /// Where the user must go (OAuth STS).
    pub interaction_uri: Option<String>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            interaction_uri: None,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.refusal.code())
    }
}
