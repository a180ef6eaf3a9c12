//! Plays the user beside an agent that runs, and says when its work is done.

use std::time::{Duration, Instant};

use super::browser::BrowserCommands;
use super::plan::{AgentOptions, SignIn};
use super::process::Running;
use super::user::User;
use crate::targets::{AgentOrg, Received, origin};

/// How often links that the agent wants opened are looked for.
const LOOK: Duration = Duration::from_millis(10);
/// An agent that goes on running has done its work once nothing has arrived for so long: after it reached its purpose, otherwise,
/// and where answers are late or it is asked to wait.
const IDLE_AT_PURPOSE: Duration = Duration::from_millis(500);
const IDLE: Duration = Duration::from_secs(2);
const IDLE_IN_TROUBLE: Duration = Duration::from_secs(6);
/// How long a web app may take until it answers at its start address.
const START_UP: Duration = Duration::from_secs(20);

/// Plays the user while the agent runs: until it has ended, the deadline has come, or an agent that goes on running is idle.
/// What comes back are the links that it wanted opened, and why one could not be.
pub(super) async fn attend(
    running: &mut Running,
    user: &mut User,
    browser: &BrowserCommands,
    org: &AgentOrg,
    options: &AgentOptions,
    idle: &Idle,
    deadline: Instant,
) -> (Vec<String>, Option<String>) {
    let mut opened: Vec<String> = Vec::new();
    let mut printed_links: Vec<String> = Vec::new();
    let mut trouble = None;
    let goes_on = options.command.is_none() || matches!(options.sign_in, SignIn::StartUrl(_));
    if let SignIn::StartUrl(address) = &options.sign_in {
        trouble = begin_at(user, address, deadline).await.err();
    }
    let mut arrived = org.count();
    let mut last = Instant::now();
    let mut has_ended = false;
    loop {
        let new: Vec<String> = browser.links().split_off(opened.len());
        for link in new {
            opened.push(link.clone());
            if origin(&link) == user.org && !printed_links.contains(&link) {
                trouble = within(deadline, user.open(&link)).await.err().or(trouble);
            }
            last = Instant::now();
        }
        for link in links_in(&running.printed.text(), &user.org) {
            let is_wanted = options.follow_output || link.contains("/sts/");
            if is_wanted && !printed_links.contains(&link) && !opened.contains(&link) {
                printed_links.push(link.clone());
                trouble = within(deadline, user.open(&link)).await.err().or(trouble);
                last = Instant::now();
            }
        }
        if org.count() != arrived {
            arrived = org.count();
            last = Instant::now();
        }
        // What it asked for last is still looked at once it has ended.
        if has_ended || Instant::now() >= deadline {
            break;
        }
        has_ended = if goes_on {
            // Whoever asks the agent may wait for its answer.
            let is_asking = options.command.is_none() && running.is_running();
            !is_asking && last.elapsed() > idle.limit(org)
        } else {
            !running.is_running()
        };
        if !has_ended {
            tokio::time::sleep(LOOK).await;
        }
    }
    opened.append(&mut user.visited);
    (opened, trouble)
}

/// How long nothing may arrive until an agent that goes on running has done its work.
pub(super) struct Idle {
    pub(super) is_in_trouble: bool,
    /// Path of the API of the task.
    pub(super) api: String,
}

impl Idle {
    fn limit(&self, org: &AgentOrg) -> Duration {
        let received = org.received();
        let has_reached = |one: &Received| {
            one.endpoint == "protected-resource"
                && one.status == 200
                && one.target.split('?').next() == Some(&self.api)
        };
        if received.iter().any(has_reached) {
            IDLE_AT_PURPOSE
        } else if self.is_in_trouble {
            IDLE_IN_TROUBLE
        } else {
            IDLE
        }
    }
}

async fn within(
    deadline: Instant,
    opening: impl Future<Output = Result<(), String>>,
) -> Result<(), String> {
    let opened = tokio::time::timeout_at(deadline.into(), opening).await;
    opened.unwrap_or_else(|_| Err("the page did not answer in time".to_owned()))
}

/// Opens the start address of a web app, once it listens.
async fn begin_at(user: &mut User, address: &str, deadline: Instant) -> Result<(), String> {
    let latest = deadline.min(Instant::now() + START_UP);
    loop {
        match within(latest, user.open(address)).await {
            Err(why) if Instant::now() < latest => {
                tokio::time::sleep(Duration::from_millis(100)).await;
                drop(why);
            }
            Err(why) => return Err(format!("{address} cannot be opened: {why}")),
            opened => return opened,
        }
    }
}

/// Links at the org in what was printed.
fn links_in(text: &str, org: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(org) {
        let from = &rest[at..];
        let ends = |character: char| character.is_whitespace() || "\"'<>`|\\)".contains(character);
        let end = from.find(ends).unwrap_or(from.len());
        let link = from[..end]
            .trim_end_matches(['.', ',', ';'])
            .replace("&amp;", "&");
        // Without the end of its line it may not be complete.
        if end < from.len() && link.len() > org.len() + 1 && !links.contains(&link) {
            links.push(link);
        }
        rest = &from[end..];
    }
    links
}
