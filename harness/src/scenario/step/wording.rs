//! Wording that the descriptions of several kinds share. Templates stay as written: `${org.issuer}`.

use super::Description;
use crate::scenario::model::{ClientAuth, Credential, Params, ServerRole, Template};

impl Description {
    /// One line is all.
    pub(super) const fn line(summary: String) -> Self {
        Self {
            summary,
            details: Vec::new(),
        }
    }
}

/// What a resource is shown.
pub(crate) fn presented(credential: &Credential) -> Vec<(String, String)> {
    match credential {
        Credential::None => vec![("credential".to_owned(), "none".to_owned())],
        Credential::Bearer(token) => vec![detail("bearer", token)],
        Credential::Header(name, value) => vec![(format!("{name}:"), value.to_string())],
        Credential::Basic { username, password } => vec![
            detail("basic username", username),
            detail("basic password", password),
        ],
    }
}

/// How a client authenticates.
pub(crate) const fn authentication(way: ClientAuth) -> &'static str {
    match way {
        ClientAuth::Registered => "authenticated as registered",
        ClientAuth::None => "client_id alone",
        ClientAuth::ClientSecretBasic => "client_secret_basic",
        ClientAuth::ClientSecretPost => "client_secret_post",
        ClientAuth::ClientSecretJwt => "client_secret_jwt",
        ClientAuth::PrivateKeyJwt => "private_key_jwt",
    }
}

/// A server's endpoint, as a reference.
pub(super) fn endpoint(server: ServerRole, name: &str) -> String {
    format!("${{{server}.{name}}}")
}

/// One row for each parameter.
pub(super) fn parameters(params: &Params) -> Vec<(String, String)> {
    params
        .iter()
        .map(|(name, value)| (name.clone(), value.to_string()))
        .collect()
}

/// One row for each of these that was written.
pub(super) fn optional<const N: usize>(
    named: [(&str, &Option<Template>); N],
) -> Vec<(String, String)> {
    named
        .into_iter()
        .filter_map(|(name, value)| value.as_ref().map(|value| detail(name, value)))
        .collect()
}

/// One row.
pub(super) fn detail(name: &str, value: &Template) -> (String, String) {
    (name.to_owned(), value.to_string())
}
