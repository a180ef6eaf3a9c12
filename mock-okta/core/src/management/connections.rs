//! Resource connections of an agent (`…/ai-agents/{id}/connections`).

use serde_json::{Map, Value, json};

use super::agents::{self, PAGING};
use super::ids::{derived, orn};
use super::page::{Paging, page};
use crate::api_error::ApiError;
use crate::context::{Context, Outcome};
use crate::keys::ServerName;
use crate::org::{ConnectionTarget, ResourceConnection, ScopeCondition};

/// All connections of an agent.
pub(super) fn list(cx: &Context<'_>, agent: &str) -> Result<Outcome, ApiError> {
    let agent = agents::find(cx.org, agent)?;
    let connections = cx.org.connections_of(&agent.id);
    let connections = connections.map(|one| (one.id.as_str().to_owned(), to_json(cx, one)));
    let paging = Paging {
        filter: "filter",
        ..PAGING
    };
    page(cx, paging, connections.collect())
}

/// One connection.
pub(super) fn get(cx: &Context<'_>, agent: &str, id: &str) -> Result<Value, ApiError> {
    let agent = agents::find(cx.org, agent)?;
    let mut connections = cx.org.connections_of(&agent.id);
    let found = connections.find(|one| one.id.as_str() == id);
    let found = found.ok_or_else(|| ApiError::not_found(id, "Connection"))?;
    Ok(to_json(cx, found))
}

fn to_json(cx: &Context<'_>, one: &ResourceConnection) -> Value {
    let org = cx.org;
    let (id, agent) = (one.id.as_str(), one.agent.as_str());
    let mut members = Map::new();
    let mut set = |name: &str, value: Value| {
        members.insert(name.to_owned(), value);
    };
    set("id", id.into());
    set("orn", orn(org, "connections", id).into());
    set("connectionType", one.target.type_name().into());
    set("status", one.status.as_str().into());
    match &one.target {
        ConnectionTarget::CustomServer { server, scopes } => {
            let name = org.custom_servers.get(server).map(|server| &server.name);
            let issuer = cx.issuer(&ServerName::Custom(server.clone()));
            let href = format!("/api/v1/authorizationServers/{server}");
            let server = json!({
                "name": name,
                "issuerUrl": issuer,
                "orn": orn(org, "authorization_servers", server.as_str()),
                "_links": { "self": { "href": href } },
            });
            set("authorizationServer", server);
            set("scopeCondition", scopes.as_str().into());
            let listed = match scopes {
                ScopeCondition::All => json!(["*"]),
                ScopeCondition::IncludeOnly(scopes) | ScopeCondition::Exclude(scopes) => {
                    json!(scopes)
                }
            };
            set("scopes", listed);
        }
        ConnectionTarget::Secret { secret } => {
            let secret = org.secrets.get(secret);
            let secret = secret.map(|one| json!({ "name": one.name, "orn": one.orn }));
            set("secret", secret.unwrap_or_default());
        }
        ConnectionTarget::ServiceAccount { service_account } => {
            let account = org.service_accounts.get(service_account);
            let app = account.and_then(|one| app_of(&org.id, &one.orn));
            let account = account.map(|one| json!({ "name": one.name, "orn": one.orn }));
            set("serviceAccount", account.unwrap_or_default());
            if let Some(app) = app {
                set("app", json!({ "orn": app }));
            }
        }
        ConnectionTarget::ThirdParty { third_party, .. } => {
            // Which scopes are asked of the third party stands in its settings, not here.
            let name = org.third_parties.get(third_party).map(|one| &one.name);
            let settings = derived("cas", &[third_party.as_str()]);
            let resource = json!({
                "name": name,
                "resourceType": "API_SERVER",
                "orn": orn(org, "client-auth-settings", &settings),
            });
            set("resource", resource);
        }
    }
    if let Some(indicator) = indicator(cx, one) {
        set("resourceIndicator", indicator.into());
    }
    let href = format!("/workload-principals/api/v1/ai-agents/{agent}/connections/{id}");
    set("_links", json!({ "self": { "href": href } }));
    Value::Object(members)
}

/// By which an agent names the connection: its own indicator, or the ORN, which the console proposes for entries of the vault.
fn indicator(cx: &Context<'_>, one: &ResourceConnection) -> Option<String> {
    let proposed = match &one.target {
        ConnectionTarget::Secret { secret } => cx.org.secrets.get(secret).map(|one| &one.orn),
        ConnectionTarget::ServiceAccount { service_account } => cx
            .org
            .service_accounts
            .get(service_account)
            .map(|one| &one.orn),
        ConnectionTarget::CustomServer { .. } | ConnectionTarget::ThirdParty { .. } => None,
    };
    one.resource_indicator.as_ref().or(proposed).cloned()
}

/// The app in the ORN of a service account (`orn:okta:pam:{org}:apps:{type}:{app}:service_accounts:{id}`).
fn app_of(org: &str, account: &str) -> Option<String> {
    let app = account.split(':').skip_while(|part| *part != "apps");
    let app: Vec<&str> = app.take(3).collect();
    (app.len() == 3).then(|| format!("orn:okta:idp:{org}:{}", app.join(":")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_of_a_service_account_stands_in_its_orn() {
        let account = "orn:okta:pam:00o1:apps:warehouse:0oa1:service_accounts:7b8d";
        let app = app_of("00o1", account);
        assert_eq!(
            app.as_deref(),
            Some("orn:okta:idp:00o1:apps:warehouse:0oa1")
        );
        assert_eq!(app_of("00o1", "orn:okta:pam:00o1"), None);
    }
}
