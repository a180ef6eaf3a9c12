//! What the formats of `report`, the comparison, the coverage and the selftest have in common: the words for verdicts and
//! roles, text of a target made safe to show, a problem with all that belongs to it, and the forms it is written in
//! (terminal, Markdown, HTML, JSON by lines, a `curl` command). Pure, and nothing here that is not redacted.

pub(crate) mod baseline;
pub(crate) mod card;
pub(crate) mod ci_commands;
pub(crate) mod commands;
pub(crate) mod curl;
pub(crate) mod deviation;
pub(crate) mod html;
pub(crate) mod json_lines;
pub(crate) mod ledger;
pub(crate) mod markdown;
pub(crate) mod person;
pub(crate) mod problem_card;
pub(crate) mod result_texts;
pub mod terminal;
pub(crate) mod text;
pub(crate) mod wire;
pub(crate) mod words;

/// Which form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// With times, addresses and exchanges.
    Full,
    /// Only what is the same in every run against the same target: for snapshots.
    Stable,
}
