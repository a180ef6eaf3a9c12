//! `control`: one command of the test control; `sign`: a JWT signed with the key of a server.

use strict_yaml::{Problem, Problems};

use super::KindForm;
use crate::scenario::form::{Named, form};
use crate::scenario::model::{
    Action, ClaimChange, ClientRole, Configured, ControlCommand, ServerRole, Template, UserRole,
    ValueTemplate,
};

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
        /// Behaviours that public sources leave open, by name.
        optional turn: Named<ValueTemplate>,
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
    /// `sign`
    SignForm, "a sign step", "sign" {
        /// The server whose key signs.
        required by: ServerRole,
        /// The JWT it is made of.
        required token: Template,
        /// The token is an access token, which need not be a JWT: where it is none, the case is skipped.
        optional opaque: bool,
        /// Members of the header; `alg` and `kid` are those of the key.
        optional header: Named<ClaimChange>,
        /// Claims.
        optional claims: Named<ClaimChange>,
    }
}

impl KindForm for SignForm {
    fn action(self, _: &mut Problems) -> Action {
        Action::Sign {
            by: self.by.unwrap_or(ServerRole::Org),
            token: self.token.unwrap_or_default(),
            may_be_opaque: self.opaque.unwrap_or(false),
            header: self.header.unwrap_or_default().into_pairs(),
            claims: self.claims.unwrap_or_default().into_pairs(),
        }
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
            self.turn
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
        Action::Control(first.unwrap_or(ControlCommand::RestoreUser(UserRole::Ada)))
    }
}

fn configure(what: Configured, with: Option<Named<ValueTemplate>>) -> ControlCommand {
    ControlCommand::Configure(what, with.unwrap_or_default().into_pairs())
}
