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
mod error;
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
use self::error::ApiError;
use crate::context::{Context, Outcome};
pub(crate) use ids::timestamp;

/// Whether a path is one of the API's.
pub(crate) fn is_below(path: &str) -> bool {
    path.starts_with("/api/v1/") || path.starts_with("/workload-principals/api/v1/")
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
        Call::Agent(agent) => agents::one(cx, agent).map(one),
        Call::AgentKeys(agent) if method == "POST" => agent_keys::register(cx, agent),
        Call::AgentKeys(agent) => agent_keys::list(cx, agent),
        Call::AgentKey(agent, key) => agent_keys::one(cx, agent, key).map(one),
        Call::SwitchKey(agent, key, active) => agent_keys::switch(cx, agent, key, active),
        Call::Connections(agent) => connections::list(cx, agent),
        Call::Connection(agent, id) => connections::one(cx, agent, id).map(one),
        Call::DelegationLinks => delegation_links::list(cx),
        Call::Servers => servers::list(cx),
        Call::Server(server) => servers::one(cx, server).map(one),
        Call::Scopes(server) => servers::scopes(cx, server).map(one),
        Call::Policies(server) => policies::list(cx, server).map(one),
        Call::Policy(server, policy) => policies::one(cx, server, policy).map(one),
        Call::Rules(server, policy) => policies::rules(cx, server, policy).map(one),
        Call::Rule(server, policy, rule) => policies::rule(cx, server, policy, rule).map(one),
        Call::Users => users::list(cx),
        Call::User(user) => users::one(cx, user).map(one),
        Call::Apps => apps::list(cx),
        Call::App(app) => apps::one(cx, app).map(one),
        Call::AppUsers(app) => apps::users(cx, app),
        Call::AppUser(app, user) => apps::user(cx, app, user).map(one),
        Call::AppGroups(app) => apps::groups(cx, app).map(one),
        Call::Org => Ok(one(settings::org(cx))),
        Call::Log => log::list(cx),
    }
}

/// An answer that has no further pages.
fn one(body: Value) -> Outcome {
    Outcome::Api {
        status: 200,
        body,
        links: Vec::new(),
    }
}
