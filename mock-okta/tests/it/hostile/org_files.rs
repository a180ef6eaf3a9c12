//! Org files that would send a browser where it must not go, and files that never end.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Runs `check-config`, which must end by itself.
fn check(path: &Path) -> (Option<i32>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mock-okta"))
        .arg("check-config")
        .arg(path)
        .env("NO_COLOR", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let deadline = Instant::now() + Duration::from_secs(20);
    while child.try_wait().expect("a child").is_none() {
        if Instant::now() > deadline {
            let _ = child.kill();
            panic!("it does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let Output { status, stderr, .. } = child.wait_with_output().expect("its output");
    (status.code(), String::from_utf8_lossy(&stderr).into_owned())
}

#[test]
#[cfg(unix)]
fn devices_pipes_and_directories_are_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .expect("mkfifo runs");
    assert!(made.success());
    for (path, kind) in [
        (Path::new("/dev/zero"), "a device"),
        (pipe.as_path(), "a pipe"),
        (folder.path(), "a directory"),
    ] {
        let (code, report) = check(path);
        assert_eq!(code, Some(2), "{report}");
        let expected = format!("{}: it is {kind}; expected a regular file", path.display());
        assert!(report.contains(&expected), "{report}");
    }
}

#[test]
fn a_file_that_is_too_long_is_not_read_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.yaml");
    // A hole: a gigabyte that takes no room.
    let file = std::fs::File::create(&path).expect("a file");
    file.set_len(1 << 30).expect("a length");
    let (code, report) = check(&path);
    assert_eq!(code, Some(2), "{report}");
    assert!(
        report.contains("org.yaml: it is longer than 4194304 bytes"),
        "{report}"
    );
}

/// An org file with this line in place of one of the default org's.
fn with(line: &str, instead: &str) -> (Option<i32>, String) {
    let text = mock_okta::default_org();
    assert!(text.contains(line), "{line}");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.yaml");
    std::fs::write(&path, text.replacen(line, instead, 1)).expect("written");
    check(&path)
}

#[test]
fn addresses_that_a_browser_would_run_or_that_break_a_line_are_refused_where_they_stand() {
    const REDIRECT: &str = "redirect_uris: [http://localhost:8787/callback]";
    const LOGOUT: &str = "post_logout_redirect_uris: [http://localhost:8787/]";
    const INDICATOR: &str = "resource_indicator: https://tracker.example.com";
    for address in [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\\tscript:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:x",
        "http://localhost:8787/callback\\r\\nset-cookie: a=b",
        "http://localhost:8787/\\u001b[31m",
        "http://localhost:8787/call back",
    ] {
        for (line, field) in [
            (REDIRECT, "redirect_uris"),
            (LOGOUT, "post_logout_redirect_uris"),
            (INDICATOR, "resource_indicator"),
        ] {
            let value = if line == INDICATOR {
                format!("{field}: \"{address}\"")
            } else {
                format!("{field}: [\"{address}\"]")
            };
            let (code, report) = with(line, &value);
            assert_eq!(code, Some(2), "{field} {address}: {report}");
            assert!(
                report.contains("org.yaml:") && report.contains(field),
                "{report}"
            );
            assert!(!report.contains(['\u{1b}', '\r', '\t']), "{report:?}");
        }
    }
}

#[test]
fn keys_are_fetched_by_http_alone() {
    for address in [
        "javascript:x",
        "file:///etc/passwd",
        "ftp://a.example/keys",
        "https://a.example/\\nkeys",
    ] {
        let (code, report) = with(
            "keys:\n      # alg:",
            &format!("jwks_uri: \"{address}\"\n    keys:\n      # alg:"),
        );
        assert_eq!(code, Some(2), "{report}");
        assert!(
            report.contains("is no address of keys (`jwks_uri`)"),
            "{report}"
        );
    }
}

#[test]
fn schemes_of_native_apps_stay_allowed() {
    let (code, report) = with(
        "redirect_uris: [http://localhost:8787/callback]",
        "redirect_uris: [http://localhost:8787/callback, \"com.example.app:/callback\"]",
    );
    assert_eq!((code, report.as_str()), (Some(0), ""));
}

#[test]
fn the_same_holds_for_an_org_that_is_given_as_text() {
    let text = mock_okta::default_org().replacen(
        "redirect_uris: [http://localhost:8787/callback]",
        "redirect_uris: [\"javascript:alert(1)\"]",
        1,
    );
    let started = mock_okta::MockOkta::builder()
        .org_yaml("mine", text)
        .start_blocking();
    let error = started.expect_err("refused");
    assert!(error.is_wrong_input());
    assert!(
        error.to_string().contains("`javascript:alert(1)`"),
        "{error}"
    );
}

#[test]
fn a_file_that_is_not_utf_8_is_refused_with_its_encoding_or_with_line_and_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.yaml");
    let default = mock_okta::default_org();
    let units: Vec<u16> = default.encode_utf16().collect();
    let (little, big): (Vec<u8>, Vec<u8>) = (
        units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        units.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
    );
    let marked = |mark: [u8; 2], bytes: &[u8]| [&mark, bytes].concat();
    let mut latin = b"# one\n# Zo".to_vec();
    latin.extend([0xeb, b'\n']);
    latin.extend(default.as_bytes());
    for (bytes, said) in [
        (
            marked([0xff, 0xfe], &little),
            "the file is UTF-16 (little endian)",
        ),
        (
            marked([0xfe, 0xff], &big),
            "the file is UTF-16 (big endian)",
        ),
        (little, "the file is UTF-16 (little endian)"),
        (big, "the file is UTF-16 (big endian)"),
        (latin, "the file is not UTF-8: line 2 has the byte 0xEB"),
    ] {
        std::fs::write(&path, bytes).expect("it can be written");
        let (code, report) = check(&path);
        assert_eq!(code, Some(2), "{report}");
        assert!(report.contains(said), "{said}: {report}");
    }
    std::fs::write(&path, format!("\u{feff}{default}")).expect("it can be written");
    let (code, report) = check(&path);
    assert_eq!(code, Some(0), "{report}");
}
