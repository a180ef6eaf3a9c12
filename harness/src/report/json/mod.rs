//! `report.json`: the result as it is, and its JSON Schema.

mod read;

use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

pub use read::{ReadError, read};

use super::{Form, ReportError};
use crate::presentation::json_lines;
use crate::result::RunResult;

/// A finding is one line, so that a diff of two reports names what changed; so are the exchanges of a case.
const DEPTH: usize = 4;

/// The report; the stable form lacks `varying`.
pub(super) fn render(run: &RunResult, form: Form) -> Result<String, ReportError> {
    match form {
        Form::Full => Ok(json_lines::to_string(run, DEPTH)?),
        Form::Stable => stable_json(run),
    }
}

/// The part that is the same, byte for byte, in every run against the same target.
pub fn stable_json(run: &RunResult) -> Result<String, ReportError> {
    let mut report = serde_json::to_value(run)?;
    if let Value::Object(members) = &mut report {
        members.shift_remove("varying");
    }
    Ok(json_lines::to_string(&report, DEPTH)?)
}

/// JSON Schema of `report.json`, as checked in at `reports/schema.json`.
pub fn schema() -> Result<String, ReportError> {
    let mut schema: Schema = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<RunResult>();
    schema.insert("title".to_owned(), "Report of atx run".into());
    // The stable form of the same document, as in reports/embedded/, leaves it out.
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| name != "varying");
    }
    Ok(json_lines::to_string(schema.as_value(), usize::MAX)?)
}
