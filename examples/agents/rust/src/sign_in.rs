//! Signs the user in: authorization code flow with PKCE in a browser, and validation of the ID token.

use std::{collections::HashMap, process::Command, time::Duration};

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest,
    PkceCodeChallenge, RedirectUrl, RequestTokenError, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenUrl, url::Url,
};
use reqwest::RequestBuilder;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::client::{Client, Failure, retry, send, setting};

const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 26\r\n\
    Connection: close\r\n\r\nYou may close this window.";

/// What OpenID Connect adds to a token response.
#[derive(Debug, Deserialize, Serialize)]
struct IdToken {
    id_token: String,
}

impl oauth2::ExtraTokenFields for IdToken {}

type Oauth<AuthUrl = oauth2::EndpointNotSet, TokenUrl = oauth2::EndpointNotSet> = oauth2::Client<
    BasicErrorResponse,
    StandardTokenResponse<IdToken, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    AuthUrl,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    TokenUrl,
>;

/// The org's metadata (RFC 8414 section 3.3): `issuer` must be the one that was asked for.
struct Org {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    iss_parameter: bool,
}

/// An ID token of the user. A code is never redeemed twice: when the answer is lost, the user signs in again.
pub async fn sign_in(client: &Client) -> Result<String, Failure> {
    let org = discover(client).await?;
    retry(async || sign_in_once(client, &org).await).await
}

async fn discover(client: &Client) -> Result<Org, Failure> {
    let issuer = setting("ATX_ORG_ISSUER")?;
    let url = format!("{issuer}/.well-known/openid-configuration");
    let metadata = client.get(&url).await?;
    if metadata.get("issuer") != Some(&json!(issuer)) {
        return Err(Failure::stop("the metadata is another issuer's"));
    }
    let endpoint = |name: &str| {
        let url = metadata
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default();
        match Url::parse(url) {
            Ok(parsed) if parsed.scheme() == "https" || is_loopback(&parsed) => Ok(url.to_owned()),
            _ => Err(Failure::Stop(format!("the metadata has no usable {name}"))),
        }
    };
    Ok(Org {
        authorization_endpoint: endpoint("authorization_endpoint")?,
        token_endpoint: endpoint("token_endpoint")?,
        jwks_uri: endpoint("jwks_uri")?,
        iss_parameter: metadata.get("authorization_response_iss_parameter_supported")
            == Some(&Value::Bool(true)),
        issuer,
    })
}

fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

async fn sign_in_once(client: &Client, org: &Org) -> Result<String, Failure> {
    let redirect_uri = RedirectUrl::new(setting("ATX_REDIRECT_URI")?).map_err(Failure::stop)?;
    let auth_type = if client.basic {
        AuthType::BasicAuth
    } else {
        AuthType::RequestBody
    };
    let mut oauth = Oauth::new(ClientId::new(client.id.clone()))
        .set_auth_uri(AuthUrl::new(org.authorization_endpoint.clone()).map_err(Failure::stop)?)
        .set_token_uri(TokenUrl::new(org.token_endpoint.clone()).map_err(Failure::stop)?)
        .set_redirect_uri(redirect_uri.clone())
        .set_auth_type(auth_type);
    if let Some(secret) = &client.secret {
        oauth = oauth.set_client_secret(ClientSecret::new(secret.clone()));
    }
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let nonce = CsrfToken::new_random().into_secret();
    let (url, state) = oauth
        .authorize_url(CsrfToken::new_random)
        .add_scopes(["openid", "profile", "email"].map(|scope| Scope::new(scope.to_owned())))
        .add_extra_param("nonce", nonce.as_str())
        .set_pkce_challenge(challenge)
        .url();

    let port = redirect_uri.url().port().unwrap_or(80);
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(Failure::stop)?;
    open(url.as_str())?;
    let callback = callback(&listener, redirect_uri.url());
    let answer = tokio::time::timeout(Duration::from_mins(1), callback).await;
    let answer = answer.map_err(|_| Failure::stop("the browser did not come back"))??;
    if answer.get("state") != Some(state.secret()) {
        return Err(Failure::stop("the answer has another state"));
    }
    // RFC 9207 section 2.4: on errors too.
    match answer.get("iss") {
        Some(iss) if *iss != org.issuer => return Err(Failure::stop("another issuer answered")),
        None if org.iss_parameter => return Err(Failure::stop("no issuer in the answer")),
        _ => {}
    }
    let code = answer.get("code").filter(|_| !answer.contains_key("error"));
    let code = code.ok_or_else(|| Failure::stop("the user was not signed in"))?;

    let mut request = oauth
        .exchange_code(AuthorizationCode::new(code.clone()))
        .set_pkce_verifier(verifier);
    for (name, value) in client.assertion(&org.token_endpoint)? {
        request = request.add_extra_param(name, value);
    }
    let http = |request: HttpRequest| async {
        let request = reqwest::Request::try_from(request).map_err(Failure::stop)?;
        send(RequestBuilder::from_parts(client.http.clone(), request)).await
    };
    let tokens = match request.request_async(&http).await {
        Err(RequestTokenError::Request(failure)) => return Err(failure),
        tokens => tokens.map_err(Failure::stop)?,
    };
    let id_token = &tokens.extra_fields().id_token;
    validate(client, org, id_token, &nonce).await?;
    Ok(id_token.clone())
}

/// Opens a link for the user.
pub fn open(link: &str) -> Result<(), Failure> {
    let url = Url::parse(link).map_err(Failure::stop)?;
    // What a browser opens, and never an option or a file.
    if !matches!(url.scheme(), "https" | "http") {
        return Err(Failure::stop("the link is not one for a browser"));
    }
    let browser = setting("BROWSER").unwrap_or_else(|_| "xdg-open".to_owned());
    let status = Command::new(browser).arg(link).status();
    status.map(|_| ()).map_err(Failure::stop)
}

/// The parameters of the request to the redirect URI.
async fn callback(listener: &TcpListener, at: &Url) -> Result<HashMap<String, String>, Failure> {
    loop {
        let (mut connection, _) = listener.accept().await.map_err(Failure::stop)?;
        let mut head = Vec::new();
        while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < 16_384 {
            if matches!(connection.read_buf(&mut head).await, Ok(0) | Err(_)) {
                break;
            }
        }
        let head = String::from_utf8_lossy(&head);
        let target = head
            .strip_prefix("GET ")
            .and_then(|rest| rest.split(' ').next());
        let Some(Ok(target)) = target.map(|target| at.join(target)) else {
            continue;
        };
        // A browser also asks for an icon.
        if target.path() == at.path() {
            let _ = connection.write_all(PAGE.as_bytes()).await;
            return Ok(target.query_pairs().into_owned().collect());
        }
    }
}

/// OpenID Connect Core section 3.1.3.7.
async fn validate(client: &Client, org: &Org, token: &str, nonce: &str) -> Result<(), Failure> {
    // The library's own words could hold a part of the token.
    let invalid = |_| Failure::stop("the ID token is not valid");
    let header = decode_header(token).map_err(invalid)?;
    let jwks = client.get(&org.jwks_uri).await?;
    let keys = jwks.get("keys").and_then(Value::as_array);
    let mut keys = keys.into_iter().flatten();
    let key = keys.find(|key| key.get("kid").and_then(Value::as_str) == header.kid.as_deref());
    let key = key.and_then(|key| serde_json::from_value(key.clone()).ok());
    let key = key.ok_or_else(|| Failure::stop("the ID token's key is not published"))?;
    let key = DecodingKey::from_jwk(&key).map_err(invalid)?;

    let mut wanted = Validation::new(Algorithm::RS256);
    wanted.set_issuer(&[&org.issuer]);
    wanted.set_audience(&[&client.id]);
    wanted.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    let claims = decode::<Value>(token, &key, &wanted)
        .map_err(invalid)?
        .claims;
    if claims["sub"] == "" {
        return Err(Failure::stop("the ID token is about nobody"));
    }
    let id = json!(client.id);
    if claims["aud"] != id && claims["aud"] != json!([id]) {
        return Err(Failure::stop(
            "the ID token has an audience that is not trusted",
        ));
    }
    if claims.get("azp").is_some_and(|azp| *azp != id) || claims["nonce"] != json!(nonce) {
        return Err(Failure::stop("the ID token was issued for another request"));
    }
    Ok(())
}
