//! Handshakes that fail, each with one sentence.

use std::time::Duration;

use mock_okta::MockOkta;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};

use super::raw::Raw;
use super::{assert_one_sentence, run, run_in, target_at};
use crate::cli::Terminal;

const BOUND: Duration = Duration::from_secs(30);

/// The target file without the authority that it names.
fn without_ca(text: &str) -> String {
    let (before, rest) = text.split_once("ca:\n").expect("it names its authority");
    let (_, after) = rest.split_once("edition:").expect("what follows");
    format!("{before}edition:{after}")
}

#[test]
fn an_unknown_issuer_is_one_sentence_and_names_the_key() {
    let org = MockOkta::builder().tls().keys_ahead(false);
    let org = org.start_blocking().expect("an org");
    let said = run(&without_ca(&org.target_file()), &["secret/who"]);
    let cause = "its certificate is signed by an authority that is not trusted here";
    assert_one_sentence(
        "unknown issuer",
        &said,
        cause,
        "`ca: { file: ca.pem }`",
        BOUND,
    );
}

#[test]
fn a_certificate_for_another_host_is_one_sentence() {
    let org = MockOkta::builder().tls().host([0, 0, 0, 0].into());
    let org = org.keys_ahead(false).start_blocking().expect("an org");
    let port = org.address().port();
    let text = org.target_file().replace(
        &format!("https://localhost:{port}"),
        &format!("https://127.0.0.2:{port}"),
    );
    let said = run(&text, &["secret/who"]);
    let cure = "reach the server by a host that its certificate names";
    assert_one_sentence(
        "wrong name",
        &said,
        "no secure connection to https://127.0.0.2",
        cure,
        BOUND,
    );
}

#[test]
fn an_expired_certificate_is_one_sentence() {
    let terminal = Terminal::new();
    let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).expect("names");
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2021, 1, 1);
    let key = KeyPair::generate().expect("a key");
    let own = params.self_signed(&key).expect("a certificate");
    let pem = super::network::pem("CERTIFICATE", own.der());
    terminal.write("cert.pem", &pem);
    terminal.write(
        "key.pem",
        &super::network::pem("PRIVATE KEY", &key.serialize_der()),
    );
    let folder = terminal.folder();
    let org = MockOkta::builder()
        .tls_files(folder.join("cert.pem"), folder.join("key.pem"))
        .keys_ahead(false)
        .start_blocking()
        .expect("an org");
    let text = org.target_file();
    let (before, after) = text.split_once("edition:").expect("an edition");
    let before = before
        .split_once("ca:\n")
        .map_or(before, |(before, _)| before);
    let text = format!("{before}ca: {{ file: cert.pem }}\nedition:{after}");
    let said = run_in(&terminal, &text, &["secret/who"]);
    let (cause, cure) = (
        "its certificate has expired",
        "renew the server's certificate",
    );
    assert_one_sentence("expired", &said, cause, cure, BOUND);
}

#[test]
fn a_version_of_tls_that_is_too_old_is_one_sentence() {
    // An alert `protocol_version` in a record of TLS 1.0 (RFC 5246 section 7.2).
    let old = Raw::saying([0x15, 3, 1, 0, 2, 2, 70]);
    let text = target_at(&old.base_url().replace("http:", "https:"));
    let said = run(&text, &["secret/who"]);
    let (cause, cure) = (
        "it speaks neither TLS 1.2 nor 1.3",
        "let the server speak TLS 1.2 or 1.3",
    );
    assert_one_sentence("too old", &said, cause, cure, BOUND);
}

#[test]
fn plain_http_at_an_https_address_is_one_sentence() {
    let plain = Raw::http("200 OK", &[], b"{}");
    let text = target_at(&plain.base_url().replace("http:", "https:"));
    let said = run(&text, &["secret/who"]);
    let (cause, cure) = (
        "what it answers is not TLS",
        "write http:// in place of https://",
    );
    assert_one_sentence("plain HTTP", &said, cause, cure, BOUND);
}
