//! The target as its file describes it: which server, client, user and resource plays which role.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::http::origin;
use super::permissions::Permissions;
use super::sign_in_way::{AUTHN, SignInWay};
use super::{Ca, ManagementToken, Network};
use crate::requirement::Profiles;
pub use crate::result::TargetKind;
use crate::scenario::model::{ClientRole, Edition, ServerRole, UserRole};
use crate::secret::Secret;
use crate::signing_key::SigningKey;

/// Everything a target file says, with keys parsed and secrets read.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// As the file names it.
    pub name: String,
    /// What it is.
    pub kind: TargetKind,
    /// Edition it follows, when the file says so.
    pub edition: Option<Edition>,
    /// Which of the requirements are judged.
    pub profiles: Profiles,
    /// Refusals carry the internal code in a header.
    pub shows_internal_codes: bool,
    /// Whether secrets stand in the file itself, and not in the environment or in files beside it.
    pub writes_out_secrets: bool,
    /// Whose it is, and what a run may do there.
    pub permissions: Permissions,
    /// The file `.env` beside it, where secrets of the target stand in that.
    pub env_file: Option<PathBuf>,
    /// Authorities that sign the certificates of its servers, beside those that the system trusts.
    pub ca: Option<Ca>,
    /// How it is reached.
    pub network: Network,
    /// Test control, where there is one.
    pub control: Option<ControlAccess>,
    /// A token for the org's management API.
    pub management: Option<ManagementToken>,
    /// How an ID token of a user is obtained.
    pub sign_in: Option<SignInWay>,
    /// The third party's consent page can be driven by a program.
    pub consent_page: bool,
    /// Authorization servers; always has the org.
    pub servers: BTreeMap<ServerRole, Server>,
    /// Clients; always has the agent, never [`ClientRole::UserClient`], which depends on the edition.
    pub clients: BTreeMap<ClientRole, Client>,
    /// Users.
    pub users: BTreeMap<UserRole, User>,
    /// Resources by their name in templates, one of [`crate::scenario::model::RESOURCES`].
    pub resources: BTreeMap<&'static str, Resource>,
}

/// Where the test control is.
#[derive(Debug, Clone)]
pub struct ControlAccess {
    /// Address below which the commands are, with its slash.
    pub url: String,
    /// Bearer token, if one is needed.
    pub token: Option<Secret>,
}

/// An authorization server.
#[derive(Debug, Clone)]
pub struct Server {
    /// Issuer identifier.
    pub issuer: String,
    /// Addresses by their names in metadata documents, one of [`ENDPOINTS`].
    pub endpoints: BTreeMap<&'static str, String>,
    /// What else the file says, by name, one of [`SERVER_FACTS`].
    pub facts: BTreeMap<&'static str, String>,
}

/// Endpoints by their names in metadata documents, with the last part of Okta's path (okta.md (a)).
pub const ENDPOINTS: [(&str, &str); 7] = [
    ("token_endpoint", "token"),
    ("authorization_endpoint", "authorize"),
    ("jwks_uri", "keys"),
    ("userinfo_endpoint", "userinfo"),
    ("introspection_endpoint", "introspect"),
    ("revocation_endpoint", "revoke"),
    ("end_session_endpoint", "logout"),
];

/// What a target file may say about a custom authorization server, for templates.
pub const SERVER_FACTS: [&str; 8] = [
    "audience",
    "resource",
    "scope",
    "one_scope",
    "ungranted_scope",
    "forbidden_scope",
    "api",
    "api_needs_scope",
];

impl Server {
    /// A server at Okta's paths: below `/oauth2` for the org, below the issuer for the others.
    pub fn at(role: ServerRole, issuer: &str) -> Self {
        let below = issuer.trim_end_matches('/');
        let base = if role == ServerRole::Org {
            format!("{below}/oauth2/v1")
        } else {
            format!("{below}/v1")
        };
        let endpoints = ENDPOINTS.iter();
        Self {
            issuer: issuer.to_owned(),
            endpoints: endpoints
                .map(|(name, path)| (*name, format!("{base}/{path}")))
                .collect(),
            facts: BTreeMap::new(),
        }
    }

    /// Where the metadata of its API lie: the well-known part stands between the host and the path (RFC 9728 section 3.1).
    pub(super) fn api_metadata(&self) -> Option<String> {
        let mut url = url::Url::parse(self.facts.get("api")?).ok()?;
        let path = url.path().trim_end_matches('/');
        let path = format!("/.well-known/oauth-protected-resource{path}");
        url.set_path(&path);
        Some(url.into())
    }

    /// Address of an endpoint by its name in metadata documents.
    pub fn endpoint(&self, name: &str) -> &str {
        self.endpoints.get(name).map_or("", String::as_str)
    }
}

/// A registered client.
#[derive(Debug, Clone)]
pub struct Client {
    /// `client_id`.
    pub client_id: String,
    /// How it authenticates.
    pub auth: RegisteredAuth,
    /// Whether it may show its secret in the other of the two places as well.
    pub secret_anywhere: bool,
    /// Where the browser returns to.
    pub redirect_uri: Option<String>,
}

impl Client {
    /// Where its pages come from, if it has any: the origin of the redirect URI.
    fn origin(&self) -> Option<String> {
        let url = url::Url::parse(self.redirect_uri.as_ref()?).ok()?;
        let origin = url.origin();
        origin.is_tuple().then(|| origin.ascii_serialization())
    }

    /// Its private key, if it has one.
    const fn key(&self) -> Option<&ClientKey> {
        match &self.auth {
            RegisteredAuth::PrivateKeyJwt(key) => Some(key),
            RegisteredAuth::None
            | RegisteredAuth::ClientSecretBasic(_)
            | RegisteredAuth::ClientSecretPost(_) => None,
        }
    }

    /// The `kid` of its key.
    fn kid(&self) -> Option<&String> {
        match &self.auth {
            RegisteredAuth::PrivateKeyJwt(key) => key.kid.as_ref(),
            _ => None,
        }
    }
}

/// How a client is registered to authenticate, and with what.
#[derive(Debug, Clone)]
pub enum RegisteredAuth {
    /// `client_id` alone.
    None,
    /// A secret in the `Authorization` header.
    ClientSecretBasic(Secret),
    /// A secret in the body.
    ClientSecretPost(Secret),
    /// A signed assertion.
    PrivateKeyJwt(ClientKey),
}

impl RegisteredAuth {
    /// As it is written in a target file.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic(_) => "client_secret_basic",
            Self::ClientSecretPost(_) => "client_secret_post",
            Self::PrivateKeyJwt(_) => "private_key_jwt",
        }
    }
}

/// A client's key and how it is registered.
#[derive(Debug, Clone)]
pub struct ClientKey {
    /// `kid` in the header of assertions.
    pub kid: Option<String>,
    /// `alg` in the header of assertions.
    pub alg: String,
    /// Parsed once.
    pub key: Arc<SigningKey>,
    /// The private parts as written, so that evidence can find them wherever they turn up.
    pub written: Vec<Secret>,
}

/// A person.
#[derive(Debug, Clone)]
pub struct User {
    /// `00u…`.
    pub id: Option<String>,
    /// What the person types as user name.
    pub login: String,
    /// Password; without one the person cannot sign in at a page.
    pub password: Option<Secret>,
}

/// A resource that a connection leads to.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Resource indicator or ORN.
    pub resource: String,
    /// Protected resource that takes what the exchange gives.
    pub api: Option<String>,
    /// Member of `vaulted_secret` that the protected resource wants.
    pub field: Option<String>,
    /// Scopes the third party grants.
    pub scope: Option<String>,
}

impl Deployment {
    /// The org authorization server, if it is described; a file without it is refused.
    pub fn org(&self) -> Option<&Server> {
        self.servers.get(&ServerRole::Org)
    }

    /// Where the org's authentication API is, which gives session tokens.
    #[must_use]
    pub fn authn_endpoint(&self) -> String {
        let issuer = self.org().map_or("", |org| org.issuer.as_str());
        format!("{}{AUTHN}", issuer.trim_end_matches('/'))
    }

    /// The client that plays a role. Who signs users in depends on the edition.
    pub fn client(&self, role: ClientRole, edition: Edition) -> Option<&Client> {
        self.clients.get(&acting(role, edition))
    }

    /// Every value that templates can name, by dotted name.
    pub fn names(&self, edition: Edition) -> BTreeMap<String, String> {
        let mut names = BTreeMap::from([("edition".to_owned(), edition.to_string())]);
        let mut name = |root: &str, member: &str, value: Option<&String>| {
            if let Some(value) = value {
                names.insert(format!("{root}.{member}"), value.clone());
            }
        };
        for (role, server) in &self.servers {
            let base_url = server.issuer.trim_end_matches('/').to_owned();
            name(role.as_str(), "issuer", Some(&server.issuer));
            name(role.as_str(), "base_url", Some(&base_url));
            for (member, value) in server.endpoints.iter().chain(&server.facts) {
                name(role.as_str(), member, Some(value));
            }
            name(
                role.as_str(),
                "api_metadata",
                server.api_metadata().as_ref(),
            );
        }
        for (written, role) in ClientRole::ALL {
            if let Some(client) = self.client(*role, edition) {
                name(written, "client_id", Some(&client.client_id));
                name(written, "redirect_uri", client.redirect_uri.as_ref());
                name(written, "origin", client.origin().as_ref());
                name(written, "kid", client.kid());
            }
        }
        for (role, user) in &self.users {
            name(role.as_str(), "login", Some(&user.login));
            name(role.as_str(), "id", user.id.as_ref());
        }
        for (root, resource) in &self.resources {
            name(root, "resource", Some(&resource.resource));
            name(root, "api", resource.api.as_ref());
            name(root, "field", resource.field.as_ref());
            name(root, "scope", resource.scope.as_ref());
        }
        names
    }

    /// Scheme, host and port of everything that the file says can be asked. Nothing else ever is.
    pub fn origins(&self) -> BTreeSet<String> {
        let servers = self.servers.values().flat_map(|server| {
            let named = std::iter::once(&server.issuer).chain(server.endpoints.values());
            named.cloned().chain(server.api_metadata())
        });
        let apis = self.resources.values().filter_map(|one| one.api.clone());
        let control = self.control.iter().map(|control| control.url.clone());
        servers
            .chain(apis)
            .chain(control)
            .map(|url| origin(&url))
            .collect()
    }

    /// Every secret the file holds.
    pub fn secrets(&self) -> Vec<Secret> {
        let mut secrets = self.credentials();
        let keys = self.clients.values().filter_map(Client::key);
        secrets.extend(keys.flat_map(|key| key.written.iter().cloned()));
        secrets.extend(self.network.private_keys());
        secrets
    }

    /// What makes the keys of the file private, as bytes.
    pub fn private_parts(&self) -> impl Iterator<Item = Vec<u8>> {
        let keys = self.clients.values().filter_map(Client::key);
        keys.filter_map(|key| key.key.private_part())
    }

    /// The secrets of the file that are sent as they are written there: all but keys.
    pub fn credentials(&self) -> Vec<Secret> {
        let mut secrets = self.network.credentials();
        secrets.extend(
            self.control
                .iter()
                .filter_map(|control| control.token.clone()),
        );
        let management = self.management.iter();
        secrets.extend(management.map(|token| token.secret().clone()));
        secrets.extend(self.sign_in.iter().flat_map(SignInWay::secrets));
        for client in self.clients.values() {
            match &client.auth {
                RegisteredAuth::None | RegisteredAuth::PrivateKeyJwt(_) => {}
                RegisteredAuth::ClientSecretBasic(secret)
                | RegisteredAuth::ClientSecretPost(secret) => secrets.push(secret.clone()),
            }
        }
        secrets.extend(self.users.values().filter_map(|user| user.password.clone()));
        secrets
    }
}

/// The role whose client acts: since 2026 the agent signs users in itself, before that its linked web app did.
pub fn acting(role: ClientRole, edition: Edition) -> ClientRole {
    match (role, edition) {
        (ClientRole::UserClient, Edition::E2025_10) => ClientRole::WebApp,
        (ClientRole::UserClient, Edition::E2026_10) => ClientRole::Agent,
        (role, _) => role,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata_of(api: &str) -> Option<String> {
        let mut server = Server::at(ServerRole::CustomAs, "https://id.example/oauth2/aus1");
        server.facts.insert("api", api.to_owned());
        server.api_metadata()
    }

    #[test]
    fn metadata_of_an_api_lie_between_its_host_and_its_path() {
        let lies = |api, at: &str| assert_eq!(metadata_of(api).as_deref(), Some(at));
        lies(
            "https://api.example/chat/v1",
            "https://api.example/.well-known/oauth-protected-resource/chat/v1",
        );
        lies(
            "https://api.example/",
            "https://api.example/.well-known/oauth-protected-resource",
        );
        lies(
            "http://127.0.0.1:7070/a?b=c",
            "http://127.0.0.1:7070/.well-known/oauth-protected-resource/a?b=c",
        );
        assert_eq!(metadata_of("no address"), None);
    }
}
