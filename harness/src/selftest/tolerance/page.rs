//! The tolerance matrix as JSON, as a table, and as the end of a selftest on the console.

use crate::result::{Aspect, capitalised};
use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::model::{BETWEEN_PROFILES, Judged, Notice, Noticed, Reaction, Tolerance, Varied};
use crate::presentation::json_lines;
use crate::presentation::markdown::{code, prose, text};
use crate::presentation::terminal::{FAINT, Look, STRONG};
use crate::presentation::text::{count, visible, wrap};

/// A row is one line, so that a diff of two matrices names the variations that changed.
const DEPTH: usize = 2;
/// Wrong judgements that the console lists of one variation.
const LISTED: usize = 5;

/// `tolerance.json`.
///
/// # Errors
/// It is not expressible in JSON.
pub fn json(matrix: &Tolerance) -> serde_json::Result<String> {
    json_lines::to_string(matrix, DEPTH)
}

/// `tolerance.md`: what is judged wrongly, then every variation.
#[must_use]
pub fn markdown(matrix: &Tolerance) -> String {
    let mut page = format!("# Tolerance\n\n**{}**\n\n", text(&sentence(matrix)));
    let _ = writeln!(
        page,
        "Each row is another lawful way to answer that the org was given, and the checks that noticed it. Under `base` none \
         may. Where more profiles judge, a check may notice if it cites a requirement of a profile under which the answer is \
         not lawful. Editions {}.\n",
        matrix.editions.join(", ")
    );
    counts(&mut page, matrix);
    wrong(&mut page, matrix);
    let _ = write!(
        page,
        "\n## Every variation\n\n| variation | what is different | allowed by |"
    );
    for profiles in &matrix.judged_by {
        let _ = write!(page, " {} |", text(profiles));
    }
    page.push_str("\n|---|---|---|");
    page.push_str(&"---|".repeat(matrix.judged_by.len()));
    page.push('\n');
    for row in &matrix.variations {
        let _ = write!(
            page,
            "| {} | {} | {}: {} |",
            code(&row.id),
            prose(&row.summary),
            text(&row.source),
            prose(&row.reason)
        );
        for profiles in &matrix.judged_by {
            let _ = write!(page, " {} |", cell(row.judged.get(profiles)));
        }
        page.push('\n');
    }
    page
}

fn counts(page: &mut String, matrix: &Tolerance) {
    page.push_str("| judged by |");
    let outcomes = [
        Reaction::Unnoticed,
        Reaction::Noticed,
        Reaction::Misjudged,
        Reaction::Untouched,
        Reaction::NotRun,
    ];
    let outcomes = outcomes.into_iter().filter(|outcome| {
        let any = |profiles: &String| matrix.count(profiles, *outcome) > 0;
        matrix.judged_by.iter().any(any)
    });
    let outcomes: Vec<Reaction> = outcomes.collect();
    for outcome in &outcomes {
        let _ = write!(page, " {} |", outcome.words());
    }
    page.push_str("\n|---|");
    page.push_str(&"---:|".repeat(outcomes.len()));
    page.push('\n');
    for profiles in &matrix.judged_by {
        let _ = write!(page, "| {} |", text(profiles));
        for outcome in &outcomes {
            let _ = write!(page, " {} |", matrix.count(profiles, *outcome));
        }
        page.push('\n');
    }
}

fn wrong(page: &mut String, matrix: &Tolerance) {
    for outcome in [Reaction::Misjudged, Reaction::Untouched, Reaction::NotRun] {
        let rows: Vec<&Varied> = rows(matrix, outcome).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(page, "\n## {}\n", capitalised(outcome.words()));
        for row in rows {
            let _ = writeln!(page, "- {}: {}", code(&row.id), prose(&row.summary));
            for wrong in wrongly(row) {
                let _ = writeln!(page, "  - {}", prose(&sentence_of(&wrong)));
            }
            if let Some(why) = why_not_run(row) {
                let _ = writeln!(page, "  - {}", prose(why));
            }
        }
    }
}

/// What the console says at the end: what is judged wrongly and where, then the counts.
#[must_use]
pub fn summary(matrix: &Tolerance, look: Look) -> String {
    let mut page = String::new();
    for outcome in [Reaction::Misjudged, Reaction::Untouched, Reaction::NotRun] {
        let rows: Vec<&Varied> = rows(matrix, outcome).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(
            page,
            "\n{} {}",
            count(rows.len(), "variation"),
            look.paint(STRONG, outcome.words())
        );
        for row in rows {
            paragraph(&mut page, look, 2, &row.id);
            paragraph(&mut page, look, 4, &row.summary);
            let all = wrongly(row);
            for wrong in all.iter().take(LISTED) {
                paragraph(&mut page, look, 4, &sentence_of(wrong));
            }
            if let Some(more @ 1..) = all.len().checked_sub(LISTED) {
                paragraph(&mut page, look, 4, &format!("and {more} more"));
            }
            if let Some(why) = why_not_run(row) {
                paragraph(&mut page, look, 4, why);
            }
        }
    }
    let _ = write!(
        page,
        "\n{}\n",
        wrap(&sentence(matrix), look.width()).join("\n")
    );
    page
}

/// The whole in one sentence.
fn sentence(matrix: &Tolerance) -> String {
    let counts = matrix.summary;
    let mut sentence = format!("{}: ", count(counts.total, "variation"));
    let wrongly: Vec<String> = matrix
        .judged_by
        .iter()
        .map(|profiles| (profiles, matrix.count(profiles, Reaction::Misjudged)))
        .filter(|(_, number)| *number > 0)
        .map(|(profiles, number)| format!("{number} judged wrongly under {profiles}"))
        .collect();
    if wrongly.is_empty() {
        sentence.push_str("none judged wrongly");
    } else {
        sentence.push_str(&wrongly.join(", "));
    }
    if counts.noticed > 0 {
        let _ = write!(
            sentence,
            "; {} noticed by checks of profile {}, as they may be",
            counts.noticed,
            forbidding(matrix)
                .into_iter()
                .collect::<Vec<_>>()
                .join(" and ")
        );
    }
    for (number, words) in [
        (counts.untouched, "met by no case"),
        (counts.not_run, "not run"),
    ] {
        if number > 0 {
            let _ = write!(sentence, "; {number} {words}");
        }
    }
    sentence.push('.');
    sentence
}

/// The profiles whose checks notice and may: those that judged, and under which the variation is not lawful.
fn forbidding(matrix: &Tolerance) -> BTreeSet<&str> {
    let mut profiles = BTreeSet::new();
    for row in &matrix.variations {
        let noticed = row.judged.iter();
        let noticed = noticed.filter(|(_, judged)| judged.outcome == Reaction::Noticed);
        let judging = noticed.flat_map(|(judged_by, _)| judged_by.split(BETWEEN_PROFILES));
        profiles.extend(judging.filter(|profile| !row.profiles.contains(*profile)));
    }
    profiles
}

fn cell(judged: Option<&Judged>) -> String {
    let Some(judged) = judged else {
        return String::new();
    };
    if judged.outcome != Reaction::Noticed {
        return judged.outcome.words().to_owned();
    }
    let noticed = judged.noticed.iter().map(|notice| {
        let requirement = notice.requirement.as_deref().unwrap_or_default();
        format!("{} in {}", code(requirement), code(&notice.case))
    });
    noticed.collect::<Vec<_>>().join("<br>")
}

/// What is judged wrongly: by which profiles, by which check, and how often.
struct Wrong<'m> {
    judged_by: &'m str,
    /// The first of them.
    first: &'m Notice,
    /// How many there are, those of both editions.
    times: usize,
}

/// What is judged wrongly of a variation, one for each check.
fn wrongly(row: &Varied) -> Vec<Wrong<'_>> {
    let mut found: Vec<Wrong<'_>> = Vec::new();
    for (judged_by, judged) in &row.judged {
        for notice in &judged.wrongly {
            let same = found.iter_mut().find(|wrong| {
                wrong.judged_by == judged_by && check_of(wrong.first) == check_of(notice)
            });
            match same {
                Some(wrong) => wrong.times += 1,
                None => found.push(Wrong {
                    judged_by,
                    first: notice,
                    times: 1,
                }),
            }
        }
    }
    found
}

/// What makes two wrong judgements the same check. A case that could not be judged at all has only its reason.
fn check_of(notice: &Notice) -> (Noticed, String, Option<&str>, Option<&str>, &[String]) {
    let check = notice.check.as_ref().map(Aspect::to_string);
    let reason = || notice.actual.clone().unwrap_or_default();
    (
        notice.verdict,
        check.unwrap_or_else(reason),
        notice.requirement.as_deref(),
        notice.expected.as_deref(),
        &notice.together_with,
    )
}

fn why_not_run(row: &Varied) -> Option<&str> {
    row.judged
        .values()
        .find_map(|judged| judged.reason.as_deref())
}

/// Under base, `secret/exchange` in edition 2026-10, step `exchange`, body.scope: failed; expected …, was …; …
fn sentence_of(wrong: &Wrong<'_>) -> String {
    let Notice {
        requirement,
        case,
        seen_in,
        step,
        check,
        verdict,
        expected,
        actual,
        edition,
        together_with,
    } = wrong.first;
    let mut text = format!("Under {}, `{case}` in edition {edition}", wrong.judged_by);
    if let Some(seen_in) = seen_in {
        let _ = write!(text, " (seen in `{seen_in}`)");
    }
    if wrong.times > 1 {
        let _ = write!(text, " and {} more", wrong.times - 1);
    }
    if let Some(check) = check {
        let _ = write!(text, ", step `{step}`, {check}");
    }
    let _ = write!(text, ": {}", verdict.as_str());
    if let Some(expected) = expected {
        let _ = write!(text, "; expected {expected}");
    }
    if let Some(actual) = actual {
        let was = if expected.is_some() { "was " } else { "" };
        let _ = write!(text, "; {was}{actual}");
    }
    if let Some(requirement) = requirement {
        let _ = write!(text, "; it cites `{requirement}`");
    }
    if !together_with.is_empty() {
        let others: Vec<String> = together_with.iter().map(|id| format!("`{id}`")).collect();
        let _ = write!(text, "; only together with {}", others.join(", "));
    }
    text
}

fn rows(matrix: &Tolerance, outcome: Reaction) -> impl Iterator<Item = &Varied> {
    let rows = matrix.variations.iter();
    rows.filter(move |row| row.outcome() == outcome)
}

fn paragraph(page: &mut String, look: Look, indent: usize, words: &str) {
    for line in wrap(&visible(words), look.width() - indent) {
        let style = if indent > 2 {
            FAINT
        } else {
            anstyle::Style::new()
        };
        let _ = writeln!(page, "{}{}", " ".repeat(indent), look.paint(style, &line));
    }
}

#[cfg(test)]
mod tests;
