//! `--print-env`: the variables that an agent gets, with the values of an example.

use std::fmt::Write as _;

use tokio::runtime::Runtime;

use crate::agent::{self, AgentOptions};
use crate::cli::{Exit, Trouble, style};
use crate::presentation::curl::shell::quoted;

pub(super) fn run(options: &AgentOptions, runtime: &Runtime) -> Result<Exit, Trouble> {
    let example = runtime
        .block_on(agent::example(options))
        .map_err(Trouble::Agent)?;
    let mut text = String::from(
        "# What an agent gets. Files are there while it runs; other values differ from case to case.\n",
    );
    for setting in agent::setting_names() {
        let _ = writeln!(text, "\n# {}", setting.about);
        match example.get(setting.name) {
            Some(value) => {
                let _ = writeln!(text, "{}={}", setting.name, quoted(value));
                for alias in setting.aliases {
                    let _ = writeln!(text, "{alias}={}", quoted(value));
                }
            }
            None => {
                let _ = writeln!(text, "# {} is not set here", setting.name);
            }
        }
    }
    let _ = writeln!(
        text,
        "\n# opens a link as the user; xdg-open and open on PATH do the same\nBROWSER=PROGRAM"
    );
    if !options.env.is_empty() {
        text.push_str("\n# of --env\n");
    }
    for (name, template) in &options.env {
        let _ = writeln!(text, "{name}={}", quoted(template));
    }
    style::print(&text)?;
    Ok(Exit::Fine)
}
