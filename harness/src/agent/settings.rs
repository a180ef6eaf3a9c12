//! The settings of an agent: where the org is, which client it is there, what its task is. As variables of the environment, and as one JSON
//! file with the same names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::scenario::model::{ClientRole, Edition, ResourceType, ServerRole, UserRole};
use crate::targets::{AgentOrg, Deployment, RegisteredAuth};

/// The header in which the API behind the vaulted secret of the default org wants it.
const SECRET_HEADER: &str = "X-Api-Key";
/// Where the CA file is named for the HTTP libraries of several languages.
const CA_VARIABLES: [&str; 5] = [
    "ATX_CA_FILE",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "CURL_CA_BUNDLE",
];

/// One setting: the name of its variable, and what it is.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Variable of the environment.
    pub name: &'static str,
    /// Names under which samples and SDKs of Okta look for the same value; set as well.
    pub aliases: &'static [&'static str],
    /// What it is, in a sentence.
    pub about: &'static str,
}

const fn setting(
    name: &'static str,
    aliases: &'static [&'static str],
    about: &'static str,
) -> Setting {
    Setting {
        name,
        aliases,
        about,
    }
}

/// Every setting, in the order in which they are printed.
pub const fn names() -> &'static [Setting] {
    SETTINGS
}

const SETTINGS: &[Setting] = &[
    setting(
        "ATX_TASK",
        &[],
        "what to do: authorization-server, secret, service-account or resource-server",
    ),
    setting(
        "ATX_SETTINGS",
        &[],
        "path of a JSON file with all settings: each without ATX_, in lower case",
    ),
    setting(
        "ATX_EDITION",
        &[],
        "edition of Okta's guide that the org follows",
    ),
    setting(
        "ATX_ORG_ISSUER",
        &["OKTA_ORG_URL", "OKTA_CLIENT_ORGURL", "OKTA_ISSUER"],
        "issuer of the org authorization server",
    ),
    setting("ATX_ORG_AUTHORIZATION_ENDPOINT", &[], "where users sign in"),
    setting(
        "ATX_ORG_TOKEN_ENDPOINT",
        &[],
        "token endpoint of the org authorization server",
    ),
    setting(
        "ATX_ORG_JWKS_URI",
        &[],
        "keys of the org authorization server",
    ),
    setting(
        "ATX_CUSTOM_ISSUER",
        &["OKTA_CUSTOM_ISSUER"],
        "issuer of the custom authorization server",
    ),
    setting(
        "ATX_CUSTOM_TOKEN_ENDPOINT",
        &[],
        "token endpoint of the custom authorization server",
    ),
    setting(
        "ATX_CLIENT_ID",
        &["OKTA_CLIENT_ID", "OKTA_CLIENT_CLIENTID"],
        "client id of the agent",
    ),
    setting(
        "ATX_CLIENT_AUTH",
        &[],
        "how the agent authenticates: private_key_jwt, client_secret_basic or client_secret_post",
    ),
    setting(
        "ATX_CLIENT_SECRET",
        &["OKTA_CLIENT_SECRET"],
        "secret of the agent, where it has one",
    ),
    setting(
        "ATX_PRIVATE_KEY_FILE",
        &[],
        "path of the agent's private key, PKCS#8 in PEM",
    ),
    setting("ATX_PRIVATE_JWK_FILE", &[], "path of the same key as a JWK"),
    setting("ATX_KEY_ID", &["OKTA_KEY_ID"], "kid of the key"),
    setting("ATX_KEY_ALG", &[], "alg of the key: RS256 or ES256"),
    setting(
        "ATX_ID_TOKEN",
        &[],
        "the user's ID token, where it is handed over",
    ),
    setting(
        "ATX_ID_TOKEN_CLIENT_ID",
        &[],
        "the client that this ID token is for, which is its aud: in edition 2025-10 the linked web app",
    ),
    setting("ATX_USER", &[], "login of the user"),
    setting(
        "ATX_REDIRECT_URI",
        &["OKTA_REDIRECT_URI"],
        "registered redirect URI; its port is free",
    ),
    setting(
        "ATX_SCOPE",
        &[],
        "scopes to ask for in the exchange for an ID-JAG",
    ),
    setting("ATX_RESOURCE", &[], "value of the parameter resource"),
    setting("ATX_API_URL", &[], "where the credential is used"),
    setting(
        "ATX_SECRET_FIELD",
        &[],
        "member of vaulted_secret that the API wants",
    ),
    setting(
        "ATX_SECRET_HEADER",
        &[],
        "header field in which the API wants it",
    ),
    setting(
        "ATX_CA_FILE",
        &[],
        "certificate authority of an org that speaks https",
    ),
];

/// The settings of one case.
#[derive(Clone, Default)]
pub struct Settings {
    /// By name of the variable.
    values: Vec<(String, String)>,
    /// Values that nothing may show.
    pub secrets: Vec<(&'static str, String)>,
}

/// Values are secrets among others, so only names are shown.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.values.iter().map(|(name, _)| name))
            .finish()
    }
}

/// What the settings of a case are made of.
pub(super) struct Sources<'s> {
    pub(super) org: &'s AgentOrg,
    pub(super) deployment: &'s Deployment,
    pub(super) edition: Edition,
    pub(super) task: ResourceType,
    pub(super) id_token: Option<&'s str>,
    /// The certificate authority that the settings name.
    pub(super) ca_pem: Option<&'s str>,
    pub(super) folder: &'s Path,
}

impl Settings {
    /// Writes the files of a case into a folder of its own, and names them.
    pub(super) fn write(sources: &Sources<'_>) -> io::Result<Self> {
        let mut settings = Self::default();
        settings.servers(sources);
        settings.client(sources)?;
        settings.task(sources);
        if let Some(user) = sources.deployment.users.get(&UserRole::Ada) {
            settings.set("ATX_USER", &user.login);
            if let Some(password) = &user.password {
                settings
                    .secrets
                    .push(("password", password.expose().to_owned()));
            }
        }
        if let Some(token) = sources.id_token {
            settings.set("ATX_ID_TOKEN", token);
            if let Some(client) = sources
                .deployment
                .client(ClientRole::UserClient, sources.edition)
            {
                settings.set("ATX_ID_TOKEN_CLIENT_ID", &client.client_id);
            }
            settings.secrets.push(("id-token", token.to_owned()));
        }
        if let Some(pem) = sources.ca_pem {
            let path = write(sources.folder, "ca.pem", pem)?;
            for name in CA_VARIABLES {
                settings.set(name, &path);
            }
        }
        settings.set("ATX_EDITION", &sources.edition.to_string());
        let path = sources.folder.join("settings.json");
        settings.set("ATX_SETTINGS", &path.display().to_string());
        settings.alias();
        fs::write(path, settings.as_json().to_string())?;
        Ok(settings)
    }

    fn servers(&mut self, sources: &Sources<'_>) {
        let names = [
            (
                ServerRole::Org,
                "ATX_ORG",
                &["authorization_endpoint", "token_endpoint", "jwks_uri"][..],
            ),
            (ServerRole::CustomAs, "ATX_CUSTOM", &["token_endpoint"]),
        ];
        for (role, prefix, endpoints) in names {
            let Some(server) = sources.deployment.servers.get(&role) else {
                continue;
            };
            self.set(&format!("{prefix}_ISSUER"), &server.issuer);
            for endpoint in endpoints {
                if let Some(address) = server.endpoints.get(*endpoint) {
                    let name = endpoint.to_ascii_uppercase();
                    self.set(&format!("{prefix}_{name}"), address);
                }
            }
        }
    }

    fn client(&mut self, sources: &Sources<'_>) -> io::Result<()> {
        let Some(client) = sources
            .deployment
            .client(ClientRole::Agent, sources.edition)
        else {
            return Ok(());
        };
        self.set("ATX_CLIENT_ID", &client.client_id);
        self.set("ATX_CLIENT_AUTH", client.auth.as_str());
        if let Some(uri) = &client.redirect_uri {
            self.set("ATX_REDIRECT_URI", uri);
        }
        match &client.auth {
            RegisteredAuth::PrivateKeyJwt(key) => {
                if let Some(kid) = &key.kid {
                    self.set("ATX_KEY_ID", kid);
                }
                self.set("ATX_KEY_ALG", &key.alg);
                if let Some((pem, jwk)) = sources.org.private_key(&client.client_id) {
                    let path = write(sources.folder, "key.pem", &pem)?;
                    self.set("ATX_PRIVATE_KEY_FILE", &path);
                    let path = write(sources.folder, "key.json", &jwk.to_string())?;
                    self.set("ATX_PRIVATE_JWK_FILE", &path);
                    if let Some(private) = jwk["d"].as_str() {
                        self.secrets.push(("private-key", private.to_owned()));
                    }
                    let body: String = pem
                        .lines()
                        .filter(|line| !line.starts_with("-----"))
                        .collect();
                    self.secrets.push(("private-key", body));
                }
            }
            RegisteredAuth::ClientSecretBasic(secret)
            | RegisteredAuth::ClientSecretPost(secret) => {
                self.set("ATX_CLIENT_SECRET", secret.expose());
                self.secrets
                    .push(("client-secret", secret.expose().to_owned()));
            }
            RegisteredAuth::None => {}
        }
        Ok(())
    }

    fn task(&mut self, sources: &Sources<'_>) {
        self.set("ATX_TASK", sources.task.as_str());
        let deployment = sources.deployment;
        let resource = |name: &str| deployment.resources.get(name);
        let resource = match sources.task {
            ResourceType::AuthorizationServer | ResourceType::None => {
                if let Some(custom) = deployment.servers.get(&ServerRole::CustomAs) {
                    let facts = [("scope", "ATX_SCOPE"), ("api", "ATX_API_URL")];
                    for (fact, name) in facts {
                        if let Some(value) = custom.facts.get(fact) {
                            self.set(name, value);
                        }
                    }
                }
                None
            }
            ResourceType::Secret => resource("secret"),
            ResourceType::ServiceAccount => resource("service_account"),
            ResourceType::ResourceServer => resource("resource_server"),
        };
        let Some(resource) = resource else { return };
        self.set("ATX_RESOURCE", &resource.resource);
        if let Some(api) = &resource.api {
            self.set("ATX_API_URL", api);
        }
        if let Some(field) = &resource.field {
            self.set("ATX_SECRET_FIELD", field);
            self.set("ATX_SECRET_HEADER", SECRET_HEADER);
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        self.values.push((name.to_owned(), value.to_owned()));
    }

    /// Sets the names under which others look for the same.
    fn alias(&mut self) {
        for setting in names() {
            let Some(value) = self.get(setting.name).map(str::to_owned) else {
                continue;
            };
            for alias in setting.aliases {
                self.set(alias, &value);
            }
        }
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.values.iter();
        let found = values.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All variables, aliases included.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        let values = self.values.iter();
        values.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The settings of the kit's own names, each without its prefix and in lower case.
    fn as_json(&self) -> Value {
        let own = self.variables().filter_map(|(name, value)| {
            let name = name.strip_prefix("ATX_")?.to_ascii_lowercase();
            Some((name, Value::from(value)))
        });
        Value::Object(own.collect::<Map<_, _>>())
    }
}

/// Writes a file that only its owner can read.
fn write(folder: &Path, name: &str, text: &str) -> io::Result<String> {
    let path: PathBuf = folder.join(name);
    fs::write(&path, text)?;
    #[cfg(unix)]
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(path.display().to_string())
}
