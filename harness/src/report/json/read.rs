//! A `report.json` back into a [`RunResult`]: for reports of stored runs, comparisons and baselines.

use serde::Deserialize;
use thiserror::Error;

use crate::result::{REPORT_VERSION, RunResult};

/// A text that is no report of this version.
#[derive(Debug, Error)]
pub enum ReadError {
    /// Not JSON, or JSON of another shape.
    #[error("line {line}, column {column}: {message}; expected a report.json of atx run")]
    Shape {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// A report that an older or newer atx wrote.
    #[error(
        "the report has version {found}, this atx reads version {REPORT_VERSION}; run the scenarios again with this atx, \
         or read it with the one that wrote it"
    )]
    Version {
        /// As the report says.
        found: u64,
    },
}

impl From<serde_json::Error> for ReadError {
    fn from(error: serde_json::Error) -> Self {
        let text = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        Self::Shape {
            line: error.line(),
            column: error.column(),
            message: text.strip_suffix(&place).unwrap_or(&text).to_owned(),
        }
    }
}

/// The version alone, so that another one is reported as such and not as a missing member.
#[derive(Deserialize)]
struct Version {
    version: u64,
}

/// Reads a report, the full form or the stable one, which lacks [`RunResult::varying`].
///
/// # Errors
/// See [`ReadError`].
pub fn read(text: &str) -> Result<RunResult, ReadError> {
    let Version { version } = serde_json::from_str(text)?;
    if version != u64::from(REPORT_VERSION) {
        return Err(ReadError::Version { found: version });
    }
    Ok(serde_json::from_str(text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Form, Format, stable_json};
    use crate::result::sample;

    fn full() -> String {
        Format::ALL[0]
            .render(&sample::every_verdict(), Form::Full)
            .unwrap()
    }

    #[test]
    fn what_was_written_is_read_back() {
        let text = full();
        let again = read(&text).unwrap();
        assert_eq!(Format::ALL[0].render(&again, Form::Full).unwrap(), text);
        let stable = stable_json(&again).unwrap();
        assert_eq!(stable_json(&read(&stable).unwrap()).unwrap(), stable);
    }

    #[test]
    fn what_is_no_report_is_told_with_its_place() {
        for (text, shown) in [
            ("", "line 1, column 0: EOF while parsing a value"),
            (
                "{\n  \"version\": 2,\n  x",
                "line 3, column 3: key must be a string",
            ),
            ("[]", "line 1, column "),
            ("{\"version\": 2}", "missing field `kit`"),
            (
                "{\"version\": 1}",
                "has version 1, this atx reads version 2",
            ),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(shown), "{text}: {error}");
        }
        let cut = full();
        let error = read(&cut[..cut.len() / 2]).unwrap_err().to_string();
        assert!(error.contains("EOF"), "{error}");
    }
}
