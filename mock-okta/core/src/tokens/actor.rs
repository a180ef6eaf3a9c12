//! The actor chain: who acts, outermost first (RFC 8693 §4.1). It comes from validated tokens and client
//! authentication only, never from a parameter.

use serde_json::{Value, json};

use crate::behaviour::{ActorChain, Behaviours};
use crate::org::Client;

/// `act` of an ID-JAG: the agent, and below it the app that signed the user in when that is another client.
pub fn chain(behaviours: &Behaviours, agent: &Client, signed_in_by: &Client) -> Option<Value> {
    let same = agent.id == signed_in_by.id;
    match (behaviours.actor_chain, same) {
        (ActorChain::None, _) => None,
        // An agent whose client is also the app that signed the user in has both profiles.
        (_, true) => Some(json!({ "sub": agent.id.as_str(), "sub_profile": "ai_agent web_app" })),
        (ActorChain::AgentOnly, false) => {
            Some(json!({ "sub": agent.id.as_str(), "sub_profile": "ai_agent" }))
        }
        (ActorChain::ByClient, false) => Some(json!({
            "sub": agent.id.as_str(),
            "sub_profile": "ai_agent",
            "act": { "sub": signed_in_by.id.as_str(), "sub_profile": "web_app" },
        })),
    }
}
