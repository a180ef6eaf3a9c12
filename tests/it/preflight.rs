//! Mistakes of whoever writes a target file: each ends a run before its first case, with the setting that is wrong and the
//! server's own words, and is never reported as a fault of the org.

use std::collections::BTreeSet;
use std::path::Path;

use harness::result::{Misconfiguration, StopCause, Verdict};
use harness::run::RunOptions;
use harness::scenario::model::{ClientRole, Edition, ServerRole, UserRole};
use harness::secret::Secret;
use harness::targets::config::{self, Sources};
use harness::targets::{
    Client, ClientKey, Deployment, GivenTokens, Limits, RegisteredAuth, SignInWay, Target,
};
use mock_okta::MockOkta;
use serde_json::json;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::harness_run::{run_on, scenarios};

/// An org in this process and its description without test control.
struct Org {
    org: MockOkta,
    right: Deployment,
}

async fn org() -> Org {
    let builder = MockOkta::builder().seed(1028);
    let org = builder.start().await.expect("the org starts");
    let mut right = read(&org);
    right.control = None;
    Org { org, right }
}

fn read(org: &MockOkta) -> Deployment {
    let sources = Sources {
        folder: Path::new("."),
        environment: &|_| None,
    };
    config::parse("target.yaml", &org.target_file(), &sources)
        .unwrap_or_else(|problems| panic!("{problems}"))
}

fn agent_of(deployment: &Deployment) -> &Client {
    &deployment.clients[&ClientRole::Agent]
}

/// What a run against this description finds wrong with it.
async fn found(deployment: Deployment) -> Vec<Misconfiguration> {
    let target = Target::with(deployment, Limits::default(), None).expect("an HTTP client");
    let options = RunOptions {
        preflight: true,
        ..RunOptions::new(Edition::E2026_10)
    };
    let some = [
        "authorization-server/exchange-scope",
        "secret/who",
        "service-account/who",
    ];
    let some = scenarios()
        .iter()
        .filter(|one| some.contains(&one.id.as_str()));
    let run = run_on(some.cloned().collect(), &target, &options).await;
    let Some(incomplete) = run.incomplete else {
        return Vec::new();
    };
    assert_eq!(
        incomplete.cause,
        StopCause::Preflight,
        "{}",
        incomplete.reason
    );
    assert!(
        run.results
            .iter()
            .all(|case| case.verdict == Verdict::NotRun)
    );
    assert!(run.problems.is_empty());
    incomplete.mistakes
}

/// Settings that are found wrong, and what is said of the first.
async fn said(deployment: Deployment) -> (Vec<String>, String) {
    let found = found(deployment).await;
    let settings = found.iter().map(|one| one.setting.clone()).collect();
    let first = found.first();
    (
        settings,
        first.map_or_else(String::new, |one| one.what.clone()),
    )
}

async fn expect(deployment: Deployment, setting: &str, words: &str) {
    let (settings, what) = said(deployment).await;
    assert_eq!(settings, [setting], "{what}");
    assert!(what.contains(words), "{setting}: {what}");
}

fn given(right: &Deployment, token: &str) -> Deployment {
    Deployment {
        sign_in: Some(SignInWay::Given(GivenTokens {
            id_token: Secret::new(token),
            access_token: None,
        })),
        ..right.clone()
    }
}

fn agent_key(deployment: &mut Deployment, change: impl FnOnce(&mut ClientKey)) {
    let agent = deployment
        .clients
        .get_mut(&ClientRole::Agent)
        .expect("an agent");
    let RegisteredAuth::PrivateKeyJwt(key) = &mut agent.auth else {
        panic!("the agent has a key");
    };
    change(key);
}

#[tokio::test]
async fn a_right_description_passes() {
    let Org { org, right } = org().await;
    assert_eq!(found(right.clone()).await, []);
    let tokens = org.sign_in("ada").await.unwrap();
    assert_eq!(found(given(&right, &tokens.id_token)).await, []);
}

#[tokio::test]
async fn an_id_token_that_cannot_work_is_found_without_a_request() {
    let Org { org, right } = org().await;
    let good = org.sign_in("ada").await.unwrap().id_token;
    let agent = right.clients[&ClientRole::Agent].client_id.clone();
    let issuer = right.servers[&ServerRole::Org].issuer.clone();
    let signed = |iss: &str, aud: &str, exp: i64| {
        let claims = json!({"iss": iss, "aud": aud, "sub": "00u1", "iat": 1, "exp": exp});
        org.sign_jwt(&issuer, json!({"typ": "JWT"}), claims)
            .unwrap()
    };
    let far = 4_102_444_800;
    let setting = "sign_in.id_token";
    for (token, words) in [
        (String::new(), "the token is empty"),
        (" \n".to_owned(), "the token is empty"),
        (format!("Bearer {good}"), "begins with `Bearer `"),
        (format!("{good}\n"), "contains white space"),
        ("opaque".to_owned(), "is not a JWT"),
        (signed(&issuer, &agent, 1_700_000_000), "expired"),
        (
            signed("https://other.okta.com", &agent, far),
            "`https://other.okta.com`",
        ),
        (
            signed(&issuer, "0oasomebody", far),
            "for the client `0oasomebody`",
        ),
    ] {
        expect(given(&right, &token), setting, words).await;
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_client_is_named() {
    let Org { org: _org, right } = org().await;
    let changed = |change: &dyn Fn(&mut Deployment)| {
        let mut deployment = right.clone();
        change(&mut deployment);
        deployment
    };
    let other = changed(&|deployment| {
        let agent = deployment.clients.get_mut(&ClientRole::Agent).unwrap();
        agent.client_id = "wlpnobody00000000001".to_owned();
    });
    expect(other, "clients.agent.client_id", "status 400").await;
    let kid = changed(&|deployment| agent_key(deployment, |key| key.kid = Some("nobody-1".into())));
    expect(kid, "clients.agent.key", "401 `invalid_client`").await;
    // The same client of another org has another key.
    let elsewhere = MockOkta::builder()
        .seed(1029)
        .start()
        .await
        .expect("the org starts");
    let RegisteredAuth::PrivateKeyJwt(other) = agent_of(&read(&elsewhere)).auth.clone() else {
        panic!("the agent has a key");
    };
    let key = changed(&|deployment| {
        agent_key(deployment, |mine| {
            *mine = ClientKey {
                kid: mine.kid.clone(),
                ..other.clone()
            }
        });
    });
    expect(key, "clients.agent.key", "401 `invalid_client`").await;
    let alg = changed(&|deployment| agent_key(deployment, |key| key.alg = "ES256".into()));
    expect(
        alg,
        "clients.agent.key.alg",
        "ES256 is not an algorithm of an RSA key",
    )
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_users_servers_and_resources_is_named() {
    let Org { org, right } = org().await;
    let changed = |change: &dyn Fn(&mut Deployment)| {
        let mut deployment = right.clone();
        change(&mut deployment);
        deployment
    };
    let password = changed(&|deployment| {
        let ada = deployment.users.get_mut(&UserRole::Ada).unwrap();
        ada.password = Some(Secret::new("not-her-password"));
    });
    expect(password, "users.ada", "the sign-in came to no end").await;
    let unentitled = changed(&|deployment| {
        let grace = deployment.users[&UserRole::Grace].clone();
        deployment.users.insert(UserRole::Ada, grace);
    });
    expect(unentitled, "users.ada", "403 `access_denied`").await;
    let scope = changed(&|deployment| {
        let server = deployment.servers.get_mut(&ServerRole::CustomAs).unwrap();
        server
            .facts
            .insert("scope", "chat.histori chat.read".into());
        server.facts.insert("one_scope", "chat.histori".into());
    });
    expect(
        scope,
        "authorization_servers.custom_as.scope",
        "`invalid_scope`",
    )
    .await;
    let issuer = |issuer: String| {
        changed(&|deployment| {
            let server = deployment.servers.get_mut(&ServerRole::CustomAs).unwrap();
            let facts = std::mem::take(&mut server.facts);
            *server = harness::targets::Server {
                facts,
                ..harness::targets::Server::at(ServerRole::CustomAs, &issuer)
            };
        })
    };
    let unconnected = right.servers[&ServerRole::UnconnectedCustomAs]
        .issuer
        .clone();
    let custom = "authorization_servers.custom_as.issuer";
    expect(issuer(unconnected), custom, "`invalid_target`").await;
    let nowhere = format!("{}/oauth2/ausnowhere00000001", org.issuer());
    expect(issuer(nowhere), custom, "answered with 404").await;
    let orn = changed(&|deployment| {
        let secret = deployment.resources.get_mut("secret").unwrap();
        secret.resource = "orn:okta:pam:00o1:secrets:wrong".into();
    });
    expect(orn, "resources.secret.resource", "`invalid_target`").await;
    let org_issuer = |issuer: String| {
        changed(&|deployment| {
            let server = deployment.servers.get_mut(&ServerRole::Org).unwrap();
            *server = harness::targets::Server::at(ServerRole::Org, &issuer);
        })
    };
    let setting = "authorization_servers.org.issuer";
    let alias = org.issuer().replace("127.0.0.1", "localhost");
    expect(org_issuer(alias), setting, "calls itself `http://127.0.0.1").await;
    let other = right.servers[&ServerRole::CustomAs].issuer.clone();
    expect(org_issuer(other), setting, "404").await;
}

#[tokio::test]
async fn a_clock_that_is_off_is_seen_by_the_date_of_the_org() {
    let Org { org, right } = org().await;
    org.advance_clock(std::time::Duration::from_secs(400))
        .unwrap();
    expect(right, "the clock", "6 min behind that of the org").await;
}

#[tokio::test]
async fn a_run_that_could_not_enter_what_it_was_asked_to_test_is_incomplete() {
    let Org { org: _org, right } = org().await;
    let mut deployment = right;
    for user in deployment.users.values_mut() {
        user.password = None;
    }
    let run = |deployment: Deployment| async {
        let target = Target::with(deployment, Limits::default(), None).expect("an HTTP client");
        let some = scenarios()
            .iter()
            .filter(|one| one.id.starts_with("secret/") || one.id == "metadata/org");
        let options = RunOptions::new(Edition::E2026_10);
        run_on(some.cloned().collect(), &target, &options).await
    };
    let result = run(deployment.clone()).await;
    let incomplete = result.incomplete.expect("no flow of secret was entered");
    assert_eq!(incomplete.cause, StopCause::NotEntered);
    assert!(
        incomplete
            .reason
            .starts_with("secret could not be tested: the target gives no password"),
        "{}",
        incomplete.reason
    );
    assert!(result.summary.passed > 0, "the rest was tested");

    // What the file does not describe was not asked for.
    deployment.resources.clear();
    assert_eq!(run(deployment).await.incomplete, None);
}

#[tokio::test]
async fn the_token_of_a_linked_app_is_not_called_foreign() {
    let Org { org, right } = org().await;
    let issuer = right.servers[&ServerRole::Org].issuer.clone();
    let app = right.clients[&ClientRole::WebApp].client_id.clone();
    let claims =
        json!({"iss": issuer, "aud": app, "sub": "00u1", "iat": 1, "exp": 4_102_444_800_i64});
    let header = json!({"typ": "JWT"});
    let token = org.sign_jwt(&issuer, header, claims).unwrap();
    let now = 1_800_000_000;
    let found = harness::preflight::local::check(&given(&right, &token), Edition::E2026_10, now);
    assert_eq!(found, []);
}

/// The metadata of a server in one of the places where they may be, and what is found wrong with the file.
async fn published(path: &str, issuer: Option<&str>, token_endpoint: u16) -> Vec<Misconfiguration> {
    let Org { org: _org, right } = org().await;
    let server = MockServer::start().await;
    let said = issuer.map_or_else(|| server.uri(), str::to_owned);
    if !path.is_empty() {
        Mock::given(method("GET"))
            .and(wiremock::matchers::path(path))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"issuer": said})))
            .mount(&server)
            .await;
    }
    Mock::given(wiremock::matchers::path("/oauth2/v1/token"))
        .respond_with(ResponseTemplate::new(token_endpoint))
        .mount(&server)
        .await;
    let mut deployment = right;
    let org = harness::targets::Server::at(ServerRole::Org, &server.uri());
    deployment.servers.insert(ServerRole::Org, org);
    let target = Target::with(deployment, Limits::default(), None).expect("an HTTP client");
    harness::preflight::servers::check(&target, &BTreeSet::from([ServerRole::Org])).await
}

#[tokio::test]
async fn lawful_places_of_metadata_and_wrong_metadata_are_no_mistakes_of_the_file() {
    let openid = "/.well-known/openid-configuration";
    for (path, token_endpoint) in [
        (openid, 404),
        ("/.well-known/oauth-authorization-server", 404),
        // A server may do without metadata (RFC 8414 §3).
        ("", 405),
        ("", 400),
    ] {
        let found = published(path, None, token_endpoint).await;
        assert_eq!(found, [], "{path} {token_endpoint}");
    }
    // That the server is wrong about its issuer is for the cases to say.
    let wrong = published(openid, Some("https://another.example.com"), 400).await;
    assert_eq!(wrong, []);
    let nobody = published("", None, 404).await;
    assert_eq!(nobody.len(), 1);
    assert!(nobody[0].what.contains("answered with 404"), "{nobody:?}");
}
