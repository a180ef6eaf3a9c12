//! The front page: what this org is, for a person, and for a program that asks for JSON.

use http::header;
use serde_json::{Value, json};

use crate::context::{Context, Outcome, server_path};
use crate::control::Route;
use crate::keys::ServerName;
use crate::org::{
    ApplicationType, AuthMethod, Client, ClientKind, ConnectionTarget, CustomServer, GrantType,
    ResourceConnection, Status, Takes, User, UserStatus,
};
use crate::pages::{
    self, ClientOverview, ConnectionOverview, Overview, ServerOverview, UserOverview,
};

/// RFC 7636, appendix B: the challenge of the verifier `dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Answers with the page, or with JSON where that is asked for.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    let accept = cx.request.header(header::ACCEPT).unwrap_or_default();
    if accept.contains("application/json") {
        return document(cx);
    }
    Outcome::Page {
        status: 200,
        html: pages::overview(&describe(cx)),
        refusal: None,
    }
}

fn document(cx: &Context<'_>) -> Outcome {
    let document = json!({
        "mock": "mock-okta",
        "issuer": cx.issuer(&ServerName::Org),
        "edition": cx.behaviours().edition.as_str(),
        "openid_configuration": format!("{}/.well-known/openid-configuration", cx.base_url),
        "control": format!("{}/_mock/health", cx.base_url),
    });
    match document {
        Value::Object(document) => Outcome::object(document, "no-store"),
        _ => Outcome::Empty(404),
    }
}

fn describe(cx: &Context<'_>) -> Overview {
    let org = cx.org;
    let active = org.custom_servers.values();
    let active = active.filter(|server| server.status == Status::Active);
    let signed_in = cx.auto_sign_in.and_then(|user| org.users.get(user));
    Overview {
        org_name: org.name.clone(),
        edition: cx.behaviours().edition.as_str().to_owned(),
        signed_in: signed_in.map(|user| user.login.clone()),
        servers: std::iter::once(org_server(cx))
            .chain(active.map(|server| custom_server(cx, server)))
            .collect(),
        users: org.users.values().map(|user| person(cx, user)).collect(),
        clients: org.clients.values().map(|one| client(cx, one)).collect(),
        connections: org
            .connections
            .values()
            .map(|one| connection(cx, one))
            .collect(),
        apis: org
            .protected_resources
            .iter()
            .map(|api| (api.path.clone(), takes(cx, &api.takes)))
            .collect(),
        control: Route::ALL
            .iter()
            .map(|route| {
                let path = format!("/_mock/{}", route.path);
                (route.method.to_owned(), path, route.summary.to_owned())
            })
            .collect(),
    }
}

fn org_server(cx: &Context<'_>) -> ServerOverview {
    ServerOverview {
        name: "Org authorization server".to_owned(),
        issuer: cx.issuer(&ServerName::Org),
        links: vec![
            ("OpenID", "/.well-known/openid-configuration".to_owned()),
            (
                "OAuth",
                "/.well-known/oauth-authorization-server".to_owned(),
            ),
            ("keys", "/oauth2/v1/keys".to_owned()),
        ],
        scopes: Vec::new(),
    }
}

fn custom_server(cx: &Context<'_>, server: &CustomServer) -> ServerOverview {
    let path = format!("/oauth2/{}", server.id);
    ServerOverview {
        name: server.name.clone(),
        issuer: cx.issuer(&ServerName::Custom(server.id.clone())),
        links: vec![
            ("OpenID", format!("{path}/.well-known/openid-configuration")),
            (
                "OAuth",
                format!("/.well-known/oauth-authorization-server{path}"),
            ),
            ("keys", format!("{path}/v1/keys")),
        ],
        scopes: server.scopes.iter().cloned().collect(),
    }
}

fn person(cx: &Context<'_>, user: &User) -> UserOverview {
    let password = user.password.reveal().to_owned();
    UserOverview {
        login: user.login.clone(),
        password: cx.options.shows_passwords.then_some(password),
        cannot_sign_in: match user.status {
            UserStatus::Active => None,
            UserStatus::Suspended => Some("suspended"),
            UserStatus::LockedOut => Some("locked out"),
            UserStatus::PasswordExpired => Some("password expired"),
        },
    }
}

fn client(cx: &Context<'_>, client: &Client) -> ClientOverview {
    let methods = AuthMethod::ALL.iter();
    let methods = methods.filter(|(_, method)| client.auth_methods.contains(method));
    ClientOverview {
        name: client.name.clone(),
        id: client.id.as_str().to_owned(),
        kind: match &client.kind {
            ClientKind::Agent { .. } => "AI agent",
            ClientKind::App { application_type } => match application_type {
                ApplicationType::Web => "web app",
                ApplicationType::Browser => "single-page app",
                ApplicationType::Native => "native app",
                ApplicationType::Service => "service",
            },
        },
        methods: methods.map(|(name, _)| *name).collect(),
        inactive: client.status != Status::Active,
        sign_in: sign_ins(cx, client),
    }
}

/// Where a client can sign a user in: at the org, and at custom servers whose policies name it.
fn sign_ins(cx: &Context<'_>, client: &Client) -> Vec<(String, String)> {
    let (true, Some(redirect_uri)) = (
        client.status == Status::Active
            && client.grant_types.contains(&GrantType::AuthorizationCode),
        client.redirect_uris.first(),
    ) else {
        return Vec::new();
    };
    let address = |server: &ServerName, scope: &str| {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", client.id.as_str())
            .append_pair("response_type", "code")
            .append_pair("scope", scope)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("state", "from-the-front-page")
            .append_pair("nonce", "from-the-front-page")
            .append_pair("code_challenge", CHALLENGE)
            .append_pair("code_challenge_method", "S256")
            .finish();
        format!("{}/v1/authorize?{query}", server_path(server))
    };
    let org = (
        "the org".to_owned(),
        address(&ServerName::Org, "openid profile email"),
    );
    let signs_in = |server: &&CustomServer| {
        let policies = server.policies.iter();
        let mut rules = policies
            .filter(|policy| policy.clients.contains(&client.id))
            .flat_map(|policy| &policy.rules);
        server.status == Status::Active
            && rules.any(|rule| {
                rule.grant_types.contains(&GrantType::AuthorizationCode)
                    && rule.scopes.contains("openid")
            })
    };
    let custom = cx.org.custom_servers.values().filter(signs_in);
    let custom = custom.map(|server| {
        let name = ServerName::Custom(server.id.clone());
        (server.name.clone(), address(&name, "openid"))
    });
    std::iter::once(org).chain(custom).collect()
}

fn connection(cx: &Context<'_>, one: &ResourceConnection) -> ConnectionOverview {
    let org = cx.org;
    let (kind, named) = match &one.target {
        ConnectionTarget::CustomServer { server, .. } => (
            "Authorization server",
            Some(cx.issuer(&ServerName::Custom(server.clone()))),
        ),
        ConnectionTarget::Secret { secret } => (
            "Secret",
            org.secrets.get(secret).map(|secret| secret.orn.clone()),
        ),
        ConnectionTarget::ServiceAccount { service_account } => (
            "Service account",
            org.service_accounts
                .get(service_account)
                .map(|account| account.orn.clone()),
        ),
        ConnectionTarget::ThirdParty { .. } => ("Resource server", one.resource_indicator.clone()),
    };
    ConnectionOverview {
        agent: one.agent.as_str().to_owned(),
        kind,
        resource: named.unwrap_or_default(),
        inactive: one.status != Status::Active,
    }
}

fn takes(cx: &Context<'_>, takes: &Takes) -> String {
    match takes {
        Takes::AccessToken { server, scope } => {
            let issuer = cx.issuer(&ServerName::Custom(server.clone()));
            format!("an access token of {issuer} with the scope {scope}")
        }
        Takes::VaultedSecret { field, header, .. } => {
            format!("the member {field} of a vaulted secret, in the header field {header}")
        }
        Takes::ServiceAccount { .. } => "a service account, by HTTP Basic".to_owned(),
        Takes::ThirdPartyToken { third_party } => {
            format!("an access token of {}", third_party.as_str())
        }
    }
}
