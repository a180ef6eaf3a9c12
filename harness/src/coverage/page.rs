//! Coverage as people read it: on the console and as a Markdown page; and as lines for programs.

use std::fmt::Write as _;

use super::{Coverage, Entry, State, count};
use crate::presentation::markdown::{code, prose, text};
use crate::presentation::terminal::{FAINT, Look, STRONG};
use crate::presentation::text::{count as number, visible, wrap};
use crate::presentation::words;
use crate::requirement::Tier;
use crate::result::Verdict;

/// Cases named of a requirement; more are counted.
const NAMED: usize = 3;

/// For programs: a requirement a line, tab-separated: id, server, state, reason, level, role, profile, tier, source,
/// cases as `id=verdict` with commas between.
#[must_use]
pub fn tabbed(coverage: &Coverage) -> String {
    let mut lines = String::new();
    for entry in &coverage.requirements {
        let cases: Vec<_> = entry
            .cases
            .iter()
            .map(|cited| format!("{}={}", cited.case, words::verdict(cited.verdict)))
            .collect();
        let _ = writeln!(
            lines,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            entry.id,
            entry.server.unwrap_or("-"),
            entry.state.as_str(),
            entry.reason.as_deref().unwrap_or("-"),
            entry.level,
            entry.role,
            entry.profile,
            entry.tier,
            entry.source,
            if cases.is_empty() {
                "-".to_owned()
            } else {
                cases.join(",")
            },
        );
    }
    lines
}

/// For people: what is not tested first, then what is, each with where it comes from and what tests it.
#[must_use]
pub fn paper(coverage: &Coverage, look: Look) -> String {
    let mut page = String::new();
    for state in [State::Untested, State::Excluded, State::Tested] {
        for entry in of(coverage, state) {
            let head = format!("{} {}", state.as_str(), name(entry));
            let _ = writeln!(page, "{}", look.paint(STRONG, &visible(&head)));
            let facts = format!(
                "{} of {}, {}, {}; {}",
                entry.level, entry.role, entry.profile, entry.tier, entry.source
            );
            let cases = entry.cases.iter();
            let cases: Vec<_> = cases
                .map(|cited| format!("{} ({})", cited.case, words::verdict(cited.verdict)))
                .collect();
            let reason = entry.reason.iter().map(String::as_str);
            let paragraphs = [facts.as_str()].into_iter().chain(reason);
            for line in paragraphs.flat_map(|text| wrap(&visible(text), look.width() - 2)) {
                let _ = writeln!(page, "  {}", look.paint(FAINT, &line));
            }
            for line in cases.iter().flat_map(|case| wrap(case, look.width() - 4)) {
                let _ = writeln!(page, "    {line}");
            }
        }
    }
    page
}

/// The counts, and every core requirement that is not tested.
#[must_use]
pub fn summary(coverage: &Coverage, look: Look) -> String {
    let mut page = format!(
        "\n{:<16} {:<9} {:<8} {:>7} {:>9} {:>9}\n",
        "role", "tier", "profile", "tested", "untested", "excluded"
    );
    for row in &coverage.summary {
        let _ = writeln!(
            page,
            "{:<16} {:<9} {:<8} {:>7} {:>9} {:>9}",
            row.role, row.tier, row.profile, row.tested, row.untested, row.excluded
        );
    }
    let core: Vec<_> = of(coverage, State::Untested)
        .filter(|entry| entry.tier == Tier::Core)
        .collect();
    if !core.is_empty() {
        let heading = format!("{} untested", number(core.len(), "core requirement"));
        let _ = writeln!(page, "\n{}", look.paint(STRONG, &heading));
    }
    for entry in core {
        let reason = entry.reason.as_deref().unwrap_or_default();
        let line = format!("{}: {reason}", name(entry));
        for line in wrap(&visible(&line), look.width() - 2) {
            let _ = writeln!(page, "  {line}");
        }
    }
    let _ = writeln!(page, "\n{}", sentence(coverage));
    page
}

/// `coverage.md`.
#[must_use]
pub fn markdown(coverage: &Coverage) -> String {
    let mut page = format!(
        "# Coverage\n\n**{}**\n\nTarget {}, edition {}, profiles {}. A requirement is tested when a check that cites it was \
         judged, and a defect of the selftest has shown that such a check can fail. What both authorization servers have \
         to meet counts for each.\n\n",
        text(&sentence(coverage)),
        text(&coverage.target),
        text(&coverage.edition),
        coverage.profiles.join(", ")
    );
    page.push_str(
        "| role | tier | profile | tested | untested | excluded |\n|---|---|---|---:|---:|---:|\n",
    );
    for row in &coverage.summary {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            row.role, row.tier, row.profile, row.tested, row.untested, row.excluded
        );
    }
    for state in [State::Untested, State::Excluded, State::Tested] {
        let entries: Vec<_> = of(coverage, state).collect();
        if entries.is_empty() {
            continue;
        }
        let (heading, last) = match state {
            State::Untested => ("Untested", "why"),
            State::Excluded => ("Excluded", "why"),
            State::Tested => ("Tested", "cases"),
        };
        let _ = writeln!(
            page,
            "\n## {heading}\n\n| requirement | level | role | tier | profile | source | {last} |\n|---|---|---|---|---|---|---|"
        );
        for entry in entries {
            let server = entry
                .server
                .map_or_else(String::new, |server| format!(" at {server}"));
            let _ = writeln!(
                page,
                "| {}{server} | {} | {} | {} | {} | {} | {} |",
                code(&entry.id),
                entry.level,
                entry.role,
                entry.tier,
                entry.profile,
                text(&entry.source),
                match state {
                    State::Tested => cases(entry),
                    State::Untested | State::Excluded =>
                        prose(entry.reason.as_deref().unwrap_or_default()),
                }
            );
        }
    }
    page
}

fn sentence(coverage: &Coverage) -> String {
    let all = &coverage.requirements;
    let count = |state| count::of(all, state);
    format!(
        "{} of {} tested, {} untested, {} excluded.",
        count(State::Tested),
        number(all.len(), "requirement"),
        count(State::Untested),
        count(State::Excluded)
    )
}

/// The first cases; a verdict is named where it is not the usual one.
fn cases(entry: &Entry) -> String {
    let named = entry
        .cases
        .iter()
        .take(NAMED)
        .map(|cited| match cited.verdict {
            Verdict::Passed => code(&cited.case),
            other => format!("{} ({})", code(&cited.case), words::verdict(other)),
        });
    let mut list = named.collect::<Vec<_>>().join(", ");
    if entry.cases.len() > NAMED {
        let _ = write!(list, " and {} more", entry.cases.len() - NAMED);
    }
    list
}

fn of(coverage: &Coverage, state: State) -> impl Iterator<Item = &Entry> {
    let all = coverage.requirements.iter();
    all.filter(move |entry| entry.state == state)
}

fn name(entry: &Entry) -> String {
    match entry.server {
        Some(server) => format!("{} at {server}", entry.id),
        None => entry.id.clone(),
    }
}
