//! Reports: a [`RunResult`] as text, a file or folder for each format. No I/O here, and nothing that is not redacted:
//! this module reads results and recorded evidence, never a live exchange. What formats share is in
//! [`crate::presentation`].

pub mod console;
mod har;
mod html;
mod json;
mod junit;
mod markdown;
mod sarif;

use thiserror::Error;

use crate::presentation::ci_commands::{disarmed, disarmed_json, disarmed_xml};
use crate::result::RunResult;

pub use crate::presentation::Form;
pub use json::{ReadError, read, schema, stable_json};

/// A report could not be made.
#[derive(Debug, Error)]
pub enum ReportError {
    /// Not expressible in JSON.
    #[error("the JSON report could not be made: {0}")]
    Json(#[from] serde_json::Error),
    /// Not expressible in XML.
    #[error("the JUnit report could not be made: {0}")]
    JUnit(#[from] quick_junit::SerializeError),
}

/// A report that a run writes.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// What the user calls it.
    pub name: &'static str,
    /// Name of its file.
    pub file: &'static str,
    render: fn(&RunResult, Form) -> Result<String, ReportError>,
}

impl Format {
    /// Every format, in the order in which files are named to the user.
    pub const ALL: [Self; 6] = [
        Self {
            name: "json",
            file: "report.json",
            render: |run, form| json::render(run, form).map(disarmed_json),
        },
        Self {
            name: "junit",
            file: "junit.xml",
            render: |run, form| junit::render(run, form).map(disarmed_xml),
        },
        Self {
            name: "markdown",
            file: "report.md",
            render: |run, form| Ok(disarmed(&markdown::render(run, form)).into_owned()),
        },
        Self {
            name: "sarif",
            file: "report.sarif",
            render: |run, form| sarif::render(run, form).map(disarmed_json),
        },
        Self {
            name: "har",
            file: "failed.har",
            render: |run, form| har::render(run, form).map(disarmed_json),
        },
        Self {
            name: "html",
            file: "report.html",
            render: |run, form| Ok(html::render(run, form)),
        },
    ];

    /// The whole file.
    pub fn render(self, run: &RunResult, form: Form) -> Result<String, ReportError> {
        (self.render)(run, form)
    }
}

#[cfg(test)]
mod tests;
