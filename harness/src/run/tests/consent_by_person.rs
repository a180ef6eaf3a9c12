//! A person consents at a third party while a run goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::bench::{Bench, Ran, Reply};
use crate::result::{Blame, PersonDoes, RunEvent, Verdict};
use crate::run::RunOptions;
use crate::scenario::model::Edition;
use crate::targets::{Resource, SignInWay, StoredSignIns};
use crate::token_cache::{TokenCache, sample::of_ada};

const FLOW: &str = "
resource_type: none
covers: [okta.sts-after-consent]
steps:
  - sign_in: { as: user_client, user: ada }
    save: { id_token: body.id_token }
  - id: before-consent
    exchange:
      subject_token: ${id_token}
      requested_token_type: urn:okta:params:oauth:token-type:oauth-sts
      resource: ${resource_server.resource}
    expect: { status: 400, body: { error: interaction_required } }
    save: { interaction_uri: body.interaction_uri }
  - consent: { at: \"${interaction_uri}\", user: ada, decision: allow }
    expect: { status: { at_most: 399 } }
  - exchange:
      subject_token: ${id_token}
      requested_token_type: urn:okta:params:oauth:token-type:oauth-sts
      resource: ${resource_server.resource}
    expect: { status: 200 }
cases:
  - id: varied
    at: exchange
    change: { resource: other }
    expect: { status: 400 }
";

const LINK: &str = "https://org.example/oauth2/v1/sts/redirect?dataHandle=handle-canary-0123456789";

/// Runs the flow. `comes`: whether the person consents; `before`: whether the user has done so before the run.
async fn run(comes: bool, before: bool) -> (Ran, usize) {
    run_with_link(comes, before, LINK).await
}

async fn run_with_link(comes: bool, before: bool, link: &'static str) -> (Ran, usize) {
    let folder = tempfile::tempdir().unwrap();
    let consented = Arc::new(AtomicBool::new(before));
    let given = consented.clone();
    let answer = move |_: &super::bench::Request| {
        if given.load(Ordering::SeqCst) {
            return Reply::json(200, r#"{"access_token":"brokered-canary-0123456789"}"#);
        }
        let body = format!(r#"{{"error":"interaction_required","interaction_uri":"{link}"}}"#);
        Reply::json(400, body)
    };
    let bench = Bench::start_with(answer, |deployment| {
        deployment.control = None;
        deployment.consent_page = false;
        let resource = Resource {
            resource: "https://third.example/api".to_owned(),
            api: None,
            field: None,
            scope: None,
        };
        deployment.resources.insert("resource_server", resource);
        let file = folder.path().join("cache.json");
        let issuer = deployment.org().unwrap().issuer.clone();
        let now = jiff::Timestamp::now().as_second();
        TokenCache::keep(&file, of_ada(&issuer, now + 3600)).unwrap();
        deployment.sign_in = Some(SignInWay::Browser(StoredSignIns::read(file)));
    })
    .await;
    let mut options = RunOptions::new(Edition::E2026_10);
    options.asking.opens_browser = false;
    options.consent_within = Duration::from_millis(if comes { 5000 } else { 200 });
    let mut asked = 0;
    let ran = bench
        .run_heard("s", FLOW, &options, &mut |event| {
            if let RunEvent::PersonAsked(request) = event {
                asked += 1;
                let case = "s".to_owned();
                assert_eq!(request.does, PersonDoes::Consents { case });
                assert!(
                    request.link.contains("dataHandle=handle-canary"),
                    "{request:?}"
                );
                consented.store(comes, Ordering::SeqCst);
            }
        })
        .await;
    assert!(
        !serde_json::to_string(&ran.result)
            .unwrap()
            .contains("canary")
    );
    (ran, asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_flow_goes_on_once_the_person_has_consented() {
    let (ran, asked) = run(true, false).await;
    assert_eq!(
        (ran.case("s").verdict, asked),
        (Verdict::Passed, 1),
        "{:?}",
        ran.case("s")
    );
    // Nobody saw the page, so nothing is judged of it.
    let seen = ran
        .case("s")
        .findings
        .iter()
        .filter(|finding| finding.step == "consent");
    assert_eq!(seen.count(), 0);
    let varied = ran.case("s/varied");
    assert_eq!(varied.verdict, Verdict::Skipped);
    assert!(
        varied
            .reason
            .as_deref()
            .unwrap()
            .contains("once in a run, for s"),
        "{varied:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_nobody_gives_is_an_error_and_no_failure() {
    let (ran, asked) = run(false, false).await;
    let case = ran.case("s");
    assert_eq!(
        (case.verdict, case.blame, asked),
        (Verdict::Error, Some(Blame::Harness), 1)
    );
    assert!(
        case.reason
            .as_deref()
            .unwrap()
            .contains("nobody has consented"),
        "{case:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_no_web_address_is_shown_to_nobody() {
    for link in ["file:///etc/passwd?dataHandle=x", "calculator:x"] {
        let (ran, asked) = run_with_link(true, false, link).await;
        let case = ran.case("s");
        let reason = case.reason.as_deref().unwrap();
        assert_eq!(
            (case.verdict, case.blame, asked),
            (Verdict::Error, Some(Blame::OrgServer), 0),
            "{reason}"
        );
        assert!(reason.contains("is not opened"), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_has_consented_before_is_no_fault_of_the_org() {
    let (ran, asked) = run(false, true).await;
    let case = ran.case("s");
    assert_eq!((case.verdict, asked), (Verdict::Skipped, 0), "{case:?}");
    assert!(
        case.reason
            .as_deref()
            .unwrap()
            .contains("has consented at the third party before")
    );
}
