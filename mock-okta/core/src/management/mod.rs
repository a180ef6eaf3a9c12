//! Okta's management API as far as a client of agents needs it: what there is, the System Log, and the keys of agents, which
//! are the one thing that it changes. The org has it where it was given an API token.
//!
//! Resources, members and errors are those of Okta's API reference, of the fact sheet in its section (g), and of answers of
//! real orgs that were published; docs/mock-okta.md says which is which and what is left out. Nothing here is a rule of the
//! protocol, so no refusal of the catalogue is made.

mod agent_keys;
mod agents;
mod apps;
mod call;
mod connections;
mod credentials;
mod delegation_links;
mod filter;
mod ids;
mod log;
mod log_event;
mod page;
mod policies;
mod servers;
mod settings;
mod users;

use serde_json::Value;

use self::call::Call;
use crate::api_error::ApiError;
use crate::context::{Context, Outcome};
pub(crate) use ids::timestamp;

/// What may stand before `/api/v1/`. Of resource servers and governance the org has nothing to show: that is answered with 404,
/// and without a token with 403 as everywhere.
const PREFIXES: [&str; 4] = [
    "",
    "/workload-principals",
    "/resource-servers",
    "/governance",
];

/// Whether a path is one of the API's.
pub(crate) fn is_below(path: &str) -> bool {
    PREFIXES.iter().any(|prefix| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with("/api/v1/"))
    })
}

/// Answers a request: who asks, then what for, then whether by the right method.
pub(crate) fn answer(cx: &mut Context<'_>) -> Outcome {
    respond(cx).unwrap_or_else(ApiError::outcome)
}

fn respond(cx: &mut Context<'_>) -> Result<Outcome, ApiError> {
    let path = cx.request.path.as_str();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let call = Call::of(&segments);
    let bearer = credentials::judge(cx)?;
    let call = call.ok_or_else(|| ApiError::unknown_path(path))?;
    let method = cx.request.method.as_str();
    if !call.methods().split(", ").any(|one| one == method) {
        return Err(ApiError::Method(call.methods()));
    }
    bearer.require(&call, method)?;
    match call {
        Call::Agents => agents::list(cx),
        Call::Agent(agent) => agents::get(cx, agent).map(single),
        Call::AgentKeys(agent) if method == "POST" => agent_keys::register(cx, agent),
        Call::AgentKeys(agent) => agent_keys::list(cx, agent),
        Call::AgentKey(agent, key) => agent_keys::get(cx, agent, key).map(single),
        Call::SwitchKey(agent, key, active) => agent_keys::switch(cx, agent, key, active),
        Call::Connections(agent) => connections::list(cx, agent),
        Call::Connection(agent, id) => connections::get(cx, agent, id).map(single),
        Call::DelegationLinks => delegation_links::list(cx),
        Call::Servers => servers::list(cx),
        Call::Server(server) => servers::get(cx, server).map(single),
        Call::Scopes(server) => servers::scopes(cx, server).map(single),
        Call::Policies(server) => policies::list(cx, server).map(single),
        Call::Policy(server, policy) => policies::get(cx, server, policy).map(single),
        Call::Rules(server, policy) => policies::rules(cx, server, policy).map(single),
        Call::Rule(server, policy, rule) => policies::rule(cx, server, policy, rule).map(single),
        Call::Users => users::list(cx),
        Call::User(user) => users::get(cx, user).map(single),
        Call::Apps => apps::list(cx),
        Call::App(app) => apps::get(cx, app).map(single),
        Call::AppUsers(app) => apps::users(cx, app),
        Call::AppUser(app, user) => apps::user(cx, app, user).map(single),
        Call::AppGroups(app) => apps::groups(cx, app).map(single),
        Call::Org => Ok(single(settings::org(cx))),
        Call::Log => log::list(cx),
    }
}

/// An answer that has no further pages.
fn single(body: Value) -> Outcome {
    Outcome::Api {
        status: 200,
        body,
        links: Vec::new(),
    }
}
