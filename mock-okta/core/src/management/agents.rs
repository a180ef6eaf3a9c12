//! AI agents (`/workload-principals/api/v1/ai-agents`).

use serde_json::{Value, json};

use super::error::ApiError;
use super::ids::{MADE, agent_orn, app_id};
use super::page::{Paging, page};
use crate::context::{Context, Outcome};
use crate::org::{Client, GrantType, Status};
use crate::rules::grant_allowed::may_use;

/// Pages of lists below `/workload-principals`.
pub(super) const PAGING: Paging = Paging {
    usual: 20,
    most: 200,
    filter: "search",
    wrapped: true,
};

/// All agents.
pub(super) fn list(cx: &Context<'_>) -> Result<Outcome, ApiError> {
    require_feature(cx)?;
    let agents = cx.org.clients.values().filter(|client| client.is_agent());
    let agents = agents.map(|agent| (agent.id.as_str().to_owned(), shown(cx, agent)));
    page(cx, PAGING, agents.collect())
}

/// One agent.
pub(super) fn one(cx: &Context<'_>, id: &str) -> Result<Value, ApiError> {
    Ok(shown(cx, find(cx, id)?))
}

/// The agent with this id.
pub(super) fn find<'a>(cx: &Context<'a>, id: &str) -> Result<&'a Client, ApiError> {
    require_feature(cx)?;
    let found = cx.org.clients.get(id).filter(|client| client.is_agent());
    found.ok_or_else(|| ApiError::not_found(id, "AIAgent"))
}

/// What an org without the subscription answers is not public.
pub(super) fn require_feature(cx: &Context<'_>) -> Result<(), ApiError> {
    cx.org.ai_agents.then_some(()).ok_or(ApiError::Feature)
}

fn shown(cx: &Context<'_>, agent: &Client) -> Value {
    let id = agent.id.as_str();
    let base = format!("{}/workload-principals/api/v1", cx.base_url);
    let filter = format!("to.resourceOrn%20eq%20%22{}%22", agent_orn(cx.org, agent));
    let mut shown = json!({
        "id": id,
        "status": match agent.status {
            Status::Active => "ACTIVE",
            Status::Staged => "STAGED",
            Status::Inactive => "INACTIVE",
        },
        "source": "MANUAL",
        "profile": { "name": agent.name },
        "created": MADE,
        "lastUpdated": MADE,
        "_links": {
            "self": { "href": format!("{base}/ai-agents/{id}") },
            "delegationLinks": {
                "href": format!("{base}/delegation-links?filter={filter}"),
            },
        },
    });
    // Where another app signs users in, the agent has no app of its own.
    if may_use(cx, agent, GrantType::AuthorizationCode)
        && let Some(members) = shown.as_object_mut()
    {
        let provider = json!({ "appInstanceId": app_id(agent) });
        members.insert("signOnProvider".to_owned(), provider);
    }
    shown
}
