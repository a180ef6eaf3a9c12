//! Access tokens in other forms: opaque, or with the claims of RFC 9068.

use serde_json::{Map, Value, json};

use crate::tokens::jwt::JwtPlan;

/// Puts `scope` in the place of `scp`.
pub(super) fn replace_scp(claims: &mut Map<String, Value>) {
    add_scope(claims);
    if claims.contains_key("scope") {
        claims.shift_remove("scp");
    }
}

/// Puts `client_id` in the place of `cid`.
pub(super) fn replace_cid(claims: &mut Map<String, Value>) {
    copy_client(claims);
    claims.shift_remove("cid");
}

/// Says of a token that a user stands behind how the user was authenticated.
pub(super) fn add_methods(claims: &mut Map<String, Value>) {
    if claims.contains_key("uid") {
        claims.insert("acr".to_owned(), json!("urn:example:loa:1"));
        claims.insert("amr".to_owned(), json!(["pwd"]));
    }
}

/// Makes it a token of RFC 9068: its `typ` promises `client_id` (§2.2) and, where a scope was asked for, `scope` (§2.2.3).
pub(super) fn set_typ(plan: &mut JwtPlan, typ: &str) {
    copy_client(&mut plan.claims);
    add_scope(&mut plan.claims);
    plan.wire.header.insert("typ".to_owned(), json!(typ));
}

/// Adds `scope` (RFC 9068 §2.2.3) from `scp`, when that is a list of strings.
pub(super) fn add_scope(claims: &mut Map<String, Value>) {
    let Some(Value::Array(scopes)) = claims.get("scp") else {
        return;
    };
    let words: Option<Vec<&str>> = scopes.iter().map(Value::as_str).collect();
    if let Some(words) = words {
        let scope = words.join(" ");
        claims.insert("scope".to_owned(), json!(scope));
    }
}

/// Adds `client_id`, which is the client that `cid` names.
pub(super) fn copy_client(claims: &mut Map<String, Value>) {
    if let Some(client) = claims.get("cid").cloned() {
        claims.insert("client_id".to_owned(), client);
    }
}
