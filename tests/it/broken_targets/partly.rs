//! One endpoint is out of order: what needs it cannot be judged, the rest is judged as ever.

use std::time::Duration;

use harness::result::Verdict;
use harness::targets::Limits;
use mock_okta::MockOkta;
use rstest::rstest;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{run_at, run_within};

#[rstest]
#[case::is_overloaded(ResponseTemplate::new(503))]
#[case::shows_a_page(ResponseTemplate::new(200).set_body_raw("<h1>Sign in</h1>", "text/html"))]
#[case::refuses_with_a_page(ResponseTemplate::new(400).set_body_raw("<h1>Bad request</h1>", "text/html"))]
#[case::takes_too_long(ResponseTemplate::new(200).set_delay(Duration::from_secs(2)))]
#[tokio::test(flavor = "multi_thread")]
async fn when_the_token_endpoint(#[case] answer: ResponseTemplate) {
    let server = MockServer::start().await;
    let _org = MockOkta::builder().mount_on(&server).await.expect("an org");
    Mock::given(path("/oauth2/v1/token"))
        .respond_with(answer)
        .mount(&server)
        .await;
    // What works may take its time on a busy machine; only what hangs is to be believed soon.
    let metadata = run_within(Limits::default(), &server.uri(), &["metadata/org"]).await;
    let flows = ["secret/", "authorization-server/exchange-scope"];
    let flows = run_at(&server.uri(), &flows).await;
    let (metadata, flows) = (metadata.results, flows.results);
    assert!(
        metadata.len() > 1 && flows.len() > 20,
        "{} {}",
        metadata.len(),
        flows.len()
    );
    for case in metadata {
        assert_eq!(
            case.verdict,
            Verdict::Passed,
            "{}: {:?}",
            case.id,
            case.reason
        );
    }
    for case in flows {
        assert_eq!(
            case.verdict,
            Verdict::Error,
            "{}: {:#?}",
            case.id,
            case.findings
        );
        assert!(case.reason.is_some(), "{} does not say why", case.id);
    }
}
