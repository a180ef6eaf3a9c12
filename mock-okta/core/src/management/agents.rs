//! AI agents (`/workload-principals/api/v1/ai-agents`).

use serde_json::{Value, json};

use super::ids::{CREATED_AT, agent_orn, app_id};
use super::page::{Paging, page};
use crate::api_error::ApiError;
use crate::context::{Context, Outcome};
use crate::org::{Client, GrantType, Org};
use crate::rules::grant_allowed::may_use;

/// Pages of lists below `/workload-principals`.
pub(super) const PAGING: Paging = Paging {
    default_limit: 20,
    max_limit: 200,
    filter: "search",
    wrapped: true,
};

/// All agents.
pub(super) fn list(cx: &Context<'_>) -> Result<Outcome, ApiError> {
    require_feature(cx.org)?;
    let agents = cx.org.clients.values().filter(|client| client.is_agent());
    let agents = agents.map(|agent| (agent.id.as_str().to_owned(), to_json(cx, agent)));
    page(cx, PAGING, agents.collect())
}

/// One agent.
pub(super) fn get(cx: &Context<'_>, id: &str) -> Result<Value, ApiError> {
    Ok(to_json(cx, find(cx.org, id)?))
}

/// The agent with this id.
pub(super) fn find<'o>(org: &'o Org, id: &str) -> Result<&'o Client, ApiError> {
    require_feature(org)?;
    let found = org.clients.get(id).filter(|client| client.is_agent());
    found.ok_or_else(|| ApiError::not_found(id, "AIAgent"))
}

/// What an org without the subscription answers is not public.
pub(super) fn require_feature(org: &Org) -> Result<(), ApiError> {
    org.ai_agents.then_some(()).ok_or(ApiError::Feature)
}

fn to_json(cx: &Context<'_>, agent: &Client) -> Value {
    let id = agent.id.as_str();
    let base = format!("{}/workload-principals/api/v1", cx.base_url);
    let filter = format!("to.resourceOrn%20eq%20%22{}%22", agent_orn(cx.org, agent));
    let mut body = json!({
        "id": id,
        "status": agent.status.as_str(),
        "source": "MANUAL",
        "profile": { "name": agent.name },
        "created": CREATED_AT,
        "lastUpdated": CREATED_AT,
        "_links": {
            "self": { "href": format!("{base}/ai-agents/{id}") },
            "delegationLinks": {
                "href": format!("{base}/delegation-links?filter={filter}"),
            },
        },
    });
    if has_app(cx, agent)
        && let Some(members) = body.as_object_mut()
    {
        let provider = json!({ "appInstanceId": app_id(agent) });
        members.insert("signOnProvider".to_owned(), provider);
    }
    body
}

/// Whether users are assigned by an app of this client. Where another app signs the users of an agent in, it has none of its
/// own.
pub(super) fn has_app(cx: &Context<'_>, client: &Client) -> bool {
    !client.is_agent() || may_use(cx, client, GrantType::AuthorizationCode)
}
