//! The guides in docs/ do what they say: their commands, one after the other, as a reader would paste them.

use std::fs;
use std::path::Path;
use std::process::Command;

use conformance_tests::{binary, repo};
use mock_okta::MockOkta;

/// Where the guides have the org listen.
const WRITTEN: &str = "http://127.0.0.1:7070";

/// What a reader of the walk starts and waits for. The walk as a whole is tried on an org inside the test.
const START: &str = "\
rm -f target.yaml
mock-okta serve --port 7070 --target-out target.yaml &
while kill -0 $! && [ ! -s target.yaml ]; do sleep 0.1; done   # the file is there as soon as the org listens
";

#[test]
#[cfg_attr(
    not(has_guides_tools),
    ignore = "bash, curl or openssl is not installed"
)]
fn the_walk_through_all_four_flows_arrives() {
    let org = MockOkta::builder().start_blocking().expect("an org");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("target.yaml"), org.target_file()).expect("a file");
    let written = blocks("docs/walkthrough.md").concat();
    let commands = written.strip_prefix(START).expect("it starts the org");
    let shown = run(commands, &org, folder.path());
    let mut rest = &*shown;
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
        let at = at.unwrap_or_else(|| panic!("no {expected} in its place: {shown}"));
        rest = &rest[at + expected.len()..];
    }
    assert_eq!(rest, "", "nothing comes after the end");
}

#[test]
#[cfg_attr(
    not(has_guides_tools),
    ignore = "bash, curl or openssl is not installed"
)]
fn every_command_of_test_control_is_carried_out() {
    // After each answer its status, on a line of its own.
    const TELLING: &str = r#"curl() { command curl -w '\n%{http_code}\n' "$@"; }"#;
    let org = MockOkta::builder().start_blocking().expect("an org");
    let folder = tempfile::tempdir().expect("a folder");
    let blocks = blocks("docs/mock-okta.md");
    let block = blocks.iter().find(|block| block.starts_with("M="));
    let block = block.expect("the commands of test control");
    let shown = run(&format!("{TELLING}\n{block}"), &org, folder.path());
    let of_status = |line: &&str| line.len() == 3 && line.parse::<u16>().is_ok();
    let statuses: Vec<&str> = shown.lines().filter(of_status).collect();
    let asked = block.matches("curl -s ").count();
    assert!(asked > 15, "only {asked} commands were found");
    assert_eq!(statuses.len(), asked, "{shown}");
    let carried_out = |status: &&str| matches!(*status, "200" | "204");
    assert!(statuses.iter().all(carried_out), "{shown}");
}

/// The first block by itself, as a reader pastes it: the org has to listen before its target file is read.
#[test]
#[cfg_attr(
    not(has_guides_tools),
    ignore = "bash, curl or openssl is not installed"
)]
fn the_first_block_of_the_walk_waits_for_the_org() {
    let folder = tempfile::tempdir().expect("a folder");
    // What an earlier org left behind.
    fs::write(folder.path().join("target.yaml"), "target: mock\n").expect("a file");
    let programs = binary::path("mock-okta");
    let programs = programs.parent().expect("a folder").display();
    // Any free port will do: nobody asks this org anything.
    let block = blocks("docs/walkthrough.md")[0].replace("--port 7070", "--port 0");
    let commands = format!("PATH={programs}:$PATH\n{block}\nkill $!\nwait");
    let ran = Command::new("bash")
        .args(["-u", "-c", &commands])
        .current_dir(folder.path())
        .output()
        .expect("bash runs");
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(said, "");
    let key = fs::read_to_string(folder.path().join("agent.pem")).expect("a key");
    assert!(key.starts_with("-----BEGIN PRIVATE KEY-----\n"), "no key");
    assert!(key.ends_with("-----END PRIVATE KEY-----\n"), "half a key");
}

/// What a reader would paste.
fn blocks(guide: &str) -> Vec<String> {
    let page = repo::read(guide);
    let blocks = page.split("```sh\n").skip(1);
    blocks
        .filter_map(|rest| rest.split("```").next().map(str::to_owned))
        .collect()
}

/// What commands say that are run against `org`, and not where the guide has it listen.
fn run(commands: &str, org: &MockOkta, folder: &Path) -> String {
    assert!(commands.contains(WRITTEN), "{commands}");
    let ran = Command::new("bash")
        .args(["-u", "-c", &commands.replace(WRITTEN, org.base_url())])
        .current_dir(folder)
        // Whatever proxy this machine uses: the org is here.
        .env("no_proxy", "*")
        .output()
        .expect("bash runs");
    let shown = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert_eq!(String::from_utf8_lossy(&ran.stderr), "");
    assert!(ran.status.success(), "{shown}");
    shown
}
