//! An org that signs ID tokens, for tests.

use serde_json::{Value, json};

use crate::exchange::Response;
use crate::forge::fresh;
use crate::jwks::Jwks;
use crate::jwt::{Jwt, base64url};
use crate::signing_key::SigningKey;
use crate::signing_key::sample::ec_jwk;

/// The issuer of its ID tokens where nothing else is said.
pub(crate) const ISSUER: &str = "https://org.example";

/// A key and what is published of it.
pub(crate) struct Org {
    key: SigningKey,
    pub(crate) keys: Jwks,
    /// The document at the `jwks_uri`.
    pub(crate) document: String,
}

impl Org {
    pub(crate) fn new() -> Self {
        let mut jwk = ec_jwk();
        let key = SigningKey::from_jwk(&jwk).unwrap();
        jwk.as_object_mut().unwrap().remove("d");
        let document = json!({"keys": [jwk]});
        Self {
            key,
            keys: Jwks::parse(&document).unwrap(),
            document: document.to_string(),
        }
    }

    /// An ID token of ada for `wlpagent`, with these claims beside and instead of the right ones.
    pub(crate) fn id_token(&self, now: i64, claims: &Value) -> String {
        let mut right = json!({
            "iss": ISSUER, "aud": "wlpagent", "sub": "00uada", "nonce": "n",
            "preferred_username": "ada@example.com", "iat": now, "exp": now + 3600,
        });
        merge(&mut right, claims);
        let header = json!({"alg": self.key.algorithm()});
        let object = |value: &Value| value.as_object().unwrap().clone();
        let mut jwt = Jwt::new(object(&header), object(&right));
        let message = jwt.signing_input.as_bytes();
        jwt.signature = base64url(self.key.sign(self.key.algorithm(), message).unwrap());
        jwt.encode()
    }

    /// A token response with it, with these members beside and instead of the right ones.
    pub(crate) fn answer(&self, now: i64, claims: &Value, members: &Value) -> Response {
        let mut body = json!({
            "id_token": self.id_token(now, claims), "access_token": fresh(),
            "token_type": "Bearer", "expires_in": 1800, "scope": "openid profile",
        });
        merge(&mut body, members);
        Response::new(200, Vec::new(), body.to_string().as_bytes())
    }
}

fn merge(into: &mut Value, from: &Value) {
    for (name, value) in from.as_object().unwrap() {
        into[name] = value.clone();
    }
}
