//! The program, as a shell starts it: which stream, which exit code. Because it is here, `cargo test` builds `atx`, and
//! the tests in `tests/` find it.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod encodings;
#[cfg(unix)]
mod streams;

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
    for (arguments, expected) in [
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
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
    }
}

#[test]
fn the_number_of_cases_at_once_is_at_least_one() {
    for number in ["0", "-1", "two", ""] {
        for command in ["run", "coverage", "selftest"] {
            let (code, stdout, stderr) = atx(&[command, &format!("--jobs={number}")]);
            assert_eq!((code, stdout.as_str()), (Some(2), ""), "{command} {number}");
            let expected = "expected a whole number of at least 1";
            assert!(stderr.contains(expected), "{command} {number}: {stderr}");
        }
    }
}

#[test]
fn the_beginning_of_an_id_is_a_filter() {
    let (code, stdout, stderr) = atx(&["list", "authorization-server/exchange"]);
    assert_eq!(code, Some(0), "{stderr}");
    let ids: Vec<&str> = stdout
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    let begins = |id: &&str| id.starts_with("authorization-server/exchange-");
    assert!(ids.len() > 50 && ids.iter().all(begins), "{ids:?}");
    // What has exactly this name is meant alone.
    let (_, stdout, _) = atx(&["list", "sign-in/refresh"]);
    let own =
        |line: &str| line.starts_with("sign-in/refresh/") || line.starts_with("sign-in/refresh\t");
    assert!(!stdout.is_empty() && stdout.lines().all(own), "{stdout}");
    let (code, stdout, _) = atx(&["list", "invariants/id-jag"]);
    assert_eq!(code, Some(0));
    assert!(
        stdout
            .lines()
            .all(|line| line.starts_with("invariants/id-jag")),
        "{stdout}"
    );
    assert_eq!(
        atx(&["list", "ecret"]).0,
        Some(2),
        "the middle of an id is not its beginning"
    );
}
