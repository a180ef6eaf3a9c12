//! Rules that hold for every answer, in a run.

use std::sync::Arc;

use super::bench::{Bench, Reply};
use super::{Edition, RunOptions};
use crate::result::{Blame, Verdict};
use crate::scenario::model::Invariants;

const FLOW: &str = r#"
resource_type: none
covers: [token.cache-headers]
steps:
  - id: documents
    metadata: { of: org }
  - id: token
    http:
      method: POST
      url: "${org.token_endpoint}"
      form: { grant_type: client_credentials, client_id: "${agent.client_id}" }
    expect: { status: 200 }
"#;

const RULES: &str = r"
- id: uncacheable
  title: Nothing is cached
  covers: [token.cache-headers]
  applies_to: { endpoint: token, outcome: success }
  expect: { headers: { cache-control: { directive: no-store } } }
- id: advice
  title: A SHOULD
  covers: [userinfo.no-null]
  applies_to: { endpoint: metadata }
  expect: { body: { issuer: { absent: true } } }
- id: unseen
  title: Nothing like this is seen
  covers: [token.cache-headers]
  applies_to: { endpoint: keys }
  relation: key-sizes
";

fn rules() -> Arc<Invariants> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("invariants.yaml"), RULES).unwrap();
    let rules = crate::scenario::invariants_of(folder.path());
    Arc::new(rules.unwrap_or_else(|problems| panic!("{}", problems[0])))
}

async fn bench(cache_control: &'static str) -> Bench {
    Bench::start(move |request| match request.path.as_str() {
        "/oauth2/v1/token" => {
            Reply::json(200, r#"{"access_token":"x"}"#).header("cache-control", cache_control)
        }
        _ => Reply::json(200, r#"{"issuer":"x"}"#),
    })
    .await
}

fn options() -> RunOptions {
    let mut options = RunOptions::new(Edition::E2026_10);
    options.invariants = rules();
    options
}

#[tokio::test]
async fn a_rule_is_a_result_with_the_answers_it_was_applied_to() {
    let ran = bench("no-cache, NO-STORE").await;
    let ran = ran.run_with("flow", FLOW, &options()).await;
    let rule = ran.case("invariants/uncacheable");
    assert_eq!(rule.verdict, Verdict::Passed);
    assert_eq!(rule.applied.as_ref().unwrap().exchanges, 1);
    assert_eq!(
        (rule.findings[0].step.as_str(), rule.findings.len()),
        ("org", 1)
    );
    assert!(rule.twin().is_none());
    let unseen = ran.case("invariants/unseen");
    assert_eq!(unseen.verdict, Verdict::Skipped);
    let reason = unseen.reason.as_deref();
    assert_eq!(reason, Some("no answer of this kind was seen in this run"));
    assert!(ran.result.incomplete.is_none());
    assert_eq!(ran.result.summary.total, 4);
}

#[tokio::test]
async fn what_breaks_a_rule_is_weighed_blamed_and_shown() {
    let ran = bench("public").await;
    let ran = ran.run_with("flow", FLOW, &options()).await;
    // The scenario itself looks at the status alone.
    assert_eq!(ran.case("flow").verdict, Verdict::Passed);
    let rule = ran.case("invariants/uncacheable");
    assert_eq!(
        (rule.verdict, rule.blame),
        (Verdict::Failed, Some(Blame::OrgServer))
    );
    let reason = "1 of 1 answer differs; the first is that of step `token` in `flow`";
    assert_eq!(rule.reason.as_deref(), Some(reason));
    assert!(
        rule.source.to_string().ends_with("invariants.yaml:2"),
        "{}",
        rule.source
    );
    let shown = &ran.result.varying.cases["invariants/uncacheable"].exchanges;
    assert_eq!(shown.len(), 1);
    assert!(shown[0].judged && shown[0].request.url.ends_with("/oauth2/v1/token"));
    // A step that only prepares is watched as well.
    let advice = ran.case("invariants/advice");
    assert_eq!(advice.verdict, Verdict::Warning);
    assert_eq!(advice.findings[0].actual.as_deref(), Some("string `x`"));
}

#[tokio::test]
async fn a_run_that_ends_early_tells_what_broke_and_passes_nothing() {
    let bench = bench("public").await;
    let mut options = options();
    options.fail_fast = true;
    let flow = FLOW.replace("expect: { status: 200 }", "expect: { status: 201 }");
    let ran = bench.run_with("flow", &flow, &options).await;
    assert!(ran.result.incomplete.is_some());
    assert_eq!(ran.case("invariants/uncacheable").verdict, Verdict::Failed);
    assert_eq!(ran.case("invariants/unseen").verdict, Verdict::NotRun);
}
