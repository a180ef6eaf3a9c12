//! The way to a target: proxies, and certificates of one's own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mock_okta::MockOkta;

use super::raw::{self, Raw};
use super::{assert_one_sentence, run, target_at};
use crate::broken_targets::player;
use crate::cli::Terminal;

const BOUND: Duration = Duration::from_secs(30);

pub fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

/// A target file with one more line.
fn with(url: &str, line: &str) -> String {
    format!("{line}\n{}", target_at(url))
}

#[test]
fn a_proxy_that_wants_a_password_is_one_sentence() {
    let proxy = Raw::http(
        "407 Proxy Authentication Required",
        &["Proxy-Authenticate: Basic"],
        b"",
    );
    let line = format!("proxy: {}", proxy.base_url());
    for url in ["https://org.example", "http://org.example"] {
        let said = run(&with(url, &line), &["secret/who"]);
        let cure = "`proxy: { url: …, user: …, password: … }`";
        assert_one_sentence(url, &said, "the proxy on the way to", cure, BOUND);
        assert!(said.stderr.contains("wants a password"), "{}", said.stderr);
    }
}

#[test]
fn a_proxy_that_is_not_there_or_does_not_connect_is_one_sentence() {
    let line = format!("proxy: {}", player::closed_port());
    let said = run(&with("https://org.example", &line), &["secret/who"]);
    let cause = "the proxy on the way to https://org.example cannot be reached (http://127.0.0.1:";
    assert_one_sentence(
        "closed port",
        &said,
        cause,
        "correct `HTTPS_PROXY` or `proxy`",
        BOUND,
    );
    let proxy = Raw::http("403 Forbidden", &[], b"");
    let line = format!("proxy: {}", proxy.base_url());
    let said = run(&with("https://org.example", &line), &["secret/who"]);
    let cause = "the proxy does not connect to https://org.example";
    assert_one_sentence(
        "403",
        &said,
        cause,
        "let the proxy connect to this host",
        BOUND,
    );
}

/// The proxy answers in the place of the org, so whatever goes through it shows.
#[test]
fn the_environment_names_a_proxy_and_what_is_on_this_machine_is_asked_directly() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let proxy = Raw::answering(move |head| {
        count.fetch_add(1, Ordering::Relaxed);
        let wants = head.contains("Proxy-Authorization: Basic YWRhOmh1bnRlcjI=")
            || head.contains("proxy-authorization: Basic YWRhOmh1bnRlcjI=");
        let status = if wants { "503 Down" } else { "407 Password" };
        raw::http(status, &[], b"")
    });
    let url = format!("http://ada:hunter2@{}", proxy.address());
    let terminal = Terminal::new();
    let run = |target: &str, no_proxy: &str| {
        terminal.write("target.yaml", target);
        let output = terminal
            .command(&["run", "secret/who", "--target", "target.yaml"])
            .env("HTTP_PROXY", &url)
            .env_remove("http_proxy")
            .env("NO_PROXY", no_proxy)
            .env_remove("no_proxy")
            .output()
            .expect("atx runs");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let through = run(&target_at("http://org.example"), "");
    assert!(through.contains("answers 503"), "{through}");
    assert!(!through.contains("hunter2"), "{through}");
    assert!(asked.swap(0, Ordering::Relaxed) > 0);

    let directly = run(&target_at("http://org.invalid"), ".invalid");
    assert!(directly.contains("no such host"), "{directly}");
    let org = MockOkta::builder().keys_ahead(false);
    let org = org.start_blocking().expect("an org");
    let here = run(&org.target_file(), "");
    assert!(here.contains("passed"), "{here}");
    // The mock org inside has no proxy either.
    let inside = terminal
        .command(&["run", "secret/who"])
        .env("HTTP_PROXY", &url)
        .env("ALL_PROXY", &url)
        .output()
        .expect("atx runs");
    assert_eq!(inside.status.code(), Some(0));
    assert_eq!(asked.load(Ordering::Relaxed), 0);
}

mod client_certificate;
