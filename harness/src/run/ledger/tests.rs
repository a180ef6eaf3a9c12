use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::evidence::Public;
use crate::exchange::{Party, RequestSpec, Response};
use crate::scenario::model::Edition;
use crate::secret::Salt;
use crate::targets::{GivenRefreshToken, PacePolicy, SignInWay, sample};

const TOKEN: &str = "https://a.example/oauth2/v1/token";
const REVOKE: &str = "https://a.example/oauth2/v1/revoke";

fn ledger(given: &str) -> RunLedger {
    let mut deployment = sample::deployment("https://a.example");
    deployment.sign_in = Some(SignInWay::Refresh(GivenRefreshToken {
        token: Secret::new(given),
        file: None,
    }));
    RunLedger::new(&deployment, None)
}

fn exchange(url: &str, form: &[(&str, &str)], status: u16, body: &Value) -> Exchange {
    let mut request = RequestSpec::new(Party::Org, "POST", url);
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    request.payload = Payload::Form(form.iter().map(pair).collect());
    Exchange {
        request,
        response: Response::new(status, Vec::new(), body.to_string().as_bytes()),
        elapsed: Duration::ZERO,
    }
}

/// Kind and end of everything.
fn entries(ledger: &RunLedger) -> Vec<(ObtainedKind, End)> {
    let redactor = Redactor::new(Salt::new(*b"salt"), Public::default(), "https://a.example");
    let entries = ledger.redacted(&redactor);
    entries.iter().map(|one| (one.kind, one.end)).collect()
}

#[test]
fn what_answers_hand_out_is_kept_by_kind() {
    let ledger = ledger("given");
    let id_jag = "urn:ietf:params:oauth:token-type:id-jag";
    let sts = "urn:okta:params:oauth:token-type:oauth-sts";
    for body in [
        json!({"access_token": "at-1", "refresh_token": "rt-1", "expires_in": 3600}),
        json!({"access_token": "jag-1", "issued_token_type": id_jag, "expires_in": 300}),
        json!({"access_token": "sts-1", "issued_token_type": sts}),
        json!({"vaulted_secret": {"apikey": "k"}, "expires_in": 300}),
        json!({"service_account": {"username": "u", "password": "p"}}),
        // Given once more: the same thing.
        json!({"access_token": "sts-1", "issued_token_type": sts}),
        json!({"error": "invalid_grant"}),
    ] {
        ledger.note(&exchange(TOKEN, &[("client_id", "wlpagent")], 200, &body));
    }
    ledger.note(&exchange(
        TOKEN,
        &[],
        400,
        &json!({"access_token": "refused"}),
    ));
    assert_eq!(
        entries(&ledger),
        [
            (ObtainedKind::AccessToken, End::Expires),
            (ObtainedKind::RefreshToken, End::Expires),
            (ObtainedKind::IdJag, End::Expires),
            (ObtainedKind::BrokeredToken, End::Expires),
            (ObtainedKind::VaultedSecret, End::Expires),
            (ObtainedKind::ServiceAccount, End::Expires),
        ]
    );
    let client = |index: usize| ledger.lock().entries[index].client;
    assert_eq!(client(0), Some(ClientRole::Agent));
    assert_eq!(ledger.lock().entries[0].server, Some(ServerRole::Org));
}

#[test]
fn what_a_case_ends_itself_is_not_revoked_again() {
    let ledger = ledger("given");
    let client = ("client_id", "wlpagent");
    let body = json!({"access_token": "at-1", "refresh_token": "rt-1"});
    ledger.note(&exchange(TOKEN, &[client], 200, &body));
    ledger.note(&exchange(
        REVOKE,
        &[client, ("token", "at-1")],
        200,
        &json!({}),
    ));
    let body = json!({"access_token": "at-2", "refresh_token": "rt-2"});
    ledger.note(&exchange(
        TOKEN,
        &[client, ("refresh_token", "rt-1")],
        200,
        &body,
    ));
    assert_eq!(
        entries(&ledger),
        [
            (ObtainedKind::AccessToken, End::Revoked),
            (ObtainedKind::RefreshToken, End::Replaced),
            (ObtainedKind::AccessToken, End::Expires),
            (ObtainedKind::RefreshToken, End::Expires),
        ]
    );
}

#[test]
fn the_sign_in_of_the_target_file_is_kept_however_often_its_token_changes() {
    let ledger = ledger("given");
    for (used, next) in [("given", "given-2"), ("given-2", "given-3")] {
        let body = json!({"access_token": format!("at of {used}"), "refresh_token": next});
        let form = [("client_id", "wlpagent"), ("refresh_token", used)];
        ledger.note(&exchange(TOKEN, &form, 200, &body));
    }
    let kept: BTreeMap<End, usize> =
        entries(&ledger)
            .into_iter()
            .fold(BTreeMap::new(), |mut counted, (_, end)| {
                *counted.entry(end).or_default() += 1;
                counted
            });
    assert_eq!(kept, BTreeMap::from([(End::Kept, 4)]));
}

/// A server answers 200 to whoever revokes what is not theirs (RFC 7009 section 2.2), and the token lives on.
#[test]
fn what_another_client_or_server_revokes_lives_on() {
    let agent = ("client_id", "wlpagent");
    let custom = "https://a.example/oauth2/aus1/v1/revoke";
    let page = json!("<!doctype html><title>Sign in</title>");
    for (name, url, client, body, end) in [
        ("own", REVOKE, Some("wlpagent"), json!({}), End::Revoked),
        (
            "other agent",
            REVOKE,
            Some("wlpother"),
            json!({}),
            End::Expires,
        ),
        (
            "unknown client",
            REVOKE,
            Some("nobody"),
            json!({}),
            End::Expires,
        ),
        ("no client", REVOKE, None, json!({}), End::Expires),
        (
            "other server",
            custom,
            Some("wlpagent"),
            json!({}),
            End::Expires,
        ),
        ("portal", REVOKE, Some("wlpagent"), page, End::Expires),
    ] {
        let ledger = ledger("given");
        ledger.note(&exchange(
            TOKEN,
            &[agent],
            200,
            &json!({"access_token": "at-1"}),
        ));
        let mut form = vec![("token", "at-1")];
        form.extend(client.map(|client| ("client_id", client)));
        let text = body.as_str().map(str::to_owned);
        let mut revocation = exchange(url, &form, 200, &body);
        if let Some(text) = text {
            revocation.response = Response::new(200, Vec::new(), text.as_bytes());
        }
        ledger.note(&revocation);
        assert_eq!(
            entries(&ledger),
            [(ObtainedKind::AccessToken, end)],
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_run_that_has_used_up_its_requests_gives_back_what_it_obtained() {
    let server = wiremock::MockServer::start().await;
    wiremock::Mock::given(wiremock::matchers::path("/oauth2/v1/revoke"))
        .respond_with(wiremock::ResponseTemplate::new(200))
        .expect(1)
        .mount(&server)
        .await;
    let target = sample::target(sample::deployment(&server.uri()));
    let target = target.paced(PacePolicy {
        most_requests: Some(0),
        ..PacePolicy::default()
    });
    let ledger = RunLedger::new(target.deployment(), None);
    let token_endpoint = format!("{}/oauth2/v1/token", server.uri());
    let body = json!({"access_token": "at-1", "expires_in": 3600});
    ledger.note(&exchange(
        &token_endpoint,
        &[("client_id", "wlpagent")],
        200,
        &body,
    ));
    let request = RequestSpec::new(Party::Org, "GET", token_endpoint);
    assert!(
        target
            .send(request)
            .await
            .is_err_and(|trouble| trouble.is_own_limit())
    );
    ledger.revoke(&target, Edition::E2026_10, PATIENCE).await;
    assert_eq!(
        entries(&ledger),
        [(ObtainedKind::AccessToken, End::Revoked)]
    );
}
