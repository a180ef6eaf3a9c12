//! Evidence: what is kept of an exchange, redacted once, by type, as it is recorded.

mod budget;
mod json;
mod learn;
mod limits;
mod names;
mod page;
mod pseudonym;
mod record;
mod recorded;
mod redact;
mod redacted;
mod review;
mod search;
mod secrets;
mod split;

pub use budget::Budget;
pub(crate) use names::is_secret_path;
pub(crate) use pseudonym::{HIDDEN, half_hash};
pub use pseudonym::{KeptToken, Pseudonyms};
pub use record::Part;
pub use recorded::{
    Participant, RecordedBody, RecordedField, RecordedRequest, RecordedResponse, RecordedStep,
    RecordedValue,
};
pub use redact::Redactor;
pub use redacted::{Redacted, RedactedJson};
pub use review::Review;
pub use secrets::{Public, SHORTEST_SECRET};
