//! ID tokens: `aud` is the client, one hour, profile and e-mail by scope.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::jwt::{Forgery, Jwt, JwtPlan, Wire};
use crate::behaviour::CodeFlowIdToken;
use crate::context::{Context, Slot};
use crate::keys::SigningKey;
use crate::org::{ClientId, User};

/// An ID token lives for one hour; Okta does not let anyone change that.
pub const LIFETIME: i64 = 3600;

/// Kinds of token are distinguished by the prefix of their `jti` (RFC 8725 §3.12: mutually exclusive rules).
pub fn is_id_token(jwt: &Jwt) -> bool {
    jwt.claim_str("jti")
        .is_some_and(|jti| jti.starts_with("ID."))
}

/// Plans an ID token of the server addressed. It is remembered in which session its user signed in.
#[expect(clippy::too_many_arguments, reason = "each is one claim")]
pub fn plan(
    cx: &mut Context<'_>,
    key: Arc<SigningKey>,
    client: &ClientId,
    user: &User,
    scopes: &BTreeSet<String>,
    auth_time: i64,
    nonce: Option<&str>,
    session: Option<String>,
) -> Slot {
    let (jti, expires) = (cx.jti("ID."), cx.now + LIFETIME);
    cx.state
        .id_token_sessions
        .insert(&jti, expires, session, cx.now);
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), json!(user.id.as_str()));
    if scopes.contains("profile") {
        let full = cx.behaviours().code_flow_id_token == CodeFlowIdToken::Full;
        for (name, value) in user
            .profile
            .iter()
            .filter(|(name, _)| full || *name == "name")
        {
            claims.insert(name.clone(), json!(value));
        }
        claims.insert("preferred_username".to_owned(), json!(user.login));
        if full {
            claims.insert("updated_at".to_owned(), json!(auth_time));
        }
    }
    if scopes.contains("email") {
        claims.insert("email".to_owned(), json!(user.login));
        claims.insert("email_verified".to_owned(), json!(true));
    }
    claims.insert("ver".to_owned(), json!(1));
    claims.insert("iss".to_owned(), json!(cx.issuer(&cx.server)));
    claims.insert("aud".to_owned(), json!(client.as_str()));
    claims.insert("iat".to_owned(), json!(cx.now));
    claims.insert("exp".to_owned(), json!(expires));
    claims.insert("jti".to_owned(), json!(jti));
    claims.insert("amr".to_owned(), json!(["pwd"]));
    claims.insert("idp".to_owned(), json!(cx.org.id));
    if let Some(nonce) = nonce {
        claims.insert("nonce".to_owned(), Value::String(nonce.to_owned()));
    }
    claims.insert("auth_time".to_owned(), json!(auth_time));
    Slot::IdToken(Box::new(JwtPlan {
        key,
        typ: None,
        claims,
        forgery: Forgery::None,
        wire: Wire::default(),
    }))
}
