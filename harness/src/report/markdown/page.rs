//! The page, top down.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escape::{block, code, prose, text};
use crate::report::here::Here;
use crate::report::problem::{Problem, groups, problems};
use crate::report::text::count;
use crate::report::wire::Extent;
use crate::report::{Form, card, wire, words};
use crate::result::{RunResult, Summary, Verdict};

/// Failed cases told in full; more are listed. GitHub shows at most a mebibyte of step summary.
const IN_FULL: usize = 50;

pub(super) fn page(run: &RunResult, form: Form) -> String {
    let mut page = head(run, form);
    page.push_str(&table(run));
    section(
        &mut page,
        Verdict::Failed,
        &problems(run, Verdict::Failed, form),
    );
    reasons(&mut page, run, Verdict::Error, form);
    reasons(&mut page, run, Verdict::NotRun, form);
    section(
        &mut page,
        Verdict::Warning,
        &problems(run, Verdict::Warning, form),
    );
    reasons(&mut page, run, Verdict::Skipped, form);
    observed(&mut page, &problems(run, Verdict::Observed, form));
    alternatives(&mut page, run, form);
    page
}

fn head(run: &RunResult, form: Form) -> String {
    let mut page = format!(
        "# Conformance of {}\n\n**{}**\n",
        text(&run.target.name),
        text(&run.sentence())
    );
    if let Some(incomplete) = &run.incomplete {
        let _ = write!(
            page,
            "\nThe run ended early: {}.\n",
            prose(&Here::of(run, form).fill(&incomplete.to_string()))
        );
    }
    let _ = write!(
        page,
        "\nTarget {} ({}), edition {}, contract of {}, atx {}.",
        code(&run.target.name),
        text(&run.target.kind),
        text(&run.edition),
        text(&run.contract),
        text(&run.kit.version),
    );
    if form == Form::Full {
        let _ = write!(
            page,
            " Org {}, started {}, {:.1} s.",
            code(&run.varying.org_issuer),
            text(&run.varying.started_at),
            run.varying.milliseconds / 1000.0
        );
    }
    page.push('\n');
    page
}

/// Resource type × verdict; a verdict that nothing has gets no column.
fn table(run: &RunResult) -> String {
    let mut rows: BTreeMap<&str, Summary> = BTreeMap::new();
    for case in &run.results {
        rows.entry(&case.resource_type).or_default();
    }
    for (resource_type, summary) in &mut rows {
        let cases: Vec<_> = run
            .results
            .iter()
            .filter(|case| case.resource_type == *resource_type)
            .cloned()
            .collect();
        *summary = Summary::of(&cases);
    }
    let columns: Vec<Verdict> = words::VERDICTS
        .into_iter()
        .filter(|verdict| {
            matches!(verdict, Verdict::Passed | Verdict::Failed) || run.summary.count(*verdict) > 0
        })
        .collect();

    let mut table = String::from("\n| resource type |");
    for verdict in &columns {
        let _ = write!(table, " {} |", words::verdict(*verdict));
    }
    table.push_str(" cases |\n|---|");
    table.push_str(&"---:|".repeat(columns.len() + 1));
    table.push('\n');
    let mut row = |name: &str, summary: &Summary| {
        let _ = write!(table, "| {name} |");
        for verdict in &columns {
            let _ = write!(table, " {} |", summary.count(*verdict));
        }
        let _ = writeln!(table, " {} |", summary.total);
    };
    for (resource_type, summary) in &rows {
        row(&text(resource_type), summary);
    }
    row("**all**", &run.summary);
    table
}

fn section(page: &mut String, verdict: Verdict, problems: &[Problem<'_>]) {
    if problems.is_empty() {
        return;
    }
    heading(page, verdict, problems.len());
    for problem in problems.iter().take(IN_FULL) {
        one_problem(page, problem);
    }
    if problems.len() > IN_FULL {
        page.push_str("\nAnd further, told in full in `report.json`:\n\n");
        for problem in &problems[IN_FULL..] {
            let _ = writeln!(page, "- {}", code(&problem.case.id));
        }
    }
}

fn heading(page: &mut String, verdict: Verdict, cases: usize) {
    let name = words::verdict(verdict);
    let (first, rest) = name.split_at(1);
    let _ = write!(
        page,
        "\n## {}{rest}: {}\n\n{}.\n",
        first.to_uppercase(),
        count(cases, "case"),
        capital(words::meaning(verdict))
    );
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

fn one_problem(page: &mut String, problem: &Problem<'_>) {
    let case = problem.case;
    let _ = write!(
        page,
        "\n### {}\n\n{} ({})\n\n",
        code(&case.id),
        text(&case.title),
        code(&case.source)
    );
    page.push_str("| check | expected | actual | requirement |\n|---|---|---|---|\n");
    for finding in &problem.findings {
        let cited: Vec<String> = finding.covers.iter().map(|id| code(id)).collect();
        let _ = writeln!(
            page,
            "| {} {} | {} | {} | {} |",
            text(&finding.step),
            code(&finding.check),
            code(&problem.here.expected(finding)),
            code(&problem.here.actual(finding)),
            cited.join(" ")
        );
    }
    page.push('\n');
    requirements(page, problem);
    exchange(page, problem);
    if let Some(blame) = case.blame {
        let _ = writeln!(page, "- Blame: {}", words::blame(blame));
    }
    if let Some(twin) = case.twin() {
        let _ = writeln!(page, "- Twin, the same without the change: {}", code(twin));
    }
    let _ = writeln!(page, "- Try: {}", prose(&words::advice(case)));
}

fn requirements(page: &mut String, problem: &Problem<'_>) {
    let mut told: Vec<&str> = Vec::new();
    for finding in &problem.findings {
        for (id, note) in problem.cited(finding) {
            if told.contains(&id) {
                continue;
            }
            told.push(id);
            let _ = writeln!(page, "> {}", text(&card::requirement(id, note)));
            page.push_str(">\n");
        }
    }
    if !told.is_empty() {
        page.truncate(page.len() - ">\n".len());
        page.push('\n');
    }
}

fn exchange(page: &mut String, problem: &Problem<'_>) {
    let Some(step) = problem.exchange else { return };
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
    page.push_str(&block("text", &lines.join("\n")));
    page.push('\n');
}

/// Errors and skips: by reason, with the cure.
fn reasons(page: &mut String, run: &RunResult, verdict: Verdict, form: Form) {
    let groups = groups(run, verdict, form);
    if groups.is_empty() {
        return;
    }
    heading(page, verdict, run.summary.count(verdict));
    page.push_str("\n| cases | why | cure |\n|---:|---|---|\n");
    for group in &groups {
        let _ = writeln!(
            page,
            "| {} | {} | {} |",
            group.ids.len(),
            prose(&group.reason),
            prose(group.cure.unwrap_or(""))
        );
    }
    page.push_str("\n<details><summary>Which</summary>\n\n");
    for id in groups.iter().flat_map(|group| &group.ids) {
        let _ = writeln!(page, "- {}", code(id));
    }
    page.push_str("\n</details>\n");
}

/// Where the sources allow several answers: those that were given and are not the first named, told once each.
fn alternatives(page: &mut String, run: &RunResult, form: Form) {
    let mut seen: BTreeMap<(&str, String, &str), Vec<&str>> = BTreeMap::new();
    let here = Here::of(run, form);
    for case in &run.results {
        for finding in &case.findings {
            if let Some(accepted) = &finding.alternative {
                let expected = here.expected(finding).into_owned();
                let cases = seen
                    .entry((&finding.check, expected, accepted))
                    .or_default();
                cases.push(&case.id);
            }
        }
    }
    if seen.is_empty() {
        return;
    }
    page.push_str(
        "\n## Accepted alternatives\n\nThe sources allow several answers here, and the one that came is not the one \
         that is named first.\n\n| check | expected | accepted | cases |\n|---|---|---|---|\n",
    );
    for ((check, expected, accepted), cases) in seen {
        let more = match cases.len() {
            0 | 1 => String::new(),
            many => format!(" and {} more", many - 1),
        };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {}{more} |",
            code(check),
            code(&expected),
            code(accepted),
            code(cases.first().copied().unwrap_or_default()),
        );
    }
}

fn observed(page: &mut String, problems: &[Problem<'_>]) {
    if problems.is_empty() {
        return;
    }
    heading(page, Verdict::Observed, problems.len());
    page.push_str("\n| case | check | expected | seen |\n|---|---|---|---|\n");
    for problem in problems {
        for finding in &problem.findings {
            let _ = writeln!(
                page,
                "| {} | {} | {} | {}{} |",
                code(&problem.case.id),
                code(&finding.check),
                code(&problem.here.expected(finding)),
                code(&problem.here.actual(finding)),
                finding
                    .not_judged
                    .as_ref()
                    .map_or_else(String::new, |why| format!(", not judged: {}", prose(why)))
            );
        }
    }
}
