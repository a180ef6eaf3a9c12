//! Grants: each file is a recipe, the guide's steps as calls in the order in which they are checked.

mod authorization_code;
mod client_credentials;
mod jwt_bearer;
mod password;
mod refresh_token;
mod token_exchange;

pub(crate) use authorization_code::remember as remember_code;
pub(crate) use token_exchange::consented;

use crate::behaviour::OrderOfChecks;
use crate::context::{Context, Members};
use crate::org::GrantType;
use crate::refusal::Refused;
use crate::rules::{browser, client_authentication, grant_allowed, parameters};

/// A token request, from the parameters to the answer: parameters, client, grant, then the grant's own recipe.
///
/// # Errors
/// Whatever the rules refuse.
pub fn token(cx: &mut Context<'_>) -> Result<Members, Refused> {
    parameters::judge(cx)?;
    if cx.behaviours().order_of_checks == OrderOfChecks::GrantFirst {
        grant_allowed::judge_known(cx)?;
    }
    let client = client_authentication::judge(cx)?;
    if let Some(members) = password::run(cx, client.client)? {
        return Ok(members);
    }
    let grant = grant_allowed::judge(cx, client)?;
    browser::judge(cx, client.client, grant)?;
    match grant {
        GrantType::AuthorizationCode => authorization_code::run(cx, client.client),
        GrantType::RefreshToken => refresh_token::run(cx, client.client),
        GrantType::TokenExchange => token_exchange::run(cx, client.client),
        GrantType::JwtBearer => jwt_bearer::run(cx, client.client),
        GrantType::ClientCredentials => client_credentials::run(cx, client),
    }
}
