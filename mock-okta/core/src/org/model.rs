//! What an administrator configures: plain data, immutable while a request is judged by it.
//!
//! One request sees one snapshot; an administrator's change makes the next one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::names::{ClientId, ConnectionId, CustomServerId, ThirdPartyId, UserId};
use crate::behaviour::Behaviours;
use crate::secret::Secret;

/// An org: people, clients, servers, connections and the vault.
#[derive(Debug, Clone)]
pub struct Org {
    /// `00o…`
    pub id: String,
    /// Shown on the pages.
    pub name: String,
    /// People by id.
    pub users: BTreeMap<UserId, User>,
    /// Apps and agents by client id.
    pub clients: BTreeMap<ClientId, Client>,
    /// Custom authorization servers by id.
    pub custom_servers: BTreeMap<CustomServerId, CustomServer>,
    /// Pinned signing key of the org authorization server (PKCS#8 PEM), if any.
    pub org_key_pem: Option<Secret>,
    /// Vaulted secrets by id.
    pub secrets: BTreeMap<String, VaultedSecret>,
    /// Vaulted service accounts by id.
    pub service_accounts: BTreeMap<String, ServiceAccount>,
    /// Third parties by id.
    pub third_parties: BTreeMap<ThirdPartyId, ThirdParty>,
    /// Resource connections by id.
    pub connections: BTreeMap<ConnectionId, ResourceConnection>,
    /// Where flows reach their purpose.
    pub protected_resources: Vec<ProtectedResource>,
    /// What public sources leave open.
    pub behaviours: Behaviours,
}

impl Org {
    /// The user with this login, compared without case as Okta does.
    pub fn user_by_login(&self, login: &str) -> Option<&User> {
        self.users
            .values()
            .find(|user| user.login.eq_ignore_ascii_case(login))
    }

    /// The custom authorization server with this id.
    pub fn custom_server(&self, id: &str) -> Option<&CustomServer> {
        self.custom_servers.get(id)
    }

    /// The connections of an agent, in the order of their ids.
    pub fn connections_of(&self, agent: &ClientId) -> impl Iterator<Item = &ResourceConnection> {
        let agent = agent.clone();
        self.connections
            .values()
            .filter(move |connection| connection.agent == agent)
    }
}

/// Whether something may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// In use.
    Active,
    /// An agent that was never activated.
    Staged,
    /// Switched off.
    Inactive,
}

/// A set of users: all, or these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Users {
    /// Everyone in the org.
    Everyone,
    /// These.
    Only(BTreeSet<UserId>),
}

impl Users {
    /// Whether the user belongs to it.
    pub fn contains(&self, user: &UserId) -> bool {
        match self {
            Self::Everyone => true,
            Self::Only(users) => users.contains(user),
        }
    }
}

/// A person.
#[derive(Debug, Clone)]
pub struct User {
    /// `00u…`
    pub id: UserId,
    /// Login, also the e-mail address.
    pub login: String,
    /// Password of the sign-in page.
    pub password: Secret,
    /// Suspended users can neither sign in nor be acted for.
    pub suspended: bool,
    /// `name`, `given_name`, `family_name`, `locale`, `zoneinfo`, as sent in ID tokens.
    pub profile: BTreeMap<String, String>,
}

/// An OAuth client: an app or an agent.
#[derive(Debug, Clone)]
pub struct Client {
    /// `0oa…` or `wlp…`
    pub id: ClientId,
    /// Shown on the pages.
    pub name: String,
    /// What it is.
    pub kind: ClientKind,
    /// Whether it may act.
    pub status: Status,
    /// Compared character by character.
    pub redirect_uris: Vec<String>,
    /// For logout.
    pub post_logout_redirect_uris: Vec<String>,
    /// Grants it is registered for.
    pub grant_types: BTreeSet<GrantType>,
    /// How it may authenticate.
    pub auth_methods: BTreeSet<AuthMethod>,
    /// Shared secret.
    pub client_secret: Option<Secret>,
    /// Registered keys.
    pub keys: Vec<ClientKeySpec>,
    /// Whether an authorization request must carry a challenge.
    pub pkce_required: bool,
    /// Who may sign in to it, and be acted for by it.
    pub assigned_users: Users,
}

impl Client {
    /// Whether it is an AI agent.
    pub fn is_agent(&self) -> bool {
        matches!(self.kind, ClientKind::Agent { .. })
    }

    /// Whether no credential is asked of it.
    pub fn is_public(&self) -> bool {
        self.auth_methods.len() == 1 && self.auth_methods.contains(&AuthMethod::None)
    }
}

/// App or agent.
#[derive(Debug, Clone)]
pub enum ClientKind {
    /// An app: web, browser, native or service.
    App {
        /// As configured.
        application_type: ApplicationType,
    },
    /// An AI agent.
    Agent {
        /// Apps whose ID tokens stand for their user as well.
        linked_apps: BTreeSet<ClientId>,
    },
}

/// What kind of app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicationType {
    /// Confidential, with a back end.
    Web,
    /// Runs in a browser.
    Browser,
    /// Runs on a device.
    Native,
    /// Acts for itself.
    Service,
}

/// Grants by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GrantType {
    /// `authorization_code`
    AuthorizationCode,
    /// `refresh_token`
    RefreshToken,
    /// `client_credentials`
    ClientCredentials,
    /// `urn:ietf:params:oauth:grant-type:token-exchange`
    TokenExchange,
    /// `urn:ietf:params:oauth:grant-type:jwt-bearer`
    JwtBearer,
}

impl GrantType {
    /// All, as on the wire.
    pub const ALL: [(&'static str, Self); 5] = [
        ("authorization_code", Self::AuthorizationCode),
        ("refresh_token", Self::RefreshToken),
        ("client_credentials", Self::ClientCredentials),
        (
            "urn:ietf:params:oauth:grant-type:token-exchange",
            Self::TokenExchange,
        ),
        (
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            Self::JwtBearer,
        ),
    ];

    /// Reads the value of `grant_type`.
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(name, _)| *name == value)
            .map(|(_, grant)| *grant)
    }
}

/// Client authentication by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuthMethod {
    /// `client_secret_basic`
    ClientSecretBasic,
    /// `client_secret_post`
    ClientSecretPost,
    /// `client_secret_jwt`
    ClientSecretJwt,
    /// `private_key_jwt`
    PrivateKeyJwt,
    /// `none`
    None,
}

impl AuthMethod {
    /// All, as in metadata and configuration.
    pub const ALL: [(&'static str, Self); 5] = [
        ("client_secret_basic", Self::ClientSecretBasic),
        ("client_secret_post", Self::ClientSecretPost),
        ("client_secret_jwt", Self::ClientSecretJwt),
        ("private_key_jwt", Self::PrivateKeyJwt),
        ("none", Self::None),
    ];
}

/// A key of a client, before it is made or parsed.
#[derive(Debug, Clone)]
pub struct ClientKeySpec {
    /// `kid`
    pub kid: String,
    /// Algorithm.
    pub alg: KeyAlg,
    /// Where it comes from.
    pub origin: KeyOrigin,
}

/// Where a client's key comes from.
#[derive(Debug, Clone)]
pub enum KeyOrigin {
    /// Made at start.
    Fresh,
    /// Pinned private key, PKCS#8 PEM: the target file carries it on.
    Private(Secret),
    /// Only the public JWK is known: the private key stays with its owner.
    Public(serde_json::Map<String, serde_json::Value>),
}

/// Algorithms of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAlg {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

impl KeyAlg {
    /// As in JOSE headers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }
}

/// A custom authorization server.
#[derive(Debug, Clone)]
pub struct CustomServer {
    /// `default` or `aus…`
    pub id: CustomServerId,
    /// Shown to administrators.
    pub name: String,
    /// `aud` of its access tokens when no resource is named.
    pub audience: String,
    /// Scopes that exist on it, OIDC scopes apart.
    pub scopes: BTreeSet<String>,
    /// In order of priority.
    pub policies: Vec<AccessPolicy>,
    /// Whether it answers.
    pub status: Status,
    /// Pinned signing key (PKCS#8 PEM), if any.
    pub key_pem: Option<Secret>,
}

/// Names clients; its rules decide.
#[derive(Debug, Clone)]
pub struct AccessPolicy {
    /// Shown to administrators.
    pub name: String,
    /// Clients it is for.
    pub clients: BTreeSet<ClientId>,
    /// In order of priority.
    pub rules: Vec<AccessRule>,
}

/// Grants, users and scopes that are allowed, and for how long.
#[derive(Debug, Clone)]
pub struct AccessRule {
    /// Shown to administrators.
    pub name: String,
    /// Grants it is for.
    pub grant_types: BTreeSet<GrantType>,
    /// Users it is for.
    pub users: Users,
    /// Scopes it allows.
    pub scopes: BTreeSet<String>,
    /// Lifetime of access tokens: 5 minutes to 24 hours.
    pub access_token_lifetime: SignedDuration,
}

/// What an agent may reach.
#[derive(Debug, Clone)]
pub struct ResourceConnection {
    /// `mcn…`
    pub id: ConnectionId,
    /// Whose.
    pub agent: ClientId,
    /// To what.
    pub target: ConnectionTarget,
    /// Other value a client may send as `resource`.
    pub resource_indicator: Option<String>,
    /// Whether it may be used.
    pub status: Status,
}

/// The four connection types of the guide.
#[derive(Debug, Clone)]
pub enum ConnectionTarget {
    /// `IDENTITY_ASSERTION_CUSTOM_AS`
    CustomServer {
        /// Which.
        server: CustomServerId,
        /// Which scopes may be asked for.
        scopes: ScopeCondition,
    },
    /// `STS_VAULT_SECRET`
    Secret {
        /// Id of the vaulted secret.
        secret: String,
    },
    /// `STS_SERVICE_ACCOUNT`
    ServiceAccount {
        /// Id of the service account.
        service_account: String,
    },
    /// `STS_ACCESS_TOKEN`
    ThirdParty {
        /// Which.
        third_party: ThirdPartyId,
        /// Scopes asked of it.
        scopes: Vec<String>,
    },
}

/// Which scopes a connection carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeCondition {
    /// Every scope of the server.
    All,
    /// These only.
    IncludeOnly(BTreeSet<String>),
    /// All but these.
    Exclude(BTreeSet<String>),
}

impl ScopeCondition {
    /// Whether a scope is on the connection.
    pub fn allows(&self, scope: &str) -> bool {
        match self {
            Self::All => true,
            Self::IncludeOnly(scopes) => scopes.contains(scope),
            Self::Exclude(scopes) => !scopes.contains(scope),
        }
    }
}

/// A secret in the vault.
#[derive(Debug, Clone)]
pub struct VaultedSecret {
    /// UUID.
    pub id: String,
    /// Full ORN: what a client sends as `resource`.
    pub orn: String,
    /// Shown to administrators.
    pub name: String,
    /// Members of `vaulted_secret`.
    pub value: BTreeMap<String, Secret>,
    /// Who is entitled to it.
    pub entitled_users: Users,
}

/// A service account in the vault.
#[derive(Debug, Clone)]
pub struct ServiceAccount {
    /// UUID.
    pub id: String,
    /// Full ORN: what a client sends as `resource`.
    pub orn: String,
    /// Shown to administrators.
    pub name: String,
    /// Account name.
    pub username: Secret,
    /// Account password.
    pub password: Secret,
    /// Who is entitled to it.
    pub entitled_users: Users,
}

/// Someone else's authorization server and API, played by the mock.
#[derive(Debug, Clone)]
pub struct ThirdParty {
    /// Part of its addresses.
    pub id: ThirdPartyId,
    /// Shown on its consent page.
    pub name: String,
    /// Scopes it knows.
    pub scopes: Vec<String>,
    /// Lifetime of its access tokens.
    pub access_token_lifetime: SignedDuration,
    /// Whether it hands Okta a refresh token.
    pub refresh: bool,
}

/// An address where a credential is used.
#[derive(Debug, Clone)]
pub struct ProtectedResource {
    /// Below the org's address.
    pub path: String,
    /// What it takes.
    pub takes: Takes,
}

/// What a protected resource takes.
#[derive(Debug, Clone)]
pub enum Takes {
    /// A custom authorization server's access token with a scope.
    AccessToken {
        /// Whose.
        server: CustomServerId,
        /// Needed scope.
        scope: String,
    },
    /// A vaulted secret in a header field.
    VaultedSecret {
        /// Id of the secret.
        secret: String,
        /// Member that is compared.
        field: String,
        /// Header field.
        header: String,
    },
    /// A service account by HTTP Basic.
    ServiceAccount {
        /// Id of the account.
        service_account: String,
    },
    /// The third party's own token.
    ThirdPartyToken {
        /// Whose.
        third_party: ThirdPartyId,
    },
}
