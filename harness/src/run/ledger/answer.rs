//! What an answer of a token endpoint hands out.

use serde_json::{Map, Value};

use crate::exchange::Response;
use crate::jwt::Jwt;
use crate::result::ObtainedKind;
use crate::secret::Secret;

/// One thing that was handed out.
pub(super) struct HandedOut {
    pub(super) kind: ObtainedKind,
    pub(super) value: Secret,
    /// Seconds since the epoch.
    pub(super) expires: Option<i64>,
}

/// Everything that an answer hands out. `now` is when it came, in seconds since the epoch.
pub(super) fn issued(response: &Response, now: i64) -> Vec<HandedOut> {
    let Some(Value::Object(body)) = &response.json else {
        return Vec::new();
    };
    let lives = body.get("expires_in").and_then(Value::as_i64);
    let expires = lives.map(|lives| now.saturating_add(lives));
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let mut issued = Vec::new();
    if let Some(token) = text("access_token") {
        issued.push(HandedOut {
            kind: kind_of_access_token(body),
            value: Secret::new(token),
            expires,
        });
    }
    if let Some(token) = text("refresh_token") {
        issued.push(HandedOut {
            kind: ObtainedKind::RefreshToken,
            value: Secret::new(token),
            expires: None,
        });
    }
    if let Some(token) = text("id_token") {
        issued.push(HandedOut {
            kind: ObtainedKind::IdToken,
            value: Secret::new(token),
            expires: exp(token),
        });
    }
    for (name, kind) in [
        ("vaulted_secret", ObtainedKind::VaultedSecret),
        ("service_account", ObtainedKind::ServiceAccount),
    ] {
        if let Some(value) = body.get(name) {
            issued.push(HandedOut {
                kind,
                value: Secret::new(value.to_string()),
                // `expires_in` is said of the answer; what lies in the vault lives on.
                expires: None,
            });
        }
    }
    issued
}

/// What the member `access_token` holds (RFC 8693 §2.2.1): by its type, whatever server it is for.
fn kind_of_access_token(body: &Map<String, Value>) -> ObtainedKind {
    let issued = body.get("issued_token_type").and_then(Value::as_str);
    match issued.and_then(|issued| issued.rsplit(':').next()) {
        Some("id-jag") => ObtainedKind::IdJag,
        Some("oauth-sts") => ObtainedKind::BrokeredToken,
        Some("refresh_token") => ObtainedKind::RefreshToken,
        _ => ObtainedKind::AccessToken,
    }
}

fn exp(token: &str) -> Option<i64> {
    let jwt = Jwt::decode(token).ok()?;
    jwt.claims.get("exp")?.as_i64()
}
