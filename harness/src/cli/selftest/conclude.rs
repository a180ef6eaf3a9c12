//! The end of a selftest: the matrices are written, shown and turned into an exit code.

use super::Selftest;
use crate::cli::out_dir::OutDir;
use crate::cli::{Exit, Trouble, style};
use crate::report::ReportError;
use crate::selftest::tolerance::{self, Reaction, Tolerance};
use crate::selftest::{self, Fate, Matrix, Row};

/// The files of the matrix of defects.
const DEFECTS: [&str; 2] = ["selftest.json", "selftest.md"];
/// The files of the matrix of variations.
const VARIATIONS: [&str; 2] = ["tolerance.json", "tolerance.md"];

/// Writes what was tried and says how it went.
pub(super) fn conclude(selftest: Selftest<'_>, out: &OutDir) -> Result<Exit, Trouble> {
    let (tried_defects, tried_variations) = (selftest.tries_defects(), selftest.tries_variations());
    let Selftest {
        args,
        terminal,
        mut rows,
        mut varied,
        profiles,
        editions,
        ..
    } = selftest;
    let editions: Vec<String> = editions.iter().map(ToString::to_string).collect();
    if !args.filters.is_empty() {
        // Of the cases that were left out nothing can be said.
        rows.retain(|row| row.fate != Fate::Untouched);
        varied.retain(|row| row.outcome() != Reaction::Untouched);
    }
    let (mut exits, mut written) = (Vec::new(), Ok(()));
    let mut files = Vec::new();
    if tried_defects {
        let profiles = profiles.iter().map(|profile| profile.to_string()).collect();
        let matrix = Matrix::new(editions.clone(), profiles, rows);
        let json = selftest::json(&matrix).map_err(ReportError::from)?;
        let page = selftest::markdown(&matrix);
        written = written.and_then(|()| write(out, DEFECTS, &json, &page));
        style::to_stderr(&selftest::summary(&matrix, terminal.stderr));
        exits.push(exit(&matrix));
        files.extend(DEFECTS);
    }
    if tried_variations {
        let judged_by = tolerance::judged_by();
        let judged_by = judged_by.iter().map(tolerance::name).collect();
        let matrix = Tolerance::new(editions, judged_by, varied);
        let json = tolerance::json(&matrix).map_err(ReportError::from)?;
        let page = tolerance::markdown(&matrix);
        written = written.and_then(|()| write(out, VARIATIONS, &json, &page));
        style::to_stderr(&tolerance::summary(&matrix, terminal.stderr));
        exits.push(tolerated(&matrix));
        files.extend(VARIATIONS);
    }
    written.map_err(Trouble::NotWritten)?;
    let (folder, files) = (out.path().display(), files.join(", "));
    style::to_stderr(&format!("matrix: {folder} ({files})\n"));
    Ok(Exit::worst(exits))
}

fn write(
    out: &OutDir,
    [data, table]: [&str; 2],
    json: &str,
    page: &str,
) -> Result<(), crate::cli::out_dir::OutError> {
    out.write(data, json).and_then(|()| out.write(table, page))
}

/// A defect that nobody notices is a hole in the checks, and counts as a nonconformance of the kit.
fn exit(matrix: &Matrix) -> Exit {
    let hole = |row: &Row| !row.is_fine() && row.fate != Fate::NotRun;
    if matrix.defects.iter().any(hole) {
        Exit::Nonconformance
    } else if matrix.summary.not_run > 0 || matrix.defects.is_empty() {
        Exit::Incomplete
    } else {
        Exit::Fine
    }
}

/// So is a lawful answer that some check judges wrongly, and one that no case meets.
fn tolerated(matrix: &Tolerance) -> Exit {
    let counts = matrix.summary;
    if counts.misjudged + counts.untouched > 0 {
        Exit::Nonconformance
    } else if counts.not_run > 0 || counts.total == 0 {
        Exit::Incomplete
    } else {
        Exit::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_outweighs_what_was_not_run() {
        let matrix = |fates: &[Fate]| {
            let rows = fates.iter().map(|fate| Row::new("x", "y", *fate));
            Matrix::new(Vec::new(), Vec::new(), rows.collect())
        };
        for (fates, code) in [
            (&[Fate::Caught, Fate::Equivalent][..], Exit::Fine),
            (&[], Exit::Incomplete),
            (&[Fate::Caught, Fate::NotRun], Exit::Incomplete),
            (&[Fate::Survived, Fate::NotRun], Exit::Nonconformance),
            (&[Fate::Elsewhere], Exit::Nonconformance),
            (&[Fate::Warned], Exit::Nonconformance),
            (&[Fate::Observed], Exit::Nonconformance),
            (&[Fate::SetAside], Exit::Fine),
            (&[Fate::Untouched], Exit::Nonconformance),
            (&[Fate::Stale], Exit::Nonconformance),
        ] {
            assert_eq!(exit(&matrix(fates)), code, "{fates:?}");
        }
    }
}
