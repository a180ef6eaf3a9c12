//! The exchange of the ID token at the org, and the redemption of an ID-JAG at the custom authorization server.

use std::time::Duration;

use serde_json::Value;

use crate::client::{Client, Failure, retry, setting};
use crate::sign_in::open;

const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
pub const SECRET: &str = "urn:okta:params:oauth:token-type:vaulted-secret";
pub const SERVICE_ACCOUNT: &str = "urn:okta:params:oauth:token-type:service-account";
const STS: &str = "urn:okta:params:oauth:token-type:oauth-sts";

/// An ID-JAG for the custom authorization server. One try: whoever redeems it tries both again.
pub async fn id_jag(client: &Client, id_token: &str) -> Result<String, Failure> {
    let (audience, scope) = (setting("ATX_CUSTOM_ISSUER")?, setting("ATX_SCOPE")?);
    let resource = setting("ATX_RESOURCE").ok();
    let mut parameters = vec![("audience", audience.as_str()), ("scope", scope.as_str())];
    parameters.extend(
        resource
            .iter()
            .map(|resource| ("resource", resource.as_str())),
    );
    let answer = exchange_once(client, ID_JAG, id_token, &parameters).await?;
    // It is no access token (RFC 8693 section 2.2.1), but some answers of Okta call it one.
    token(&answer, &["N_A", "Bearer"])
}

/// Without `scope`, which Okta refuses here: the ID-JAG has it.
pub async fn redeem(client: &Client, id_jag: &str) -> Result<String, Failure> {
    let endpoint = setting("ATX_CUSTOM_TOKEN_ENDPOINT")?;
    let grant = [("grant_type", JWT_BEARER), ("assertion", id_jag)];
    token(&client.token(&endpoint, &grant).await?.into(), &["Bearer"])
}

/// Asks the user for consent where it is missing, and repeats the same request until it is there.
pub async fn brokered(client: &Client, id_token: &str) -> Result<String, Failure> {
    let mut is_asked = false;
    for pause in [300, 500, 800, 1300, 2100].map(Duration::from_millis) {
        let interaction_uri = match exchange(client, STS, id_token).await {
            Err(Failure::Refused {
                error,
                interaction_uri: Some(uri),
                ..
            }) if error == "interaction_required" => uri,
            answer => return token(&answer?, &["Bearer"]),
        };
        if !is_asked {
            open(&interaction_uri)?;
            is_asked = true;
        }
        tokio::time::sleep(pause).await;
    }
    token(&exchange(client, STS, id_token).await?, &["Bearer"])
}

/// An exchange for what `ATX_RESOURCE` names.
pub async fn exchange(client: &Client, wanted: &str, id_token: &str) -> Result<Value, Failure> {
    let resource = setting("ATX_RESOURCE")?;
    let parameters = [("resource", resource.as_str())];
    retry(async || exchange_once(client, wanted, id_token, &parameters).await).await
}

async fn exchange_once(
    client: &Client,
    wanted: &str,
    id_token: &str,
    parameters: &[(&str, &str)],
) -> Result<Value, Failure> {
    let mut grant = vec![
        ("grant_type", TOKEN_EXCHANGE),
        ("requested_token_type", wanted),
        ("subject_token", id_token),
        ("subject_token_type", ID_TOKEN),
    ];
    grant.extend(parameters);
    let answer = client
        .token(&setting("ATX_ORG_TOKEN_ENDPOINT")?, &grant)
        .await?;
    if answer.get("issued_token_type").and_then(Value::as_str) != Some(wanted) {
        return Err(Failure::stop("the org issued another type of token"));
    }
    Ok(answer.into())
}

/// A token of an answer, if it is of a type that can be used (RFC 6749 section 7.1).
fn token(answer: &Value, types: &[&str]) -> Result<String, Failure> {
    let token_type = text(&answer["token_type"])?;
    let is = |wanted: &&str| wanted.eq_ignore_ascii_case(&token_type);
    if !types.iter().any(is) {
        return Err(Failure::stop("the token is of another type"));
    }
    text(&answer["access_token"])
}

pub fn text(value: &Value) -> Result<String, Failure> {
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| Failure::stop("the answer lacks a member"))
}
