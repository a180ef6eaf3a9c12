//! Access tokens in other forms: opaque, or with the claims of RFC 9068.

use serde_json::{Map, Value, json};

use super::tokens::to_list;
use super::{Variation, unknown};
use crate::tokens::jwt::JwtPlan;

/// Varies the plan of an access token.
pub(super) fn vary(variation: Variation, plan: &mut JwtPlan) {
    let claims = &mut plan.claims;
    match variation {
        Variation::AccessTokenOpaque | Variation::OrgAccessTokenOpaque => plan.wire.opaque = true,
        Variation::AccessTokenAtJwt => typ(plan, "at+jwt"),
        Variation::AccessTokenApplication => typ(plan, "application/at+jwt"),
        Variation::UnknownInAccessToken => unknown::add_to(claims),
        Variation::AccessTokenScopeBeside => add_scope(claims),
        Variation::AccessTokenScope => {
            add_scope(claims);
            if claims.contains_key("scope") {
                claims.shift_remove("scp");
            }
        }
        Variation::AccessTokenClientBeside => copy_client(claims),
        Variation::AccessTokenClient => {
            copy_client(claims);
            claims.shift_remove("cid");
        }
        Variation::AccessTokenNoUid => {
            claims.shift_remove("uid");
            claims.shift_remove("ver");
        }
        Variation::AccessTokenAudList => to_list(claims, "aud"),
        Variation::AccessTokenNoAuthTime => drop(claims.shift_remove("auth_time")),
        Variation::AccessTokenMethods if claims.contains_key("uid") => {
            claims.insert("acr".to_owned(), json!("urn:example:loa:1"));
            claims.insert("amr".to_owned(), json!(["pwd"]));
        }
        _ => {}
    }
}

/// A token of RFC 9068: its `typ` promises `client_id` (§2.2) and, where a scope was asked for, `scope` (§2.2.3).
fn typ(plan: &mut JwtPlan, typ: &str) {
    copy_client(&mut plan.claims);
    add_scope(&mut plan.claims);
    plan.wire.header.insert("typ".to_owned(), json!(typ));
}

/// `scope` (RFC 9068 §2.2.3) from `scp`, when that is a list of strings.
fn add_scope(claims: &mut Map<String, Value>) {
    let Some(Value::Array(scopes)) = claims.get("scp") else {
        return;
    };
    let words: Option<Vec<&str>> = scopes.iter().map(Value::as_str).collect();
    if let Some(words) = words {
        let scope = words.join(" ");
        claims.insert("scope".to_owned(), json!(scope));
    }
}

fn copy_client(claims: &mut Map<String, Value>) {
    if let Some(client) = claims.get("cid").cloned() {
        claims.insert("client_id".to_owned(), client);
    }
}
