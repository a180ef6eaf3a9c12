//! Tokens that only a server of the target can sign: what test control is asked for, and what it gave.
//!
//! Forging is pure, so it cannot ask. It says what it lacks ([`Unforgeable::Unsigned`]); whoever may ask does, and
//! prepares the request again.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::change_jwt::change;
use super::{Forge, Unforgeable};
use crate::jwt::Jwt;
use crate::scenario::model::{ClaimChange, ServerRole};

/// JWTs that test control has signed, by the body of the request for each.
#[derive(Default)]
pub struct Signed(BTreeMap<String, String>);

impl Signed {
    /// Keeps a JWT.
    pub fn keep(&mut self, body: String, jwt: String) {
        self.0.insert(body, jwt);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Shows how many there are, and none of them.
impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signed({})", self.len())
    }
}

/// The body of a request to sign `token`, changed or not, with the key of a server.
pub fn signing_body(
    by: ServerRole,
    token: &str,
    header: &[(String, ClaimChange)],
    claims: &[(String, ClaimChange)],
    forge: &Forge<'_>,
) -> Result<Value, Unforgeable> {
    let mut jwt = Jwt::decode(token)
        .map_err(|problem| Unforgeable::NotAJwt("the token to sign".to_owned(), problem))?;
    change(&mut jwt.header, header, forge)?;
    change(&mut jwt.claims, claims, forge)?;
    body(by, &jwt, forge)
}

/// A JWT as the server signs it, or what it must be asked.
pub(super) fn by_server(by: ServerRole, jwt: &Jwt, forge: &Forge<'_>) -> Result<Jwt, Unforgeable> {
    let body = body(by, jwt, forge)?.to_string();
    match forge.signed.0.get(&body) {
        Some(signed) => Jwt::decode(signed).map_err(|problem| {
            Unforgeable::NotAJwt("what test control signed".to_owned(), problem)
        }),
        None => Err(Unforgeable::Unsigned(body)),
    }
}

/// A signing input with the server's signature over it, or what the server must be asked.
pub(super) fn sealed(
    by: ServerRole,
    alg: &str,
    signing_input: String,
    forge: &Forge<'_>,
) -> Result<Jwt, Unforgeable> {
    let issuer = &forge.server(by)?.issuer;
    let body = json!({ "issuer": issuer, "alg": alg, "signing_input": signing_input }).to_string();
    let Some(signed) = forge.signed.0.get(&body) else {
        return Err(Unforgeable::Unsigned(body));
    };
    let signature = signed.rsplit_once('.').map(|(_, signature)| signature);
    let mut jwt = Jwt::new(Map::new(), Map::new());
    jwt.signing_input = signing_input;
    signature.unwrap_or_default().clone_into(&mut jwt.signature);
    Ok(jwt)
}

/// `alg` and `kid` are those of the server's key.
fn body(by: ServerRole, jwt: &Jwt, forge: &Forge<'_>) -> Result<Value, Unforgeable> {
    let mut header = jwt.header.clone();
    header.shift_remove("alg");
    header.shift_remove("kid");
    let issuer = &forge.server(by)?.issuer;
    Ok(json!({ "issuer": issuer, "header": header, "claims": jwt.claims }))
}
