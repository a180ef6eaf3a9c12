//! One request to a token endpoint.

use http::Method;
use serde_json::Value;

use crate::agent::Agent;
use crate::client_auth::Proof;
use crate::deviations::Fault;
use crate::failure::Failure;
use crate::http::{Content, Object, Parameters, Request};

pub const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// Members of token responses that this agent makes use of.
const KNOWN: [&str; 9] = [
    "access_token",
    "expires_in",
    "id_token",
    "issued_token_type",
    "refresh_token",
    "scope",
    "service_account",
    "token_type",
    "vaulted_secret",
];

impl Agent {
    /// Sends a grant once, with a new proof of who the client is, and gives the successful answer.
    pub async fn token(&self, endpoint: &str, grant: Parameters) -> Result<Object, Failure> {
        let grant_type = value(&grant, "grant_type").unwrap_or_default().to_owned();
        let is_proven = match grant_type.as_str() {
            "authorization_code" => !self.has(Fault::CodeNotAuthenticated),
            TOKEN_EXCHANGE => !self.has(Fault::ExchangeNotAuthenticated),
            JWT_BEARER => !self.has(Fault::RedemptionNotAuthenticated),
            _ => true,
        };
        let public = || Proof {
            parameters: self.public(),
            ..Proof::default()
        };
        let proof = if is_proven {
            self.authenticate(endpoint, &grant_type)?
        } else {
            public()
        };
        let mut answer = self
            .send_grant(endpoint, &grant_type, grant.clone(), proof)
            .await;
        if self.has(Fault::WeakerMethodAfter401)
            && answer
                .as_ref()
                .is_err_and(|failure| failure.has_status(401))
        {
            answer = self
                .send_grant(endpoint, &grant_type, grant, public())
                .await;
        }
        let answer = answer?;
        if self.has(Fault::UnknownMembersRejected)
            && answer.keys().any(|name| !KNOWN.contains(&name.as_str()))
        {
            return Err(Failure::stop("the answer has unknown members"));
        }
        if let Some(token) = answer.get("access_token").and_then(Value::as_str) {
            self.leak(Fault::PrintsTokens, "access_token", token);
        }
        Ok(answer)
    }

    async fn send_grant(
        &self,
        endpoint: &str,
        grant_type: &str,
        mut parameters: Parameters,
        proof: Proof,
    ) -> Result<Object, Failure> {
        parameters.extend(proof.parameters);
        let is_exchange = grant_type == TOKEN_EXCHANGE;
        let mut request = Request::post(endpoint, Vec::new());
        request.headers = proof.headers;
        if is_exchange && (self.has(Fault::ExchangeInUrl) || self.has(Fault::ExchangeGet)) {
            request.url = format!("{endpoint}?{}", self.encode(parameters));
            if self.has(Fault::ExchangeGet) {
                (request.method, request.content) = (Method::GET, Content::None);
            }
        } else if is_exchange && self.has(Fault::ExchangeJson) {
            request.content = Content::Json(parameters);
        } else {
            request.content = Content::Form(parameters);
        }
        let answer = if self.has(Fault::TokenRequestAlongRedirect) {
            self.send_along_redirects(&request).await?
        } else {
            self.send(&request).await?
        };
        answer.object()
    }
}

fn value<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a str> {
    let found = parameters.iter().find(|(other, _)| other == name);
    found.map(|(_, value)| value.as_str())
}
