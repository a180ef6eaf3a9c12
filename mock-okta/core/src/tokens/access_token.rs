//! Access tokens: `scp` a list, `cid` the client; of a user `uid` and the login as `sub`, of a machine its client id.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::jwt::{Forgery, JwtPlan, Wire};
use crate::context::Context;
use crate::keys::{ServerName, SigningKey};
use crate::org::{ClientId, User};

/// `typ` of the access tokens of the org authorization server, which only Okta may read. Those of a custom one have none
/// (support article "The typ Field is Missing from the Access Token Header"; the value is seen in public code).
pub const ORG_TYP: &str = "application/okta-internal-at+jwt";

/// What an access token is made of.
pub struct Parts<'p> {
    /// Signs.
    pub key: Arc<SigningKey>,
    /// `aud`
    pub audience: &'p str,
    /// `cid`
    pub client: &'p ClientId,
    /// `uid`, `sub` by login, `auth_time`; `None` when the client asks for itself.
    pub user: Option<TokenUser<'p>>,
    /// `scp`
    pub scopes: &'p BTreeSet<String>,
    /// Seconds until `exp`.
    pub lifetime: i64,
    /// `act` and `sub_profile`, copied from an ID-JAG.
    pub delegation: Option<Delegation>,
}

/// For whom a token is issued.
#[derive(Debug, Clone, Copy)]
pub struct TokenUser<'p> {
    /// Who.
    pub user: &'p User,
    /// When the user signed in, epoch seconds.
    pub auth_time: i64,
}

/// Who acts for the subject, as an ID-JAG says.
#[derive(Debug, Clone, Default)]
pub struct Delegation {
    /// `act`
    pub act: Option<Value>,
    /// `sub_profile`
    pub sub_profile: Option<Value>,
}

/// Plans an access token of the server addressed; its `jti` comes with it.
pub fn plan(cx: &mut Context<'_>, parts: Parts<'_>) -> (JwtPlan, String) {
    let jti = cx.jti("AT.");
    let mut claims = Map::new();
    claims.insert("ver".to_owned(), json!(1));
    claims.insert("jti".to_owned(), json!(jti));
    claims.insert("iss".to_owned(), json!(cx.issuer(&cx.server)));
    claims.insert("aud".to_owned(), json!(parts.audience));
    claims.insert("iat".to_owned(), json!(cx.now));
    claims.insert("exp".to_owned(), json!(cx.now + parts.lifetime));
    claims.insert("cid".to_owned(), json!(parts.client.as_str()));
    if let Some(of) = parts.user {
        claims.insert("uid".to_owned(), json!(of.user.id.as_str()));
    }
    claims.insert("scp".to_owned(), json!(parts.scopes));
    if let Some(of) = parts.user {
        claims.insert("auth_time".to_owned(), json!(of.auth_time));
    }
    let subject = parts.user.map(|of| of.user.login.as_str());
    let subject = subject.unwrap_or(parts.client.as_str());
    claims.insert("sub".to_owned(), json!(subject));
    let Delegation { act, sub_profile } = parts.delegation.unwrap_or_default();
    if let Some(act) = act {
        claims.insert("act".to_owned(), act);
    }
    if let Some(profile) = sub_profile {
        claims.insert("sub_profile".to_owned(), profile);
    }
    (
        JwtPlan {
            key: parts.key,
            typ: (cx.server == ServerName::Org).then_some(ORG_TYP),
            claims,
            forgery: Forgery::None,
            wire: Wire::default(),
        },
        jti,
    )
}
