//! A step in words: what is done, and the parameters that go with it as the scenario writes them.

use crate::scenario::model::{
    Action, Browsing, ClientAuth, ClientRole, Configured, ControlCommand, Credential,
    ManageEndpoint, MetadataDocument, Params, ServerRole, Template, ValueTemplate,
};

/// What a step sends.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// One line.
    pub summary: String,
    /// Parameters and the like, in order.
    pub details: Vec<(String, String)>,
}

#[expect(clippy::too_many_lines, reason = "one arm a kind of step")]
/// In words.
pub fn describe(action: &Action) -> Request {
    match action {
        Action::Metadata { of, document } => said(format!(
            "GET the metadata of {of}: {}",
            document_name(*document)
        )),
        Action::Keys { of } => said(format!("GET {}", endpoint(*of, "jwks_uri"))),
        Action::SignIn {
            client,
            user,
            scope,
            nonce,
        } => Request {
            summary: format!("{user} signs in through {client}: the whole code flow with PKCE"),
            details: optional([("scope", scope), ("nonce", nonce)]),
        },
        Action::Authorize {
            at,
            client,
            user,
            password,
            params,
            browsing,
        } => {
            let who = user.map_or_else(|| "nobody".to_owned(), |user| user.to_string());
            let address = endpoint(*at, "authorization_endpoint");
            let mut details = vec![("client".to_owned(), client.to_string())];
            details.extend(browsed(browsing));
            details.extend(optional([("password", password)]));
            details.extend(parameters(params));
            Request {
                summary: format!("GET {address}; {who} fills in the sign-in page"),
                details,
            }
        }
        Action::Token {
            at,
            client,
            client_auth,
            params,
            ..
        } => posted(
            &endpoint(*at, "token_endpoint"),
            *client,
            *client_auth,
            params,
        ),
        Action::Manage {
            endpoint: which,
            at,
            client,
            client_auth,
            params,
        } => posted(
            &endpoint(*at, managed(*which)),
            *client,
            *client_auth,
            params,
        ),
        Action::UserInfo { at, access_token } => Request {
            summary: format!("GET {}", endpoint(*at, "userinfo_endpoint")),
            details: vec![detail("bearer", access_token)],
        },
        Action::Visit { url, browser } => {
            let browser = browser.as_ref().map_or_else(
                || "a browser without cookies".to_owned(),
                |name| format!("the browser `{name}`, with the cookies it has"),
            );
            said(format!("GET {url} in {browser}"))
        }
        Action::Consent { at, user, allow } => {
            let who = user.map_or_else(|| "the user".to_owned(), |user| user.to_string());
            let decision = if *allow { "allows" } else { "refuses" };
            said(format!(
                "{who} {decision} at the third party's consent page, {at}"
            ))
        }
        Action::Call {
            url,
            method,
            credential,
            query,
        } => Request {
            summary: format!("{method} {url}"),
            details: call(credential, query),
        },
        Action::Sign {
            by,
            token,
            header,
            claims,
            ..
        } => Request {
            summary: format!(
                "test control signs {token} again, with the key of {by}: only that server could"
            ),
            details: super::change::members(header, claims)
                .into_iter()
                .map(|how| ("changed".to_owned(), how))
                .collect(),
        },
        Action::Control(command) => Request {
            summary: format!("test control: {}", control(command)),
            details: configured(command),
        },
        Action::AdvanceClock(by) => said(format!(
            "the target's clock moves forward by {} s",
            by.as_secs()
        )),
        Action::Http {
            method,
            url,
            headers,
            body,
            form,
        } => Request {
            summary: format!("{method} {url}"),
            details: raw(headers, body.as_ref(), form.as_ref()),
        },
    }
}

/// What happens in the browser besides signing in.
fn browsed(browsing: &Browsing) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    if let Some(name) = &browsing.browser {
        rows.push((
            "browser".to_owned(),
            format!("{name}, with the cookies it has"),
        ));
    }
    if let Some(allow) = browsing.allow {
        let answer = if allow { "allowed" } else { "denied" };
        rows.push((
            "consent".to_owned(),
            format!("{answer}, where a page asks for it"),
        ));
    }
    if browsing.leaves {
        let left = "the user leaves once the page was answered";
        rows.push(("then".to_owned(), left.to_owned()));
    }
    rows
}

/// What a resource is shown.
pub(super) fn presented(credential: &Credential) -> Vec<(String, String)> {
    match credential {
        Credential::None => vec![("credential".to_owned(), "none".to_owned())],
        Credential::Bearer(token) => vec![detail("bearer", token)],
        Credential::Header(name, value) => vec![(format!("{name}:"), value.to_string())],
        Credential::Basic { username, password } => {
            vec![
                detail("basic username", username),
                detail("basic password", password),
            ]
        }
    }
}

/// How a client authenticates.
pub(super) const fn authentication(way: ClientAuth) -> &'static str {
    match way {
        ClientAuth::Registered => "authenticated as registered",
        ClientAuth::None => "client_id alone",
        ClientAuth::ClientSecretBasic => "client_secret_basic",
        ClientAuth::ClientSecretPost => "client_secret_post",
        ClientAuth::ClientSecretJwt => "client_secret_jwt",
        ClientAuth::PrivateKeyJwt => "private_key_jwt",
    }
}

fn posted(address: &str, client: ClientRole, way: ClientAuth, params: &Params) -> Request {
    let mut details = vec![(
        "client".to_owned(),
        format!("{client}, {}", authentication(way)),
    )];
    details.extend(parameters(params));
    Request {
        summary: format!("POST {address}"),
        details,
    }
}

fn call(credential: &Credential, query: &Params) -> Vec<(String, String)> {
    let mut details = presented(credential);
    details.extend(
        query
            .iter()
            .map(|(name, value)| (format!("query {name}"), value.to_string())),
    );
    details
}

fn raw(headers: &Params, body: Option<&Template>, form: Option<&Params>) -> Vec<(String, String)> {
    let headers = headers
        .iter()
        .map(|(name, value)| (format!("{name}:"), value.to_string()));
    headers
        .chain(form.into_iter().flat_map(parameters))
        .chain(body.map(|body| detail("body", body)))
        .collect()
}

const fn managed(endpoint: ManageEndpoint) -> &'static str {
    match endpoint {
        ManageEndpoint::Revoke => "revocation_endpoint",
        ManageEndpoint::Introspect => "introspection_endpoint",
    }
}

const fn document_name(document: MetadataDocument) -> &'static str {
    match document {
        MetadataDocument::OpenIdConfiguration => "openid-configuration",
        MetadataDocument::OauthAuthorizationServer => {
            "oauth-authorization-server, before the issuer's path"
        }
        MetadataDocument::OauthAuthorizationServerAppended => {
            "oauth-authorization-server, after the issuer"
        }
    }
}

fn control(command: &ControlCommand) -> String {
    match command {
        ControlCommand::SuspendUser(user) => format!("suspend {user}"),
        ControlCommand::RestoreUser(user) => format!("restore {user}"),
        ControlCommand::DeactivateAgent(agent) => format!("deactivate {agent}"),
        ControlCommand::ActivateAgent(agent) => format!("activate {agent}"),
        ControlCommand::DeactivateConnection(agent, resource) => {
            format!("deactivate the connection of {agent} to {resource}")
        }
        ControlCommand::ActivateConnection(agent, resource) => {
            format!("activate the connection of {agent} to {resource}")
        }
        ControlCommand::GrantConsent(user, agent, resource) => {
            format!("{user} has consented that {agent} uses {resource}")
        }
        ControlCommand::RefuseConsent(user, agent, resource) => {
            format!("{user} has refused that {agent} uses {resource}")
        }
        ControlCommand::WithdrawConsent(user, agent, resource) => {
            format!("{user} no longer consents that {agent} uses {resource}")
        }
        ControlCommand::RotateKey(server) => format!("a new signing key for {server}"),
        ControlCommand::Configure(Configured::Client(client), _) => {
            format!("{client} is registered differently from now on")
        }
        ControlCommand::Configure(Configured::Server(server), _) => {
            format!("{server} is configured differently from now on")
        }
        ControlCommand::Configure(Configured::Behaviours, _) => {
            "the org decides differently what public sources leave open".to_owned()
        }
        ControlCommand::PublishKeys { at, .. } => format!("other keys are published at {at}"),
    }
}

fn configured(command: &ControlCommand) -> Vec<(String, String)> {
    match command {
        ControlCommand::Configure(_, members) => members
            .iter()
            .map(|(name, value)| match value {
                ValueTemplate::Null => (name.clone(), "removed".to_owned()),
                value => (name.clone(), value.to_string()),
            })
            .collect(),
        ControlCommand::PublishKeys { keys, of, with, .. } => {
            let own = of.map(|client| format!("the public key of {client}"));
            let other = with
                .iter()
                .map(|(name, value)| format!("with {name} {value}"));
            let written = keys.as_ref().map(ToString::to_string);
            let rows = own.into_iter().chain(other).chain(written);
            rows.map(|row| ("keys".to_owned(), row)).collect()
        }
        _ => Vec::new(),
    }
}

fn endpoint(server: ServerRole, name: &str) -> String {
    format!("${{{server}.{name}}}")
}

fn said(summary: String) -> Request {
    Request {
        summary,
        details: Vec::new(),
    }
}

fn parameters(params: &Params) -> Vec<(String, String)> {
    params
        .iter()
        .map(|(name, value)| (name.clone(), value.to_string()))
        .collect()
}

fn optional<const N: usize>(named: [(&str, &Option<Template>); N]) -> Vec<(String, String)> {
    named
        .into_iter()
        .filter_map(|(name, value)| value.as_ref().map(|value| detail(name, value)))
        .collect()
}

fn detail(name: &str, value: &Template) -> (String, String) {
    (name.to_owned(), value.to_string())
}
