//! On the console, in the width there is.

use anstyle::Style;

use super::seen;
use crate::diff::model::{Diff, Difference};
use crate::presentation::terminal::{FAINT, Look, STRONG, verdict as verdict_style};
use crate::presentation::text::{clip, count, visible, wrap};
use crate::presentation::words;

/// Names listed of a group; more are counted.
const LISTED: usize = 3;
/// Characters of a value; the reports have the whole.
const VALUE: usize = 400;

/// The whole comparison, with a line break at its end.
#[must_use]
pub fn console(diff: &Diff, look: Look) -> String {
    let mut page = Page {
        look,
        text: String::new(),
    };
    page.paragraph(0, Style::new(), &format!("A: {}", diff.a.line()));
    page.paragraph(0, Style::new(), &format!("B: {}", diff.b.line()));
    for limit in diff.limits() {
        page.paragraph(0, Style::new(), &limit);
    }
    page.verdicts(diff);
    page.differences(
        "findings: the verdict is the same, and a check found something else",
        &diff.findings,
    );
    page.differences("observed, where both passed", &diff.observed);
    page.alone("only in A", &diff.cases.only_a);
    page.alone("only in B", &diff.cases.only_b);
    page.text.push('\n');
    page.paragraph(0, STRONG, &diff.sentence());
    page.paragraph(
        0,
        FAINT,
        &format!(
            "{} in both runs, what was observed compared in {}",
            count(diff.cases.both, "case"),
            diff.cases.observed
        ),
    );
    page.text
}

struct Page {
    look: Look,
    text: String,
}

impl Page {
    fn paragraph(&mut self, indent: usize, style: Style, text: &str) {
        for line in wrap(&visible(text), self.look.width() - indent) {
            self.text.push_str(&" ".repeat(indent));
            self.text.push_str(&self.look.paint(style, &line));
            self.text.push('\n');
        }
    }

    fn head(&mut self, style: Style, text: &str) {
        self.text.push('\n');
        self.paragraph(0, style, text);
    }

    fn verdicts(&mut self, diff: &Diff) {
        for change in &diff.verdicts {
            let worse = if change.b > change.a {
                change.b
            } else {
                change.a
            };
            self.head(
                verdict_style(worse),
                &format!(
                    "{} in A, {} in B: {}",
                    words::verdict(change.a),
                    words::verdict(change.b),
                    count(change.cases.len(), "case")
                ),
            );
            for (id, why) in change.cases.iter().take(LISTED * 4) {
                self.paragraph(2, Style::new(), id);
                if let Some(why) = why {
                    self.paragraph(4, FAINT, &clip(why, VALUE));
                }
            }
            self.more(2, change.cases.len(), LISTED * 4);
        }
    }

    fn differences(&mut self, title: &str, differences: &[Difference]) {
        if differences.is_empty() {
            return;
        }
        self.head(STRONG, title);
        for difference in differences {
            let text = format!("{}: {}", difference.what, clip(&seen(difference), VALUE));
            self.paragraph(2, Style::new(), &text);
            let places: Vec<&str> = difference.places.iter().map(String::as_str).collect();
            if !places.is_empty() {
                self.paragraph(4, FAINT, &format!("at {}", listed(&places)));
            }
            let cases: Vec<&str> = difference.cases.iter().map(String::as_str).collect();
            let cases = format!("in {}: {}", count(cases.len(), "case"), listed(&cases));
            self.paragraph(4, FAINT, &cases);
        }
    }

    fn alone(&mut self, title: &str, ids: &[String]) {
        if ids.is_empty() {
            return;
        }
        self.head(STRONG, &format!("{title}: {}", count(ids.len(), "case")));
        for id in ids.iter().take(LISTED * 4) {
            self.paragraph(2, Style::new(), id);
        }
        self.more(2, ids.len(), LISTED * 4);
    }

    fn more(&mut self, indent: usize, all: usize, shown: usize) {
        if let Some(more) = all.checked_sub(shown).filter(|more| *more > 0) {
            self.paragraph(indent, FAINT, &format!("and {more} more"));
        }
    }
}

fn listed(names: &[&str]) -> String {
    let first = names.iter().take(LISTED).copied().collect::<Vec<_>>();
    let more = names.len().saturating_sub(LISTED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{more}", first.join(", "))
}
