//! Where something is written: a line of a scenario file or of a baseline. Reports hold it as `FILE:LINE`; that text is
//! written and read here and nowhere else.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceLine {
    /// The file, as it was given or by its path in the repository.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl SourceLine {
    /// A line of a file.
    pub fn new(file: impl Into<String>, line: usize) -> Self {
        Self {
            file: file.into(),
            line,
        }
    }
}

impl fmt::Display for SourceLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A text that is not a file and a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` does not say where something is written; expected FILE:LINE, such as `scenarios/secret/who.yaml:12`"
)]
pub struct NotASourceLine(String);

impl FromStr for SourceLine {
    type Err = NotASourceLine;

    fn from_str(text: &str) -> Result<Self, NotASourceLine> {
        // A file on Windows has a colon of its own.
        text.rsplit_once(':')
            .and_then(|(file, line)| Some(Self::new(file, line.parse().ok()?)))
            .filter(|place| place.line > 0 && place.to_string() == text)
            .ok_or_else(|| NotASourceLine(text.to_owned()))
    }
}

impl Serialize for SourceLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SourceLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_a_line_are_read_as_they_are_written() {
        for (text, file, line) in [
            ("scenarios/a/b.yaml:7", "scenarios/a/b.yaml", 7),
            (r"C:\x\a.yaml:12", r"C:\x\a.yaml", 12),
            ("a:b:1", "a:b", 1),
        ] {
            let place: SourceLine = text.parse().unwrap();
            assert_eq!(place, SourceLine::new(file, line));
            assert_eq!(place.to_string(), text);
        }
        for text in [
            "",
            "a.yaml",
            "a.yaml:",
            "a.yaml:0",
            "a.yaml:x",
            "a.yaml:+7",
            "a.yaml:07",
            r"C:\a.yaml",
        ] {
            let error = text.parse::<SourceLine>().unwrap_err().to_string();
            assert!(error.contains("FILE:LINE"), "{error}");
        }
    }
}
