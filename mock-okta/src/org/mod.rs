//! An org of one's own, as Rust values: the file of `mock-okta serve --config`, written by methods.
//!
//! Everything goes by a name. An id in Okta's shape is made from it (`assistant` becomes `wlpassistant00000001`), unless
//! the name is such an id already. References are names as well, and they work with the methods of
//! [`OrgHandle`](crate::OrgHandle). The org is read by the rules of the file, so a mistake is refused at the start, in
//! the same words, with every other mistake. What has no method of its own is set by `with`, by its key in the file; null
//! removes a key.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use mock_okta::MockOkta;
//! use mock_okta::org::{Agent, App, AuthorizationServer, Connection, Org, User};
//!
//! let org = Org::new("Library")
//!     .user(User::new("ada@example.com").claim("name", "Ada Lovelace"))
//!     .app(App::web("portal", "portal-secret"))
//!     .agent(Agent::new("librarian").linked_app("portal"))
//!     .server(
//!         AuthorizationServer::new("books")
//!             .scopes(["books.read", "books.lend"])
//!             .agent_may("librarian", ["books.read", "books.lend"]),
//!     )
//!     .connection(Connection::to_server("librarian", "books").only(["books.read"]));
//!
//! let okta = MockOkta::builder().org(&org).start().await?;
//! okta.access_token_for("ada", "librarian", "books", &["books.read"])
//!     .await?;
//! # Ok(()) }
//! ```

mod client;
mod connection;
mod entry;
mod server;
mod user;
mod vault;

use serde_json::{Value, json};

pub use client::{Agent, App};
pub use connection::Connection;
use entry::{Entry, id, server_id};
pub use mock_okta_core::org::KeyAlg;
pub use server::AuthorizationServer;
pub use user::User;
pub use vault::{ServiceAccount, ThirdParty, VaultedSecret};

/// An org that is being described; [`Builder::org`](crate::Builder::org) starts it.
#[derive(Debug, Clone)]
pub struct Org {
    file: Entry,
    vault: Entry,
    connections: usize,
}

impl Org {
    /// An org without anybody in it.
    pub fn new(name: &str) -> Self {
        let mut file = Entry::default();
        file.set("org", json!({ "id": id("00o", name), "name": name }));
        Self {
            file,
            vault: Entry::default(),
            connections: 0,
        }
    }

    /// Adds a person.
    #[must_use]
    pub fn user(self, user: User) -> Self {
        self.add("users", user.0)
    }

    /// Adds an app.
    #[must_use]
    pub fn app(self, app: App) -> Self {
        self.add("apps", app.0)
    }

    /// Adds an agent.
    #[must_use]
    pub fn agent(self, agent: Agent) -> Self {
        self.add("agents", agent.0)
    }

    /// Adds a custom authorization server.
    #[must_use]
    pub fn server(self, server: AuthorizationServer) -> Self {
        self.add("authorization_servers", server.0)
    }

    /// Adds a secret to the vault.
    #[must_use]
    pub fn secret(mut self, secret: VaultedSecret) -> Self {
        self.vault.push("secrets", secret.0);
        self
    }

    /// Adds a service account to the vault.
    #[must_use]
    pub fn service_account(mut self, account: ServiceAccount) -> Self {
        self.vault.push("service_accounts", account.0);
        self
    }

    /// Adds a third party whose tokens Okta brokers.
    #[must_use]
    pub fn third_party(self, third_party: ThirdParty) -> Self {
        self.add("third_parties", third_party.0)
    }

    /// Connects an agent with what it may reach.
    #[must_use]
    pub fn connection(mut self, connection: Connection) -> Self {
        self.connections += 1;
        let mut entry = connection.0;
        if !entry.has("id") {
            entry.set("id", format!("mcn{:017}", self.connections));
        }
        self.add("connections", entry)
    }

    /// Serves an API at `path` that takes access tokens of a server with this scope.
    #[must_use]
    pub fn api(mut self, path: &str, server: &str, scope: &str) -> Self {
        let api = json!({
            "path": path,
            "takes": "access_token",
            "authorization_server": server_id(server),
            "scope": scope,
        });
        self.file.push("protected_resources", api);
        self
    }

    /// Sets a section of the org file, such as `protected_resources`.
    #[must_use]
    pub fn with(mut self, section: &str, value: impl Into<Value>) -> Self {
        self.file.set(section, value);
        self
    }

    /// The org as a text in the format of the org file. It holds passwords and secrets.
    ///
    /// ```
    /// let org = mock_okta::org::Org::new("Library");
    /// assert!(org.to_yaml().contains("00oLibrary0000000001"));
    /// ```
    pub fn to_yaml(&self) -> String {
        let mut file = self.file.clone();
        if self.vault.has("secrets") || self.vault.has("service_accounts") {
            file.set("vault", self.vault.clone());
        }
        // JSON is YAML.
        format!("{:#}\n", Value::from(file))
    }

    fn add(mut self, section: &str, entry: Entry) -> Self {
        self.file.push(section, entry);
        self
    }
}

#[cfg(test)]
mod tests {
    use mock_okta_core::behaviour::Edition;
    use mock_okta_core::org::OrgFile;

    use super::*;

    const SECRET: &str =
        "orn:okta:pam:00olibrary0000000001:secrets:5a3c1f0e-0000-4000-8000-000000000001";
    const ACCOUNT: &str = "orn:okta:pam:00olibrary0000000001:apps:shelf:0oashelf000000000001:service_accounts:7b8d2e1a-0000-4000-8000-000000000001";

    fn library() -> Org {
        let books = AuthorizationServer::new("books")
            .audience("https://books.example.com")
            .scopes(["books.read", "books.lend"])
            .agent_may("librarian", ["books.read"])
            .app_may("portal", ["openid", "books.read"]);
        Org::new("library")
            .user(User::new("ada@example.com").password("ada-reads"))
            .user(
                User::new("eve@example.com")
                    .password("eve-listens")
                    .suspended(),
            )
            .app(App::web("portal", "portal-secret").redirect_uri("https://portal.example/back"))
            .agent(
                Agent::new("librarian")
                    .linked_app("portal")
                    .key("k-1", KeyAlg::Rs256),
            )
            .agent(Agent::new("retired").inactive())
            .server(books)
            .secret(
                VaultedSecret::new(SECRET)
                    .value("apikey", "shelf-key")
                    .entitled(["ada@example.com"]),
            )
            .service_account(ServiceAccount::new(ACCOUNT, "svc-shelf", "svc-password"))
            .third_party(ThirdParty::new("post").scopes(["send"]))
            .connection(Connection::to_server("librarian", "books").only(["books.read"]))
            .connection(Connection::to_secret("librarian", SECRET))
            .connection(Connection::to_service_account("librarian", ACCOUNT).inactive())
            .connection(
                Connection::to_third_party("librarian", "post", "https://post.example")
                    .scopes(["send"]),
            )
            .api("/api/books", "books", "books.read")
    }

    const YAML: &str = r"
org: { id: 00olibrary0000000001, name: library }
users:
  - { id: 00uada00000000000001, login: ada@example.com, password: ada-reads }
  - { id: 00ueve00000000000001, login: eve@example.com, password: eve-listens, status: SUSPENDED }
apps:
  - id: 0oaportal00000000001
    name: portal
    application_type: web
    redirect_uris: [https://portal.example/back]
    grant_types: [authorization_code, refresh_token]
    client_secret: portal-secret
agents:
  - id: wlplibrarian00000001
    name: librarian
    redirect_uris: [http://localhost:8787/callback]
    linked_apps: [0oaportal00000000001]
    keys: [{ kid: k-1, alg: RS256 }]
  - id: wlpretired0000000001
    name: retired
    status: INACTIVE
    redirect_uris: [http://localhost:8787/callback]
    keys: [{ kid: retired-1, alg: ES256 }]
authorization_servers:
  - id: ausbooks000000000001
    name: books
    audience: https://books.example.com
    scopes: [books.read, books.lend]
    policies:
      - name: librarian
        clients: [wlplibrarian00000001]
        rules:
          - { name: ID-JAG, grant_types: [urn:ietf:params:oauth:grant-type:jwt-bearer], scopes: [books.read] }
      - name: portal
        clients: [0oaportal00000000001]
        rules:
          - { name: sign-in, grant_types: [authorization_code, refresh_token], scopes: [openid, books.read] }
vault:
  secrets:
    - id: 5a3c1f0e-0000-4000-8000-000000000001
      orn: orn:okta:pam:00olibrary0000000001:secrets:5a3c1f0e-0000-4000-8000-000000000001
      name: 5a3c1f0e-0000-4000-8000-000000000001
      value: { apikey: shelf-key }
      entitled_users: [00uada00000000000001]
  service_accounts:
    - id: 7b8d2e1a-0000-4000-8000-000000000001
      orn: orn:okta:pam:00olibrary0000000001:apps:shelf:0oashelf000000000001:service_accounts:7b8d2e1a-0000-4000-8000-000000000001
      name: 7b8d2e1a-0000-4000-8000-000000000001
      username: svc-shelf
      password: svc-password
      entitled_users: everyone
third_parties:
  - { id: post, name: post, scopes: [send] }
connections:
  - id: mcn00000000000000001
    agent: wlplibrarian00000001
    type: IDENTITY_ASSERTION_CUSTOM_AS
    authorization_server: ausbooks000000000001
    scope_condition: INCLUDE_ONLY
    scopes: [books.read]
  - id: mcn00000000000000002
    agent: wlplibrarian00000001
    type: STS_VAULT_SECRET
    secret: orn:okta:pam:00olibrary0000000001:secrets:5a3c1f0e-0000-4000-8000-000000000001
  - id: mcn00000000000000003
    agent: wlplibrarian00000001
    type: STS_SERVICE_ACCOUNT
    service_account: orn:okta:pam:00olibrary0000000001:apps:shelf:0oashelf000000000001:service_accounts:7b8d2e1a-0000-4000-8000-000000000001
    status: INACTIVE
  - id: mcn00000000000000004
    agent: wlplibrarian00000001
    type: STS_ACCESS_TOKEN
    third_party: post
    resource_indicator: https://post.example
    scopes: [send]
protected_resources:
  - { path: /api/books, takes: access_token, authorization_server: ausbooks000000000001, scope: books.read }
";

    fn read(text: &str) -> OrgFile {
        let read = OrgFile::from_yaml("org", text, Edition::default());
        read.unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    #[test]
    fn methods_and_yaml_describe_the_same_org() {
        let (written, built) = (read(YAML), read(&library().to_yaml()));
        assert_eq!(format!("{:#?}", built.org), format!("{:#?}", written.org));
        let passwords = |file: &OrgFile| -> Vec<String> {
            let users = file.org.users.values();
            users
                .map(|user| user.password.reveal().to_owned())
                .collect()
        };
        assert_eq!(passwords(&built), passwords(&written));
        let value = |file: &OrgFile| -> Vec<String> {
            let secrets = file.org.secrets.values();
            let values = secrets.flat_map(|secret| secret.value.values());
            values.map(|value| value.reveal().to_owned()).collect()
        };
        assert_eq!(value(&built), value(&written));
    }

    #[test]
    fn nothing_secret_is_shown() {
        let shown = format!("{:?}", library());
        for secret in ["ada-reads", "portal-secret", "shelf-key", "svc-password"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn mistakes_are_those_of_the_file() {
        let org = Org::new("library").connection(Connection::to_server("nobody", "nowhere"));
        let mistakes = OrgFile::from_yaml("org", &org.to_yaml(), Edition::default());
        let mistakes = mistakes.expect_err("two mistakes").to_string();
        for mistake in [
            "no agent `wlpnobody00000000001`",
            "no authorization server `ausnowhere0000000001`",
        ] {
            assert!(mistakes.contains(mistake), "{mistakes}");
        }
    }
}
