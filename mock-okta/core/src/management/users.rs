//! People (`/api/v1/users`).

use serde_json::{Value, json};

use super::ids::CREATED_AT;
use super::page::{Paging, is_asked_for, page};
use crate::api_error::ApiError;
use crate::context::{Context, Outcome};
use crate::org::User;

/// Everybody, or those whom `search` asks for.
pub(super) fn list(cx: &Context<'_>) -> Result<Outcome, ApiError> {
    let filter = if cx.request.query.has("filter") {
        "filter"
    } else {
        "search"
    };
    let paging = Paging {
        default_limit: 200,
        max_limit: 200,
        filter,
        wrapped: false,
    };
    let users = cx.org.users.values();
    let users = users.map(|user| (user.id.as_str().to_owned(), to_json(cx, user)));
    let users = users.filter(|(_, user)| is_asked_for(cx, &user["profile"]));
    page(cx, paging, users.collect())
}

/// The user with this id or login, or with this part of the login before its `@`.
pub(super) fn get(cx: &Context<'_>, name: &str) -> Result<Value, ApiError> {
    Ok(to_json(cx, find(cx, name)?))
}

/// The same as it is configured. An API token belongs to an administrator, who is none of the users, so `me` is nobody.
pub(super) fn find<'a>(cx: &Context<'a>, name: &str) -> Result<&'a User, ApiError> {
    let decoded = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    let found = cx.org.user_named(&decoded);
    found.ok_or_else(|| ApiError::not_found(&decoded, "User"))
}

fn to_json(cx: &Context<'_>, user: &User) -> Value {
    let claim = |name: &str| user.profile.get(name);
    json!({
        "id": user.id.as_str(),
        "status": user.status.as_str(),
        "created": CREATED_AT,
        "lastUpdated": CREATED_AT,
        "profile": {
            "login": user.login,
            "email": user.login,
            "firstName": claim("given_name"),
            "lastName": claim("family_name"),
        },
        "credentials": { "provider": { "type": "OKTA", "name": "OKTA" } },
        "_links": {
            "self": { "href": format!("{}/api/v1/users/{}", cx.base_url, user.id) },
        },
    })
}
