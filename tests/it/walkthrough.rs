//! docs/walkthrough.md does what it says: its commands, one after the other, as a reader would paste them.

use std::fs;
use std::process::Command;

use conformance_tests::repo;
use mock_okta::MockOkta;

/// What a reader starts, which is started here without a fixed port.
const START: &str =
    "mock-okta serve --port 7070 --target-out target.yaml &\nORG=http://127.0.0.1:7070\n";

#[test]
#[cfg_attr(
    not(has_walkers_tools),
    ignore = "bash, curl or openssl is not installed"
)]
fn the_walk_through_all_four_flows_arrives() {
    let org = MockOkta::builder().start_blocking().expect("an org");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("target.yaml"), org.target_file()).expect("a file");
    let page = repo::read("docs/walkthrough.md");
    let written: String = page
        .split("```sh\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert!(written.starts_with(START), "{written}");
    let commands = written.replacen(START, &format!("ORG={}\n", org.base_url()), 1);

    let ran = Command::new("bash")
        .args(["-u", "-c", &commands])
        .current_dir(folder.path())
        .output()
        .expect("bash runs");
    let told = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(String::from_utf8_lossy(&ran.stderr), "");
    assert!(ran.status.success(), "{told}");
    let mut rest = &*told;
    for expected in [
        r#"{"resource":"chat","sub":"ada@example.com""#,
        r#"{"resource":"payments"}"#,
        r#"{"resource":"warehouse","account":"warehouse-sync"}"#,
        r#"{"resource":"tracker","user":"#,
        r#"{"error":"interaction_required""#,
        r#"{"entries":[{"#,
        r#""offset_seconds":3601"#,
        r#"{"error":"invalid_grant","error_description":"The subject_token has expired."}"#,
    ] {
        let at = rest.find(expected);
        let at = at.unwrap_or_else(|| panic!("no {expected} in its place: {told}"));
        rest = &rest[at + expected.len()..];
    }
    assert_eq!(rest, "", "nothing comes after the end");
}
