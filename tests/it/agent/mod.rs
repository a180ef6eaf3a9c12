//! `atx agent` on an agent with one fault, or with one lawful difference: who notices, and that nobody is judged wrongly.
//!
//! `reports/embedded/agents.json` says which cases catch which fault. `cargo test` runs, for each fault, the first case that is
//! said to catch it; `UPDATE_AGENTS=1 cargo test --test it -- agent::matrix` tries every case that cites what the fault breaks,
//! and writes that file anew, which takes minutes.

mod behaviour;
mod matrix;
mod scenarios;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use harness::agent::{self, AgentOptions, AgentStop, Command, SignIn};
use harness::requirement::{Catalogue, Profile, Profiles};
use harness::result::{CaseResult, Collector, RunResult};
use harness::scenario::agent::AgentLibrary;
use harness::scenario::agent::model::AgentClient;
use harness::scenario::model::{Edition, ResourceType};
use tokio_util::sync::CancellationToken;

/// The agent that can be made faulty.
const AGENT: &str = env!("CARGO_BIN_EXE_faulty-agent");

/// Every scenario for agents of the repository.
fn library() -> AgentLibrary {
    harness::scenario::agent::embedded().unwrap_or_else(|failures| {
        let pages: Vec<String> = failures.iter().map(ToString::to_string).collect();
        panic!("{}", pages.join("\n"))
    })
}

/// Where agents write what they should not.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER
        .get_or_init(|| tempfile::tempdir().expect("a folder"))
        .path()
}

/// Options that run this command.
fn options(program: impl Into<PathBuf>, arguments: &[&str]) -> AgentOptions {
    AgentOptions {
        command: Some(Command {
            program: program.into().into_os_string(),
            arguments: arguments.iter().map(Into::into).collect(),
        }),
        trigger: None,
        port: None,
        redirect_uri: None,
        sign_in: SignIn::Browser,
        follow_output: false,
        only: Vec::new(),
        clients: vec![
            AgentClient::Rs256,
            AgentClient::Es256,
            AgentClient::SecretBasic,
            AgentClient::SecretPost,
        ],
        edition: Edition::E2026_10,
        profiles: Profiles::of([Profile::Okta, Profile::McpEma]),
        tls: false,
        folder: Some(folder().to_owned()),
        env: Vec::new(),
        arguments: Vec::new(),
        jobs: 4,
        timeout: Duration::from_secs(20),
        fail_fast: false,
        cancel: CancellationToken::new(),
    }
}

/// A run of some scenarios.
fn run(library: &AgentLibrary, options: &AgentOptions) -> Result<RunResult, AgentStop> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut collector = Collector::new(BTreeMap::new());
    let catalogue = Catalogue::embedded();
    runtime.block_on(agent::run(
        library,
        catalogue,
        options,
        "agent",
        &mut collector,
    ))?;
    Ok(collector.finish().expect("a run that was announced"))
}

/// The tasks of a list such as `secret,service-account`.
fn tasks(list: &str) -> Vec<ResourceType> {
    list.split(',')
        .filter_map(|word| word.parse().ok())
        .collect()
}

/// The library with the whole flows, and of everything else the cases that are wanted.
fn only(
    wanted: impl Fn(&str, &harness::scenario::agent::model::AgentCase) -> bool,
) -> AgentLibrary {
    let mut library = library();
    library.scenarios.retain_mut(|scenario| {
        let id = scenario.id.clone();
        let name = |own: &Option<String>| match own {
            Some(own) => format!("{id}/{own}"),
            None => id.clone(),
        };
        scenario.cases.retain(|case| wanted(&name(&case.id), case));
        let is_flow = scenario.base.task.is_some() && id.matches('/').count() == 1;
        is_flow || !scenario.cases.is_empty() || wanted(&id, &scenario.base)
    });
    library
}

/// The result of a case.
fn case<'r>(result: &'r RunResult, id: &str) -> &'r CaseResult {
    let found = result.results.iter().find(|case| case.id == id);
    found.unwrap_or_else(|| panic!("{id} is not among the results"))
}
