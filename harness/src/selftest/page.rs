//! The matrix as JSON, as a table, and as the end of a selftest on the console.

use std::fmt::Write as _;

use super::control::muted_refusal;
use super::matrix::{Catch, Fate, Matrix, Row};
use crate::presentation::json_lines;
use crate::presentation::markdown::{code, prose, text};
use crate::presentation::terminal::{FAINT, Look, STRONG};
use crate::presentation::text::{count, visible, wrap};
use crate::result::capitalised;

/// A row is one line, so that a diff of two matrices names the defects that changed.
const DEPTH: usize = 2;

/// `selftest.json`.
///
/// # Errors
/// It is not expressible in JSON.
pub fn json(matrix: &Matrix) -> serde_json::Result<String> {
    json_lines::to_string(matrix, DEPTH)
}

/// `selftest.md`: what is not as it should be, then every defect.
#[must_use]
pub fn markdown(matrix: &Matrix) -> String {
    let mut page = format!("# Selftest\n\n**{}**\n\n", text(&sentence(matrix)));
    let _ = writeln!(
        page,
        "Each row is a defect that the org was given, and the first check that noticed it. Only what fails a run counts as \
         caught. Editions {}; profiles {}.\n",
        matrix.editions.join(", "),
        matrix.profiles.join(", ")
    );
    page.push_str("| what became of it | defects |\n|---|---:|\n");
    for fate in Fate::ALL {
        let number = matrix.summary.count(fate);
        if number > 0 {
            let _ = writeln!(page, "| {} | {number} |", fate.words());
        }
    }
    for fate in Fate::ALL.into_iter().filter(|fate| *fate != Fate::Caught) {
        let rows: Vec<&Row> = rows(matrix, fate).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(page, "\n## {}\n", capitalised(fate.words()));
        for row in rows {
            let _ = write!(page, "- {}: {}", code(&row.id), prose(&row.summary));
            match where_it_stands(row) {
                Some(more) => {
                    let _ = writeln!(page, " {}", prose(&more));
                }
                None => page.push('\n'),
            }
        }
    }
    page.push_str("\n## Every defect\n\n| defect | what goes wrong | | requirement | case |\n|---|---|---|---|---|\n");
    for row in &matrix.defects {
        let (requirement, case) = row.catch.as_ref().map_or_else(Default::default, |catch| {
            (code(&catch.requirement), code(&catch.case))
        });
        let _ = writeln!(
            page,
            "| {} | {} | {} | {requirement} | {case} |",
            code(&row.id),
            prose(&row.summary),
            short(row.fate),
        );
    }
    page
}

/// What the console shows at the end: what is not as it should be and where, then the counts.
#[must_use]
pub fn summary(matrix: &Matrix, look: Look) -> String {
    let mut page = String::new();
    for fate in Fate::ALL {
        let rows: Vec<&Row> = rows(matrix, fate).filter(|row| !row.is_fine()).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(
            page,
            "\n{} {}",
            rows.len(),
            look.paint(STRONG, fate.words())
        );
        for row in rows {
            paragraph(&mut page, look, 2, &row.id);
            paragraph(&mut page, look, 4, &row.summary);
            if let Some(more) = where_it_stands(row) {
                paragraph(&mut page, look, 4, &more);
            }
        }
    }
    let _ = write!(
        page,
        "\n{}\n",
        wrap(&sentence(matrix), look.width()).join("\n")
    );
    page
}

/// The whole in one sentence.
fn sentence(matrix: &Matrix) -> String {
    let counts = matrix.summary;
    let mut sentence = format!(
        "{} of {} caught by the right requirement",
        counts.caught,
        count(counts.total, "defect")
    );
    for (fate, words) in [
        (Fate::Warned, "warned of only"),
        (Fate::Equivalent, "equivalent"),
        (Fate::SetAside, "not judged by the chosen profiles"),
        (Fate::CodeOnly, "told apart by the internal code alone"),
        (Fate::Elsewhere, "caught by another requirement"),
        (Fate::Observed, "observed only"),
        (Fate::Survived, "survived"),
        (Fate::Untouched, "met by no case"),
        (Fate::Stale, "not as the file of defects says"),
        (Fate::NotRun, "not run"),
    ] {
        let number = counts.count(fate);
        if number > 0 {
            let _ = write!(sentence, ", {number} {words}");
        }
    }
    sentence.push('.');
    sentence
}

/// Where to look for a defect that is not rightly caught.
fn where_it_stands(row: &Row) -> Option<String> {
    let names = |ids: &[String]| {
        let names: Vec<_> = ids.iter().map(|id| format!("`{id}`")).collect();
        names.join(", ")
    };
    match (row.fate, &row.catch) {
        (Fate::CodeOnly, Some(catch)) => Some(format!(
            "{} On the wire the answer is alike.",
            noticed(catch)
        )),
        (Fate::Warned | Fate::Observed, Some(catch)) => {
            let why = row.reason.as_ref();
            let why = why.map_or_else(
                || " `scenarios/defects.yaml` does not say why that is enough.".to_owned(),
                |reason| format!(" That is enough: {reason}."),
            );
            Some(format!("{}{why}", noticed(catch)))
        }
        (Fate::Elsewhere | Fate::Stale, Some(catch)) => {
            let mut text = noticed(catch);
            if row.breaks.is_empty() && muted_refusal(&row.id).is_none() {
                text.push_str(" `scenarios/defects.yaml` does not say what it breaks.");
            }
            if !row.breaks.is_empty() {
                let _ = write!(text, " It breaks {}.", names(&row.breaks));
            }
            if let Some(reason) = &row.reason {
                let _ = write!(text, " The file says: {reason}.");
            }
            Some(text)
        }
        (Fate::Survived, _) => {
            let mut text = format!("Met in {}.", names(&row.met_in));
            if !row.breaks.is_empty() {
                let _ = write!(text, " It breaks {}.", names(&row.breaks));
            }
            if let Some(reason) = &row.reason {
                let _ = write!(text, " {reason}.");
            }
            Some(text)
        }
        (Fate::Untouched, _) if !row.breaks.is_empty() => {
            Some(format!("It breaks {}.", names(&row.breaks)))
        }
        (Fate::Equivalent | Fate::SetAside | Fate::NotRun, _) => row.reason.clone(),
        _ => None,
    }
}

fn noticed(catch: &Catch) -> String {
    format!(
        "Noticed in `{}` by {} of step `{}`, which cites `{}`.",
        catch.case, catch.check, catch.step, catch.requirement
    )
}

const fn short(fate: Fate) -> &'static str {
    match fate {
        Fate::Caught => "caught",
        Fate::Warned => "warned",
        Fate::Equivalent => "equivalent",
        Fate::SetAside => "set aside",
        Fate::CodeOnly => "code only",
        Fate::Elsewhere => "elsewhere",
        Fate::Observed => "observed",
        Fate::Survived => "survived",
        Fate::Untouched => "untouched",
        Fate::Stale => "stale",
        Fate::NotRun => "not run",
    }
}

fn rows(matrix: &Matrix, fate: Fate) -> impl Iterator<Item = &Row> {
    matrix.defects.iter().filter(move |row| row.fate == fate)
}

fn paragraph(page: &mut String, look: Look, indent: usize, words: &str) {
    for line in wrap(&visible(words), look.width() - indent) {
        let style = if indent > 2 {
            FAINT
        } else {
            anstyle::Style::new()
        };
        let _ = writeln!(page, "{}{}", " ".repeat(indent), look.paint(style, &line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix() -> Matrix {
        let row = |id: &str, fate| Row::new(id, "Something is `wrong`.", fate);
        let catch = Catch {
            requirement: "idjag.typ".to_owned(),
            case: "authorization-server/exchange".to_owned(),
            seen_in: None,
            step: "exchange".to_owned(),
            check: "jwt body.access_token header.typ".parse().unwrap(),
            edition: "2026-10".to_owned(),
        };
        let rows = vec![
            Row {
                catch: Some(catch.clone()),
                ..row("bend/caught", Fate::Caught)
            },
            Row {
                catch: Some(catch.clone()),
                breaks: vec!["idjag.aud".to_owned()],
                ..row("bend/elsewhere", Fate::Elsewhere)
            },
            Row {
                catch: Some(catch.clone()),
                ..row("bend/warned", Fate::Warned)
            },
            Row {
                catch: Some(catch.clone()),
                reason: Some("it discloses nothing".to_owned()),
                ..row("bend/warned-for-a-reason", Fate::Warned)
            },
            Row {
                catch: Some(Catch {
                    check: crate::result::Aspect::InternalCode,
                    ..catch.clone()
                }),
                ..row("mute/code-only", Fate::CodeOnly)
            },
            Row {
                met_in: vec!["secret/who".to_owned()],
                ..row("mute/survived", Fate::Survived)
            },
            row("mute/untouched", Fate::Untouched),
            Row {
                reason: Some("the answer is the same".to_owned()),
                ..row("mute/equivalent", Fate::Equivalent)
            },
            Row {
                catch: Some(catch),
                reason: Some("the answer is the same".to_owned()),
                ..row("mute/stale", Fate::Stale)
            },
            Row {
                reason: Some("interrupted".to_owned()),
                ..row("mute/not-run", Fate::NotRun)
            },
        ];
        Matrix::new(vec!["2026-10".to_owned()], vec!["base".to_owned()], rows)
    }

    #[test]
    fn the_matrix_as_a_page() {
        insta::assert_snapshot!(markdown(&matrix()));
    }

    #[test]
    fn the_end_of_a_selftest() {
        insta::assert_snapshot!(summary(&matrix(), Look::new(100, false)));
    }

    #[test]
    fn what_is_written_can_be_read() {
        let written = json(&matrix()).unwrap();
        assert_eq!(serde_json::from_str::<Matrix>(&written).unwrap(), matrix());
    }
}
