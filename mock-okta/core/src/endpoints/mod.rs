//! The route table: authorization server and path to an endpoint. Reads top-down.

mod authn;
mod authorize;
mod authorize_answer;
mod authorize_request;
mod consent;
mod front;
mod introspect;
mod keys;
mod logout;
mod metadata;
mod org_metadata;
mod protected_resource;
mod revoke;
mod sign_in;
mod sts;
mod token;
mod userinfo;

use http::Method;

use crate::api_error::ApiError;
use crate::context::{Context, Outcome};
use crate::core::Options;
use crate::cors::{Cors, is_preflight};
use crate::defect::Bend;
use crate::keys::ServerName;
use crate::management;
use crate::org::{CustomServerId, Org, Status};
use crate::request::Request;
use crate::variation::Variation;

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
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
    OrgMetadata,
    Authn,
    Management,
    Front,
    NotFound,
}

impl Endpoint {
    /// Whether an answer is signed with the server's key, or depends on it.
    pub(crate) const fn uses_keys(self) -> bool {
        match self {
            Self::Token
            | Self::Keys
            | Self::UserInfo
            | Self::Introspect
            | Self::Revoke
            | Self::Logout
            | Self::Management
            | Self::ProtectedResource => true,
            Self::Authorize
            | Self::AuthorizeResume
            | Self::OpenIdMetadata
            | Self::OauthMetadata
            | Self::ResourceMetadata
            | Self::SignIn
            | Self::Consent
            | Self::StsRedirect
            | Self::StsCallback
            | Self::ThirdPartyAuthorize
            | Self::OrgMetadata
            | Self::Authn
            | Self::Front
            | Self::NotFound => false,
        }
    }

    /// As the journal names it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::AuthorizeResume => "authorize-resume",
            Self::Token => "token",
            Self::Keys => "keys",
            Self::UserInfo => "userinfo",
            Self::Introspect => "introspect",
            Self::Revoke => "revoke",
            Self::Logout => "logout",
            Self::OpenIdMetadata
            | Self::OauthMetadata
            | Self::ResourceMetadata
            | Self::OrgMetadata => "metadata",
            Self::Authn => "authn",
            Self::Management => "management",
            Self::SignIn => "sign-in",
            Self::Consent => "consent",
            Self::StsRedirect | Self::StsCallback => "third-party-consent",
            Self::ThirdPartyAuthorize => "third-party",
            Self::ProtectedResource => "protected-resource",
            Self::Front => "front",
            Self::NotFound => "unknown",
        }
    }
}

/// An endpoint and the server it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) server: ServerName,
    pub(crate) endpoint: Endpoint,
}

/// Finds the endpoint of a path. An unknown or inactive custom server has none.
pub(crate) fn route(org: &Org, options: &Options, path: &str) -> Route {
    let at_org = |endpoint| Route {
        server: ServerName::Org,
        endpoint,
    };
    let not_found = at_org(Endpoint::NotFound);
    match path {
        "/" if !options.as_real => return at_org(Endpoint::Front),
        "/signin" => return at_org(Endpoint::SignIn),
        "/signin/consent" => return at_org(Endpoint::Consent),
        "/.well-known/openid-configuration" => return at_org(Endpoint::OpenIdMetadata),
        "/.well-known/oauth-authorization-server" => return at_org(Endpoint::OauthMetadata),
        "/.well-known/okta-organization" => return at_org(Endpoint::OrgMetadata),
        "/api/v1/authn" => return at_org(Endpoint::Authn),
        "/oauth2/v1/sts/redirect" => return at_org(Endpoint::StsRedirect),
        "/oauth2/v1/sts/callback" => return at_org(Endpoint::StsCallback),
        _ => {}
    }
    if options.api_token.is_some() && management::is_below(path) {
        return at_org(Endpoint::Management);
    }
    let at_custom = |id: &str, endpoint| {
        let found = org
            .custom_servers
            .get(id)
            .filter(|server| server.status == Status::Active);
        found.map(|server| Route {
            server: ServerName::Custom(CustomServerId::new(server.id.as_str())),
            endpoint,
        })
    };
    if let Some(id) = path.strip_prefix("/.well-known/oauth-authorization-server/oauth2/") {
        // RFC 8414 §3.1: the well-known part goes before the path of the issuer.
        return at_custom(id, Endpoint::OauthMetadata).unwrap_or(not_found);
    }
    if let Some(rest) = path.strip_prefix("/oauth2/v1/") {
        return endpoint(rest).map_or(not_found, at_org);
    }
    if let Some((id, rest)) = path
        .strip_prefix("/oauth2/")
        .and_then(|rest| rest.split_once('/'))
    {
        let endpoint = match rest {
            ".well-known/openid-configuration" => Some(Endpoint::OpenIdMetadata),
            ".well-known/oauth-authorization-server" => Some(Endpoint::OauthMetadata),
            _ => rest.strip_prefix("v1/").and_then(endpoint),
        };
        return endpoint
            .and_then(|endpoint| at_custom(id, endpoint))
            .unwrap_or(not_found);
    }
    if path.starts_with("/third-party/") && path.ends_with("/authorize") {
        return at_org(Endpoint::ThirdPartyAuthorize);
    }
    if org
        .protected_resources
        .iter()
        .any(|resource| resource.path == path)
    {
        return at_org(Endpoint::ProtectedResource);
    }
    let mut resources = org.protected_resources.iter();
    if resources.any(|one| protected_resource::metadata_path(one).as_deref() == Some(path)) {
        return at_org(Endpoint::ResourceMetadata);
    }
    not_found
}

/// Endpoints that both kinds of server have.
fn endpoint(rest: &str) -> Option<Endpoint> {
    Some(match rest {
        "authorize" => Endpoint::Authorize,
        "authorize/resume" => Endpoint::AuthorizeResume,
        "token" => Endpoint::Token,
        "keys" => Endpoint::Keys,
        "userinfo" => Endpoint::UserInfo,
        "introspect" => Endpoint::Introspect,
        "revoke" => Endpoint::Revoke,
        "logout" => Endpoint::Logout,
        _ => return None,
    })
}

/// Methods of an endpoint, as `Allow` names them.
fn allowed(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Token | Endpoint::Introspect | Endpoint::Revoke | Endpoint::Authn => "POST",
        Endpoint::SignIn
        | Endpoint::Consent
        | Endpoint::ThirdPartyAuthorize
        | Endpoint::UserInfo
        | Endpoint::Authorize
        | Endpoint::Logout
        | Endpoint::ProtectedResource => "GET, HEAD, POST",
        _ => "GET, HEAD",
    }
}

/// What the answer of an endpoint says to pages of other origins.
pub(crate) fn cors(cx: &Context<'_>, endpoint: Endpoint) -> Cors {
    Cors::of(cx.org, cx.request, endpoint, allowed(endpoint))
}

/// Answers a request at an endpoint.
pub(crate) fn answer(cx: &mut Context<'_>, endpoint: Endpoint) -> Outcome {
    if is_preflight(cx.request, endpoint) {
        return Outcome::Empty(204);
    }
    // The management API has methods for each of its resources.
    let any = matches!(endpoint, Endpoint::NotFound | Endpoint::Management);
    let fits = any || method_fits(cx.request, endpoint);
    if !fits && !taken_by_get(cx, endpoint) {
        return ApiError::Method(allowed(endpoint)).outcome();
    }
    match endpoint {
        Endpoint::Authorize => authorize::answer(cx),
        Endpoint::AuthorizeResume => authorize::resume(cx),
        Endpoint::Token => token::answer(cx),
        Endpoint::Keys => keys::answer(cx),
        Endpoint::UserInfo => userinfo::answer(cx),
        Endpoint::Introspect => introspect::answer(cx),
        Endpoint::Revoke => revoke::answer(cx),
        Endpoint::Logout => logout::answer(cx),
        Endpoint::OpenIdMetadata => metadata::openid(cx),
        Endpoint::OauthMetadata if is_appended(cx) && cx.gate.varies(Variation::MetadataPlaces) => {
            ApiError::unknown_path(&cx.request.path).outcome()
        }
        Endpoint::OauthMetadata => metadata::oauth(cx),
        Endpoint::SignIn => sign_in::answer(cx),
        Endpoint::Consent => consent::answer(cx),
        Endpoint::StsRedirect => sts::redirect(cx),
        Endpoint::StsCallback => sts::callback(cx),
        Endpoint::ThirdPartyAuthorize => sts::third_party(cx),
        Endpoint::ProtectedResource => protected_resource::answer(cx),
        Endpoint::ResourceMetadata => protected_resource::metadata(cx),
        Endpoint::OrgMetadata => org_metadata::answer(cx),
        Endpoint::Authn => authn::answer(cx),
        Endpoint::Management => management::answer(cx),
        Endpoint::Front => front::answer(cx),
        Endpoint::NotFound => ApiError::unknown_path(&cx.request.path).outcome(),
    }
}

fn method_fits(request: &Request, endpoint: Endpoint) -> bool {
    let methods = allowed(endpoint).split(", ");
    methods
        .into_iter()
        .any(|allowed| allowed == request.method.as_str())
}

/// Whether the metadata of a custom server are asked for behind its issuer (RFC 8414 §3.1 has them before its path).
fn is_appended(cx: &Context<'_>) -> bool {
    cx.server != ServerName::Org && !cx.request.path.starts_with("/.well-known/")
}

/// Whether an org with a defect takes a token request by GET. What was in the query is its form by now.
fn taken_by_get(cx: &mut Context<'_>, endpoint: Endpoint) -> bool {
    endpoint == Endpoint::Token
        && cx.request.method == Method::GET
        && cx.gate.bent(Bend::TokenByGet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behaviour::Edition;

    fn endpoint(path: &str) -> (ServerName, Endpoint) {
        let org = Org::standard(Edition::E2026_10);
        let route = route(&org, &Options::default(), path);
        (route.server, route.endpoint)
    }

    #[test]
    fn both_kinds_of_server_have_their_endpoints() {
        let default = ServerName::Custom(CustomServerId::new("default"));
        assert_eq!(
            endpoint("/oauth2/v1/token"),
            (ServerName::Org, Endpoint::Token)
        );
        assert_eq!(
            endpoint("/oauth2/default/v1/token"),
            (default.clone(), Endpoint::Token)
        );
        for path in [
            "/.well-known/oauth-authorization-server/oauth2/default",
            "/oauth2/default/.well-known/oauth-authorization-server",
        ] {
            assert_eq!(
                endpoint(path),
                (default.clone(), Endpoint::OauthMetadata),
                "{path}"
            );
        }
    }

    #[test]
    fn what_does_not_exist_has_no_endpoint() {
        for path in [
            "/oauth2/nobody/v1/token",
            "/oauth2/v1/tokens",
            "/oauth2/default",
            "/oauth2//v1/token",
            "/x",
        ] {
            assert_eq!(endpoint(path).1, Endpoint::NotFound, "{path}");
        }
    }
}
