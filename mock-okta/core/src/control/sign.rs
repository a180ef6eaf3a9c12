//! Signs what a test writes with the key of one of the org's authorization servers.
//!
//! A test of whoever reads tokens needs tokens that are wrong in one point and signed all the same. Only the server
//! has the key, so only it can make them.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::error::ControlError;
use super::{apply, find};
use crate::core::Core;
use crate::keys::SigningKey;
use crate::tokens::jwt;

/// Members of the header that follow from the key.
const OF_THE_KEY: [&str; 2] = ["alg", "kid"];

impl Core {
    /// A JWT with this header and these claims, as they are, under the key with which the server signs now.
    ///
    /// # Errors
    /// 404 for an issuer that does not exist, 400 for `alg` or `kid` in the header.
    pub(super) fn sign(
        &self,
        issuer: &str,
        mut header: Map<String, Value>,
        claims: &Map<String, Value>,
    ) -> Result<Value, ControlError> {
        if let Some(name) = OF_THE_KEY.iter().find(|name| header.contains_key(**name)) {
            return Err(ControlError::bad_request(
                format!("`header` has `{name}`"),
                "a header without `alg` and `kid`: they are those of the key",
            ));
        }
        let key = self.signing_key(issuer)?;
        header.insert("alg".to_owned(), json!("RS256"));
        header.insert("kid".to_owned(), json!(key.public.kid));
        let signed = jwt::compact(&key, &header, claims).map_err(|error| apply::failed(&error))?;
        Ok(json!({ "jwt": signed }))
    }

    /// A signing input as it is, whatever it says, with the signature of the server over it: what no object can say,
    /// such as a member that stands twice or white space in base64url.
    ///
    /// # Errors
    /// 404 for an issuer that does not exist, 400 for an `alg` by which the key does not sign.
    pub(super) fn seal(
        &self,
        issuer: &str,
        alg: &str,
        input: String,
    ) -> Result<Value, ControlError> {
        let key = self.signing_key(issuer)?;
        let signed = jwt::sealed(&key, alg, input).map_err(|error| {
            let expected = "one of RS256, RS384, RS512, PS256, PS384, PS512";
            ControlError::bad_request(error.to_string(), expected)
        })?;
        Ok(json!({ "jwt": signed }))
    }

    fn signing_key(&self, issuer: &str) -> Result<Arc<SigningKey>, ControlError> {
        let snapshot = self.snapshot();
        let name = find::server(&snapshot.org, self.issuers(), issuer)?;
        let keys = snapshot.keys.server(&name);
        let key = keys.map(|keys| keys.active.clone());
        // Every server of an org has a key.
        key.ok_or_else(|| ControlError::not_found("key of the issuer", issuer, []))
    }
}
