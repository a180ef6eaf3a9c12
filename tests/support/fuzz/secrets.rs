//! A secret in a file that somebody writes, and the messages about the file, which must not tell it.

use strict_yaml::Problems;

/// What stands for the secret in an input.
const PLACEHOLDER: &str = "{secret}";

/// The secret. Nothing else is written like it.
const CANARY: &str = "c4n4ry-Pj7mTq2XwL9d";

/// An input as the text of a file, and whether all of the canaries in it stand where a secret is expected.
pub struct Text {
    pub text: String,
    keeps_a_secret: bool,
}

impl Text {
    /// `keys` are those whose values are secrets, each with its colon.
    pub fn of(input: &[u8], keys: &[&str]) -> Self {
        let input = String::from_utf8_lossy(input);
        let placeholders: Vec<_> = input.match_indices(PLACEHOLDER).collect();
        let is_behind_a_key = |(at, _): &(usize, &str)| is_behind(&input[..*at], keys);
        Self {
            keeps_a_secret: !placeholders.is_empty() && placeholders.iter().all(is_behind_a_key),
            text: input.replace(PLACEHOLDER, CANARY),
        }
    }

    /// Neither the messages nor their debug form show the secret.
    pub fn is_kept_from(&self, problems: &Problems) {
        if self.keeps_a_secret {
            keeps(CANARY, problems);
        }
    }
}

/// No form of the messages has this value.
pub fn keeps(secret: &str, problems: &Problems) {
    for shown in [
        problems.to_string(),
        problems.styled(),
        format!("{problems:?}"),
    ] {
        assert!(!shown.contains(secret), "a secret is shown:\n{shown}");
    }
}

/// Messages about a file stay short enough to be read, whatever the file is.
pub fn are_short(problems: &Problems) {
    const LONGEST: usize = 8 * 1024;
    let shown = problems.to_string();
    assert!(!shown.is_empty());
    assert!(shown.len() <= (Problems::KEPT + 1) * LONGEST);
    let is_control = |c: char| c.is_control() && c != '\n';
    assert!(!shown.contains(is_control), "{shown:?}");
}

/// Whether a line leads from one of the keys to its end: blanks, the key, blanks, and perhaps a quotation mark.
fn is_behind(before: &str, keys: &[&str]) -> bool {
    let line = before.rsplit('\n').next().unwrap_or(before);
    let line = line.trim_start_matches([' ', '-']);
    let line = line.trim_end_matches(['"', '\'']).trim_end_matches(' ');
    keys.contains(&line)
}
