//! Nothing that is secret is ever shown: canaries in every secret of an org, and every credential that goes over the
//! wire, are looked for in everything that the two programs say and write.

mod canary;
mod issued;
pub mod programs;
mod search;
mod wire;

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use conformance_tests::repo;
use harness::targets::Target;
use harness::targets::config::{self, Sources};
use mock_okta::{MockOkta, OrgHandle};
use serde_json::Value;
use tempfile::TempDir;

use canary::CanaryOrg;
use programs::{Outputs, Served, atx_run, program, said, scenario_texts, with_env};
use search::Secrets;
use wire::Wire;

/// Scenarios whose checks cannot hold.
const FAILING: &str = "tests/fixtures/scenarios/failing";

/// What a run against a served org of canaries has shown.
struct Shown {
    exit: Option<i32>,
    outputs: Outputs,
    /// The canaries, and what was issued.
    secrets: Secrets,
}

/// Runs `atx` with these arguments against `mock-okta serve`, and listens between them.
fn run(arguments: &[&str], published: &str) -> Shown {
    let mut org = CanaryOrg::new();
    let folder = TempDir::new().expect("a folder");
    let (config, target) = (
        folder.path().join("org.yaml"),
        folder.path().join("target.yaml"),
    );
    fs::write(&config, &org.yaml).expect("a file");
    let wire = Wire::new();
    let served = Served::start(&config, &wire.base_url(), &target, &org.control_token);
    let journal = Arc::new(Mutex::new(Outputs::new()));
    let read_journal = {
        let (journal, address, token) = (
            Arc::clone(&journal),
            served.address,
            org.control_token.clone(),
        );
        move || {
            journal
                .lock()
                .expect("no panic")
                .extend(programs::journal(address, &token));
        }
    };
    wire.connect(served.address, read_journal.clone());

    // What is in the folder of the reports is looked through like them.
    let out = folder.path().join("out");
    let recording = out.join("recording.jsonl");
    let recording = recording.to_str().expect("a path");
    let arguments = [arguments, &["--record", recording]].concat();
    let (exit, mut outputs) = atx_run(&target, &out, &arguments);
    read_journal();
    outputs.append(&mut journal.lock().expect("no panic"));
    outputs.extend(served.stop());
    issued::collect(&wire.said(), published, &mut org.secrets);
    Shown {
        exit,
        outputs,
        secrets: org.secrets,
    }
}

impl Shown {
    fn text(&self, place: &str) -> &str {
        let found = self.outputs.iter().find(|(name, _)| name == place);
        &found.unwrap_or_else(|| panic!("no {place}")).1
    }
}

#[test]
fn a_whole_run_shows_no_secret() {
    let shown = run(&[], &scenario_texts("scenarios"));
    assert_eq!(shown.exit, Some(0), "{}", shown.text("stderr of atx"));
    // Otherwise there was nothing to be found.
    for (kind, at_least) in [
        ("a JWT's signature", 500),
        ("code ", 50),
        ("code_verifier", 50),
        ("sid", 50),
        ("stateToken", 50),
        ("dataHandle", 5),
        ("refresh_token", 1),
        ("access_token", 1),
        ("the canary ", 10),
    ] {
        let found = shown.secrets.count(kind);
        assert!(found >= at_least, "{kind}: only {found}");
    }
    for place in [
        "report.json",
        "report.md",
        "junit.xml",
        "recording.jsonl",
        "the journal",
    ] {
        assert!(shown.text(place).len() > 200, "{place}");
    }
    shown.secrets.searcher().assert_clean(&shown.outputs);
}

#[test]
fn a_run_that_fails_in_every_way_shows_no_secret() {
    let scenarios = repo::root().join(FAILING);
    // At the highest level: the whole wire of every case goes to stderr.
    let arguments = ["-vv", "--scenarios", scenarios.to_str().expect("a path")];
    let shown = run(&arguments, &scenario_texts(FAILING));
    assert_eq!(shown.exit, Some(1), "{}", shown.text("stderr of atx"));
    let output = shown.text("stderr of atx");
    assert!(
        output.contains("subject_token_type"),
        "the wire was not shown"
    );
    // A case that ends before what it is there for shows less than it should.
    let report: Value = serde_json::from_str(shown.text("report.json")).expect("JSON");
    let with = |verdict: &str| -> Vec<&str> {
        let results = report["results"].as_array().expect("results").iter();
        let results = results.filter(|result| result["verdict"] == verdict);
        results.filter_map(|result| result["id"].as_str()).collect()
    };
    let broken_off = [
        "secret/nothing-to-save",
        "secret/value-to-nobody",
        "sign-in/raw-body",
    ];
    assert_eq!(with("error"), broken_off);
    assert_eq!(with("failed").len(), 30);
    shown.secrets.searcher().assert_clean(&shown.outputs);
}

/// Reports, pages and transcripts that are checked in are of the default org. A token has a signature that somebody
/// could take.
#[test]
fn nothing_that_is_checked_in_shows_a_secret() {
    let mut outputs = Outputs::new();
    let mut folders: Vec<_> = ["reports", "harness/src", "tests/it"]
        .map(|folder| repo::root().join(folder))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("a readable entry").path();
            let name = path.display().to_string();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|one| one == "snap")
                || name.contains("/reports/embedded/")
            {
                outputs.push((name, fs::read_to_string(&path).expect("a text")));
            }
        }
    }
    assert!(outputs.len() > 50, "{}", outputs.len());
    let secrets = canary::of_the_default_org();
    assert!(secrets.count("") >= 8, "{}", secrets.count(""));
    secrets.searcher().assert_clean(&outputs);
    for (place, text) in &outputs {
        let stretch = harness::jwt::stretches(text).into_iter().next();
        let token = stretch.map(|stretch| text[stretch].to_owned());
        assert_eq!(token, None, "{place} shows a token");
    }
}

/// What a user wants hidden is no secret of the target: a name of a person, an internal host.
#[test]
fn a_value_that_the_user_names_is_shown_nowhere() {
    let okta = MockOkta::builder().start_blocking().expect("it starts");
    let folder = TempDir::new().expect("a folder");
    let target = folder.path().join("target.yaml");
    fs::write(&target, okta.target_file()).expect("a file");
    let hidden = "ada@example.com";
    let run = |arguments: &[&str]| {
        let out = folder.path().join("out");
        let (exit, outputs) = with_env(&target, &out, arguments, ("ATX_TEST_HIDES", hidden));
        assert_eq!(exit, Some(0), "{outputs:?}");
        let shown = outputs.iter().filter(|(_, text)| {
            text.contains(hidden)
                || text.contains("ada%40example")
                || text.contains("YWRhQGV4YW1wbGUu")
        });
        shown.map(|(place, _)| place.clone()).collect::<Vec<_>>()
    };
    let flows = ["sign-in/", "secret/", "-vv"];
    assert!(!run(&flows).is_empty(), "it is nowhere to be hidden");
    let recording = folder.path().join("out/run.jsonl");
    let record = ["--record", recording.to_str().expect("a path")];
    let arguments = [&flows[..], &["--redact-env", "ATX_TEST_HIDES"], &record].concat();
    assert_eq!(run(&arguments), Vec::<String>::new());
    let recorded = fs::read_to_string(recording).expect("a recording");
    assert!(recorded.contains("\"left_out\":0,"), "cases are left out");
}

/// Mistakes are shown with their lines, and secrets stand in lines.
#[test]
fn mistakes_in_files_show_no_secret() {
    let org = CanaryOrg::new();
    let okta = MockOkta::builder().org_yaml("org.yaml", org.yaml.as_str());
    let okta = okta.control_token(org.control_token.as_str());
    let target = okta.start_blocking().expect("it starts").target_file();
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("file.yaml");
    let mut outputs = Outputs::new();
    let mut try_out = |name: &str, arguments: &[&str], text: &str| {
        fs::write(&file, text).expect("a file");
        let mut command = program(name);
        let ran = command
            .args(arguments)
            .arg(&file)
            .output()
            .expect("it runs");
        let (stdout, stderr) = said(&ran);
        assert_eq!(ran.status.code(), Some(2), "{stderr}");
        outputs.extend([
            (format!("stdout of {name}"), stdout),
            (format!("stderr of {name}"), stderr),
        ]);
    };
    for (right, wrong) in [
        ("password: ", "pasword: "),
        ("client_secret: ", "clientsecret: "),
        ("{ apikey: ", "{ apikey: [], kee: "),
        ("private_key_pem: |", "private_key_pen: |"),
        ("-----BEGIN PRIVATE KEY-----", "-----BEGIN-----"),
    ] {
        try_out(
            "mock-okta",
            &["check-config"],
            &org.yaml.replace(right, wrong),
        );
    }
    try_out(
        "mock-okta",
        &["check-config"],
        &listed(&org.yaml, "password: "),
    );
    for (right, wrong) in [
        ("value: ", "valeu: "),
        ("password:\n      value: ", "pasword: "),
        ("password:\n      value: ", "password: "),
        ("client_secret:\n", "clientsecret:\n"),
        ("private_key_pem:", "private_key_pen:"),
        ("-----BEGIN PRIVATE KEY-----", "-----BEGIN-----"),
    ] {
        try_out("atx", &["run", "--target"], &target.replace(right, wrong));
    }
    try_out("atx", &["run", "--target"], &listed(&target, "value: \""));
    let hidden = outputs.iter().filter(|(_, text)| text.contains("***"));
    assert!(hidden.count() >= 8, "the lines with secrets were not shown");
    org.secrets.searcher().assert_clean(&outputs);
}

/// The same file with lists where these values stood on a line of their own.
fn listed(file: &str, lead: &str) -> String {
    let lines = file
        .lines()
        .map(|line| match line.trim_start().strip_prefix(lead) {
            Some(_) => line.replacen(": ", ": [", 1) + "]\n",
            None => format!("{line}\n"),
        });
    lines.collect()
}

/// A panic tells values by their `Debug`.
#[test]
fn nothing_that_holds_secrets_shows_them_when_debugged() {
    const SEED: u64 = 0x9b3d_57c1_8e24_a6f0;
    let mut org = CanaryOrg::new();
    org.secrets.bytes("the seed", &SEED.to_le_bytes());
    let wire = Wire::new();
    let okta = MockOkta::builder()
        .org_yaml("org.yaml", org.yaml.as_str())
        .issuer(wire.base_url())
        .seed(SEED)
        .control_token(org.control_token.as_str())
        .start_blocking()
        .expect("it starts");
    let shown = Arc::new(Mutex::new(Outputs::new()));
    let debug = {
        let (handle, shown) = (OrgHandle::clone(&okta), Arc::clone(&shown));
        move || {
            let text = format!("{handle:?}");
            shown
                .lock()
                .expect("no panic")
                .push(("the mock org".to_owned(), text));
        }
    };
    wire.connect(okta.address(), debug.clone());

    let folder = TempDir::new().expect("a folder");
    let target = folder.path().join("target.yaml");
    fs::write(&target, okta.target_file()).expect("a file");
    let scenarios = repo::root().join(FAILING);
    let arguments = ["--scenarios", scenarios.to_str().expect("a path")];
    atx_run(&target, &folder.path().join("out"), &arguments);
    debug();

    let mut outputs = shown.lock().expect("no panic").clone();
    outputs.extend(of_the_harness(&okta.target_file()));
    issued::collect(&wire.said(), &scenario_texts(FAILING), &mut org.secrets);
    assert!(
        org.secrets.count("access_token") > 0,
        "no token was brokered"
    );
    org.secrets.searcher().assert_clean(&outputs);
}

/// What the harness makes of a target file, a right one and one with a mistake.
fn of_the_harness(file: &str) -> Outputs {
    let sources = Sources {
        folder: Path::new("."),
        environment: &|_| None,
    };
    let parse = |text: &str| config::parse("target.yaml", text, &sources);
    let deployment = parse(file).expect("a target");
    let mistakes = parse(&file.replacen("\nname: ", "\nnmae: ", 1)).expect_err("a mistake");
    let mut outputs = vec![
        ("the deployment".to_owned(), format!("{deployment:?}")),
        ("mistakes".to_owned(), format!("{mistakes:?}\n{mistakes}")),
    ];
    let target = Target::new(deployment).expect("an HTTP client");
    outputs.push(("the target".to_owned(), format!("{target:?}")));
    outputs
}
