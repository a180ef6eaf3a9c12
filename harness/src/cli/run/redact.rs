//! `--redact-env NAME`: further values that no output may show.

use std::env;

use thiserror::Error;

use crate::evidence::SHORTEST_SECRET;
use crate::secret::Secret;

/// A name that gives nothing to look for. To go on would be to show what the user wants hidden.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum RedactError {
    /// Not set, or not text.
    #[error("--redact-env {name}: the environment has no {name}; set it, or leave the option out")]
    NotSet {
        /// As given.
        name: String,
    },
    /// It would be found where it is not.
    #[error(
        "--redact-env {name}: its value has fewer than {SHORTEST_SECRET} characters, which would be found everywhere; \
         only longer values can be replaced"
    )]
    TooShort {
        /// As given.
        name: String,
    },
}

/// The values of the named variables.
pub(in crate::cli) fn read(names: &[String]) -> Result<Vec<Secret>, RedactError> {
    names
        .iter()
        .map(|name| value(name, env::var(name).ok()))
        .collect()
}

fn value(name: &str, found: Option<String>) -> Result<Secret, RedactError> {
    let name = name.to_owned();
    match found {
        None => Err(RedactError::NotSet { name }),
        Some(value) if value.chars().count() < SHORTEST_SECRET => {
            Err(RedactError::TooShort { name })
        }
        Some(value) => Ok(Secret::new(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_value_to_look_for_is_refused() {
        let name = || "HIDE".to_owned();
        assert_eq!(
            value("HIDE", None),
            Err(RedactError::NotSet { name: name() })
        );
        assert_eq!(
            value("HIDE", Some("abcd".to_owned())),
            Err(RedactError::TooShort { name: name() })
        );
        assert_eq!(
            value("HIDE", Some("abcde".to_owned())).unwrap().expose(),
            "abcde"
        );
        assert_eq!(read(&[]), Ok(Vec::new()));
    }
}
