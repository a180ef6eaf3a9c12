//! How a run goes: agents that cannot be started, never ask, hang, leave processes behind or print without end.

use std::time::{Duration, Instant};

use harness::agent::{AgentStop, SignIn};
use harness::result::{RunResult, Verdict};
use harness::scenario::agent::AgentLibrary;
use harness::scenario::model::ResourceType;

use super::{AGENT, case, library, only, options, run};

const SECRET: &str = "agent/secret";

/// The flow of one task alone.
fn secret() -> AgentLibrary {
    let mut library = library();
    library.scenarios.retain(|scenario| scenario.id == SECRET);
    library
}

/// A run of a line for the shell.
fn shell(line: &str, timeout: Duration) -> RunResult {
    let mut options = options("sh", &["-c", line]);
    options.timeout = timeout;
    run(&secret(), &options).expect("a run")
}

#[test]
fn an_agent_without_fault_passes_everything_that_it_can_be_judged_by() {
    let result = run(&library(), &options(AGENT, &[])).expect("a run");
    let wrong = result.results.iter().filter(|case| {
        !matches!(
            case.verdict,
            Verdict::Passed | Verdict::Skipped | Verdict::NotApplicable
        )
    });
    let wrong: Vec<_> = wrong
        .map(|case| (&case.id, case.verdict, &case.reason))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(result.summary.passed > 150, "{:?}", result.summary);
    // Not applicable is a result of its own.
    assert!(result.summary.not_applicable > 0 && result.summary.skipped > 0);
}

#[test]
fn an_agent_that_is_handed_the_id_token_signs_nobody_in() {
    let mut options = options(AGENT, &[]);
    options.sign_in = SignIn::Given;
    let library = only(|id, _| id.starts_with("agent/sign-in") || id.starts_with("agent/expired"));
    let result = run(&library, &options).expect("a run");
    assert_eq!(case(&result, "agent/sign-in").verdict, Verdict::Skipped);
    assert_eq!(
        case(&result, "agent/expired-id-token/refused").verdict,
        Verdict::Passed
    );
    assert_eq!(case(&result, SECRET).verdict, Verdict::Passed);
}

#[test]
fn an_agent_signs_in_without_a_browser_and_over_https() {
    let mut options = options(AGENT, &[]);
    options.sign_in = SignIn::Auto;
    options.tls = true;
    let library = only(|id, _| id == "agent/sign-in");
    let result = run(&library, &options).expect("a run");
    for id in [SECRET, "agent/authorization-server", "agent/sign-in"] {
        assert_eq!(
            case(&result, id).verdict,
            Verdict::Passed,
            "{id}: {:?}",
            case(&result, id)
        );
    }
}

#[test]
fn what_an_agent_does_not_support_is_skipped() {
    let mut options = options(AGENT, &[]);
    options.only = vec![ResourceType::Secret];
    let result = run(&only(|_, _| false), &options).expect("a run");
    assert_eq!(case(&result, SECRET).verdict, Verdict::Passed);
    let other = case(&result, "agent/service-account");
    assert_eq!(other.verdict, Verdict::Skipped);
    assert!(
        other.cure.as_deref().unwrap_or_default().contains("--only"),
        "{other:?}"
    );
}

#[test]
fn a_command_that_does_not_exist_ends_the_run() {
    let stop = run(&secret(), &options("/nowhere/agent", &[])).expect_err("no such file");
    assert!(matches!(stop, AgentStop::Command(_)), "{stop:?}");
    assert!(stop.to_string().contains("/nowhere/agent"), "{stop}");
}

#[test]
fn an_agent_that_asks_nothing_could_not_be_judged() {
    let result = shell(
        "echo no org configured >&2; exit 7",
        Duration::from_secs(10),
    );
    let case = case(&result, SECRET);
    assert_eq!(case.verdict, Verdict::Error);
    let reason = case.reason.as_deref().unwrap_or_default();
    for part in ["no request arrived", "exit code 7", "no org configured"] {
        assert!(reason.contains(part), "{reason}");
    }
}

#[test]
fn an_agent_that_hangs_is_ended() {
    let started = Instant::now();
    let result = shell("sleep 600", Duration::from_secs(1));
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
    let reason = case(&result, SECRET).reason.clone().unwrap_or_default();
    assert!(reason.contains("was still running"), "{reason}");
}

#[cfg(target_os = "linux")]
#[test]
fn processes_that_an_agent_leaves_behind_are_ended() {
    // One in its process group, and one that has left it.
    let marker = format!("6{}", std::process::id());
    let line = format!("sleep {marker} & setsid sleep {marker} & exit 1");
    let result = shell(&line, Duration::from_secs(10));
    let reason = case(&result, SECRET).reason.clone().unwrap_or_default();
    assert!(reason.contains("processes that it had started"), "{reason}");
    let is_left = |entry: std::fs::DirEntry| {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        line.ends_with(format!("\0{marker}\0").as_bytes())
    };
    let left = std::fs::read_dir("/proc")
        .expect("processes")
        .flatten()
        .filter_map(|entry| is_left(entry).then_some(()));
    assert_eq!(left.count(), 0);
}

#[test]
fn a_hundred_megabytes_of_output_are_read_and_not_kept() {
    let started = Instant::now();
    let result = shell(
        "head -c 100000000 /dev/zero | tr '\\0' x; exit 1",
        Duration::from_secs(30),
    );
    assert_eq!(case(&result, SECRET).verdict, Verdict::Error);
    assert!(
        started.elapsed() < Duration::from_secs(25),
        "{:?}",
        started.elapsed()
    );
    let reason = case(&result, SECRET).reason.clone().unwrap_or_default();
    assert!(reason.len() < 8 * 1024, "{}", reason.len());
}

/// Where a credential may stand that nobody looked for, that none was found is no pass.
#[test]
fn what_is_too_long_to_be_searched_is_not_clean() {
    let own_folder = tempfile::tempdir().expect("a folder");
    let log = "head -c 5000000 /dev/zero | tr '\\0' x";
    let lines = [
        (format!("{log}; exec {AGENT}"), "not searched: the output"),
        (
            format!("{log} > agent.log; exec {AGENT}"),
            "not searched: the file agent.log: it is longer than 4 MiB",
        ),
    ];
    for (line, reason) in lines {
        let mut options = options("sh", &["-c", &line]);
        options.folder = Some(own_folder.path().to_owned());
        let result = run(&secret(), &options).expect("a run");
        assert_eq!(case(&result, SECRET).verdict, Verdict::Passed);
        let printed = case(&result, "invariants/no-secret-logs");
        assert_eq!(printed.verdict, Verdict::Error, "{line}");
        let actual = printed.findings[0].actual.as_deref().unwrap_or_default();
        assert!(actual.starts_with(reason), "{actual}");
        let why = printed.reason.as_deref().unwrap_or_default();
        assert!(
            why.starts_with(reason) && why.contains(" cases; the first is "),
            "{why}"
        );
    }
}

#[test]
fn no_credential_of_a_case_reaches_the_result() {
    let result = run(&secret(), &options(AGENT, &["--fault", "prints-tokens"])).expect("a run");
    let text = serde_json::to_string(&result).expect("JSON");
    // Headers of JWTs begin like this; what is recorded of one is its claims.
    assert!(!text.contains("eyJ"), "a token is in the result");
    let printed = case(&result, "invariants/no-secret-logs");
    assert_ne!(printed.verdict, Verdict::Passed);
    let actual = printed.findings[0].actual.as_deref().unwrap_or_default();
    assert!(actual.contains("ID token"), "{actual}");
}

/// An agent that does not go on looks like one that refuses: here it breaks before it meets the changed answer.
#[test]
fn an_agent_that_breaks_before_a_changed_answer_did_not_refuse_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let runs = folder.path().join("runs");
    // It does its task twice, in the two undisturbed flows, and then never again.
    let line = format!(
        "echo >> {0}; [ $(wc -l < {0}) -gt 2 ] && exit 1; exec {AGENT}",
        runs.display()
    );
    let mut options = options("sh", &["-c", &line]);
    options.only = vec![ResourceType::Secret];
    options.jobs = 1;
    let id = "agent/changes/any/bend-id-token-nonce-other";
    let library = only(|one, _| one == id);
    let result = run(&library, &options).expect("a run");
    assert_eq!(case(&result, "agent/changes/any").verdict, Verdict::Passed);
    let case = case(&result, id);
    assert_eq!(case.verdict, Verdict::Error);
    let reason = case.reason.as_deref().unwrap_or_default();
    assert!(reason.contains("did not get as far"), "{reason}");
}
