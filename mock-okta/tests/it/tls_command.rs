//! The options of `mock-okta serve` about https.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use mock_okta::MockOkta;
use reqwest::{Certificate, Client};

use crate::client::{header, post_form, send};
use crate::command_line::{Served, command, run};
use crate::published_keys;
use crate::tls::org;

fn serve(arguments: &[&str]) -> Served {
    Served::of(&mut command(
        &[&["serve", "--port", "0"], arguments].concat(),
    ))
}

fn mode(path: &Path) -> u32 {
    let file = fs::metadata(path).expect("the file");
    file.permissions().mode() & 0o777
}

#[tokio::test]
async fn what_clients_need_is_written_before_readiness_is_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("new").join("tls");
    let served = serve(&[
        "--tls",
        "--tls-out",
        &out.display().to_string(),
        "--seed",
        "7",
    ]);
    assert!(
        served.address.starts_with("https://127.0.0.1:"),
        "{}",
        served.address
    );
    let read = |name: &str| fs::read_to_string(out.join(name)).expect("the file is there");
    assert_eq!(mode(&out.join("key.pem")), 0o600);
    assert!(read("key.pem").starts_with("-----BEGIN PRIVATE KEY-----"));
    assert_ne!(read("ca.pem"), read("cert.pem"));
    let ca = Certificate::from_pem(read("ca.pem").as_bytes()).expect("a certificate");
    let client = Client::builder()
        .tls_certs_only([ca])
        .build()
        .expect("a client");
    let health = client.get(format!("{}/_mock/health", served.address));
    assert_eq!(send(health).await.status(), 200);
    assert_eq!(served.stop("-TERM"), (Some(0), String::new()));

    // What it wrote can be served again.
    let (certificate, key) = (out.join("cert.pem"), out.join("key.pem"));
    let files = [certificate.display().to_string(), key.display().to_string()];
    let served = serve(&["--tls-cert", &files[0], "--tls-key", &files[1]]);
    let health = client.get(format!("{}/_mock/health", served.address));
    assert_eq!(send(health).await.status(), 200);
    assert_eq!(served.stop("-TERM"), (Some(0), String::new()));

    // Who may read the key, and what the certificate is for, is worth a word.
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("changed");
    let issuer = "https://okta.test:8443";
    let served = serve(&[
        "--tls-cert",
        &files[0],
        "--tls-key",
        &files[1],
        "--issuer",
        issuer,
    ]);
    let (code, report) = served.stop("-TERM");
    assert_eq!(code, Some(0));
    assert!(
        report.contains("key.pem holds private keys and others may read it"),
        "{report}"
    );
    assert!(
        report.contains("the certificate is not valid for `okta.test`"),
        "{report}"
    );
}

#[test]
fn options_that_do_not_fit_are_wrong_input() {
    for (arguments, part) in [
        (&["--tls-out", "x"][..], "--tls"),
        (&["--tls-cert", "cert.pem"], "--tls-key"),
        (&["--tls-key", "key.pem"], "--tls-cert"),
        (
            &[
                "--tls",
                "--tls-out",
                "x",
                "--tls-cert",
                "c",
                "--tls-key",
                "k",
            ],
            "cannot be used with",
        ),
        (
            &["--tls-cert", "/nowhere/c", "--tls-key", "/nowhere/k"],
            "cannot read /nowhere/c",
        ),
        (
            &["--tls", "--issuer", "http://okta.test"],
            "the org speaks https",
        ),
    ] {
        let (code, out, report) = run(&[&["serve", "--port", "0"], arguments].concat());
        assert_eq!(
            (code, out.as_str()),
            (Some(2), ""),
            "{arguments:?}: {report}"
        );
        assert!(report.contains(part), "{arguments:?}: {report}");
    }
    let (code, _, report) = run(&["serve", "--port", "0", "--tls", "--tls-out", "/dev/null/x"]);
    assert_eq!(code, Some(1), "{report}");
    assert!(report.contains("cannot write /dev/null/x"), "{report}");
}

/// Where a client publishes its keys by https, the mock trusts whom the system trusts, or `SSL_CERT_FILE`.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn keys_that_are_published_by_https_are_fetched() {
    let publisher = org(MockOkta::builder());
    let folder = tempfile::tempdir().expect("a folder");
    let (ca, file) = (folder.path().join("ca.pem"), folder.path().join("org.yaml"));
    fs::write(&ca, publisher.ca_pem().expect("an authority")).expect("written");
    let keys = format!("{}/oauth2/v1/keys", publisher.base_url());
    fs::write(&file, published_keys::org(&keys)).expect("written");
    for (trusted, fetched) in [(true, true), (false, false)] {
        let file = file.display().to_string();
        let mut command = command(&["serve", "--port", "0", "--config", &file]);
        command
            .env_remove("SSL_CERT_DIR")
            .env_remove("SSL_CERT_FILE");
        if trusted {
            command.env("SSL_CERT_FILE", &ca);
        }
        let served = Served::of(&mut command);
        let url = format!("{}/oauth2/v1/token", served.address);
        let answer = post_form(&url, &published_keys::form()).await;
        let code = header(&answer, "x-mock-okta-code");
        assert_eq!(code != "jwks_uri_error", fetched, "{code}");
        let asked = publisher
            .journal()
            .iter()
            .filter(|entry| entry.path.ends_with("/keys"))
            .count();
        assert_eq!(asked, 1, "the second one trusts nobody");
    }
}
