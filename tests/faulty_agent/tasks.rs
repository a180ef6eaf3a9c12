//! The four tasks: from the ID token to the API.

use std::fs;
use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use tokio::time::sleep;

use crate::agent::Agent;
use crate::api::Credential;
use crate::callback;
use crate::deviations::{Difference, Fault};
use crate::failure::{Failure, Refusal, SHORT, WITHOUT_BOUND};
use crate::http::Object;
use crate::id_token::has_expired;
use crate::settings::{Settings, Task};
use crate::sign_in::Tokens;

impl Agent {
    pub async fn run(&self) -> Result<(), Failure> {
        let tokens = self.subject().await?;
        let mut credential = self.obtain(&tokens).await?;
        if self.differs(Difference::MetadataTwice) {
            self.metadata().await?;
        }
        let mut done = self.call_api(&credential, &tokens).await;
        // The credential may have been revoked in the meantime: one new exchange, and no more.
        if done.as_ref().is_err_and(|failure| failure.has_status(401)) {
            credential = self.obtain(&tokens).await?;
            done = self.call_api(&credential, &tokens).await;
        }
        done?;
        if self.differs(Difference::Revocation) {
            self.revoke(&credential).await?;
        }
        Ok(())
    }

    /// The ID token that was handed over, or a new one.
    async fn subject(&self) -> Result<Tokens, Failure> {
        match &self.settings.id_token {
            Some(token) if self.has(Fault::ExpiredIdTokenUsed) || !has_expired(token) => {
                self.leak(Fault::PrintsTokens, "id_token", token);
                Ok(Tokens {
                    id_token: token.clone(),
                    access_token: None,
                })
            }
            _ => self.sign_in().await,
        }
    }

    async fn obtain(&self, tokens: &Tokens) -> Result<Credential, Failure> {
        let credential = match self.settings.task {
            Task::AuthorizationServer => self.access_token_by_id_jag(tokens).await?,
            Task::Secret => {
                let answer = self.vaulted(tokens).await?;
                let field = self.settings.secret_field.as_deref().unwrap_or_default();
                let name = self.settings.secret_header.clone();
                Credential::Header {
                    name: name.ok_or_else(|| Failure::stop("no header for the secret"))?,
                    value: member(&answer, "vaulted_secret", field)?,
                }
            }
            Task::ServiceAccount => {
                let answer = self.vaulted(tokens).await?;
                Credential::Basic {
                    username: member(&answer, "service_account", "username")?,
                    password: member(&answer, "service_account", "password")?,
                }
            }
            Task::ResourceServer => Credential::Bearer(self.brokered_token(tokens).await?),
        };
        self.leak(
            Fault::PrintsSecretBase64,
            "credential",
            &STANDARD.encode(credential.secret()),
        );
        if self.has(Fault::WritesSecretFile) {
            fs::write("credential.txt", credential.secret()).map_err(Failure::stop)?;
        }
        Ok(credential)
    }

    /// An ID-JAG is never redeemed twice: when an answer is lost, the next try begins with the exchange.
    async fn access_token_by_id_jag(&self, tokens: &Tokens) -> Result<Credential, Failure> {
        let obtain = async || {
            let id_jag = self.id_jag(&self.exchange(tokens, false).await?)?;
            if self.has(Fault::IdJagToApi) {
                return Ok(id_jag);
            }
            self.redeem(&id_jag).await
        };
        let token = self.retry(obtain).await?;
        if self.differs(Difference::Introspection) {
            let endpoint = Settings::beside(&self.settings.custom_token_endpoint, "introspect");
            self.introspect_or_revoke(&endpoint, &token, None).await?;
        }
        Ok(Credential::Bearer(token))
    }

    async fn vaulted(&self, tokens: &Tokens) -> Result<Object, Failure> {
        let answer = self
            .retry(async || self.exchange(tokens, false).await)
            .await?;
        if self.has(Fault::AccessTokenDemanded) && !answer.contains_key("access_token") {
            return Err(Failure::stop("the answer has no access_token"));
        }
        if self.has(Fault::SecretToTokenEndpoint) {
            let values = ["vaulted_secret", "service_account"]
                .map(|name| answer.get(name).and_then(Value::as_object));
            for value in values
                .into_iter()
                .flatten()
                .flat_map(|values| values.values())
            {
                let endpoint = Settings::beside(&self.settings.org_token_endpoint, "revoke");
                self.introspect_or_revoke(&endpoint, value.as_str().unwrap_or_default(), None)
                    .await?;
            }
        }
        Ok(answer)
    }

    /// Asks the user for consent where it is missing, and repeats the same request until it is there.
    async fn brokered_token(&self, tokens: &Tokens) -> Result<String, Failure> {
        let is_without_bound = self.has(Fault::ConsentWithoutBound);
        let tries = if is_without_bound { WITHOUT_BOUND } else { 6 };
        let mut pause = Duration::from_millis(150);
        let mut is_asked = false;
        for attempt in 1..=tries {
            let exchanged = self
                .retry(async || self.exchange(tokens, is_asked).await)
                .await;
            let failure = match exchanged {
                Ok(answer) => return self.access_token(&answer),
                Err(failure) => failure,
            };
            match &failure {
                Failure::Refused(Refusal {
                    error,
                    interaction_uri: Some(link),
                    ..
                }) if error == "interaction_required" => {
                    if !is_asked || self.has(Fault::ConsentDenialIgnored) {
                        self.ask_for_consent(link)?;
                    }
                    is_asked = true;
                }
                Failure::Refused(refusal)
                    if refusal.error == "access_denied"
                        && self.has(Fault::ConsentDenialIgnored) => {}
                _ => return Err(failure),
            }
            if attempt < tries {
                sleep(pause).await;
            }
            pause = if is_without_bound {
                2 * SHORT
            } else {
                pause.mul_f64(1.5)
            };
        }
        Err(Failure::stop("the user did not consent in time"))
    }

    fn ask_for_consent(&self, link: &str) -> Result<(), Failure> {
        if self.has(Fault::ConsentNotOpened) {
            return Ok(());
        }
        let changed = format!("{link}&login_hint=ada%40example.com");
        let link = if self.has(Fault::ConsentLinkChanged) {
            &changed
        } else {
            link
        };
        callback::open(&self.settings, link)
    }

    async fn revoke(&self, credential: &Credential) -> Result<(), Failure> {
        let (endpoint, hint) = match self.settings.task {
            Task::ResourceServer => (&self.settings.org_token_endpoint, "oauth_sts"),
            _ => (&self.settings.custom_token_endpoint, "access_token"),
        };
        self.introspect_or_revoke(
            &Settings::beside(endpoint, "revoke"),
            credential.secret(),
            Some(hint),
        )
        .await
    }
}

fn member(answer: &Object, name: &str, field: &str) -> Result<String, Failure> {
    let text = answer
        .get(name)
        .and_then(|value| value.get(field)?.as_str());
    let text =
        text.ok_or_else(|| Failure::Stop(format!("the answer has no {name} with {field}")))?;
    Ok(text.to_owned())
}
