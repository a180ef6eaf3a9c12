//! The whole code flow in one step: browser, then token request. Its answer is the token response.

use super::authorize::{DEFAULT_SCOPE, walk};
use super::form_post::{self, form_request};
use super::{Prepare, Prepared};
use crate::exchange::RequestSpec;
use crate::fill;
use crate::forge::{Forge, Parameters, Pkce, Unforgeable};
use crate::scenario::model::{Change, ClientAuth, ClientRole, ServerRole, Template, TemplatePart};
use crate::scenario::step::{Authorize, Browsing, SignIn};
use crate::targets::{GivenRefreshToken, GivenTokens, SignInWay, Walk};

/// The scope of those who get refresh tokens (OpenID Connect Core section 11).
const OFFLINE_ACCESS: &str = "offline_access";

/// A sign-in that is ready to be made.
#[derive(Debug)]
pub struct PreparedSignIn {
    /// Client that signs the user in.
    pub client: ClientRole,
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
    /// Tokens that the target file gives.
    Given(GivenTokens),
    /// A refresh token that the target file gives, or the one that came in its place.
    Refresh {
        /// That of the target file.
        given: GivenRefreshToken,
        /// What is asked for.
        scope: String,
    },
}

impl Prepare for SignIn {
    /// A change applies to the token request, whose answer is the step's.
    fn prepare(&self, change: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        let client = change.client.unwrap_or(self.client);
        let way = match &forge.deployment.sign_in {
            Some(SignInWay::Given(tokens)) => Way::Given(tokens.clone()),
            Some(SignInWay::Refresh(given)) => {
                let scope = match &self.scope {
                    Some(scope) => fill::text(scope, forge.names)?,
                    None => DEFAULT_SCOPE.to_owned(),
                };
                Way::Refresh {
                    given: given.clone(),
                    scope,
                }
            }
            Some(SignInWay::Page) | None => {
                let pkce = Pkce::fresh();
                let mut params = vec![("code_challenge".to_owned(), literal(&pkce.challenge))];
                let written = [("scope", &self.scope), ("nonce", &self.nonce)];
                for (name, template) in written {
                    if let Some(template) = template {
                        params.push((name.to_owned(), template.clone()));
                    }
                }
                let authorize = Authorize {
                    at: ServerRole::Org,
                    client,
                    user: Some(self.user),
                    password: None,
                    params,
                    browsing: Browsing::default(),
                };
                let walk = walk(&authorize, &Change::default(), forge)?;
                Way::Page {
                    walk: Box::new(walk),
                    pkce,
                }
            }
        };
        Ok(Prepared::SignIn(PreparedSignIn { client, way }))
    }
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

fn request(
    client: ClientRole,
    parameters: Parameters,
    change: &Change,
    forge: &Forge<'_>,
) -> Result<RequestSpec, Unforgeable> {
    let asked = form_post::Asked {
        at: ServerRole::Org,
        client,
        client_auth: ClientAuth::Registered,
    };
    form_request("token_endpoint", &asked, parameters, change, forge)
}

fn literal(text: &str) -> Template {
    Template {
        parts: vec![TemplatePart::Literal(text.to_owned())],
        place: strict_yaml::Place::START,
    }
}
