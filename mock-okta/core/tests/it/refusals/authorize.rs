//! The authorization endpoint and the pages behind it.

use jiff::SignedDuration;
use mock_okta_core::org::{ConsentMethod, UserStatus, Users};

use super::{Answer, Case, case};
use crate::support::{ADA, AGENT, Authorize, CHAT_AUTHORIZE, Client, GRACE, SERVICE_APP, WEB_APP};

fn ask(client: &Client, change: fn(Authorize) -> Authorize) -> Answer {
    change(Authorize::new()).ask(client)
}

/// The web app's request at the chat server.
fn at_chat(scope: &str) -> Authorize {
    Authorize::new()
        .at(CHAT_AUTHORIZE)
        .with("client_id", WEB_APP)
        .with("scope", scope)
}

/// From now on the web app's users are asked for the scopes of the chat server.
fn asking_consent(client: &Client) {
    client.edit(|org| {
        if let Some(app) = org.clients.get_mut(WEB_APP) {
            app.consent = ConsentMethod::Required;
        }
        for server in org.custom_servers.values_mut() {
            server.consent_scopes = server.scopes.clone();
        }
    });
}

pub(super) const CASES: &[Case] = &[
    case(
        "a code for a client that does not exist",
        |client| ask(client, |request| request.with("client_id", "nobody")),
        "400 invalid_client invalid_client_id",
    ),
    case(
        "no redirect_uri",
        |client| ask(client, |request| request.without("redirect_uri")),
        "400 missing_redirect_uri missing_redirect_uri",
    ),
    case(
        "a redirect_uri that nobody registered",
        |client| {
            ask(client, |request| {
                request.with("redirect_uri", "https://evil.example/")
            })
        },
        "400 invalid_request illegal_redirect_uri",
    ),
    case(
        "a code for a service app",
        |client| ask(client, |request| request.with("client_id", SERVICE_APP)),
        "400 invalid_request invalid_client_application_type",
    ),
    case(
        "state twice",
        |client| ask(client, |request| request.adding("state", "s-2")),
        "302 invalid_request illegal_duplicated_parameters",
    ),
    case(
        "a request object and a request by address",
        |client| {
            ask(client, |request| {
                request
                    .with("request", "e30.e30.")
                    .with("request_uri", "urn:x")
            })
        },
        "302 invalid_request authorize_request_object_and_request_uri_provided",
    ),
    case(
        "a request object",
        |client| ask(client, |request| request.with("request", "e30.e30.")),
        "302 request_not_supported request_not_supported",
    ),
    case(
        "a request by address",
        |client| ask(client, |request| request.with("request_uri", "urn:x")),
        "302 request_uri_not_supported request_uri_not_supported",
    ),
    case(
        "a custom server for a client that signs in at the org only",
        |client| {
            client.edit(|org| {
                if let Some(agent) = org.clients.get_mut(AGENT) {
                    agent.org_server_only = true;
                }
            });
            Authorize::new().at(CHAT_AUTHORIZE).ask(client)
        },
        "302 unauthorized_client org_authorization_server_only_client",
    ),
    case(
        "a request for tokens without nonce",
        |client| {
            ask(client, |request| {
                request.with("response_type", "id_token").without("nonce")
            })
        },
        "302 invalid_request invalid_nonce",
    ),
    case(
        "a request for tokens in the query",
        |client| {
            ask(client, |request| {
                request
                    .with("response_type", "code id_token")
                    .with("response_mode", "query")
            })
        },
        "302 unsupported_response_mode unsupported_response_mode_query_with_tokens",
    ),
    case(
        "a request for tokens of a client that may have none",
        |client| ask(client, |request| request.with("response_type", "id_token")),
        "302 unsupported_response_type unsupported_response_type",
    ),
    case(
        "a code by okta_post_message",
        |client| {
            client.set_switch("post_message_with_code", "refuse");
            ask(client, |request| {
                request.with("response_mode", "okta_post_message")
            })
        },
        "302 unsupported_response_mode unsupported_response_mode_okta_post_message_with_code",
    ),
    case(
        "a resource that the server issues no tokens for, at authorize",
        |client| {
            at_chat("chat.read")
                .with("resource", "https://x.example")
                .ask(client)
        },
        "302 unsupported_api_resource unsupported_api_resource",
    ),
    case(
        "two resources at authorize",
        |client| {
            at_chat("chat.read")
                .with("resource", "https://chat.example.com")
                .adding("resource", "https://chat.example.com/api")
                .ask(client)
        },
        "302 unsupported_api_resource unsupported_api_resource_for_authorization",
    ),
    case(
        "profile without openid at a custom server",
        |client| at_chat("chat.read profile").ask(client),
        "302 invalid_scope openid_scope_required",
    ),
    case(
        "two factors of a user with a password",
        |client| {
            ask(client, |request| {
                request.with("acr_values", "urn:okta:loa:2fa:any")
            })
        },
        "302 unmet_authentication_requirements unmet_authentication_requirements",
    ),
    case(
        "prompt=none for an app that wants a more recent sign-in",
        |client| {
            client.edit(|org| {
                if let Some(agent) = org.clients.get_mut(AGENT) {
                    agent.reauthenticate_after = Some(SignedDuration::from_mins(1));
                }
            });
            let signed_in = Authorize::new().sign_in(client, ADA);
            client.wait(61);
            Authorize::new()
                .cookie(&signed_in.cookie.expect("a session"))
                .with("prompt", "none")
                .ask(client)
        },
        "302 login_required app_sign_on_required",
    ),
    case(
        "prompt=none for a scope that needs consent",
        |client| {
            let signed_in = Authorize::new().sign_in(client, ADA);
            asking_consent(client);
            at_chat("chat.read")
                .cookie(&signed_in.cookie.expect("a session"))
                .with("prompt", "none")
                .ask(client)
        },
        "302 consent_required consent_required",
    ),
    case(
        "a user who refuses consent",
        |client| {
            asking_consent(client);
            let page = at_chat("chat.read").sign_in(client, ADA);
            let cookie = page.cookie.expect("a session");
            let page = page.location.expect("the consent page");
            client.post_with(&page, &[("decision", "deny")], &[("cookie", &cookie)])
        },
        "302 access_denied user_canceled_request",
    ),
    case(
        "a user who was suspended after signing in",
        |client| {
            let page = Authorize::new().ask(client).location.expect("a page");
            let signed_in = client.sign_in_at(&page, ADA);
            client.edit(|org| {
                for user in org.users.values_mut() {
                    user.status = UserStatus::Suspended;
                }
            });
            let resume = signed_in.location.expect("back to authorize");
            client.get_with_cookie(&resume, &signed_in.cookie.expect("a session"))
        },
        "302 access_denied invalid_user_status_error",
    ),
    case(
        "another browser than the one that signed in",
        |client| {
            let page = Authorize::new().ask(client).location.expect("a page");
            let signed_in = client.sign_in_at(&page, ADA);
            let other_session = Authorize::new().sign_in(client, GRACE);
            let resume = signed_in.location.expect("back to authorize");
            client.get_with_cookie(&resume, &other_session.cookie.expect("a session"))
        },
        "403 access_denied mismatched_user_in_cache_and_session",
    ),
    case(
        "a sign-in that was resumed twice",
        |client| {
            let page = Authorize::new().ask(client).location.expect("a page");
            let signed_in = client.sign_in_at(&page, ADA);
            let cookie = signed_in.cookie.expect("a session");
            let resume = signed_in.location.expect("back to authorize");
            client.get_with_cookie(&resume, &cookie);
            client.get_with_cookie(&resume, &cookie)
        },
        "400 login_required request_expired",
    ),
    case(
        "a link to a third party that was used before",
        |client| client.get("/oauth2/v1/sts/redirect?dataHandle=used"),
        "400 - request_expired",
    ),
    case(
        "a logout with another token than an ID token",
        |client| {
            let token = client.sign_in().text("access_token");
            client.get(&format!("/oauth2/v1/logout?id_token_hint={token}"))
        },
        "401 - id_token_invalid",
    ),
    case(
        "no state",
        |client| ask(client, |request| request.without("state")),
        "302 invalid_request invalid_state",
    ),
    case(
        "no response_type",
        |client| ask(client, |request| request.without("response_type")),
        "302 invalid_response_type invalid_response_type",
    ),
    case(
        "a response_type that does not exist",
        |client| ask(client, |request| request.with("response_type", "magic")),
        "302 unsupported_response_type unsupported_response_type",
    ),
    case(
        "a response_mode that does not exist",
        |client| ask(client, |request| request.with("response_mode", "pigeon")),
        "302 unsupported_response_mode unsupported_response_mode",
    ),
    case(
        "a challenge by the method plain",
        |client| {
            ask(client, |request| {
                request.with("code_challenge_method", "plain")
            })
        },
        "302 invalid_request pkce_unsupported_code_challenge_method",
    ),
    case(
        "a challenge that is too short",
        |client| ask(client, |request| request.with("code_challenge", "short")),
        "302 invalid_request pkce_invalid_challenge",
    ),
    case(
        "prompt=none beside another",
        |client| ask(client, |request| request.with("prompt", "none login")),
        "302 invalid_request invalid_prompt",
    ),
    case(
        "a max_age below zero",
        |client| ask(client, |request| request.with("max_age", "-1")),
        "302 invalid_request invalid_max_age",
    ),
    case(
        "max_age=0 with prompt=none",
        |client| {
            ask(client, |request| {
                request.with("max_age", "0").with("prompt", "none")
            })
        },
        "302 invalid_request invalid_prompt_for_zero_max_age",
    ),
    case(
        "no challenge of a client that needs one",
        |client| {
            ask(client, |request| {
                request
                    .without("code_challenge")
                    .without("code_challenge_method")
            })
        },
        "302 invalid_request pkce_missing_challenge",
    ),
    case(
        "prompt=none without a session",
        |client| ask(client, |request| request.with("prompt", "none")),
        "302 login_required no_existing_session",
    ),
    case(
        "prompt=none with a session that is too old",
        |client| {
            let signed_in = Authorize::new().sign_in(client, ADA);
            client.wait(61);
            Authorize::new()
                .cookie(&signed_in.cookie.expect("a session"))
                .with("prompt", "none")
                .with("max_age", "60")
                .ask(client)
        },
        "302 login_required login_required",
    ),
    case(
        "an authorization request without scope",
        |client| ask(client, |request| request.without("scope")),
        "302 invalid_scope missing_scopes",
    ),
    case(
        "an authorization request without openid",
        |client| ask(client, |request| request.with("scope", "profile")),
        "302 invalid_scope openid_scope_required",
    ),
    case(
        "a user who is not assigned",
        |client| {
            client.edit(|org| {
                if let Some(agent) = org.clients.get_mut(AGENT) {
                    agent.assigned_users = Users::Only([].into());
                }
            });
            Authorize::new().sign_in(client, GRACE)
        },
        "302 access_denied user_not_assigned",
    ),
    case(
        "a user whom no policy of the server allows",
        |client| {
            Authorize::new()
                .at(CHAT_AUTHORIZE)
                .with("scope", "openid chat.read")
                .sign_in(client, GRACE)
        },
        "302 access_denied no_matching_policy",
    ),
    case(
        "a sign-in page that has expired",
        |client| {
            let page = Authorize::new().ask(client).location.expect("a page");
            client.wait(600);
            client.get(&page)
        },
        "400 - request_expired",
    ),
    case(
        "a logout to an address that nobody registered",
        |client| {
            client.get(&format!(
                "/oauth2/v1/logout?client_id={WEB_APP}&post_logout_redirect_uri=https://evil.example/"
            ))
        },
        "400 - illegal_redirect_uri",
    ),
];
