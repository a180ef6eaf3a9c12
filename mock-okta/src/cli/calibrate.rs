//! `mock-okta calibrate`

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use mock_okta::calibrate::{Observed, Seen, calibrate};

use super::{WRONG_INPUT, print, say};

/// Show which switch positions make the mock answer as a recorded org did
///
/// Reads what `atx run --record FILE` writes. For each switch (`mock-okta behaviours`) it says which position the answers
/// of the org leave possible, and where that was seen. What it cannot tell is shown as unknown.
#[derive(Debug, Args)]
pub(super) struct Calibrate {
    /// The recording
    file: PathBuf,
    /// Print the proposals alone, as the section `behaviours` of an org file
    #[arg(long, conflicts_with = "options")]
    org_file: bool,
    /// Print the proposals alone, as options of `mock-okta serve`
    #[arg(long)]
    options: bool,
}

impl Calibrate {
    pub(super) fn run(&self) -> u8 {
        let path = self.file.display();
        let read = std::fs::read_to_string(&self.file).map_err(|error| error.to_string());
        let observed = read.and_then(|text| calibrate(&text).map_err(|error| error.to_string()));
        let calibration = match observed {
            Ok(calibration) => calibration,
            Err(why) => {
                say(&escaped(&format!("error: cannot read {path}: {why}")));
                return WRONG_INPUT;
            }
        };
        if calibration.is_cut {
            say(&escaped(&format!(
                "warning: {path} has no end: it may show less than the run did"
            )));
        }
        let rows = &calibration.switches;
        print(&if self.org_file {
            org_file(rows)
        } else if self.options {
            options(rows)
        } else {
            table(rows)
        })
    }
}

fn proposals(rows: &[Observed]) -> impl Iterator<Item = (&'static str, &'static str)> {
    rows.iter()
        .filter_map(|row| Some((row.switch, row.proposal()?)))
}

fn org_file(rows: &[Observed]) -> String {
    let lines: String = proposals(rows).fold(String::new(), |mut text, (switch, position)| {
        let _ = writeln!(text, "  {switch}: \"{position}\"");
        text
    });
    if lines.is_empty() {
        "behaviours: {}\n".to_owned()
    } else {
        format!("behaviours:\n{lines}")
    }
}

fn options(rows: &[Observed]) -> String {
    let options: Vec<String> = proposals(rows)
        .map(|(switch, position)| format!("--behaviour {switch}={position}"))
        .collect();
    format!("{}\n", options.join(" "))
}

fn table(rows: &[Observed]) -> String {
    let head = ["switch", "default", "observed", "proposal", "seen in"].map(str::to_owned);
    let rows = rows.iter().map(|row| {
        let (observed, place) = match &row.seen {
            Seen::Unknown(reason) => {
                let reason = reason.unwrap_or("the recording does not show it");
                ("unknown".to_owned(), reason.to_owned())
            }
            Seen::Possible(positions) => (positions.join(" or "), places(row)),
            Seen::Contradictory => ("contradictory".to_owned(), places(row)),
        };
        [
            row.switch.to_owned(),
            row.default.to_owned(),
            observed,
            row.proposal().unwrap_or("-").to_owned(),
            place,
        ]
    });
    let rows: Vec<[String; 5]> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].len());
        widths.max().unwrap_or_default()
    };
    let widths = [0, 1, 2, 3].map(width);
    let mut text = String::new();
    for [switch, default, observed, proposal, place] in &rows {
        let _ = writeln!(
            text,
            "{switch:a$}  {default:b$}  {observed:c$}  {proposal:d$}  {place}",
            a = widths[0],
            b = widths[1],
            c = widths[2],
            d = widths[3],
        );
    }
    text
}

/// "a/b (step) and 3 more".
fn places(row: &Observed) -> String {
    let first = row.places.first();
    let first = first.map(|place| escaped(place)).unwrap_or_default();
    match row.exchanges {
        0 | 1 => first,
        more => format!("{first} and {} more", more - 1),
    }
}

/// A text of a file that somebody else wrote, safe to print: a terminal obeys control characters, and those that turn the
/// direction of writing let a text look like another.
fn escaped(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || turns(c) {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    safe
}
