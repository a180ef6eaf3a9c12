//! The command `atx`: one file a subcommand, and what they share.

#[cfg(feature = "embedded")]
mod agent;
mod baseline;
mod coverage;
mod diff;
mod doctor;
#[cfg(test)]
mod documented;
pub mod exit;
mod init;
mod list;
mod load;
mod out_dir;
mod replayed;
mod report;
mod reports;
mod rules;
mod run;
#[cfg(test)]
mod sample;
mod schema;
mod select;
mod selftest;
mod show;
mod sign_in;
mod stored;
mod style;
mod target_file;
mod trouble;

use std::io;

use clap::{Parser, Subcommand};

pub use exit::Exit;
use style::Terminal;
use trouble::Trouble;

use crate::crash;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> Exit {
    crash::install();
    let terminal = Terminal::detect();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => {
            // Help and version are answers, not mistakes; clap knows which stream each belongs on.
            let is_mistake = answer.use_stderr();
            return match answer.print() {
                _ if is_mistake => Exit::WrongInput,
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                    let trouble = Trouble::NotPrinted(error);
                    style::to_stderr(&trouble.page(terminal));
                    trouble.exit()
                }
                _ => Exit::Fine,
            };
        }
    };
    match cli.command.run(terminal) {
        Ok(exit) => exit,
        Err(trouble) => {
            style::to_stderr(&trouble.page(terminal));
            trouble.exit()
        }
    }
}

/// The command line as it is, for whoever checks what is written about it.
#[must_use]
pub fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

/// Runs conformance scenarios of AI agent token exchange against an org and judges what comes back.
#[derive(Debug, Parser)]
#[command(name = "atx", version, styles = style::HELP, after_help = style::EXIT_CODES, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(Box<init::Args>),
    Run(Box<run::Args>),
    Doctor(doctor::Args),
    #[cfg(feature = "embedded")]
    Agent(Box<agent::Args>),
    Report(report::Args),
    List(list::Args),
    Show(show::Args),
    Coverage(coverage::Args),
    Selftest(selftest::Args),
    Baseline(baseline::Args),
    Diff(diff::Args),
    SignIn(sign_in::Args),
    Schema(schema::Args),
}

impl Command {
    fn run(self, terminal: Terminal) -> Result<Exit, Trouble> {
        match self {
            Self::Init(args) => init::run(&args),
            Self::Run(args) => run::run(&args, terminal),
            Self::Doctor(args) => doctor::run(&args, terminal),
            #[cfg(feature = "embedded")]
            Self::Agent(args) => agent::run(&args, terminal),
            Self::Report(args) => report::run(&args),
            Self::List(args) => list::run(&args, terminal),
            Self::Show(args) => show::run(&args, terminal),
            Self::Coverage(args) => coverage::run(&args, terminal),
            Self::Selftest(args) => selftest::run(&args, terminal),
            Self::Baseline(args) => baseline::run(&args),
            Self::Diff(args) => diff::run(&args, terminal),
            Self::SignIn(args) => sign_in::run(&args),
            Self::Schema(args) => schema::run(&args),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
