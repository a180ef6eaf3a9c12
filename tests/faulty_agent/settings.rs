//! What `atx agent` tells an agent, from the environment.

use std::{env, fs};

use jsonwebtoken::{Algorithm, EncodingKey};

use crate::failure::Failure;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Task {
    AuthorizationServer,
    Secret,
    ServiceAccount,
    ResourceServer,
}

pub enum ClientAuth {
    PrivateKeyJwt(SigningKey),
    SecretBasic(String),
    SecretPost(String),
}

pub struct SigningKey {
    pub id: String,
    pub alg: Algorithm,
    pub key: EncodingKey,
}

pub struct Settings {
    pub task: Task,
    pub org_issuer: String,
    pub authorization_endpoint: String,
    pub org_token_endpoint: String,
    pub jwks_uri: String,
    /// Empty unless the task is authorization-server, as is the next one.
    pub custom_issuer: String,
    pub custom_token_endpoint: String,
    pub client_id: String,
    pub client_auth: ClientAuth,
    pub id_token: Option<String>,
    pub user: Option<String>,
    pub redirect_uri: Option<String>,
    pub scope: String,
    pub resource: Option<String>,
    pub api_url: String,
    pub secret_field: Option<String>,
    pub secret_header: Option<String>,
    pub ca_file: Option<String>,
    pub browser: Option<String>,
}

impl Settings {
    pub fn from_env() -> Result<Self, Failure> {
        let task = match required("ATX_TASK")?.as_str() {
            "authorization-server" => Task::AuthorizationServer,
            "secret" => Task::Secret,
            "service-account" => Task::ServiceAccount,
            "resource-server" => Task::ResourceServer,
            task => return Err(Failure::Stop(format!("{task} is not a task"))),
        };
        let custom = |name| match task {
            Task::AuthorizationServer => required(name),
            _ => Ok(optional(name).unwrap_or_default()),
        };
        Ok(Self {
            task,
            org_issuer: required("ATX_ORG_ISSUER")?,
            authorization_endpoint: required("ATX_ORG_AUTHORIZATION_ENDPOINT")?,
            org_token_endpoint: required("ATX_ORG_TOKEN_ENDPOINT")?,
            jwks_uri: required("ATX_ORG_JWKS_URI")?,
            custom_issuer: custom("ATX_CUSTOM_ISSUER")?,
            custom_token_endpoint: custom("ATX_CUSTOM_TOKEN_ENDPOINT")?,
            client_id: required("ATX_CLIENT_ID")?,
            client_auth: client_auth()?,
            id_token: optional("ATX_ID_TOKEN"),
            user: optional("ATX_USER"),
            redirect_uri: optional("ATX_REDIRECT_URI"),
            scope: custom("ATX_SCOPE")?,
            resource: optional("ATX_RESOURCE"),
            api_url: required("ATX_API_URL")?,
            secret_field: optional("ATX_SECRET_FIELD"),
            secret_header: optional("ATX_SECRET_HEADER"),
            ca_file: optional("ATX_CA_FILE"),
            browser: optional("BROWSER"),
        })
    }

    /// Where an endpoint of the org is, or of the custom authorization server beside its token endpoint.
    pub fn beside(token_endpoint: &str, name: &str) -> String {
        format!("{}{name}", token_endpoint.trim_end_matches("token"))
    }
}

fn client_auth() -> Result<ClientAuth, Failure> {
    Ok(match required("ATX_CLIENT_AUTH")?.as_str() {
        "client_secret_basic" => ClientAuth::SecretBasic(required("ATX_CLIENT_SECRET")?),
        "client_secret_post" => ClientAuth::SecretPost(required("ATX_CLIENT_SECRET")?),
        "private_key_jwt" => ClientAuth::PrivateKeyJwt(signing_key()?),
        method => return Err(Failure::Stop(format!("{method} is not a method"))),
    })
}

fn signing_key() -> Result<SigningKey, Failure> {
    let pem = fs::read(required("ATX_PRIVATE_KEY_FILE")?).map_err(Failure::stop)?;
    let (alg, key) = match required("ATX_KEY_ALG")?.as_str() {
        "RS256" => (Algorithm::RS256, EncodingKey::from_rsa_pem(&pem)),
        "ES256" => (Algorithm::ES256, EncodingKey::from_ec_pem(&pem)),
        alg => return Err(Failure::Stop(format!("{alg} is not an algorithm"))),
    };
    Ok(SigningKey {
        id: required("ATX_KEY_ID")?,
        alg,
        key: key.map_err(Failure::stop)?,
    })
}

fn required(name: &str) -> Result<String, Failure> {
    optional(name).ok_or_else(|| Failure::Stop(format!("{name} is not set")))
}

fn optional(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
