//! The API, and what opens it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::time::sleep;
use url::Url;

use crate::agent::Agent;
use crate::deviations::{Difference, Fault};
use crate::failure::{Failure, Refusal, SHORT, WITHOUT_BOUND};
use crate::http::{Request, pairs};
use crate::sign_in::Tokens;

pub enum Credential {
    Bearer(String),
    Basic { username: String, password: String },
    Header { name: String, value: String },
}

impl Credential {
    /// The part of it that nobody else may know.
    pub fn secret(&self) -> &str {
        match self {
            Self::Bearer(secret)
            | Self::Basic {
                password: secret, ..
            }
            | Self::Header { value: secret, .. } => secret,
        }
    }

    fn header(&self) -> (String, String) {
        let authorization = |value| ("Authorization".to_owned(), value);
        match self {
            Self::Bearer(token) => authorization(format!("Bearer {token}")),
            Self::Basic { username, password } => authorization(format!(
                "Basic {}",
                STANDARD.encode(format!("{username}:{password}"))
            )),
            Self::Header { name, value } => (name.clone(), value.clone()),
        }
    }
}

impl Agent {
    /// Asks the API with the credential, again only while it is busy.
    pub async fn call_api(&self, credential: &Credential, tokens: &Tokens) -> Result<(), Failure> {
        let request = self.api_request(&self.settings.api_url, credential, tokens)?;
        let mut done = self.retry(async || self.ask_api(&request).await).await;
        for _ in 0..WITHOUT_BOUND {
            let is_again = |status, fault| {
                self.has(fault)
                    && done
                        .as_ref()
                        .is_err_and(|failure| failure.has_status(status))
            };
            if !is_again(401, Fault::Api401Loop) && !is_again(403, Fault::Api403Loop) {
                break;
            }
            sleep(SHORT).await;
            done = self.ask_api(&request).await;
        }
        done?;
        if self.differs(Difference::ApiTwice) {
            self.ask_api(&request).await?;
        }
        if self.has(Fault::TokenToSecondApi) {
            let other =
                Url::parse(&self.settings.api_url).and_then(|url| url.join("/resources/mcp"));
            let other = other.map_err(Failure::stop)?;
            // Whatever comes of it.
            let _ = self
                .ask_api(&self.api_request(other.as_str(), credential, tokens)?)
                .await;
        }
        Ok(())
    }

    fn api_request(
        &self,
        url: &str,
        credential: &Credential,
        tokens: &Tokens,
    ) -> Result<Request, Failure> {
        let mut request = Request::get(url);
        let is_bearer = matches!(credential, Credential::Bearer(_));
        let in_query = match credential {
            Credential::Bearer(_)
                if self.has(Fault::TokenInQuery) || self.has(Fault::TokenInHeaderAndQuery) =>
            {
                Some("access_token")
            }
            Credential::Bearer(_) => None,
            _ => Some("key").filter(|_| self.has(Fault::SecretInUrl)),
        };
        if let Some(name) = in_query {
            let mut with_query = Url::parse(url).map_err(Failure::stop)?;
            with_query
                .query_pairs_mut()
                .append_pair(name, credential.secret());
            request.url = with_query.into();
        }
        if !(is_bearer && self.has(Fault::TokenInQuery)) {
            let mut header = credential.header();
            if self.differs(Difference::BearerCase)
                && let Some((scheme, rest)) = header.1.split_once(' ')
            {
                header.1 = format!("{} {rest}", scheme.to_lowercase());
            }
            request.headers.push(header);
        }
        if self.has(Fault::IdTokenToApi) {
            request
                .headers
                .extend(pairs(&[("X-Id-Token", &tokens.id_token)]));
        }
        Ok(request)
    }

    async fn ask_api(&self, request: &Request) -> Result<(), Failure> {
        let answer = if self.has(Fault::CredentialAlongRedirect) {
            self.send_along_redirects(request).await?
        } else {
            self.send(request).await?
        };
        answer.check_load()?;
        if (200..300).contains(&answer.status) {
            return Ok(());
        }
        Err(Failure::Refused(Refusal {
            status: answer.status,
            error: "by the API".to_owned(),
            api_envelope: false,
            interaction_uri: None,
        }))
    }
}
