//! Target files from nothing: which one a command reads, what `atx init` writes, and variables in it.

use std::fs;
use std::io::Write as _;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use mock_okta::MockOkta;
use serde_json::Value;

use crate::cli::Terminal;

/// A case that needs one exchange.
const CASE: &str = "secret/who";

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn assert_exit(output: &Output, code: i32, expected: &[&str]) {
    let said = said(output);
    assert_eq!(output.status.code(), Some(code), "{said}");
    for part in expected {
        assert!(said.contains(part), "{part}: {said}");
    }
}

/// An org that speaks https, and a folder with the certificate of its authority.
fn org() -> (Terminal, MockOkta) {
    let builder = MockOkta::builder().tls().seed(2106).keys_ahead(false);
    let org = builder.start_blocking().expect("an org");
    let terminal = Terminal::new();
    terminal.write("ca.pem", org.ca_pem().expect("an authority"));
    (terminal, org)
}

/// `atx` with lines on its standard input, which is closed behind them.
fn answered(terminal: &Terminal, arguments: &[&str], lines: &[&str]) -> Output {
    let mut command = terminal.command(arguments);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = pipes.stderr(Stdio::piped()).spawn().expect("atx runs");
    let mut input = child.stdin.take().expect("a pipe");
    // A command that ends before it has read everything has its reasons.
    let _ = input.write_all((lines.join("\n") + "\n").as_bytes());
    drop(input);
    child.wait_with_output().expect("atx ends")
}

#[test]
fn a_target_file_is_found_by_option_variable_and_folder() {
    let org = MockOkta::builder().start_blocking().expect("an org");
    let terminal = Terminal::new();
    terminal.write("atx.yaml", &org.target_file());
    terminal.write("wrong.yaml", "target: okta\nzzz: 1\n");

    let output = terminal.atx(&["run", CASE]);
    assert_exit(
        &output,
        0,
        &["note: the target file is atx.yaml: it is in this folder"],
    );
    let report = terminal.folder().join("reports/out/report.json");
    let report = fs::read_to_string(report).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(
        report["again"]["run"], " --target atx.yaml",
        "what the user copies"
    );

    let output = terminal
        .command(&["run", CASE])
        .env("ATX_TARGET", "wrong.yaml")
        .output();
    let output = output.expect("atx runs");
    let note = "note: the target file is wrong.yaml: ATX_TARGET names it";
    assert_exit(&output, 2, &[note, "unknown key `zzz`"]);

    let output = terminal.atx(&["run", CASE, "--target", "wrong.yaml"]);
    assert_exit(&output, 2, &["unknown key `zzz`"]);
    assert!(
        !said(&output).contains("note: the target"),
        "{}",
        said(&output)
    );

    let command = &mut terminal.command(&["run", CASE, "--mock"]);
    let output = command
        .env("ATX_TARGET", "wrong.yaml")
        .output()
        .expect("atx runs");
    assert_exit(&output, 0, &[]);
    assert!(
        !said(&output).contains("note: the target"),
        "{}",
        said(&output)
    );
    let output = terminal.atx(&["run", CASE, "--mock", "--target", "atx.yaml"]);
    assert_exit(&output, 2, &["cannot be used with"]);
}

#[test]
fn variables_come_from_the_environment_or_from_the_file_beside() {
    let org = MockOkta::builder().start_blocking().expect("an org");
    let terminal = Terminal::new();
    let file = org.target_file().replace(org.base_url(), "${ATX_TEST_ORG}");
    terminal.write("target.yaml", &file);
    let arguments = ["run", CASE, "--target", "target.yaml"];

    let output = terminal.atx(&arguments);
    assert_exit(
        &output,
        2,
        &["`ATX_TEST_ORG` is not set", "target.yaml:", ".env"],
    );

    terminal.write(".env", "a line of another program\n");
    let output = terminal.atx(&arguments);
    assert_exit(
        &output,
        2,
        &["`ATX_TEST_ORG` is not set", ".env:1", "sets no variable"],
    );

    terminal.write(".env", &format!("export ATX_TEST_ORG={}\n", org.base_url()));
    let output = terminal.atx(&arguments);
    assert_exit(&output, 0, &[]);
    let command = &mut terminal.command(&arguments);
    let output = command
        .env("ATX_TEST_ORG", "http://127.0.0.1:1")
        .output()
        .expect("atx runs");
    assert_exit(&output, 3, &[]);
}

#[cfg(unix)]
#[test]
fn secrets_that_others_can_read_are_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;

    let terminal = Terminal::new();
    let file = "target: mock\nauthorization_servers: { org: { issuer: 'http://127.0.0.1:1' } }\n\
                clients: { agent: { client_id: x, auth: client_secret_post, client_secret: { env: ATX_TEST_SECRET } } }\n";
    terminal.write("target.yaml", file);
    let open = |name: &str| {
        let path = terminal.folder().join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).expect("a mode");
    };
    open("target.yaml");
    let arguments = ["run", CASE, "--target", "target.yaml"];
    for (text, expected) in [
        ("ATX_TEST_SECRET=hunter2-long\n", true),
        ("OTHER=1\n", false),
    ] {
        terminal.write(".env", text);
        open(".env");
        let command = &mut terminal.command(&arguments);
        if !expected {
            command.env("ATX_TEST_SECRET", "hunter2-long");
        }
        let output = command.output().expect("atx runs");
        let said = said(&output);
        let warning = "warning: others can read .env, and secrets stand in it: chmod 600 .env";
        assert_eq!(said.contains(warning), expected, "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    let inline = file.replace("{ env: ATX_TEST_SECRET }", "'${ATX_TEST_SECRET}'");
    terminal.write("target.yaml", &inline);
    let output = terminal.atx(&arguments);
    assert_exit(
        &output,
        2,
        &["in the place of a secret", "{env: ATX_TEST_SECRET}"],
    );
    let inline = file
        .replace("target: mock", "target: okta")
        .replace("http:", "https:");
    let inline = inline.replace("{ env: ATX_TEST_SECRET }", "{ value: hunter2-long }");
    terminal.write("target.yaml", &inline);
    let output = terminal.atx(&arguments);
    assert_exit(
        &output,
        2,
        &["a real org's secrets do not stand in the file"],
    );
    assert!(!said(&output).contains("hunter2"), "{}", said(&output));
}

#[test]
fn init_writes_a_file_from_options() {
    let (terminal, org) = org();
    let issuer = org.issuer();
    let arguments = [
        "init",
        "--yes",
        "--org",
        &issuer,
        "--ca",
        "ca.pem",
        "--agent",
        "wlp00000000000000001",
        "--new-key=ES256",
        "--server",
        "default",
        "--scope",
        "chat.read chat.history",
        "--user",
        "ada@example.com",
        "--for-tests",
    ];
    let output = terminal.atx(&arguments);
    let next = [
        "atx.yaml is written",
        "register the public key",
        "atx doctor",
        "atx run",
    ];
    assert_exit(&output, 0, &next);
    let public: Value = serde_json::from_slice(&output.stdout).expect("a JWK on stdout");
    assert_eq!(
        (&public["kty"], &public["use"]),
        (&"EC".into(), &"sig".into())
    );
    assert!(public.get("d").is_none(), "{public}");
    let written = |name: &str| fs::read_to_string(terminal.folder().join(name)).expect(name);
    let (file, key) = (written("atx.yaml"), written("agent.pem"));
    assert!(key.starts_with("-----BEGIN PRIVATE KEY-----"), "a key");
    assert!(!file.contains("PRIVATE KEY") && !said(&output).contains(&key[40..80]));
    for line in [
        "target: okta",
        &format!("  org: {{ issuer: {issuer} }}"),
        &format!("    issuer: {issuer}/oauth2/default"),
        "    scope: \"chat.read chat.history\"",
        "      private_key_pem: { file: agent.pem }",
        "  ada: { login: ada@example.com }",
        "ca: { file: ca.pem }",
    ] {
        assert!(file.lines().any(|one| one == line), "{line}:\n{file}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(terminal.folder().join("agent.pem")).expect("a file");
        assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    }

    let output = terminal.atx(&arguments);
    assert_exit(&output, 2, &["atx.yaml is there already", "--force"]);
    let output = terminal.atx(&[&arguments[..], &["--force"]].concat());
    assert_exit(&output, 2, &["a key is never replaced"]);
    assert_eq!((file, key), (written("atx.yaml"), written("agent.pem")));
    let known: Vec<&str> = arguments
        .iter()
        .copied()
        .filter(|one| !one.starts_with("--new-key"))
        .collect();
    let output = terminal.atx(
        &[
            &known[..],
            &["--force", "--key", "agent.pem", "--kid", "k1"],
        ]
        .concat(),
    );
    assert_exit(&output, 0, &["atx.yaml is written"]);
    assert!(output.stdout.is_empty(), "no new key");
    assert!(written("atx.yaml").contains("kid: k1"));
}

#[test]
fn init_asks_and_takes_corrections() {
    let (terminal, org) = org();
    let issuer = org.issuer();
    let output = answered(
        &terminal,
        &["init", "--ca", "ca.pem", "--out", "orgs.yaml"],
        &[
            // A slash too many; then what is offered.
            &format!("{issuer}/"),
            "",
            // No API token.
            "",
            "wlp00000000000000001",
            // How it authenticates, by number; then with a secret in the default variable.
            "2",
            "",
            // The redirect URI as it is offered.
            "",
            "default",
            "chat.read",
            // No secret, service account, third party or user.
            "",
            "",
            "none",
            "none",
            // It is for tests.
            "y",
        ],
    );
    assert_exit(
        &output,
        0,
        &[
            "no slash at its end",
            "Directory > AI agents",
            "Security > API > Authorization Servers",
            "export ATX_AGENT_SECRET=",
            "atx run --target orgs.yaml",
        ],
    );
    let file = fs::read_to_string(terminal.folder().join("orgs.yaml")).expect("a file");
    for line in [
        "    auth: client_secret_post",
        "    client_secret: { env: ATX_AGENT_SECRET }",
        "    scope: chat.read",
        "owned: true",
        "environment: test",
    ] {
        assert!(file.lines().any(|one| one == line), "{line}:\n{file}");
    }
}

#[test]
fn init_without_anybody_to_answer_ends_at_once() {
    let (terminal, org) = org();
    let issuer = org.issuer();
    let begun = Instant::now();
    let known = ["init", "--org", &issuer, "--ca", "ca.pem"];
    for (arguments, lines, expected) in [
        (&["init"][..], None, "--org URL"),
        (&known[..], None, "--api-token-env NAME"),
        (&known[..], Some(&["", "wlp1"][..]), "--auth METHOD"),
        (&["init", "--yes"], None, "--org URL is missing"),
        (
            &[&known[..], &["--yes"]].concat(),
            None,
            "--agent CLIENT_ID is missing",
        ),
        (
            &[&known[..], &["--yes", "--agent", "wlp1"]].concat(),
            None,
            "--new-key or --key FILE is missing, and there are several",
        ),
    ] {
        let output = if let Some(lines) = lines {
            answered(&terminal, arguments, lines)
        } else {
            let command = &mut terminal.command(arguments);
            command.stdin(Stdio::null()).output().expect("atx runs")
        };
        assert_exit(&output, 2, &[expected]);
    }
    assert!(begun.elapsed() < Duration::from_secs(25), "no waiting");
    let files = fs::read_dir(terminal.folder()).expect("a folder").count();
    assert_eq!(files, 1, "nothing is written but ca.pem");
}

#[test]
fn init_says_what_an_address_is_that_is_no_org() {
    let (terminal, org) = org();
    let issuer = org.issuer();
    let custom = format!("{issuer}/oauth2/default");
    let plain = MockOkta::builder().start_blocking().expect("an org");
    let untrusted = ["init", "--yes", "--org", &issuer];
    for (address, code, expected) in [
        (custom.as_str(), 2, "custom authorization server `default`"),
        ("https://acme-admin.okta.com", 2, "https://acme.okta.com"),
        (plain.base_url(), 2, "over https only"),
        ("https://127.0.0.1:1", 3, "nobody listens"),
    ] {
        let output = terminal.atx(&["init", "--yes", "--ca", "ca.pem", "--org", address]);
        assert_exit(&output, code, &[expected]);
    }
    let output = terminal.atx(&untrusted);
    assert_exit(&output, 3, &["note: --ca FILE"]);
    // The same server by another name.
    let other = issuer.replace("127.0.0.1", "localhost");
    if other != issuer {
        let output = terminal.atx(&["init", "--yes", "--ca", "ca.pem", "--org", &other]);
        assert_exit(&output, 2, &["calls itself", &issuer]);
    }
}
