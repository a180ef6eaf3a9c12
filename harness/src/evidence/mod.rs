//! Evidence: what is kept of an exchange, redacted once, by type, as it is recorded.

mod known;
mod names;
mod record;
mod recorded;
mod redact;

pub use known::{SHORTEST_SECRET, SecretSet};
pub(crate) use names::is_secret_path;
pub use record::Part;
pub use recorded::{
    Participant, RecordedBody, RecordedField, RecordedRequest, RecordedResponse, RecordedStep,
    RecordedValue,
};
pub use redact::Redactor;
