//! The keys of agents (`…/ai-agents/{id}/credentials/jwks`): listed, registered, activated and deactivated. It stands in for
//! the console when somebody registers a key.

use serde_json::{Map, Value, json};

use super::agents::{self, PAGING};
use super::ids::{CREATED_AT, derived};
use super::page::page;
use crate::api_error::ApiError;
use crate::context::{Context, Outcome};
use crate::keys::{Keyring, PRIVATE_MEMBERS, PUBLIC_MEMBERS, PublicKey, flaw};
use crate::org::{Client, ClientKeySpec, KeyAlg, KeyOrigin, Status};

/// Longest `kid`.
const MAX_KID_BYTES: usize = 255;

/// Most keys of an agent: who may register some cannot fill the memory with them.
const MAX_KEYS: usize = 50;

/// All keys of an agent.
pub(super) fn list(cx: &Context<'_>, agent: &str) -> Result<Outcome, ApiError> {
    let agent = agents::find(cx.org, agent)?;
    let keys = agent.keys.iter().filter_map(|key| {
        let public = public(cx.keys, agent, key)?;
        Some((id_of(agent, key), to_json(agent, key, &public.jwk)))
    });
    page(cx, PAGING, keys.collect())
}

/// One key.
pub(super) fn get(cx: &Context<'_>, agent: &str, id: &str) -> Result<Value, ApiError> {
    let agent = agents::find(cx.org, agent)?;
    let key = find(agent, id)?;
    let public = public(cx.keys, agent, key).ok_or_else(|| unknown(id))?;
    Ok(to_json(agent, key, &public.jwk))
}

/// Registers a public key. It is judged by what the org has at this instant, which may be more than it had when the request
/// was admitted.
pub(super) fn register(cx: &mut Context<'_>, agent: &str) -> Result<Outcome, ApiError> {
    agents::find(cx.org, agent)?;
    if !cx.request.is_json() {
        return Err(ApiError::MediaType(400));
    }
    let jwk = cx.request.json.as_ref().and_then(Value::as_object);
    let jwk = jwk.ok_or(ApiError::Body)?;
    let core = cx.core;
    let body = core.edit(|snapshot| {
        let agent = agents::find(&snapshot.org, agent)?;
        let key = judge(agent, jwk)?;
        let entry = json!({
            "kid": key.spec.kid,
            "alg": key.spec.alg.as_str(),
            "status": key.spec.status.as_str(),
            "public_jwk": key.members,
        });
        let body = to_json(agent, &key.spec, &key.members);
        let change = change(agent, &entry);
        core.reconfigure(snapshot, &change)
            .map_err(|_| ApiError::Validation("jwks", "The key cannot be registered".to_owned()))?;
        Ok(body)
    })?;
    Ok(Outcome::Api {
        status: 201,
        body,
        links: Vec::new(),
    })
}

/// Activates or deactivates a key, by what the org has at this instant.
pub(super) fn switch(
    cx: &mut Context<'_>,
    agent: &str,
    id: &str,
    active: bool,
) -> Result<Outcome, ApiError> {
    let core = cx.core;
    let body = core.edit(|snapshot| {
        let agent = agents::find(&snapshot.org, agent)?;
        let key = find(agent, id)?;
        let public = public(&snapshot.keys, agent, key).ok_or_else(|| unknown(id))?;
        let mut others = agent.keys.iter().filter(|other| other.kid != key.kid);
        if !active && !others.any(|other| other.status == Status::Active) {
            return Err(ApiError::DeactivateNotAllowed);
        }
        let switched = ClientKeySpec {
            status: Status::of(active),
            ..key.clone()
        };
        let body = to_json(agent, &switched, &public.jwk);
        let entry = json!({ "kid": key.kid, "status": switched.status.as_str() });
        let change = change(agent, &entry);
        let changed = core.reconfigure(snapshot, &change);
        changed.map_err(|_| ApiError::Internal)?;
        Ok(body)
    })?;
    Ok(super::single(body))
}

/// A public JWK that may be registered.
struct Judged {
    spec: ClientKeySpec,
    members: Map<String, Value>,
}

fn judge(agent: &Client, jwk: &Map<String, Value>) -> Result<Judged, ApiError> {
    let wrong = |field, cause: &str| Err(ApiError::Validation(field, cause.to_owned()));
    let text = |name: &str| jwk.get(name).and_then(Value::as_str).unwrap_or_default();
    if agent.jwks_uri.is_some() {
        return wrong("jwks", "The agent publishes its keys at its 'jwks_uri'");
    }
    if PRIVATE_MEMBERS.iter().any(|name| jwk.contains_key(*name)) {
        return wrong("jwks", "Only the public members of a key may be registered");
    }
    let is_text = |name: &&str| jwk.get(*name).is_none_or(Value::is_string);
    if let Some(name) = PUBLIC_MEMBERS.into_iter().find(|name| !is_text(name)) {
        return wrong(name, "The member of the key must be a string");
    }
    if text("use") != "sig" {
        // Observed at real orgs.
        return wrong("use", "Key 'use' must be 'sig'");
    }
    let kid = text("kid");
    if kid.is_empty() || kid.len() > MAX_KID_BYTES {
        return wrong("kid", "Key 'kid' must have 1 to 255 characters");
    }
    let known = KeyAlg::ALL.iter().find(|(name, _)| *name == text("alg"));
    let Some((_, alg)) = known else {
        return wrong("alg", "Key 'alg' is not supported");
    };
    let members: Map<String, Value> = PUBLIC_MEMBERS
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), jwk.get(*name)?.clone())))
        .collect();
    let is_key = flaw(*alg, &members).is_none()
        && PublicKey::from_jwk("", kid, *alg, &members).is_ok_and(|key| !key.is_small());
    if !is_key {
        return wrong("jwks", "The key cannot be used with its 'alg'");
    }
    if agent.keys.iter().any(|key| key.kid == kid) {
        return wrong("kid", "Key 'kid' must be unique");
    }
    if agent.keys.len() >= MAX_KEYS {
        return wrong("jwks", "The agent has 50 keys already");
    }
    let spec = ClientKeySpec {
        kid: kid.to_owned(),
        alg: *alg,
        origin: KeyOrigin::Public(members.clone()),
        status: Status::Active,
        usage: "sig".to_owned(),
    };
    Ok(Judged { spec, members })
}

/// A merge patch of the org file that changes or adds an entry of the agent's `keys`.
fn change(agent: &Client, entry: &Value) -> Map<String, Value> {
    let agents = json!([{ "id": agent.id.as_str(), "keys": [entry] }]);
    Map::from_iter([("agents".to_owned(), agents)])
}

fn find<'a>(agent: &'a Client, id: &str) -> Result<&'a ClientKeySpec, ApiError> {
    let mut keys = agent.keys.iter();
    let found = keys.find(|key| id_of(agent, key) == id);
    found.ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> ApiError {
    ApiError::not_found(id, "JsonWebKey")
}

/// The public half of a key; `None` of one that could not be made.
fn public<'k>(keys: &'k Keyring, agent: &Client, key: &ClientKeySpec) -> Option<&'k PublicKey> {
    let mut known = keys.client(&agent.id).iter();
    let found = known.find(|known| known.public.kid == key.kid && known.public.alg == key.alg);
    found.map(|known| &known.public)
}

fn id_of(agent: &Client, key: &ClientKeySpec) -> String {
    derived("wpc", &[agent.id.as_str(), &key.kid])
}

fn to_json(agent: &Client, key: &ClientKeySpec, jwk: &Map<String, Value>) -> Value {
    let mut members = jwk.clone();
    members.insert("id".to_owned(), id_of(agent, key).into());
    members.insert("kid".to_owned(), key.kid.as_str().into());
    members.insert("status".to_owned(), key.status.as_str().into());
    members.insert("created".to_owned(), CREATED_AT.into());
    members.insert("lastUpdated".to_owned(), CREATED_AT.into());
    Value::Object(members)
}
