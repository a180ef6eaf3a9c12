//! ID-JAGs (draft-ietf-oauth-identity-assertion-authz-grant-04 §3.1, as Okta issues them).

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::jwt::{Forgery, JwtPlan, Wire};
use crate::behaviour::IdJagEmail;
use crate::context::Context;
use crate::keys::SigningKey;
use crate::org::Client;
use crate::rules::subject_token::VerifiedSubject;
use crate::tokens::actor;

/// `typ` of the JOSE header.
pub const TYP: &str = "oauth-id-jag+jwt";

/// An ID-JAG lives for five minutes.
pub const LIFETIME: i64 = 300;

/// Plans an ID-JAG for one resource authorization server.
pub fn plan(
    cx: &mut Context<'_>,
    key: Arc<SigningKey>,
    agent: &Client,
    subject: &VerifiedSubject<'_>,
    audience: &str,
    scope: &str,
    resource: Option<&str>,
) -> JwtPlan {
    let mut claims = Map::new();
    claims.insert("jti".to_owned(), json!(cx.jti("IDAAG.")));
    claims.insert("iss".to_owned(), json!(cx.issuer(&cx.server)));
    claims.insert("aud".to_owned(), json!(audience));
    claims.insert("sub".to_owned(), json!(subject.user.id.as_str()));
    claims.insert("client_id".to_owned(), json!(agent.id.as_str()));
    claims.insert("scope".to_owned(), json!(scope));
    if let Some(resource) = resource {
        claims.insert("resource".to_owned(), json!(resource));
    }
    let email = match cx.behaviours().id_jag_email {
        IdJagEmail::WithScope => subject.email,
        IdJagEmail::Always => Some(subject.user.login.as_str()),
        IdJagEmail::Never => None,
    };
    if let Some(email) = email {
        claims.insert("email".to_owned(), json!(email));
    }
    claims.insert("sub_profile".to_owned(), json!("user"));
    if let Some(act) = actor::chain(cx.behaviours(), agent, subject.issued_to) {
        claims.insert("act".to_owned(), act);
    }
    claims.insert("auth_time".to_owned(), Value::from(subject.auth_time));
    claims.insert("iat".to_owned(), json!(cx.now));
    claims.insert("exp".to_owned(), json!(cx.now + LIFETIME));
    JwtPlan {
        key,
        typ: Some(TYP),
        claims,
        forgery: Forgery::None,
        wire: Wire::default(),
    }
}
