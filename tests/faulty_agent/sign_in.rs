//! Signs the user in: authorization code flow with PKCE (RFC 7636), state and nonce.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use url::Url;

use crate::agent::{Agent, random};
use crate::callback::{self, Callback, Response};
use crate::deviations::{Difference, Fault};
use crate::failure::{Failure, WITHOUT_BOUND};
use crate::http::{Object, Parameters, Request, pairs};
use crate::metadata::Org;

const FIXED: &str = "a-value-that-is-always-the-same-0123456789-0123456789";

/// What the exchange can start from.
pub struct Tokens {
    pub id_token: String,
    pub access_token: Option<String>,
}

/// What the answer must fit.
struct Transaction {
    url: String,
    redirect_uri: String,
    state: Option<String>,
    nonce: Option<String>,
    verifier: Option<String>,
}

impl Agent {
    pub async fn sign_in(&self) -> Result<Tokens, Failure> {
        let org = self.discover().await?;
        let mut tokens = self.sign_in_patiently(&org).await?;
        if self.differs(Difference::SignInTwice) {
            tokens = self.sign_in_patiently(&org).await?;
        }
        if let (true, Some(token)) = (self.differs(Difference::Userinfo), &tokens.access_token) {
            let mut request = Request::get(&org.userinfo_endpoint);
            request.headers = pairs(&[("Authorization", &format!("Bearer {token}"))]);
            self.send(&request).await?.object()?;
        }
        Ok(tokens)
    }

    /// A code is never redeemed twice: when an answer is lost, the user signs in again.
    async fn sign_in_patiently(&self, org: &Org) -> Result<Tokens, Failure> {
        let with_pkce = !self.has(Fault::NoPkce);
        let mut done = self
            .retry(async || self.sign_in_once(org, with_pkce).await)
            .await;
        if self.has(Fault::PkceDowngrade) && matches!(done, Err(Failure::SignInRefused(_))) {
            done = self.sign_in_once(org, false).await;
        }
        let mut tries = 0;
        while self.has(Fault::ErrorResponseIgnored)
            && matches!(done, Err(Failure::SignInRefused(_)))
            && tries < WITHOUT_BOUND / 4
        {
            tries += 1;
            done = self.sign_in_once(org, with_pkce).await;
        }
        done
    }

    async fn sign_in_once(&self, org: &Org, with_pkce: bool) -> Result<Tokens, Failure> {
        let transaction = self.transaction(org, with_pkce)?;
        let callback = Callback::listen(self.registered_redirect_uri()?).await?;
        callback::open(&self.settings, &transaction.url)?;
        // Nobody comes back from another host.
        let longest = if self.has(Fault::ForeignRedirectUri) {
            Duration::from_secs(1)
        } else {
            callback::LONGEST_SIGN_IN
        };
        let response = callback.response(longest).await?;
        let code = self.code(org, &transaction, &response)?;
        let answer = self.redeem_code(org, &transaction, &code).await?;
        let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
        let id_token = text("id_token").ok_or_else(|| Failure::stop("no ID token"))?;
        self.validate_id_token(org, &id_token, transaction.nonce.as_deref())
            .await?;
        Ok(Tokens {
            id_token,
            access_token: text("access_token"),
        })
    }

    fn registered_redirect_uri(&self) -> Result<&str, Failure> {
        let uri = self.settings.redirect_uri.as_deref();
        uri.ok_or_else(|| Failure::stop("there is no way to sign the user in"))
    }

    fn transaction(&self, org: &Org, with_pkce: bool) -> Result<Transaction, Failure> {
        let fixed_or_random = |fault| {
            if self.has(fault) {
                Ok(FIXED.to_owned())
            } else {
                random()
            }
        };
        let mut verifier = fixed_or_random(Fault::FixedVerifier)?;
        if self.has(Fault::ShortVerifier) {
            verifier.truncate(20);
        }
        let redirect_uri = if self.has(Fault::ForeignRedirectUri) {
            "http://agent.example.com/callback"
        } else {
            self.registered_redirect_uri()?
        };
        let mut transaction = Transaction {
            url: String::new(),
            redirect_uri: redirect_uri.to_owned(),
            state: Some(fixed_or_random(Fault::FixedState)?).filter(|_| !self.has(Fault::NoState)),
            nonce: Some(fixed_or_random(Fault::FixedNonce)?).filter(|_| !self.has(Fault::NoNonce)),
            verifier: Some(verifier).filter(|_| with_pkce),
        };
        let parameters = self.encode(self.authorization_parameters(org, &transaction)?);
        let mut url = Url::parse(&org.authorization_endpoint).map_err(Failure::stop)?;
        let query = url.query().map(|query| format!("{query}&{parameters}"));
        url.set_query(Some(&query.unwrap_or(parameters)));
        transaction.url = url.into();
        Ok(transaction)
    }

    fn authorization_parameters(
        &self,
        org: &Org,
        transaction: &Transaction,
    ) -> Result<Parameters, Failure> {
        let response_type = if self.has(Fault::ImplicitResponseType) {
            "id_token token"
        } else if self.has(Fault::HybridResponseType) {
            "code id_token"
        } else {
            "code"
        };
        let scope = if self.has(Fault::NoOpenidScope) {
            "profile email"
        } else if self.differs(Difference::ScopeOrder) {
            "email profile openid"
        } else {
            "openid profile email"
        };
        let mut parameters = pairs(&[
            ("client_id", &self.settings.client_id),
            ("response_type", response_type),
            ("scope", scope),
            ("redirect_uri", &transaction.redirect_uri),
        ]);
        let mut add = |name: &str, value: &str| parameters.extend(pairs(&[(name, value)]));
        if let Some(state) = &transaction.state {
            add("state", state);
        }
        if let Some(nonce) = &transaction.nonce {
            add("nonce", nonce);
        }
        if let Some(verifier) = &transaction.verifier {
            if self.has(Fault::PlainPkce) {
                add("code_challenge", verifier);
                add("code_challenge_method", "plain");
            } else {
                let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
                add("code_challenge", &challenge);
                add("code_challenge_method", "S256");
            }
        }
        if self.differs(Difference::PromptLogin) {
            add("prompt", "login");
        }
        if self.differs(Difference::FormPost) {
            add("response_mode", "form_post");
        }
        if self.differs(Difference::LoginHint) {
            add(
                "login_hint",
                self.settings.user.as_deref().unwrap_or("ada@example.com"),
            );
            add("max_age", "3600");
            add("ui_locales", "de en");
        }
        if self.has(Fault::AssertionInAuthorizeUrl) {
            let proof = self.authenticate(&org.token_endpoint, "authorize")?;
            let secret = proof
                .parameters
                .into_iter()
                .filter(|(name, _)| name != "client_id");
            parameters.extend(secret);
            parameters.extend(
                proof
                    .headers
                    .into_iter()
                    .map(|(_, value)| ("client_secret".to_owned(), value)),
            );
        }
        Ok(parameters)
    }

    /// The code of a response that belongs to this request and comes from this issuer.
    fn code(
        &self,
        org: &Org,
        transaction: &Transaction,
        response: &Response,
    ) -> Result<String, Failure> {
        if response.one("state")? != transaction.state.as_deref()
            && !self.has(Fault::StateNotChecked)
        {
            return Err(Failure::stop("the response has another state"));
        }
        // RFC 9207 section 2.4: on errors too.
        match response.one("iss")? {
            Some(iss) if iss != org.issuer && !self.has(Fault::IssParameterNotChecked) => {
                return Err(Failure::stop("the response is another issuer's"));
            }
            None if org.iss_parameter && !self.has(Fault::IssParameterMissingAccepted) => {
                return Err(Failure::stop("the response does not name its issuer"));
            }
            _ => {}
        }
        let code = response.one("code")?.map(str::to_owned);
        match response.one("error")? {
            Some(_) if self.has(Fault::CodeDespiteError) => {
                Ok(code.unwrap_or_else(|| FIXED.to_owned()))
            }
            Some(error) => Err(Failure::SignInRefused(error.to_owned())),
            None => code.ok_or_else(|| Failure::stop("the response has no code")),
        }
    }

    async fn redeem_code(
        &self,
        org: &Org,
        transaction: &Transaction,
        code: &str,
    ) -> Result<Object, Failure> {
        let mut form = pairs(&[("grant_type", "authorization_code"), ("code", code)]);
        if self.has(Fault::OtherRedirectUriAtRedemption) {
            form.extend(pairs(&[("redirect_uri", "http://localhost:8787/callback")]));
        } else if !self.has(Fault::NoRedirectUriAtRedemption) {
            form.extend(pairs(&[("redirect_uri", &transaction.redirect_uri)]));
        }
        if let Some(verifier) = transaction
            .verifier
            .as_ref()
            .filter(|_| !self.has(Fault::NoVerifier))
        {
            form.extend(pairs(&[("code_verifier", verifier)]));
        }
        let redeem = async || self.token(&org.token_endpoint, form.clone()).await;
        let answer = if self.has(Fault::CodeRetriedAfterCut) {
            self.retry(redeem).await?
        } else {
            redeem().await?
        };
        if self.has(Fault::CodeRedeemedTwice) {
            // Whatever comes of it.
            let _ = redeem().await;
        }
        Ok(answer)
    }
}
