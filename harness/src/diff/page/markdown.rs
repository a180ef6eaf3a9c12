//! As Markdown, for a pull request or a step summary.

use std::fmt::Write as _;

use super::seen;
use crate::diff::model::{Diff, Difference};
use crate::diff::subject::Seen;
use crate::presentation::markdown::{code, prose, text};
use crate::presentation::text::{clip, count};
use crate::presentation::words;

/// Names listed of a group; more are counted.
const LISTED: usize = 50;
/// Characters of a value.
const VALUE: usize = 400;

/// The whole page.
#[must_use]
pub fn markdown(diff: &Diff) -> String {
    let mut page = format!(
        "# Difference of two runs\n\n**{}**\n\n- A: {}\n- B: {}\n- {} in both runs, what was observed compared in {}\n",
        text(&diff.sentence()),
        text(&diff.a.line()),
        text(&diff.b.line()),
        count(diff.cases.both, "case"),
        diff.cases.observed
    );
    for limit in diff.limits() {
        let _ = writeln!(page, "- {}", text(&limit));
    }
    verdicts(&mut page, diff);
    differences(
        &mut page,
        "Findings",
        "The verdict is the same, and a check found something else.",
        &diff.findings,
    );
    differences(
        &mut page,
        "Observed",
        "Both runs passed, and saw this.",
        &diff.observed,
    );
    alone(&mut page, "A", &diff.cases.only_a);
    alone(&mut page, "B", &diff.cases.only_b);
    page
}

fn verdicts(page: &mut String, diff: &Diff) {
    for change in &diff.verdicts {
        let _ = write!(
            page,
            "\n## In A {}, in B {}: {}\n\n",
            words::verdict(change.a),
            words::verdict(change.b),
            count(change.cases.len(), "case")
        );
        for (id, why) in change.cases.iter().take(LISTED) {
            let why = why
                .as_deref()
                .map(|why| format!(": {}", prose(&clip(why, VALUE))));
            let _ = writeln!(page, "- {}{}", code(id), why.unwrap_or_default());
        }
        more(page, change.cases.len());
    }
}

fn differences(page: &mut String, title: &str, meaning: &str, differences: &[Difference]) {
    if differences.is_empty() {
        return;
    }
    let _ = write!(
        page,
        "\n## {title}: {}\n\n{meaning}\n\n| what | A | B | at | cases |\n|---|---|---|---|---:|\n",
        count(differences.len(), "difference")
    );
    let cell = |seen: &Option<Seen>| match seen {
        Some(seen) => code(&clip(&seen.to_string(), VALUE)),
        None => "absent".to_owned(),
    };
    for difference in differences {
        let places: Vec<String> = difference.places.iter().map(|place| code(place)).collect();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} |",
            prose(&difference.what.to_string()),
            cell(&difference.a),
            cell(&difference.b),
            places.join(" "),
            difference.cases.len()
        );
    }
    page.push_str("\n<details><summary>Which cases</summary>\n\n");
    for difference in differences {
        let cases: Vec<String> = difference
            .cases
            .iter()
            .take(LISTED)
            .map(|id| code(id))
            .collect();
        let left_out = difference.cases.len().saturating_sub(LISTED);
        let left_out = if left_out > 0 {
            format!(" and {left_out} more")
        } else {
            String::new()
        };
        let _ = writeln!(
            page,
            "- {}, {}: {}{left_out}",
            prose(&difference.what.to_string()),
            text(&clip(&seen(difference), VALUE)),
            cases.join(" ")
        );
    }
    page.push_str("\n</details>\n");
}

fn alone(page: &mut String, name: &str, ids: &[String]) {
    if ids.is_empty() {
        return;
    }
    let _ = write!(
        page,
        "\n## Only in {name}: {}\n\n",
        count(ids.len(), "case")
    );
    for id in ids.iter().take(LISTED) {
        let _ = writeln!(page, "- {}", code(id));
    }
    more(page, ids.len());
}

fn more(page: &mut String, all: usize) {
    if let Some(more) = all.checked_sub(LISTED).filter(|more| *more > 0) {
        let _ = writeln!(page, "- and {more} more");
    }
}
