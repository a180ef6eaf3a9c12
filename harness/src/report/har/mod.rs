//! `failed.har`: the exchanges of the cases that failed or could not be judged, for tools that read what a browser
//! records. HAR 1.2; a page is a case.
//!
//! When an exchange began is not recorded, only how long it took. The format wants a date, so it has the start of the
//! run and the time of the exchanges of its case before it. The stable form has no exchanges, as they differ from run
//! to run.

mod entry;
mod model;

use jiff::{SignedDuration, Timestamp};

use super::{Form, ReportError};
use crate::presentation::json_lines;
use crate::presentation::text::visible;
use crate::presentation::words;
use crate::result::{CaseResult, RunResult, VaryingCase, Verdict};
use model::{Creator, Entry, Har, Log, Page, PageTimings};

/// An exchange is a line.
const DEPTH: usize = 3;

/// Says what is not as a reader of such files expects.
const COMMENT: &str = "Dates are the start of the run and the time of the exchanges before, in the order of a case. \
                       Secrets and tokens are replaced by their fingerprints; a JWT is decoded beside it.";

/// The most bytes of all entries. A target that answers every request wrongly fills no disk.
const LARGEST: usize = 5 * 1024 * 1024;

/// The whole file.
pub(super) fn render(run: &RunResult, form: Form) -> Result<String, ReportError> {
    render_up_to(run, form, LARGEST)
}

/// Cases whose entries would make more than so many bytes are left out, which the file says.
fn render_up_to(run: &RunResult, form: Form, most: usize) -> Result<String, ReportError> {
    let mut pages = Vec::new();
    let mut entries = Vec::new();
    let (mut bytes, mut left_out) = (0, 0);
    for (case, varying) in broken(run).filter(|_| form == Form::Full) {
        let of_case = entries_of(run, case, varying);
        let more = serde_json::to_vec(&of_case)?.len();
        if bytes + more > most {
            left_out += 1;
            continue;
        }
        bytes += more;
        entries.extend(of_case);
        pages.push(Page {
            started_date_time: run.varying.started_at.clone(),
            id: case.id.clone(),
            title: visible(&case.title).into_owned(),
            page_timings: PageTimings {},
            verdict: words::verdict(case.verdict),
        });
    }
    let comment = if left_out == 0 {
        COMMENT.to_owned()
    } else {
        format!(
            "{COMMENT} Cases left out because this file would be too long: {left_out}; see report.json."
        )
    };
    let har = Har {
        log: Log {
            version: "1.2",
            creator: Creator {
                name: run.kit.name.clone(),
                version: run.kit.version.clone(),
            },
            pages,
            entries,
            comment,
        },
    };
    Ok(json_lines::to_string(&har, DEPTH)?)
}

/// The cases that somebody will look into, with their evidence.
fn broken(run: &RunResult) -> impl Iterator<Item = (&CaseResult, &VaryingCase)> {
    run.results
        .iter()
        .filter(|case| matches!(case.verdict, Verdict::Failed | Verdict::Error))
        .filter_map(|case| Some((case, run.varying.cases.get(&case.id)?)))
        .filter(|(_, varying)| !varying.exchanges.is_empty())
}

fn entries_of(run: &RunResult, case: &CaseResult, varying: &VaryingCase) -> Vec<Entry> {
    let mut before = 0.0;
    varying
        .exchanges
        .iter()
        .map(|step| {
            let started = later(&run.varying.started_at, before);
            before += step.milliseconds;
            entry::entry(&case.id, started, step)
        })
        .collect()
}

/// A date so many milliseconds after another; the other itself where it cannot be read.
fn later(date: &str, milliseconds: f64) -> String {
    let later = date.parse::<Timestamp>().ok().and_then(|date| {
        let by = SignedDuration::try_from_secs_f64(milliseconds / 1000.0).ok()?;
        date.checked_add(by).ok()
    });
    later.map_or_else(|| date.to_owned(), |later| later.to_string())
}

#[cfg(test)]
mod tests;
