//! Metadata of authorization servers and protected resources: with fewer members, with more, in another order.

use serde_json::{Map, Value, json};

use super::answers::get_mut;
use crate::context::{Context, Members, Slot};
use crate::tokens::jwt::{Forgery, JwtPlan, Wire};

/// Members that are optional, with a default that is true here or without a meaning for who can do without.
const OPTIONAL: [&str; 8] = [
    "registration_endpoint",
    "introspection_endpoint_auth_methods_supported",
    "revocation_endpoint_auth_methods_supported",
    "response_modes_supported",
    "scopes_supported",
    "claims_supported",
    "request_parameter_supported",
    "request_object_signing_alg_values_supported",
];

/// Removes what is optional.
pub(super) fn remove_optional(members: &mut Members) {
    members.retain(|(name, _)| !OPTIONAL.contains(&name.as_str()));
}

/// Adds further members of the specifications to the metadata of an authorization server.
pub(super) fn add_registered(cx: &Context<'_>, members: &mut Members) {
    add(members, registered(cx.base_url));
}

/// Says that answers to authorization requests name the issuer.
pub(super) fn announce_issuer(members: &mut Members) {
    let name = "authorization_response_iss_parameter_supported";
    members.push((name.to_owned(), Slot::Value(json!(true))));
}

/// Removes what the metadata of a protected resource need not have.
pub(super) fn keep_required_of_resource(members: &mut Members) {
    let kept = ["resource", "authorization_servers"];
    members.retain(|(name, _)| kept.contains(&name.as_str()));
}

/// Adds further members of the specification to the metadata of a protected resource.
pub(super) fn add_registered_of_resource(cx: &Context<'_>, members: &mut Members) {
    let more = json!({
        "resource_name": "An API for tests",
        "resource_documentation": format!("{}/docs/api", cx.base_url),
        "tls_client_certificate_bound_access_tokens": false,
        "dpop_bound_access_tokens_required": false,
    });
    add(members, more);
}

/// Members of RFC 8414, OpenID Connect Discovery and RFC 8705 that the org could have and are true of it.
fn registered(base_url: &str) -> Value {
    json!({
        "service_documentation": format!("{base_url}/docs"),
        "op_policy_uri": format!("{base_url}/docs/policy"),
        "op_tos_uri": format!("{base_url}/docs/terms"),
        "ui_locales_supported": ["en"],
        "display_values_supported": ["page"],
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "require_request_uri_registration": false,
        "tls_client_certificate_bound_access_tokens": false,
        "token_endpoint_auth_signing_alg_values_supported":
            ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "HS256", "HS384", "HS512"],
    })
}

/// Adds members that are not there yet.
fn add(members: &mut Members, more: Value) {
    let Value::Object(more) = more else {
        return;
    };
    for (name, value) in more {
        if get_mut(members, &name).is_none() {
            members.push((name, Slot::Value(value)));
        }
    }
}

/// Reverses the order of every list.
pub(super) fn reverse(members: &mut Members) {
    for (_, slot) in members {
        if let Slot::Value(Value::Array(items)) = slot {
            items.reverse();
        }
    }
}

/// RFC 8414 §2.1: the same members as a JWT whose issuer vouches for them.
pub(super) fn sign(cx: &Context<'_>, members: &mut Members) {
    let Some(keys) = cx.keys.server(&cx.server) else {
        return;
    };
    let stated = members.iter().filter_map(|(name, slot)| match slot {
        Slot::Value(value) => Some((name.clone(), value.clone())),
        Slot::Jwt(_) | Slot::IdToken(_) => None,
    });
    let mut claims: Map<String, Value> = stated.collect();
    claims.insert("iss".to_owned(), json!(cx.issuer(&cx.server)));
    let plan = JwtPlan {
        key: keys.active.clone(),
        typ: None,
        claims,
        forgery: Forgery::None,
        wire: Wire::default(),
    };
    members.push(("signed_metadata".to_owned(), Slot::Jwt(Box::new(plan))));
}
