//! The binary, as a shell or another language starts it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::client::{client, send};

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mock-okta"));
    command
        .args(arguments)
        .env_remove("MOCK_OKTA_CONTROL_TOKEN")
        .env_remove("MOCK_OKTA_API_TOKEN")
        .env("NO_COLOR", "1");
    command
}

/// Exit code, standard output, standard error.
pub(crate) fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = command(arguments).output().expect("the binary runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// A server that is up; killed when the test ends before it.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: String,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let served = Self::of(&mut command(
            &[&["serve", "--port", "0"], arguments].concat(),
        ));
        let address = &served.address;
        assert!(address.starts_with("http://127.0.0.1:"), "{address}");
        served
    }

    /// A server that another command starts.
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line
            .trim_end()
            .strip_prefix("mock-okta listening on ")
            .unwrap_or_default();
        assert!(address.starts_with("http"), "{line:?}");
        Self {
            address: address.to_owned(),
            child,
        }
    }

    /// Sends a signal and waits: exit code and standard error.
    pub(crate) fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([signal, &pid])
            .status()
            .expect("kill runs");
        assert!(sent.success());
        let deadline = Instant::now() + Duration::from_secs(10);
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            assert!(Instant::now() < deadline, "it does not end");
            std::thread::sleep(Duration::from_millis(5));
        };
        let mut report = String::new();
        let stderr = self.child.stderr.take();
        stderr.map(|mut stderr| stderr.read_to_string(&mut report));
        (status.code(), report)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn it_says_where_it_listens_and_ends_cleanly_on_a_signal() {
    for signal in ["-TERM", "-INT"] {
        let served = Served::start(&[]);
        let response = send(client().get(format!("{}/_mock/health", served.address))).await;
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(served.stop(signal), (Some(0), String::new()), "{signal}");
    }
}

#[test]
fn the_target_file_is_whole_on_readiness_and_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("target.yaml");
    // An older file that everybody may read is replaced, not written over.
    std::fs::write(&path, "old").expect("written");
    let served = Served::start(&["--target-out", &path.display().to_string()]);
    let text = std::fs::read_to_string(&path).expect("the file is there");
    assert!(
        text.contains(&format!("issuer: {}", served.address)),
        "{text}"
    );
    let mode = std::fs::metadata(&path)
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("a folder").count(),
        1
    );
}

#[test]
fn options_reach_the_org() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("target.yaml");
    let _served = Served::start(&[
        "--issuer",
        "https://okta.test",
        "--edition",
        "2025-10",
        "--no-internal-codes",
        "--control-token",
        "let-me-in",
        "--behaviour",
        "actor_token=refuse",
        "--target-out",
        &path.display().to_string(),
    ]);
    let text = std::fs::read_to_string(&path).expect("the file is there");
    for line in [
        "edition: 2025-10",
        "shows_internal_codes: false",
        "issuer: https://okta.test",
        "value: let-me-in",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn wrong_input_is_reported_and_ends_with_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = write(
        folder.path(),
        "org: { id: ada, name: Org }\nusers: []\nagnets: []\n",
    );
    for arguments in [
        &["serve", "--config", &config][..],
        &["serve", "--config", "/nowhere.yaml"],
        &["serve", "--issuer", "okta.test"],
        &["serve", "--behaviour", "actor_token=perhaps"],
        &["serve", "--edition", "2027-10"],
        &["serve", "--prot", "1"],
        &["check-config", &config],
        &[],
    ] {
        let (code, out, report) = run(arguments);
        assert_eq!(
            (code, out.as_str()),
            (Some(2), ""),
            "{arguments:?}: {report}"
        );
        assert!(!report.is_empty(), "{arguments:?}");
    }
    let (_, _, report) = run(&["check-config", &config]);
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("mistakes_in_an_org_file", report.replace(&config, "org.yaml"));
    });
}

#[test]
fn a_port_that_is_taken_ends_with_1() {
    let served = Served::start(&[]);
    let port = served
        .address
        .rsplit(':')
        .next()
        .unwrap_or_default()
        .to_owned();
    let (code, _, report) = run(&["serve", "--port", &port]);
    assert_eq!(code, Some(1));
    assert!(report.contains("cannot listen on 127.0.0.1"), "{report}");
}

#[test]
fn the_default_org_can_be_printed_checked_and_served() {
    let (code, printed, _) = run(&["serve", "--print-config"]);
    assert_eq!(code, Some(0));
    assert_eq!(printed.trim_end(), mock_okta::default_org().trim_end());
    let folder = tempfile::tempdir().expect("a folder");
    let config = write(folder.path(), &printed);
    let (code, out, report) = run(&["check-config", &config]);
    assert_eq!((code, report.as_str()), (Some(0), ""), "{out}");
    let _served = Served::start(&["--config", &config]);
}

#[test]
fn help_is_true() {
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help_serve", &["serve", "--help"]),
        ("help_check_config", &["check-config", "--help"]),
        ("help_faults", &["faults", "--help"]),
        ("help_refusals", &["refusals", "--help"]),
    ] {
        let (code, out, report) = run(arguments);
        assert_eq!((code, report.as_str()), (Some(0), ""), "{arguments:?}");
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(name, out);
        });
    }
}

#[test]
fn behaviours_lists_every_switch_with_its_default() {
    let (code, out, report) = run(&["behaviours", "--edition", "2025-10"]);
    assert_eq!((code, report.as_str()), (Some(0), ""));
    let (switches, _) = out.split_once("Without a switch:").expect("the rest");
    let names = switches.lines().filter(|line| !line.starts_with(' '));
    let names: Vec<&str> = names.filter(|line| !line.is_empty()).collect();
    let known: Vec<&str> = mock_okta::Behaviours::SWITCHES
        .iter()
        .map(|switch| switch.name)
        .collect();
    assert_eq!(names, known);
    assert_eq!(out.matches(" (default)").count(), known.len());
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("behaviours", out);
    });
}

#[test]
fn variations_are_listed_with_what_allows_them() {
    let (code, out, report) = run(&["variations"]);
    assert_eq!((code, report.as_str()), (Some(0), ""));
    let ids: Vec<&str> = out.lines().filter(|line| !line.starts_with(' ')).collect();
    let known: Vec<String> = mock_okta::Variation::ALL
        .iter()
        .map(|one| one.id())
        .collect();
    assert_eq!(ids, known);
    let first: Vec<&str> = out.lines().take(4).collect();
    assert_eq!(
        first,
        [
            "vary/json-members-reversed",
            "  The members of JSON objects come in the reverse order.",
            "  RFC 8259 §4: An object is an unordered collection, so readers must not depend on the order of its members.",
            "  lawful under base, okta, mcp-ema; aspect json-order",
        ]
    );
}

#[test]
fn faults_are_listed_with_their_parameters() {
    let (code, out, report) = run(&["faults"]);
    assert_eq!((code, report.as_str()), (Some(0), ""));
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("faults", out);
    });
    let (code, out, report) = run(&["faults", "--json"]);
    assert_eq!((code, report.as_str()), (Some(0), ""));
    let list: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let ids = list["faults"].as_array().expect("a list");
    let ids: Vec<&str> = ids.iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(ids, mock_okta::FaultKind::ALL.map(mock_okta::FaultKind::id));
}

#[test]
fn a_fault_that_cannot_be_is_wrong_input_and_one_that_can_is_named() {
    for (fault, expected) in [
        ("dely=5", "did you mean `delay`? (expected: one of delay, "),
        (
            "delay=5,endpoint=tokn",
            "`endpoint` is `tokn` (expected: one of token, ",
        ),
        ("delay,client=nobody", "there is no client `nobody`"),
    ] {
        let (code, _, report) = run(&["serve", "--port", "0", "--fault", fault]);
        assert_eq!(code, Some(2), "{report}");
        assert!(report.contains(expected), "{report}");
    }
    let served = Served::start(&["--fault", "delay=1,client=agent", "--fault", "html-page"]);
    let (code, report) = served.stop("-TERM");
    assert_eq!(
        (code, report.as_str()),
        (
            Some(0),
            "fault delay=1,client=agent: The answer comes late.\n\
             fault html-page: An HTML page comes, as a proxy sends it.\n"
        )
    );
}

#[test]
fn variations_that_exclude_each_other_are_wrong_input() {
    let both = [
        "--variation",
        "vary/json-pretty",
        "--variation",
        "vary/json-spaced",
    ];
    let (code, out, report) = run(&[&["serve", "--port", "0"], &both[..]].concat());
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(report.contains("only one of them can be on"), "{report}");
    let (code, _, report) = run(&["serve", "--port", "0", "--variation", "vary/json-prety"]);
    assert_eq!(code, Some(2));
    assert!(
        report.contains("did you mean `vary/json-pretty`?"),
        "{report}"
    );
    let served = Served::start(&["--variation", "vary/json-pretty"]);
    let (_, report) = served.stop("-TERM");
    assert_eq!(
        report,
        "variation vary/json-pretty: JSON is indented, one member a line.\n"
    );
}

#[test]
fn refusals_lists_every_row_of_the_catalogue() {
    let (code, out, report) = run(&["refusals"]);
    assert_eq!(code, Some(0));
    // A title, the rows of the catalogue, and the refusals that follow from an RFC alone.
    assert_eq!(out.lines().count(), 1 + 307 + 8);
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("refusals", format!("{out}{report}"));
    });
}

#[test]
fn refusals_can_be_filtered_and_read_by_programs() {
    let rows = |arguments: &[&str]| {
        let (code, out, report) = run(&[&["refusals", "--json"], arguments].concat());
        assert_eq!(code, Some(0), "{report}");
        let rows: Vec<serde_json::Value> = serde_json::from_str(&out).expect("an array");
        assert!(
            report.starts_with(&format!("{} of 315 rows", rows.len())),
            "{report}"
        );
        rows
    };
    let later = rows(&["--state", "later"]);
    assert!(
        later
            .iter()
            .all(|row| row["state"] == "later" && row["reason"].is_string())
    );
    let replayed = rows(&["id_jag_replayed"]);
    assert_eq!(
        replayed[0].to_string(),
        r#"{"code":"id_jag_replayed","status":400,"error":"invalid_grant","state":"emitted","error_description":"The ID-JAG was redeemed before.","source":"Okta OAuth error catalogue 2026.08.1"}"#
    );
    let some = rows(&[
        "--state",
        "emitted",
        "--error",
        "invalid_client",
        "--status",
        "401",
        "jwks_uri",
    ]);
    assert_eq!(some.len(), 6);
    let (code, out, report) = run(&["refusals", "id_jag_replaid"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(
        report.contains("did you mean `id_jag_replayed`?"),
        "{report}"
    );
}

fn write(folder: &Path, text: &str) -> String {
    let path = folder.join("org.yaml");
    std::fs::write(&path, text).expect("written");
    path.display().to_string()
}

/// Commands that print a result and end.
#[cfg(unix)]
const PRINTING: [&[&str]; 8] = [
    &["behaviours"],
    &["defects"],
    &["variations"],
    &["faults"],
    &["refusals"],
    &["refusals", "--json"],
    &["serve", "--print-config"],
    &["serve", "--port", "0"],
];

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_a_full_disk_loses_is_no_success() {
    for arguments in PRINTING {
        let full = std::fs::File::options().write(true).open("/dev/full");
        let output = command(arguments)
            .stdout(full.expect("a device"))
            .stderr(Stdio::piped())
            .output()
            .expect("the binary runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {stderr}");
        let expected = "error: cannot write to stdout: ";
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
    }
}

#[test]
#[cfg(unix)]
fn a_reader_that_goes_away_is_no_failure() {
    for arguments in PRINTING
        .iter()
        .filter(|arguments| **arguments != ["serve", "--port", "0"])
    {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = command(arguments)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .expect("the binary runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("error"), "{arguments:?}: {stderr}");
    }
}
