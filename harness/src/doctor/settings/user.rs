//! The user: that they are active, and assigned to the app that signs them in; and what else that app says.

use super::{Reading, in_use, is_about_the_token, quoted, unread};
use crate::doctor::{Board, Check, Checked};
use crate::management::{Agent, App, User};
use crate::scenario::model::{ClientRole, UserRole};
use crate::targets::acting;

/// What the app that is bound to the agent is called.
pub const AGENTS_APP: &str = "agent's app";

impl Reading<'_> {
    pub(super) async fn user(&self, agent: Option<&Agent>, board: &mut Board) {
        let user = self.person(board).await;
        let Some(app) = self.app(agent).await else {
            board.note(Checked::unknown(
                Check::UserAssigned,
                "the app through which users sign in to the agent was not found",
                "look under Directory > AI agents > the agent > User access",
            ));
            return;
        };
        self.app_itself(&app, board);
        let Some(user) = user else {
            return;
        };
        board.note(match self.management.app_user(&app.id, &user.id).await {
            Ok(Some(_)) => Checked::ok(
                Check::UserAssigned,
                format!("`users.ada` is assigned to `{}`", app.label),
            ),
            Ok(None) => Checked::problem(
                Check::UserAssigned,
                format!(
                    "`users.ada` ({}) is not assigned to `{}` ({})",
                    user.id, app.label, app.id
                ),
                "assign the user to the agent, or to the app that is bound to it",
            )
            .setting("users.ada"),
            Err(error) => unread(Check::UserAssigned, &error),
        });
    }

    /// The user of the target file.
    async fn person(&self, board: &mut Board) -> Option<User> {
        let ada = self.deployment.users.get(&UserRole::Ada)?;
        let name = ada.id.as_deref().unwrap_or(&ada.login);
        match self.management.user(name).await {
            Ok(user) => {
                let said = format!("`users.ada` ({}) is {}", user.id, user.status.as_str());
                board.note(in_use(Check::UserActive, &user.status, said, |said| {
                    let cure = "activate or unlock the user, or name another one in `users.ada`";
                    Checked::problem(Check::UserActive, said, cure).setting("users.ada")
                }));
                Some(user)
            }
            Err(error) if error.is_not_found() => {
                let what = format!("the org has no user `{name}`");
                let cure = "correct `id` and `login` of `users.ada`";
                board.note(Checked::problem(Check::UserActive, what, cure).setting("users.ada"));
                None
            }
            Err(error) => {
                board.note(unread(Check::UserActive, &error));
                None
            }
        }
    }

    /// The app through which users sign in: the agent's own, or the one that is linked with it.
    async fn app(&self, agent: Option<&Agent>) -> Option<App> {
        let role = acting(ClientRole::UserClient, self.edition);
        let client = self.deployment.clients.get(&role)?;
        let id = match agent {
            Some(agent) if role == ClientRole::Agent => agent.app_id.as_deref(),
            _ => Some(client.client_id.as_str()),
        };
        if let Some(id) = id {
            match self.management.app(id).await {
                Ok(app) => return Some(app),
                Err(error) if is_about_the_token(&error) => return None,
                Err(_) => {}
            }
        }
        let all = self.management.apps().await.ok()?;
        all.find(|app| app.client_id() == Some(client.client_id.as_str()))
            .cloned()
    }

    fn app_itself(&self, app: &App, board: &mut Board) {
        let role = acting(ClientRole::UserClient, self.edition);
        if app.status.is_off() {
            let what = format!(
                "the app `{}` ({}) is {}",
                app.label,
                app.id,
                app.status.as_str()
            );
            let cure = "activate it; an app that is bound to an agent begins inactive";
            board.note(
                Checked::problem(Check::ClientActive, what, cure)
                    .of(app_of(role))
                    .setting(format!("clients.{role}.client_id"))
                    .at(Some("Applications > Applications > the app")),
            );
        }
        let written = self.deployment.clients.get(&role);
        let Some(written) = written.and_then(|client| client.redirect_uri.as_deref()) else {
            return;
        };
        if app.redirect_uris().is_empty() {
            return;
        }
        let registered = quoted(app.redirect_uris().iter().map(String::as_str));
        board.note(if app.redirect_uris().iter().any(|one| one == written) {
            Checked::ok(Check::RedirectUri, format!("`{written}` is registered"))
        } else {
            let what = format!("`{written}` is not registered; registered are {registered}");
            let cure = format!("add it to the sign-in redirect URIs, or write a registered one in `clients.{role}.redirect_uri`");
            Checked::problem(Check::RedirectUri, what, cure)
                .setting(format!("clients.{role}.redirect_uri"))
        });
    }
}

/// What the app is called by which users sign in to a client. That of an agent is another client than the agent, which may
/// authenticate while its app is inactive.
fn app_of(role: ClientRole) -> &'static str {
    match role {
        ClientRole::Agent => AGENTS_APP,
        other => other.as_str(),
    }
}
