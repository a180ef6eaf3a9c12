//! The target file: what the harness must know to test this org, private keys and passwords included.

mod yaml;

use mock_okta_core::keys::{ClientKey, ServerName};
use mock_okta_core::org::target::{self, AgentScopes, TargetRoles};
use mock_okta_core::org::{
    AuthMethod, Client, ClientId, ConnectionId, ConnectionTarget, CustomServerId, Org, UserId,
};
use mock_okta_core::secret::Secret;
use mock_okta_core::{Core, Snapshot};
use serde_json::{Map, Value, json};

use crate::app::App;

/// The file's text.
pub(crate) fn render(app: &App) -> String {
    let snapshot = app.core.snapshot();
    let file = File {
        core: &app.core,
        snapshot: &snapshot,
        roles: &app.roles,
    };
    let base_url = &app.core.options().base_url;
    let mut control = json!({ "url": format!("{base_url}/_mock/") });
    if let Some(token) = &app.control_token {
        control["token"] = value(token);
    }
    let mut all = json!({
        "target": "mock",
        "name": "mock-okta",
    });
    if let Some(ca) = &app.ca_pem {
        all["ca"] = json!({ "value": ca });
    }
    let rest = json!({
        "edition": snapshot.org.behaviours.edition.as_str(),
        "shows_internal_codes": app.core.options().show_internal_codes,
        "control": control,
        "sign_in": { "with": "page" },
        "consent": "page",
        "authorization_servers": file.servers(),
        "clients": file.clients(),
        "users": file.users(),
        "resources": file.resources(),
    });
    if let (Value::Object(all), Value::Object(rest)) = (&mut all, rest) {
        all.extend(rest);
    }
    format!(
        "# Written by mock-okta when it began to listen. The keys and secrets are the mock's own and protect nothing.\n{}",
        yaml::render(&all)
    )
}

struct File<'a> {
    core: &'a Core,
    snapshot: &'a Snapshot,
    roles: &'a TargetRoles,
}

impl File<'_> {
    fn org(&self) -> &Org {
        &self.snapshot.org
    }

    fn servers(&self) -> Value {
        let mut all = Map::new();
        let org = json!({ "issuer": self.core.issuer(&ServerName::Org) });
        all.insert("org".to_owned(), org);
        for role in target::SERVER_ROLES {
            if let Some(id) = self.roles.servers.get(role) {
                all.insert(role.to_owned(), self.server(id));
            }
        }
        Value::Object(all)
    }

    /// What the agent may ask of a server, and what it may not.
    fn server(&self, id: &CustomServerId) -> Value {
        let mut entry = Map::new();
        let mut set = |name: &str, value: Option<String>| {
            entry.extend(value.map(|value| (name.to_owned(), Value::String(value))));
        };
        set(
            "issuer",
            Some(self.core.issuer(&ServerName::Custom(id.clone()))),
        );
        let custom = self.org().custom_servers.get(id);
        set("resource", self.resource_of(id));
        set("audience", custom.map(|server| server.audience.clone()));
        let mut scopes = self
            .roles
            .clients
            .get("agent")
            .map(|agent| AgentScopes::of(self.org(), agent, id))
            .unwrap_or_default();
        if scopes.granted.is_empty() {
            // The agent gets nothing there; a request still has to ask for something the server has.
            scopes = AgentScopes {
                granted: custom
                    .map(|server| server.scopes.clone())
                    .unwrap_or_default(),
                ..AgentScopes::default()
            };
        }
        let api = target::protected_by(self.org(), id);
        // One that the API does not need, so that a token can be had which is good and not enough.
        let needed = api.map(|(_, scope)| scope);
        let spare = (scopes.granted.iter()).find(|scope| Some(scope.as_str()) != needed);
        let first = |scopes: &std::collections::BTreeSet<String>| scopes.first().cloned();
        set(
            "scope",
            (!scopes.granted.is_empty()).then(|| words(&scopes.granted)),
        );
        set(
            "one_scope",
            spare.cloned().or_else(|| first(&scopes.granted)),
        );
        set("ungranted_scope", first(&scopes.not_connected));
        set("forbidden_scope", first(&scopes.not_allowed));
        set("api", api.map(|(path, _)| self.url(path)));
        set("api_needs_scope", api.map(|(_, scope)| scope.to_owned()));
        Value::Object(entry)
    }

    /// What the agent may send as `resource` beside the server's issuer.
    fn resource_of(&self, id: &CustomServerId) -> Option<String> {
        let agent = self.roles.clients.get("agent")?;
        self.org()
            .connections_of(agent)
            .find(|connection| {
                matches!(&connection.target, ConnectionTarget::CustomServer { server, .. } if server == id)
            })
            .and_then(|connection| connection.resource_indicator.clone())
    }

    fn clients(&self) -> Value {
        let roles = target::CLIENT_ROLES.iter().filter_map(|role| {
            let client = self.org().clients.get(self.roles.clients.get(role)?)?;
            Some(((*role).to_owned(), self.client(client)?))
        });
        Value::Object(roles.collect())
    }

    /// `None` for a client that cannot be played from here: its private key is not known.
    fn client(&self, client: &Client) -> Option<Value> {
        let has = |method| client.auth_methods.contains(&method);
        let secret = || client.client_secret.as_ref().map(value);
        let mut entry = json!({ "client_id": client.id.as_str() });
        if has(AuthMethod::PrivateKeyJwt) {
            entry["auth"] = "private_key_jwt".into();
            entry["key"] = self.key(&client.id)?;
        } else if has(AuthMethod::ClientSecretBasic) {
            entry["auth"] = if has(AuthMethod::ClientSecretPost) {
                json!(["client_secret_basic", "client_secret_post"])
            } else {
                "client_secret_basic".into()
            };
            entry["client_secret"] = secret()?;
        } else if has(AuthMethod::ClientSecretPost) {
            entry["auth"] = "client_secret_post".into();
            entry["client_secret"] = secret()?;
        } else if has(AuthMethod::None) {
            entry["auth"] = "none".into();
        } else {
            return None;
        }
        if let Some(uri) = client.redirect_uris.first() {
            entry["redirect_uri"] = uri.as_str().into();
        }
        Some(entry)
    }

    fn key(&self, client: &ClientId) -> Option<Value> {
        let own: &[ClientKey] = self.snapshot.keys.client(client);
        own.iter().find_map(|key| {
            let jwk: Value = serde_json::from_str(key.private_jwk.as_ref()?.reveal()).ok()?;
            Some(json!({
                "kid": key.public.kid,
                "alg": key.public.alg.as_str(),
                "private_key_pem": value(key.private_pem.as_ref()?),
                "private_jwk": { "value": jwk },
            }))
        })
    }

    fn users(&self) -> Value {
        let user = |id: &UserId| {
            let user = self.org().users.get(id)?;
            Some(json!({
                "id": user.id.as_str(),
                "login": user.login,
                "password": value(&user.password),
            }))
        };
        let roles = target::USER_ROLES
            .iter()
            .filter_map(|role| Some(((*role).to_owned(), user(self.roles.users.get(role)?)?)));
        Value::Object(roles.collect())
    }

    fn resources(&self) -> Value {
        let roles = target::RESOURCE_ROLES.iter().filter_map(|role| {
            let entry = self.resource(self.roles.resources.get(role)?)?;
            Some(((*role).to_owned(), entry))
        });
        Value::Object(roles.collect())
    }

    /// What the agent sends as `resource`, and where it uses what it gets.
    fn resource(&self, id: &ConnectionId) -> Option<Value> {
        let org = self.org();
        let connection = org.connections.get(id)?;
        let mut field = None;
        let mut scope = None;
        let named = match &connection.target {
            ConnectionTarget::CustomServer { .. } => None,
            ConnectionTarget::Secret { secret } => {
                let secret = org.secrets.get(secret)?;
                field = target::field_of(org, connection)
                    .or_else(|| secret.value.keys().next().map(String::as_str));
                Some(secret.orn.clone())
            }
            ConnectionTarget::ServiceAccount { service_account } => {
                Some(org.service_accounts.get(service_account)?.orn.clone())
            }
            ConnectionTarget::ThirdParty { scopes, .. } => {
                scope = Some(scopes.join(" "));
                None
            }
        };
        let mut entry =
            json!({ "resource": named.or_else(|| connection.resource_indicator.clone())? });
        if let Some(path) = target::api_of(org, connection) {
            entry["api"] = self.url(path).into();
        }
        if let Some(field) = field {
            entry["field"] = field.into();
        }
        if let Some(scope) = scope {
            entry["scope"] = scope.into();
        }
        Some(entry)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.core.options().base_url)
    }
}

/// A secret as the file has them.
fn value(secret: &Secret) -> Value {
    json!({ "value": secret.reveal() })
}

fn words(scopes: &std::collections::BTreeSet<String>) -> String {
    scopes
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use crate::{Edition, MockOkta};

    fn of(edition: Edition) -> String {
        let app = MockOkta::builder()
            .edition(edition)
            .seed(1)
            .control_token("let-me-in")
            .app("http://127.0.0.1:7070".to_owned())
            .expect("an org");
        super::render(&app)
    }

    #[test]
    fn the_file_of_the_default_org() {
        // Keys are long and change with the library that makes them; their shape is what counts.
        let mut shown = String::new();
        let mut in_pem = false;
        for line in of(Edition::default()).lines() {
            in_pem =
                (in_pem || line.contains("BEGIN PRIVATE KEY")) && !line.contains("END PRIVATE KEY");
            let key = line.trim_start();
            if in_pem && !line.contains("-----") {
                continue;
            }
            let secret = ["n:", "d:", "p:", "q:", "dp:", "dq:", "qi:", "x:", "y:"];
            let line = match secret.iter().find(|name| key.starts_with(**name)) {
                Some(_) => format!("{}…", &line[..line.find(':').map_or(0, |at| at + 2)]),
                None => line.to_owned(),
            };
            shown.push_str(&line);
            shown.push('\n');
        }
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn it_names_its_edition() {
        assert!(of(Edition::E2025_10).contains("\nedition: 2025-10\n"));
    }
}
