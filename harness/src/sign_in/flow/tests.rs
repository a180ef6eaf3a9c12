use std::io::Cursor;
use std::sync::atomic::{AtomicUsize, Ordering};

use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::scenario::model::ClientRole;
use crate::sign_in::sample::Org;
use crate::targets::{DEFAULT_SCOPE, sample};

/// Standard input that ends after this text.
fn pasted(text: &str) -> Pasted {
    Pasted::from(Cursor::new(text.as_bytes().to_vec()))
}

#[tokio::test]
async fn a_sign_in_that_cannot_come_to_an_end_is_not_begun() {
    let server = MockServer::start().await;
    let keys = ResponseTemplate::new(200).set_body_raw(Org::new().document, "application/json");
    Mock::given(path("/oauth2/v1/keys"))
        .respond_with(keys)
        .mount(&server)
        .await;
    let mut deployment = sample::deployment(&server.uri());
    let agent = deployment.clients.get_mut(&ClientRole::Agent).unwrap();
    agent.redirect_uri = Some("https://app.example/callback".to_owned());
    let target = sample::target(deployment);
    let asked = Asked {
        target: &target,
        edition: Edition::E2026_10,
        user: UserRole::Ada,
        scope: DEFAULT_SCOPE,
    };
    let asking = Asking {
        opens_browser: true,
        within: Duration::from_secs(5),
        timeout_option: "--timeout",
        pasted: Some(pasted("")),
    };
    let shown = AtomicUsize::new(0);
    let show = |_| {
        shown.fetch_add(1, Ordering::SeqCst);
    };
    let error = by_person(&asked, &asking, &show).await.unwrap_err();
    assert!(matches!(error, SignInError::Unreachable { .. }), "{error}");
    assert_eq!(shown.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn the_reason_why_nobody_listens_is_said_when_nothing_more_is_pasted() {
    let denied = SignInError::CannotListen {
        address: "127.0.0.1:80".to_owned(),
        in_use: false,
        why: "permission denied".to_owned(),
    };
    let place = Place::Elsewhere(denied.clone());
    let expected = Expected {
        state: "the-state".to_owned(),
        issuer: "https://org.example".to_owned(),
    };
    let shown = AtomicUsize::new(0);
    let show = |_| {
        shown.fetch_add(1, Ordering::SeqCst);
    };
    let answered = answer(&place, Some(&pasted("what?\n")), &expected, &show).await;
    assert_eq!(answered, Err(denied));
    assert_eq!(
        shown.load(Ordering::SeqCst),
        1,
        "what was pasted is no answer"
    );
}
