//! What there is to report, in the order in which somebody must act on it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::budget::{Item, Section};
use super::{baseline, case, ledger, problem};
use crate::presentation::deviation::{Deviation, deviations, groups};
use crate::presentation::markdown::{code, prose};
use crate::presentation::result_texts::ResultTexts;
use crate::presentation::text::{clip, count};
use crate::presentation::{Form, words};
use crate::result::{RunResult, Verdict, capitalised};

/// Characters of an expected or actual value; the whole is in `report.json`.
pub(super) const VALUE: usize = 400;

/// Those that have something to show; the figures stand behind what does not hold.
pub(super) fn all(run: &RunResult, form: Form, figures: Section) -> Vec<Section> {
    let failed = deviations(run, Verdict::Failed, form);
    let mut sections = vec![
        problem::open(run, form),
        in_full(Verdict::Failed, &failed, 55),
    ];
    sections.retain(|section| !section.items.is_empty());
    sections.push(figures);
    let mut rest = vec![
        reasons(run, Verdict::Error, form, 10),
        reasons(run, Verdict::NotRun, form, 5),
    ];
    rest.extend(baseline::to_do(run));
    rest.extend([
        problem::known(run, form),
        baseline::as_known(run),
        in_full(
            Verdict::Warning,
            &deviations(run, Verdict::Warning, form),
            5,
        ),
        reasons(run, Verdict::Skipped, form, 5),
        reasons(run, Verdict::NotApplicable, form, 5),
        observed(&deviations(run, Verdict::Observed, form)),
        alternatives(run, form),
        ledger::section(run, form),
    ]);
    rest.retain(|section| !section.items.is_empty());
    sections.extend(rest);
    sections
}

/// A value that the target or the scenario gave, in a table.
pub(super) fn value(raw: &str) -> String {
    code(&clip(raw, VALUE))
}

fn in_full(verdict: Verdict, problems: &[Deviation<'_>], share: usize) -> Section {
    Section {
        head: heading(verdict, problems.len()),
        items: problems.iter().map(case::item).collect(),
        tail: String::new(),
        noun: "case",
        share,
    }
}

/// Errors and skips: by reason, with the cure, and the names folded.
fn reasons(run: &RunResult, verdict: Verdict, form: Form, share: usize) -> Section {
    let groups = groups(run, verdict, form);
    let cases = groups.iter().map(|group| group.ids.len()).sum();
    let mut head = heading(verdict, cases);
    if groups.is_empty() {
        return folded(&head, "", Vec::new(), share);
    }
    head.push_str("\n| cases | why | cure |\n|---:|---|---|\n");
    // Reasons differ by what was observed, so there may be as many as cases.
    for group in groups.iter().take(REASONS) {
        let _ = writeln!(
            head,
            "| {} | {} | {} |",
            group.ids.len(),
            prose(&clip(&group.reason, VALUE)),
            prose(&clip(group.cure.unwrap_or(""), VALUE))
        );
    }
    if let Some(more) = groups.len().checked_sub(REASONS).filter(|more| *more > 0) {
        let cases: usize = groups[REASONS..].iter().map(|group| group.ids.len()).sum();
        let _ = writeln!(
            head,
            "| {cases} | {}, listed in `report.json` | |",
            count(more, "further reason")
        );
    }
    let ids = groups.iter().flat_map(|group| &group.ids);
    let items = ids.map(|id| Item {
        whole: format!("- {}\n", code(id)),
        short: String::new(),
    });
    Section {
        head: format!("{head}\n<details><summary>Which</summary>\n\n"),
        items: items.collect(),
        tail: "\n</details>\n".to_owned(),
        noun: "case",
        share,
    }
}

/// Reasons that a section shows one by one.
const REASONS: usize = 12;

fn observed(problems: &[Deviation<'_>]) -> Section {
    let rows = problems.iter().flat_map(|problem| {
        problem.findings.iter().map(|finding| {
            let aside = finding.not_judged.as_ref();
            Item {
                whole: format!(
                    "| {} | {} | {} | {}{} |\n",
                    code(&problem.case.id),
                    code(&finding.check.to_string()),
                    value(&problem.texts.expected(finding)),
                    value(&problem.texts.actual(finding)),
                    aside.map_or_else(String::new, |why| format!(", not judged: {}", prose(why)))
                ),
                short: String::new(),
            }
        })
    });
    folded(
        &heading(Verdict::Observed, problems.len()),
        "| case | check | expected | seen |\n|---|---|---|---|\n",
        rows.collect(),
        5,
    )
}

/// Where the sources allow several answers: those that were given and are not the first named, each shown once.
fn alternatives(run: &RunResult, form: Form) -> Section {
    let mut seen: BTreeMap<(String, String, &str), Vec<&str>> = BTreeMap::new();
    let texts = ResultTexts::of(run, form);
    for case in &run.results {
        for finding in &case.findings {
            if let Some(accepted) = &finding.alternative {
                let expected = texts.expected(finding).into_owned();
                let cases = seen
                    .entry((finding.check.to_string(), expected, accepted))
                    .or_default();
                cases.push(&case.id);
            }
        }
    }
    let rows = seen
        .into_iter()
        .map(|((check, expected, accepted), cases)| {
            let more = match cases.len() {
                0 | 1 => String::new(),
                many => format!(" and {} more", many - 1),
            };
            Item {
                whole: format!(
                    "| {} | {} | {} | {}{more} |\n",
                    code(&check),
                    value(&expected),
                    value(accepted),
                    code(cases.first().copied().unwrap_or_default()),
                ),
                short: String::new(),
            }
        });
    let rows: Vec<Item> = rows.collect();
    let head = "\n## Accepted alternatives\n\nThe sources allow several answers here, and the one that came is not \
                the one that is named first.\n";
    folded(
        head,
        "| check | expected | accepted | cases |\n|---|---|---|---|\n",
        rows,
        5,
    )
}

/// A table that is not unfolded until somebody wants to know.
pub(super) fn folded(head: &str, columns: &str, rows: Vec<Item>, share: usize) -> Section {
    Section {
        head: format!(
            "{head}\n<details><summary>{}</summary>\n\n{columns}",
            count(rows.len(), "row")
        ),
        items: rows,
        tail: "\n</details>\n".to_owned(),
        noun: "row",
        share,
    }
}

fn heading(verdict: Verdict, cases: usize) -> String {
    titled(
        &capitalised(words::verdict(verdict)),
        cases,
        &format!("{}.", capitalised(words::meaning(verdict))),
    )
}

pub(super) fn titled(title: &str, cases: usize, meaning: &str) -> String {
    format!("\n## {title}: {}\n\n{meaning}\n", count(cases, "case"))
}
