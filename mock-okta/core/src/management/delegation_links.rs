//! Delegation links (`/workload-principals/api/v1/delegation-links`): which apps may hand their users to an agent. The org file
//! calls them the agent's linked apps.

use serde_json::json;

use super::agents::{PAGING, require_feature};
use super::ids::{agent_orn, app_orn, derived};
use super::page::{Paging, page};
use crate::api_error::ApiError;
use crate::context::{Context, Outcome};
use crate::org::ClientKind;

/// The links that a filter asks for, which there must be.
pub(super) fn list(cx: &Context<'_>) -> Result<Outcome, ApiError> {
    let org = cx.org;
    require_feature(org)?;
    if cx.request.query.get("filter").is_none() {
        let cause = "A filter is required".to_owned();
        return Err(ApiError::Validation("filter", cause));
    }
    let mut links = Vec::new();
    for agent in org.clients.values() {
        let ClientKind::Agent { linked_apps } = &agent.kind else {
            continue;
        };
        for app in linked_apps.iter().filter_map(|app| org.clients.get(app)) {
            let id = derived("dlk", &[app.id.as_str(), agent.id.as_str()]);
            let link = json!({
                "id": id,
                "from": { "type": "OKTA_AUTHORIZATION_SERVER", "clientOrn": app_orn(org, app) },
                "to": { "resourceOrn": agent_orn(org, agent) },
            });
            links.push((id, link));
        }
    }
    let paging = Paging {
        filter: "filter",
        ..PAGING
    };
    page(cx, paging, links)
}
