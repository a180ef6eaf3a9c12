//! A problem as lines of text, at most a screen: the console paints them, JUnit takes them as they are.

use super::deviation::Deviation;
use super::text::{clip, count, cut, visible, width as text_width, wrap};
use super::wire::{self, Extent, WireLine};
use super::words;
use super::{baseline, curl};
use crate::evidence::RecordedStep;
use crate::result::{FindingRecord, RequirementNote, Verdict};

/// Lines of a card, at most. A terminal of as many rows shows it whole.
pub(crate) const SCREEN: usize = 40;
/// Checks shown in full; more are counted.
const FINDINGS: usize = 3;
/// Characters of an expected or actual value; the whole is in `report.json`.
const VALUE: usize = 240;
/// The wire keeps at least this many lines, however long the checks are.
const WIRE_FLOOR: usize = 10;

/// What a piece of text means; how that looks is the console's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing special.
    Plain,
    /// A label, or something to skip at first reading.
    Faint,
    /// The head of a card.
    Head(Verdict),
    /// What was expected.
    Expected,
    /// What was there instead.
    Actual,
}

/// One line: an indent, then toned pieces.
pub(crate) type Line = Vec<(Tone, String)>;

/// The whole story of a problem in lines of at most `width` characters.
pub(crate) fn lines(problem: &Deviation<'_>, width: usize) -> Vec<Line> {
    let mut head = heading(problem, width);
    head.extend(findings(problem, width));
    let tail = closing(problem, width);
    let room = SCREEN
        .saturating_sub(head.len() + tail.len())
        .max(WIRE_FLOOR);
    head.extend(exchange(problem, width, room));
    head.extend(tail);
    head
}

/// The same without tones.
pub(crate) fn plain(problem: &Deviation<'_>, width: usize) -> String {
    let lines: Vec<String> = lines(problem, width)
        .iter()
        .map(|line| line.iter().map(|(_, text)| text.as_str()).collect())
        .collect();
    lines.join("\n")
}

fn heading(problem: &Deviation<'_>, width: usize) -> Vec<Line> {
    let case = problem.case;
    let label = format!("{:<8}", words::verdict(case.verdict));
    let mut lines = vec![vec![(
        Tone::Head(case.verdict),
        format!("{label}  {}", case.id),
    )]];
    lines.extend(block(Tone::Plain, &case.title, width));
    lines.extend(block(Tone::Faint, &case.source.to_string(), width));
    if case.reason.is_some() {
        lines.extend(labelled(
            "cause",
            &problem.texts.reason(case),
            Tone::Actual,
            width,
        ));
    }
    if let Some(part_of) = problem.part_of {
        let title = problem.texts.fill(&part_of.title);
        lines.extend(labelled("problem", &title, Tone::Plain, width));
    }
    if let Some(objection) = case.known.as_ref().and_then(baseline::objection) {
        lines.extend(labelled("baseline", &objection, Tone::Plain, width));
    }
    lines
}

fn findings(problem: &Deviation<'_>, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut explained: Vec<&str> = Vec::new();
    for finding in problem.findings.iter().take(FINDINGS) {
        lines.push(Vec::new());
        lines.extend(one_finding(problem, finding, &mut explained, width));
    }
    if let Some(more) = problem
        .findings
        .len()
        .checked_sub(FINDINGS)
        .filter(|more| *more > 0)
    {
        let text = format!(
            "and {} {} not hold",
            count(more, "more check"),
            if more == 1 { "does" } else { "do" }
        );
        lines.extend(block(Tone::Faint, &text, width));
    }
    lines
}

fn one_finding<'f>(
    problem: &Deviation<'_>,
    finding: &'f FindingRecord,
    explained: &mut Vec<&'f str>,
    width: usize,
) -> Vec<Line> {
    let grade = match finding.verdict {
        Verdict::Failed => String::new(),
        other => format!(" ({})", words::verdict(other)),
    };
    let check = format!(
        "{}: {}{grade}, at {}",
        finding.step, finding.check, finding.source
    );
    let mut lines = labelled("check", &check, Tone::Plain, width);
    lines.extend(labelled(
        "expected",
        &clip(&problem.texts.expected(finding), VALUE),
        Tone::Expected,
        width,
    ));
    lines.extend(labelled(
        "actual",
        &clip(&problem.texts.actual(finding), VALUE),
        Tone::Actual,
        width,
    ));
    for (id, note) in problem.cited(finding) {
        if !explained.contains(&id) {
            explained.push(id);
            lines.extend(labelled(
                "requires",
                &requirement(id, note),
                Tone::Plain,
                width,
            ));
        }
    }
    lines
}

/// A requirement in one paragraph.
pub(crate) fn requirement(id: &str, note: Option<&RequirementNote>) -> String {
    match note {
        Some(note) => format!("{id} ({}, {}): {}", note.level, note.source, note.text),
        None => id.to_owned(),
    }
}

fn exchange(problem: &Deviation<'_>, width: usize, room: usize) -> Vec<Line> {
    let Some(step) = problem.exchange else {
        return Vec::new();
    };
    let (request, response) = (
        wire::request(&step.request, Extent::CARD),
        wire::response(step, Extent::CARD),
    );
    let mut sent = wire_block("sent", &request, width, true);
    let mut received = wire_block("received", &response, width, true);
    // Two lines are blank. Long values give way before whole parameters do: which ones were sent is the point.
    let room = room.saturating_sub(2);
    if sent.len() + received.len() > room {
        sent = wire_block("sent", &request, width, false);
    }
    if sent.len() + received.len() > room {
        received = wire_block("received", &response, width, false);
    }
    shorten(
        &mut received,
        (room / 3).max(room.saturating_sub(sent.len())),
    );
    shorten(&mut sent, room.saturating_sub(received.len()));
    let mut lines = vec![Vec::new()];
    lines.extend(sent);
    lines.push(Vec::new());
    lines.extend(received);
    lines
}

/// An exchange with all that was recorded of it.
pub(crate) fn whole_exchange(step: &RecordedStep, width: usize) -> Vec<Line> {
    let (request, response) = (
        wire::request(&step.request, Extent::WHOLE),
        wire::response(step, Extent::WHOLE),
    );
    let mut lines = wire_block("sent", &request, width, true);
    lines.extend(wire_block("received", &response, width, true));
    if step.judged {
        lines.push(vec![
            (Tone::Faint, format!("{INDENT}{:LABEL$}", "again")),
            // Not wrapped: a command must be copied whole.
            (Tone::Plain, curl::line(&step.request)),
        ]);
    }
    lines
}

fn closing(problem: &Deviation<'_>, width: usize) -> Vec<Line> {
    let case = problem.case;
    let mut lines = vec![Vec::new()];
    if let Some(blame) = case.blame {
        lines.extend(labelled("blame", blame.noun(), Tone::Plain, width));
    }
    if let Some(twin) = case.twin() {
        lines.extend(labelled(
            "unchanged",
            &format!("{twin}: the same request without the change"),
            Tone::Plain,
            width,
        ));
    }
    // What is merely observed asks nothing of anybody.
    if case.verdict != Verdict::Observed {
        lines.extend(labelled(
            "try",
            &problem.texts.advice(case),
            Tone::Plain,
            width,
        ));
    }
    lines
}

fn shorten(lines: &mut Vec<Line>, limit: usize) {
    if lines.len() > limit {
        let kept = limit.saturating_sub(1);
        let more = lines.len() - kept;
        lines.truncate(kept);
        lines.push(vec![(
            Tone::Faint,
            format!(
                "{INDENT}{:LABEL$}… {} in report.json",
                "",
                count(more, "more line")
            ),
        )]);
    }
}

/// Indent of everything under the head of a card.
const INDENT: &str = "  ";
/// Width of the label column.
const LABEL: usize = 10;

pub(super) fn block(tone: Tone, text: &str, width: usize) -> Vec<Line> {
    wrap(&visible(text), width - INDENT.len())
        .into_iter()
        .map(|line| vec![(tone, format!("{INDENT}{line}"))])
        .collect()
}

pub(super) fn labelled(label: &str, text: &str, tone: Tone, width: usize) -> Vec<Line> {
    let wrapped = wrap(&visible(text), width.saturating_sub(INDENT.len() + LABEL));
    let labels = std::iter::once(label).chain(std::iter::repeat(""));
    labels
        .zip(wrapped)
        .map(|(label, line)| {
            vec![
                (Tone::Faint, format!("{INDENT}{label:LABEL$}")),
                (tone, line),
            ]
        })
        .collect()
}

/// Values are `whole`, or cut to a line each.
fn wire_block(label: &str, wire: &[WireLine], width: usize, whole: bool) -> Vec<Line> {
    let names = wire
        .iter()
        .map(|line| text_width(&line.name))
        .max()
        .unwrap_or(0)
        .min(24);
    let mut lines = Vec::new();
    for (index, line) in wire.iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        let column = if line.name.is_empty() { 0 } else { names + 1 };
        let room = width.saturating_sub(INDENT.len() + LABEL + column);
        let value = if whole {
            wrap(&line.value, room)
        } else {
            vec![cut(&line.value, room)]
        };
        for (index, value) in value.into_iter().enumerate() {
            let (label, name) = if index == 0 {
                (label, cut(&line.name, names))
            } else {
                ("", String::new())
            };
            lines.push(vec![
                (Tone::Faint, format!("{INDENT}{label:LABEL$}{name:column$}")),
                (Tone::Plain, value),
            ]);
        }
    }
    lines
}
