//! The page, top down: what it is about, the counts, and the sections that there is something to say in.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::budget::{self, LIMIT};
use super::sections::{self, VALUE};
use crate::presentation::markdown::{code, prose, text};
use crate::presentation::result_texts::ResultTexts;
use crate::presentation::text::{clip, count};
use crate::presentation::{Form, words};
use crate::result::{RunResult, Summary, Verdict};

pub(super) fn page(run: &RunResult, form: Form) -> String {
    let figures = budget::Section {
        head: format!("{}{}", facts(run, form), table(run)),
        items: Vec::new(),
        tail: String::new(),
        noun: "row",
        share: 0,
    };
    budget::page(head(run, form), &sections::all(run, form, figures), LIMIT)
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
    page.push_str(&resource_types(run, form));
    for left in &run.left_behind {
        let _ = write!(page, "\nLeft at the target: {}.\n", prose(left));
    }
    page
}

/// Whether each resource type works, a line each.
fn resource_types(run: &RunResult, form: Form) -> String {
    let texts = ResultTexts::of(run, form);
    let mut lines = String::new();
    for status in &run.resource_types {
        let sign = match words::verdict_of(status.state) {
            Verdict::Passed => '✓',
            Verdict::Failed => '✕',
            _ => '–',
        };
        let name = words::resource_type(status.resource_type);
        let words = prose(&clip(&texts.fill(&status.words), VALUE));
        let _ = writeln!(lines, "- {sign} **{name}**: {words}");
    }
    if lines.is_empty() {
        return lines;
    }
    format!("\n{lines}")
}

/// Who was judged, when and how.
fn facts(run: &RunResult, form: Form) -> String {
    let mut page = format!(
        "\nTarget {} ({}), edition {}, scenarios as of {}, atx {}.",
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
        if let Some(of) = &run.replay_of {
            let _ = write!(page, " Judged from the recording {}.", code(&of.file));
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
