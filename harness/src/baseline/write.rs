//! Writes entries as YAML, and a whole file of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::compare::broken;
use super::model::Expected;
use crate::result::{Blame, CaseResult, Problem, RunResult};

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
    for entry in entries(run, |_| true) {
        text.push('\n');
        text.push_str(&self::text(&entry, reason.unwrap_or(TODO)));
    }
    text
}

/// How many entries name every deviation of a run.
#[must_use]
pub fn count(run: &RunResult) -> usize {
    entries(run, |_| true).count()
}

/// What an entry would say of a deviation.
#[derive(Debug)]
pub(super) struct Deviation {
    pub(super) case: String,
    pub(super) problem: Option<String>,
    pub(super) verdict: Expected,
    pub(super) requirements: BTreeSet<String>,
}

/// The deviations of a run that `wanted` lets through: one for each problem, and one for each other case that deviates.
pub(super) fn entries(
    run: &RunResult,
    wanted: impl Fn(&CaseResult) -> bool,
) -> impl Iterator<Item = Deviation> {
    let mut of_problem: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found: Vec<Deviation> = Vec::new();
    for case in run.results.iter().filter(|case| wanted(case)) {
        let Some(verdict) = Expected::in_run(case) else {
            continue;
        };
        let problem = case.problem.as_deref();
        let problem = problem.and_then(|id| run.problems.iter().find(|problem| problem.id == id));
        let problem = problem.filter(|problem| is_of_server(problem));
        let known = problem.and_then(|problem| of_problem.get(problem.id.as_str()));
        if let Some(known) = known.and_then(|index| found.get_mut(*index)) {
            known.requirements.extend(broken(case));
            if problem.is_some_and(|problem| problem.cause.case == case.id) {
                known.case.clone_from(&case.id);
                known.verdict = verdict;
            }
            continue;
        }
        if let Some(problem) = problem {
            of_problem.insert(&problem.id, found.len());
        }
        // A problem of one case is named by the case.
        let spreads = problem.filter(|problem| problem.cases.len() > 1);
        found.push(Deviation {
            case: case.id.clone(),
            problem: spreads.map(|problem| problem.id.clone()),
            verdict,
            requirements: broken(case),
        });
    }
    found.into_iter()
}

/// Whether a problem is one that a server has. Trouble on the way may have any cause, and whatever else it hits must be seen.
fn is_of_server(problem: &Problem) -> bool {
    let by_other = matches!(problem.responsible, Blame::Network | Blame::Harness);
    problem.requirement.is_some() || !by_other
}

/// The lines that make a deviation a known one.
pub(super) fn text(deviation: &Deviation, reason: &str) -> String {
    let Deviation {
        case,
        problem,
        verdict,
        requirements,
    } = deviation;
    let mut text = format!("- case: {}\n", word(case));
    if let Some(problem) = problem {
        let _ = writeln!(text, "  problem: {}", word(problem));
    }
    let _ = writeln!(text, "  verdict: {}", verdict.as_str());
    if !requirements.is_empty() {
        let list: Vec<String> = requirements.iter().map(|id| word(id)).collect();
        let _ = writeln!(text, "  requirements: [{}]", list.join(", "));
    }
    let _ = writeln!(text, "  reason: {}", sentence(reason));
    text
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
