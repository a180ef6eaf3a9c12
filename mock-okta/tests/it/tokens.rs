//! Tokens in one line: what the handle of an org gives a test.

use std::time::Duration;

use mock_okta::jiff::Timestamp;
use mock_okta::org::{Agent, App, AuthorizationServer, Connection, Org, User};
use mock_okta::serde_json::json;
use mock_okta::switches::UserSignIn;
use mock_okta::{Bend, Defect, Edition, MockOkta, TokenError, TokenStep, claims_of};

use crate::client::{AGENT, WEB_APP, client, json as body_of, send};

async fn org() -> MockOkta {
    MockOkta::start().await.expect("an org")
}

#[tokio::test]
async fn a_user_signs_in_by_whichever_name() {
    let okta = org().await;
    for name in ["ada", "ada@example.com", "00uada00000000000001"] {
        let tokens = okta.sign_in(name).await.expect("tokens");
        let claims = tokens.claims();
        assert_eq!(claims["sub"], "00uada00000000000001", "{name}");
        assert_eq!(claims["nonce"], tokens.nonce.as_str());
        assert_eq!(claims["aud"], AGENT);
        assert_eq!(tokens.scopes, ["email", "openid", "profile"]);
        assert_eq!(tokens.expires_in, Duration::from_hours(1));
    }
}

#[tokio::test]
async fn the_tokens_are_good_over_http() {
    let okta = org().await;
    let tokens = okta.sign_in("ada").await.expect("tokens");
    let userinfo = client().get(format!("{}/oauth2/v1/userinfo", okta.base_url()));
    let answer = send(userinfo.bearer_auth(&tokens.access_token)).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(body_of(answer).await["email"], "ada@example.com");

    let chat = okta.access_token_for("ada", "agent", "custom_as", &["chat.read"]);
    let chat = chat.await.expect("a token");
    let api = client().get(format!("{}/resources/chat", okta.base_url()));
    assert_eq!(send(api.bearer_auth(chat)).await.status(), 200);
}

#[tokio::test]
async fn every_client_that_signs_users_in_can_be_chosen() {
    let okta = org().await;
    for name in [
        "agent",
        "other_agent",
        "web_app",
        "public_app",
        "app_without_pkce",
    ] {
        let tokens = okta.sign_in("grace").client(name).await.expect(name);
        let id = okta.roles().clients[name].as_str();
        assert_eq!(
            (tokens.client_id.as_str(), &tokens.claims()["aud"]),
            (id, &json!(id))
        );
    }
    let nobody = okta.sign_in("grace").client("service_app").await;
    let error = nobody.expect_err("no redirect URI").to_string();
    assert!(error.contains("has no redirect URI"), "{error}");
}

#[tokio::test]
async fn in_the_older_edition_the_linked_app_signs_the_user_in() {
    let builder = MockOkta::builder().edition(Edition::E2025_10);
    let okta = builder.start().await.expect("an org");
    let tokens = okta.sign_in("ada").await.expect("tokens");
    assert_eq!(tokens.client_id, WEB_APP);
    let id_jag = okta.id_jag_for("ada", "agent", "custom_as", &["chat.read"]);
    let claims = claims_of(&id_jag.await.expect("an ID-JAG")).expect("claims");
    assert_eq!(claims["client_id"], AGENT);
}

#[tokio::test]
async fn a_refresh_token_comes_with_its_scope() {
    let okta = org().await;
    let tokens = okta.sign_in("ada").scopes(["offline_access"]).await;
    let tokens = tokens.expect("tokens");
    assert_eq!(tokens.scopes, ["offline_access", "openid"]);
    let refresh = tokens.refresh_token.as_deref().expect("a refresh token");
    let shown = format!("{tokens:?}");
    for secret in [refresh, &tokens.access_token, &tokens.id_token] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn parameters_replace_those_of_the_request() {
    let okta = org().await;
    let tokens = okta.sign_in("ada").parameter("nonce", "n-7").await;
    let tokens = tokens.expect("tokens");
    assert_eq!(
        (tokens.nonce.as_str(), &tokens.claims()["nonce"]),
        ("n-7", &json!("n-7"))
    );
    let refused = okta
        .sign_in("ada")
        .parameter("response_type", "token")
        .await;
    let refused = refused.expect_err("not a code");
    assert_eq!(
        refused.oauth_error(),
        Some("unsupported_response_type"),
        "{refused}"
    );
}

#[tokio::test]
async fn who_is_asked_for_consent_allows_it() {
    let yaml = mock_okta::default_org().replacen(
        "    consent_method: TRUSTED ",
        "    consent_method: REQUIRED ",
        1,
    );
    let yaml = yaml.replacen(
        "    # consent_required_scopes: [chat.write]",
        "    consent_required_scopes: [chat.read]",
        1,
    );
    let okta = MockOkta::builder().org_yaml("org.yaml", yaml).start().await;
    let okta = okta.expect("an org");
    let sign_in = okta.sign_in("ada").client("web_app").at("custom_as");
    let tokens = sign_in.scopes(["chat.read"]).await.expect("tokens");
    assert_eq!(tokens.scopes, ["chat.read", "openid"]);
    let pages = okta.journal();
    assert!(pages.iter().any(|entry| entry.path == "/signin/consent"));
}

#[tokio::test]
async fn names_that_lead_nowhere_are_answered_with_those_that_do() {
    let okta = org().await;
    let shown = |error: TokenError| error.to_string();
    let user = shown(okta.sign_in("adda").await.expect_err("nobody"));
    assert!(
        user.contains("did you mean `ada`?") && user.contains("grace@example.com"),
        "{user}"
    );
    let client = shown(
        okta.id_token_for("ada", "web-app")
            .await
            .expect_err("nothing"),
    );
    assert!(client.contains("did you mean `web_app`?"), "{client}");
    let agent = okta.id_jag_for("ada", "web_app", "custom_as", &[]).await;
    let agent = shown(agent.expect_err("no agent"));
    assert!(
        agent.starts_with("there is no agent `web_app`") && agent.contains(AGENT),
        "{agent}"
    );
    let server = okta.id_jag_for("ada", "agent", "custom_sa", &[]).await;
    let server = shown(server.expect_err("no server"));
    assert!(server.contains("did you mean `custom_as`?"), "{server}");
}

#[tokio::test]
async fn refusals_are_those_of_the_org() {
    let okta = org().await;
    okta.suspend_user("ada").expect("suspended");
    let error = okta.sign_in("ada").await.expect_err("suspended");
    assert!(matches!(
        error,
        TokenError::Refused {
            step: TokenStep::SignIn,
            status: 403,
            ..
        }
    ));
    okta.restore_user("ada").expect("restored");

    okta.deactivate_connection("mcnchat0000000000001")
        .expect("off");
    let error = okta
        .access_token_for("ada", "agent", "custom_as", &["chat.read"])
        .await;
    let error = error.expect_err("no connection");
    assert_eq!(error.oauth_error(), Some("invalid_target"), "{error}");
    assert!(error.internal_code().is_some(), "{error}");
    let known = mock_okta::catalogue().find(|row| Some(row.code) == error.internal_code());
    assert!(known.is_some(), "{error}");
}

#[tokio::test]
async fn defects_have_their_effect() {
    let okta = org().await;
    okta.set_defects([Defect::Bend(Bend::CodeIdTokenMissing)]);
    let error = okta.sign_in("ada").await.expect_err("no ID token");
    assert!(
        matches!(
            error,
            TokenError::Unusable {
                step: TokenStep::Code,
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_seed_fixes_the_tokens() {
    let issued = || async {
        let okta = MockOkta::builder().seed(7).start().await.expect("an org");
        let instant = Timestamp::from_second(1_900_000_000).expect("an instant");
        okta.set_clock(instant).expect("set");
        okta.sign_in("ada").await.expect("tokens").nonce
    };
    assert_eq!(issued().await, issued().await);
}

#[tokio::test]
async fn any_claims_are_signed_by_whichever_server() {
    let okta = org().await;
    let custom = okta.issuer_of("custom_as").expect("a server");
    for name in ["custom_as", "auschat0000000000001", &custom] {
        let jwt = okta.sign_jwt(name, json!({ "typ": "JWT" }), json!({ "sub": "x" }));
        let jwt = jwt.expect("a JWT");
        assert_eq!(claims_of(&jwt).expect("claims")["sub"], "x");
    }
    let wrong = okta.sign_jwt("custom_as", json!({}), json!([]));
    let wrong = wrong.expect_err("an array").to_string();
    assert!(wrong.contains("`claims` is not an object"), "{wrong}");
    let alg = okta.sign_jwt("custom_as", json!({ "alg": "none" }), json!({}));
    assert!(alg.is_err());
    let unknown = okta.sign_jwt("nowhere", json!({}), json!({}));
    let unknown = unknown.expect_err("no such server").to_string();
    assert!(
        unknown.contains("nowhere") && unknown.contains(&custom),
        "{unknown}"
    );
}

#[tokio::test]
async fn a_client_whose_private_key_nobody_knows_cannot_be_played() {
    let okta = org().await;
    let jwk = okta.private_jwk("agent").expect("a key");
    let public = json!({ "kty": "RSA", "n": jwk["n"], "e": jwk["e"] });
    let yaml = mock_okta::default_org().replacen(
        "{ kid: agent-rsa-1, alg: RS256 }",
        &format!("{{ kid: agent-rsa-1, alg: RS256, public_jwk: {public} }}"),
        1,
    );
    let okta = MockOkta::builder().org_yaml("org.yaml", yaml).start().await;
    let error = okta.expect("an org").sign_in("ada").await;
    let error = error.expect_err("no key").to_string();
    assert!(
        error.contains(AGENT) && error.contains("private_key_pem"),
        "{error}"
    );
}

#[tokio::test]
async fn switches_are_typed() {
    let builder = MockOkta::builder().switch(UserSignIn::LinkedApp);
    let okta = builder.start().await.expect("an org");
    assert_eq!(
        okta.sign_in("ada").await.expect("tokens").client_id,
        WEB_APP
    );
    okta.set_switch(UserSignIn::Agent).expect("set");
    assert_eq!(okta.sign_in("ada").await.expect("tokens").client_id, AGENT);
    okta.reset();
    assert_eq!(
        okta.sign_in("ada").await.expect("tokens").client_id,
        WEB_APP
    );
    let wrong = MockOkta::builder()
        .behaviour("user_signin", "agent")
        .start()
        .await;
    let wrong = wrong.expect_err("no such switch").to_string();
    assert!(wrong.contains("did you mean `user_sign_in`?"), "{wrong}");
}

#[tokio::test]
async fn an_org_of_ones_own_is_used_by_its_names() {
    let org = Org::new("Library")
        .user(User::new("ada@example.com"))
        .app(App::web("portal", "portal-secret"))
        .agent(Agent::new("librarian").linked_app("portal"))
        .server(
            AuthorizationServer::new("books")
                .scopes(["books.read"])
                .agent_may("librarian", ["books.read"])
                .app_may("portal", ["openid", "books.read"]),
        )
        .connection(Connection::to_server("librarian", "books"))
        .api("/api/books", "books", "books.read");
    let okta = MockOkta::builder().org(&org).start().await.expect("an org");
    let token = okta.access_token_for("ada", "librarian", "books", &["books.read"]);
    let token = token.await.expect("a token");
    let api = client().get(format!("{}/api/books", okta.base_url()));
    assert_eq!(send(api.bearer_auth(token)).await.status(), 200);
    let sign_in = okta.sign_in("ada").client("portal").at("books");
    let tokens = sign_in.scopes(["books.read"]).await.expect("tokens");
    assert_eq!(tokens.scopes, ["books.read", "openid"]);
    assert!(okta.private_key_pem("librarian").is_some());

    let wrong = org.connection(Connection::to_server("nobody", "books"));
    let wrong = MockOkta::builder().org(&wrong).start().await;
    let wrong = wrong.expect_err("no such agent").to_string();
    assert!(
        wrong.contains("there is no agent `wlpnobody00000000001`"),
        "{wrong}"
    );
}
