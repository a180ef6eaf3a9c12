//! The doctor against a hand-made server that answers what an org does not.

use std::sync::{Arc, Mutex};

use serde_json::json;

use super::*;
use crate::result::{End, Obtained, ObtainedKind};
use crate::run::tests::bench::{Bench, Reply, Request};
use crate::scenario::model::ServerRole;
use crate::targets::{
    Deployment, Environment, GivenTokens, ManagementToken, Proxies, Proxy, SignInWay, TargetKind,
};

const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";

/// What a run reports, as far as these tests look at it.
#[derive(Default)]
struct Heard {
    waits: usize,
    obtained: Vec<Obtained>,
}

impl EventSink for Heard {
    fn on_event(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Waiting { .. } => self.waits += 1,
            RunEvent::Obtained { ledger } => self.obtained.clone_from(ledger),
            _ => {}
        }
    }
}

/// A real org that is for tests, with an ID token of the user.
fn real(deployment: &mut Deployment) {
    deployment.kind = TargetKind::Okta;
    deployment.control = None;
    deployment.permissions.owned = true;
    deployment.permissions.environment = Some(Environment::Test);
    let issuer = deployment.org().unwrap().issuer.clone();
    let claims =
        json!({ "iss": issuer, "aud": "wlpagent", "sub": "00uada", "exp": 4_000_000_000_u32 });
    let [header, claims] = [r#"{"alg":"RS256"}"#, &claims.to_string()].map(crate::jwt::base64url);
    deployment.sign_in = Some(SignInWay::Given(GivenTokens {
        id_token: Secret::new(format!("{header}.{claims}.c2ln")),
        access_token: None,
    }));
    // One agent that exchanges for one server and one secret.
    deployment
        .clients
        .retain(|role, _| *role == ClientRole::Agent);
    deployment.servers.remove(&ServerRole::OtherCustomAs);
}

fn metadata(request: &Request, path: &str) -> Reply {
    let issuer = format!("{}{path}", request.origin());
    Reply::json(200, json!({ "issuer": issuer }).to_string())
}

/// An org in order.
fn good(request: &Request) -> Reply {
    let asks_for = |what: &str| request.body.contains(what);
    match request.path.as_str() {
        "/.well-known/openid-configuration" => metadata(request, ""),
        "/oauth2/aus1/.well-known/openid-configuration" => metadata(request, "/oauth2/aus1"),
        "/oauth2/v1/keys" => Reply::json(
            200,
            json!({ "keys": [{ "kty": "RSA", "kid": "1", "n": "AQAB", "e": "AQAB" }] }).to_string(),
        ),
        "/oauth2/v1/introspect" => Reply::json(200, r#"{"active":false}"#),
        "/oauth2/v1/authorize" => Reply::text(302, "", "").header(
            "location",
            "http://localhost:8787/callback?error=login_required",
        ),
        "/oauth2/v1/token" if asks_for("id-jag") => Reply::json(
            200,
            json!({ "access_token": "jag-1", "issued_token_type": ID_JAG, "expires_in": 300 })
                .to_string(),
        ),
        "/oauth2/v1/token" => Reply::json(200, r#"{"vaulted_secret":{"apikey":"k"}}"#),
        "/oauth2/aus1/v1/token" => Reply::json(200, r#"{"access_token":"at-1","expires_in":3600}"#),
        path if path.ends_with("/revoke") => Reply::text(200, "", ""),
        _ => Reply::json(404, r#"{"errorCode":"E0000007"}"#),
    }
}

struct Seen {
    found: Examination,
    heard: Heard,
    /// Method and path of each request.
    asked: Vec<String>,
}

impl Seen {
    fn of(&self, check: Check, of: Option<&str>) -> &Checked {
        let same = |one: &&Checked| one.check == check && one.of.as_deref() == of;
        let found = self.found.checks.iter().find(same);
        found.unwrap_or_else(|| panic!("{} {of:?}: {:#?}", check.id(), self.found.checks))
    }

    fn status(&self, check: Check, of: Option<&str>) -> Status {
        self.of(check, of).status
    }
}

async fn examine(
    answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    describe: impl FnOnce(&mut Deployment),
) -> Seen {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = asked.clone();
    let answer = move |request: &Request| {
        let method = request.head.split(' ').next().unwrap_or_default();
        log.lock()
            .unwrap()
            .push(format!("{method} {}", request.path));
        answer(request)
    };
    let describe = |deployment: &mut Deployment| {
        real(deployment);
        describe(deployment);
    };
    let bench = Bench::start_with(answer, describe).await;
    let mut heard = Heard::default();
    let found = doctor(bench.target(), Edition::E2026_10, &[], &mut heard).await;
    let asked = asked.lock().unwrap().clone();
    Seen {
        found,
        heard,
        asked,
    }
}

#[tokio::test]
async fn an_org_that_is_in_order_is_ready_and_what_it_issued_is_revoked() {
    let seen = examine(good, |_| ()).await;
    assert!(seen.found.ready, "{:#?}", seen.found.checks);
    for (check, of) in [
        (Check::Issuer, None),
        (Check::CustomServer, None),
        (Check::ClientKey, Some("agent")),
        (Check::Policy, None),
        (Check::Resource, Some("secret")),
    ] {
        assert_eq!(seen.status(check, of), Status::Ok, "{}", check.id());
    }
    let ends = seen.heard.obtained.iter().map(|one| (one.kind, one.end));
    let token = (ObtainedKind::AccessToken, End::Revoked);
    assert!(
        ends.clone().any(|end| end == token),
        "{:?}",
        ends.collect::<Vec<_>>()
    );
    assert!(
        seen.asked
            .contains(&"POST /oauth2/aus1/v1/revoke".to_owned())
    );
}

#[tokio::test]
async fn an_org_that_is_not_for_tests_is_only_read() {
    for production in [true, false] {
        let seen = examine(good, |deployment| {
            deployment.permissions = crate::targets::Permissions::default();
            deployment.permissions.environment = production.then_some(Environment::Production);
            deployment.management = Some(ManagementToken::Api(Secret::new("00token")));
        })
        .await;
        let mut posted = seen.asked.iter().filter(|one| !one.starts_with("GET "));
        assert_eq!(posted.next(), None);
        let reading = [
            "/.well-known/",
            "/keys",
            "/workload-principals/",
            "/api/v1/",
        ];
        for one in &seen.asked {
            assert!(reading.iter().any(|part| one.contains(part)), "{one}");
        }
        assert!(
            seen.asked
                .iter()
                .any(|one| one.contains("/workload-principals/"))
        );
        assert_eq!(seen.status(Check::Issuer, None), Status::Ok);
        for (check, of) in [
            (Check::ClientKey, Some("agent")),
            (Check::SignIn, None),
            (Check::Consent, None),
            (Check::Resource, None),
        ] {
            let checked = seen.of(check, of);
            assert_eq!(checked.status, Status::Unknown);
            let (reason, cure) = (checked.reason.as_deref(), checked.find_out.as_deref());
            let (words, help) = if production {
                (
                    "`environment: production`",
                    "name an org that is meant for tests",
                )
            } else {
                (
                    "does not say `owned: true` and `environment: test`",
                    "write `owned: true`",
                )
            };
            assert!(reason.unwrap().contains(words), "{checked:?}");
            assert!(cure.unwrap().contains(help), "{checked:?}");
        }
    }
}

#[tokio::test]
async fn the_issuer_is_right_only_where_a_document_gives_it() {
    let other = r#"{"issuer":"https://somebody.example"}"#;
    for (reply, status) in [
        (Reply::json(200, other), Status::Problem),
        (Reply::json(200, "{}"), Status::Unknown),
        (
            Reply::json(403, r#"{"error":"access_denied"}"#),
            Status::Unknown,
        ),
        (
            Reply::json(500, r#"{"error":"server_error"}"#),
            Status::Unknown,
        ),
        (Reply::json(200, "{\"issuer\":"), Status::Unknown),
        (Reply::Cut, Status::Unknown),
    ] {
        let shown = match &reply {
            Reply::Http { status, body, .. } => format!("{status} {body}"),
            _ => "cut".to_owned(),
        };
        let answer = move |request: &Request| match request.path.as_str() {
            "/oauth2/aus1/.well-known/openid-configuration" => reply.clone(),
            _ => good(request),
        };
        let seen = examine(answer, |_| ()).await;
        // The redemption shows whether the server works, and not what it is called.
        let checked = seen.of(Check::CustomServer, None);
        assert_eq!(checked.status, status, "{shown} {checked:?}");
    }
}

#[tokio::test]
async fn a_200_without_what_was_asked_for_is_not_granted() {
    let answer = |request: &Request| match request.path.as_str() {
        "/oauth2/v1/token" => Reply::json(200, "{}"),
        _ => good(request),
    };
    let seen = examine(answer, |_| ()).await;
    for (of, member) in [
        ("authorization-server", "access_token"),
        ("secret", "vaulted_secret"),
    ] {
        let checked = seen.of(Check::Resource, Some(of));
        assert_eq!(checked.status, Status::Unknown);
        assert!(
            checked.reason.as_deref().unwrap().contains(member),
            "{checked:?}"
        );
    }
    assert!(
        !seen
            .asked
            .contains(&"POST /oauth2/aus1/v1/token".to_owned())
    );
    assert_ne!(seen.status(Check::Licence, None), Status::Ok);
}

const NO_SUBSCRIPTION: &str =
    r#"{"error":"invalid_grant","error_description":"The token exchange SKU is not enabled."}"#;

#[tokio::test]
async fn a_plan_without_vault_is_no_org_without_agents() {
    let answer = |request: &Request| match request.path.as_str() {
        "/oauth2/v1/token" if !request.body.contains("id-jag") => Reply::json(400, NO_SUBSCRIPTION),
        _ => good(request),
    };
    let seen = examine(answer, |_| ()).await;
    assert_eq!(seen.status(Check::AgentsFeature, None), Status::Ok);
    assert_eq!(seen.status(Check::Licence, Some("secret")), Status::Problem);
    let answer = |request: &Request| match request.path.as_str() {
        "/oauth2/v1/token" => Reply::json(400, NO_SUBSCRIPTION),
        _ => good(request),
    };
    let seen = examine(answer, |_| ()).await;
    assert_eq!(seen.status(Check::AgentsFeature, None), Status::Problem);
    assert_eq!(seen.status(Check::Licence, None), Status::Problem);
}

#[tokio::test]
async fn a_limit_that_refuses_a_form_is_noted_and_its_wait_announced() {
    let answer = |request: &Request| match request.path.as_str() {
        "/oauth2/v1/introspect" => Reply::json(429, "{}").header("retry-after", "3600"),
        _ => good(request),
    };
    let seen = examine(answer, |_| ()).await;
    let checked = seen.of(Check::RateLimit, None);
    assert_eq!(checked.status, Status::Problem);
    assert!(
        checked
            .evidence
            .as_deref()
            .unwrap()
            .contains("introspect refused with 429")
    );

    let is_refused = std::sync::atomic::AtomicBool::new(false);
    let answer = move |request: &Request| {
        let is_first = || !is_refused.swap(true, std::sync::atomic::Ordering::Relaxed);
        match request.path.as_str() {
            "/oauth2/v1/keys" if is_first() => Reply::json(429, "{}").header("retry-after", "3"),
            _ => good(request),
        }
    };
    let seen = examine(answer, |_| ()).await;
    assert_eq!(seen.heard.waits, 1);
}

/// The API for agents, which says something else than what the org does.
#[tokio::test]
async fn what_the_org_does_counts_more_than_what_settings_seem_to_say() {
    let other = json!({ "keys": [{ "kid": "other", "status": "ACTIVE", "kty": "RSA" }] });
    for (agent, keys, active, key) in [
        // Keys at an address of its own, and a status that nobody knows.
        (200, json!({ "keys": [] }), Status::Unknown, Status::Unknown),
        (200, other, Status::Unknown, Status::Problem),
        // The list has another agent.
        (404, json!({}), Status::Problem, Status::Unknown),
    ] {
        for introspects in [true, false] {
            let keys = keys.clone();
            let answer = move |request: &Request| match request.path.as_str() {
                "/oauth2/v1/introspect" if !introspects => Reply::json(503, "{}"),
                "/workload-principals/api/v1/ai-agents" => {
                    Reply::json(200, r#"{"data":[{"id":"wlpnew"}]}"#)
                }
                "/workload-principals/api/v1/ai-agents/wlpagent" => Reply::json(
                    agent,
                    r#"{"id":"wlpagent","status":"ACTIVATING","profile":{"name":"A"}}"#,
                ),
                path if path.ends_with("/credentials/jwks") => Reply::json(200, keys.to_string()),
                _ => good(request),
            };
            let seen = examine(answer, |deployment| {
                deployment.management = Some(ManagementToken::Api(Secret::new("00token")));
            })
            .await;
            let of = |check| {
                let mut all = seen.found.checks.iter();
                let one =
                    all.find(|one| one.check == check && one.of.as_deref() != Some(AGENTS_APP));
                one.unwrap().status
            };
            let (active, key) = if introspects {
                (Status::Ok, Status::Ok)
            } else {
                (active, key)
            };
            assert_eq!(
                (of(Check::ClientActive), of(Check::ClientKey)),
                (active, key),
                "{agent} {introspects} {:#?}",
                seen.found.checks
            );
        }
    }
    // The id of a client with a metadata document is none of the API.
    let seen = examine(
        |request| match request.path.as_str() {
            "/oauth2/v1/introspect" => Reply::json(503, "{}"),
            _ => good(request),
        },
        |deployment| {
            deployment.management = Some(ManagementToken::Api(Secret::new("00token")));
            let agent = deployment.clients.get_mut(&ClientRole::Agent).unwrap();
            agent.client_id = "https://agent.example/client.json".to_owned();
        },
    )
    .await;
    let mut all = seen.found.checks.iter();
    let active = all.find(|one| one.check == Check::ClientActive).unwrap();
    assert_eq!(active.status, Status::Unknown, "{active:?}");
}

fn through(proxy: &str) -> Proxies {
    Proxies::one(Proxy::parse(proxy).unwrap(), None)
}

#[tokio::test]
async fn a_proxy_is_named_and_is_what_is_wrong() {
    let elsewhere = |proxy: String, scheme: &'static str| {
        move |deployment: &mut Deployment| {
            let org = deployment.servers.get_mut(&ServerRole::Org).unwrap();
            *org = crate::targets::Server::at(ServerRole::Org, &format!("{scheme}://org.example"));
            deployment.servers.remove(&ServerRole::CustomAs);
            deployment.network.proxies = through(&proxy);
        }
    };
    // Nobody listens at the proxy's address.
    let seen = examine(good, elsewhere("http://127.0.0.1:1".to_owned(), "https")).await;
    let proxy = seen.of(Check::Proxy, None);
    assert_eq!(proxy.status, Status::Problem, "{:#?}", seen.found.checks);
    assert!(
        proxy.cure.as_deref().unwrap().contains("HTTPS_PROXY"),
        "{proxy:?}"
    );
    for check in [Check::Name, Check::Connection, Check::Tls] {
        assert_eq!(seen.status(check, None), Status::Unknown, "{}", check.id());
    }
    // One that wants a password, and one that refuses.
    for (status, words) in [(407, "wants a password"), (403, "does not connect")] {
        let other = Bench::start(move |_| Reply::text(status, "", "")).await;
        let proxy = other.deployment().org().unwrap().issuer.clone();
        let seen = examine(good, elsewhere(proxy, "https")).await;
        let checked = seen.of(Check::Proxy, None);
        assert_eq!(checked.status, Status::Problem);
        assert!(
            checked.evidence.as_deref().unwrap().contains(words),
            "{checked:?}"
        );
    }
    // One that works.
    let org = |request: &Request| match request.path.as_str() {
        path if path.ends_with("/.well-known/openid-configuration") => {
            Reply::json(200, r#"{"issuer":"http://org.example"}"#)
        }
        _ => Reply::json(404, "{}"),
    };
    let other = Bench::start(org).await;
    let proxy = other.deployment().org().unwrap().issuer.clone();
    let seen = examine(good, elsewhere(proxy.clone(), "http")).await;
    let evidence = seen.of(Check::Proxy, None).evidence.as_deref();
    assert_eq!(
        evidence,
        Some(format!("the org answered, through the proxy {proxy}").as_str())
    );
    assert_eq!(seen.status(Check::Name, None), Status::Unknown);
}

#[tokio::test]
async fn an_answer_that_a_gateway_may_have_sent_does_not_show_the_org() {
    for (status, of_org) in [(502, false), (500, false), (403, false), (502, true)] {
        let answer = move |request: &Request| match request.path.as_str() {
            "/.well-known/openid-configuration" if of_org => {
                Reply::text(status, "text/plain", "no").header("x-okta-request-id", "1")
            }
            "/.well-known/openid-configuration" => Reply::text(status, "text/plain", "no"),
            _ => good(request),
        };
        let seen = examine(answer, |_| ()).await;
        let expected = if of_org { Status::Ok } else { Status::Unknown };
        assert_eq!(
            seen.status(Check::Proxy, None),
            expected,
            "{status} {of_org}"
        );
    }
}
