//! Custom authorization servers and their scopes (`/api/v1/authorizationServers`).

use serde_json::{Value, json};

use super::ids::{CREATED_AT, derived};
use super::page::{Paging, is_asked_for, page};
use crate::api_error::ApiError;
use crate::context::{Context, Outcome};
use crate::keys::ServerName;
use crate::org::CustomServer;
use crate::rules::scopes::OPENID;

/// All of them; the org authorization server is none.
pub(super) fn list(cx: &Context<'_>) -> Result<Outcome, ApiError> {
    let paging = Paging {
        default_limit: 200,
        max_limit: 200,
        filter: "filter",
        wrapped: false,
    };
    let servers = cx.org.custom_servers.values();
    let servers = servers.map(|server| (server.id.as_str().to_owned(), to_json(cx, server)));
    let servers = servers.filter(|(_, server)| {
        is_asked_for(cx, &server["name"]) || is_asked_for(cx, &server["audiences"])
    });
    page(cx, paging, servers.collect())
}

/// One server.
pub(super) fn get(cx: &Context<'_>, id: &str) -> Result<Value, ApiError> {
    Ok(to_json(cx, find(cx, id)?))
}

/// The server with this id.
pub(super) fn find<'a>(cx: &Context<'a>, id: &str) -> Result<&'a CustomServer, ApiError> {
    let found = cx.org.custom_servers.get(id);
    found.ok_or_else(|| ApiError::not_found(id, "AuthorizationServer"))
}

/// The scopes of a server, those of OpenID Connect included.
pub(super) fn scopes(cx: &Context<'_>, id: &str) -> Result<Value, ApiError> {
    let server = find(cx, id)?;
    let scope = |name: &str, system: bool| {
        let consent = server.consent_scopes.contains(name);
        json!({
            "id": derived("scp", &[id, name]),
            "name": name,
            "system": system,
            "default": server.default_scopes.contains(name),
            "consent": if consent { "REQUIRED" } else { "IMPLICIT" },
            "metadataPublish": if system { "ALL_CLIENTS" } else { "NO_CLIENTS" },
        })
    };
    // `groups` is a scope of the org authorization server alone.
    let openid = OPENID.iter().filter(|name| **name != "groups");
    let openid = openid.map(|name| scope(name, true));
    let own = server.scopes.iter().map(|name| scope(name, false));
    Ok(openid.chain(own).collect())
}

fn to_json(cx: &Context<'_>, server: &CustomServer) -> Value {
    let id = server.id.as_str();
    let href = format!("{}/api/v1/authorizationServers/{id}", cx.base_url);
    json!({
        "id": id,
        "name": server.name,
        "audiences": [server.audience],
        "issuer": cx.issuer(&ServerName::Custom(server.id.clone())),
        "issuerMode": "ORG_URL",
        "status": server.status.as_str(),
        "created": CREATED_AT,
        "lastUpdated": CREATED_AT,
        "_links": {
            "self": { "href": href },
            "scopes": { "href": format!("{href}/scopes") },
            "policies": { "href": format!("{href}/policies") },
        },
    })
}
