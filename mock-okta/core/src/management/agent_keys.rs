//! The keys of agents (`…/ai-agents/{id}/credentials/jwks`): listed, registered, activated and deactivated. It stands in for
//! the console when somebody registers a key.

use serde_json::{Map, Value, json};

use super::agents::{self, PAGING};
use super::error::ApiError;
use super::ids::{MADE, derived};
use super::page::page;
use crate::context::{Context, Outcome};
use crate::keys::{PublicKey, flaw};
use crate::org::{Client, ClientKeySpec, KeyAlg, Status};

/// Members of a private key, or of one that is shared.
const PRIVATE: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

/// Members of a public JWK that are kept.
const KEPT: [&str; 9] = ["kty", "alg", "use", "kid", "n", "e", "crv", "x", "y"];

/// Longest `kid`.
const MAX_KID_BYTES: usize = 255;

/// Most keys of an agent: who may register some cannot fill the memory with them.
const MAX_KEYS: usize = 50;

/// All keys of an agent.
pub(super) fn list(cx: &Context<'_>, agent: &str) -> Result<Outcome, ApiError> {
    let agent = agents::find(cx, agent)?;
    let keys = agent.keys.iter().filter_map(|key| {
        let public = public(cx, agent, key)?;
        Some((id_of(agent, key), shown(agent, key, &public.jwk)))
    });
    page(cx, PAGING, keys.collect())
}

/// One key.
pub(super) fn one(cx: &Context<'_>, agent: &str, id: &str) -> Result<Value, ApiError> {
    let agent = agents::find(cx, agent)?;
    let key = find(agent, id)?;
    let public = public(cx, agent, key).ok_or_else(|| ApiError::not_found(id, "JsonWebKey"))?;
    Ok(shown(agent, key, &public.jwk))
}

/// Registers a public key.
pub(super) fn register(cx: &mut Context<'_>, agent: &str) -> Result<Outcome, ApiError> {
    let agent = agents::find(cx, agent)?;
    if !cx.request.is_json() {
        return Err(ApiError::MediaType);
    }
    let jwk = cx.request.json.as_ref().and_then(Value::as_object);
    let jwk = judge(agent, jwk.ok_or(ApiError::Body)?)?;
    let entry = json!({
        "kid": jwk.kid,
        "alg": jwk.alg.as_str(),
        "status": "ACTIVE",
        "public_jwk": jwk.members,
    });
    change(cx, agent, &entry);
    let key = ClientKeySpec {
        kid: jwk.kid,
        alg: jwk.alg,
        origin: crate::org::KeyOrigin::Public(jwk.members.clone()),
        status: Status::Active,
        usage: "sig".to_owned(),
    };
    Ok(Outcome::Api {
        status: 201,
        body: shown(agent, &key, &jwk.members),
        links: Vec::new(),
    })
}

/// Activates or deactivates a key.
pub(super) fn switch(
    cx: &mut Context<'_>,
    agent: &str,
    id: &str,
    active: bool,
) -> Result<Outcome, ApiError> {
    let agent = agents::find(cx, agent)?;
    let key = find(agent, id)?;
    let mut others = agent.keys.iter().filter(|other| other.kid != key.kid);
    if !active && !others.any(|other| other.status == Status::Active) {
        return Err(ApiError::DeactivateNotAllowed);
    }
    let switched = ClientKeySpec {
        status: if active {
            Status::Active
        } else {
            Status::Inactive
        },
        ..key.clone()
    };
    change(
        cx,
        agent,
        &json!({ "kid": key.kid, "status": status(&switched) }),
    );
    let public = public(cx, agent, key).ok_or_else(|| ApiError::not_found(id, "JsonWebKey"))?;
    Ok(super::one(shown(agent, &switched, &public.jwk)))
}

/// A public JWK that may be registered.
struct Judged {
    kid: String,
    alg: KeyAlg,
    members: Map<String, Value>,
}

fn judge(agent: &Client, jwk: &Map<String, Value>) -> Result<Judged, ApiError> {
    let wrong = |field, cause: &str| Err(ApiError::Validation(field, cause.to_owned()));
    let text = |name: &str| jwk.get(name).and_then(Value::as_str).unwrap_or_default();
    if PRIVATE.iter().any(|name| jwk.contains_key(*name)) {
        return wrong("jwks", "Only the public members of a key may be registered");
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
    let members: Map<String, Value> = KEPT
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
    Ok(Judged {
        kid: kid.to_owned(),
        alg: *alg,
        members,
    })
}

/// An entry of the agent's `keys` in the org file.
fn change(cx: &mut Context<'_>, agent: &Client, entry: &Value) {
    let change = json!({ "agents": [{ "id": agent.id.as_str(), "keys": [entry] }] });
    cx.change = change.as_object().cloned();
}

fn find<'a>(agent: &'a Client, id: &str) -> Result<&'a ClientKeySpec, ApiError> {
    let mut keys = agent.keys.iter();
    let found = keys.find(|key| id_of(agent, key) == id);
    found.ok_or_else(|| ApiError::not_found(id, "JsonWebKey"))
}

/// What is known of a key: nothing of one that could not be made.
fn public<'a>(cx: &Context<'a>, agent: &Client, key: &ClientKeySpec) -> Option<&'a PublicKey> {
    let mut known = cx.keys.client(&agent.id).iter();
    let found = known.find(|known| known.public.kid == key.kid && known.public.alg == key.alg);
    found.map(|known| &known.public)
}

fn id_of(agent: &Client, key: &ClientKeySpec) -> String {
    derived("wpc", &[agent.id.as_str(), &key.kid])
}

fn status(key: &ClientKeySpec) -> &'static str {
    if key.status == Status::Active {
        "ACTIVE"
    } else {
        "INACTIVE"
    }
}

fn shown(agent: &Client, key: &ClientKeySpec, jwk: &Map<String, Value>) -> Value {
    let mut members = jwk.clone();
    members.insert("id".to_owned(), id_of(agent, key).into());
    members.insert("kid".to_owned(), key.kid.as_str().into());
    members.insert("status".to_owned(), status(key).into());
    members.insert("created".to_owned(), MADE.into());
    members.insert("lastUpdated".to_owned(), MADE.into());
    Value::Object(members)
}
