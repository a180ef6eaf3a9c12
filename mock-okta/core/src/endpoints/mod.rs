//! The route table: authorization server, method and path to a door. Reads top-down.

mod authorize;
mod authorize_answer;
mod authorize_request;
mod consent;
mod introspect;
mod keys;
mod logout;
mod metadata;
mod protected_resource;
mod revoke;
mod sign_in;
mod sts;
mod token;
mod userinfo;

use http::Method;

use crate::context::{Context, Outcome};
use crate::defect::Bend;
use crate::keys::ServerName;
use crate::org::{CustomServerId, Org, Status};
use crate::request::Request;
use crate::variation::Variation;

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    Authorize,
    AuthorizeResume,
    Token,
    Keys,
    UserInfo,
    Introspect,
    Revoke,
    Logout,
    OpenIdMetadata,
    OauthMetadata,
    SignIn,
    Consent,
    StsRedirect,
    StsCallback,
    ThirdPartyAuthorize,
    ProtectedResource,
    ResourceMetadata,
    Health,
    NotFound,
}

/// A door and the server it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) server: ServerName,
    pub(crate) door: Door,
}

/// Finds the door of a path. An unknown or inactive custom server has none.
pub(crate) fn route(org: &Org, path: &str) -> Route {
    let at_org = |door| Route {
        server: ServerName::Org,
        door,
    };
    let not_found = at_org(Door::NotFound);
    match path {
        "/" => return at_org(Door::Health),
        "/signin" => return at_org(Door::SignIn),
        "/signin/consent" => return at_org(Door::Consent),
        "/.well-known/openid-configuration" => return at_org(Door::OpenIdMetadata),
        "/.well-known/oauth-authorization-server" => return at_org(Door::OauthMetadata),
        "/oauth2/v1/sts/redirect" => return at_org(Door::StsRedirect),
        "/oauth2/v1/sts/callback" => return at_org(Door::StsCallback),
        _ => {}
    }
    let at_custom = |id: &str, door| {
        let found = org
            .custom_servers
            .get(id)
            .filter(|server| server.status == Status::Active);
        found.map(|server| Route {
            server: ServerName::Custom(CustomServerId::new(server.id.as_str())),
            door,
        })
    };
    if let Some(id) = path.strip_prefix("/.well-known/oauth-authorization-server/oauth2/") {
        // RFC 8414 §3.1: the well-known part goes before the path of the issuer.
        return at_custom(id, Door::OauthMetadata).unwrap_or(not_found);
    }
    if let Some(rest) = path.strip_prefix("/oauth2/v1/") {
        return endpoint(rest).map_or(not_found, at_org);
    }
    if let Some((id, rest)) = path
        .strip_prefix("/oauth2/")
        .and_then(|rest| rest.split_once('/'))
    {
        let door = match rest {
            ".well-known/openid-configuration" => Some(Door::OpenIdMetadata),
            ".well-known/oauth-authorization-server" => Some(Door::OauthMetadata),
            _ => rest.strip_prefix("v1/").and_then(endpoint),
        };
        return door
            .and_then(|door| at_custom(id, door))
            .unwrap_or(not_found);
    }
    if path.starts_with("/third-party/") && path.ends_with("/authorize") {
        return at_org(Door::ThirdPartyAuthorize);
    }
    if org
        .protected_resources
        .iter()
        .any(|resource| resource.path == path)
    {
        return at_org(Door::ProtectedResource);
    }
    let mut resources = org.protected_resources.iter();
    if resources.any(|one| protected_resource::metadata_path(one).as_deref() == Some(path)) {
        return at_org(Door::ResourceMetadata);
    }
    not_found
}

/// Endpoints that both kinds of server have.
fn endpoint(rest: &str) -> Option<Door> {
    Some(match rest {
        "authorize" => Door::Authorize,
        "authorize/resume" => Door::AuthorizeResume,
        "token" => Door::Token,
        "keys" => Door::Keys,
        "userinfo" => Door::UserInfo,
        "introspect" => Door::Introspect,
        "revoke" => Door::Revoke,
        "logout" => Door::Logout,
        _ => return None,
    })
}

/// Methods of a door, as `Allow` names them.
fn allowed(door: Door) -> &'static str {
    match door {
        Door::Token | Door::Introspect | Door::Revoke => "POST",
        Door::SignIn
        | Door::Consent
        | Door::ThirdPartyAuthorize
        | Door::UserInfo
        | Door::Authorize
        | Door::Logout => "GET, POST",
        Door::ProtectedResource => "GET, HEAD, POST",
        _ => "GET, HEAD",
    }
}

/// Opens the door.
pub(crate) fn answer(cx: &mut Context<'_>, door: Door) -> Outcome {
    let fits = door == Door::NotFound || method_fits(cx.request, door);
    if !fits && !taken_by_get(cx, door) {
        return Outcome::ApiError {
            status: 405,
            code: "E0000022",
            summary: "The endpoint does not support the provided HTTP method".to_owned(),
            allow: Some(allowed(door)),
            refusal: None,
        };
    }
    match door {
        Door::Authorize => authorize::answer(cx),
        Door::AuthorizeResume => authorize::resume(cx),
        Door::Token => token::answer(cx),
        Door::Keys => keys::answer(cx),
        Door::UserInfo => userinfo::answer(cx),
        Door::Introspect => introspect::answer(cx),
        Door::Revoke => revoke::answer(cx),
        Door::Logout => logout::answer(cx),
        Door::OpenIdMetadata => metadata::openid(cx),
        Door::OauthMetadata if is_appended(cx) && cx.gate.varies(Variation::MetadataPlaces) => {
            not_found(&cx.request.path)
        }
        Door::OauthMetadata => metadata::oauth(cx),
        Door::SignIn => sign_in::answer(cx),
        Door::Consent => consent::answer(cx),
        Door::StsRedirect => sts::redirect(cx),
        Door::StsCallback => sts::callback(cx),
        Door::ThirdPartyAuthorize => sts::third_party(cx),
        Door::ProtectedResource => protected_resource::answer(cx),
        Door::ResourceMetadata => protected_resource::metadata(cx),
        Door::Health => metadata::front(cx),
        Door::NotFound => not_found(&cx.request.path),
    }
}

fn method_fits(request: &Request, door: Door) -> bool {
    let method = if request.method == Method::HEAD {
        "HEAD"
    } else {
        request.method.as_str()
    };
    allowed(door).split(", ").any(|allowed| allowed == method)
}

/// Whether the metadata of a custom server are asked for behind its issuer (RFC 8414 §3.1 has them before its path).
fn is_appended(cx: &Context<'_>) -> bool {
    cx.server != ServerName::Org && !cx.request.path.starts_with("/.well-known/")
}

/// Whether an org with a defect takes a token request by GET. What was in the query is its form by now.
fn taken_by_get(cx: &mut Context<'_>, door: Door) -> bool {
    door == Door::Token && cx.request.method == Method::GET && cx.gate.bent(Bend::TokenByGet)
}

/// 404 in the envelope of Okta's API.
fn not_found(path: &str) -> Outcome {
    Outcome::ApiError {
        status: 404,
        code: "E0000007",
        summary: format!("Not found: Resource not found: {} (Path)", plain(path)),
        allow: None,
        refusal: None,
    }
}

/// What a client sent, fit to be repeated in an answer: short, printable, without markup.
fn plain(text: &str) -> String {
    text.chars()
        .take(80)
        .filter(|c| c.is_ascii_alphanumeric() || "-._/".contains(*c))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behaviour::Edition;

    fn door(path: &str) -> (ServerName, Door) {
        let route = route(&Org::standard(Edition::E2026_10), path);
        (route.server, route.door)
    }

    #[test]
    fn both_kinds_of_server_have_their_endpoints() {
        let default = ServerName::Custom(CustomServerId::new("default"));
        assert_eq!(door("/oauth2/v1/token"), (ServerName::Org, Door::Token));
        assert_eq!(
            door("/oauth2/default/v1/token"),
            (default.clone(), Door::Token)
        );
        for path in [
            "/.well-known/oauth-authorization-server/oauth2/default",
            "/oauth2/default/.well-known/oauth-authorization-server",
        ] {
            assert_eq!(door(path), (default.clone(), Door::OauthMetadata), "{path}");
        }
    }

    #[test]
    fn what_does_not_exist_has_no_door() {
        for path in [
            "/oauth2/nobody/v1/token",
            "/oauth2/v1/tokens",
            "/oauth2/default",
            "/oauth2//v1/token",
            "/x",
        ] {
            assert_eq!(door(path).1, Door::NotFound, "{path}");
        }
    }
}
