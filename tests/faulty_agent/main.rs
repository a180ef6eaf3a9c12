//! An agent that does everything right, but for one fault or one lawful difference: what `atx agent` is tested on.
//!
//! It makes its requests itself, on reqwest, so that each can be got wrong.

mod agent;
mod api;
mod callback;
mod client_auth;
mod deviations;
mod exchange;
mod failure;
mod http;
mod id_token;
mod metadata;
mod settings;
mod sign_in;
mod tasks;
mod token_endpoint;

use std::env;
use std::io::{Write as _, stderr, stdout};
use std::process::ExitCode;

use agent::Agent;
use deviations::{Build, Difference, Fault};
use failure::Failure;
use settings::Settings;

const USAGE: &str = "\
Usage: faulty-agent [--fault NAME] [--difference NAME]
       faulty-agent --list

It does the task that the environment variables of `atx agent` name.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments == ["--list"] {
        let listed = deviations::list(&mut stdout().lock());
        return if listed.is_ok() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        };
    }
    let Some(build) = build(&arguments) else {
        return end(2, USAGE);
    };
    match run(build) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => end(1, &format!("faulty-agent: {failure}")),
    }
}

fn build(arguments: &[String]) -> Option<Build> {
    let mut build = Build::default();
    for pair in arguments.chunks(2) {
        match pair {
            [option, name] if option == "--fault" => build.fault = Some(Fault::named(name)?),
            [option, name] if option == "--difference" => {
                build.difference = Some(Difference::named(name)?);
            }
            _ => return None,
        }
    }
    Some(build)
}

fn run(build: Build) -> Result<(), Failure> {
    let agent = Agent::new(Settings::from_env()?, build)?;
    // One thread: it does one thing after the other, and starts the sooner.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.map_err(Failure::stop)?.block_on(agent.run())
}

fn end(code: u8, message: &str) -> ExitCode {
    // Nobody is left to be told when this fails.
    let _ = writeln!(stderr(), "{message}");
    ExitCode::from(code)
}
