//! The agent's resource connection: what it may reach, and whether that is switched on.

use crate::behaviour::{AudienceMissing, ConnectionResource, SeveralTargets};
use crate::context::Context;
use crate::keys::ServerName;
use crate::org::{
    Client, ConnectionTarget, CustomServer, Org, ResourceConnection, ScopeCondition,
    ServiceAccount, Status, ThirdParty, VaultedSecret,
};
use crate::refusal::{Refusal, Refused};
use crate::variation::Variation;

use super::{parameters, resource};

/// A connection to a custom authorization server that may be used.
#[derive(Debug, Clone, Copy)]
pub struct ServerConnection<'a> {
    /// The server.
    pub server: &'a CustomServer,
    /// Scopes on the connection.
    pub scopes: &'a ScopeCondition,
    /// The connection itself.
    pub connection: &'a ResourceConnection,
}

/// What a connection of another type leads to.
#[derive(Debug, Clone, Copy)]
pub enum Resource<'a> {
    /// A secret in the vault.
    Secret(&'a VaultedSecret),
    /// A service account in the vault.
    ServiceAccount(&'a ServiceAccount),
    /// A third party.
    ThirdParty {
        /// Which.
        third_party: &'a ThirdParty,
        /// Scopes asked of it.
        scopes: &'a [String],
        /// The connection itself.
        connection: &'a ResourceConnection,
    },
}

/// What a `requested_token_type` wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// `…:vaulted-secret`
    Secret,
    /// `…:service-account`
    ServiceAccount,
    /// `…:oauth-sts`
    ThirdParty,
}

/// Judges `audience`: the issuer of exactly one custom authorization server that the agent is connected to.
///
/// # Errors
/// `missing_token_request_parameter`, `token_exchange_invalid_audience`,
/// `token_exchange_incomplete_resource_configuration`
pub fn judge_audience<'a>(
    cx: &mut Context<'a>,
    agent: &Client,
) -> Result<ServerConnection<'a>, Refused> {
    let audience = match cx.behaviours().audience_missing {
        AudienceMissing::InvalidRequest => parameters::required(cx, "audience")?,
        AudienceMissing::InvalidTarget => {
            let sent = cx.form().get("audience");
            cx.gate.some(sent, Refusal::InvalidAudience)?
        }
    };
    let single = at_most_one(cx, "audience");
    cx.gate.require(single, Refusal::InvalidAudience)?;
    let (org, issuers) = (cx.org, cx.issuers);
    let is_alias = org.connections_of(&agent.id).any(|connection| {
        matches!(&connection.target, ConnectionTarget::CustomServer { server, .. }
            if org.custom_servers.get(server).is_some_and(|server| server.audience == audience))
    });
    let by_alias = is_alias && cx.gate.varies(Variation::AudienceAlias);
    let found = org
        .connections_of(&agent.id)
        .find_map(|connection| match &connection.target {
            ConnectionTarget::CustomServer { server, scopes } => {
                let right = issuers.of(&ServerName::Custom(server.clone())) == audience;
                let server = org.custom_servers.get(server)?;
                let right = right || (by_alias && server.audience == audience);
                right.then_some(ServerConnection {
                    server,
                    scopes,
                    connection,
                })
            }
            _ => None,
        });
    let found = cx.gate.some(found, Refusal::InvalidAudience)?;
    let active = found.connection.status == Status::Active && found.server.status == Status::Active;
    cx.gate.require(active, Refusal::IncompleteResource)?;
    Ok(found)
}

/// Judges the optional `resource` beside an `audience`: it must be the connection's own, or an API that takes the tokens of
/// the connection's server.
///
/// # Errors
/// `too_many_resources`, `token_exchange_invalid_resource`
pub fn judge_resource_of_audience<'a>(
    cx: &mut Context<'a>,
    connection: ServerConnection<'_>,
) -> Result<Option<&'a str>, Refused> {
    let single = at_most_one(cx, "resource");
    cx.gate.require(single, Refusal::TooManyResources)?;
    let asked = cx.form().get("resource");
    let own = asked.is_none_or(|asked| {
        connection.connection.resource_indicator.as_deref() == Some(asked)
            || resource::is_api(cx, connection.server, asked)
    });
    cx.gate.require(own, Refusal::InvalidResource)?;
    Ok(asked)
}

/// Judges `resource` where it alone names the target.
///
/// # Errors
/// `missing_token_request_parameter`, `too_many_resources`, `token_exchange_invalid_resource`,
/// `unsupported_resource`, `token_exchange_incomplete_resource_configuration`
pub fn judge_resource<'a>(
    cx: &mut Context<'a>,
    agent: &Client,
    wanted: Wanted,
) -> Result<Resource<'a>, Refused> {
    let resource = parameters::required(cx, "resource")?;
    let single = at_most_one(cx, "resource");
    cx.gate.require(single, Refusal::TooManyResources)?;
    let org = cx.org;
    let orn_only = cx.behaviours().connection_resource == ConnectionResource::Orn;
    let found = org
        .connections_of(&agent.id)
        .filter(|connection| names(org, connection, resource, orn_only))
        .find_map(|connection| Some((connection, leads_to(org, connection)?)));
    let (connection, target) = cx.gate.some(found, Refusal::InvalidResource)?;
    let fits = matches!(
        (wanted, &target),
        (Wanted::Secret, Resource::Secret(_))
            | (Wanted::ServiceAccount, Resource::ServiceAccount(_))
            | (Wanted::ThirdParty, Resource::ThirdParty { .. })
    );
    cx.gate.require(fits, Refusal::UnsupportedResource)?;
    cx.gate.require(
        connection.status == Status::Active,
        Refusal::IncompleteResource,
    )?;
    Ok(target)
}

/// Several targets never lead to a token for more than one, so they lead to none, or only the first one counts.
fn at_most_one(cx: &Context<'_>, name: &str) -> bool {
    let first_counts = cx.behaviours().several_targets == SeveralTargets::First;
    first_counts || cx.form().all(name).count() <= 1
}

/// Whether `resource` names this connection: by ORN, or by the connection's resource indicator.
fn names(org: &Org, connection: &ResourceConnection, resource: &str, orn_only: bool) -> bool {
    let orn = match &connection.target {
        ConnectionTarget::Secret { secret } => {
            org.secrets.get(secret).map(|secret| secret.orn.as_str())
        }
        ConnectionTarget::ServiceAccount { service_account } => org
            .service_accounts
            .get(service_account)
            .map(|account| account.orn.as_str()),
        ConnectionTarget::ThirdParty { .. } | ConnectionTarget::CustomServer { .. } => None,
    };
    let by_indicator = connection.resource_indicator.as_deref() == Some(resource);
    orn == Some(resource) || (by_indicator && (orn.is_none() || !orn_only))
}

fn leads_to<'a>(org: &'a Org, connection: &'a ResourceConnection) -> Option<Resource<'a>> {
    match &connection.target {
        ConnectionTarget::CustomServer { .. } => None,
        ConnectionTarget::Secret { secret } => org.secrets.get(secret).map(Resource::Secret),
        ConnectionTarget::ServiceAccount { service_account } => org
            .service_accounts
            .get(service_account)
            .map(Resource::ServiceAccount),
        ConnectionTarget::ThirdParty {
            third_party,
            scopes,
        } => org
            .third_parties
            .get(third_party)
            .map(|third_party| Resource::ThirdParty {
                third_party,
                scopes,
                connection,
            }),
    }
}
