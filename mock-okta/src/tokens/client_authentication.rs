//! A client proves who it is at a token endpoint, by the first of its methods for which the org knows the credential.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use mock_okta_core::Snapshot;
use mock_okta_core::keys::ClientKey;
use mock_okta_core::org::{AuthMethod, Client, Status};
use mock_okta_core::secret::Secret;
use serde_json::{Value, json};

use super::answer::encode;
use super::error::TokenError;
use crate::app::App;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long a client assertion is valid, in seconds.
const ASSERTION_LIFETIME: i64 = 60;

/// What a request carries to prove who sends it.
pub(super) struct Credentials {
    /// Parameters of the form.
    pub(super) form: Vec<(&'static str, String)>,
    /// The value of `Authorization`.
    pub(super) authorization: Option<String>,
}

/// In the order in which they are tried.
const METHODS: [AuthMethod; 5] = [
    AuthMethod::PrivateKeyJwt,
    AuthMethod::ClientSecretBasic,
    AuthMethod::ClientSecretPost,
    AuthMethod::ClientSecretJwt,
    AuthMethod::None,
];

/// The credentials of a client for the endpoint at this URL.
pub(super) fn credentials(
    app: &App,
    snapshot: &Snapshot,
    client: &Client,
    endpoint: &str,
) -> Result<Credentials, TokenError> {
    for method in METHODS {
        if client.auth_methods.contains(&method)
            && let Some(found) = by(method, app, snapshot, client, endpoint)?
        {
            return Ok(found);
        }
    }
    Err(TokenError::Client {
        client: client.id.to_string(),
        reason: "cannot authenticate here: the org knows only the public halves of its keys; pin one with \
                 `private_key_pem`, or name another client",
    })
}

/// `None` when the org does not know the credential.
fn by(
    method: AuthMethod,
    app: &App,
    snapshot: &Snapshot,
    client: &Client,
    endpoint: &str,
) -> Result<Option<Credentials>, TokenError> {
    let id = client.id.to_string();
    let secret = client.client_secret.as_ref().map(Secret::reveal);
    let in_form = |form| Credentials {
        form,
        authorization: None,
    };
    Ok(match method {
        AuthMethod::PrivateKeyJwt => signing_key(snapshot, client)
            .map(|key| signed(app, &id, endpoint, key))
            .transpose()?
            .map(|assertion| in_form(with_assertion(id, assertion))),
        AuthMethod::ClientSecretBasic => secret.map(|secret| Credentials {
            form: Vec::new(),
            authorization: Some(basic(&id, secret)),
        }),
        AuthMethod::ClientSecretPost => secret.map(|secret| {
            in_form(vec![
                ("client_id", id),
                ("client_secret", secret.to_owned()),
            ])
        }),
        AuthMethod::ClientSecretJwt => secret.map(|secret| {
            let assertion = authenticated(app, &id, endpoint, secret);
            in_form(with_assertion(id, assertion))
        }),
        AuthMethod::None => Some(in_form(vec![("client_id", id)])),
    })
}

/// The first active key of the client for signatures whose private half the org knows.
fn signing_key<'s>(snapshot: &'s Snapshot, client: &Client) -> Option<&'s ClientKey> {
    let signs = |kid: &str| {
        let mut written = client.keys.iter();
        let active = |status| status == Status::Active;
        written.any(|key| key.kid == kid && active(key.status) && key.usage == "sig")
    };
    let mut keys = snapshot.keys.client(&client.id).iter();
    keys.find(|key| key.private_pem.is_some() && signs(&key.public.kid))
}

fn with_assertion(id: String, assertion: String) -> Vec<(&'static str, String)> {
    vec![
        ("client_id", id),
        ("client_assertion_type", ASSERTION_TYPE.to_owned()),
        ("client_assertion", assertion),
    ]
}

/// RFC 7523 §3, with the client's key.
fn signed(app: &App, client: &str, endpoint: &str, key: &ClientKey) -> Result<String, TokenError> {
    let header = json!({ "alg": key.public.alg.as_str(), "kid": key.public.kid });
    let input = signing_input(app, client, endpoint, &header);
    let signature = key.sign(input.as_bytes())?;
    Ok(format!("{input}.{}", B64.encode(signature)))
}

/// The same with the client's secret.
fn authenticated(app: &App, client: &str, endpoint: &str, secret: &str) -> String {
    let input = signing_input(app, client, endpoint, &json!({ "alg": "HS256" }));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, input.as_bytes());
    format!("{input}.{}", B64.encode(tag))
}

fn signing_input(app: &App, client: &str, endpoint: &str, header: &Value) -> String {
    let now = app.clock.now().as_second();
    let claims = json!({
        "iss": client,
        "sub": client,
        "aud": endpoint,
        "iat": now,
        "exp": now + ASSERTION_LIFETIME,
        "jti": app.fresh_text(),
    });
    let part = |value: &Value| B64.encode(value.to_string());
    format!("{}.{}", part(header), part(&claims))
}

/// RFC 6749 §2.3.1: both halves are encoded like a form before they are joined.
fn basic(client: &str, secret: &str) -> String {
    let encoded = |text: &str| encode(&[("", text)]).split_off(1);
    let pair = format!("{}:{}", encoded(client), encoded(secret));
    format!("Basic {}", STANDARD.encode(pair))
}
