//! The whole code flow in one step: browser, then token request. Its answer is the token response.

use super::authorize::walk;
use super::form_post::{self, form_request};
use super::{Prepare, Prepared};
use crate::exchange::{Party, Payload, RequestSpec};
use crate::fill;
use crate::forge::{Forge, Parameters, Pkce, Unforgeable};
use crate::scenario::model::{Change, ClientAuth, ClientRole, ServerRole, Template, UserRole};
use crate::scenario::step::{Authorize, Browsing, SignIn};
use crate::targets::{
    DEFAULT_SCOPE, GivenRefreshToken, GivenTokens, OFFLINE_ACCESS, SignInWay, Walk,
};

/// A sign-in that is ready to be made.
#[derive(Debug)]
pub struct PreparedSignIn {
    /// Client that signs the user in.
    pub client: ClientRole,
    /// User who signs in.
    pub user: UserRole,
    /// What is asked for.
    pub scope: String,
    /// How.
    pub way: Way,
}

/// How a sign-in is made at this target.
#[derive(Debug)]
pub enum Way {
    /// The page, then the code.
    Page {
        /// The browser part.
        walk: Box<Walk>,
        /// PKCE of this sign-in alone.
        pkce: Pkce,
    },
    /// A session token for the user's password, the authorization endpoint without a page, then the code.
    Session {
        /// Asks the authentication API.
        authn: RequestSpec,
        /// The authorization request; it lacks the session token.
        walk: Box<Walk>,
        /// PKCE of this sign-in alone.
        pkce: Pkce,
    },
    /// Tokens that the target file gives.
    Given(GivenTokens),
    /// A refresh token that the target file gives, or the one that came in its place.
    Refresh(GivenRefreshToken),
    /// The token cache, or a person at a browser.
    Stored,
}

impl Prepare for SignIn {
    /// A change applies to the token request, whose answer is the step's.
    fn prepare(&self, change: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        let client = change.client.unwrap_or(self.client);
        let scope = match &self.scope {
            Some(scope) => fill::text(scope, forge.names)?,
            None => DEFAULT_SCOPE.to_owned(),
        };
        let way = match &forge.deployment.sign_in {
            Some(SignInWay::Given(tokens)) => Way::Given(tokens.clone()),
            Some(SignInWay::Refresh(given)) => Way::Refresh(given.clone()),
            Some(SignInWay::Browser(_) | SignInWay::Cache(_)) => Way::Stored,
            Some(SignInWay::Session) => {
                let (walk, pkce) = code_flow(self, client, None, forge)?;
                let authn = authn(self.user, forge)?;
                Way::Session { authn, walk, pkce }
            }
            Some(SignInWay::Page) | None => {
                let (walk, pkce) = code_flow(self, client, Some(self.user), forge)?;
                Way::Page { walk, pkce }
            }
        };
        Ok(Prepared::SignIn(PreparedSignIn {
            client,
            user: self.user,
            scope,
            way,
        }))
    }
}

/// The browser part, with a PKCE pair of its own. Without a user no page is filled in.
fn code_flow(
    step: &SignIn,
    client: ClientRole,
    user: Option<UserRole>,
    forge: &Forge<'_>,
) -> Result<(Box<Walk>, Pkce), Unforgeable> {
    let pkce = Pkce::fresh();
    let mut params = vec![("code_challenge".to_owned(), literal(&pkce.challenge))];
    let written = [("scope", &step.scope), ("nonce", &step.nonce)];
    for (name, template) in written {
        if let Some(template) = template {
            params.push((name.to_owned(), template.clone()));
        }
    }
    if user.is_none() {
        // There is nobody to look at a page.
        params.push(("prompt".to_owned(), literal("none")));
    }
    let authorize = Authorize {
        at: ServerRole::Org,
        client,
        user,
        password: None,
        params,
        browsing: Browsing::default(),
    };
    let walk = walk(&authorize, &Change::default(), forge)?;
    Ok((Box::new(walk), pkce))
}

/// The request for a session token.
fn authn(user: UserRole, forge: &Forge<'_>) -> Result<RequestSpec, Unforgeable> {
    let described = forge.deployment.users.get(&user);
    let described = described.ok_or(Unforgeable::Undescribed("user", user.as_str()))?;
    let password = described.password.as_ref();
    let password = password.ok_or(Unforgeable::NoPassword(user.as_str()))?;
    forge.server(ServerRole::Org)?;
    let mut request = RequestSpec::new(Party::Org, "POST", forge.deployment.authn_endpoint());
    request.payload = Payload::Json(vec![
        ("username".to_owned(), described.login.clone()),
        ("password".to_owned(), password.expose().to_owned()),
    ]);
    Ok(request)
}

/// The token request of a sign-in by refresh token.
pub fn refresh_sign_in(
    client: ClientRole,
    refresh_token: &str,
    scope: &str,
    change: Option<&Change>,
    forge: &Forge<'_>,
) -> Result<RequestSpec, Unforgeable> {
    let mut parameters = Parameters::default();
    parameters.push("grant_type", "refresh_token");
    parameters.push("refresh_token", refresh_token);
    // Without it Okta gives no refresh token in place of one that is used up by this request.
    parameters.push("scope", format!("{scope} {OFFLINE_ACCESS}"));
    request(
        client,
        parameters,
        change.unwrap_or(&Change::default()),
        forge,
    )
}

/// The token request of a sign-in, once the browser part gave a code.
pub fn redeem_sign_in(
    client: ClientRole,
    code: &str,
    pkce: &Pkce,
    change: Option<&Change>,
    forge: &Forge<'_>,
) -> Result<RequestSpec, Unforgeable> {
    let mut parameters = Parameters::default();
    parameters.push("grant_type", "authorization_code");
    parameters.push("code", code);
    let redirect_uri = forge.client(client)?.redirect_uri.clone();
    parameters.supply("redirect_uri", || redirect_uri);
    parameters.push("code_verifier", pkce.verifier.as_str());
    request(
        client,
        parameters,
        change.unwrap_or(&Change::default()),
        forge,
    )
}

/// The request that ends a token of a sign-in (RFC 7009 section 2.1).
pub fn revoke_sign_in(
    client: ClientRole,
    token: &str,
    hint: &str,
    forge: &Forge<'_>,
) -> Result<RequestSpec, Unforgeable> {
    let mut parameters = Parameters::default();
    parameters.push("token", token);
    parameters.push("token_type_hint", hint);
    let asked = asked(client);
    form_request(
        "revocation_endpoint",
        &asked,
        parameters,
        &Change::default(),
        forge,
    )
}

fn request(
    client: ClientRole,
    parameters: Parameters,
    change: &Change,
    forge: &Forge<'_>,
) -> Result<RequestSpec, Unforgeable> {
    form_request("token_endpoint", &asked(client), parameters, change, forge)
}

fn asked(client: ClientRole) -> form_post::Asked {
    form_post::Asked {
        at: ServerRole::Org,
        client,
        client_auth: ClientAuth::Registered,
    }
}

fn literal(text: &str) -> Template {
    Template::literal(strict_yaml::Place::START, text)
}
