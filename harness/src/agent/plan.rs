//! How an agent is run: its command, who signs in, how many cases at once.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::requirement::Profiles;
use crate::scenario::agent::model::AgentClient;
use crate::scenario::model::{Edition, ResourceType};

/// A program and its arguments.
#[derive(Debug, Clone)]
pub struct Command {
    /// As it is looked up on `PATH`.
    pub program: OsString,
    /// In order.
    pub arguments: Vec<OsString>,
}

/// How the user's ID token comes to the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// It is handed over in the settings, as a linked web app would.
    Given,
    /// The agent signs the user in, and the authorization endpoint answers as for a browser that is signed in.
    Auto,
    /// The agent signs the user in, in a browser that the kit plays.
    Browser,
    /// The agent is a web app: the user begins at this address.
    StartUrl(String),
}

impl SignIn {
    /// Whether the agent runs the code flow itself.
    pub const fn is_by_agent(&self) -> bool {
        !matches!(self, Self::Given)
    }

    /// Whether the kit plays the browser.
    pub const fn has_browser(&self) -> bool {
        matches!(self, Self::Browser | Self::StartUrl(_))
    }
}

/// How an agent that runs already is asked to do its task.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// A command for the shell; the settings are in its environment.
    pub command: String,
}

/// How to judge an agent.
#[derive(Debug, Clone)]
pub struct AgentOptions {
    /// The command; `None` for an agent that runs already.
    pub command: Option<Command>,
    /// Asks an agent that runs already.
    pub trigger: Option<Trigger>,
    /// The one port of an org that an agent that runs already knows.
    pub port: Option<u16>,
    /// The redirect URI of an agent that has one of its own.
    pub redirect_uri: Option<String>,
    /// How the user signs in.
    pub sign_in: SignIn,
    /// Whether links at the org that the agent prints are opened as if the user had clicked them.
    pub follow_output: bool,
    /// Tasks that the agent supports.
    pub only: Vec<ResourceType>,
    /// The kinds of client that the agent can be.
    pub clients: Vec<AgentClient>,
    /// Edition of the guide to follow.
    pub edition: Edition,
    /// Profiles to judge by.
    pub profiles: Profiles,
    /// Whether the org speaks https.
    pub tls: bool,
    /// The folder in which the command runs; that of this process without it.
    pub folder: Option<PathBuf>,
    /// Further variables: name and template.
    pub env: Vec<(String, String)>,
    /// Further arguments: templates.
    pub arguments: Vec<String>,
    /// Cases at once.
    pub jobs: usize,
    /// Longest time of one case.
    pub timeout: Duration,
    /// Stop at the first failure.
    pub fail_fast: bool,
    /// Ends the run from outside.
    pub cancel: CancellationToken,
}

/// The tasks an agent can have, in the guide's order.
pub(super) const TASKS: [ResourceType; 4] = [
    ResourceType::AuthorizationServer,
    ResourceType::Secret,
    ResourceType::ServiceAccount,
    ResourceType::ResourceServer,
];

impl AgentOptions {
    /// The client that the agent is where a case says nothing else.
    pub fn client(&self) -> AgentClient {
        self.clients.first().copied().unwrap_or(AgentClient::Rs256)
    }

    /// Tasks that the agent supports, in the guide's order.
    pub fn tasks(&self) -> Vec<ResourceType> {
        let supports = |task: &ResourceType| self.only.is_empty() || self.only.contains(task);
        TASKS.into_iter().filter(supports).collect()
    }
}
