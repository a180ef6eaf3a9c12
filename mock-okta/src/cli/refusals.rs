//! `mock-okta refusals`

use std::fmt::Write as _;

use clap::Args;
use clap::builder::PossibleValuesParser;
use mock_okta::{CatalogueRow, RowState, catalogue};
use serde_json::{Value, json};
use strict_yaml::did_you_mean;

use super::{WRONG_INPUT, print, say};

/// List every refusal of Okta's catalogue, and what the mock does about it
///
/// After them come the refusals of JWTs that follow from an RFC alone: their codes are the mock's own, and their status
/// and `error` are those of whatever the JWT was sent as.
///
/// A row is `emitted` when something a client can send is answered with it, `later` when it belongs to a flow that
/// is not built, and `unreachable` when nothing leads to it. The last column holds the `error_description` of an
/// emitted row, and the reason of any other. How many rows there are of each state is written to standard error.
#[derive(Debug, Args)]
pub(super) struct Refusals {
    /// Internal codes, or parts of them; without one all rows are listed
    code: Vec<String>,
    /// Only rows in this state; may be repeated
    #[arg(long, value_parser = PossibleValuesParser::new(["emitted", "later", "unreachable"]))]
    state: Vec<String>,
    /// Only rows with this `error` on the wire; may be repeated
    #[arg(long, value_name = "ERROR")]
    error: Vec<String>,
    /// Only rows with this HTTP status; may be repeated
    #[arg(long)]
    status: Vec<u16>,
    /// Print a JSON array instead of a table
    #[arg(long)]
    json: bool,
}

impl Refusals {
    pub(super) fn run(&self) -> u8 {
        let rows: Vec<CatalogueRow> = catalogue().filter(|row| self.lists(row)).collect();
        if rows.is_empty() {
            say(&self.nothing());
            return WRONG_INPUT;
        }
        let code = print(&if self.json {
            let all: Vec<Value> = rows.iter().map(object).collect();
            format!("{:#}\n", Value::from(all))
        } else {
            table(&rows)
        });
        say(&counts(&rows));
        code
    }

    fn lists(&self, row: &CatalogueRow) -> bool {
        let any = |wanted: &[String], is: &dyn Fn(&str) -> bool| {
            wanted.is_empty() || wanted.iter().any(|wanted| is(wanted))
        };
        any(&self.code, &|part| row.code.contains(part))
            && any(&self.state, &|state| row.state.as_str() == state)
            && any(&self.error, &|error| row.error == error)
            && (self.status.is_empty() || self.status.contains(&row.status))
    }

    /// What to say when no row fits: a slip of the pen is the likeliest cause.
    fn nothing(&self) -> String {
        let slip = |written: &[String], known: &dyn Fn(&CatalogueRow) -> &'static str| {
            written.iter().find_map(|text| {
                let rows: Vec<&str> = catalogue().map(|row| known(&row)).collect();
                let near = did_you_mean(text, rows.iter().copied());
                let is_known = rows.iter().any(|row| row.contains(text.as_str()));
                near.filter(|_| !is_known).map(str::to_owned)
            })
        };
        let near =
            slip(&self.code, &|row| row.code).or_else(|| slip(&self.error, &|row| row.error));
        let help = near.map_or_else(
            || "`mock-okta refusals` lists them all".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        format!("error: no refusal fits; {help}")
    }
}

/// Aligned columns; the words come last because they are long.
fn table(rows: &[CatalogueRow]) -> String {
    let width = |column: fn(&CatalogueRow) -> &'static str, title: &str| {
        let widest = rows.iter().map(|row| column(row).len()).max();
        widest.unwrap_or_default().max(title.len())
    };
    let state = width(|row| row.state.as_str(), "STATE");
    let error = width(|row| row.error, "ERROR");
    let code = width(|row| row.code, "CODE");
    let mut text = format!(
        "{:state$}  STATUS  {:error$}  {:code$}  WORDS OR REASON\n",
        "STATE", "ERROR", "CODE"
    );
    for row in rows {
        let _ = writeln!(
            text,
            "{:state$}  {:<6}  {:error$}  {:code$}  {}",
            row.state.as_str(),
            row.status,
            row.error,
            row.code,
            words(row.state),
        );
    }
    text
}

/// What is said on the wire, or the family of the row and why it is not said.
fn words(state: RowState) -> String {
    match state {
        RowState::Emitted(refusal) => refusal.text().to_owned(),
        RowState::Later(family) | RowState::Unreachable(family) => {
            format!("{}: {}", family.name, family.reason)
        }
    }
}

fn object(row: &CatalogueRow) -> Value {
    let mut object = json!({
        "code": row.code,
        "status": row.status,
        "error": row.error,
        "state": row.state.as_str(),
    });
    let more = match row.state {
        RowState::Emitted(refusal) => [
            ("error_description", refusal.text()),
            ("source", refusal.source()),
        ],
        RowState::Later(family) | RowState::Unreachable(family) => {
            [("family", family.name), ("reason", family.reason)]
        }
    };
    for (name, text) in more {
        object[name] = text.into();
    }
    object
}

fn counts(rows: &[CatalogueRow]) -> String {
    let of = |state: &str| {
        rows.iter()
            .filter(|row| row.state.as_str() == state)
            .count()
    };
    format!(
        "{} of {} rows: {} emitted, {} later, {} unreachable",
        rows.len(),
        catalogue().count(),
        of("emitted"),
        of("later"),
        of("unreachable")
    )
}
