//! The program, as a shell starts it: which stream, which exit code. Because it is here, `cargo test` builds `atx`, and
//! the tests in `tests/` find it.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::process::{Command, Output};

fn atx(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_atx"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .expect("atx runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn data_goes_to_stdout_and_talk_to_stderr() {
    let (code, stdout, stderr) = atx(&["list"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("secret/whole-flow"), "{stdout}");
    assert!(!stderr.contains("secret/whole-flow"), "{stderr}");
}

#[test]
fn wrong_input_is_told_on_stderr_and_ends_with_2() {
    for (arguments, told) in [
        (&["run", "--tagret", "x"][..], "--tagret"),
        (
            &["run", "--target", "no/such/file.yaml"],
            "no/such/file.yaml",
        ),
        (&["run", "no-such-scenario"], "no-such-scenario"),
        (&["show", "no-such-scenario"], "no-such-scenario"),
    ] {
        let (code, stdout, stderr) = atx(arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(stderr.contains(told), "{arguments:?}: {stderr}");
    }
}
