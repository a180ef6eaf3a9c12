//! The authorization request that a person's browser makes (OIDC Core section 3.1.2.1, RFC 7636).

use super::callback::Expected;
use super::error::SignInError;
use super::redirect_uri::RedirectUri;
use crate::forge::{Pkce, fresh};
use crate::scenario::model::{ClientRole, Edition, UserRole};
use crate::targets::{Deployment, acting};

/// A request, and what is needed to go on when its answer comes.
#[derive(Debug)]
pub struct AuthorizationRequest {
    /// The client that signs the user in.
    pub client: ClientRole,
    /// Its `client_id`.
    pub client_id: String,
    /// Who shall sign in.
    pub user: UserRole,
    /// What is asked for.
    pub scope: String,
    /// What the answer must carry.
    pub expected: Expected,
    /// `nonce`, which the ID token must repeat.
    pub nonce: String,
    /// The verifier for the token request.
    pub pkce: Pkce,
    /// Where the answer comes to.
    pub redirect_uri: RedirectUri,
    /// The address that the browser opens.
    pub link: String,
}

impl AuthorizationRequest {
    /// A fresh request of the client that signs users in.
    ///
    /// # Errors
    /// When the target file does not describe what it takes.
    pub fn new(
        deployment: &Deployment,
        edition: Edition,
        user: UserRole,
        scope: &str,
    ) -> Result<Self, SignInError> {
        let client = acting(ClientRole::UserClient, edition);
        let described = deployment.client(client, edition);
        let described = described.ok_or(SignInError::Undescribed(format!("clients.{client}")))?;
        let redirect_uri = described.redirect_uri.as_deref();
        let redirect_uri = redirect_uri
            .ok_or_else(|| SignInError::Undescribed(format!("clients.{client}.redirect_uri")))?;
        let org = deployment.org();
        let org =
            org.ok_or_else(|| SignInError::Undescribed("authorization_servers.org".to_owned()))?;
        let (state, nonce, pkce) = (fresh(), fresh(), Pkce::fresh());
        let mut parameters = vec![
            ("client_id", described.client_id.as_str()),
            ("response_type", "code"),
            ("scope", scope),
            ("redirect_uri", redirect_uri),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &pkce.challenge),
            ("code_challenge_method", "S256"),
            // The browser may have a session of somebody else, the administrator's most likely.
            ("prompt", "login"),
        ];
        if let Some(described) = deployment.users.get(&user) {
            parameters.push(("login_hint", &described.login));
        }
        let endpoint = org.endpoint("authorization_endpoint");
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        let joint = if endpoint.contains('?') { '&' } else { '?' };
        Ok(Self {
            client,
            client_id: described.client_id.clone(),
            user,
            scope: scope.to_owned(),
            link: format!("{endpoint}{joint}{}", query.finish()),
            expected: Expected {
                state,
                issuer: org.issuer.clone(),
            },
            nonce,
            pkce,
            redirect_uri: RedirectUri::parse(redirect_uri),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::targets::sample;

    fn parameters(request: &AuthorizationRequest) -> BTreeMap<String, String> {
        let url = url::Url::parse(&request.link).unwrap();
        url.query_pairs().into_owned().collect()
    }

    #[test]
    fn the_link_has_all_that_protects_the_code() {
        let deployment = sample::deployment("https://org.example");
        let new = || {
            AuthorizationRequest::new(
                &deployment,
                Edition::E2026_10,
                UserRole::Ada,
                "openid email",
            )
        };
        let (one, other) = (new().unwrap(), new().unwrap());
        assert!(
            one.link
                .starts_with("https://org.example/oauth2/v1/authorize?")
        );
        let (sent, next) = (parameters(&one), parameters(&other));
        for (name, value) in [
            ("client_id", "wlpagent"),
            ("response_type", "code"),
            ("scope", "openid email"),
            ("redirect_uri", "http://localhost:8787/callback"),
            ("code_challenge_method", "S256"),
            ("prompt", "login"),
            ("login_hint", "ada@example.com"),
        ] {
            assert_eq!(sent[name], value);
        }
        assert_eq!(sent["code_challenge"], one.pkce.challenge);
        assert_eq!(
            (&sent["state"], &sent["nonce"]),
            (&one.expected.state, &one.nonce)
        );
        for name in ["state", "nonce", "code_challenge"] {
            assert_ne!(sent[name], next[name], "{name}");
        }
        assert!(!one.link.contains(&one.pkce.verifier));
    }

    #[test]
    fn who_signs_users_in_depends_on_the_edition() {
        let deployment = sample::deployment("https://org.example");
        let older = Edition::E2025_10;
        let request = AuthorizationRequest::new(&deployment, older, UserRole::Ada, "openid");
        assert_eq!(request.unwrap().client_id, "0oaweb");
    }

    #[test]
    fn what_the_target_file_lacks_is_named() {
        let mut deployment = sample::deployment("https://org.example");
        let client = deployment.clients.get_mut(&ClientRole::Agent).unwrap();
        client.redirect_uri = None;
        let newer = Edition::E2026_10;
        let error = AuthorizationRequest::new(&deployment, newer, UserRole::Ada, "openid");
        let error = error.unwrap_err();
        assert!(
            error.to_string().contains("clients.agent.redirect_uri"),
            "{error}"
        );
    }
}
