//! Where the org's endpoints are (RFC 8414, OpenID Connect Discovery).

use serde_json::Value;
use url::Url;

use crate::agent::Agent;
use crate::deviations::{Difference, Fault};
use crate::failure::Failure;
use crate::http::{Object, Request};
use crate::settings::Settings;

pub struct Org {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    pub userinfo_endpoint: String,
    /// Whether every authorization response names its issuer (RFC 9207 section 3).
    pub iss_parameter: bool,
}

impl Agent {
    pub async fn discover(&self) -> Result<Org, Failure> {
        let settings = &self.settings;
        let issuer = &settings.org_issuer;
        if self.differs(Difference::NoDiscovery) {
            return Ok(Org {
                issuer: issuer.clone(),
                authorization_endpoint: settings.authorization_endpoint.clone(),
                token_endpoint: settings.org_token_endpoint.clone(),
                jwks_uri: settings.jwks_uri.clone(),
                userinfo_endpoint: Settings::beside(&settings.org_token_endpoint, "userinfo"),
                iss_parameter: false,
            });
        }
        let metadata = self.metadata().await?;
        // RFC 8414 section 3.3.
        let is_issuer = metadata.get("issuer").and_then(Value::as_str) == Some(issuer);
        if !is_issuer && !self.has(Fault::MetadataIssuerNotChecked) {
            return Err(Failure::stop("the metadata are another issuer's"));
        }
        if self.has(Fault::GrantTypesGate)
            && !lists(&metadata, "grant_types_supported", "token-exchange")
        {
            return Err(Failure::stop("the server has no token exchange"));
        }
        // RFC 8414 section 2; MCP demands of clients that they look.
        if !lists(&metadata, "code_challenge_methods_supported", "S256") {
            return Err(Failure::stop("the server does not announce PKCE with S256"));
        }
        Ok(Org {
            issuer: issuer.clone(),
            authorization_endpoint: self.endpoint(&metadata, "authorization_endpoint")?,
            token_endpoint: self.endpoint(&metadata, "token_endpoint")?,
            jwks_uri: self.endpoint(&metadata, "jwks_uri")?,
            userinfo_endpoint: Settings::beside(&settings.org_token_endpoint, "userinfo"),
            iss_parameter: metadata.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
        })
    }

    pub async fn metadata(&self) -> Result<Object, Failure> {
        let name = if self.differs(Difference::OauthMetadata) {
            "oauth-authorization-server"
        } else {
            "openid-configuration"
        };
        let issuer = &self.settings.org_issuer;
        self.get_json(&format!("{issuer}/.well-known/{name}")).await
    }

    pub async fn get_json(&self, url: &str) -> Result<Object, Failure> {
        self.retry(async || self.send(&Request::get(url)).await?.object())
            .await
    }

    fn endpoint(&self, metadata: &Object, name: &str) -> Result<String, Failure> {
        let url = metadata
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default();
        match Url::parse(url) {
            Ok(parsed) if is_safe(&parsed) || self.has(Fault::PlainHttpEndpoint) => {
                Ok(url.to_owned())
            }
            _ => Err(Failure::Stop(format!("the metadata have no usable {name}"))),
        }
    }
}

/// RFC 6749 section 3.1; loopback addresses leave no machine.
fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

fn lists(metadata: &Object, name: &str, part: &str) -> bool {
    let values = metadata.get(name).and_then(Value::as_array);
    values.is_some_and(|values| {
        values
            .iter()
            .any(|value| value.as_str().is_some_and(|text| text.contains(part)))
    })
}
