//! Token exchange at the org authorization server: types, subject, target, scope.

use mock_okta_core::keys::ServerName;
use mock_okta_core::org::{ConsentMethod, GrantType, Status, UserStatus, Users};

use super::{Answer, Case, case};
use crate::support::{
    ACCESS_TOKEN, ACCOUNT, ADA, AGENT, Authorize, CHAT, CHAT_TOKEN, Client, EXCHANGE, GRACE,
    ID_JAG, ID_TOKEN, Jws, OAUTH_STS, PUBLIC_APP, SECRET, TOKEN, TRACKER, VAULTED_SECRET, WEB_APP,
    WEB_APP_SECRET,
};

const TARGET: [(&str, &str); 2] = [("audience", CHAT), ("scope", "chat.read")];

/// An exchange for an ID-JAG with one parameter changed, or left out.
fn ask(client: &Client, name: &str, value: Option<&str>) -> Answer {
    let id_token = client.sign_in().text("id_token");
    let mut form = vec![
        ("grant_type", EXCHANGE),
        ("subject_token", id_token.as_str()),
        ("subject_token_type", ID_TOKEN),
        ("requested_token_type", ID_JAG),
    ];
    form.extend(TARGET);
    form.retain(|(known, _)| *known != name);
    form.extend(value.map(|value| (name, value)));
    client.post_as(AGENT, TOKEN, &form)
}

/// An exchange of an ID token that was changed and signed again by the org.
fn subject(client: &Client, change: fn(Jws) -> Jws) -> Answer {
    let id_token = client.sign_in().text("id_token");
    let bent = change(client.reopened(&id_token, &ServerName::Org));
    client.exchange(&bent.compact(), ID_JAG, &TARGET)
}

/// An exchange after an administrator's change.
fn after(client: &Client, change: fn(&mut mock_okta_core::org::Org)) -> Answer {
    let id_token = client.sign_in().text("id_token");
    client.edit(change);
    client.exchange(&id_token, ID_JAG, &TARGET)
}

fn for_resource(client: &Client, requested: &str, resource: &str) -> Answer {
    let id_token = client.sign_in().text("id_token");
    client.exchange(&id_token, requested, &[("resource", resource)])
}

pub(super) const CASES: &[Case] = &[
    case(
        "an org without the subscription",
        |client| after(client, |org| org.ai_agents = false),
        "400 invalid_grant invalid_grant_type_or_token_exchange_sku_not_enabled",
    ),
    case(
        "an exchange at a custom server",
        |client| {
            let form = [("grant_type", EXCHANGE), ("requested_token_type", ID_JAG)];
            client.post_as(AGENT, CHAT_TOKEN, &form)
        },
        "400 invalid_request invalid_requested_token_type",
    ),
    case(
        "an exchange at a custom server that does not know the grant",
        |client| {
            client.set_switch("exchange_at_custom_server", "unsupported_grant_type");
            let form = [("grant_type", EXCHANGE), ("requested_token_type", ID_JAG)];
            client.post_as(AGENT, CHAT_TOKEN, &form)
        },
        "400 unsupported_grant_type unsupported_grant_type_token_exchange",
    ),
    case(
        "an exchange by an app",
        |client| {
            client.edit(|org| {
                if let Some(app) = org.clients.get_mut(WEB_APP) {
                    app.grant_types.insert(GrantType::TokenExchange);
                }
            });
            let form = [("grant_type", EXCHANGE), ("requested_token_type", ID_JAG)];
            client.post_basic(WEB_APP, WEB_APP_SECRET, TOKEN, &form)
        },
        "403 access_denied unsupported_token_exchange_flow",
    ),
    case(
        "a scope that needs consent in an exchange",
        |client| {
            after(client, |org| {
                if let Some(agent) = org.clients.get_mut(AGENT) {
                    agent.consent = ConsentMethod::Required;
                }
                for server in org.custom_servers.values_mut() {
                    server.consent_scopes = server.scopes.clone();
                }
            })
        },
        "400 consent_required consent_required_token_exchange",
    ),
    case(
        "a scope for a secret, where that is refused",
        |client| {
            client.set_switch("vault_scope", "refuse");
            let id_token = client.sign_in().text("id_token");
            let target = [("resource", SECRET), ("scope", "chat.read")];
            client.exchange(&id_token, VAULTED_SECRET, &target)
        },
        "400 invalid_scope illegal_scopes",
    ),
    case(
        "a requested type that is not issued",
        |client| ask(client, "requested_token_type", Some(ACCESS_TOKEN)),
        "400 invalid_request invalid_requested_token_type",
    ),
    case(
        "a subject type that is not taken",
        |client| ask(client, "subject_token_type", Some("urn:example:other")),
        "400 invalid_request invalid_subject_token_type",
    ),
    case(
        "an actor_token_type without actor_token",
        |client| ask(client, "actor_token_type", Some(ID_TOKEN)),
        "400 invalid_request invalid_actor_token_type",
    ),
    case(
        "an actor_token where it is refused",
        |client| {
            client.set_switch("actor_token", "refuse");
            let id_token = client.sign_in().text("id_token");
            let actor = [("actor_token", "x"), ("actor_token_type", ID_TOKEN)];
            client.exchange(&id_token, ID_JAG, &[&TARGET[..], &actor].concat())
        },
        "400 invalid_request invalid_actor_token",
    ),
    case(
        "a subject token that is no JWT",
        |client| ask(client, "subject_token", Some("not-a-jwt")),
        "400 invalid_request invalid_subject_token",
    ),
    case(
        "a subject token of a stranger",
        |client| subject(client, |jws| jws.claim("iss", "https://stranger.example")),
        "400 invalid_request invalid_subject_token_issuer_not_allowed",
    ),
    case(
        "an access token of the org authorization server",
        |client| {
            let token = client.sign_in().text("access_token");
            let form = [
                ("grant_type", EXCHANGE),
                ("subject_token", token.as_str()),
                ("subject_token_type", ACCESS_TOKEN),
                ("requested_token_type", ID_JAG),
            ];
            client.post_as(AGENT, TOKEN, &[&form[..], &TARGET].concat())
        },
        "400 invalid_request invalid_subject_token_authorization_server",
    ),
    case(
        "an access token without a delegation link",
        |client| {
            let token = client.chat_token();
            let form = [
                ("grant_type", EXCHANGE),
                ("subject_token", token.as_str()),
                ("subject_token_type", ACCESS_TOKEN),
                ("requested_token_type", ID_JAG),
            ];
            client.post_as(AGENT, TOKEN, &[&form[..], &TARGET].concat())
        },
        "400 invalid_request invalid_subject_token_no_delegation_link",
    ),
    case(
        "an expired subject token",
        |client| {
            let id_token = client.sign_in().text("id_token");
            client.wait(3600);
            client.exchange(&id_token, ID_JAG, &TARGET)
        },
        "400 invalid_grant token_exchange_subject_token_expired",
    ),
    case(
        "a subject token of a client that does not exist",
        |client| subject(client, |jws| jws.claim("aud", "0oanobody00000000001")),
        "400 invalid_request invalid_subject_token_client_not_registered",
    ),
    case(
        "a subject token of a client that is not linked",
        |client| subject(client, |jws| jws.claim("aud", PUBLIC_APP)),
        "400 invalid_request invalid_subject_token",
    ),
    case(
        "a subject token of a client that was switched off",
        |client| {
            let id_token = client.sign_in_at_chat().text("id_token");
            client.edit(|org| {
                if let Some(app) = org.clients.get_mut(WEB_APP) {
                    app.status = Status::Inactive;
                }
            });
            client.exchange(&id_token, ID_JAG, &TARGET)
        },
        "400 invalid_request invalid_subject_token_client_inactive",
    ),
    case(
        "a subject who was suspended",
        |client| {
            after(client, |org| {
                for user in org.users.values_mut() {
                    user.status = UserStatus::Suspended;
                }
            })
        },
        "400 invalid_request invalid_subject_token_user_inactive",
    ),
    case(
        "a subject who has signed out",
        |client| {
            let signed_in = Authorize::new().sign_in(client, ADA);
            let code = signed_in.query("code").expect("a code");
            let id_token = client.redeem_code(AGENT, TOKEN, &code).text("id_token");
            let cookie = signed_in.cookie.expect("a session");
            client.get_with_cookie("/oauth2/v1/logout", &cookie);
            client.exchange(&id_token, ID_JAG, &TARGET)
        },
        "400 invalid_request invalid_subject_token_session_expired",
    ),
    case(
        "a subject who is no longer assigned",
        |client| {
            after(client, |org| {
                if let Some(agent) = org.clients.get_mut(AGENT) {
                    agent.assigned_users = Users::Only([].into());
                }
            })
        },
        "400 invalid_request invalid_subject_token_user_not_assigned",
    ),
    case(
        "an audience without connection",
        |client| ask(client, "audience", Some("https://nowhere.example")),
        "400 invalid_target token_exchange_invalid_audience",
    ),
    case(
        "a resource without connection",
        |client| for_resource(client, VAULTED_SECRET, "orn:okta:pam:nothing"),
        "400 invalid_target token_exchange_invalid_resource",
    ),
    case(
        "a resource of another type",
        |client| for_resource(client, VAULTED_SECRET, ACCOUNT),
        "400 invalid_target unsupported_resource",
    ),
    case(
        "a connection that is switched off",
        |client| {
            let dormant =
                "orn:okta:pam:00omockokta000000001:secrets:5a3c1f0e-0000-4000-8000-000000000003";
            for_resource(client, VAULTED_SECRET, dormant)
        },
        "400 invalid_target token_exchange_incomplete_resource_configuration",
    ),
    case(
        "two resources",
        |client| {
            let id_token = client.sign_in().text("id_token");
            let two = [("resource", SECRET), ("resource", ACCOUNT)];
            client.exchange(&id_token, VAULTED_SECRET, &two)
        },
        "400 invalid_target too_many_resources",
    ),
    case(
        "an exchange without scope",
        |client| ask(client, "scope", None),
        "400 invalid_scope missing_scopes",
    ),
    case(
        "a scope with a quotation mark",
        |client| ask(client, "scope", Some("chat.\"read")),
        "400 invalid_scope invalid_scope",
    ),
    case(
        "openid in an exchange",
        |client| ask(client, "scope", Some("openid chat.read")),
        "400 invalid_scope openid_not_allowed_token_exchange",
    ),
    case(
        "a scope that the server does not have",
        |client| ask(client, "scope", Some("chat.telepathy")),
        "400 invalid_scope no_matching_scope",
    ),
    case(
        "a scope that is not on the connection",
        |client| ask(client, "scope", Some("chat.write")),
        "400 invalid_scope illegal_scope",
    ),
    case(
        "a secret that the user is not entitled to",
        |client| {
            let code = Authorize::new().code(client, GRACE);
            let id_token = client.redeem_code(AGENT, TOKEN, &code).text("id_token");
            client.exchange(&id_token, VAULTED_SECRET, &[("resource", SECRET)])
        },
        "403 access_denied access_denied",
    ),
    case(
        "an org that lost its key",
        |client| {
            let id_token = client.sign_in_at_chat().text("id_token");
            client
                .core
                .edit(|snapshot| snapshot.keys.lose(&ServerName::Org));
            client.exchange(&id_token, ID_JAG, &TARGET)
        },
        "500 server_error id_jag_not_generated",
    ),
    case(
        "a third party's token for a machine",
        |client| {
            let form = [
                ("grant_type", EXCHANGE),
                ("subject_token", "x"),
                ("subject_token_type", ACCESS_TOKEN),
                ("requested_token_type", OAUTH_STS),
                ("resource", TRACKER),
            ];
            client.post_as(AGENT, TOKEN, &form)
        },
        "400 invalid_request oauth_sts_user_subject_required",
    ),
    case(
        "a third party that was never consented to",
        |client| for_resource(client, OAUTH_STS, TRACKER),
        "400 interaction_required oauth_sts_interaction_required",
    ),
];
