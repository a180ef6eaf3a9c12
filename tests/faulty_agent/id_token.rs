//! Validation of an ID token (OpenID Connect Core section 3.1.3.7).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde_json::{Value, json};

use crate::agent::Agent;
use crate::deviations::{Difference, Fault};
use crate::failure::Failure;
use crate::http::Object;
use crate::metadata::Org;

/// Seconds by which clocks may differ.
const LEEWAY: f64 = 60.0;

impl Agent {
    pub async fn validate_id_token(
        &self,
        org: &Org,
        token: &str,
        nonce: Option<&str>,
    ) -> Result<(), Failure> {
        self.leak(Fault::PrintsTokens, "id_token", token);
        let malformed = || Failure::stop("the ID token is not a JWT");
        let header = part(token, 0).ok_or_else(malformed)?;
        let claims = part(token, 1).ok_or_else(malformed)?;
        if !self.has(Fault::IdTokenSignatureNotChecked) {
            self.check_signature(org, token, &header).await?;
        }
        let claim = |name: &str| claims.get(name).unwrap_or(&Value::Null);
        let client = json!(self.settings.client_id);
        let audiences = match claim("aud") {
            Value::Array(list) => list.clone(),
            one => vec![one.clone()],
        };
        // RFC 7519 section 2: a NumericDate may have a fraction.
        let exp = claim("exp").as_f64();
        let now = Timestamp::now().as_duration().as_secs_f64();
        let is_current = exp.is_some_and(|exp| exp + LEEWAY > now);
        let is_for_client_alone = audiences.iter().all(|audience| *audience == client);
        let has_subject = claim("sub").as_str().is_some_and(|sub| !sub.is_empty());
        let azp = claims.get("azp");
        for (name, is_right, fault) in [
            (
                "iss",
                *claim("iss") == json!(org.issuer),
                Fault::IdTokenIssNotChecked,
            ),
            (
                "aud",
                audiences.contains(&client),
                Fault::IdTokenAudNotChecked,
            ),
            (
                "azp",
                azp.is_none_or(|azp| *azp == client),
                Fault::IdTokenAzpNotChecked,
            ),
            ("exp", is_current, Fault::IdTokenExpNotChecked),
            (
                "nonce",
                claim("nonce").as_str() == nonce,
                Fault::IdTokenNonceNotChecked,
            ),
            ("sub", has_subject, Fault::IdTokenSubNotChecked),
        ] {
            if !is_right && !self.has(fault) {
                return Err(Failure::Stop(format!(
                    "the {name} of the ID token is wrong"
                )));
            }
        }
        if !claim("iat").is_number() {
            return Err(Failure::stop(
                "the ID token does not say when it was issued",
            ));
        }
        let is_any_audience_right =
            self.has(Fault::IdTokenExtraAudAccepted) || self.has(Fault::IdTokenAudNotChecked);
        if !is_for_client_alone && !is_any_audience_right {
            return Err(Failure::stop(
                "the ID token has an audience that is not trusted",
            ));
        }
        Ok(())
    }

    /// By the key of the issuer, with RS256: what Okta signs with, so `none` and HMAC are refused.
    async fn check_signature(
        &self,
        org: &Org,
        token: &str,
        header: &Object,
    ) -> Result<(), Failure> {
        let alg = header
            .get("alg")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let is_believed = alg == "none" && self.has(Fault::IdTokenAlgNoneAccepted)
            || alg != "RS256" && self.has(Fault::IdTokenAlgNotChecked);
        let key = self.key(org, header).await;
        if is_believed {
            return Ok(());
        }
        if alg != "RS256" {
            return Err(Failure::stop(
                "the ID token is signed by an algorithm that is not Okta's",
            ));
        }
        let is_signed = || {
            let (message, signature) = token.rsplit_once('.')?;
            let key = key.ok()?;
            let component = |name: &str| key.get(name)?.as_str();
            if component("kty")? != "RSA" {
                return None;
            }
            let key = DecodingKey::from_rsa_components(component("n")?, component("e")?).ok()?;
            crypto::verify(signature, message.as_bytes(), &key, Algorithm::RS256).ok()
        };
        match is_signed() {
            Some(true) => Ok(()),
            _ => Err(Failure::stop("the ID token is not signed by the issuer")),
        }
    }

    /// The key that the header names. The set is fetched for each ID token, so a new key is found.
    async fn key(&self, org: &Org, header: &Object) -> Result<Value, Failure> {
        let mut set = self.get_json(&org.jwks_uri).await?;
        if self.differs(Difference::KeysTwice) {
            set = self.get_json(&org.jwks_uri).await?;
        }
        let keys = set.get("keys").and_then(Value::as_array);
        let mut keys = keys.into_iter().flatten();
        let key = if self.has(Fault::KidIgnored) {
            keys.next()
        } else {
            keys.find(|key| key.get("kid") == header.get("kid"))
        };
        key.cloned()
            .ok_or_else(|| Failure::stop("the key of the ID token is not published"))
    }
}

/// Whether an ID token that was handed over can no longer be used. Who handed it over has validated it.
pub fn has_expired(token: &str) -> bool {
    let exp = part(token, 1).and_then(|claims| claims.get("exp")?.as_f64());
    exp.is_none_or(|exp| exp <= Timestamp::now().as_duration().as_secs_f64())
}

/// Header (0) or claims (1) of a JWT, not verified.
pub fn part(token: &str, number: usize) -> Option<Object> {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(number)?).ok()?;
    serde_json::from_slice(&bytes).ok()
}
