//! What the command line says of an agent, checked.

use std::fmt::Write as _;
use std::thread;

use tokio_util::sync::CancellationToken;

use super::Args;
use crate::agent::{AgentOptions, Command, SignIn, Trigger};
use crate::cli::Trouble;
use crate::cli::run::NEWEST;
use crate::presentation::curl::shell::quoted;
use crate::requirement::{Profile, Profiles};
use crate::result::Again;
use crate::scenario::agent::model::AgentClient;

/// Cases at once for each processor: most of the time an agent waits.
const JOBS_A_PROCESSOR: usize = 4;

/// Reads the options.
pub(super) fn read(args: &Args) -> Result<AgentOptions, Trouble> {
    let command = args
        .agent
        .split_first()
        .map(|(program, arguments)| Command {
            program: program.clone(),
            arguments: arguments.to_vec(),
        });
    let wrong = |why: &str, help: &str| Trouble::Usage {
        why: why.to_owned(),
        help: help.to_owned(),
    };
    if args.attach && command.is_some() {
        let help = "leave out --attach, or the command";
        return Err(wrong(
            "with --attach the agent runs already, so there is no command to run",
            help,
        ));
    }
    let sign_in = sign_in(&args.sign_in)?;
    let is_asked = args.trigger.is_some() || matches!(sign_in, SignIn::StartUrl(_));
    if args.attach && !is_asked {
        let help = "add --trigger 'curl …', or --sign-in start-url URL";
        return Err(wrong(
            "nothing asks the agent that runs already to do its task",
            help,
        ));
    }
    if command.is_none() && !args.attach && !args.print_env {
        let help = "write it behind two hyphens: atx agent -- python my_agent.py";
        return Err(wrong("there is no command of an agent", help));
    }
    let env = args.env.iter().map(|written| {
        let pair = written.split_once('=').filter(|(name, _)| !name.is_empty());
        pair.map(|(name, text)| (name.to_owned(), text.to_owned()))
            .ok_or_else(|| {
                wrong(
                    &format!("--env {written} is no NAME=TEXT"),
                    "for example --env ISSUER={org.issuer}",
                )
            })
    });
    let profiles = if args.profile.is_empty() {
        vec![Profile::Okta]
    } else {
        args.profile.clone()
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let jobs = args.jobs.map_or(processors * JOBS_A_PROCESSOR, usize::from);
    let one_at_a_time = args.port.is_some()
        || args.redirect_uri.is_some()
        || matches!(sign_in, SignIn::StartUrl(_));
    Ok(AgentOptions {
        command,
        trigger: args.trigger.clone().map(|command| Trigger { command }),
        port: args.port,
        redirect_uri: args.redirect_uri.clone(),
        sign_in,
        follow_output: args.follow_output,
        only: args.only.clone(),
        clients: args.client_auth.clone(),
        edition: args.edition.unwrap_or(NEWEST),
        profiles: Profiles::of(profiles),
        tls: args.tls,
        folder: None,
        env: env.collect::<Result<_, _>>()?,
        arguments: args.arguments.clone(),
        jobs: if one_at_a_time { 1 } else { jobs },
        timeout: args.timeout,
        fail_fast: args.fail_fast,
        cancel: CancellationToken::new(),
    })
}

fn sign_in(written: &[String]) -> Result<SignIn, Trouble> {
    let words: Vec<&str> = written.iter().map(String::as_str).collect();
    Ok(match words[..] {
        ["given"] => SignIn::Given,
        ["auto"] => SignIn::Auto,
        ["browser"] => SignIn::Browser,
        ["start-url", url] if url::Url::parse(url).is_ok() => SignIn::StartUrl(url.to_owned()),
        _ => {
            return Err(Trouble::Usage {
                why: format!("`--sign-in {}` is no way to sign in", words.join(" ")),
                help:
                    "write given, auto, browser, or start-url and the address at which users begin"
                        .to_owned(),
            });
        }
    })
}

/// What reports call the agent: its program.
pub(super) fn name(args: &Args) -> String {
    let words: Vec<_> = args
        .agent
        .iter()
        .map(|word| word.to_string_lossy())
        .collect();
    if words.is_empty() {
        "the attached agent".to_owned()
    } else {
        words.join(" ")
    }
}

/// The options that repeat the run, and the command behind them.
pub(super) fn again(args: &Args) -> Again {
    let mut run = String::new();
    if args.sign_in != ["browser"] {
        let words: Vec<_> = args.sign_in.iter().map(|word| quoted(word)).collect();
        let _ = write!(run, " --sign-in {}", words.join(" "));
    }
    let mut add = |option: &str, value: &str| {
        let _ = write!(run, " {option} {}", quoted(value));
    };
    for task in &args.only {
        add("--only", task.as_str());
    }
    if args.client_auth != [AgentClient::Rs256] {
        let kinds: Vec<_> = args.client_auth.iter().map(|kind| kind.as_str()).collect();
        add("--client-auth", &kinds.join(","));
    }
    if let Some(file) = &args.baseline {
        add("--baseline", &file.display().to_string());
    }
    if let Some(edition) = args.edition {
        add("--edition", edition.as_str());
    }
    for profile in &args.profile {
        add("--profile", profile.as_str());
    }
    for env in &args.env {
        add("--env", env);
    }
    for argument in &args.arguments {
        add("--arg", argument);
    }
    if let Some(trigger) = &args.trigger {
        add("--trigger", trigger);
    }
    if let Some(port) = args.port {
        add("--port", &port.to_string());
    }
    if let Some(uri) = &args.redirect_uri {
        add("--redirect-uri", uri);
    }
    let scenarios = args.scenarios.as_ref();
    let show =
        scenarios.map(|path| format!(" --scenarios {}", quoted(&path.display().to_string())));
    let show = show.unwrap_or_default();
    run.push_str(&show);
    for (is_set, option) in [
        (args.tls, " --tls"),
        (args.follow_output, " --follow-output"),
        (args.attach, " --attach"),
    ] {
        if is_set {
            run.push_str(option);
        }
    }
    if !args.agent.is_empty() {
        run.push_str(" --");
        for word in &args.agent {
            run.push(' ');
            run.push_str(&quoted(&word.to_string_lossy()));
        }
    }
    Again { run, show }
}
