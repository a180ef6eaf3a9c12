//! Users, applications, and who is assigned to which.

use serde::Deserialize;

use super::client::part;
use super::values::or_default;
use super::{Lifecycle, Listed, Management, ManagementError};

/// A user.
#[derive(Debug, Clone, Deserialize)]
pub struct User {
    /// `00u…`.
    pub id: String,
    /// `ACTIVE`, `SUSPENDED`, `STAGED`, `PROVISIONED`, …
    #[serde(default, deserialize_with = "or_default")]
    pub status: Lifecycle,
}

/// An application.
#[derive(Debug, Clone, Deserialize)]
pub struct App {
    /// `0oa…`.
    pub id: String,
    /// What people call it.
    #[serde(default, deserialize_with = "or_default")]
    pub label: String,
    /// Whether it is in use.
    #[serde(default, deserialize_with = "or_default")]
    pub status: Lifecycle,
    #[serde(default, deserialize_with = "or_default")]
    credentials: Credentials,
    #[serde(default, deserialize_with = "or_default")]
    settings: Settings,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    #[serde(default, deserialize_with = "or_default")]
    oauth_client: ClientCredentials,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct ClientCredentials {
    client_id: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    #[serde(default, deserialize_with = "or_default")]
    oauth_client: OAuthSettings,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct OAuthSettings {
    #[serde(default, deserialize_with = "or_default")]
    redirect_uris: Vec<String>,
}

impl App {
    /// Its client id, where it is an OAuth client.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.credentials.oauth_client.client_id.as_deref()
    }

    /// Where a browser may be sent back to; empty where the answer does not say.
    #[must_use]
    pub fn redirect_uris(&self) -> &[String] {
        &self.settings.oauth_client.redirect_uris
    }
}

/// A user's assignment to an application.
#[derive(Debug, Clone, Deserialize)]
pub struct AppUser {
    /// The user's id.
    pub id: String,
    /// `ACTIVE`, `PROVISIONED`, …
    #[serde(default, deserialize_with = "or_default")]
    pub status: Lifecycle,
}

impl Management {
    /// A user by id or by login.
    ///
    /// # Errors
    /// See [`ManagementError`]; so for every function here.
    pub async fn user(&self, id_or_login: &str) -> Result<User, ManagementError> {
        let path = format!("/api/v1/users/{}", part(id_or_login));
        self.one(&path, "user").await
    }

    /// All applications.
    pub async fn apps(&self) -> Result<Listed<App>, ManagementError> {
        self.list("/api/v1/apps", &[], "list of applications").await
    }

    /// One application.
    pub async fn app(&self, id: &str) -> Result<App, ManagementError> {
        self.one(&format!("/api/v1/apps/{}", part(id)), "application")
            .await
    }

    /// A user's assignment to an application; `None` where there is none.
    pub async fn app_user(
        &self,
        app: &str,
        user: &str,
    ) -> Result<Option<AppUser>, ManagementError> {
        let path = format!("/api/v1/apps/{}/users/{}", part(app), part(user));
        match self.one(&path, "assignment").await {
            Ok(assignment) => Ok(Some(assignment)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
