//! The page, top down: what it is about, the counts, and the sections that there is something to say in.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::budget::{self, LIMIT};
use super::sections;
use crate::presentation::markdown::{code, prose, text};
use crate::presentation::result_texts::ResultTexts;
use crate::presentation::text::count;
use crate::presentation::{Form, words};
use crate::result::{RunResult, Summary, Verdict};

pub(super) fn page(run: &RunResult, form: Form) -> String {
    let mut head = head(run, form);
    head.push_str(&table(run));
    budget::page(head, &sections::all(run, form), LIMIT)
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
            "\nThe run is incomplete: {}.\n",
            prose(&ResultTexts::of(run, form).fill(&incomplete.to_string()))
        );
    }
    if let Some(shard) = &run.shard {
        let _ = write!(
            page,
            "\nThis is {shard}: {} of {}.\n",
            run.summary.total,
            count(shard.cases, "case")
        );
    }
    let _ = write!(
        page,
        "\nTarget {} ({}), edition {}, contract of {}, atx {}.",
        code(&run.target.name),
        run.target.kind,
        text(&run.edition),
        text(&run.contract),
        text(&run.kit.version),
    );
    if form == Form::Full {
        if !run.varying.org_issuer.is_empty() {
            let _ = write!(page, " Org {}.", code(&run.varying.org_issuer));
        }
        let _ = write!(
            page,
            " Started {}, {:.1} s.",
            text(&run.varying.started_at),
            run.varying.milliseconds / 1000.0
        );
    }
    page.push('\n');
    page
}

/// Resource type × verdict; a verdict that nothing has gets no column.
fn table(run: &RunResult) -> String {
    let mut types: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for case in &run.results {
        types
            .entry(case.resource_type.as_str())
            .or_default()
            .push(case.clone());
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
    for (resource_type, cases) in &types {
        row(&text(resource_type), &Summary::of(cases));
    }
    row("**all**", &run.summary);
    table
}
