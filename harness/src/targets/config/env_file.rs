//! The file `.env` beside a target file: variables that the environment does not have.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use strict_yaml::{Place, Problem, Problems, decode};

use crate::files;
use crate::secret::Secret;

/// Its name.
const NAME: &str = ".env";

/// A form of a line, for messages.
const FORM: &str = "NAME=value, NAME='value' or NAME=\"value\"";

/// What it says. Other programs may use the same file, so a line that cannot be read is a mistake only where a variable is
/// missing.
#[derive(Debug)]
pub(super) struct EnvFile {
    pub(super) path: PathBuf,
    values: BTreeMap<String, Secret>,
    pub(super) mistakes: Problems,
}

impl EnvFile {
    /// Reads the one in a folder, if there is one.
    pub(super) fn beside(folder: &Path) -> Option<Self> {
        let path = folder.join(NAME);
        let name = path.display().to_string();
        let bytes = match files::bytes(&path, files::WRITTEN) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return None,
            Err(error) => {
                let mistakes = files::unreadable(&path, &error.to_string());
                return Some(Self {
                    path,
                    values: BTreeMap::new(),
                    mistakes,
                });
            }
        };
        // The text is kept out of messages: every line of it may be a secret.
        let mut mistakes = Problems::new(name, "");
        let mut values = BTreeMap::new();
        match decode(&bytes) {
            Ok(text) => values = parse(text, &mut mistakes),
            Err(wrong) => mistakes.push(Problem::new(Place::START, wrong.to_string())),
        }
        Some(Self {
            path,
            values,
            mistakes,
        })
    }

    /// The value of a variable.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let value = self.values.get(name)?;
        Some(value.expose().to_owned())
    }
}

fn parse(text: &str, mistakes: &mut Problems) -> BTreeMap<String, Secret> {
    let mut values = BTreeMap::new();
    let mut rest = text;
    let mut line = 1;
    while !rest.is_empty() {
        let (read, behind) = assignment(rest);
        match read {
            Ok(Some((name, value))) => {
                values.insert(name.to_owned(), Secret::new(value));
            }
            Ok(None) => {}
            Err(what) => {
                let place = Place {
                    line,
                    ..Place::START
                };
                mistakes.push(Problem::new(place, what).expected(FORM));
            }
        }
        let length = rest.len() - behind.len();
        line += rest[..length].matches('\n').count();
        rest = behind;
    }
    values
}

type Assignment<'t> = Option<(&'t str, String)>;

/// The variable that a text begins with, if its first line sets one, and the text behind it.
fn assignment(text: &str) -> (Result<Assignment<'_>, &'static str>, &str) {
    let (line, behind) = text.split_once('\n').unwrap_or((text, ""));
    let code = line.trim();
    if code.is_empty() || code.starts_with('#') {
        return (Ok(None), behind);
    }
    let begun = text.trim_start();
    let begun = match begun.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start_matches([' ', '\t']),
        _ => begun,
    };
    let Some((name, value)) = begun
        .split_once('=')
        .filter(|(name, _)| !name.contains('\n'))
    else {
        return (Err("this line sets no variable"), behind);
    };
    let name = name.trim_end();
    if !is_name(name) {
        return (Err("this is not the name of a variable"), behind);
    }
    let value = value.trim_start_matches([' ', '\t']);
    if let Some(quote @ ('"' | '\'')) = value.chars().next() {
        return match quoted(&value[1..], quote) {
            Some((value, behind)) => (Ok(Some((name, value))), behind),
            None => (Err("the quotation has no end, or text follows it"), behind),
        };
    }
    let value = value.split('\n').next().unwrap_or_default();
    (Ok(Some((name, without_comment(value).to_owned()))), behind)
}

/// Letters, digits and underscores, no digit first (POSIX.1-2024, XBD 3.216).
pub(crate) fn is_name(text: &str) -> bool {
    let in_name = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    !text.is_empty()
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(in_name)
}

/// A comment begins with a blank and `#`.
fn without_comment(value: &str) -> &str {
    let comment = value.find(" #").or_else(|| value.find("\t#"));
    let value = match comment {
        Some(at) => &value[..at],
        // Nothing but a comment.
        None if value.starts_with('#') => "",
        None => value,
    };
    value.trim()
}

/// What stands up to the closing quotation mark, and the text behind its line. Double quotes know escapes, single quotes none.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == quote {
            let after = &text[at + 1..];
            let (line, behind) = after.split_once('\n').unwrap_or((after, ""));
            let line = line.trim();
            let ends = line.is_empty() || line.starts_with('#');
            return ends.then_some((value, behind));
        }
        if character != '\\' || quote == '\'' {
            value.push(character);
            continue;
        }
        match characters.next()? {
            (_, 'n') => value.push('\n'),
            (_, 'r') => value.push('\r'),
            (_, 't') => value.push('\t'),
            (_, escaped @ ('"' | '\\' | '$')) => value.push(escaped),
            (_, other) => value.extend(['\\', other]),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<(String, String)>, String) {
        let mut mistakes = Problems::new(".env", "");
        let values = parse(text, &mut mistakes);
        let values = values.into_iter();
        let values = values.map(|(name, value)| (name, value.expose().to_owned()));
        (values.collect(), mistakes.to_string())
    }

    #[test]
    fn each_line_sets_a_variable() {
        let text = concat!(
            "# a comment\n\n",
            "PLAIN=https://a.example # where\r\n",
            "  export SPACED = some words \n",
            "HASH=a#b\n",
            "NONE=\n",
            "COMMENT= # nothing\n",
            "SINGLE='a \\n # ${X}'\n",
            "DOUBLE=\"a\\n\\\"b\\\" \\$c \\d\" # said\n",
            "PEM=\"-----BEGIN\nabc\n-----END\"\n",
            "TWICE=1\nTWICE=2",
        );
        let (values, mistakes) = read(text);
        assert_eq!(mistakes, "");
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            values,
            [
                ("COMMENT", ""),
                ("DOUBLE", "a\n\"b\" $c \\d"),
                ("HASH", "a#b"),
                ("NONE", ""),
                ("PEM", "-----BEGIN\nabc\n-----END"),
                ("PLAIN", "https://a.example"),
                ("SINGLE", "a \\n # ${X}"),
                ("SPACED", "some words"),
                ("TWICE", "2"),
            ]
        );
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_line_and_not_shown() {
        let text = "A=1\nhunter2\n2B=hunter2\nC=\"hunter2\nD='x' hunter2\nE=2\n";
        let (values, mistakes) = read(text);
        let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["A", "E"]);
        assert!(!mistakes.contains("hunter2"), "{mistakes}");
        for line in [".env:2", ".env:3", ".env:4", ".env:5"] {
            assert!(mistakes.contains(line), "{line}: {mistakes}");
        }
    }

    #[test]
    fn a_file_may_be_missing_or_not_be_text() {
        let folder = tempfile::tempdir().unwrap();
        assert!(EnvFile::beside(folder.path()).is_none());
        std::fs::write(folder.path().join(".env"), b"A=\xff").unwrap();
        let file = EnvFile::beside(folder.path()).unwrap();
        assert_eq!(file.get("A"), None);
        assert!(!file.mistakes.is_empty());
    }
}
