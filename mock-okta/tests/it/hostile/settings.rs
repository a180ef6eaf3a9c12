//! Settings that would lock everyone out, and what an address of https asks of cookies.

use std::process::Command;

use mock_okta::MockOkta;

use super::wire::{Connection, get, post};
use crate::client::CHALLENGE;

fn serve(arguments: &[&str], variable: Option<&str>) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mock-okta"));
    command.args(["serve", "--port", "0"]).args(arguments);
    command
        .env_remove("MOCK_OKTA_CONTROL_TOKEN")
        .env("NO_COLOR", "1");
    if let Some(value) = variable {
        command.env("MOCK_OKTA_CONTROL_TOKEN", value);
    }
    let output = command.output().expect("the binary runs");
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), report)
}

#[test]
fn an_empty_control_token_is_refused_wherever_it_comes_from() {
    for token in ["", " ", "\t", "two words"] {
        for (code, report) in [
            serve(&["--control-token", token], None),
            serve(&[], Some(token)),
        ] {
            assert_eq!(code, Some(2), "{token:?}: {report}");
            assert!(
                report.starts_with("the control token cannot be used: it "),
                "{report}"
            );
        }
    }
    let started = MockOkta::builder().control_token("").start_blocking();
    assert!(started.expect_err("refused").is_wrong_input());
}

#[test]
fn a_memory_budget_in_which_nothing_fits_is_refused() {
    let (code, report) = serve(&["--memory-budget", "0"], None);
    assert_eq!(code, Some(2), "{report}");
    let started = MockOkta::builder().memory_budget(1000).start_blocking();
    let error = started.expect_err("refused");
    assert!(error.is_wrong_input());
    assert!(
        error.to_string().contains("at least 1048576 bytes"),
        "{error}"
    );
}

#[test]
fn cookies_are_secure_where_the_issuer_is_https() {
    for (issuer, secure) in [("https://okta.test", true), ("http://okta.test", false)] {
        let okta = MockOkta::builder().issuer(issuer).keys_ahead(false);
        let okta = okta.start_blocking().expect("an org");
        let mut connection = Connection::to(okta.address());
        let target = format!(
            "/oauth2/v1/authorize?client_id=0oawebapp00000000001&response_type=code&scope=openid&state=s&nonce=n\
             &redirect_uri=http://localhost:8787/callback&code_challenge={CHALLENGE}&code_challenge_method=S256"
        );
        let handle = connection.ask(&get(&target, "")).after("stateToken=");
        let page = format!("/signin?stateToken={}", handle.expect("a page"));
        let form = "username=ada@example.com&password=ada-likes-engines";
        let signed_in = connection.ask(&post(&page, "", form));
        let out = "/oauth2/v1/logout?client_id=0oawebapp00000000001&post_logout_redirect_uri=http://localhost:8787/";
        let signed_out = connection.ask(&get(out, ""));
        for answer in [signed_in, signed_out] {
            let cookie = answer.field("set-cookie").expect("a cookie");
            assert!(cookie.contains("; HttpOnly; SameSite="), "{cookie}");
            assert_eq!(cookie.ends_with("; Secure"), secure, "{cookie}");
        }
    }
}

#[test]
#[cfg(unix)]
fn a_target_file_that_everybody_could_read_is_its_owners_alone_afterwards() {
    use std::io::{BufRead as _, BufReader};
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::Stdio;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("target.yaml");
    std::fs::write(&path, "old").expect("written");
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(&path, open).expect("a mode");
    let reader = std::fs::File::open(&path).expect("whoever has it open");
    let mut child = Command::new(env!("CARGO_BIN_EXE_mock-okta"))
        .args(["serve", "--port", "0", "--target-out"])
        .arg(&path)
        .env_remove("MOCK_OKTA_CONTROL_TOKEN")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("its output");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let mode = std::fs::metadata(&path)
        .expect("a file")
        .permissions()
        .mode();
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert_eq!(mode & 0o777, 0o600);
    // The keys are in another file than the one that was open.
    assert_eq!(std::io::read_to_string(reader).expect("text"), "old");
}

#[test]
#[cfg(unix)]
fn private_keys_in_an_org_file_that_others_may_read_are_warned_about() {
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::Stdio;
    let okta = MockOkta::builder().keys_ahead(false).start_blocking();
    let pem = okta
        .expect("an org")
        .private_key_pem("wlpagentrsa000000001");
    let pem = pem.expect("a key").replace('\n', "\n      ");
    let org = format!(
        "org:\n    id: 00opinned00000000001\n    name: Pinned\n    private_key_pem: |\n      {pem}\n"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.yaml");
    std::fs::write(&path, org).expect("written");
    for (mode, warned) in [(0o644, true), (0o600, false)] {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&path, mode).expect("a mode");
        let mut child = Command::new(env!("CARGO_BIN_EXE_mock-okta"))
            .args(["serve", "--port", "0", "--config"])
            .arg(&path)
            .env_remove("MOCK_OKTA_CONTROL_TOKEN")
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        child.kill().expect("killed");
        let mut report = String::new();
        let stderr = child.stderr.take().expect("its messages");
        BufReader::new(stderr)
            .read_to_string(&mut report)
            .expect("text");
        child.wait().expect("ended");
        assert!(line.starts_with("mock-okta listening"), "{report}");
        assert_eq!(
            report.contains("org.yaml holds private keys"),
            warned,
            "{report}"
        );
        assert!(!report.contains("BEGIN"), "{report}");
    }
}
