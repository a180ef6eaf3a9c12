//! A target file and what it says, for tests of other modules.

use std::path::Path;

use super::config::{self, Sources};
use super::{Deployment, Limits, PacePolicy, Target};
use crate::signing_key::sample::ec_jwk;

/// A mock at `origin`, with everything a target file can say.
pub(crate) fn file(origin: &str) -> String {
    let (agent, other) = (ec_jwk(), ec_jwk());
    format!(
        r#"
target: mock
name: hand-made
shows_internal_codes: true
control: {{ url: "{origin}/_mock", token: {{ value: control-token }} }}
sign_in: {{ with: page }}
consent: page
authorization_servers:
  org: {{ issuer: "{origin}" }}
  custom_as:
    issuer: {origin}/oauth2/aus1
    scope: chat.read chat.history
    ungranted_scope: chat.write
    api: {origin}/resources/chat
  other_custom_as: {{ issuer: "{origin}/oauth2/default", scope: files.read }}
clients:
  agent:
    client_id: wlpagent
    auth: private_key_jwt
    redirect_uri: http://localhost:8787/callback
    key: {{ kid: ec-1, private_jwk: {{ value: {agent} }} }}
  other_agent:
    client_id: wlpother
    auth: private_key_jwt
    key: {{ kid: ec-2, alg: ES256, private_jwk: {{ value: {other} }} }}
  web_app:
    client_id: 0oaweb
    auth: client_secret_basic
    client_secret: {{ value: "web app's secret" }}
    redirect_uri: http://localhost:8788/callback
  public_app: {{ client_id: 0oapublic, auth: none, redirect_uri: "http://localhost:8789/callback" }}
users:
  ada: {{ id: 00uada, login: ada@example.com, password: {{ value: ada-password }} }}
  grace: {{ id: 00ugrace, login: grace@example.com }}
resources:
  secret: {{ resource: "orn:okta:pam:1:secrets:1", api: "{origin}/resources/payments", field: apikey }}
"#
    )
}

/// What [`file`] says.
pub(crate) fn deployment(origin: &str) -> Deployment {
    parse(&file(origin)).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A target file's text, without an environment.
pub(crate) fn parse(text: &str) -> Result<Deployment, strict_yaml::Problems> {
    let sources = Sources {
        folder: Path::new("/nowhere"),
        environment: &|name| (name == "IS_SET").then(|| "from the environment".to_owned()),
    };
    config::parse("target.yaml", text, &sources)
}

/// A target that can be asked, with short patience.
pub(crate) fn target(deployment: Deployment) -> Target {
    let limits = Limits {
        connect: std::time::Duration::from_millis(500),
        request: std::time::Duration::from_millis(500),
        body: 4096,
        values: 100,
    };
    let target = Target::with(deployment, limits, None).unwrap();
    target.paced(PacePolicy {
        first_wait: std::time::Duration::from_millis(1),
        ..PacePolicy::of(target.deployment())
    })
}
