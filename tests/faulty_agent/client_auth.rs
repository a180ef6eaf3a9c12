//! How the client proves at a token endpoint who it is.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{Header, encode};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::agent::{Agent, random};
use crate::deviations::{Difference, Fault};
use crate::failure::Failure;
use crate::http::{Parameters, pairs};
use crate::settings::{ClientAuth, Settings, SigningKey};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a request carries for it.
#[derive(Default)]
pub struct Proof {
    pub parameters: Parameters,
    pub headers: Parameters,
}

impl Agent {
    /// For one request to one endpoint. What the request is for matters only to the faults that use an assertion twice.
    pub fn authenticate(&self, endpoint: &str, purpose: &str) -> Result<Proof, Failure> {
        let mut proof = Proof::default();
        match &self.settings.client_auth {
            ClientAuth::PrivateKeyJwt(key) => {
                let assertion = self.assertion(key, endpoint, purpose)?;
                self.leak(Fault::PrintsAssertion, "client_assertion", &assertion);
                let parameters = [
                    ("client_assertion_type", ASSERTION_TYPE),
                    ("client_assertion", &assertion),
                ];
                proof.parameters = pairs(&parameters);
                if self.has(Fault::TwoAuthMethods) {
                    proof.headers.push(self.basic("not-a-secret"));
                }
            }
            ClientAuth::SecretBasic(secret) => self.add_secret(&mut proof, secret, true),
            ClientAuth::SecretPost(secret) => self.add_secret(&mut proof, secret, false),
        }
        let has_client_id = proof.parameters.iter().any(|(name, _)| name == "client_id");
        if self.has(Fault::ClientIdDiffers) {
            proof.parameters.retain(|(name, _)| name != "client_id");
            proof
                .parameters
                .extend(pairs(&[("client_id", "0oaanotherclient00001")]));
        } else if self.differs(Difference::ClientIdBeside) && !has_client_id {
            proof.parameters.extend(self.public());
        }
        Ok(proof)
    }

    /// No proof, only a claim.
    pub fn public(&self) -> Parameters {
        pairs(&[("client_id", &self.settings.client_id)])
    }

    fn add_secret(&self, proof: &mut Proof, secret: &str, by_basic: bool) {
        self.leak(Fault::PrintsAssertion, "client_secret", secret);
        let by_basic = by_basic && !self.differs(Difference::SecretInBody)
            || self.differs(Difference::SecretByBasic);
        if by_basic || self.has(Fault::TwoAuthMethods) {
            proof.headers.push(self.basic(secret));
        }
        if !by_basic || self.has(Fault::TwoAuthMethods) {
            proof.parameters = self.public();
            proof.parameters.extend(pairs(&[("client_secret", secret)]));
        }
    }

    /// Id and secret are form-encoded first (RFC 6749 section 2.3.1).
    fn basic(&self, secret: &str) -> (String, String) {
        let encoded = |text: &str| {
            if self.has(Fault::BasicNotEncoded) {
                text.to_owned()
            } else {
                form_urlencoded::byte_serialize(text.as_bytes()).collect()
            }
        };
        let joined = format!("{}:{}", encoded(&self.settings.client_id), encoded(secret));
        let value = format!("Basic {}", STANDARD.encode(joined));
        ("Authorization".to_owned(), value)
    }

    /// A client assertion (RFC 7523 section 3): a new one for each request, unless a fault is built in.
    fn assertion(
        &self,
        key: &SigningKey,
        endpoint: &str,
        purpose: &str,
    ) -> Result<String, Failure> {
        // A retry has the same purpose; an exchange and the redemption after it go to two endpoints.
        let kept_as = if self.has(Fault::AssertionReusedOnRetry) {
            Some(format!("{endpoint} {purpose}"))
        } else if self.has(Fault::AssertionForTwoEndpoints) && purpose != "authorization_code" {
            Some(String::new())
        } else {
            None
        };
        let kept = kept_as
            .as_ref()
            .and_then(|name| self.assertions.borrow().get(name).cloned());
        if let Some(assertion) = kept {
            return Ok(assertion);
        }
        let (header, claims) = (self.assertion_header(key), self.assertion_claims(endpoint)?);
        let assertion = if self.has(Fault::AssertionUnsigned) {
            unsigned(&claims)
        } else {
            encode(&header, &claims, &key.key).map_err(Failure::stop)?
        };
        if let Some(name) = kept_as {
            self.assertions.borrow_mut().insert(name, assertion.clone());
        }
        Ok(assertion)
    }

    fn assertion_header(&self, key: &SigningKey) -> Header {
        let mut header = Header::new(key.alg);
        header.kid = Some(key.id.clone());
        if self.has(Fault::AssertionNoKid) {
            header.kid = None;
        } else if self.has(Fault::AssertionOtherKid) {
            header.kid = Some("another-key".to_owned());
        }
        if self.differs(Difference::AssertionTyp) {
            header.typ = Some("client-authentication+jwt".to_owned());
        }
        header
    }

    fn assertion_claims(&self, endpoint: &str) -> Result<Map<String, Value>, Failure> {
        let (client_id, now) = (&self.settings.client_id, Timestamp::now().as_second());
        let issuer = endpoint
            .trim_end_matches("/v1/token")
            .trim_end_matches("/oauth2");
        let aud = if self.has(Fault::AssertionAudIssuer) {
            json!(issuer)
        } else if self.has(Fault::AssertionAudOtherEndpoint) {
            json!(Settings::beside(endpoint, "introspect"))
        } else if self.has(Fault::AssertionAudList) {
            json!([endpoint, issuer])
        } else {
            json!(endpoint)
        };
        let lifetime = if self.has(Fault::AssertionOfADay) {
            86_400
        } else if self.differs(Difference::AssertionWithoutIat) {
            300
        } else {
            120
        };
        let jti = if self.has(Fault::AssertionJtiFixed) {
            "assertion-1".to_owned()
        } else {
            random()?
        };
        let mut claims = Map::new();
        let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        let iss = if self.has(Fault::AssertionIssOther) {
            "https://agent.example"
        } else {
            client_id
        };
        let user = self.settings.user.as_deref().unwrap_or("ada@example.com");
        let sub = if self.has(Fault::AssertionSubUser) {
            user
        } else {
            client_id
        };
        set("iss", json!(iss));
        set("sub", json!(sub));
        set("aud", aud);
        if !self.differs(Difference::AssertionWithoutIat) {
            set("iat", json!(now));
        }
        if !self.has(Fault::AssertionNoExp) {
            set("exp", json!(now + lifetime));
        }
        if !self.has(Fault::AssertionNoJti) {
            set("jti", json!(jti));
        }
        if self.differs(Difference::AssertionTyp) {
            set("nbf", json!(now - 5));
            set("vendor", json!({ "name": "faulty-agent" }));
        }
        Ok(claims)
    }
}

fn unsigned(claims: &Map<String, Value>) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({ "alg": "none", "typ": "JWT" });
    format!("{}.{}.", part(header), part(Value::Object(claims.clone())))
}
