//! `atx doctor` against the stand-in for a real org: each check is broken on purpose and found, and nothing is found in an org
//! that is in order. Half of the rows are seen by requests of the protocol alone, all of them with the management API.

mod command;
mod documented;
mod table;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use harness::doctor::{Check, Checked, Examination, Status};
use harness::result::{EventSink, RunEvent};
use harness::run::doctor;
use harness::scenario::model::{Edition, ServerRole};
use harness::secret::Secret;
use harness::targets::config::{self, Sources};
use harness::targets::{
    Deployment, GivenTokens, Limits, ManagementToken, Server, SignInWay, Target,
};
use mock_okta::MockOkta;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const AGENT: &str = "wlpagentrsa000000001";

/// An org that looks real, and a right description of it, with the management API.
struct Org {
    org: MockOkta,
    right: Deployment,
}

async fn org() -> Org {
    let builder = MockOkta::builder().seed(2101).as_real().rate_limit(100_000);
    let org = builder.start().await.expect("the org starts");
    let right = described(&org);
    Org { org, right }
}

fn described(org: &MockOkta) -> Deployment {
    let sources = Sources {
        folder: Path::new("."),
        environment: &|_| None,
    };
    let mut right = config::parse("target.yaml", &org.target_file(), &sources)
        .unwrap_or_else(|problems| panic!("{problems}"));
    right.control = None;
    right.shows_internal_codes = false;
    let token = org.api_token().expect("an org that looks real has one");
    right.management = Some(ManagementToken::Api(Secret::new(token)));
    right
}

/// Changes the org as an administrator would.
fn set(org: &MockOkta, change: Value) {
    let Value::Object(change) = change else {
        panic!("a change is an object");
    };
    org.configure(change).expect("a change that can be made");
}

async fn examine(deployment: Deployment) -> Examination {
    let limits = Limits {
        connect: Duration::from_secs(2),
        ..Limits::default()
    };
    let target = Target::with(deployment, limits, None).expect("an HTTP client");
    doctor(&target, Edition::E2026_10, &[], &mut Nobody).await
}

/// Whom nothing is reported to.
struct Nobody;

impl EventSink for Nobody {
    fn on_event(&mut self, _: &RunEvent) {}
}

fn find<'e>(found: &'e Examination, check: Check, of: Option<&str>) -> &'e Checked {
    let same = |one: &&Checked| one.check == check && one.of.as_deref() == of;
    found
        .checks
        .iter()
        .find(same)
        .unwrap_or_else(|| panic!("nothing came of {} {of:?}: {}", check.id(), shown(found)))
}

fn shown(found: &Examination) -> String {
    let lines: Vec<String> = found
        .checks
        .iter()
        .map(|one| {
            let texts = [&one.evidence, &one.cure, &one.reason]
                .map(|text| text.clone().unwrap_or_default());
            format!(
                "{} {:?} {}: {}",
                one.status.as_str(),
                one.of,
                one.check.id(),
                texts.join(" | ")
            )
        })
        .collect();
    lines.join("\n")
}

fn org_at(file: &mut Deployment, issuer: &str) {
    file.servers
        .insert(ServerRole::Org, Server::at(ServerRole::Org, issuer));
}

fn given(file: &mut Deployment, token: &str) {
    file.sign_in = Some(SignInWay::Given(GivenTokens {
        id_token: Secret::new(token),
        access_token: None,
    }));
}

#[tokio::test]
async fn an_org_that_is_in_order_has_no_problem() {
    let Org { org, right } = org().await;
    let without = Deployment {
        management: None,
        ..right.clone()
    };
    let mut by_token = right.clone();
    given(
        &mut by_token,
        &org.sign_in("ada").await.expect("a sign-in").id_token,
    );
    for file in [right.clone(), without, by_token] {
        let has_settings = file.management.is_some();
        let found = examine(file).await;
        assert!(found.ready, "{}", shown(&found));
        for checked in &found.checks {
            let has_reason = checked.reason.is_some() && checked.find_out.is_some();
            assert!(checked.status == Status::Ok || has_reason, "{checked:?}");
        }
        let unknown: Vec<_> = found
            .checks
            .iter()
            .filter(|one| one.status == Status::Unknown)
            .collect();
        let expected = usize::from(!has_settings);
        // What has no credential to show stays unknown as well.
        let unknown: Vec<_> = unknown
            .iter()
            .filter(|one| one.of.as_deref() != Some("public_app"))
            .collect();
        assert_eq!(unknown.len(), expected, "{}", shown(&found));
        assert_eq!(find(&found, Check::Policy, None).status, Status::Ok);
    }
    // What the user has consented to is seen.
    org.grant_consent("ada", AGENT, "https://tracker.example.com")
        .expect("a consent");
    let found = examine(Deployment {
        consent_page: false,
        ..right
    })
    .await;
    assert_eq!(
        find(&found, Check::Consent, None).status,
        Status::Ok,
        "{}",
        shown(&found)
    );
}

#[tokio::test]
async fn it_changes_nothing_and_shows_no_secret() {
    let Org { org, right } = org().await;
    let before = org.journal().len();
    let secrets = right.credentials();
    let found = examine(right).await;
    let asked: BTreeSet<String> = org.journal()[before..]
        .iter()
        .map(|entry| format!("{} {}", entry.method, entry.endpoint))
        .collect();
    for one in &asked {
        let is_harmless = one.starts_with("GET ")
            || [
                "POST token",
                "POST introspect",
                "POST sign-in",
                "POST authorize-resume",
            ]
            .contains(&one.as_str());
        assert!(is_harmless, "{one}");
    }
    assert!(asked.len() > 4, "{asked:?}");
    let text = serde_json::to_string(&found).expect("JSON");
    for secret in &secrets {
        assert!(!text.contains(secret.expose()), "a secret is shown");
    }
    assert!(!text.contains("eyJ"), "a token is shown");
}

#[tokio::test]
async fn a_check_behind_one_that_failed_is_not_tried() {
    let Org {
        org: _org,
        mut right,
    } = org().await;
    org_at(&mut right, "https://127.0.0.1:1");
    let found = examine(right).await;
    for check in [
        Check::Issuer,
        Check::Policy,
        Check::Consent,
        Check::Management,
    ] {
        let checked = find(&found, check, None);
        assert_eq!(checked.status, Status::Unknown);
        let reason = checked.reason.as_deref().unwrap_or_default();
        assert_eq!(
            reason,
            "not tried because `network.connection` is a problem"
        );
    }
    let problems = found
        .checks
        .iter()
        .filter(|one| one.status == Status::Problem);
    assert_eq!(problems.count(), 1, "{}", shown(&found));
}

#[tokio::test]
async fn the_internal_code_of_the_system_log_names_the_cause() {
    let Org { org, mut right } = org().await;
    // The requests alone do not say why.
    set(
        &org,
        json!({ "vault": { "secrets": [{ "id": "5a3c1f0e-0000-4000-8000-000000000001", "entitled_users": [] }] } }),
    );
    right.resources.retain(|name, _| *name == "secret");
    let found = examine(right).await;
    let evidence = find(&found, Check::Entitlement, Some("secret"))
        .evidence
        .as_deref();
    assert!(
        evidence.is_some_and(|text| text.contains("(internal code `access_denied`)")),
        "{evidence:?}"
    );
}

#[tokio::test]
async fn a_portal_on_the_way_is_no_org() {
    let portal = MockServer::start().await;
    Mock::given(any())
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_raw("<html>Sign in to the network</html>", "text/html"),
        )
        .mount(&portal)
        .await;
    let Org {
        org: _org,
        mut right,
    } = org().await;
    org_at(&mut right, &portal.uri());
    let found = examine(right).await;
    let proxy = find(&found, Check::Proxy, None);
    assert_eq!(proxy.status, Status::Problem, "{}", shown(&found));
    assert!(
        proxy
            .cure
            .as_deref()
            .is_some_and(|cure| cure.contains("proxy or firewall"))
    );
}

#[tokio::test]
async fn a_clock_that_is_off_and_a_limit_that_is_spent_are_found() {
    let Org { org, right } = org().await;
    org.advance_clock(Duration::from_secs(400))
        .expect("a clock");
    let found = examine(right).await;
    let clock = find(&found, Check::Clock, None);
    assert_eq!(clock.status, Status::Problem);
    assert!(
        clock
            .evidence
            .as_deref()
            .is_some_and(|text| text.contains("6 min behind")),
        "{clock:?}"
    );

    let builder = MockOkta::builder().seed(2102).as_real().rate_limit(6);
    let org = builder.start().await.expect("the org starts");
    let mut file = described(&org);
    file.management = None;
    let found = examine(file).await;
    let limit = find(&found, Check::RateLimit, None);
    assert_eq!(limit.status, Status::Problem, "{}", shown(&found));
    assert!(
        limit
            .cure
            .as_deref()
            .is_some_and(|cure| cure.contains("max_requests_per_minute"))
    );
    // A limit is no fault of the settings.
    let others = found
        .checks
        .iter()
        .filter(|one| one.status == Status::Problem);
    assert_eq!(others.count(), 1, "{}", shown(&found));
}
