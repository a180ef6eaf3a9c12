//! What a run does to an org: the plan says it before and sends nothing, a run does no more than the plan says, nothing is sent
//! to an org that is not meant for tests, and what was obtained is revoked.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use harness::plan::{Around, Forecast, forecast, plan};
use harness::requirement::Catalogue;
use harness::result::{End, ObtainedKind, RunResult, StopCause, Verdict};
use harness::run::RunOptions;
use harness::scenario::Scenario;
use harness::scenario::model::{Edition, StateChange};
use harness::targets::config::{self, Sources};
use harness::targets::{Deployment, Environment, Permissions, Target, TargetKind};
use mock_okta::MockOkta;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::cli::Terminal;
use crate::support::harness_run::{assert_fine, invariants, report_json, run_on, scenarios};

const EDITION: Edition = Edition::E2026_10;

/// A mock org, described as a real one that is meant for tests.
fn as_real(org: &MockOkta, allow: &[StateChange]) -> Deployment {
    let sources = Sources {
        folder: Path::new("."),
        environment: &|_| None,
    };
    let file = org.target_file();
    let mut deployment =
        config::parse("target.yaml", &file, &sources).unwrap_or_else(|why| panic!("{why}"));
    deployment.kind = TargetKind::Okta;
    deployment.control = None;
    deployment.shows_internal_codes = false;
    deployment.permissions = Permissions {
        owned: true,
        environment: Some(Environment::Test),
        allow: allow.iter().copied().collect(),
        id_jag_budget: Some(10_000),
    };
    deployment
}

fn every_change() -> Vec<StateChange> {
    StateChange::ALL.iter().map(|(_, change)| *change).collect()
}

/// An org that remembers every request of a run.
async fn org() -> MockOkta {
    MockOkta::builder()
        .journal_capacity(50_000)
        .memory_budget(512 * 1024 * 1024)
        .start()
        .await
        .expect("the org starts")
}

fn options() -> RunOptions {
    let mut options = RunOptions::new(EDITION);
    options.invariants = invariants();
    options.preflight = true;
    options.evidence = false;
    options
}

fn planned(scenarios: Vec<Scenario>, deployment: &Deployment) -> Forecast {
    let catalogue = Catalogue::embedded().clone().under(&deployment.profiles);
    let planned = plan(scenarios, &catalogue, deployment, EDITION);
    let around = Around {
        preflight: true,
        revokes: true,
    };
    forecast(&planned, deployment, EDITION, around)
}

/// Requests that an org has got so far, by method and path.
fn asked(org: &MockOkta) -> BTreeMap<(String, String), usize> {
    let mut asked = BTreeMap::new();
    for entry in org.journal() {
        *asked.entry((entry.method, entry.path)).or_default() += 1;
    }
    asked
}

/// The rows of a plan by method and path. What has a reference in its path stands for many.
fn rows(forecast: &Forecast, origin: &str) -> BTreeMap<(String, String), usize> {
    let mut rows: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in &forecast.requests {
        let path = row.url.strip_prefix(origin).unwrap_or(&row.url).to_owned();
        *rows.entry((row.method.clone(), path)).or_default() += row.at_most;
    }
    rows
}

/// The plan is an upper bound for every address. At the token endpoints, where things are issued, it is exact.
#[test]
fn a_run_sends_what_its_plan_says() {
    Runtime::new().expect("a runtime").block_on(async {
        let org = org().await;
        let deployment = as_real(&org, &every_change());
        let forecast = planned(scenarios().to_vec(), &deployment);
        let token_endpoints: Vec<String> = deployment
            .servers
            .values()
            .map(|server| server.endpoint("token_endpoint").to_owned())
            .collect();
        let target = Target::new(deployment).expect("an HTTP client");
        let run = run_on(scenarios().to_vec(), &target, &options()).await;
        assert_fine(&run);

        let origin = org.base_url();
        let mut rows = rows(&forecast, origin);
        let (mut beside, mut all) = (BTreeMap::new(), 0);
        for ((method, path), count) in asked(&org) {
            all += count;
            let row = rows.get_mut(&(method.clone(), path.clone()));
            let planned = row.map_or(0, std::mem::take);
            if count > planned {
                beside.insert(format!("{method} {path}"), count - planned);
            }
            if token_endpoints.contains(&format!("{origin}{path}")) && method == "POST" {
                assert_eq!(count, planned, "POST {path}");
            }
        }
        // Browsers go where they are led to.
        let is_led = |asked: &String| {
            [
                "authorize",
                "sign-in",
                "signin",
                "login",
                "consent",
                "interaction",
                "logout",
                "third-party",
                "interact",
            ]
            .iter()
            .any(|page| asked.contains(page))
        };
        let unexpected: Vec<_> = beside.iter().filter(|(asked, _)| !is_led(asked)).collect();
        assert!(unexpected.is_empty(), "not in the plan: {unexpected:?}");
        let led: usize = beside.values().sum();
        assert!(led > 0 && led <= forecast.browser.requests_at_most, "{led}");
        assert!(all <= forecast.requests_at_most, "{all}");
        let cases = run.results.iter().filter(|case| !case.is_invariant());
        let were_run = cases.filter(|case| case.verdict != Verdict::Skipped);
        assert_eq!(were_run.count(), forecast.cases);
        issues_what_is_planned(&run, &forecast);
    });
}

/// ID-JAGs that were issued are those of the plan, and everything that can be revoked is.
fn issues_what_is_planned(run: &RunResult, forecast: &Forecast) {
    let ledger = &run.varying.ledger;
    let of = |kind| ledger.iter().filter(move |one| one.kind == kind);
    let planned: usize = forecast.id_jags.iter().map(|one| one.issued_at_most).sum();
    assert_eq!(of(ObtainedKind::IdJag).count(), planned);
    let ends: BTreeMap<End, usize> = ledger.iter().fold(BTreeMap::new(), |mut counted, one| {
        *counted.entry(one.end).or_default() += 1;
        counted
    });
    let left = ledger.iter().find(|one| one.end == End::NotRevoked);
    assert_eq!(left, None, "{ends:?}");
    for kind in [ObtainedKind::AccessToken, ObtainedKind::RefreshToken] {
        assert!(of(kind).count() > 0, "{kind:?}");
        let left = of(kind).find(|one| !matches!(one.end, End::Revoked | End::Replaced));
        // What has expired in the run itself needs no end.
        assert!(left.is_none(), "{left:?}");
    }
    let json: Value = serde_json::from_str(&report_json(run)).expect("JSON");
    let rows = json["varying"]["ledger"].as_array().map(Vec::len);
    assert_eq!(rows, Some(ledger.len()));
}

#[test]
fn a_sample_and_a_budget_reach_less_and_say_so() {
    Runtime::new().expect("a runtime").block_on(async {
        let org = org().await;
        let mut deployment = as_real(&org, &[]);
        deployment.permissions.id_jag_budget = Some(40);
        let target = Target::new(deployment).expect("an HTTP client");
        let run = run_on(scenarios().to_vec(), &target, &options()).await;
        assert_fine(&run);
        let ledger = run.varying.ledger.iter();
        let issued = ledger.filter(|one| one.kind == ObtainedKind::IdJag).count();
        assert!((30..=40).contains(&issued), "{issued}");
        let beyond = run.results.iter().filter(|case| {
            let reason = case.reason.as_deref();
            reason.is_some_and(|reason| reason.contains("go to the cases before it"))
        });
        assert!(beyond.count() > 50);
    });
}

#[test]
fn an_org_that_is_not_for_tests_is_asked_for_metadata_and_keys_alone() {
    Runtime::new().expect("a runtime").block_on(async {
        let org = org().await;
        let mut deployment = as_real(&org, &[]);
        deployment.permissions = Permissions::default();
        let target = Target::new(deployment).expect("an HTTP client");
        let run = run_on(scenarios().to_vec(), &target, &options()).await;
        let stop = run.incomplete.as_ref().expect("it does not run");
        assert_eq!(stop.cause, StopCause::Preflight);
        assert!(
            stop.reason
                .contains("`owned: true` and `environment: test`"),
            "{}",
            stop.reason
        );
        assert_eq!(org.journal().len(), 0);

        let reading = scenarios().iter().filter(|one| one.id == "metadata/org");
        let run = run_on(reading.cloned().collect(), &target, &options()).await;
        assert_fine(&run);
        let asked = asked(&org);
        assert!(!asked.is_empty());
        for (method, path) in asked.into_keys() {
            assert_eq!(method, "GET");
            assert!(
                path.contains("/.well-known/") || path.ends_with("/keys"),
                "{path}"
            );
        }
    });
}

/// A server that counts who comes, and says nothing.
fn counting() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            // Whoever comes is sent away.
            let _ = stream.map(|mut stream| {
                stream.write_all(b"HTTP/1.1 503 Gone\r\ncontent-length: 0\r\n\r\n")
            });
        }
    });
    (format!("http://{address}"), count)
}

#[test]
fn a_plan_sends_nothing() {
    let terminal = Terminal::new();
    let org = MockOkta::builder().start_blocking().expect("an org");
    let (address, count) = counting();
    terminal.write(
        "target.yaml",
        &org.target_file().replace(org.base_url(), &address),
    );
    let arguments = ["run", "--target", "target.yaml", "--plan"];
    let page = terminal.atx(&arguments);
    let text = String::from_utf8_lossy(&page.stdout).into_owned();
    assert_eq!(page.status.code(), Some(0), "{text}");
    assert!(text.contains("Nothing was sent."), "{text}");
    assert!(
        text.contains(&format!("POST {address}/oauth2/v1/token")),
        "{text}"
    );
    for part in [
        "Requests: at most",
        "ID-JAGs for ada",
        "What changes",
        "logout: it ends",
        "Skipped, by reason",
    ] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
    let json = terminal.atx(&[&arguments[..], &["--sample", "--format", "json"]].concat());
    let json: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert!(json["requests_at_most"].as_u64() > Some(100), "{json}");
    assert_eq!(count.load(Ordering::SeqCst), 0);
    assert!(
        !terminal.folder().join("reports").exists(),
        "a plan writes no report"
    );

    let other = terminal.atx(&[&arguments[..], &["--format", "junit"]].concat());
    assert_eq!(other.status.code(), Some(2));
    // The counter can count.
    let run = terminal.atx(&["run", "--target", "target.yaml", "metadata/org"]);
    assert_eq!(run.status.code(), Some(3));
    assert!(count.load(Ordering::SeqCst) > 0);
}

#[test]
fn a_target_file_that_does_not_say_whose_the_org_is_ends_the_command_with_what_to_write() {
    let terminal = Terminal::new();
    let file = "\
target: okta
sign_in: { with: given, id_token: { env: ATX_ID_TOKEN } }
authorization_servers: { org: { issuer: https://127.0.0.1:1 } }
clients: { agent: { client_id: wlp1, auth: client_secret_basic, client_secret: { env: ATX_SECRET } } }
";
    terminal.write("target.yaml", file);
    let run = || {
        let mut command = terminal.command(&["run", "--target", "target.yaml"]);
        command
            .env("ATX_ID_TOKEN", "x")
            .env("ATX_SECRET", "a-secret-for-tests");
        command.output().expect("atx runs")
    };
    let refused = run();
    let said = String::from_utf8_lossy(&refused.stderr).replace('\n', " ");
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(
        said.contains("the target file does not say `owned: true` and `environment: test`"),
        "{said}"
    );
    assert!(said.contains("beside `target: okta`"), "{said}");

    terminal.write(
        "target.yaml",
        &format!("{file}owned: true\nenvironment: test\n"),
    );
    let said = run();
    // Nobody is there; but it was tried.
    assert_eq!(said.status.code(), Some(3));
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("note: this run makes at most"), "{said}");
}
