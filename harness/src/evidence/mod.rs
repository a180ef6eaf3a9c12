//! Evidence: what is kept of an exchange, redacted once, by type, as it is recorded.

mod recorded;

pub use recorded::{
    RecordedBody, RecordedField, RecordedRequest, RecordedResponse, RecordedStep, RecordedValue,
};
