//! The table of faulty servers: what is wrong with each, and the sentence that says so.

use std::io::Write as _;
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use mock_okta::{Fault, MockOkta};
use tokio::runtime::Runtime;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::raw::Raw;
use super::{assert_ends_with_a_sentence, assert_one_sentence, run, target_at};
use crate::broken_targets::player::{self, Player};

/// The longest that a run may take that cannot begin: a few requests that wait as long as they may.
const BOUND: Duration = Duration::from_secs(30);
/// Where an answer says nothing of when to come back, a run tries for half a minute.
const PATIENT: Duration = Duration::from_secs(75);

/// What a row leaves running until its run is over.
type Server = Box<dyn std::any::Any + Send + Sync>;

struct Row {
    name: &'static str,
    target: String,
    cause: &'static str,
    cure: &'static str,
    most: Duration,
    _server: Server,
}

fn row(
    name: &'static str,
    url: &str,
    server: impl Send + Sync + 'static,
    says: [&'static str; 2],
) -> Row {
    let [cause, cure] = says;
    Row {
        name,
        target: target_at(url),
        cause,
        cure,
        most: BOUND,
        _server: Box::new(server),
    }
}

fn acting(
    name: &'static str,
    act: fn(&mut std::net::TcpStream, &std::sync::atomic::AtomicBool) -> std::io::Result<()>,
    says: [&'static str; 2],
) -> Row {
    let player = Player::start(act);
    row(name, &player.base_url(), player, says)
}

fn saying(name: &'static str, raw: Raw, says: [&'static str; 2]) -> Row {
    row(name, &raw.base_url(), raw, says)
}

fn answering(
    name: &'static str,
    runtime: &Runtime,
    answer: ResponseTemplate,
    says: [&'static str; 2],
) -> Row {
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answer).mount(&server).await;
        server
    });
    row(name, &server.uri(), server, says)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

const JSON: &str = "Content-Type: application/json";
const HTML: &str = "Content-Type: text/html";
const PAGE: &[u8] =
    b"<!doctype html><html><head><title>Sign in to Guest Wi-Fi</title></head></html>";

/// No connection comes about, or it breaks.
fn connections() -> Vec<Row> {
    vec![
        row(
            "connection refused",
            &player::closed_port(),
            (),
            [
                "connection refused: nobody listens at http://127.0.0.1:",
                "start the server, or correct the address in the target file",
            ],
        ),
        row(
            "no such host",
            "http://nobody.invalid",
            (),
            [
                "no such host: http://nobody.invalid",
                "correct the host in the target file",
            ],
        ),
        row(
            "no route",
            "http://255.255.255.255:9",
            (),
            [
                "no route to http://255.255.255.255:9",
                "see whether this machine is on the network",
            ],
        ),
        acting(
            "slow",
            player::hang,
            ["timeout: no whole answer from", "`--timeout`"],
        ),
        acting(
            "drips",
            player::drip,
            ["timeout: no whole answer from", "`--timeout`"],
        ),
        saying(
            "stalled in the body",
            Raw::stalling(),
            ["timeout: no whole answer from", "`--timeout`"],
        ),
        acting(
            "cut before the answer",
            player::close,
            ["connection cut by", "run again"],
        ),
        acting(
            "cut within the answer",
            player::cut,
            ["connection cut by", "run again"],
        ),
        acting(
            "not HTTP",
            player::garbage,
            ["is not HTTP", "correct the address and the port"],
        ),
        acting(
            "huge body",
            player::endless_body,
            ["is too large", "see what answers"],
        ),
        acting(
            "huge head",
            player::endless_head,
            ["is too large", "see what answers"],
        ),
    ]
}

/// Something answers, and not the server.
#[expect(clippy::too_many_lines, reason = "a table")]
fn answers(runtime: &Runtime) -> Vec<Row> {
    let mut patient = answering(
        "429 without a word",
        runtime,
        ResponseTemplate::new(429),
        [
            "answers 429: it was asked too often",
            "`max_requests_per_minute`",
        ],
    );
    patient.most = PATIENT;
    let page = |status| ResponseTemplate::new(status).set_body_raw(PAGE, "text/html");
    vec![
        answering(
            "portal",
            runtime,
            page(200),
            [
                "answers 200 with a web page and not with JSON (titled \"Sign in to Guest Wi-Fi\")",
                "sign in to the network",
            ],
        ),
        answering(
            "portal that says so",
            runtime,
            page(511),
            ["answers 511 with a web page", "sign in to the network"],
        ),
        answering(
            "login wall",
            runtime,
            ResponseTemplate::new(302).insert_header("Location", "https://sso.example/login?t=1"),
            [
                "answers 302 and sends elsewhere, which this endpoint never does (to https://sso.example)",
                "sign in to the network if that is a login page",
            ],
        ),
        saying(
            "redirect loop",
            Raw::answering(|head| {
                let path = head.split(' ').nth(1).unwrap_or_default();
                let location = format!("Location: {path}");
                super::raw::http("302 Found", &[&location], b"")
            }),
            ["answers 302 and sends elsewhere", "(to itself)"],
        ),
        answering(
            "firewall",
            runtime,
            page(403),
            [
                "answers 403 with a web page: a firewall refuses the request",
                "user agent `atx`",
            ],
        ),
        answering(
            "429 with Retry-After",
            runtime,
            ResponseTemplate::new(429).insert_header("Retry-After", "3600"),
            [
                "answers 429: it was asked too often (Retry-After: 3600)",
                "fewer `--jobs`",
            ],
        ),
        answering(
            "429 with a far reset",
            runtime,
            ResponseTemplate::new(429)
                .insert_header("X-Rate-Limit-Remaining", "0")
                .insert_header("X-Rate-Limit-Reset", "9999999999"),
            ["answers 429: it was asked too often", "fewer `--jobs`"],
        ),
        patient,
        answering(
            "bad gateway",
            runtime,
            page(502),
            [
                "answers 502: the server, or a gateway in front of it, is out of service",
                "run again",
            ],
        ),
        answering(
            "unavailable, in JSON",
            runtime,
            ResponseTemplate::new(503).set_body_json(serde_json::json!({ "error": "x" })),
            [
                "answers 503: the server, or a gateway",
                "wait until the server is up again",
            ],
        ),
        answering(
            "maintenance page",
            runtime,
            page(503),
            [
                "answers 503: the server, or a gateway",
                "wait until the server is up again",
            ],
        ),
        answering(
            "maintenance page with 200",
            runtime,
            page(200),
            ["answers 200 with a web page", "a maintenance page"],
        ),
        answering(
            "broke down",
            runtime,
            page(500),
            [
                "answers 500 without JSON: it broke down",
                "see the server's log",
            ],
        ),
    ]
}

/// The server may be there, and its answers do not arrive as they should.
fn contents() -> Vec<Row> {
    let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
    vec![
        saying(
            "compression bomb",
            Raw::http("200 OK", &[JSON, "Content-Encoding: gzip"], &bomb),
            ["is too large (more than 1048576 bytes)", "see what answers"],
        ),
        saying(
            "unexpected content coding",
            Raw::http("200 OK", &[JSON, "Content-Encoding: br"], b"x"),
            [
                "cannot be decoded (content coding `br`",
                "a content coding that was offered",
            ],
        ),
        saying(
            "not in its content coding",
            Raw::http("200 OK", &[JSON, "Content-Encoding: gzip"], b"{}"),
            [
                "the body is not in the content coding `gzip`",
                "a content coding that was offered",
            ],
        ),
        saying(
            "invalid UTF-8",
            Raw::http("200 OK", &[JSON], b"{\"issuer\":\"\xff\xfe\"}"),
            [
                "answers 200 with bytes that are not UTF-8",
                "its JSON is broken",
            ],
        ),
        saying(
            "wrong content type",
            Raw::http("200 OK", &["Content-Type: text/plain"], b"It works!"),
            [
                "with content that is not JSON (its media type is text/plain)",
                "see what stands",
            ],
        ),
        saying(
            "page that claims to be JSON",
            Raw::http("200 OK", &[JSON], PAGE),
            [
                "answers 200 with a web page and not with JSON",
                "a login page",
            ],
        ),
        saying(
            "JSON that breaks off",
            Raw::http("200 OK", &[JSON], b"{\"issuer\":\"http"),
            [
                "with content that is not JSON (JSON that breaks off)",
                "see what stands between",
            ],
        ),
        saying(
            "malformed JSON",
            Raw::http("200 OK", &[JSON], b"{\n\"issuer\"=1}"),
            [
                "(JSON with a mistake in line 2, column 9)",
                "see what stands between",
            ],
        ),
        saying(
            "no content",
            Raw::http("200 OK", &[JSON], b""),
            ["answers 200 with no content", "content is due here"],
        ),
        saying(
            "page in the place of a document",
            Raw::http("400 Bad Request", &[HTML], PAGE),
            [
                "answers 400 with a web page",
                "correct the address in the target file",
            ],
        ),
    ]
}

#[test]
fn each_faulty_server_has_one_sentence() {
    let runtime = Runtime::new().expect("a runtime");
    let rows: Vec<Row> = connections()
        .into_iter()
        .chain(answers(&runtime))
        .chain(contents())
        .collect();
    assert!(rows.len() > 30);
    for row in &rows {
        let words = [row.cause, row.cure];
        assert!(words.iter().all(|words| words.len() > 3), "{}", row.name);
    }
    // A few at once: most of them only wait.
    for some in rows.chunks(4) {
        thread::scope(|scope| {
            for row in some {
                scope.spawn(|| {
                    let said = run(&row.target, &["secret/who", "--timeout", "3s"]);
                    let says = if row.most == PATIENT {
                        assert_ends_with_a_sentence
                    } else {
                        assert_one_sentence
                    };
                    says(row.name, &said, row.cause, row.cure, row.most);
                });
            }
        });
    }
}

/// Metadata are there and the token endpoint is not: the first request of a flow meets it.
#[test]
fn trouble_at_the_first_request_of_a_flow_ends_the_run_with_one_sentence() {
    for (fault, cause, cure) in [
        (
            "html-page,endpoint=token",
            "/oauth2/v1/token answers 502: the server",
            "wait until the server is up again",
        ),
        (
            "malformed-json,endpoint=token",
            "/oauth2/v1/token answers 200 with content that is not JSON",
            "see what stands between here and the server",
        ),
        (
            "empty-body,endpoint=token",
            "/oauth2/v1/token answers 200 with no content",
            "content is due here",
        ),
    ] {
        let fault: Fault = fault.parse().expect("a fault");
        let org = MockOkta::builder().keys_ahead(false).fault(fault);
        let org = org.start_blocking().expect("an org");
        let said = run(&org.target_file(), &["secret/who"]);
        assert_one_sentence(cause, &said, cause, cure, BOUND);
    }
}
