//! Machines that ask for themselves.

use mock_okta_core::org::{AuthMethod, ConsentMethod};

use super::{Answer, Case, case};
use crate::support::{
    CHAT_TOKEN, Client, MACHINE, PUBLIC_MACHINE, SERVICE_APP, SERVICE_APP_SECRET, TOKEN, WEB_APP,
    WEB_APP_SECRET,
};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

/// A service app with a key, at the org authorization server.
fn at_org(client: &Client, scope: &str) -> Answer {
    client.post_as(MACHINE, TOKEN, &[GRANT, ("scope", scope)])
}

pub(super) const CASES: &[Case] = &[
    case(
        "a machine that proves nothing",
        |client| client.post(CHAT_TOKEN, &[GRANT, ("client_id", PUBLIC_MACHINE)]),
        "400 unauthorized_client confidential_client_required",
    ),
    case(
        "a web app for itself at the org authorization server",
        |client| {
            client.edit(|org| {
                if let Some(app) = org.clients.get_mut(WEB_APP) {
                    app.grant_types
                        .insert(mock_okta_core::org::GrantType::ClientCredentials);
                }
            });
            client.post_basic(WEB_APP, WEB_APP_SECRET, TOKEN, &[GRANT])
        },
        "401 invalid_client invalid_application_type_client_credentials",
    ),
    case(
        "a machine with a secret at the org authorization server",
        |client| client.post_basic(SERVICE_APP, SERVICE_APP_SECRET, TOKEN, &[GRANT]),
        "401 invalid_client unsupported_auth_method_client_creds",
    ),
    case(
        "a scope of the machine's own account",
        |client| at_org(client, "okta.users.read.self"),
        "400 client_credentials_self_scope_requested client_credentials_self_scope_requested",
    ),
    case(
        "a scope of Okta's API",
        |client| at_org(client, "okta.users.read"),
        "400 consent_required no_org_scopes_granted",
    ),
    case(
        "any other scope at the org authorization server",
        |client| at_org(client, "chat.read"),
        "400 unsupported_grant_type unsupported_grant_type_client_creds_org_as",
    ),
    case(
        "a machine without scope where there are no default scopes",
        |client| client.machine(&[]),
        "400 invalid_scope no_default_scopes",
    ),
    case(
        "openid for a machine",
        |client| client.machine(&[("scope", "openid")]),
        "400 invalid_scope openid_not_allowed_client_creds",
    ),
    case(
        "a scope that the server does not have, for a machine",
        |client| client.machine(&[("scope", "chat.telepathy")]),
        "400 invalid_scope no_matching_scope",
    ),
    case(
        "a scope that needs a user's consent, for a machine",
        |client| {
            client.edit(|org| {
                if let Some(app) = org.clients.get_mut(SERVICE_APP) {
                    app.consent = ConsentMethod::Required;
                }
                for server in org.custom_servers.values_mut() {
                    server.consent_scopes = server.scopes.clone();
                }
            });
            client.machine(&[("scope", "chat.read")])
        },
        "400 consent_required consent_required_client_credentials",
    ),
    case(
        "a resource that the server issues no tokens for",
        |client| {
            let resource = ("resource", "https://elsewhere.example");
            client.machine(&[("scope", "chat.read"), resource])
        },
        "400 invalid_target unsupported_resource",
    ),
    case(
        "two resources for a machine",
        |client| {
            let two = [
                ("scope", "chat.read"),
                ("resource", "https://chat.example.com"),
                ("resource", "https://chat.example.com/api"),
            ];
            client.machine(&two)
        },
        "400 invalid_target too_many_resources",
    ),
    case(
        "a scope that no rule allows a machine",
        |client| client.machine(&[("scope", "chat.write")]),
        "401 access_denied no_matching_policy",
    ),
    case(
        "a machine by a method that it did not register",
        |client| {
            client.edit(|org| {
                if let Some(app) = org.clients.get_mut(SERVICE_APP) {
                    app.auth_methods.remove(&AuthMethod::ClientSecretBasic);
                }
            });
            client.machine(&[("scope", "chat.read")])
        },
        "401 invalid_client invalid_token_endpoint_auth_method",
    ),
];
