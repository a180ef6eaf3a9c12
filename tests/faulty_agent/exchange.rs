//! The exchange at the org (RFC 8693), and the redemption of an ID-JAG (RFC 7523 section 2.1).

use serde_json::Value;
use url::Url;

use crate::agent::Agent;
use crate::deviations::{Difference, Fault};
use crate::failure::Failure;
use crate::http::{Object, Parameters, Request, pairs};
use crate::id_token::part;
use crate::settings::Task;
use crate::sign_in::Tokens;
use crate::token_endpoint::{JWT_BEARER, TOKEN_EXCHANGE};

const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
const SECRET: &str = "urn:okta:params:oauth:token-type:vaulted-secret";
const SERVICE_ACCOUNT: &str = "urn:okta:params:oauth:token-type:service-account";
const STS: &str = "urn:okta:params:oauth:token-type:oauth-sts";

impl Agent {
    /// Exchanges the ID token once for what the task needs.
    pub async fn exchange(
        &self,
        tokens: &Tokens,
        is_after_consent: bool,
    ) -> Result<Object, Failure> {
        let form = self.exchange_form(tokens, is_after_consent).await?;
        let endpoint = if self.has(Fault::ExchangeAtCustomServer) {
            &self.settings.custom_token_endpoint
        } else {
            &self.settings.org_token_endpoint
        };
        if self.differs(Difference::ExchangeTwice) {
            self.token(endpoint, form.clone()).await?;
        }
        let answer = self.token(endpoint, form).await;
        if self.has(Fault::OtherGrantAfterError) && matches!(answer, Err(Failure::Refused(_))) {
            let other = [("grant_type", "client_credentials"), ("scope", "openid")];
            // Whatever comes of it.
            let _ = self.token(endpoint, pairs(&other)).await;
        }
        let answer = answer?;
        let issued = answer.get("issued_token_type").and_then(Value::as_str);
        if issued != Some(self.wanted()) && !self.has(Fault::IssuedTokenTypeNotChecked) {
            return Err(Failure::stop("the org issued another type of token"));
        }
        Ok(answer)
    }

    fn wanted(&self) -> &'static str {
        match self.settings.task {
            Task::AuthorizationServer => ID_JAG,
            Task::Secret => SECRET,
            Task::ServiceAccount => SERVICE_ACCOUNT,
            Task::ResourceServer => STS,
        }
    }

    async fn exchange_form(
        &self,
        tokens: &Tokens,
        is_after_consent: bool,
    ) -> Result<Parameters, Failure> {
        let mut form = pairs(&[("grant_type", TOKEN_EXCHANGE)]);
        let mut add = |name: &str, value: &str| form.extend(pairs(&[(name, value)]));
        if !self.has(Fault::NoRequestedTokenType) {
            add("requested_token_type", &self.requested_token_type());
        }
        if self.has(Fault::SubjectAccessToken) {
            let token = tokens.access_token.as_deref();
            add(
                "subject_token",
                token.ok_or_else(|| Failure::stop("there is no access token"))?,
            );
            add("subject_token_type", ACCESS_TOKEN);
        } else {
            let is_other = self.has(Fault::SubjectTokenTypeOther);
            add("subject_token", &tokens.id_token);
            add("subject_token_type", if is_other { JWT } else { ID_TOKEN });
        }
        if self.has(Fault::ExchangeParameterTwice) {
            add("subject_token_type", ID_TOKEN);
        }
        if self.has(Fault::ActorTokenTypeAlone) {
            add("actor_token_type", ID_TOKEN);
        }
        let is_id_jag = self.settings.task == Task::AuthorizationServer;
        if let Some(audience) = self
            .audience()
            .filter(|_| is_id_jag || self.has(Fault::VaultAudience))
        {
            add("audience", audience);
        }
        if is_id_jag {
            add("scope", &self.scope());
        } else if self.has(Fault::VaultScope)
            || is_after_consent && self.has(Fault::RequestChangedAfterConsent)
        {
            add("scope", "read");
        }
        if let Some(resource) = self.resource().await? {
            add("resource", &resource);
        }
        Ok(form)
    }

    fn requested_token_type(&self) -> String {
        if self.has(Fault::RequestedTokenTypeOther) {
            ACCESS_TOKEN.to_owned()
        } else if self.has(Fault::VaultUrn) {
            // Both are in examples that are copied from.
            let misspelt = self.wanted().replace("vaulted-secret", "secret");
            misspelt
                .replace("oauth:token-type:oauth-sts", "oauthtoken-type:oauth-sts")
                .replace("service-account", "service_account")
        } else {
            self.wanted().to_owned()
        }
    }

    fn audience(&self) -> Option<&str> {
        let settings = &self.settings;
        if settings.task != Task::AuthorizationServer {
            Some(&settings.org_issuer)
        } else if self.has(Fault::AudienceTokenEndpoint) {
            Some(&settings.custom_token_endpoint)
        } else {
            Some(settings.custom_issuer.as_str()).filter(|_| !self.has(Fault::AudienceMissing))
        }
    }

    fn scope(&self) -> String {
        let mut scopes: Vec<&str> = self.settings.scope.split(' ').collect();
        if self.differs(Difference::ScopeOrder) {
            scopes.reverse();
        }
        let prefix = scopes
            .first()
            .and_then(|scope| scope.split('.').next())
            .unwrap_or_default();
        let more = format!("{prefix}.write");
        if self.has(Fault::MoreScope) {
            scopes.push(&more);
        }
        if self.has(Fault::ScopeByCommas) {
            scopes.join(",")
        } else if self.has(Fault::ScopeByPlus) {
            scopes.join("+")
        } else {
            scopes.join(" ")
        }
    }

    async fn resource(&self) -> Result<Option<String>, Failure> {
        let mut resource = self.settings.resource.clone();
        if self.differs(Difference::AudienceAndResource) {
            resource = Some(self.resource_of_api().await?);
        }
        if self.has(Fault::ResourceWithFragment) {
            let base = resource.as_deref().unwrap_or(&self.settings.api_url);
            resource = Some(format!("{base}#part"));
        }
        Ok(resource)
    }

    /// How the API calls itself (RFC 9728 section 3).
    async fn resource_of_api(&self) -> Result<String, Failure> {
        let mut url = Url::parse(&self.settings.api_url).map_err(Failure::stop)?;
        let path = format!("/.well-known/oauth-protected-resource{}", url.path());
        url.set_path(&path);
        let metadata = self.get_json(url.as_str()).await?;
        let resource = metadata.get("resource").and_then(Value::as_str);
        match resource {
            Some(resource) if resource == self.settings.api_url => Ok(resource.to_owned()),
            _ => Err(Failure::stop("the metadata are another API's")),
        }
    }

    /// The access token for an ID-JAG, which is redeemed once.
    pub async fn redeem(&self, id_jag: &str) -> Result<String, Failure> {
        let settings = &self.settings;
        let endpoint = if self.has(Fault::IdJagAtOrg) {
            &settings.org_token_endpoint
        } else {
            &settings.custom_token_endpoint
        };
        if self.has(Fault::IdJagRead)
            && part(id_jag, 1)
                .is_none_or(|claims| claims.get("aud").is_none_or(|aud| !aud.is_string()))
        {
            return Err(Failure::stop("the ID-JAG cannot be read"));
        }
        let changed = id_jag
            .rsplit_once('.')
            .map(|(signed, _)| format!("{signed}."));
        let assertion = changed
            .as_deref()
            .filter(|_| self.has(Fault::IdJagChanged))
            .unwrap_or(id_jag);
        // Without scope, which Okta refuses here: the ID-JAG has it.
        let mut form = pairs(&[("grant_type", JWT_BEARER), ("assertion", assertion)]);
        if self.has(Fault::RedemptionScope) {
            form.extend(pairs(&[("scope", &settings.scope)]));
        }
        let redeem = async || self.token(endpoint, form.clone()).await;
        let answer = if self.has(Fault::IdJagRetriedAfterCut) {
            self.retry(redeem).await?
        } else {
            redeem().await?
        };
        if self.has(Fault::IdJagRedeemedTwice) {
            // Whatever comes of it, here and below.
            let _ = redeem().await;
        }
        if self.has(Fault::IdJagAtSecondServer) {
            let second = format!("{}/oauth2/default/v1/token", settings.org_issuer);
            let _ = self.token(&second, form.clone()).await;
        }
        self.access_token(&answer)
    }

    /// An ID-JAG is no access token (RFC 8693 section 2.2.1), but some answers of Okta call it one.
    pub fn id_jag(&self, answer: &Object) -> Result<String, Failure> {
        self.token_of(answer, &["N_A", "Bearer"])
    }

    /// An access token of a type that this agent knows how to use (RFC 6749 section 7.1).
    pub fn access_token(&self, answer: &Object) -> Result<String, Failure> {
        let token = self.token_of(answer, &["Bearer"])?;
        if self.has(Fault::AccessTokenRead) && part(&token, 1).is_none() {
            return Err(Failure::stop("the access token is not a JWT"));
        }
        Ok(token)
    }

    fn token_of(&self, answer: &Object, types: &[&str]) -> Result<String, Failure> {
        let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
        let token_type = text("token_type");
        let is_known = if self.has(Fault::TokenTypeByCase) {
            types.contains(&token_type)
        } else {
            types
                .iter()
                .any(|known| known.eq_ignore_ascii_case(token_type))
        };
        if !is_known && !self.has(Fault::TokenTypeNotChecked) {
            return Err(Failure::stop("the token is of another type"));
        }
        if self.has(Fault::ScopeAnswerDemanded) && !answer.contains_key("scope") {
            return Err(Failure::stop("the answer has no scope"));
        }
        match text("access_token") {
            "" => Err(Failure::stop("the answer has no token")),
            token => Ok(token.to_owned()),
        }
    }

    /// Sends a token to the endpoint for introspection (RFC 7662) or revocation (RFC 7009).
    pub async fn introspect_or_revoke(
        &self,
        endpoint: &str,
        token: &str,
        hint: Option<&str>,
    ) -> Result<(), Failure> {
        let proof = self.authenticate(endpoint, "token")?;
        let mut form = pairs(&[("token", token)]);
        form.extend(
            hint.iter()
                .flat_map(|hint| pairs(&[("token_type_hint", hint)])),
        );
        form.extend(proof.parameters);
        let mut request = Request::post(endpoint, form);
        request.headers = proof.headers;
        match self.send(&request).await?.status {
            200 => Ok(()),
            status => Err(Failure::Stop(format!("{status} at an endpoint for tokens"))),
        }
    }
}
