//! Results that cannot be written, and readers that go away.

use std::fs::File;
use std::io;
use std::process::{Command, Stdio};

/// Commands that print a result. None of them sends anything to a server outside the program.
const PRINTING: [&[&str]; 10] = [
    &["list", "secret"],
    &["show", "secret/whole-flow"],
    &["show", "invariants/keys-sizes"],
    &["schema", "scenario"],
    &["schema", "invariants"],
    &["schema", "report"],
    &["schema", "baseline"],
    &["coverage", "okta.secret-response"],
    &["--help"],
    &["--version"],
];

fn run(arguments: &[&str], stdout: impl Into<Stdio>) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_atx"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .expect("atx runs");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), stderr)
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_a_full_disk_loses_is_no_success() {
    for arguments in PRINTING {
        let full = File::options().write(true).open("/dev/full");
        let (code, stderr) = run(arguments, full.expect("a device"));
        assert_eq!(code, Some(3), "{arguments:?}: {stderr}");
        let expected = "error: cannot write to stdout: ";
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for arguments in PRINTING {
        let (reader, writer) = io::pipe().expect("a pipe");
        drop(reader);
        let (code, stderr) = run(arguments, writer);
        assert_eq!(code, Some(0), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("error"), "{arguments:?}: {stderr}");
    }
}
