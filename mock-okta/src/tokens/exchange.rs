//! An agent acts for a user: ID token → ID-JAG → access token.

use http::header::AUTHORIZATION;
use mock_okta_core::Snapshot;
use mock_okta_core::keys::ServerName;
use mock_okta_core::org::Client;

use super::answer::{self, Members};
use super::client_authentication::credentials;
use super::error::{TokenError, TokenStep};
use super::find;
use super::sign_in::{SignIn, client_of_agent, token_endpoint};
use crate::app::App;
use crate::org_handle::OrgHandle;

/// An ID-JAG for a user who has just signed in.
pub(super) async fn id_jag(
    org: &OrgHandle,
    user: &str,
    agent: &str,
    server: &str,
    scopes: &[&str],
) -> Result<String, TokenError> {
    let app = org.app();
    let snapshot = app.core.snapshot();
    let agent = find::agent(app, &snapshot, agent)?;
    let server = find::server(app, &snapshot, server)?;
    let client = client_of_agent(&snapshot, agent)?;
    let sign_in = SignIn::new(org.clone(), user).client(client.id.as_str());
    let id_token = sign_in.await?.id_token;
    let (audience, scope) = (app.core.issuer(&server), scopes.join(" "));
    let mut form = vec![
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ),
        ("subject_token", id_token.as_str()),
        (
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:id_token",
        ),
        (
            "requested_token_type",
            "urn:ietf:params:oauth:token-type:id-jag",
        ),
        ("audience", &audience),
    ];
    if !scope.is_empty() {
        form.push(("scope", &scope));
    }
    let endpoint = token_endpoint(app, &ServerName::Org);
    let answer = ask(app, &snapshot, agent, TokenStep::Exchange, &endpoint, form).await?;
    answer.required("access_token")
}

/// An access token of a custom authorization server, for an ID-JAG.
pub(super) async fn access_token(
    org: &OrgHandle,
    agent: &str,
    server: &str,
    id_jag: &str,
) -> Result<String, TokenError> {
    let app = org.app();
    let snapshot = app.core.snapshot();
    let agent = find::agent(app, &snapshot, agent)?;
    let endpoint = token_endpoint(app, &find::server(app, &snapshot, server)?);
    let form = vec![
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", id_jag),
    ];
    let answer = ask(app, &snapshot, agent, TokenStep::Redeem, &endpoint, form).await?;
    answer.required("access_token")
}

/// A token request of an agent that authenticates.
async fn ask(
    app: &App,
    snapshot: &Snapshot,
    agent: &Client,
    step: TokenStep,
    endpoint: &str,
    mut form: Vec<(&str, &str)>,
) -> Result<Members, TokenError> {
    let credentials = credentials(app, snapshot, agent, endpoint)?;
    let proofs = credentials.form.iter();
    form.extend(proofs.map(|(name, value)| (*name, value.as_str())));
    let header = credentials.authorization.as_deref();
    let header = header.map(|value| (AUTHORIZATION, value));
    answer::post(app, step, endpoint, &form, header)
        .await?
        .members()
}
