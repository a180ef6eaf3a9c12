//! `--format`: one report on stdout, and nothing else there.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::cli::{Trouble, style};
use crate::report::{Form, Format};
use crate::result::RunResult;

/// Reads `--format`, and names the formats in the help.
pub(in crate::cli) fn parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(|format| format.name)).try_map(|name| {
        let format = Format::ALL.into_iter().find(|format| format.name == name);
        format.ok_or_else(|| format!("there is no format `{name}`"))
    })
}

/// Prints the report. If it could not be written whole, that is a failure: its reader must not take a part for the whole.
pub(in crate::cli) fn print(run: &RunResult, format: Format, form: Form) -> Result<(), Trouble> {
    let text = format.render(run, form)?;
    style::deliver(&text)
}
