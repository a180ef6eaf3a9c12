//! How a client shows who it is (RFC 6749 §2.3, RFC 7523 §2.2).

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::{Forge, Unforgeable, fresh};
use crate::jwt::{Jwt, base64url};
use crate::scenario::model::{ClientAuth, ClientRole};
use crate::signing_key::unknown_key;
use crate::targets::{ClientKey, RegisteredAuth};

/// How long a client assertion lives, in seconds; okta.md (d) allows an hour.
const ASSERTION_LIFETIME: i64 = 300;

/// A credential, ready to be put into a request.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Presented {
    /// Form parameters; for `client_secret_basic` those that [`basic`] joins into a header field.
    pub parameters: Vec<(String, String)>,
    /// Whether they travel in the `Authorization` header.
    pub in_header: bool,
}

/// Says nothing of what is presented.
impl std::fmt::Debug for Presented {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Presented([secret])")
    }
}

/// The credential of a client for an endpoint. A client asked to authenticate in a way for which it holds nothing
/// presents something that nobody registered: that is what a server must refuse.
pub fn credential(
    forge: &Forge<'_>,
    role: ClientRole,
    method: ClientAuth,
    endpoint: &str,
) -> Result<Presented, Unforgeable> {
    let client = forge.client(role)?;
    let id = client.client_id.as_str();
    let method = match (method, &client.auth) {
        (ClientAuth::Registered, RegisteredAuth::None) => ClientAuth::None,
        (ClientAuth::Registered, RegisteredAuth::ClientSecretBasic(_)) => {
            ClientAuth::ClientSecretBasic
        }
        (ClientAuth::Registered, RegisteredAuth::ClientSecretPost(_)) => {
            ClientAuth::ClientSecretPost
        }
        (ClientAuth::Registered, RegisteredAuth::PrivateKeyJwt(_)) => ClientAuth::PrivateKeyJwt,
        (asked, _) => asked,
    };
    let secret = || match &client.auth {
        RegisteredAuth::ClientSecretBasic(secret) | RegisteredAuth::ClientSecretPost(secret) => {
            secret.expose().to_owned()
        }
        _ => fresh(),
    };
    let parameter = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Ok(match method {
        ClientAuth::Registered | ClientAuth::None => Presented {
            parameters: vec![parameter("client_id", id)],
            in_header: false,
        },
        ClientAuth::ClientSecretBasic | ClientAuth::ClientSecretPost => Presented {
            parameters: vec![
                parameter("client_id", id),
                parameter("client_secret", &secret()),
            ],
            in_header: method == ClientAuth::ClientSecretBasic,
        },
        ClientAuth::PrivateKeyJwt => {
            let key = match &client.auth {
                RegisteredAuth::PrivateKeyJwt(key) => Some(key),
                _ => None,
            };
            asserted(id, &signed_assertion(id, key, endpoint, forge.now)?)
        }
        ClientAuth::ClientSecretJwt => {
            let mut jwt = assertion("HS256", None, id, endpoint, forge.now)?;
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret().as_bytes());
            jwt.signature = base64url(hmac::sign(&key, jwt.signing_input.as_bytes()));
            asserted(id, &jwt.encode())
        }
    })
}

/// The parameters of a client assertion (RFC 7523 §2.2).
fn asserted(client_id: &str, assertion: &str) -> Presented {
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let parameters = [
        ("client_id", client_id),
        ("client_assertion_type", kind),
        ("client_assertion", assertion),
    ];
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Presented {
        parameters: parameters.map(owned).into(),
        in_header: false,
    }
}

/// A client assertion (RFC 7523 §3) for an endpoint; signed with a key that nobody knows if there is none.
pub fn signed_assertion(
    client_id: &str,
    key: Option<&ClientKey>,
    endpoint: &str,
    now: i64,
) -> Result<String, Unforgeable> {
    let alg = key.map_or("RS256", |key| key.alg.as_str());
    let kid = key.and_then(|key| key.kid.as_deref());
    let mut jwt = assertion(alg, kid, client_id, endpoint, now)?;
    let message = jwt.signing_input.as_bytes();
    let signature = match key {
        Some(key) => key.key.sign(alg, message),
        None => unknown_key().and_then(|key| key.sign(alg, message)),
    };
    let refused = || Unforgeable::CannotSign(alg.to_owned(), "the key refuses to");
    jwt.signature = base64url(signature.ok_or_else(refused)?);
    Ok(jwt.encode())
}

/// The same, not yet signed.
fn assertion(
    alg: &str,
    kid: Option<&str>,
    client_id: &str,
    endpoint: &str,
    now: i64,
) -> Result<Jwt, Unforgeable> {
    let mut header = Map::from_iter([("alg".to_owned(), Value::from(alg))]);
    header.extend(kid.map(|kid| ("kid".to_owned(), kid.into())));
    let claims = json!({
        "iss": client_id,
        "sub": client_id,
        "aud": endpoint,
        "iat": now,
        "exp": now.saturating_add(ASSERTION_LIFETIME),
        "jti": fresh(),
    });
    let Value::Object(claims) = claims else {
        return Err(Unforgeable::CannotSign(
            alg.to_owned(),
            "the claims are no object",
        ));
    };
    Ok(Jwt::new(header, claims))
}

/// `Authorization` of HTTP Basic. RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
pub fn basic(id: &str, secret: &str) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!(
        "Basic {}",
        STANDARD.encode(format!("{}:{}", encode(id), encode(secret)))
    )
}
