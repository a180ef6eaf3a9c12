//! Writes entries as YAML, and a whole file of them.

use std::fmt::Write as _;

use super::compare::broken;
use super::model::Expected;
use crate::result::{CaseResult, RunResult};

/// Stands for a reason that only a person can give. The reader refuses it.
pub(super) const TODO: &str = "TODO say why";

/// A file that names every deviation of a run. Without a reason, each gets one that is still to be written.
#[must_use]
pub fn write(run: &RunResult, reason: Option<&str>) -> String {
    let mut text = format!(
        "# Known deviations of {}, edition {}. `atx run --baseline FILE` accepts these and no others.\n\
         # Each needs a reason. `until: YYYY-MM-DD` sets the last day on which it is accepted.\n",
        one_line(&run.target.name),
        one_line(&run.edition),
    );
    for case in &run.results {
        if let Some(entry) = entry(case, reason.unwrap_or(TODO)) {
            text.push('\n');
            text.push_str(&entry);
        }
    }
    text
}

/// The lines that make a deviation a known one; `None` for a case that does not deviate.
pub(super) fn entry(case: &CaseResult, reason: &str) -> Option<String> {
    let verdict = Expected::in_run(case)?;
    let mut text = format!(
        "- case: {}\n  verdict: {}\n",
        word(&case.id),
        verdict.as_str()
    );
    let broken = broken(case);
    if !broken.is_empty() {
        let list: Vec<String> = broken.iter().map(|id| word(id)).collect();
        let _ = writeln!(text, "  requirements: [{}]", list.join(", "));
    }
    let _ = writeln!(text, "  reason: {}", sentence(reason));
    Some(text)
}

/// A name, quoted where YAML would not take it for a string.
pub(super) fn word(text: &str) -> String {
    scalar(text, "./_-")
}

/// Prose, likewise. Not for use between brackets, where a comma ends a value.
fn sentence(text: &str) -> String {
    scalar(text, "./_- ,;()'")
}

fn scalar(text: &str, beside_letters: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || beside_letters.contains(c);
    let reserved = ["true", "false", "null"];
    // A word of letters cannot be read as a number, and holds no syntax of YAML.
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(allowed)
        && !text.ends_with(' ')
        && !reserved.contains(&text.to_ascii_lowercase().as_str());
    if plain {
        return text.to_owned();
    }
    // Every JSON string is a YAML string, and what YAML would not print in one is escaped.
    let mut quoted = String::with_capacity(text.len() + 2);
    for character in serde_json::Value::from(text).to_string().chars() {
        match character {
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted
}

/// A name inside a comment must not end it.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};
    use strict_yaml::Document;

    use super::*;
    use crate::baseline::sample;
    use crate::baseline::{Baseline, Placeholders};
    use crate::result::Verdict;

    fn deviating() -> RunResult {
        sample::run(&[
            ("a/b", Verdict::Failed, &["req.b", "req.a"]),
            ("a/b/expired", Verdict::Passed, &[]),
            ("a/c", Verdict::Error, &[]),
            ("a/c/bent", Verdict::Warning, &["req.c"]),
        ])
    }

    #[test]
    fn a_file_names_what_deviates_and_waits_for_reasons() {
        let text = write(&deviating(), None);
        insta::assert_snapshot!(text);
        let read = |placeholders| Baseline::parse("x", &text, &sample::known(), placeholders);
        assert_eq!(read(Placeholders::Accepted).unwrap().entries.len(), 2);
        assert_eq!(read(Placeholders::Refused).unwrap_err().len(), 2);
    }

    #[test]
    fn one_reason_may_be_given_for_all() {
        let text = write(&deviating(), Some("Before release 2: see #12"));
        let read = Baseline::parse("x", &text, &sample::known(), Placeholders::Refused).unwrap();
        assert!(
            read.entries
                .iter()
                .all(|entry| entry.reason == "Before release 2: see #12")
        );
    }

    #[test]
    fn a_run_without_deviations_makes_a_file_of_comments() {
        let text = write(&sample::run(&[("a/b", Verdict::Passed, &[])]), None);
        let read = Baseline::parse("x", &text, &sample::known(), Placeholders::Refused).unwrap();
        assert!(read.entries.is_empty());
    }

    #[test]
    fn a_target_cannot_write_into_the_file() {
        let mut run = deviating();
        run.target.name = "x\n- case: a/c\r\u{0}#".to_owned();
        let text = write(&run, Some("Known."));
        let read = Baseline::parse("x", &text, &sample::known(), Placeholders::Refused).unwrap();
        assert_eq!(read.entries.len(), 2);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(text in any::<String>()) {
            for written in [word(&text), sentence(&text)] {
                let document = Document::parse("x", format!("- {written}\n")).unwrap();
                let item = document.root.as_seq().and_then(|items| items[0].as_str());
                prop_assert_eq!(item, Some(text.as_str()));
            }
        }
    }
}
