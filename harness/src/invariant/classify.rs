//! What an exchange is: which endpoint was asked for what, and whether it granted that.

use crate::exchange::{Exchange, Party, Payload, RequestSpec};
use crate::scenario::model::{At, Endpoint, Grant, Issued, Outcome, ServerRole};
use crate::targets::{Deployment, Whose};

/// What an exchange is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class {
    /// The endpoint asked.
    pub endpoint: Endpoint,
    /// Who answers there.
    pub whose: Whose,
    /// The server, where it is one that the target describes.
    pub role: Option<ServerRole>,
    /// Whether the request was granted or refused; `None` where the endpoint said neither.
    pub outcome: Option<Outcome>,
    /// The grant that a token request names.
    pub grant: Option<Grant>,
    /// What a token request asks for.
    pub issued: Option<Issued>,
}

impl Class {
    /// What this exchange is; `None` for one that no rule is about.
    #[must_use]
    pub fn of(exchange: &Exchange, deployment: &Deployment) -> Option<Self> {
        let request = &exchange.request;
        // Asked under another name: whoever answers to that need not be the server of this address.
        let mut headers = request.headers.iter();
        if headers.any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            return None;
        }
        let url = address(&request.url);
        let (endpoint, role) = match request.party {
            Party::Control => return None,
            _ if request.by_browser => (browsed(exchange)?, authorizing(url, deployment)),
            party => match described(url, deployment) {
                Some((endpoint, role)) => (endpoint, Some(role)),
                None if url.contains("/.well-known/oauth-protected-resource") => {
                    (Endpoint::ResourceMetadata, None)
                }
                None if party == Party::Resource => (Endpoint::Api, None),
                None => return None,
            },
        };
        let grant = (endpoint == Endpoint::Token)
            .then(|| grant(request))
            .flatten();
        let issued = grant.and_then(|grant| issued(grant, request));
        Some(Self {
            endpoint,
            whose: whose(request, role, deployment),
            role,
            outcome: outcome(endpoint, exchange),
            grant,
            issued,
        })
    }

    /// Which of the two kinds of server was asked.
    #[must_use]
    pub fn at(&self) -> Option<At> {
        match self.whose {
            Whose::Org => Some(At::Org),
            Whose::Custom => Some(At::Custom),
            Whose::Other => None,
        }
    }
}

/// A parameter of a form, or of a query where there is no form. The first, if it stands there twice.
pub(super) fn parameter<'r>(request: &'r RequestSpec, name: &str) -> Option<&'r str> {
    let parameters = match &request.payload {
        Payload::Form(parameters) => parameters,
        _ => &request.query,
    };
    let found = parameters.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

fn address(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// The endpoint and the server that a target describes at an address.
fn described(url: &str, deployment: &Deployment) -> Option<(Endpoint, ServerRole)> {
    for (role, server) in &deployment.servers {
        for (name, endpoint) in &server.endpoints {
            if endpoint == url {
                let endpoint = match *name {
                    "token_endpoint" => Endpoint::Token,
                    "introspection_endpoint" => Endpoint::Introspect,
                    "revocation_endpoint" => Endpoint::Revoke,
                    "userinfo_endpoint" => Endpoint::UserInfo,
                    "jwks_uri" => Endpoint::Keys,
                    // Asked by a program and not by a browser.
                    "authorization_endpoint" => Endpoint::Authorize,
                    _ => return None,
                };
                return Some((endpoint, *role));
            }
        }
    }
    let role = document_of(url, deployment)?;
    Some((Endpoint::Metadata, role))
}

/// The server whose metadata stands at an address (OIDC Discovery §4, RFC 8414 §3.1).
fn document_of(url: &str, deployment: &Deployment) -> Option<ServerRole> {
    const APPENDED: [&str; 2] = [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
    ];
    const INSERTED: &str = "/.well-known/oauth-authorization-server/";
    let issuer = match url.split_once(INSERTED) {
        Some((origin, path)) => format!("{origin}/{path}"),
        None => APPENDED
            .iter()
            .find_map(|end| url.strip_suffix(end))?
            .to_owned(),
    };
    let mut servers = deployment.servers.iter();
    servers
        .find(|(_, server)| server.issuer.trim_end_matches('/') == issuer)
        .map(|(role, _)| *role)
}

/// A browser asks for the authorization endpoint and what it is led to; or it posts a form.
fn browsed(exchange: &Exchange) -> Option<Endpoint> {
    let request = &exchange.request;
    if request.party == Party::Resource {
        return None;
    }
    // An authorization request may be posted as well (OIDC Core §3.1.2.1).
    let asks = parameter(request, "client_id").is_some();
    Some(match request.method.as_str() {
        "POST" if !asks => Endpoint::SignIn,
        _ => Endpoint::Authorize,
    })
}

/// The server whose authorization endpoint this is.
fn authorizing(url: &str, deployment: &Deployment) -> Option<ServerRole> {
    let mut servers = deployment.servers.iter();
    servers
        .find(|(_, server)| server.endpoint("authorization_endpoint") == url)
        .map(|(role, _)| *role)
}

fn whose(request: &RequestSpec, role: Option<ServerRole>, deployment: &Deployment) -> Whose {
    match role {
        Some(ServerRole::Org) => return Whose::Org,
        Some(_) => return Whose::Custom,
        None => {}
    }
    match (deployment.whose(&request.url), request.party) {
        (Whose::Other, Party::Org) => Whose::Org,
        (Whose::Other, Party::Custom) => Whose::Custom,
        (whose, _) => whose,
    }
}

fn grant(request: &RequestSpec) -> Option<Grant> {
    Some(match parameter(request, "grant_type")? {
        "authorization_code" => Grant::Code,
        "refresh_token" => Grant::Refresh,
        "urn:ietf:params:oauth:grant-type:token-exchange" => Grant::Exchange,
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => Grant::Redeem,
        "client_credentials" => Grant::ClientCredentials,
        _ => return None,
    })
}

/// What is asked for, and not what the answer calls it: an answer that says nothing must not escape.
fn issued(grant: Grant, request: &RequestSpec) -> Option<Issued> {
    if grant != Grant::Exchange {
        return Some(Issued::AccessToken);
    }
    match parameter(request, "requested_token_type")? {
        "urn:ietf:params:oauth:token-type:id-jag" => Some(Issued::IdJag),
        "urn:okta:params:oauth:token-type:vaulted-secret" => Some(Issued::Secret),
        "urn:okta:params:oauth:token-type:service-account" => Some(Issued::ServiceAccount),
        "urn:okta:params:oauth:token-type:oauth-sts" => Some(Issued::Brokered),
        "urn:ietf:params:oauth:token-type:access_token" => Some(Issued::AccessToken),
        _ => None,
    }
}

/// A failure, a limit and a method that does not exist are not the endpoint's answer to the request.
fn outcome(endpoint: Endpoint, exchange: &Exchange) -> Option<Outcome> {
    let (request, response) = (&exchange.request, &exchange.response);
    let method = request.method.as_str();
    if matches!(endpoint, Endpoint::Authorize | Endpoint::SignIn) {
        let sent_back =
            |name| response.is_redirect() && response.redirect_parameter(name).is_some();
        return if sent_back("code") {
            Some(Outcome::Success)
        } else if sent_back("error") || matches!(response.status, 400 | 401 | 403) {
            Some(Outcome::Refusal)
        } else {
            None
        };
    }
    let own_method = match endpoint {
        Endpoint::Token | Endpoint::Introspect | Endpoint::Revoke => method == "POST",
        Endpoint::UserInfo => matches!(method, "GET" | "POST"),
        Endpoint::Metadata | Endpoint::Keys | Endpoint::ResourceMetadata => method == "GET",
        _ => method != "HEAD",
    };
    match response.status {
        200..=299 if own_method => Some(Outcome::Success),
        400 | 401 | 403 if own_method => Some(Outcome::Refusal),
        _ => None,
    }
}
