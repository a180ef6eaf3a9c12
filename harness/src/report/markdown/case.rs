//! One case that does not hold, in full: the checks, the requirements, what went over the wire, and what to try.

use std::fmt::Write as _;

use super::budget::Item;
use super::sections::value;
use crate::evidence::RecordedStep;
use crate::presentation::deviation::Deviation;
use crate::presentation::markdown::{block, code, prose, text};
use crate::presentation::text::count;
use crate::presentation::wire::{self, Extent};
use crate::presentation::{card, curl, words};
use crate::result::Verdict;

/// Checks that are shown; more are counted.
const FINDINGS: usize = 12;

pub(super) fn item(problem: &Deviation<'_>) -> Item {
    let mut whole = String::new();
    one(&mut whole, problem);
    Item {
        whole,
        short: format!("- {}\n", code(&problem.case.id)),
    }
}

fn one(page: &mut String, problem: &Deviation<'_>) {
    let case = problem.case;
    let _ = write!(
        page,
        "\n### {}\n\n{} ({})\n\n",
        code(&case.id),
        text(&case.title),
        code(&case.source.to_string())
    );
    findings(page, problem);
    requirements(page, problem);
    if let Some(blame) = case.blame {
        let _ = writeln!(page, "- Blame: {}", blame.noun());
    }
    if let Some(twin) = case.twin() {
        let _ = writeln!(
            page,
            "- The same request without the change: {}",
            code(twin)
        );
    }
    let _ = writeln!(page, "- Try: {}", prose(&problem.texts.advice(case)));
    if let Some(step) = problem.exchange {
        let resend = matches!(case.verdict, Verdict::Failed | Verdict::Error);
        exchange(page, step, resend);
    }
}

fn findings(page: &mut String, problem: &Deviation<'_>) {
    page.push_str("| check | expected | actual | requirement |\n|---|---|---|---|\n");
    for finding in problem.findings.iter().take(FINDINGS) {
        let cited: Vec<String> = finding.covers.iter().map(|id| code(id)).collect();
        let grade = match finding.verdict {
            verdict if verdict == problem.case.verdict => String::new(),
            other => format!(" ({})", words::verdict(other)),
        };
        let _ = writeln!(
            page,
            "| {} {}{grade} | {} | {} | {} |",
            text(&finding.step),
            code(&finding.check.to_string()),
            value(&problem.texts.expected(finding)),
            value(&problem.texts.actual(finding)),
            cited.join(" ")
        );
    }
    let more = problem.findings.len().saturating_sub(FINDINGS);
    if more > 0 {
        let _ = writeln!(
            page,
            "\nAnd {}, listed in `report.json`.",
            count(more, "more check")
        );
    }
    page.push('\n');
}

fn requirements(page: &mut String, problem: &Deviation<'_>) {
    let mut explained: Vec<&str> = Vec::new();
    for finding in problem.findings.iter().take(FINDINGS) {
        for (id, note) in problem.cited(finding) {
            if explained.contains(&id) {
                continue;
            }
            if !explained.is_empty() {
                page.push_str(">\n");
            }
            explained.push(id);
            let said = text(&card::requirement(id, note));
            let link = note
                .and_then(|note| note.url.as_deref())
                .map_or_else(String::new, |url| format!(" ([section](<{url}>))"));
            let _ = writeln!(page, "> {said}{link}");
        }
    }
    if !explained.is_empty() {
        page.push('\n');
    }
}

/// What went over the wire, and where asked for how to send it again. Folded: the checks alone may say enough.
pub(super) fn exchange(page: &mut String, step: &RecordedStep, resend: bool) {
    let lines: Vec<String> = wire::request(&step.request, Extent::CARD)
        .into_iter()
        .chain(std::iter::once(wire::WireLine::default()))
        .chain(wire::response(step, Extent::CARD))
        .map(|line| {
            if line.name.is_empty() {
                line.value
            } else {
                format!("{} {}", line.name, line.value)
            }
        })
        .collect();
    page.push_str("\n<details><summary>Request and answer</summary>\n\n");
    page.push_str(&block("text", &lines.join("\n")));
    if resend {
        page.push_str("\nTo send it again, set the variables:\n\n");
        page.push_str(&block("sh", &curl::line(&step.request)));
    }
    page.push_str("\n</details>\n");
}
