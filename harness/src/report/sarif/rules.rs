//! Requirements as rules.

use crate::result;
use std::collections::BTreeMap;

use super::model::{Configuration, Level, Message, Rule, RuleProperties};
use crate::presentation::commands;
use crate::presentation::markdown;
use crate::presentation::text::visible;
use crate::result::{CaseResult, FindingRecord, RequirementNote, RunResult, TargetKind};

/// The rule of a check that cites no requirement.
const UNCITED: &str = "atx.check";

/// The rules that something breaks, in the order in which they were first broken.
#[derive(Debug)]
pub(super) struct Rules<'a> {
    notes: &'a BTreeMap<String, RequirementNote>,
    kind: TargetKind,
    /// What follows `atx list`.
    options: &'a str,
    broken: Vec<Rule>,
}

impl<'a> Rules<'a> {
    /// None yet.
    pub(super) fn new(run: &'a RunResult) -> Self {
        Self {
            notes: &run.requirements,
            kind: run.target.kind,
            options: &run.again.show,
            broken: Vec::new(),
        }
    }

    /// The rule that a check breaks, and its place in the list: the most binding requirement that the check cites.
    pub(super) fn broken(&mut self, case: &CaseResult, finding: &FindingRecord) -> (String, usize) {
        let cited = if finding.covers.is_empty() {
            &case.covers
        } else {
            &finding.covers
        };
        let most_binding = cited
            .iter()
            .rev()
            .max_by_key(|id| self.notes.get(*id).map(|note| note.level));
        let id = most_binding.map_or(UNCITED, String::as_str);
        if let Some(index) = self.broken.iter().position(|rule| rule.id == id) {
            return (id.to_owned(), index);
        }
        self.broken
            .push(rule(id, self.notes.get(id), self.kind, self.options));
        (id.to_owned(), self.broken.len() - 1)
    }

    /// All of them.
    pub(super) fn into_list(self) -> Vec<Rule> {
        self.broken
    }
}

fn rule(id: &str, note: Option<&RequirementNote>, kind: TargetKind, options: &str) -> Rule {
    let Some(note) = note else {
        let text = "A check of a scenario holds.";
        return Rule {
            id: id.to_owned(),
            short_description: Message::plain(text),
            full_description: Message::plain(text),
            help: Message::plain("The scenario says what is checked and why."),
            help_uri: None,
            default_configuration: Configuration {
                level: Level::Error,
            },
            properties: RuleProperties { tags: Vec::new() },
        };
    };
    let help = format!("{}, {}: {}", note.level, note.source, note.text);
    let source = match &note.url {
        Some(url) => format!("[{}](<{url}>)", markdown::text(&note.source)),
        None => markdown::text(&note.source),
    };
    Rule {
        id: id.to_owned(),
        short_description: Message::plain(visible(&note.text)),
        full_description: Message::plain(visible(&note.text)),
        help: Message {
            text: visible(&help).into_owned(),
            markdown: Some(format!(
                "**{}**, {source}\n\n{}\n\n`{}` names the cases that check it.",
                note.level,
                markdown::prose(&note.text),
                commands::list(kind, id, options)
            )),
        },
        help_uri: note.url.clone(),
        default_configuration: Configuration {
            level: level(note.level),
        },
        properties: RuleProperties {
            tags: vec![
                note.level.to_string(),
                note.role.to_string(),
                note.profile.to_string(),
                note.specification.clone(),
            ],
        },
    }
}

/// What breaking a requirement of this level weighs.
pub(super) const fn level(level: result::Level) -> Level {
    match level {
        result::Level::Must => Level::Error,
        result::Level::Should => Level::Warning,
        result::Level::May => Level::Note,
    }
}
