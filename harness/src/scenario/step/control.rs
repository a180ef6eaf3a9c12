//! `control`: one command of the test control.

use std::collections::BTreeSet;

use strict_yaml::{Problem, Problems};

use super::written::{KindForm, Written};
use super::{Action, Description, Effect, StepKind};
use crate::scenario::form::{Named, form};
use crate::scenario::model::{
    Authentication, Capability, ClientRole, ServerRole, StateChange, Template, UserRole,
    ValueTemplate,
};
use crate::scenario::visit;

/// A command of the test control.
#[derive(Debug, Clone)]
pub struct Control(pub ControlCommand);

/// Test control, in the roles of the scenario.
#[derive(Debug, Clone)]
pub enum ControlCommand {
    /// The user can no longer act.
    SuspendUser(UserRole),
    /// Undoes it.
    RestoreUser(UserRole),
    /// The agent can no longer act.
    DeactivateAgent(ClientRole),
    /// Undoes it.
    ActivateAgent(ClientRole),
    /// One resource connection of an agent.
    DeactivateConnection(ClientRole, Template),
    /// Undoes it.
    ActivateConnection(ClientRole, Template),
    /// As if the user had consented at the third party.
    GrantConsent(UserRole, ClientRole, Template),
    /// As if the user had refused.
    RefuseConsent(UserRole, ClientRole, Template),
    /// The third party's grant is gone.
    WithdrawConsent(UserRole, ClientRole, Template),
    /// A new signing key.
    RotateKey(ServerRole),
    /// Members of the org file that are changed; null removes one.
    Configure(Configured, Vec<(String, ValueTemplate)>),
    /// Keys that a client publishes at its `jwks_uri`.
    PublishKeys {
        /// The `jwks_uri`.
        at: Template,
        /// A list of JWKs, right or wrong.
        keys: Option<ValueTemplate>,
        /// The client whose own public key is the first of them.
        of: Option<ClientRole>,
        /// Members that this key has instead of its own.
        with: Vec<(String, ValueTemplate)>,
    },
}

/// What is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Configured {
    /// A client.
    Client(ClientRole),
    /// A custom authorization server, or the org itself.
    Server(ServerRole),
    /// What public sources leave open.
    Behaviours,
}

form! {
    /// `control`
    ControlForm, "a control step", "control" {
        /// The user can no longer act.
        optional suspend_user: UserRole,
        /// Undoes `suspend_user`.
        optional restore_user: UserRole,
        /// The agent can no longer act.
        optional deactivate_agent: ClientRole,
        /// Undoes `deactivate_agent`.
        optional activate_agent: ClientRole,
        /// One resource connection of an agent no longer counts.
        optional deactivate_connection: ConnectionForm,
        /// Undoes `deactivate_connection`.
        optional activate_connection: ConnectionForm,
        /// As if the user had consented at the third party.
        optional grant_consent: GrantForm,
        /// As if the user had refused.
        optional refuse_consent: GrantForm,
        /// The third party's grant is gone.
        optional withdraw_consent: GrantForm,
        /// The server signs with a new key.
        optional rotate_key: ServerRole,
        /// The client is registered differently from now on.
        optional configure_client: ClientForm,
        /// The authorization server is configured differently from now on; `org` is the org itself.
        optional configure_server: ServerForm,
        /// Behaviours that public sources leave open, by name: what the org does from now on.
        optional switches was "turn": Named<ValueTemplate>,
        /// A client's `jwks_uri` has these keys from now on.
        optional publish_keys: PublishForm,
    }
}

form! {
    /// A client's registration.
    ClientForm, "a client's registration", "configure-client" {
        /// Which.
        required client: ClientRole,
        /// Members as an org file has them; null removes one.
        required with: Named<ValueTemplate>,
    }
}

form! {
    /// A server's configuration.
    ServerForm, "a server's configuration", "configure-server" {
        /// Which.
        required server: ServerRole,
        /// Members as an org file has them; null removes one.
        required with: Named<ValueTemplate>,
    }
}

form! {
    /// Published keys.
    PublishForm, "published keys", "publish" {
        /// The `jwks_uri` of a client.
        required jwks_uri: Template,
        /// A list of JWKs, right or wrong.
        optional keys: ValueTemplate,
        /// The client whose own public key is published.
        optional of: ClientRole,
        /// Members that its key has instead of its own.
        optional with: Named<ValueTemplate>,
    }
}

form! {
    /// A resource connection.
    ConnectionForm, "a connection", "connection" {
        /// Whose.
        required agent: ClientRole,
        /// To what.
        required resource: Template,
    }
}

form! {
    /// A user's consent at a third party.
    GrantForm, "a consent", "grant" {
        /// Whose.
        required user: UserRole,
        /// For which agent.
        required agent: ClientRole,
        /// To what.
        required resource: Template,
    }
}

impl KindForm for ControlForm {
    fn action(self, problems: &mut Problems) -> Action {
        let connection =
            |form: ConnectionForm, make: fn(ClientRole, Template) -> ControlCommand| {
                make(
                    form.agent.unwrap_or(ClientRole::Agent),
                    form.resource.unwrap_or_default(),
                )
            };
        let grant =
            |form: GrantForm, make: fn(UserRole, ClientRole, Template) -> ControlCommand| {
                let agent = form.agent.unwrap_or(ClientRole::Agent);
                make(
                    form.user.unwrap_or(UserRole::Ada),
                    agent,
                    form.resource.unwrap_or_default(),
                )
            };
        let written = [
            self.suspend_user.map(ControlCommand::SuspendUser),
            self.restore_user.map(ControlCommand::RestoreUser),
            self.deactivate_agent.map(ControlCommand::DeactivateAgent),
            self.activate_agent.map(ControlCommand::ActivateAgent),
            self.deactivate_connection
                .map(|form| connection(form, ControlCommand::DeactivateConnection)),
            self.activate_connection
                .map(|form| connection(form, ControlCommand::ActivateConnection)),
            self.grant_consent
                .map(|form| grant(form, ControlCommand::GrantConsent)),
            self.refuse_consent
                .map(|form| grant(form, ControlCommand::RefuseConsent)),
            self.withdraw_consent
                .map(|form| grant(form, ControlCommand::WithdrawConsent)),
            self.rotate_key.map(ControlCommand::RotateKey),
            self.configure_client.map(|form| {
                let client = form.client.unwrap_or(ClientRole::Agent);
                configure(Configured::Client(client), form.with)
            }),
            self.configure_server.map(|form| {
                let server = form.server.unwrap_or(ServerRole::Org);
                configure(Configured::Server(server), form.with)
            }),
            self.switches
                .map(|switches| configure(Configured::Behaviours, Some(switches))),
            self.publish_keys.map(|form| ControlCommand::PublishKeys {
                at: form.jwks_uri.unwrap_or_default(),
                keys: form.keys,
                of: form.of,
                with: form.with.unwrap_or_default().into_pairs(),
            }),
        ];
        let mut commands = written.into_iter().flatten();
        let first = commands.next();
        if commands.next().is_some() {
            problems.push(
                Problem::new(self.place, "a control step gives one command")
                    .help("make a step of each command"),
            );
        } else if first.is_none() && !problems.any_within(self.place) {
            problems.push(
                Problem::new(self.place, "this control step gives no command")
                    .help("for example `suspend_user: ada`"),
            );
        }
        Control(first.unwrap_or(ControlCommand::RestoreUser(UserRole::Ada))).into()
    }
}

fn configure(what: Configured, with: Option<Named<ValueTemplate>>) -> ControlCommand {
    ControlCommand::Configure(what, with.unwrap_or_default().into_pairs())
}

impl Control {
    pub(super) const WRITTEN: &[Written] = &[Written::of::<ControlForm>(
        "control",
        "A command of the test control.",
    )];
}

impl StepKind for Control {
    fn name(&self) -> &'static str {
        "control"
    }

    fn templates(&self) -> Vec<&Template> {
        self.0.templates()
    }

    fn needs(&self, needs: &mut BTreeSet<Capability>) {
        needs.insert(Capability::Control);
        self.0.needs(needs);
    }

    fn describe(&self) -> Description {
        Description {
            summary: format!("test control: {}", self.0.summary()),
            details: self.0.details(),
        }
    }

    fn is_exclusive(&self) -> bool {
        true
    }

    fn state_changes(&self) -> Vec<StateChange> {
        vec![self.0.state_change()]
    }

    fn effect(&self) -> Option<Effect> {
        match self.0 {
            ControlCommand::RotateKey(server) => Some(Effect::KeysRotated(server)),
            _ => None,
        }
    }
}

impl ControlCommand {
    const fn state_change(&self) -> StateChange {
        match self {
            Self::SuspendUser(_) | Self::RestoreUser(_) => StateChange::Users,
            Self::DeactivateAgent(_)
            | Self::ActivateAgent(_)
            | Self::DeactivateConnection(..)
            | Self::ActivateConnection(..) => StateChange::Agents,
            Self::GrantConsent(..) | Self::RefuseConsent(..) | Self::WithdrawConsent(..) => {
                StateChange::Consent
            }
            Self::RotateKey(_) => StateChange::KeyRotation,
            Self::Configure(..) | Self::PublishKeys { .. } => StateChange::Configuration,
        }
    }

    /// In words.
    fn summary(&self) -> String {
        match self {
            Self::SuspendUser(user) => format!("suspend {user}"),
            Self::RestoreUser(user) => format!("restore {user}"),
            Self::DeactivateAgent(agent) => format!("deactivate {agent}"),
            Self::ActivateAgent(agent) => format!("activate {agent}"),
            Self::DeactivateConnection(agent, resource) => {
                format!("deactivate the connection of {agent} to {resource}")
            }
            Self::ActivateConnection(agent, resource) => {
                format!("activate the connection of {agent} to {resource}")
            }
            Self::GrantConsent(user, agent, resource) => {
                format!("{user} has consented that {agent} uses {resource}")
            }
            Self::RefuseConsent(user, agent, resource) => {
                format!("{user} has refused that {agent} uses {resource}")
            }
            Self::WithdrawConsent(user, agent, resource) => {
                format!("{user} no longer consents that {agent} uses {resource}")
            }
            Self::RotateKey(server) => format!("a new signing key for {server}"),
            Self::Configure(Configured::Client(client), _) => {
                format!("{client} is registered differently from now on")
            }
            Self::Configure(Configured::Server(server), _) => {
                format!("{server} is configured differently from now on")
            }
            Self::Configure(Configured::Behaviours, _) => {
                "the org decides differently what public sources leave open".to_owned()
            }
            Self::PublishKeys { at, .. } => format!("other keys are published at {at}"),
        }
    }

    /// What it changes, row by row.
    fn details(&self) -> Vec<(String, String)> {
        match self {
            Self::Configure(_, members) => members
                .iter()
                .map(|(name, value)| match value {
                    ValueTemplate::Null => (name.clone(), "removed".to_owned()),
                    value => (name.clone(), value.to_string()),
                })
                .collect(),
            Self::PublishKeys { keys, of, with, .. } => {
                let own = of.map(|client| format!("the public key of {client}"));
                let other = with
                    .iter()
                    .map(|(name, value)| format!("with {name} {value}"));
                let written = keys.as_ref().map(ToString::to_string);
                let rows = own.into_iter().chain(other).chain(written);
                rows.map(|row| ("keys".to_owned(), row)).collect()
            }
            Self::SuspendUser(_)
            | Self::RestoreUser(_)
            | Self::DeactivateAgent(_)
            | Self::ActivateAgent(_)
            | Self::DeactivateConnection(..)
            | Self::ActivateConnection(..)
            | Self::GrantConsent(..)
            | Self::RefuseConsent(..)
            | Self::WithdrawConsent(..)
            | Self::RotateKey(_) => Vec::new(),
        }
    }

    /// Its templates.
    fn templates(&self) -> Vec<&Template> {
        let mut found = Vec::new();
        match self {
            Self::SuspendUser(_)
            | Self::RestoreUser(_)
            | Self::DeactivateAgent(_)
            | Self::ActivateAgent(_)
            | Self::RotateKey(_) => {}
            Self::DeactivateConnection(_, resource)
            | Self::ActivateConnection(_, resource)
            | Self::GrantConsent(_, _, resource)
            | Self::RefuseConsent(_, _, resource)
            | Self::WithdrawConsent(_, _, resource) => found.push(resource),
            Self::Configure(_, members) => {
                for (_, member) in members {
                    visit::value(member, &mut found);
                }
            }
            Self::PublishKeys { at, keys, with, .. } => {
                found.push(at);
                for (_, member) in with {
                    visit::value(member, &mut found);
                }
                if let Some(keys) = keys {
                    visit::value(keys, &mut found);
                }
            }
        }
        found
    }

    /// Adds the roles that a target must know.
    fn needs(&self, needs: &mut BTreeSet<Capability>) {
        match self {
            Self::SuspendUser(user) | Self::RestoreUser(user) => {
                needs.insert(Capability::knows_user(*user));
            }
            Self::DeactivateAgent(agent)
            | Self::ActivateAgent(agent)
            | Self::DeactivateConnection(agent, _)
            | Self::ActivateConnection(agent, _) => {
                needs.insert(Capability::knows_client(*agent));
            }
            Self::GrantConsent(user, agent, _)
            | Self::RefuseConsent(user, agent, _)
            | Self::WithdrawConsent(user, agent, _) => {
                needs.insert(Capability::knows_user(*user));
                needs.insert(Capability::knows_client(*agent));
            }
            Self::RotateKey(server) | Self::Configure(Configured::Server(server), _) => {
                needs.insert(Capability::knows_server(*server));
            }
            Self::Configure(Configured::Client(client), _) => {
                needs.insert(Capability::knows_client(*client));
            }
            Self::PublishKeys { of, .. } => {
                if let Some(client) = of {
                    needs.insert(Capability::knows_client(*client));
                    needs.insert(Capability::Authenticates(
                        *client,
                        Authentication::Assertion,
                    ));
                }
            }
            Self::Configure(Configured::Behaviours, _) => {}
        }
    }
}
