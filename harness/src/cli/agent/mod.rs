//! `atx agent`: runs an agent's command against mock orgs and judges it by what it sends.

mod list;
mod options;
mod print_env;
mod select;
mod show;
mod watch;

use std::ffi::OsString;
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use tokio::runtime::Runtime;

use super::out_dir::OutDir;
use super::run::gate::Gate;
use super::run::interrupt;
use super::run::listeners::Listeners;
use super::{Exit, Trouble, load, run, style};
use crate::agent::{self, AgentOptions, AgentStop};
use crate::report::Format;
use crate::report::console::{Console, Talk};
use crate::requirement::Profile;
use crate::result::{Collector, FailOn};
use crate::scenario::agent::model::AgentClient;
use crate::scenario::model::{Edition, ResourceType};

/// Run an agent's command and judge it by what it sends
///
/// For each case a mock org of its own starts, the command runs with its settings in the environment (`--print-env` shows
/// them), and the verdict follows from the requests that arrive. docs/agents.md leads from nothing to a green run.
#[derive(Debug, Clone, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option by itself")]
#[expect(
    clippy::doc_markdown,
    reason = "the help names variables as a shell does"
)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Sub>,

    /// Only these cases: an id or its beginning (agent/sign-in), a requirement or its group; `*` stands for anything. May be
    /// given more than once
    #[arg(long = "case", value_name = "FILTER")]
    cases: Vec<String>,

    /// How the user's ID token comes to the agent: `browser`, it signs the user in, in a browser that atx plays; `auto`, the
    /// authorization endpoint answers as for a browser that is signed in; `given`, it is handed over in ATX_ID_TOKEN;
    /// `start-url URL`, the agent is a web app and the user begins there
    #[arg(long, value_name = "HOW", num_args = 1..=2, default_values = ["browser"])]
    sign_in: Vec<String>,

    /// The tasks that the agent supports, separated by commas [default: all]
    #[arg(long, value_parser = task_parser(), value_name = "TASKS", value_delimiter = ',')]
    only: Vec<ResourceType>,

    /// How the agent can authenticate, separated by commas: rs256, es256, client_secret_basic, client_secret_post. Where a case
    /// says nothing else, the first one is used
    #[arg(long, value_parser = client_parser(), value_name = "KINDS", value_delimiter = ',', default_values = ["rs256"])]
    client_auth: Vec<AgentClient>,

    /// Also open links at the org that the agent prints, as if the user had clicked them
    #[arg(long)]
    follow_output: bool,

    /// A variable for the agent beside the usual ones. {ATX_NAME} and {org.issuer} stand for settings; may be repeated
    #[arg(long, value_name = "NAME=TEXT")]
    env: Vec<String>,

    /// An argument behind those of the command, likewise; may be repeated
    #[arg(long = "arg", value_name = "TEXT", allow_hyphen_values = true)]
    arguments: Vec<String>,

    /// Print the variables that the agent gets, with the values of an example, and do not run it
    #[arg(long)]
    print_env: bool,

    /// Start no command: the agent runs already, and `--trigger` asks it to do its task
    #[arg(long, requires = "port")]
    attach: bool,

    /// A command for the shell that asks an agent that runs already to do the task in ATX_TASK, such as `curl …`
    #[arg(long, value_name = "COMMAND", requires = "attach")]
    trigger: Option<String>,

    /// The port of the org, where the agent knows its address; cases then run one after the other
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,

    /// The redirect URI of an agent that has one of its own [default: a free port of 127.0.0.1]
    #[arg(long, value_name = "URI")]
    redirect_uri: Option<String>,

    /// Let the org speak https; the agent finds the certificate authority in ATX_CA_FILE
    #[arg(long)]
    tls: bool,

    /// Edition of Okta's guide to follow [default: the newest]
    #[arg(long, value_parser = load::edition_parser(), value_name = "EDITION")]
    edition: Option<Edition>,

    /// Judge by this profile; `base` is always judged. May be given more than once
    #[arg(long, value_parser = load::profile_parser(), value_name = "PROFILE")]
    profile: Vec<Profile>,

    /// A folder of scenarios instead of those inside the program; those for agents are in its folder `agent`
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,

    /// The folder that reports are written to
    #[arg(long, value_name = "DIR", default_value = "reports/out")]
    out: PathBuf,

    /// Print one report on stdout, and nothing else there; the folder is written all the same
    #[arg(long, value_parser = run::format::parser(), value_name = "FORMAT")]
    format: Option<Format>,

    /// Known deviations: these are expected, anything else is not, and one that is gone must leave the file. See
    /// `atx baseline`
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// What breaks the run beside a MUST that does not hold
    #[arg(long, value_parser = load::fail_on_parser(), value_name = "LEAST")]
    fail_on: Option<FailOn>,

    /// How many cases run at once [default: four for each processor]
    #[arg(long, value_parser = load::jobs, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// The longest time that the agent may take for one case, such as 20s or 2m
    #[arg(long, value_parser = run::deadline::read, value_name = "TIME", default_value = "30s")]
    timeout: Duration,

    /// Stop at the first failure or error
    #[arg(long)]
    fail_fast: bool,

    /// Run again whenever a file in the working folder changes
    #[arg(long)]
    watch: bool,

    /// Tell only what is wrong, and the verdict
    #[arg(long, short, conflicts_with = "verbose")]
    quiet: bool,

    /// Tell every case
    #[arg(long, short, action = clap::ArgAction::Count)]
    verbose: u8,

    /// The agent's command and its arguments
    #[arg(last = true, value_name = "COMMAND")]
    agent: Vec<OsString>,
}

/// What there is to be judged by.
#[derive(Debug, Clone, clap::Subcommand)]
enum Sub {
    List(list::Args),
    Show(show::Args),
}

fn task_parser() -> impl TypedValueParser<Value = ResourceType> {
    let tasks = ResourceType::ALL
        .iter()
        .filter(|(_, task)| *task != ResourceType::None);
    PossibleValuesParser::new(tasks.map(|(word, _)| *word)).map(|name| {
        // The parser has admitted these words only.
        let mut tasks = ResourceType::ALL.iter();
        tasks
            .find(|(word, _)| *word == name)
            .map_or(ResourceType::None, |(_, task)| *task)
    })
}

fn client_parser() -> impl TypedValueParser<Value = AgentClient> {
    PossibleValuesParser::new(AgentClient::ALL.iter().map(|(word, _)| *word)).map(|name| {
        // The parser has admitted these words only.
        let mut all = AgentClient::ALL.iter();
        all.find(|(word, _)| *word == name)
            .map_or(AgentClient::Rs256, |(_, one)| *one)
    })
}

pub(super) fn run(args: &Args, terminal: style::Terminal) -> Result<Exit, Trouble> {
    match &args.command {
        Some(Sub::List(list)) => return list::run(list, terminal),
        Some(Sub::Show(show)) => return show::run(show, terminal),
        None => {}
    }
    let options = options::read(args)?;
    let runtime = Runtime::new().map_err(Trouble::Runtime)?;
    if args.print_env {
        return print_env::run(&options, &runtime);
    }
    if args.watch {
        return watch::run(args, &options, &runtime, terminal);
    }
    once(args, &options, &runtime, terminal)
}

/// One run, reported.
fn once(
    args: &Args,
    options: &AgentOptions,
    runtime: &Runtime,
    terminal: style::Terminal,
) -> Result<Exit, Trouble> {
    let (library, agents) = load::for_agents(args.scenarios.as_deref())?;
    let known = select::known(&agents, &library);
    let gate = Gate::open_for(args.baseline.as_deref(), args.fail_on, &known)?;
    let agents = select::select(agents, &args.cases)?;
    let library = library.under(&options.profiles);
    let out = OutDir::open(&args.out).map_err(Trouble::Unwritable)?;
    out.clear(Format::ALL.map(|format| format.file))
        .map_err(Trouble::Unwritable)?;
    let again = options::again(args);
    let talk = match (args.quiet, args.verbose) {
        (true, _) => Talk::Quiet,
        (false, 0) => Talk::Normal,
        (false, _) => Talk::Verbose(None),
    };
    let name = options::name(args);
    let mut listeners = Listeners {
        collector: Collector::new(library.notes()),
        console: Console::new(
            io::stderr(),
            terminal.stderr,
            terminal.progress,
            library.notes(),
        )
        .with_talk(talk)
        .with_show_options(&again.show),
        gate: gate.as_ref(),
    };
    let judged = runtime.block_on(async {
        let watching = tokio::spawn(interrupt::watch(options.cancel.clone()));
        let judged = agent::run(&agents, &library.catalogue, options, &name, &mut listeners);
        let judged = judged.await;
        watching.abort();
        judged
    });
    let Listeners {
        collector, console, ..
    } = listeners;
    console.finish();
    judged.map_err(|stop| match stop {
        AgentStop::Scenarios(problems) => Trouble::Files(problems),
        other => Trouble::Agent(other),
    })?;
    let mut result = collector.finish().ok_or(Trouble::NothingRan)?;
    result.again = again;
    if let Some(least) = args.fail_on {
        result.fail_on(least);
    }
    if let Some(gate) = &gate {
        gate.compare(&mut result);
    }
    run::conclude(&result, &out, args.quiet, args.format, terminal)
}

impl AgentStop {
    /// Who is at fault: what was typed, or the kit.
    pub(super) const fn exit(&self) -> Exit {
        match self {
            Self::Command(_) | Self::Scenarios(_) => Exit::WrongInput,
            Self::Kit(_) => Exit::Incomplete,
        }
    }
}
