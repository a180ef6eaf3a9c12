//! A user signs in: the authorization code flow with PKCE, from the authorization request to the tokens.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use http::header::AUTHORIZATION;
use mock_okta_core::Snapshot;
use mock_okta_core::behaviour::UserSignIn;
use mock_okta_core::keys::ServerName;
use mock_okta_core::org::{Client, ClientId, ClientKind, GrantType, Status, User, UserStatus};

use super::answer::{self, Members, encode};
use super::client_authentication::credentials;
use super::error::{TokenError, TokenStep};
use super::find;
use super::issued::Tokens;
use crate::app::App;
use crate::org_handle::OrgHandle;

/// Scopes that are asked for when a test names none.
const SCOPES: [&str; 3] = ["openid", "profile", "email"];

/// Pages that a browser may be sent over between sign-in and client: consent, and the way back from it.
const MOST_PAGES: usize = 4;

/// A user who is about to sign in: await it for the [`Tokens`]. [`OrgHandle::sign_in`] makes one.
///
/// Where nothing else is said, the user signs in to the agent; in edition 2025-10, in which agents have no client of their
/// own, to the web app that is linked with it. Name and password, PKCE, `state`, `nonce` and the authentication of the
/// client are taken care of; where the org asks for consent, the user allows everything.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let okta = mock_okta::MockOkta::start().await?;
/// let tokens = okta
///     .sign_in("ada@example.com")
///     .client("web_app")
///     .at("custom_as")
///     .scopes(["chat.read", "offline_access"])
///     .await?;
/// assert_eq!(tokens.client_id, "0oawebapp00000000001");
/// assert!(tokens.refresh_token.is_some());
/// # Ok(()) }
/// ```
#[must_use = "nobody signs in before it is awaited"]
#[derive(Clone)]
pub struct SignIn {
    org: OrgHandle,
    user: String,
    client: Option<String>,
    server: Option<String>,
    scopes: Option<Vec<String>>,
    parameters: Vec<(String, String)>,
}

/// Parameters may hold tokens (`id_token_hint`), so they are not shown.
impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn")
            .field("user", &self.user)
            .field("client", &self.client)
            .field("server", &self.server)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

impl SignIn {
    pub(crate) fn new(org: OrgHandle, user: &str) -> Self {
        Self {
            org,
            user: user.to_owned(),
            client: None,
            server: None,
            scopes: None,
            parameters: Vec::new(),
        }
    }

    /// The client to sign in to, by id or role (`agent`, `web_app`, `public_app` …).
    pub fn client(mut self, client: &str) -> Self {
        self.client = Some(client.to_owned());
        self
    }

    /// The custom authorization server to sign in at, by issuer, id or role (`custom_as` …), in place of the org's own.
    pub fn at(mut self, server: &str) -> Self {
        self.server = Some(server.to_owned());
        self
    }

    /// The scopes to ask for in place of `openid profile email`. `openid` is added where it is missing.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Sets a parameter of the authorization request, such as `nonce`, `prompt` or `resource`.
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters.retain(|(known, _)| known != name);
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    async fn run(self) -> Result<Tokens, TokenError> {
        let app = self.org.app();
        let snapshot = app.core.snapshot();
        let user = find::user(&snapshot, &self.user)?;
        let client = match &self.client {
            Some(name) => find::client(app, &snapshot, name)?,
            None => default_client(app, &snapshot)?,
        };
        let server = match &self.server {
            Some(name) => find::server(app, &snapshot, name)?,
            None => ServerName::Org,
        };
        let request = self.request(app, client)?;
        let code = code(app, user, &server, &request).await?;
        let endpoint = token_endpoint(app, &server);
        let credentials = credentials(app, &snapshot, client, &endpoint)?;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", request.get("redirect_uri")),
            ("code_verifier", &request.verifier),
        ];
        let proofs = credentials.form.iter();
        form.extend(proofs.map(|(name, value)| (*name, value.as_str())));
        let header = credentials.authorization.as_deref();
        let header = header.map(|value| (AUTHORIZATION, value));
        let answer = answer::post(app, TokenStep::Code, &endpoint, &form, header).await?;
        tokens(&answer.members()?, client, request.get("nonce"))
    }

    fn request(&self, app: &App, client: &Client) -> Result<Request, TokenError> {
        let redirect_uri = client.redirect_uris.first();
        let redirect_uri = redirect_uri.ok_or_else(|| TokenError::Client {
            client: client.id.to_string(),
            reason: "has no redirect URI, so nobody can sign in to it; name another client",
        })?;
        let verifier = app.fresh_text();
        let challenge = digest::digest(&digest::SHA256, verifier.as_bytes());
        let parameters = [
            ("client_id", client.id.to_string()),
            ("response_type", "code".to_owned()),
            ("scope", self.scope()),
            ("redirect_uri", redirect_uri.clone()),
            ("state", app.fresh_text()),
            ("nonce", app.fresh_text()),
            ("code_challenge", B64.encode(challenge)),
            ("code_challenge_method", "S256".to_owned()),
        ];
        let own = parameters.map(|(name, value)| (name.to_owned(), value));
        let replaced = |name: &str| self.parameters.iter().any(|(other, _)| other == name);
        let mut parameters: Vec<_> = own
            .into_iter()
            .filter(|(name, _)| !replaced(name))
            .collect();
        parameters.extend(self.parameters.iter().cloned());
        Ok(Request {
            parameters,
            verifier,
        })
    }

    fn scope(&self) -> String {
        let Some(asked) = &self.scopes else {
            return SCOPES.join(" ");
        };
        let mut scopes: Vec<&str> = asked.iter().map(String::as_str).collect();
        if !scopes.contains(&"openid") {
            scopes.insert(0, "openid");
        }
        scopes.join(" ")
    }
}

impl IntoFuture for SignIn {
    type Output = Result<Tokens, TokenError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

/// An authorization request, and the secret behind its challenge.
struct Request {
    parameters: Vec<(String, String)>,
    verifier: String,
}

impl Request {
    fn get(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    fn query(&self) -> String {
        let pairs = self.parameters.iter();
        let pairs: Vec<_> = pairs
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        encode(&pairs)
    }
}

/// The client that users sign in to when a test names none.
fn default_client<'s>(app: &App, snapshot: &'s Snapshot) -> Result<&'s Client, TokenError> {
    let clients = &snapshot.org.clients;
    let agent = app
        .roles
        .clients
        .get("agent")
        .and_then(|id| clients.get(id));
    if let Some(agent) = agent {
        return client_of_agent(snapshot, agent);
    }
    let mut all = clients.values();
    all.find(|client| signs_users_in(client))
        .ok_or(TokenError::NoSignInClient)
}

/// The client that signs users in for an agent: its own, or an app that is linked with it.
pub(super) fn client_of_agent<'s>(
    snapshot: &'s Snapshot,
    agent: &'s Client,
) -> Result<&'s Client, TokenError> {
    if snapshot.org.behaviours.user_sign_in == UserSignIn::Agent {
        return Ok(agent);
    }
    let linked = match &agent.kind {
        ClientKind::Agent { linked_apps } => Some(linked_apps),
        ClientKind::App { .. } => None,
    };
    let mut apps = linked.into_iter().flatten();
    let app = apps.find_map(|id: &ClientId| {
        let app = snapshot.org.clients.get(id)?;
        signs_users_in(app).then_some(app)
    });
    app.ok_or_else(|| TokenError::Client {
        client: agent.id.to_string(),
        reason: "does not sign users in itself in this edition, and no active app is linked with it; link one with \
                 `linked_apps`, or name a client",
    })
}

fn signs_users_in(client: &Client) -> bool {
    client.status == Status::Active
        && client.grant_types.contains(&GrantType::AuthorizationCode)
        && !client.redirect_uris.is_empty()
}

/// From the authorization request over the pages to the code at the client's redirect URI.
async fn code(
    app: &App,
    user: &User,
    server: &ServerName,
    request: &Request,
) -> Result<String, TokenError> {
    let authorize = format!(
        "{}/v1/authorize?{}",
        endpoints(app, server),
        request.query()
    );
    let answer = answer::get(app, TokenStep::Authorize, &authorize, None).await?;
    let page = answer.redirect()?;
    let redirect_uri = request.get("redirect_uri");
    // A request that is refused is answered at the client's address at once.
    if page.starts_with(redirect_uri) {
        return answer.code_at(page);
    }
    let form = [
        ("username", user.login.as_str()),
        ("password", user.password.reveal()),
    ];
    let mut answer = answer::post(app, TokenStep::SignIn, page, &form, None).await?;
    if !user.is_active() && answer.status() == 403 {
        return Err(not_active(user.status));
    }
    let cookie = answer.cookie().unwrap_or_default().to_owned();
    for _ in 0..MOST_PAGES {
        let next = answer.redirect()?.to_owned();
        if next.starts_with(redirect_uri) {
            return answer.code_at(&next);
        }
        answer = if next.contains("/signin/consent?") {
            let allow = [("decision", "allow")];
            let field = Some((http::header::COOKIE, cookie.as_str()));
            answer::post(app, TokenStep::Authorize, &next, &allow, field).await?
        } else {
            answer::get(app, TokenStep::Authorize, &next, Some(&cookie)).await?
        };
    }
    Err(answer.unusable("the pages lead in a circle"))
}

/// The page says it to people; a test reads it here.
fn not_active(status: UserStatus) -> TokenError {
    let description = match status {
        UserStatus::Suspended => "the user is suspended; `restore_user` ends that",
        UserStatus::LockedOut => "the user is locked out: `status: LOCKED_OUT` in the org file",
        UserStatus::PasswordExpired => {
            "the user's password has expired: `status: PASSWORD_EXPIRED` in the org file"
        }
        UserStatus::Active => "the user cannot sign in",
    };
    TokenError::Refused {
        step: TokenStep::SignIn,
        status: 403,
        error: None,
        description: Some(description.to_owned()),
        code: None,
    }
}

fn tokens(answer: &Members, client: &Client, nonce: &str) -> Result<Tokens, TokenError> {
    let scopes = answer.text("scope").unwrap_or_default();
    Ok(Tokens {
        id_token: answer.required("id_token")?,
        access_token: answer.required("access_token")?,
        refresh_token: answer.text("refresh_token"),
        expires_in: Duration::from_secs(answer.number("expires_in").unwrap_or_default()),
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        client_id: client.id.to_string(),
        nonce: nonce.to_owned(),
    })
}

/// The token endpoint of a server.
pub(super) fn token_endpoint(app: &App, server: &ServerName) -> String {
    format!("{}/v1/token", endpoints(app, server))
}

/// Where the endpoints of a server are, up to the version.
fn endpoints(app: &App, server: &ServerName) -> String {
    let base_url = &app.core.options().base_url;
    match server {
        ServerName::Org => format!("{base_url}/oauth2"),
        ServerName::Custom(id) => format!("{base_url}/oauth2/{id}"),
    }
}
