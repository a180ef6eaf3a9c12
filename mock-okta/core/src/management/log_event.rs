//! What the System Log says of a request. Types of events are those that Okta publishes; members are those of published events
//! of real orgs.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::ids::uuid;
use crate::context::Context;
use crate::journal::{JournalEntry, SignInResult};
use crate::org::CustomServer;

/// Endpoints of which something is logged.
const LOGGED: [&str; 6] = [
    "token",
    "authorize",
    "authorize-resume",
    "revoke",
    "authn",
    "sign-in",
];

/// The events of an entry: several where several tokens were issued at once, none where nothing is logged.
pub(super) fn events(cx: &Context<'_>, entry: &JournalEntry, at: Timestamp) -> Vec<Value> {
    if !LOGGED.contains(&entry.endpoint) {
        return Vec::new();
    }
    let parameters: Value = serde_json::from_str(entry.request.get()).unwrap_or_default();
    let request = LoggedRequest {
        cx,
        entry,
        at,
        parameters,
        server: server(cx, &entry.path),
    };
    match entry.endpoint {
        "token" => request.tokens(),
        "authorize" | "authorize-resume" => request.authorization(),
        "revoke" if entry.status == 200 => {
            vec![request.event(
                &request.of_server("token.revoke"),
                "OAuth2 token revocation",
                None,
            )]
        }
        _ => entry
            .sign_in
            .map(|result| request.sign_in(result))
            .into_iter()
            .collect(),
    }
}

/// The custom authorization server of a path (`/oauth2/{id}/v1/…`).
fn server<'a>(cx: &Context<'a>, path: &str) -> Option<&'a CustomServer> {
    let id = path.strip_prefix("/oauth2/")?.split('/').next()?;
    cx.org.custom_servers.get(id)
}

/// A request that is described.
struct LoggedRequest<'e, 'a> {
    cx: &'e Context<'a>,
    entry: &'e JournalEntry,
    at: Timestamp,
    parameters: Value,
    server: Option<&'a CustomServer>,
}

impl LoggedRequest<'_, '_> {
    fn tokens(&self) -> Vec<Value> {
        if let Some(refusal) = self.entry.refusal {
            let kind = self.of_server("token.grant");
            return vec![self.event(&kind, "OAuth2 token request", Some(refusal))];
        }
        if self.entry.status != 200 {
            return Vec::new();
        }
        let requested = self.parameter("requested_token_type");
        let exchanged = requested.rsplit(':').next().unwrap_or_default();
        let granted = |kind: &str, words: &str| self.event(&self.of_server(kind), words, None);
        match exchanged {
            "id-jag" => vec![granted("token.grant.id_jag", "OAuth2 ID-JAG is granted")],
            "vaulted-secret" => vec![granted(
                "token.grant.vaulted_secret",
                "OAuth2 vaulted secret is granted",
            )],
            "service-account" => vec![granted(
                "token.grant.service_account",
                "OAuth2 service account is granted",
            )],
            "oauth-sts" => vec![granted(
                "token.grant.oauth_sts",
                "OAuth2 STS token is granted",
            )],
            _ => [
                ("access_token", "OAuth2 access token is granted"),
                ("id_token", "OAuth2 id token is granted"),
                ("refresh_token", "OAuth2 refresh token is granted"),
            ]
            .into_iter()
            .filter(|(member, _)| self.entry.response.iter().any(|name| name == member))
            .map(|(member, words)| granted(&format!("token.grant.{member}"), words))
            .collect(),
        }
    }

    /// Of authorization requests refusals are logged.
    fn authorization(&self) -> Vec<Value> {
        let refusal = self.entry.refusal;
        refusal
            .map(|reason| {
                let kind = self.of_server("authorize");
                self.event(&kind, "OAuth2 authorization request", Some(reason))
            })
            .into_iter()
            .collect()
    }

    fn sign_in(&self, result: SignInResult) -> Value {
        let reason = match result {
            SignInResult::Success => None,
            SignInResult::Failure(reason) => Some(reason),
        };
        self.event("user.session.start", "User login to Okta", reason)
    }

    /// The type of an event of this authorization server.
    fn of_server(&self, kind: &str) -> String {
        let server = if self.server.is_some() { "as." } else { "" };
        format!("app.oauth2.{server}{kind}")
    }

    fn parameter(&self, name: &str) -> &str {
        self.parameters[name].as_str().unwrap_or_default()
    }

    fn event(&self, kind: &str, words: &str, reason: Option<&str>) -> Value {
        let entry = self.entry;
        json!({
            "uuid": uuid(&[&entry.request_id, kind]),
            "published": format!("{:.3}", self.at),
            "eventType": kind,
            "version": "0",
            "severity": if reason.is_some() { "WARN" } else { "INFO" },
            "displayMessage": words,
            "actor": self.actor(kind),
            "outcome": {
                "result": if reason.is_some() { "FAILURE" } else { "SUCCESS" },
                "reason": reason,
            },
            "target": self.target(),
            "transaction": { "type": "WEB", "id": entry.request_id, "detail": {} },
            "debugContext": { "debugData": self.debug_data() },
        })
    }

    /// Who did it: the client, and at a sign-in the user.
    fn actor(&self, kind: &str) -> Value {
        if kind.starts_with("user.") {
            return self.user().unwrap_or_else(|| json!({ "type": "User" }));
        }
        let id = self.entry.client_id.as_deref();
        let client = id.and_then(|id| self.cx.org.clients.get(id));
        json!({
            "id": id,
            "type": "PublicClientApp",
            "alternateId": id,
            "displayName": client.map(|client| &client.name),
        })
    }

    fn target(&self) -> Value {
        self.user().into_iter().collect()
    }

    fn user(&self) -> Option<Value> {
        let id = self.entry.user.as_deref()?;
        let user = self.cx.org.users.get(id)?;
        Some(json!({
            "id": id,
            "type": "User",
            "alternateId": user.login,
            "displayName": user.profile.get("name"),
        }))
    }

    fn debug_data(&self) -> Value {
        let entry = self.entry;
        let mut data = Map::new();
        let mut set = |name: &str, value: &str| {
            data.insert(name.to_owned(), value.into());
        };
        set("requestId", &entry.request_id);
        set("requestUri", &entry.path);
        if let Some(server) = self.server {
            set("authorizationServer", server.id.as_str());
            set("authorizationServerName", &server.name);
        }
        if entry.endpoint == "token" {
            set("grantType", self.parameter("grant_type"));
            set("requestedScopes", self.scopes());
            if let Some(granted) = &entry.granted_scopes {
                set("grantedScopes", granted);
            }
        }
        Value::Object(data)
    }

    /// The scopes that were asked for: those of an ID-JAG where one is redeemed.
    fn scopes(&self) -> &str {
        let own = self.parameters["scope"].as_str();
        let of_grant = || self.parameters["assertion"]["claims"]["scope"].as_str();
        own.or_else(of_grant).unwrap_or_default()
    }
}
