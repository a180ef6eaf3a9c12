//! Wire faults, as a client at the other end of a socket sees them.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use mock_okta::jiff::Timestamp;
use mock_okta::{Endpoint, Fault, FaultError, FaultKind, MockOkta, StartError};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{AGENT, client, header, json, send};

const KEYS: &str = "/oauth2/v1/keys";

async fn org(fault: Fault) -> MockOkta {
    let builder = MockOkta::builder().fault(fault);
    builder.start().await.expect("an org")
}

/// A connection on which one request for the keys was sent.
async fn asked(okta: &MockOkta) -> TcpStream {
    let mut stream = connect(okta).await.expect("a connection");
    ask(&mut stream).await;
    stream
}

async fn connect(okta: &MockOkta) -> std::io::Result<TcpStream> {
    TcpStream::connect(okta.address()).await
}

async fn ask(stream: &mut TcpStream) {
    let request = format!("GET {KEYS} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
}

/// All that comes until the connection ends, and how it ends.
async fn until_the_end(stream: &mut TcpStream) -> (String, Option<ErrorKind>) {
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).await;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (text, end.err().map(|error| error.kind()))
}

/// An answer by its `Content-Length`, the connection left as it is.
async fn answer(stream: &mut TcpStream) -> (String, String) {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= content_length(head)
        {
            return (head.to_owned(), body.to_owned());
        }
        bytes.push(stream.read_u8().await.expect("a byte"));
    }
}

fn content_length(head: &str) -> usize {
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|(_, value)| value.parse().ok());
    length.expect("a content-length")
}

async fn keys(okta: &MockOkta) -> reqwest::Response {
    send(client().get(format!("{}{KEYS}", okta.base_url()))).await
}

#[tokio::test]
async fn an_answer_comes_late_and_is_right() {
    let late = Duration::from_millis(300);
    let okta = org(Fault::delay(late).at(Endpoint::Keys).next(1)).await;
    let begin = Instant::now();
    let answer = keys(&okta).await;
    assert!(begin.elapsed() >= late, "{:?}", begin.elapsed());
    assert_eq!(answer.status(), 200);
    assert!(json(answer).await["keys"].is_array());
    assert_eq!(okta.faults()[0].left, Some(0));
}

#[tokio::test]
async fn other_answers_arrive_as_they_are() {
    for (fault, status, media_type, body) in [
        (
            "status=418,body=short\\, stout",
            418,
            "text/plain",
            "short, stout",
        ),
        ("unavailable", 503, "text/plain", "Service Unavailable\n"),
        ("rate-limited", 429, "application/json", "\"E0000047\""),
        ("html-page", 502, "text/html", "<h1>502 Bad Gateway</h1>"),
        ("truncated-json=8", 200, "application/json", "{\"keys\":"),
        ("malformed-json", 200, "application/json", "{\"keys\"=["),
        ("empty-body", 200, "application/json", ""),
        ("wrong-content-type", 200, "text/plain", "{\"keys\":["),
    ] {
        let okta = org(fault.parse().expect("a fault")).await;
        let answer = keys(&okta).await;
        assert_eq!(answer.status().as_u16(), status, "{fault}");
        assert_eq!(header(&answer, "content-type"), media_type, "{fault}");
        let text = answer.text().await.expect("a complete message");
        assert!(text.contains(body), "{fault}: {text}");
        assert_eq!(text.is_empty(), body.is_empty(), "{fault}: {text}");
        let entry = okta.journal().pop().expect("an entry");
        assert_eq!(entry.status, status, "{fault}");
        assert_eq!(entry.fault, Some(okta.faults()[0].fault.kind().id()));
    }
}

#[tokio::test]
async fn a_limit_is_reckoned_on_the_orgs_clock() {
    let okta = org(Fault::rate_limited().retry_after(7)).await;
    let noon: Timestamp = "2031-05-01T12:00:00Z".parse().expect("an instant");
    okta.set_clock(noon).expect("set");
    let answer = keys(&okta).await;
    assert!(header(&answer, "date").starts_with("Thu, 01 May 2031 12:00:0"));
    assert_eq!(header(&answer, "retry-after"), "7");
    let reset: i64 = header(&answer, "x-rate-limit-reset")
        .parse()
        .expect("a number");
    let noon = noon.as_second();
    assert!((noon + 60..noon + 70).contains(&reset), "{reset}");
}

#[tokio::test]
async fn a_connection_ends_before_its_answer() {
    for (fault, end) in [
        (Fault::cut_before(), None),
        (
            Fault::cut_before().reset_connection(),
            Some(ErrorKind::ConnectionReset),
        ),
    ] {
        let okta = org(fault.next(1)).await;
        let seen = until_the_end(&mut asked(&okta).await).await;
        assert_eq!(seen, (String::new(), end));
        assert_eq!(keys(&okta).await.status(), 200);
    }
}

#[tokio::test]
async fn a_connection_ends_within_its_answer() {
    for (fault, end, kept) in [
        (Fault::cut_within(), None, None),
        (Fault::cut_within().bytes(5), None, Some(5)),
        (Fault::cut_within().bytes(0), None, Some(0)),
        (
            Fault::cut_within().bytes(5).reset_connection(),
            Some(ErrorKind::ConnectionReset),
            Some(5),
        ),
    ] {
        let okta = org(fault.next(1)).await;
        let whole = keys(&org(Fault::delay(Duration::from_millis(1))).await).await;
        let (seen, how) = until_the_end(&mut asked(&okta).await).await;
        assert_eq!(how, end);
        let (head, body) = seen.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        let length = content_length(head);
        assert_eq!(body.len(), kept.unwrap_or(length / 2));
        assert!(length > 100 && whole.content_length().is_some_and(|whole| whole > 100));
        // A client that reads by the length notices.
        let okta = org(Fault::cut_within().next(1)).await;
        let answer = keys(&okta).await;
        assert!(answer.bytes().await.is_err());
    }
}

#[tokio::test]
async fn an_answer_without_content_is_cut_within_as_well() {
    let okta = org(Fault::cut_within().at(Endpoint::Logout)).await;
    let mut stream = connect(&okta).await.expect("a connection");
    let request = "POST /oauth2/v1/logout HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
    stream.write_all(request.as_bytes()).await.expect("sent");
    let (seen, _) = until_the_end(&mut stream).await;
    let (head, body) = seen.split_once("\r\n\r\n").expect("a head");
    assert!(body.len() < content_length(head), "{seen}");
    // The answer to HEAD has nothing after its head, so the connection ends before it.
    let okta = org(Fault::cut_within()).await;
    let mut stream = connect(&okta).await.expect("a connection");
    let request = format!("HEAD {KEYS} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    assert_eq!(until_the_end(&mut stream).await, (String::new(), None));
}

#[tokio::test]
async fn a_connection_ends_after_its_complete_answer_unannounced() {
    for (fault, end) in [
        (Fault::cut_after(), None),
        (
            Fault::cut_after().reset_connection(),
            Some(ErrorKind::ConnectionReset),
        ),
    ] {
        let okta = org(fault.at(Endpoint::Keys).next(1)).await;
        let (seen, how) = until_the_end(&mut asked(&okta).await).await;
        assert_eq!(how, end);
        let (head, body) = seen.split_once("\r\n\r\n").expect("a head");
        assert_eq!(body.len(), content_length(head));
        let keys: Value = serde_json::from_str(body).expect("JSON");
        assert!(keys["keys"].is_array());
        assert!(!head.to_ascii_lowercase().contains("connection:"), "{head}");
    }
    // So does the connection of an answer without content.
    let okta = org(Fault::cut_after().at(Endpoint::Authorize)).await;
    let mut stream = connect(&okta).await.expect("a connection");
    let path = "/oauth2/v1/authorize?client_id=0oawebapp00000000001&response_type=code&scope=openid&state=s\
                &redirect_uri=http://localhost:8787/callback&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\
                &code_challenge_method=S256";
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let (seen, how) = until_the_end(&mut stream).await;
    assert!(seen.starts_with("HTTP/1.1 302 Found\r\n"), "{seen}");
    assert!(seen.ends_with("\r\n\r\n") && how.is_none(), "{seen}");
}

#[tokio::test]
async fn content_comes_slowly_and_whole() {
    let okta = org(Fault::slow_bytes(1000).next(1)).await;
    let mut stream = asked(&okta).await;
    let begin = Instant::now();
    let (head, body) = answer(&mut stream).await;
    let length = content_length(&head);
    // All but the last step wait before they come.
    let least = Duration::from_millis((length as u64).saturating_sub(100));
    assert!(begin.elapsed() >= least, "{length} {:?}", begin.elapsed());
    assert!(serde_json::from_str::<Value>(&body).is_ok(), "{body}");
    // The connection is as good as before.
    ask(&mut stream).await;
    assert!(answer(&mut stream).await.0.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn connections_are_refused_for_a_while() {
    let okta = org(Fault::refused(Duration::from_secs(2))
        .at(Endpoint::Keys)
        .next(1))
    .await;
    // Open before, and used while nobody can connect.
    let mut before = connect(&okta).await.expect("a connection");
    let begin = Instant::now();
    assert_eq!(
        until_the_end(&mut asked(&okta).await).await,
        (String::new(), None)
    );
    let refused = connect(&okta).await.expect_err("nobody listens");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    ask(&mut before).await;
    assert_eq!(
        until_the_end(&mut before).await,
        (String::new(), None),
        "an open connection ends as well"
    );
    while connect(&okta).await.is_err() {
        assert!(begin.elapsed() < Duration::from_secs(20), "it never ends");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(begin.elapsed() >= Duration::from_secs(2));
    assert_eq!(keys(&okta).await.status(), 200);
}

#[tokio::test]
async fn an_outage_ends_with_the_faults_and_with_a_reset() {
    let ends: [fn(&MockOkta); 2] = [|okta| okta.clear_faults(), |okta| okta.reset()];
    for end in ends {
        let okta = MockOkta::start().await.expect("an org");
        okta.add_fault(Fault::refused(Duration::from_mins(10)).next(1))
            .expect("added");
        until_the_end(&mut asked(&okta).await).await;
        assert!(connect(&okta).await.is_err());
        end(&okta);
        let begin = Instant::now();
        while connect(&okta).await.is_err() {
            assert!(begin.elapsed() < Duration::from_secs(20), "it never ends");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(keys(&okta).await.status(), 200);
        assert!(okta.faults().is_empty());
        okta.shutdown().await;
    }
}

#[tokio::test]
async fn an_org_stops_during_an_outage_and_while_answers_are_late() {
    let okta = MockOkta::start().await.expect("an org");
    okta.add_fault(Fault::delay(Duration::from_mins(5)).at(Endpoint::Metadata))
        .expect("added");
    okta.add_fault(Fault::refused(Duration::from_mins(10)))
        .expect("added");
    let mut late = connect(&okta).await.expect("a connection");
    let request = "GET /.well-known/openid-configuration HTTP/1.1\r\nHost: localhost\r\n\r\n";
    late.write_all(request.as_bytes()).await.expect("sent");
    until_the_end(&mut asked(&okta).await).await;
    let begin = Instant::now();
    okta.shutdown().await;
    assert!(begin.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn what_a_test_prepares_in_its_process_meets_no_fault() {
    let okta = org(Fault::unavailable()).await;
    assert!(okta.sign_in("ada").await.is_ok());
    assert_eq!(keys(&okta).await.status(), 503);
    assert_eq!(okta.faults()[0].applied, 1);
}

#[tokio::test]
async fn clients_go_by_role_and_mistakes_are_refused() {
    let okta = org(Fault::unavailable().client("agent")).await;
    let shown = okta.faults()[0].fault.to_string();
    assert_eq!(shown, format!("unavailable,client={AGENT}"));
    let added = okta
        .add_fault(Fault::unavailable().client("web_app"))
        .expect("added");
    assert_eq!(added.number, 2);
    let error = okta
        .add_fault(Fault::status(99))
        .expect_err("out of its limits");
    assert_eq!(error.wrong(), "`status` is `99`");
    let error = okta
        .add_fault(Fault::delay(Duration::from_secs(1)).bytes(3))
        .expect_err("no such parameter");
    assert!(
        error.wrong().contains("has no parameter `bytes`"),
        "{error}"
    );
    okta.remove_fault(1).expect("ended");
    assert!(okta.remove_fault(1).is_err());
    let start = MockOkta::builder().fault(Fault::unavailable().client("nobody"));
    let Err(StartError::Fault(FaultError::UnknownClient { client, .. })) = start.start().await
    else {
        panic!("an org with a fault for nobody");
    };
    assert_eq!(client, "nobody");
}

#[tokio::test]
async fn they_are_added_listed_and_ended_over_http() {
    let okta = MockOkta::start().await.expect("an org");
    let url = format!("http://{}/_mock/faults", okta.address());
    let control = |method: &str, url: &str, body: Value| {
        let method = method.parse().expect("a method");
        let request = client()
            .request(method, url)
            .header("content-type", "application/json");
        send(request.body(body.to_string()))
    };
    let fault = json!({ "fault": "unavailable", "endpoint": "keys" });
    let added = json(control("POST", &url, fault).await).await;
    assert_eq!(
        (&added["number"], &added["left"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(keys(&okta).await.status(), 503);
    let listed = json(send(client().get(&url)).await).await;
    assert_eq!(listed["on"][0]["applied"], 1);
    let ended = control("DELETE", &format!("{url}/1"), Value::Null).await;
    assert_eq!(ended.status(), 204);
    assert_eq!(keys(&okta).await.status(), 200);
    // A page of another site must not end what a test has set up.
    let foreign = send(client().delete(&url)).await;
    assert_eq!(foreign.status(), 403);
}

/// The table of the guide has every fault with its parameters, in the same order.
#[test]
fn the_guide_lists_every_fault() {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/mock-okta.md");
    let guide = std::fs::read_to_string(guide).expect("the guide");
    let (_, table) = guide.split_once("\n## Wire faults\n").expect("a section");
    let rows: Vec<&str> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    for (kind, row) in FaultKind::ALL.into_iter().zip(&rows) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert_eq!(cells[1], format!("`{kind}`"));
        let parameters = kind.parameters().iter().map(|one| {
            let default = match (one.name, one.default) {
                ("retry_after" | "header", None) => "not sent",
                ("bytes", None) => "half",
                ("body", Some("")) => "empty",
                (_, default) => default.unwrap_or_default(),
            };
            format!("`{}` {default}", one.name)
        });
        let parameters: Vec<String> = parameters.collect();
        assert_eq!(cells[3].replace("**", ""), parameters.join(", "), "{kind}");
    }
    let shared = FaultKind::SELECTION
        .iter()
        .map(|one| format!("`{}`", one.name));
    let rows = rows[FaultKind::ALL.len()..].join("\n");
    for name in shared {
        assert!(rows.contains(&name), "{name}");
    }
}

#[tokio::test]
async fn a_mounted_org_does_what_needs_no_connection_and_refuses_the_rest() {
    let server = wiremock::MockServer::start().await;
    let late = Fault::delay(Duration::from_millis(200));
    let okta = MockOkta::builder()
        .fault(late.at(Endpoint::Keys).next(1))
        .mount_on(&server)
        .await
        .expect("mounted");
    let get = || send(client().get(format!("{}{KEYS}", server.uri())));
    let begin = Instant::now();
    assert_eq!(get().await.status(), 200);
    assert!(begin.elapsed() >= Duration::from_millis(200));
    okta.add_fault(Fault::html_page().next(1)).expect("added");
    assert_eq!(get().await.status(), 502);
    for kind in FaultKind::ALL {
        let added = okta.add_fault(Fault::new(kind)).map(|_| ());
        let started = MockOkta::builder().fault(Fault::new(kind));
        let started = started.responder("http://okta.test").map(|_| ());
        if kind.needs_connection() {
            assert_eq!(added, Err(FaultError::NeedsConnection { kind }));
            assert!(matches!(started, Err(StartError::Fault(_))), "{kind}");
        } else {
            assert_eq!(added, Ok(()), "{kind}");
            assert!(started.is_ok(), "{kind}");
        }
    }
}
