//! A tour of the org: stations at which every answer that can be bent is asked for.

use mock_okta_core::control::{Call, parse};
use mock_okta_core::keys::ServerName;
use mock_okta_core::org::{ClientId, ConnectionId, ConsentMethod, GrantType};

use super::forged;
use crate::support::{
    ACCOUNT, ADA, AGENT, AUTHORIZE, Answer, Authorize, CHAT, CHAT_AUTHORIZE, CHAT_TOKEN, Client,
    GRACE, ID_JAG, OAUTH_STS, OTHER_AGENT, PUBLIC_APP, SECRET, SERVICE_APP, SERVICE_APP_SECRET,
    TOKEN, TRACKER, VERIFIER, WEB_APP, WEB_APP_SECRET, encode, rich_org,
};

const VAULTED_SECRET: &str = crate::support::VAULTED_SECRET;

/// Stations of the tour. Each begins anew, so that what goes wrong at one leaves the others alone.
pub const STATIONS: &[fn(&Client)] = &[
    metadata,
    sign_in,
    refresh,
    exchange,
    redeem,
    redeem_list,
    by_get,
    api,
    vault,
    brokered,
    shared_consent,
    tokens,
    revocation,
    refusals,
    rotation,
    machine,
    documents,
    hosts,
    pages,
    sessions,
    issuer_in_answers,
    http_redirect,
    scope_consent,
    shared_scope_consent,
    code_at_chat,
    errors,
    public_refresh,
    reused_refresh,
    revoked_refresh,
    revoked_family,
    lookups,
    password,
    forged::embedded_key,
    forged::embedded_certificate,
    forged::duplicate_claim,
    forged::another_algorithm,
    forged::unusual_and_right,
];

pub fn client() -> Client {
    Client::of("rich", rich_org)
}

fn metadata(client: &Client) {
    for path in [
        "/.well-known/openid-configuration",
        "/oauth2/auschat0000000000001/.well-known/openid-configuration",
        "/oauth2/v1/keys",
    ] {
        client.get(path);
    }
}

fn sign_in(client: &Client) {
    let code = Authorize::new().with("scope", "openid").code(client, ADA);
    client.redeem_code(AGENT, TOKEN, &code);
    client.redeem_code(AGENT, TOKEN, &code);
    Authorize::new().with("prompt", "none").ask(client);
}

fn refresh(client: &Client) {
    let token = client.sign_in().text("refresh_token");
    client.wait(60);
    let form = [("grant_type", "refresh_token"), ("refresh_token", &token)];
    client.post_as(AGENT, TOKEN, &form);
}

fn exchange(client: &Client) {
    let id_token = client.sign_in().text("id_token");
    for scope in [
        "chat.read",
        "chat.read chat.history",
        "chat.read chat.write",
    ] {
        client.exchange(&id_token, ID_JAG, &[("audience", CHAT), ("scope", scope)]);
    }
    let chosen = [
        ("audience", CHAT),
        ("scope", "chat.read"),
        ("act", r#"{"sub":"wlpintruder000000000"}"#),
    ];
    client.exchange(&id_token, ID_JAG, &chosen);
    let chat = "https://chat.example.com";
    client.edit(|org| {
        let own = org
            .connections
            .values_mut()
            .find(|one| one.id.as_str() == "mcnchat0000000000001");
        own.expect("the connection").resource_indicator = Some(chat.to_owned());
    });
    let bound = [
        ("audience", CHAT),
        ("scope", "chat.read"),
        ("resource", chat),
    ];
    client.exchange(&id_token, ID_JAG, &bound);
}

fn redeem(client: &Client) {
    let id_token = client.sign_in().text("id_token");
    let target = [("audience", CHAT), ("scope", "chat.read chat.history")];
    let id_jag = client
        .exchange(&id_token, ID_JAG, &target)
        .text("access_token");
    client.redeem(&id_jag);
    client.redeem(&id_jag);
}

/// An ID-JAG whose audience is a list of one.
fn redeem_list(client: &Client) {
    let id_jag = client.reopened(&client.id_jag(), &ServerName::Org);
    client.redeem(&id_jag.claim("aud", vec![CHAT]).compact());
}

/// Everything that a POST would carry, in the address.
fn by_get(client: &Client) {
    let form = [("grant_type", "client_credentials"), ("scope", "chat.read")];
    let credentials = [
        ("client_id", SERVICE_APP),
        ("client_secret", SERVICE_APP_SECRET),
    ];
    client.get(&format!(
        "{CHAT_TOKEN}?{}",
        encode(&[form, credentials].concat())
    ));
}

fn api(client: &Client) {
    client.get("/resources/chat");
    client.get("/.well-known/oauth-protected-resource/resources/chat");
}

fn vault(client: &Client) {
    let id_token = client.sign_in().text("id_token");
    client.exchange(&id_token, VAULTED_SECRET, &[("resource", SECRET)]);
    client.exchange(
        &id_token,
        crate::support::SERVICE_ACCOUNT,
        &[("resource", ACCOUNT)],
    );
}

pub fn control(client: &Client, path: &str, body: &str) {
    let method = if path.ends_with("defects") {
        "PUT"
    } else {
        "POST"
    };
    match parse(method, path, "", body.as_bytes()) {
        Ok(Call::Command(command)) => drop(client.core.control(command, client.instant())),
        other => panic!("{other:?}"),
    }
}

fn brokered(client: &Client) {
    let id_token = client.sign_in().text("id_token");
    client.exchange(&id_token, OAUTH_STS, &[("resource", TRACKER)]);
    client.consent(ADA.0, AGENT);
    client.exchange(&id_token, OAUTH_STS, &[("resource", TRACKER)]);
}

fn shared_consent(client: &Client) {
    client.edit(|org| {
        let mut other = org
            .connections
            .values()
            .find(|one| one.id.as_str() == "mcntracker0000000001")
            .expect("the connection")
            .clone();
        other.id = ConnectionId::new("mcntracker0000000003");
        other.agent = ClientId::new(OTHER_AGENT);
        org.connections.insert(other.id.clone(), other);
    });
    client.consent(GRACE.0, AGENT);
    client.consent(ADA.0, OTHER_AGENT);
    let id_token = client.sign_in().text("id_token");
    client.exchange(&id_token, OAUTH_STS, &[("resource", TRACKER)]);
}

fn tokens(client: &Client) {
    let token = client.sign_in().text("access_token");
    client.get_as_bearer("/oauth2/v1/userinfo", &token);
    client.get_as_bearer("/oauth2/v1/userinfo", "nonsense");
    for token in [token.as_str(), "nonsense"] {
        client.post_as(AGENT, "/oauth2/v1/introspect", &[("token", token)]);
    }
}

fn revocation(client: &Client) {
    let signed_in = client.sign_in();
    let (token, refresh) = (
        signed_in.text("access_token"),
        signed_in.text("refresh_token"),
    );
    let introspect = || {
        client.post_as(AGENT, "/oauth2/v1/introspect", &[("token", &token)]);
    };
    client.post_basic(
        WEB_APP,
        WEB_APP_SECRET,
        "/oauth2/v1/revoke",
        &[("token", &refresh)],
    );
    client.post_basic(
        WEB_APP,
        WEB_APP_SECRET,
        "/oauth2/v1/revoke",
        &[("token", &token)],
    );
    introspect();
    client.post_as(AGENT, "/oauth2/v1/revoke", &[("token", &token)]);
    introspect();
    client.post_as(AGENT, "/oauth2/v1/revoke", &[("token", &refresh)]);
}

fn refusals(client: &Client) {
    client.post_basic(
        WEB_APP,
        "wrong",
        TOKEN,
        &[("grant_type", "client_credentials")],
    );
    client.post_as(AGENT, CHAT_TOKEN, &[("grant_type", "nonsense")]);
}

fn rotation(client: &Client) {
    let id_jag = client.id_jag();
    control(
        client,
        "/_mock/keys/rotate",
        &format!(r#"{{"issuer":"{}"}}"#, crate::support::BASE),
    );
    control(
        client,
        "/_mock/keys/rotate",
        &format!(r#"{{"issuer":"{CHAT}"}}"#),
    );
    client.get("/oauth2/v1/keys");
    client.redeem(&id_jag);
}

fn machine(client: &Client) {
    client.machine(&[("scope", "chat.read")]);
}

fn documents(client: &Client) {
    for path in [
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/oauth2/auschat0000000000001",
        "/oauth2/auschat0000000000001/v1/keys",
    ] {
        client.get(path);
    }
}

fn hosts(client: &Client) {
    for header in ["x-forwarded-host", "host"] {
        let request = http::Request::get("/.well-known/openid-configuration");
        client.send(request.header(header, "intruder.example"), "");
    }
}

/// Every page, with markup in what is sent.
fn pages(client: &Client) {
    const MARKUP: &str = "\"><svg onload=1>";
    let page = Authorize::new().ask(client).location.expect("a page");
    client.get(&page);
    client.sign_in_at(&page, (MARKUP, "wrong"));
    let form = Authorize::new().with("response_mode", "form_post");
    form.with("state", MARKUP).sign_in(client, ADA);
    let url = format!(
        "{AUTHORIZE}?{}",
        encode(&[("client_id", MARKUP), ("state", MARKUP)])
    );
    client.send(http::Request::get(url).header("accept", "text/html"), "");
}

fn sessions(client: &Client) {
    let cookie = Authorize::new().sign_in(client, ADA).cookie;
    let again = Authorize::new().cookie(&cookie.expect("a session"));
    again.clone().with("prompt", "login").ask(client);
    client.wait(100);
    again.with("max_age", "60").ask(client);
}

fn issuer_in_answers(client: &Client) {
    client.set_switch("authorize_response_iss", "yes");
    Authorize::new().sign_in(client, ADA);
    Authorize::new().with("prompt", "none").ask(client);
}

fn http_redirect(client: &Client) {
    let uri = "http://app.example/callback";
    client.edit(|org| {
        let agent = org.clients.get_mut(AGENT).expect("the agent");
        agent.redirect_uris.push(uri.to_owned());
    });
    Authorize::new().with("redirect_uri", uri).ask(client);
}

fn at_chat(app: &str) -> Authorize {
    Authorize::new()
        .at(CHAT_AUTHORIZE)
        .with("client_id", app)
        .with("scope", "openid chat.read offline_access")
}

/// `chat.read` needs consent, and the web app and another one ask for it.
fn ask_consent(client: &Client) {
    client.edit(|org| {
        let chat = org.custom_servers.get_mut("auschat0000000000001");
        let chat = chat.expect("the chat server");
        chat.consent_scopes = ["chat.read".to_owned()].into();
        for policy in &mut chat.policies {
            if policy.clients.contains(WEB_APP) {
                policy.clients.insert(ClientId::new(AGENT));
            }
        }
        for id in [WEB_APP, AGENT] {
            let app = org.clients.get_mut(id).expect("an app");
            app.consent = ConsentMethod::Required;
        }
    });
}

/// Signs in and allows on the consent page.
fn allow(client: &Client, app: &str, user: (&str, &str)) {
    let asked = at_chat(app).sign_in(client, user);
    let cookie = asked.cookie.expect("a session");
    let page = asked.location.expect("the consent page");
    client.get_with_cookie(&page, &cookie);
    let allowed = client.post_with(&page, &[("decision", "allow")], &[("cookie", &cookie)]);
    client.get_with_cookie(&allowed.location.expect("back"), &cookie);
}

fn scope_consent(client: &Client) {
    ask_consent(client);
    allow(client, WEB_APP, ADA);
}

fn shared_scope_consent(client: &Client) {
    ask_consent(client);
    allow(client, WEB_APP, ADA);
    at_chat(AGENT).sign_in(client, ADA);
    at_chat(WEB_APP).sign_in(client, GRACE);
}

fn code_at_chat(client: &Client) {
    client.sign_in_at_chat();
}

/// An error of every code.
fn errors(client: &Client) {
    let id_token = client.sign_in().text("id_token");
    for (audience, scope) in [
        (CHAT, "openid"),
        (CHAT, "nothing.known"),
        ("https://nobody.example", "chat.read"),
    ] {
        let target = [("audience", audience), ("scope", scope)];
        client.exchange(&id_token, ID_JAG, &target);
    }
    client.redeem("nonsense");
    client.redeem_code(AGENT, TOKEN, "nonsense");
    client.post(TOKEN, &[("grant_type", "authorization_code")]);
    let form = [("grant_type", "client_credentials")];
    client.post_as(AGENT, TOKEN, &form);
    client.post_as(AGENT, CHAT_TOKEN, &[]);
}

/// The answer to the refresh token of a public client that was given one.
fn public_tokens(client: &Client) -> Answer {
    client.edit(|org| {
        let app = org.clients.get_mut(PUBLIC_APP).expect("the public app");
        app.grant_types.insert(GrantType::RefreshToken);
    });
    let redirect = "http://localhost:8788/callback";
    let code = Authorize::new()
        .with("client_id", PUBLIC_APP)
        .with("redirect_uri", redirect)
        .code(client, ADA);
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", PUBLIC_APP),
        ("code", &code),
        ("redirect_uri", redirect),
        ("code_verifier", VERIFIER),
    ];
    client.post(TOKEN, &form)
}

fn refreshed(client: &Client, token: &str) -> Answer {
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", PUBLIC_APP),
        ("refresh_token", token),
    ];
    client.post(TOKEN, &form)
}

fn public_refresh(client: &Client) {
    let first = public_tokens(client).text("refresh_token");
    refreshed(client, &first);
    refreshed(client, &first);
}

fn reused_refresh(client: &Client) {
    let first = public_tokens(client).text("refresh_token");
    let second = refreshed(client, &first).text("refresh_token");
    refreshed(client, &first);
    refreshed(client, &second);
}

fn revoked_refresh(client: &Client) {
    let token = client.sign_in().text("refresh_token");
    client.post_as(AGENT, "/oauth2/v1/revoke", &[("token", &token)]);
    let form = [("grant_type", "refresh_token"), ("refresh_token", &token)];
    client.post_as(AGENT, TOKEN, &form);
}

fn revoked_family(client: &Client) {
    let tokens = client.sign_in();
    for (path, token) in [
        ("/oauth2/v1/revoke", "refresh_token"),
        ("/oauth2/v1/introspect", "access_token"),
    ] {
        client.post_as(AGENT, path, &[("token", &tokens.text(token))]);
    }
}

/// Introspection of another client's refresh token, of the client's own, and of a token that nobody signed.
fn lookups(client: &Client) {
    let tokens = client.sign_in();
    let refresh = tokens.text("refresh_token");
    let form = [("token", refresh.as_str())];
    client.post_as(AGENT, "/oauth2/v1/introspect", &form);
    client.post_basic(WEB_APP, WEB_APP_SECRET, "/oauth2/v1/introspect", &form);
    let token = tokens.text("access_token");
    let (signed, _) = token.rsplit_once('.').expect("a JWT");
    let unsigned = format!("{signed}.AAAA");
    client.post_as(AGENT, "/oauth2/v1/introspect", &[("token", &unsigned)]);
}

fn password(client: &Client) {
    let form = [
        ("grant_type", "password"),
        ("username", ADA.0),
        ("password", ADA.1),
        ("scope", "openid"),
    ];
    client.post_as(AGENT, TOKEN, &form);
}
