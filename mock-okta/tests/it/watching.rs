//! Watching what clients ask: the journal's filters, waiting for the next request, requests as they were sent, the log.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use mock_okta::{JournalQuery, LogFormat, MockOkta, RequestLog};
use serde_json::Value;

use crate::client::{client, json, send};

async fn journal(okta: &MockOkta, query: &str) -> Value {
    let url = format!("http://{}/_mock/journal{query}", okta.address());
    json(send(client().get(url)).await).await
}

fn names(journal: &Value, member: &str) -> Vec<String> {
    let entries = journal["entries"].as_array().expect("entries");
    let text = |entry: &Value| entry[member].as_str().unwrap_or_default().to_owned();
    entries.iter().map(text).collect()
}

#[tokio::test]
async fn the_journal_is_filtered_by_endpoint_user_and_client_and_goes_newest_first() {
    let okta = MockOkta::start().await.expect("an org");
    okta.sign_in("ada").await.expect("tokens");
    okta.sign_in("grace").await.expect("tokens");
    send(client().get(format!("{}/oauth2/v1/keys", okta.base_url()))).await;

    let newest = journal(&okta, "?order=newest&limit=2").await;
    assert_eq!(names(&newest, "endpoint"), ["keys", "token"]);
    let of_grace = journal(&okta, "?user=grace&endpoint=token").await;
    assert_eq!(names(&of_grace, "user"), ["00ugrace000000000001"]);
    assert_eq!(of_grace["entries"][0]["http_version"], "1.1");
    assert_eq!(of_grace["entries"][0]["tls_version"], Value::Null);
    let by_login = journal(&okta, "?user=ada@example.com").await;
    assert!(
        names(&by_login, "endpoint").contains(&"authorize".to_owned())
            || names(&by_login, "endpoint").contains(&"sign-in".to_owned())
    );
    let nobody = journal(&okta, "?client_id=0oanobody00000000001").await;
    assert!(names(&nobody, "path").is_empty());
    // The client assertion is there decoded, its signature is not.
    let assertion = &of_grace["entries"][0]["request"]["client_assertion"];
    assert_eq!(assertion["header"]["alg"], "RS256");
    assert_eq!(assertion["claims"]["iss"], "wlpagentrsa000000001");
}

#[tokio::test]
async fn a_wait_ends_with_the_next_request_that_matches() {
    let okta = MockOkta::start().await.expect("an org");
    okta.sign_in("ada").await.expect("tokens");
    let started = Instant::now();
    let waiting = journal(&okta, "/wait?endpoint=userinfo&timeout=30");
    let asking = async {
        // Asked again until the wait has begun and one of them ends it.
        for _ in 0..200 {
            send(client().get(format!("{}/oauth2/v1/keys", okta.base_url()))).await;
            send(client().get(format!("{}/oauth2/v1/userinfo", okta.base_url()))).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let found = tokio::select! {
        found = waiting => found,
        () = asking => panic!("the wait did not end"),
    };
    assert_eq!(names(&found, "endpoint"), ["userinfo"]);
    assert!(started.elapsed() < Duration::from_secs(20));

    // What was answered before counts only from a number on.
    let past = journal(&okta, "/wait?endpoint=token&after=0&timeout=0").await;
    assert_eq!(names(&past, "endpoint"), ["token"]);
    let nothing = journal(&okta, "/wait?endpoint=token&timeout=0").await;
    assert!(names(&nothing, "endpoint").is_empty());
    assert!(nothing["next"].as_u64().is_some_and(|next| next > 0));
}

#[tokio::test]
async fn a_test_in_this_process_waits_as_well() {
    let okta = MockOkta::start().await.expect("an org");
    let query = JournalQuery {
        endpoint: Some("token".to_owned()),
        user: Some("ada".to_owned()),
        ..JournalQuery::default()
    };
    let (asked, signed_in) = tokio::join!(
        okta.next_request(query.clone(), Duration::from_secs(20)),
        okta.sign_in("ada"),
    );
    signed_in.expect("tokens");
    assert_eq!(
        asked.expect("a request").client_id.as_deref(),
        Some("wlpagentrsa000000001")
    );
    assert!(okta.next_request(query, Duration::ZERO).await.is_none());
}

#[tokio::test]
async fn requests_are_kept_as_they_were_sent_where_that_is_asked_for() {
    let ask = async |keep: bool| {
        let builder = MockOkta::builder().keep_raw_exchanges(keep);
        let okta = builder.start().await.expect("an org");
        let url = format!("{}/oauth2/v1/token", okta.base_url());
        let form = "grant_type=client_credentials&client_secret=a+raw%20secret&client_secret=twice";
        let request = client().post(url).body(form).header("x-agent", "seven");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        send(request).await;
        journal(&okta, "?raw=true").await
    };
    let kept = ask(true).await;
    let raw = &kept["entries"][0]["raw"];
    assert_eq!(
        raw["body"],
        "grant_type=client_credentials&client_secret=a+raw%20secret&client_secret=twice"
    );
    assert_eq!(raw["target"], "/oauth2/v1/token");
    let sent = raw["headers"].as_array().expect("fields");
    assert!(
        sent.contains(&serde_json::json!(["x-agent", "seven"])),
        "{raw}"
    );
    assert_eq!(raw["answer"]["status"], kept["entries"][0]["status"]);
    assert!(
        raw["answer"]["body"]
            .as_str()
            .is_some_and(|body| body.contains("\"error\""))
    );
    let usual = ask(false).await;
    assert_eq!(usual["entries"][0]["raw"], Value::Null);
    assert!(!usual.to_string().contains("raw%20secret"));
}

#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8(bytes.clone()).expect("text")
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn each_request_of_a_client_is_a_line_without_its_secrets() {
    let page = Page::default();
    let log = RequestLog::start(LogFormat::Text, page.clone()).expect("a thread");
    let okta = MockOkta::builder()
        .request_log(log)
        .start()
        .await
        .expect("an org");
    let url = format!("{}/oauth2/v1/token?hint=a-secret-word", okta.base_url());
    let form = "grant_type=x&client_id=wlpagentrsa000000001&client_secret=a-secret";
    let request = client().post(url).body(form);
    send(request.header("content-type", "application/x-www-form-urlencoded")).await;
    send(client().get(format!("http://{}/health", okta.address()))).await;
    send(client().get(format!("http://{}/_mock/journal", okta.address()))).await;
    // The writer ends with the org, and everything that waited is written by then.
    okta.shutdown().await;
    let deadline = Instant::now() + Duration::from_secs(20);
    while page.text().is_empty() && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let text = page.text();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(
        text.contains(" POST /oauth2/v1/token wlpagentrsa000000001 "),
        "{text}"
    );
    assert!(
        text.trim_end().ends_with(" ms") && !text.contains("secret"),
        "{text}"
    );
}
