//! Reads the file, strictly: an entry that means nothing would be a hole in the gate.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use strict_yaml::{Document, FromNode, MapReader, Node, Problem, Problems, Spanned};

use super::model::{Baseline, Entry, Expected, Known};

/// What a reason begins with that is still to be written.
const TODO: &str = "TODO";

/// Whether reasons that are still to be written are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholders {
    /// A gate takes nothing without a reason.
    Refused,
    /// The file is only edited.
    Accepted,
}

impl Baseline {
    /// Reads a list of entries; a file that holds nothing names no deviation.
    ///
    /// # Errors
    /// All mistakes: unknown keys, cases and requirements, a case that stands twice, a reason that says nothing, a date
    /// that is none.
    pub fn parse(
        name: &str,
        text: &str,
        known: &Known,
        placeholders: Placeholders,
    ) -> Result<Self, Problems> {
        let document = Document::parse(name, text)?;
        let mut problems = document.problems();
        let mut seen = BTreeMap::new();
        let mut entries = Vec::new();
        for item in items(&document.root, &mut problems) {
            let case = item.as_map().and_then(|map| map.get("case"));
            if let Some((place, case)) = case.and_then(|node| Some((node.place, node.as_str()?)))
                && let Some(line) = seen.insert(case.to_owned(), item.place.line)
            {
                problems.push(
                    Problem::new(place, format!("`{case}` stands here twice"))
                        .help(format!("remove one: the first is in line {line}")),
                );
            }
            entries.extend(entry(item, known, placeholders, &mut problems));
        }
        let name = name.to_owned();
        problems.into_result(Self { name, entries })
    }
}

fn items<'n>(root: &'n Node, problems: &mut Problems) -> &'n [Node] {
    if !root.is_null() && root.as_seq().is_none() {
        problems.push(
            root.mismatch("a list")
                .help("begin each known deviation with a dash: `- case: …`"),
        );
    }
    root.as_seq().unwrap_or_default()
}

/// One entry. What is wrong with a value is noted even where another value is missing.
fn entry(
    node: &Node,
    known: &Known,
    placeholders: Placeholders,
    problems: &mut Problems,
) -> Option<Entry> {
    let mut reader = MapReader::new(node, problems, "a known deviation");
    let case = reader.required_str("case");
    if let Some(case) = &case {
        check_case(case, known, reader.problems());
    }
    let problem = reader.optional_str("problem");
    if let Some(problem) = problem.as_ref().filter(|id| !id.value.contains('/')) {
        reader.problems().push(
            Problem::new(
                problem.place,
                format!("`{}` is not the id of a problem", problem.value),
            )
            .expected("an id as reports show it, such as org_server/idjag.typ"),
        );
    }
    let verdict = reader.required_one_of("verdict", &Expected::WORDS);
    let requirements = reader
        .node("requirements")
        .map(|node| requirements(node, known, reader.problems()));
    let reason = reader.required_str("reason");
    if let Some(reason) = &reason {
        check_reason(reason, placeholders, reader.problems());
    }
    let until: Option<Day> = reader.optional("until");
    reader.finish();
    Some(Entry {
        case: case?.value,
        problem: problem.map(|problem| problem.value),
        verdict: verdict?.value,
        requirements,
        reason: reason?.value.trim().to_owned(),
        until: until.map(|until| until.0),
        place: node.place,
    })
}

fn requirements(node: &Node, known: &Known, problems: &mut Problems) -> BTreeSet<String> {
    let Some(ids) = Vec::<Spanned<String>>::from_node(node, problems) else {
        return BTreeSet::new();
    };
    if ids.is_empty() {
        problems.push(
            Problem::new(node.place, "no requirement may be broken here")
                .help("name at least one, or remove the key, which means any"),
        );
    }
    for id in &ids {
        if !known.requirements.contains(&id.value) {
            let ask = "`atx show` names the requirements of a case";
            problems.push(unknown("requirement", id, &known.requirements, ask));
        }
    }
    ids.into_iter().map(|id| id.value).collect()
}

/// A day of the calendar.
struct Day(Date);

impl FromNode for Day {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let text = String::from_node(node, problems)?;
        // The library also reads a time behind the date and a date without hyphens.
        let day = text
            .parse::<Date>()
            .ok()
            .filter(|day| day.to_string() == text);
        if day.is_none() {
            problems.push(
                Problem::new(node.place, format!("`{text}` is no day"))
                    .expected("YYYY-MM-DD, the last day on which the deviation is accepted"),
            );
        }
        day.map(Self)
    }
}

fn check_case(case: &Spanned<String>, known: &Known, problems: &mut Problems) {
    if !known.cases.contains(&case.value) {
        let ask = "`atx list` names every case; remove the entry if the case is gone";
        problems.push(unknown("case", case, &known.cases, ask));
    }
}

fn unknown(what: &str, id: &Spanned<String>, ids: &BTreeSet<String>, ask: &str) -> Problem {
    let problem = Problem::new(id.place, format!("no {what} is called `{}`", id.value));
    match strict_yaml::did_you_mean(&id.value, ids.iter().map(String::as_str)) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(ask),
    }
}

fn check_reason(reason: &Spanned<String>, placeholders: Placeholders, problems: &mut Problems) {
    let text = reason.value.trim();
    if text.is_empty() {
        problems.push(
            Problem::new(reason.place, "this reason says nothing")
                .help("say why the deviation is accepted, and where it is followed up"),
        );
    } else if placeholders == Placeholders::Refused && is_todo(text) {
        problems.push(
            Problem::new(reason.place, "this reason is still to be written")
                .help("say why the deviation is accepted, and where it is followed up"),
        );
    }
}

/// Whether a text is a reason: it says something, and not that something is still to be said.
#[must_use]
pub fn is_reason(text: &str) -> bool {
    !text.trim().is_empty() && !is_todo(text.trim())
}

/// `TODO`, `todo: ask them`, `TODO(ada)`; not `Todoist`.
fn is_todo(text: &str) -> bool {
    let Some((word, rest)) = text.split_at_checked(TODO.len()) else {
        return false;
    };
    word.eq_ignore_ascii_case(TODO) && !rest.starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::sample;

    fn read(text: &str) -> Result<Baseline, Problems> {
        Baseline::parse(
            "expected.yaml",
            text,
            &sample::known(),
            Placeholders::Refused,
        )
    }

    #[test]
    fn an_entry_says_what_may_deviate_why_and_until_when() {
        let baseline = read(
            "# known\n- case: a/b/replayed\n  verdict: failed\n  requirements: [req.a]\n  \
             reason: ' Ticket 12 '\n  until: 2027-03-31\n- case: a/b\n  verdict: error\n  reason: Slow.\n",
        )
        .unwrap();
        let [first, second] = &baseline.entries[..] else {
            panic!("{baseline:?}");
        };
        assert_eq!(
            (first.case.as_str(), first.verdict, first.reason.as_str()),
            ("a/b/replayed", Expected::Failed, "Ticket 12")
        );
        assert_eq!(
            first.requirements,
            Some(BTreeSet::from(["req.a".to_owned()]))
        );
        assert_eq!(first.place.line, 2);
        assert_eq!(
            (second.verdict, &second.requirements, second.until),
            (Expected::Error, &None, None)
        );
    }

    #[test]
    fn a_day_is_over_when_the_next_begins() {
        let baseline =
            read("- { case: a/b, verdict: failed, reason: x, until: 2027-02-28 }").unwrap();
        let entry = baseline.entry("a/b").unwrap();
        assert!(!entry.expired("2027-02-28".parse().unwrap()));
        assert!(entry.expired("2027-03-01".parse().unwrap()));
    }

    #[test]
    fn a_file_that_holds_nothing_names_nothing() {
        for text in ["", "# nothing is known\n", "---\n", "[]\n"] {
            assert!(read(text).unwrap().entries.is_empty(), "{text:?}");
        }
    }

    #[test]
    fn every_mistake_is_shown_at_once() {
        let shape = read(
            "- case: a/b\n  verdikt: failed\n  reason: x\n- case: a/b/replayed\n  verdict: warning\n  \
             requirements: req.a\n  reason: 3\n  until: tomorrow\n- verdict: failed\n",
        );
        let meaning = read(
            "- { case: a/b/replaid, verdict: failed, requirements: [req.aa, nothing.like-it], reason: ' ' }\n\
             - { case: a/b, verdict: failed, requirements: [], reason: TODO say why }\n\
             - { case: a/b, verdict: failed, reason: 'todo: ask', until: 2027-02-29 }\n\
             - { case: a/b, verdict: failed, reason: Todoist knows }\n\
             - { case: something/else-entirely, verdict: failed, reason: x }\n",
        );
        let root = read("case: a/b\n");
        insta::assert_snapshot!(format!(
            "{}\n\n{}\n\n{}",
            shape.unwrap_err(),
            meaning.unwrap_err(),
            root.unwrap_err()
        ));
    }

    #[test]
    fn a_placeholder_may_be_edited_but_is_no_reason() {
        let text = "- { case: a/b, verdict: failed, reason: TODO }\n";
        assert!(read(text).is_err());
        Baseline::parse("x", text, &sample::known(), Placeholders::Accepted).unwrap();
    }
}
