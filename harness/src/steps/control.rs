//! Test control: commands, from roles to what the mock calls them; the clock; signing.

use serde_json::{Map, Value, json};

use super::{Prepare, Prepared};
use crate::exchange::RequestSpec;
use crate::fill;
use crate::forge::{Forge, Unforgeable, signing_body};
use crate::scenario::model::{Change, ClientRole, ServerRole, Template, UserRole, ValueTemplate};
use crate::scenario::step::{AdvanceClock, Configured, Control, ControlCommand, Sign};
use crate::targets::RegisteredAuth;

impl Prepare for Control {
    fn prepare(&self, _: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        command(&self.0, forge).map(Prepared::Send)
    }
}

impl Prepare for Sign {
    fn prepare(&self, _: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        let token = fill::text(&self.token, forge.names)?;
        match signing_body(self.by, &token, &self.header, &self.claims, forge) {
            Err(Unforgeable::NotAJwt(..)) if self.may_be_opaque => Err(Unforgeable::Opaque),
            body => request("sign", Some(&body?), forge).map(Prepared::Send),
        }
    }
}

impl Prepare for AdvanceClock {
    fn prepare(&self, _: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        let body = json!({"seconds": self.0.as_secs()});
        request("clock/advance", Some(&body), forge).map(Prepared::Send)
    }
}

/// The request of a command.
fn command(command: &ControlCommand, forge: &Forge<'_>) -> Result<RequestSpec, Unforgeable> {
    use ControlCommand as Command;
    let (path, body) = match command {
        Command::SuspendUser(role) => (format!("users/{}/suspend", user(*role, forge)?), None),
        Command::RestoreUser(role) => (format!("users/{}/restore", user(*role, forge)?), None),
        Command::DeactivateAgent(role) => {
            (format!("agents/{}/deactivate", agent(*role, forge)?), None)
        }
        Command::ActivateAgent(role) => (format!("agents/{}/activate", agent(*role, forge)?), None),
        Command::DeactivateConnection(role, resource) => (
            "connections/deactivate".to_owned(),
            Some(connection(*role, resource, forge)?),
        ),
        Command::ActivateConnection(role, resource) => (
            "connections/activate".to_owned(),
            Some(connection(*role, resource, forge)?),
        ),
        Command::GrantConsent(person, role, resource) => (
            "consents/grant".to_owned(),
            Some(consent(*person, *role, resource, forge)?),
        ),
        Command::RefuseConsent(person, role, resource) => (
            "consents/refuse".to_owned(),
            Some(consent(*person, *role, resource, forge)?),
        ),
        Command::WithdrawConsent(person, role, resource) => (
            "consents/withdraw".to_owned(),
            Some(consent(*person, *role, resource, forge)?),
        ),
        Command::RotateKey(role) => {
            let issuer = &forge.server(*role)?.issuer;
            ("keys/rotate".to_owned(), Some(json!({"issuer": issuer})))
        }
        Command::Configure(what, members) => {
            let change = configuration(*what, members, forge)?;
            let request = forge
                .deployment
                .control_request("PATCH", "org", Some(&change));
            return request.ok_or(Unforgeable::Undescribed("test control", "control"));
        }
        Command::PublishKeys { at, keys, of, with } => {
            let at = fill::text(at, forge.names)?;
            let mut all = match of {
                Some(role) => vec![public_key(*role, with, forge)?],
                None => Vec::new(),
            };
            match keys
                .as_ref()
                .map(|keys| fill::json(keys, forge.names))
                .transpose()?
            {
                Some(Value::Array(written)) => all.extend(written),
                other => all.extend(other),
            }
            let body = json!({"jwks_uri": at, "keys": all});
            ("keys/publish".to_owned(), Some(body))
        }
    };
    request(&path, body.as_ref(), forge)
}

/// The key of a client as it would publish it, with these members instead of its own.
fn public_key(
    role: ClientRole,
    with: &[(String, ValueTemplate)],
    forge: &Forge<'_>,
) -> Result<Value, Unforgeable> {
    let RegisteredAuth::PrivateKeyJwt(key) = &forge.client(role)?.auth else {
        return Err(Unforgeable::Undescribed("key of the client", role.as_str()));
    };
    let mut jwk = key.key.public_jwk();
    jwk.insert("use".to_owned(), "sig".into());
    jwk.insert("alg".to_owned(), key.alg.clone().into());
    jwk.extend(key.kid.clone().map(|kid| ("kid".to_owned(), kid.into())));
    for (name, value) in with {
        jwk.insert(name.clone(), fill::json(value, forge.names)?);
    }
    Ok(jwk.into())
}

/// A merge patch of the org file. What is in a list there goes by its id.
fn configuration(
    what: Configured,
    members: &[(String, ValueTemplate)],
    forge: &Forge<'_>,
) -> Result<Value, Unforgeable> {
    let mut change = Map::new();
    for (name, value) in members {
        change.insert(name.clone(), fill::json(value, forge.names)?);
    }
    let mut entry = |section: &str, id: &str| {
        change.insert("id".to_owned(), id.into());
        json!({section: [change]})
    };
    Ok(match what {
        Configured::Client(role) => {
            let id = agent(role, forge)?;
            // Agents' ids begin with `wlp`, those of other apps with `0oa` (okta.md).
            let section = if id.starts_with("wlp") {
                "agents"
            } else {
                "apps"
            };
            entry(section, &id)
        }
        Configured::Server(ServerRole::Org) => json!({"org": change}),
        Configured::Server(role) => {
            let issuer = &forge.server(role)?.issuer;
            let id = issuer.trim_end_matches('/').rsplit('/').next();
            let id = id.unwrap_or_default();
            entry("authorization_servers", id)
        }
        Configured::Behaviours => json!({"behaviours": change}),
    })
}

fn request(
    path: &str,
    body: Option<&Value>,
    forge: &Forge<'_>,
) -> Result<RequestSpec, Unforgeable> {
    let request = forge.deployment.control_request("POST", path, body);
    request.ok_or(Unforgeable::Undescribed("test control", "control"))
}

fn user(role: UserRole, forge: &Forge<'_>) -> Result<String, Unforgeable> {
    let user = forge.deployment.users.get(&role);
    let user = user.ok_or(Unforgeable::Undescribed("user", role.as_str()))?;
    Ok(user.id.clone().unwrap_or_else(|| user.login.clone()))
}

fn agent(role: ClientRole, forge: &Forge<'_>) -> Result<String, Unforgeable> {
    Ok(forge.client(role)?.client_id.clone())
}

fn connection(
    role: ClientRole,
    resource: &Template,
    forge: &Forge<'_>,
) -> Result<Value, Unforgeable> {
    let resource = fill::text(resource, forge.names)?;
    Ok(json!({"agent": agent(role, forge)?, "resource": resource}))
}

fn consent(
    person: UserRole,
    role: ClientRole,
    resource: &Template,
    forge: &Forge<'_>,
) -> Result<Value, Unforgeable> {
    let mut body = connection(role, resource, forge)?;
    body["user"] = user(person, forge)?.into();
    Ok(body)
}
