//! A tour of the org that comes by every place at which a variation can show.

use mock_okta_core::Document;
use mock_okta_core::control::{Call, parse};
use mock_okta_core::keys::ServerName;
use mock_okta_core::org::{ClientId, UserStatus};
use serde_json::{Value, json};

use crate::support::{
    ADA, AGENT, Authorize, BASE, CHAT, CHAT_TOKEN, Client, EVERY_ALGORITHM, ID_JAG, KEYS_AT,
    PUBLISHER, SERVICE_APP, TOKEN, VERIFIER, WEB_APP, WEB_APP_SECRET, claims, rich_org,
};

/// Stations of the tour, the short ones first. Each begins anew.
pub const STATIONS: &[fn(&Client)] = &[
    documents,
    sign_in,
    exchange,
    redeem,
    api,
    introspection,
    revocation,
    refresh,
    machine,
    clients,
    methods,
    refusals,
    policy,
    targets,
    authorize,
    suspended,
    times,
    replay,
    assertions,
    published,
    rotation,
    json,
];

pub fn client() -> Client {
    Client::of("rich", rich_org)
}

fn documents(client: &Client) {
    for path in [
        "/.well-known/openid-configuration",
        "/oauth2/auschat0000000000001/.well-known/openid-configuration",
        "/oauth2/auschat0000000000001/.well-known/oauth-authorization-server",
        "/oauth2/v1/keys",
        "/.well-known/oauth-protected-resource/resources/chat",
        "/nowhere",
    ] {
        client.get(path);
    }
}

fn sign_in(client: &Client) {
    client.sign_in();
    let silent = Authorize::new().with("prompt", "none");
    silent.ask(client);
    silent.with("response_mode", "fragment").ask(client);
}

fn exchange(client: &Client) {
    let id_token = client.sign_in().text("id_token");
    let target = [("audience", CHAT), ("scope", "chat.read chat.history")];
    client.exchange(&id_token, ID_JAG, &target);
    // Without e-mail.
    let code = Authorize::new().with("scope", "openid").code(client, ADA);
    let id_token = client.redeem_code(AGENT, TOKEN, &code).text("id_token");
    client.exchange(&id_token, ID_JAG, &target);
}

fn redeem(client: &Client) {
    let id_token = client.sign_in().text("id_token");
    let target = [("audience", CHAT), ("scope", "chat.read chat.history")];
    let id_jag = client.exchange(&id_token, ID_JAG, &target);
    client.redeem(&id_jag.text("access_token"));
}

fn api(client: &Client) {
    client.get("/resources/chat");
    client.get_as_bearer("/resources/chat", "nonsense");
    let token = client.chat_token();
    client.get_as_bearer("/resources/chat", &token);
    client.get_as_bearer("/resources/chat/history", &token);
    let token = client.sign_in().text("access_token");
    client.get_as_bearer("/oauth2/v1/userinfo", &token);
}

fn introspection(client: &Client) {
    let signed_in = client.sign_in();
    for token in [signed_in.text("access_token"), "nonsense".to_owned()] {
        client.post_as(AGENT, "/oauth2/v1/introspect", &[("token", &token)]);
    }
}

fn revocation(client: &Client) {
    let signed_in = client.sign_in();
    for name in ["access_token", "refresh_token"] {
        let token = signed_in.text(name);
        client.post_as(AGENT, "/oauth2/v1/revoke", &[("token", &token)]);
    }
}

fn refresh(client: &Client) {
    let token = client.sign_in().text("refresh_token");
    for scope in ["openid profile", "openid chat.read"] {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &token),
            ("scope", scope),
        ];
        client.post_as(AGENT, TOKEN, &form);
    }
}

fn machine(client: &Client) {
    client.machine(&[("scope", "chat.read chat.history")]);
    client.machine(&[("scope", "chat.read unheard.of")]);
    client.machine(&[("scope", "chat.write")]);
}

/// Clients that do not prove who they are.
fn clients(client: &Client) {
    let grant = ("grant_type", "client_credentials");
    client.post(TOKEN, &[grant]);
    client.post(TOKEN, &[grant, ("client_id", "0oanobody00000000001")]);
    client.post(TOKEN, &[grant, ("client_id", WEB_APP)]);
    let secret = [grant, ("client_id", WEB_APP), ("client_secret", "wrong")];
    client.post(TOKEN, &secret);
    client.post_basic(WEB_APP, "wrong", TOKEN, &[grant]);
    client.post_basic(WEB_APP, WEB_APP_SECRET, TOKEN, &secret);
}

/// Methods and media types that no endpoint has.
fn methods(client: &Client) {
    client.get(TOKEN);
    client.send(http::Request::delete(TOKEN), "");
    client.send(
        http::Request::post(TOKEN).header("content-type", "text/plain"),
        "x",
    );
}

fn refusals(client: &Client) {
    client.post_as(AGENT, CHAT_TOKEN, &[("grant_type", "nonsense")]);
    let id_token = client.sign_in().text("id_token");
    // A web app is no agent.
    client.edit(|org| {
        let app = org.clients.get_mut(WEB_APP).expect("the app");
        app.grant_types
            .insert(mock_okta_core::org::GrantType::TokenExchange);
    });
    let form = [
        ("grant_type", crate::support::EXCHANGE),
        ("subject_token", id_token.as_str()),
        ("subject_token_type", crate::support::ID_TOKEN),
        ("requested_token_type", ID_JAG),
        ("audience", CHAT),
        ("scope", "chat.read"),
    ];
    client.post_basic(WEB_APP, WEB_APP_SECRET, TOKEN, &form);
}

/// A scope that is on the connection and that no rule allows.
fn policy(client: &Client) {
    let id_jag = client.reopened(&client.id_jag(), &ServerName::Org);
    client.redeem(&id_jag.claim("scope", "chat.delete").compact());
}

fn targets(client: &Client) {
    let id_token = client.sign_in().text("id_token");
    let scope = ("scope", "chat.read");
    for target in [
        &[("audience", CHAT)][..],
        &[("audience", CHAT), ("scope", "chat.read unheard.of")],
        &[("audience", "https://chat.example.com"), scope],
        &[("audience", CHAT), scope, ("actor_token", "x")],
    ] {
        client.exchange(&id_token, ID_JAG, target);
    }
    client.edit(|org| {
        let mut all = org.connections.values_mut();
        let own = all.find(|one| one.id.as_str() == "mcnchat0000000000001");
        let api = "https://chat.example.com/api".to_owned();
        own.expect("the connection").resource_indicator = Some(api);
    });
    let bound = [
        ("audience", CHAT),
        scope,
        ("resource", "https://chat.example.com/api"),
    ];
    let id_jag = client.exchange(&id_token, ID_JAG, &bound);
    client.redeem(&id_jag.text("access_token"));
}

fn authorize(client: &Client) {
    let short = Authorize::new().with("code_challenge", "short");
    short.ask(client);
    let code = Authorize::new().code(client, ADA);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", crate::support::REDIRECT),
        ("code_verifier", &VERIFIER[..20]),
    ];
    client.post_as(AGENT, TOKEN, &form);
}

/// What is suspended after the page was opened.
fn suspended(client: &Client) {
    let page = Authorize::new().ask(client).location.expect("a page");
    client.edit(|org| {
        for user in org.users.values_mut() {
            user.status = UserStatus::Suspended;
        }
    });
    client.sign_in_at(&page, ADA);
}

/// Tokens and codes that are a little too old or too young.
fn times(client: &Client) {
    let signed_in = client.sign_in();
    let id_jag = client.id_jag();
    client.wait(330);
    client.redeem(&id_jag);
    let young = client.reopened(&client.id_jag(), &ServerName::Org);
    let soon = client.now.get() + 30;
    client.redeem(&young.claim("iat", soon).claim("exp", soon + 200).compact());
    let code = Authorize::new().code(client, ADA);
    client.wait(90);
    client.redeem_code(AGENT, TOKEN, &code);
    client.wait(3600 - 330 - 90 + 20);
    let target = [("audience", CHAT), ("scope", "chat.read")];
    client.exchange(&signed_in.text("id_token"), ID_JAG, &target);
}

fn replay(client: &Client) {
    let id_jag = client.id_jag();
    client.redeem(&id_jag);
    client.redeem(&id_jag);
}

fn assertions(client: &Client) {
    let ask = |assertion: &crate::support::Jws| client.post_proving(assertion, TOKEN, &[]);
    let own = || client.assertion(AGENT, TOKEN);
    ask(&own().claim("aud", BASE));
    ask(&own().claim("aud", json!([format!("{BASE}{TOKEN}")])));
    ask(&own().header("kid", "unheard-of"));
}

/// An assertion that names other keys than the client published.
fn published(client: &Client) {
    let snapshot = client.core.snapshot();
    let keys = snapshot.keys.client(&ClientId::new(EVERY_ALGORITHM));
    let key = keys.iter().find(|key| key.public.kid == "es256");
    let key = Value::Object(key.expect("a key").public.jwk.clone());
    let document = json!({ "keys": [key] }).to_string().into_bytes();
    let now = client.instant();
    client.core.learn(KEYS_AT, Document::Found(document), now);
    let (kid, signer) = client.signer(EVERY_ALGORITHM, Some("es256"));
    let assertion = client.assertion(EVERY_ALGORITHM, TOKEN);
    let assertion = assertion
        .claim("iss", PUBLISHER)
        .claim("sub", PUBLISHER)
        .header("alg", "ES256")
        .header("kid", kid)
        .header("jku", "https://elsewhere.example/keys")
        .signed_by(signer);
    client.post_proving(&assertion, TOKEN, &[]);
}

fn rotation(client: &Client) {
    let body = json!({ "issuer": BASE }).to_string();
    match parse("POST", "/_mock/keys/rotate", "", body.as_bytes()) {
        Ok(Call::Command(command)) => drop(client.core.control(command, client.instant())),
        other => panic!("{other:?}"),
    }
    client.get("/oauth2/v1/keys");
}

/// A request whose parameters are JSON.
fn json(client: &Client) {
    let body = json!({
        "grant_type": "client_credentials",
        "client_id": SERVICE_APP,
        "client_secret": crate::support::SERVICE_APP_SECRET,
        "scope": "chat.read",
    });
    let request = http::Request::post(CHAT_TOKEN).header("content-type", "application/json");
    let answer = client.send(request, &body.to_string());
    if answer.status == 200 {
        let token = answer.text("access_token");
        assert_eq!(claims(&token)["sub"], SERVICE_APP);
    }
}
