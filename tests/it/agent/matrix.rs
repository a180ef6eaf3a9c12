//! Every fault is noticed by a check that cites what it breaks; no lawful difference is.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use conformance_tests::repo;
use harness::agent::SignIn;
use harness::result::{CaseResult, RunResult, Verdict};
use harness::scenario::agent::model::AgentClient;
use harness::scenario::model::ResourceType;
use serde::{Deserialize, Serialize};

use super::{AGENT, only, options, run, tasks};

const FILE: &str = "reports/embedded/agents.json";
const UPDATE: &str = "UPDATE_AGENTS";
/// Agents that are tried at once.
const AT_ONCE: usize = 3;
/// Fewer faults than this that are caught would mean that the agent or the cases were lost.
const LEAST_CAUGHT: usize = 90;

/// The committed matrix.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Matrix {
    /// By fault: what it breaks, and which cases catch it.
    faults: BTreeMap<String, Row>,
    /// Lawful differences, none of which any case notices.
    differences: BTreeSet<String>,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    breaks: BTreeSet<String>,
    /// Cases with a check that cites one of these and does not hold.
    caught_by: BTreeSet<String>,
    /// Why nobody catches it, where nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uncaught: Option<String>,
}

/// A line of `faulty-agent --list`.
struct Listed {
    name: String,
    is_fault: bool,
    tasks: Vec<ResourceType>,
    breaks: BTreeSet<String>,
}

fn listed() -> Vec<Listed> {
    let output = Command::new(AGENT)
        .arg("--list")
        .output()
        .expect("the agent runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines()
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            let breaks = columns[3]
                .split(',')
                .filter(|id| !id.is_empty() && *id != "-");
            Listed {
                name: columns[0].to_owned(),
                is_fault: columns[1] == "fault",
                tasks: tasks(columns[2]),
                breaks: breaks.map(str::to_owned).collect(),
            }
        })
        .collect()
}

/// Whether a case has a check that cites one of these and does not hold.
fn notices(case: &CaseResult, breaks: &BTreeSet<String>) -> bool {
    case.findings.iter().any(|finding| {
        let deviates = matches!(
            finding.verdict,
            Verdict::Failed | Verdict::Warning | Verdict::Observed
        ) && finding.actual.as_deref() != Some("as expected");
        deviates && finding.covers.iter().any(|id| breaks.contains(id))
    })
}

fn caught(result: &RunResult, breaks: &BTreeSet<String>) -> BTreeSet<String> {
    let noticing = result.results.iter().filter(|case| notices(case, breaks));
    noticing.map(|case| case.id.clone()).collect()
}

/// Runs a fault on the cases that are wanted: as the agent is run usually, and with what some faults need to be seen.
fn caught_in(
    listed: &Listed,
    wanted: impl Fn(&str, &harness::scenario::agent::model::AgentCase) -> bool,
) -> BTreeSet<String> {
    let library = only(wanted);
    let arguments = ["--fault", listed.name.as_str()];
    let mut usual = options(AGENT, &arguments);
    if listed.name.contains("basic") || listed.name == "two-auth-methods" {
        usual.clients = vec![AgentClient::SecretBasic];
    }
    usual.only.clone_from(&listed.tasks);
    usual.tls = listed.name == "tls-not-verified";
    let found = caught(&run(&library, &usual).expect("a run"), &listed.breaks);
    if !found.is_empty() {
        return found;
    }
    // Some show only where the ID token is handed over.
    usual.sign_in = SignIn::Given;
    caught(&run(&library, &usual).expect("a run"), &listed.breaks)
}

/// Does something for each of them, some at once; results by name.
fn for_each<R: Send>(all: &[Listed], each: impl Fn(&Listed) -> R + Sync) -> BTreeMap<String, R> {
    let next = Mutex::new(all.iter());
    let results = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let one = next.lock().expect("nobody panics with it").next();
                    let Some(one) = one else { break };
                    let result = each(one);
                    let mut results = results.lock().expect("nobody panics with it");
                    results.insert(one.name.clone(), result);
                }
            });
        }
    });
    results.into_inner().expect("nobody panics with it")
}

#[test]
fn every_fault_is_caught_by_a_check_that_cites_what_it_breaks() {
    let known: Matrix = serde_json::from_str(&repo::read(FILE)).expect("a matrix");
    let (faults, differences): (Vec<_>, Vec<_>) =
        listed().into_iter().partition(|one| one.is_fault);
    if std::env::var_os(UPDATE).is_some() {
        let rows = for_each(&faults, |fault| {
            let caught_by = caught_in(fault, |_, case| {
                let cited = case
                    .covers
                    .iter()
                    .chain(case.observe.iter().flat_map(|one| &one.covers));
                cited
                    .into_iter()
                    .any(|id| fault.breaks.contains(id.as_str()))
            });
            let uncaught = known
                .faults
                .get(&fault.name)
                .and_then(|row| row.uncaught.clone());
            Row {
                breaks: fault.breaks.clone(),
                uncaught: uncaught
                    .or_else(|| Some("no case shows it yet".to_owned()))
                    .filter(|_| caught_by.is_empty()),
                caught_by,
            }
        });
        let matrix = Matrix {
            faults: rows,
            differences: differences.into_iter().map(|one| one.name).collect(),
        };
        let text = serde_json::to_string_pretty(&matrix).expect("JSON");
        std::fs::write(repo::root().join(FILE), text + "\n").expect("the file is written");
        return;
    }
    let names: BTreeSet<&String> = known.faults.keys().collect();
    assert_eq!(
        names,
        faults.iter().map(|fault| &fault.name).collect(),
        "run the test with {UPDATE}=1"
    );
    let caught = known
        .faults
        .values()
        .filter(|row| !row.caught_by.is_empty());
    assert!(caught.count() >= LEAST_CAUGHT);
    let missed = for_each(&faults, |fault| {
        let row = &known.faults[&fault.name];
        assert_eq!(
            row.breaks, fault.breaks,
            "{}: run the test with {UPDATE}=1",
            fault.name
        );
        assert_eq!(
            row.caught_by.is_empty(),
            row.uncaught.is_some(),
            "{}",
            fault.name
        );
        // A rule is judged whatever is run.
        let first = row
            .caught_by
            .iter()
            .find(|id| !id.starts_with("invariants/"));
        let first = first.or(row.caught_by.first())?;
        let caught_by = caught_in(fault, |id, _| id == first);
        (!caught_by.contains(first)).then(|| format!("{first}: only {caught_by:?}"))
    });
    let missed: Vec<_> = missed
        .into_iter()
        .filter_map(|(name, why)| Some(format!("{name}: {}", why?)))
        .collect();
    assert!(
        missed.is_empty(),
        "not caught any more:\n{}",
        missed.join("\n")
    );
}

#[test]
fn no_lawful_difference_is_noticed() {
    let differences: Vec<_> = listed().into_iter().filter(|one| !one.is_fault).collect();
    assert!(differences.len() >= 12, "{}", differences.len());
    let noticed = for_each(&differences, |difference| {
        // The flows of all tasks, the sign-in and the rules for every request.
        let library = only(|id, _| id == "agent/sign-in");
        let mut options = options(AGENT, &["--difference", &difference.name]);
        options.only.clone_from(&difference.tasks);
        options.clients.truncate(1);
        if difference.name.starts_with("secret-") {
            options.clients = vec![if difference.name == "secret-by-basic" {
                AgentClient::SecretBasic
            } else {
                AgentClient::SecretPost
            }];
        }
        let result = run(&library, &options).expect("a run");
        let noticing = result.results.iter().filter(|case| {
            !matches!(
                case.verdict,
                Verdict::Passed | Verdict::Skipped | Verdict::NotApplicable
            )
        });
        let noticing = noticing.map(|case| {
            let checks = case
                .findings
                .iter()
                .filter(|finding| finding.verdict != Verdict::Passed);
            let checks: Vec<_> = checks
                .map(|finding| format!("{} {:?}", finding.check, finding.actual))
                .collect();
            format!(
                "{} {:?} {} {:?}",
                case.id,
                case.verdict,
                checks.join(", "),
                case.reason
            )
        });
        noticing.collect::<Vec<_>>()
    });
    let noticed: Vec<_> = noticed
        .into_iter()
        .filter(|(_, by)| !by.is_empty())
        .collect();
    assert!(noticed.is_empty(), "{noticed:#?}");
}
