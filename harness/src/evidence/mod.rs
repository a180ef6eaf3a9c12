//! Evidence: what is kept of an exchange, redacted once, by type, as it is recorded.

mod json;
mod learn;
mod limits;
mod names;
mod record;
mod recorded;
mod redact;
mod redacted;
mod secrets;

pub(crate) use names::is_secret_path;
pub use record::Part;
pub use recorded::{
    Participant, RecordedBody, RecordedField, RecordedRequest, RecordedResponse, RecordedStep,
    RecordedValue,
};
pub use redact::Redactor;
pub use redacted::{Redacted, RedactedJson};
pub use secrets::{Public, SHORTEST_SECRET};
