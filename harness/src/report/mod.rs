//! Reports: a [`RunResult`] as bytes, one file or folder a format. No I/O here, and nothing that is not redacted:
//! this module sees results and recorded evidence, never a live exchange.

mod card;
pub(crate) mod commands;
pub mod console;
pub(crate) mod curl;
mod har;
mod here;
pub(crate) mod html;
pub(crate) mod json;
mod junit;
mod known;
pub(crate) mod markdown;
mod problem;
mod sarif;
pub(crate) mod text;
mod wire;
pub(crate) mod words;

use thiserror::Error;

use crate::result::RunResult;
use commands::{disarmed, disarmed_json, disarmed_xml};

pub use json::{ReadError, read, schema, stable_json};

/// Which form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// With times, addresses and exchanges.
    Full,
    /// Only what is the same in every run against the same target: for snapshots.
    Stable,
}

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
