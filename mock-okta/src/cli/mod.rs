//! The command line.

mod as_real;
mod behaviours;
mod calibrate;
mod check_config;
mod crash;
mod defects;
mod faults;
mod options;
mod private_file;
mod refusals;
mod schema;
mod serve;
mod tls;
mod variations;

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Everything went well.
const DONE: u8 = 0;
/// The machine or the network refused.
const FAILED: u8 = 1;
/// What the user gave is wrong; clap uses the same.
const WRONG_INPUT: u8 = 2;

/// A mock Okta org for AI agent token exchange
///
/// It plays the org authorization server, the custom ones, the vault, third parties and the APIs behind them, so
/// that agents and the code around them can be tested without Okta.
#[derive(Debug, Parser)]
#[command(
    name = "mock-okta",
    version,
    propagate_version = true,
    max_term_width = 100
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(Box<serve::Serve>),
    CheckConfig(check_config::CheckConfig),
    Behaviours(behaviours::List),
    Calibrate(calibrate::Calibrate),
    Defects(defects::List),
    Variations(variations::List),
    Faults(faults::List),
    Refusals(refusals::Refusals),
    Schema(schema::Schema),
}

/// Runs the command that the arguments name.
pub(crate) fn run() -> ExitCode {
    crash::install();
    let code = match Arguments::parse().command {
        Command::Serve(command) => command.run(),
        Command::CheckConfig(command) => command.run(),
        Command::Behaviours(command) => command.run(),
        Command::Calibrate(command) => command.run(),
        Command::Defects(command) => command.run(),
        Command::Variations(command) => command.run(),
        Command::Faults(command) => command.run(),
        Command::Refusals(command) => command.run(),
        Command::Schema(command) => command.run(),
    };
    ExitCode::from(code)
}

/// Writes a page for programs or for people who page through it, and gives the exit code. It is not a failure if the
/// reader has gone away, as `| head` does; a full disk is one.
fn print(page: &str) -> u8 {
    let mut out = anstream::stdout();
    match out.write_all(page.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            say(&format!("error: cannot write to stdout: {error}"));
            FAILED
        }
        _ => DONE,
    }
}

/// Writes a line for people.
fn say(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}
