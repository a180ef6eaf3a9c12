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
    /// Status in place of the catalogue's, where a switch says so.
    status: Option<u16>,
    /// `error` in place of the catalogue's, where a variation says so.
    error: Option<&'static str>,
    /// Whose status and `error` are answered, where that depends on what a token was sent as.
    place: Option<Refusal>,
    is_server_error: bool,
    is_rate_limited: bool,
}

impl Refused {
    /// The same with the status and `error` of the refusal of whatever the token was sent as.
    #[must_use]
    pub(crate) fn answered_as(mut self, place: Refusal) -> Self {
        self.place = Some(place);
        self
    }

    /// The org does not notice that it should refuse, and has nothing to go on with.
    #[must_use]
    pub(crate) fn into_server_error(mut self) -> Self {
        self.is_server_error = true;
        self
    }

    /// Whether the answer is 500 in place of the refusal.
    pub(crate) fn is_server_error(&self) -> bool {
        self.is_server_error
    }

    /// The same, answered as a request over a rate limit is.
    #[must_use]
    pub(crate) fn into_rate_limited(mut self) -> Self {
        self.is_rate_limited = true;
        self
    }

    /// Whether the answer is that to a request over a rate limit.
    pub(crate) fn is_rate_limited(&self) -> bool {
        self.is_rate_limited
    }

    /// HTTP status at the token endpoint and its like.
    pub fn status(&self) -> u16 {
        let answered = self.place.unwrap_or(self.refusal);
        self.status.unwrap_or_else(|| answered.status())
    }

    /// `error` on the wire.
    pub fn error(&self) -> &'static str {
        let answered = self.place.unwrap_or(self.refusal);
        self.error.unwrap_or_else(|| answered.error())
    }

    /// The same with another `error`.
    #[must_use]
    pub fn with_error(mut self, error: &'static str) -> Self {
        self.error = Some(error);
        self
    }

    /// The same with another status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            interaction_uri: None,
            status: None,
            error: None,
            place: None,
            is_server_error: false,
            is_rate_limited: false,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.refusal.code())
    }
}
