//! Apps and who is assigned to them (`/api/v1/apps`). An agent has an app too, by which its users are assigned.

use serde_json::{Value, json};

use super::agents::has_app;
use super::ids::{CREATED_AT, app_id, derived};
use super::page::{Paging, is_asked_for, page};
use super::users;
use crate::api_error::ApiError;
use crate::context::{Context, Outcome};
use crate::org::{ApplicationType, AuthMethod, Client, ClientKind, Status, User, Users};

/// All apps.
pub(super) fn list(cx: &Context<'_>) -> Result<Outcome, ApiError> {
    let paging = Paging {
        default_limit: 20,
        max_limit: 200,
        filter: "filter",
        wrapped: false,
    };
    let clients = cx.org.clients.values();
    let clients = clients.filter(|client| has_app(cx, client));
    let apps = clients.map(|client| (app_id(client), to_json(cx, client)));
    let apps = apps.filter(|(_, app)| is_asked_for(cx, &app["label"]));
    page(cx, paging, apps.collect())
}

/// One app.
pub(super) fn get(cx: &Context<'_>, id: &str) -> Result<Value, ApiError> {
    Ok(to_json(cx, find(cx, id)?))
}

/// Who is assigned to an app.
pub(super) fn users(cx: &Context<'_>, id: &str) -> Result<Outcome, ApiError> {
    let client = find(cx, id)?;
    let paging = Paging {
        default_limit: 50,
        max_limit: 500,
        filter: "filter",
        wrapped: false,
    };
    let all = cx.org.users.values();
    let assigned = all.filter(|user| client.assigned_users.contains(&user.id));
    let assigned = assigned.map(|user| (user.id.as_str().to_owned(), user_to_json(client, user)));
    page(cx, paging, assigned.collect())
}

/// The assignment of one user; 404 where there is none.
pub(super) fn user(cx: &Context<'_>, id: &str, user: &str) -> Result<Value, ApiError> {
    let client = find(cx, id)?;
    let found = users::find(cx, user)?;
    let assigned = client.assigned_users.contains(&found.id);
    let missing = || ApiError::not_found(user, "AppUser");
    assigned
        .then(|| user_to_json(client, found))
        .ok_or_else(missing)
}

/// The groups that are assigned: Everyone, or none.
pub(super) fn groups(cx: &Context<'_>, id: &str) -> Result<Value, ApiError> {
    let client = find(cx, id)?;
    Ok(match &client.assigned_users {
        Users::Everyone => json!([{
            "id": derived("00g", &[&cx.org.id, "Everyone"]),
            "priority": 0,
            "lastUpdated": CREATED_AT,
        }]),
        Users::Only(_) => json!([]),
    })
}

fn find<'a>(cx: &Context<'a>, id: &str) -> Result<&'a Client, ApiError> {
    let mut clients = cx.org.clients.values();
    let found = clients.find(|client| app_id(client) == id && has_app(cx, client));
    found.ok_or_else(|| ApiError::not_found(id, "AppInstance"))
}

fn to_json(cx: &Context<'_>, client: &Client) -> Value {
    let id = app_id(client);
    let mut methods = AuthMethod::ALL.iter();
    let method = methods.find(|(_, method)| client.auth_methods.contains(method));
    let grants: Vec<&str> = client.grant_types.iter().map(|one| one.as_str()).collect();
    let application_type = match &client.kind {
        ClientKind::Agent { .. } => ApplicationType::Web.as_str(),
        ClientKind::App { application_type } => application_type.as_str(),
    };
    json!({
        "id": id,
        "name": "oidc_client",
        "label": client.name,
        "status": Status::of(client.status == Status::Active).as_str(),
        "signOnMode": "OPENID_CONNECT",
        "created": CREATED_AT,
        "lastUpdated": CREATED_AT,
        "credentials": {
            "oauthClient": {
                "client_id": client.id.as_str(),
                "token_endpoint_auth_method": method.map(|(name, _)| name),
                "pkce_required": client.pkce_required,
            },
        },
        "settings": {
            "oauthClient": {
                "redirect_uris": client.redirect_uris,
                "post_logout_redirect_uris": client.post_logout_redirect_uris,
                "response_types": ["code"],
                "grant_types": grants,
                "application_type": application_type,
                "consent_method": client.consent.as_str(),
            },
        },
        "_links": {
            "self": { "href": format!("{}/api/v1/apps/{id}", cx.base_url) },
            "users": { "href": format!("{}/api/v1/apps/{id}/users", cx.base_url) },
        },
    })
}

/// Whoever is assigned with everybody is so by a group.
fn user_to_json(client: &Client, user: &User) -> Value {
    let by_group = client.assigned_users == Users::Everyone;
    json!({
        "id": user.id.as_str(),
        "scope": if by_group { "GROUP" } else { "USER" },
        "status": "ACTIVE",
        "created": CREATED_AT,
        "lastUpdated": CREATED_AT,
        "credentials": { "userName": user.login },
    })
}
