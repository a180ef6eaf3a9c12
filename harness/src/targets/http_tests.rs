//! Servers that misbehave, over real sockets.

use std::future::Future;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::browser;
use super::sample;
use super::{Target, Trouble, TroubleKind, origin};
use crate::exchange::{Exchange, Party, Payload, RequestSpec};

/// Serves every connection with `answer`, once a request has arrived.
async fn server<F, R>(answer: F) -> SocketAddr
where
    F: Fn(TcpStream, String) -> R + Send + Sync + 'static,
    R: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 8192];
            let length = stream.read(&mut request).await.unwrap_or_default();
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            answer(stream, request).await;
        }
    });
    address
}

/// Serves every connection with these bytes and closes it.
async fn saying(bytes: &'static str) -> SocketAddr {
    server(move |mut stream, _| async move {
        let _ = stream.write_all(bytes.as_bytes()).await;
    })
    .await
}

/// A target at an address.
fn target_at(url: &str) -> Target {
    sample::target(sample::deployment(&origin(url)))
}

async fn get(url: String) -> Result<Exchange, Trouble> {
    target_at(&url)
        .send(RequestSpec::new(Party::Org, "GET", url))
        .await
}

async fn trouble(url: String) -> Trouble {
    get(url).await.unwrap_err()
}

#[tokio::test]
async fn a_closed_port_refuses() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let trouble = trouble(format!("http://{address}/x?code=hunter2")).await;
    assert_eq!(trouble.kind, TroubleKind::Refused, "{trouble}");
    let shown = trouble.to_string();
    assert_eq!(
        shown,
        format!("connection refused: nobody listens at http://{address}")
    );
    assert!(trouble.is_unreachable());
}

/// No host has the address of all hosts, so no connection comes about: it is not TLS that failed.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_address_that_no_route_leads_to_is_no_trouble_of_tls() {
    for scheme in ["http", "https"] {
        let url = format!("{scheme}://255.255.255.255:9");
        let trouble = trouble(url.clone()).await;
        assert_eq!(trouble.kind, TroubleKind::NoRoute, "{trouble:?}");
        assert_eq!(trouble.to_string(), format!("no route to {url}"));
        assert!(trouble.is_unreachable());
    }
}

/// A server that ends the handshake without a word.
#[tokio::test]
async fn a_handshake_that_the_server_ends_is_trouble_of_tls() {
    let address = saying("").await;
    let trouble = trouble(format!("https://{address}")).await;
    assert!(matches!(trouble.kind, TroubleKind::Tls(_)), "{trouble:?}");
}

#[tokio::test]
async fn a_hang_ends_with_the_deadline() {
    let address = server(|stream, _| async move {
        tokio::time::sleep(std::time::Duration::from_mins(1)).await;
        drop(stream);
    })
    .await;
    let trouble = trouble(format!("http://{address}/")).await;
    assert_eq!(trouble.kind, TroubleKind::Timeout, "{trouble}");
}

#[tokio::test]
async fn a_body_that_never_ends_is_a_timeout_too() {
    let address = server(|mut stream, _| async move {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc";
        let _ = stream.write_all(head).await;
        tokio::time::sleep(std::time::Duration::from_mins(1)).await;
    })
    .await;
    assert_eq!(
        trouble(format!("http://{address}/")).await.kind,
        TroubleKind::Timeout
    );
}

#[tokio::test]
async fn an_answer_that_is_cut() {
    let before = saying("").await;
    assert_eq!(
        trouble(format!("http://{before}/")).await.kind,
        TroubleKind::Cut
    );
    let within = saying("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc").await;
    let trouble = trouble(format!("http://{within}/")).await;
    assert_eq!(trouble.kind, TroubleKind::Cut, "{trouble}");
}

#[tokio::test]
async fn what_is_not_http_and_what_is_not_tls() {
    let address = saying("SSH-2.0-OpenSSH_9.9\r\n").await;
    let plain = trouble(format!("http://{address}/")).await;
    assert_eq!(plain.kind, TroubleKind::NotHttp, "{plain}");
    let secure = trouble(format!("https://{address}/")).await;
    let kind = TroubleKind::Tls(super::TlsFault::PlainHttp);
    assert_eq!(secure.kind, kind, "{secure}");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read() {
    let address = server(|mut stream, _| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'x'; 1024]).await.is_ok() {}
    })
    .await;
    let trouble = trouble(format!("http://{address}/")).await;
    assert_eq!(trouble.kind, TroubleKind::TooLarge, "{trouble}");
}

#[tokio::test]
async fn what_cannot_be_sent() {
    let request = RequestSpec::new(Party::Org, "GET", "http://127.0.0.1:1/").header("a", "b\nc");
    let trouble = target_at("http://127.0.0.1:1")
        .send(request)
        .await
        .unwrap_err();
    assert_eq!(trouble.kind, TroubleKind::Unsendable, "{trouble}");
}

#[tokio::test]
async fn an_origin_that_the_target_file_does_not_name_is_never_asked() {
    let address = saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let target = target_at("http://127.0.0.1:1");
    for url in [
        format!("http://{address}/consent?dataHandle=1"),
        format!("http://127.0.0.1:1@{address}/"),
        "nonsense".to_owned(),
    ] {
        let request = RequestSpec::new(Party::Resource, "GET", &url);
        let trouble = target.send(request.clone()).await.unwrap_err();
        assert_eq!(trouble.kind, TroubleKind::Elsewhere, "{trouble}");
        assert!(
            trouble.to_string().ends_with(&format!("({url})")),
            "{trouble}"
        );
        let walked = target
            .walk(browser::Walk::new(request), &browser::Browsers::default())
            .await;
        let (_, trouble) = walked.trouble.unwrap();
        assert_eq!(trouble.kind, TroubleKind::Elsewhere, "{trouble}");
    }
}

#[tokio::test]
async fn an_answer_of_too_many_values_is_refused_and_not_read() {
    let text = format!("[1{}]", ",1".repeat(100));
    let text = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{text}",
        text.len()
    );
    let address = saying(String::leak(text)).await;
    let trouble = trouble(format!("http://{address}/")).await;
    assert_eq!(trouble.kind, TroubleKind::TooLarge);
    assert!(
        trouble.to_string().ends_with("(more than 100 JSON values)"),
        "{trouble}"
    );
}

#[tokio::test]
async fn redirects_are_answers() {
    let address = saying("HTTP/1.1 302 Found\r\nlocation: /y\r\ncontent-length: 0\r\n\r\n").await;
    let exchange = get(format!("http://{address}/x")).await.unwrap();
    assert_eq!(exchange.response.status, 302);
    assert!(exchange.response.is_redirect());
}

/// Four pages: authorize, sign-in, its target, and one that would be the client's.
async fn sign_in_pages() -> SocketAddr {
    server(|mut stream, request| async move {
        let line = request.lines().next().unwrap_or_default();
        let has_cookie = request.contains("cookie: sid=1");
        let found = |location: &str, more: &str| {
            format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\n{more}content-length: 0\r\nconnection: close\r\n\r\n")
        };
        let page = |body: &str| {
            let length = body.len();
            format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
        };
        let answer = if line.starts_with("GET /authorize") {
            found("/signin?stateToken=t", "")
        } else if line.starts_with("POST /signin") && request.contains("password=right") {
            found("/resume?stateToken=t", "set-cookie: sid=1; HttpOnly; Path=/\r\n")
        } else if line.starts_with("GET /resume") && has_cookie {
            found("http://localhost:8787/callback?code=c&state=s", "")
        } else if line.starts_with("GET /loop") {
            found("/loop", "")
        } else {
            page("<form method=post>")
        };
        let _ = stream.write_all(answer.as_bytes()).await;
    })
    .await
}

async fn walk(address: SocketAddr, path: &str, password: Option<&str>) -> browser::Walked {
    let start = RequestSpec::new(Party::Org, "GET", format!("http://{address}{path}"));
    let form = password.map(|password| browser::sign_in_form("ada", password));
    let walk = browser::Walk {
        ends_at: vec!["http://localhost:8787/callback".into()],
        forms: form.into_iter().collect(),
        ..browser::Walk::new(start)
    };
    let target = target_at(&format!("http://{address}"));
    target.walk(walk, &browser::Browsers::default()).await
}

#[tokio::test]
async fn a_browser_signs_in_and_stops_before_the_redirect_uri() {
    let address = sign_in_pages().await;
    let walked = walk(address, "/authorize", Some("right")).await;
    assert!(walked.trouble.is_none(), "{:?}", walked.trouble);
    let methods: Vec<_> = walked
        .exchanges
        .iter()
        .map(|one| one.request.method.as_str())
        .collect();
    assert_eq!(methods, ["GET", "GET", "POST", "GET"]);
    let last = &walked.exchanges[3].response;
    assert_eq!(last.redirect_parameter("code").as_deref(), Some("c"));
    assert!(matches!(
        walked.exchanges[2].request.payload,
        Payload::Form(_)
    ));
}

#[tokio::test]
async fn a_wrong_password_ends_at_the_page_and_no_password_before_it() {
    let address = sign_in_pages().await;
    let wrong = walk(address, "/authorize", Some("wrong")).await;
    assert_eq!(wrong.exchanges.len(), 3);
    assert_eq!(wrong.exchanges[2].response.status, 200);
    let unfilled = walk(address, "/authorize", None).await;
    assert_eq!(unfilled.exchanges.len(), 2);
}

#[tokio::test]
async fn a_browser_does_not_run_in_circles() {
    let address = sign_in_pages().await;
    let walked = walk(address, "/loop", None).await;
    let (_, trouble) = walked.trouble.unwrap();
    assert!(
        trouble.to_string().contains("more than 6 redirects"),
        "{trouble}"
    );
}

#[tokio::test]
async fn a_browser_keeps_its_cookies_where_it_has_a_name() {
    let address = server(|mut stream, request| async move {
        let known = request.contains("cookie: sid=ada");
        let text = if known {
            "welcome back"
        } else {
            "who are you?"
        };
        let length = text.len();
        let answer = format!(
            "HTTP/1.1 200 OK\r\nset-cookie: sid=ada\r\ncontent-length: {length}\r\n\r\n{text}"
        );
        let _ = stream.write_all(answer.as_bytes()).await;
    })
    .await;
    let target = target_at(&format!("http://{address}"));
    let browsers = browser::Browsers::default();
    let mut seen = Vec::new();
    for name in [Some("hers"), Some("hers"), Some("his"), None] {
        let start = RequestSpec::new(Party::Org, "GET", format!("http://{address}/"));
        let walk = browser::Walk {
            browser: name.map(str::to_owned),
            ..browser::Walk::new(start)
        };
        let walked = target.walk(walk, &browsers).await;
        seen.push(walked.exchanges[0].response.text.clone());
    }
    assert_eq!(
        seen,
        [
            "who are you?",
            "welcome back",
            "who are you?",
            "who are you?"
        ]
    );
}
