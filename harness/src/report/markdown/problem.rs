//! Problems: what is wrong, who has to act, where it was seen, what to do, and what follows from it.

use std::fmt::Write as _;

use super::budget::{Item, Section};
use super::case;
use super::sections::value;
use crate::presentation::markdown::{code, prose};
use crate::presentation::result_texts::ResultTexts;
use crate::presentation::text::{clip, count};
use crate::presentation::{Form, baseline, commands, problem_card};
use crate::result::{Problem, RunResult};

/// Characters of a title or a cure.
const LONGEST: usize = 1200;

/// Affected cases that are named; more are counted.
const NAMED: usize = 60;

/// Those with a case that no baseline accepts.
pub(super) fn open(run: &RunResult, form: Form) -> Section {
    let problems = problem_card::unexpected(run);
    let all = problems.len();
    let texts = ResultTexts::of(run, form);
    let items = problems.iter().enumerate().map(|(at, problem)| Item {
        whole: whole(problem, at + 1, run, form),
        short: format!("- {}\n", title(problem, texts)),
    });
    Section {
        head: format!(
            "\n## What does not hold: {}\n\nCases that failed or could not be judged, by their cause.\n",
            count(all, "problem")
        ),
        items: items.collect(),
        tail: String::new(),
        noun: "problem",
        share: 55,
    }
}

/// Those whose cases the baseline names, a line each.
pub(super) fn known(run: &RunResult, form: Form) -> Section {
    let texts = ResultTexts::of(run, form);
    let known = run.problems.iter();
    let known = known.filter(|problem| !problem_card::is_unexpected(problem, run));
    let items: Vec<Item> = known
        .map(|problem| Item {
            whole: format!(
                "- {}: {}{}\n",
                title(problem, texts),
                problem_card::kinds(problem, run),
                because(problem, run)
            ),
            short: String::new(),
        })
        .collect();
    Section {
        head: format!(
            "\n## Known: {}\n\nThe baseline names all their cases.\n\n",
            count(items.len(), "problem")
        ),
        items,
        tail: String::new(),
        noun: "problem",
        share: 5,
    }
}

/// Why the baseline accepts it, as the entry of its first case says.
fn because(problem: &Problem, run: &RunResult) -> String {
    let mut results = run.results.iter();
    let first = results.find(|case| case.known.is_some() && problem.cases.contains(&case.id));
    let known = first.and_then(|case| case.known.as_ref());
    known.map_or_else(String::new, |known| {
        let reason = prose(&clip(&baseline::reason(known), LONGEST));
        let entry = code(&known.source.to_string());
        format!("; known because: {reason} ({entry})")
    })
}

fn title(problem: &Problem, texts: ResultTexts<'_>) -> String {
    let title = prose(&clip(&texts.fill(&problem.title), LONGEST));
    format!("{title} (responsible: {})", problem.responsible.noun())
}

fn whole(problem: &Problem, number: usize, run: &RunResult, form: Form) -> String {
    let texts = ResultTexts::of(run, form);
    let cause = &problem.cause;
    let filled = |text: &str| prose(&clip(&texts.fill(text), LONGEST));
    let mut page = format!(
        "\n### {number}. {}\n\n- Responsible: **{}**\n",
        filled(&problem.title),
        problem.responsible.noun()
    );
    if cause.check.is_some() {
        for (name, text) in [("Expected", &cause.expected), ("Actual", &cause.actual)] {
            let text = text.as_deref().unwrap_or("something else");
            let _ = writeln!(page, "- {name}: {}", value(&texts.fill(text)));
        }
    }
    if let Some(said) = problem_card::said(problem) {
        let _ = writeln!(page, "- Noticed in the answer: {}", filled(&said));
    }
    let _ = writeln!(page, "- What to do: {}", filled(&problem.cure));
    let _ = writeln!(page, "- Seen in: {}", seen_in(problem, run));
    let command = commands::run_again(run, problem_card::run_alone(problem));
    let _ = writeln!(page, "- To see it again: {}", code(&command));
    affected(&mut page, problem, run);
    if let Some(step) = problem_card::exchange(problem, run).filter(|_| form == Form::Full) {
        case::exchange(&mut page, step, true);
    }
    page
}

/// Case, step, check and requirement.
fn seen_in(problem: &Problem, run: &RunResult) -> String {
    let cause = &problem.cause;
    let mut text = code(&cause.case);
    if !cause.step.is_empty() {
        let _ = write!(text, ", step {}", code(&cause.step));
    }
    if let Some(check) = &cause.check {
        let _ = write!(text, ": {}", code(&check.to_string()));
    }
    if let Some(id) = &problem.requirement {
        let _ = write!(text, ", requirement {}", code(id));
        let note = run.requirements.get(id);
        if let Some(note) = note {
            let _ = write!(text, " ({}", note.level);
            if let Some(url) = &note.url {
                let _ = write!(text, ", [section](<{url}>)");
            }
            text.push(')');
        }
    }
    text
}

fn affected(page: &mut String, problem: &Problem, run: &RunResult) {
    let _ = write!(
        page,
        "\n<details><summary>Affects {}</summary>\n\n",
        problem_card::kinds(problem, run)
    );
    for id in problem.cases.iter().take(NAMED) {
        let _ = writeln!(page, "- {}", code(id));
    }
    let more = problem.cases.len().saturating_sub(NAMED);
    if more > 0 {
        let _ = writeln!(page, "- {more} more, in `report.json`");
    }
    page.push_str("\n</details>\n");
}
