//! A person signs in at a browser while a run goes on.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::bench::{Bench, Ran, Reply, Request};
use super::sign_in::eight_cases;
use crate::result::{Blame, End, PersonRequest, RunEvent, Verdict};
use crate::run::RunOptions;
use crate::scenario::model::{ClientRole, Edition};
use crate::sign_in::{Asking, sample::Org};
use crate::targets::{Environment, SignInWay, StoredSignIns, TargetKind};
use crate::token_cache::TokenCache;

/// What the person does with the link.
#[derive(Clone, Copy, PartialEq)]
enum Does {
    SignsIn,
    Refuses,
    Nothing,
    /// Somebody signs tokens who is not the org.
    IsForged,
    IsAnotherPerson,
    /// The org publishes no keys.
    HasNoKeys,
    /// The token endpoint breaks down.
    IsInVain,
}

struct Table {
    bench: Bench,
    port: u16,
    cache: PathBuf,
    _folder: tempfile::TempDir,
}

/// What is known of the sign-in under way.
#[derive(Default)]
struct Known {
    issuer: String,
    nonce: String,
}

/// A port that nobody listens at.
fn free_port() -> u16 {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port()
}

async fn table(does: Does) -> (Table, Arc<Mutex<Known>>) {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join(".atx").join("target.tokens.json");
    let known: Arc<Mutex<Known>> = Arc::default();
    let (org, other) = (Org::new(), Org::new());
    let (of_org, document, port) = (known.clone(), org.document.clone(), free_port());
    let file = cache.clone();
    let answer = move |request: &Request| match request.path.as_str() {
        "/oauth2/v1/keys" if does == Does::HasNoKeys => Reply::json(404, "{}"),
        "/oauth2/v1/keys" => Reply::json(200, document.clone()),
        "/oauth2/v1/token" if does == Does::IsInVain => Reply::json(503, ""),
        "/oauth2/v1/token" if request.body.contains("code=code-canary") => {
            let now = jiff::Timestamp::now().as_second();
            let known = of_org.lock().unwrap();
            let mut claims = json!({"iss": known.issuer, "nonce": known.nonce});
            if does == Does::IsAnotherPerson {
                claims["sub"] = "00uroot".into();
            }
            let signer = if does == Does::IsForged { &other } else { &org };
            let id_token = signer.id_token(now, &claims);
            Reply::json(
                200,
                format!(
                    r#"{{"id_token":"{id_token}","access_token":"a-canary-0123456789","token_type":"Bearer","expires_in":3600}}"#
                ),
            )
        }
        // What needs nobody who signs in.
        "/free" => Reply::json(200, "{}"),
        _ if request.head.contains("Bearer eyJ") => Reply::json(200, "{}"),
        _ => Reply::json(401, "{}"),
    };
    let of_file = known.clone();
    let bench = Bench::start_with(answer, |deployment| {
        deployment.control = None;
        of_file.lock().unwrap().issuer = deployment.org().unwrap().issuer.clone();
        let agent = deployment.clients.get_mut(&ClientRole::Agent).unwrap();
        agent.redirect_uri = Some(format!("http://127.0.0.1:{port}/cb"));
        deployment.sign_in = Some(SignInWay::Browser(StoredSignIns::read(file)));
    })
    .await;
    let table = Table {
        bench,
        port,
        cache,
        _folder: folder,
    };
    (table, known)
}

fn options(within: Duration) -> RunOptions {
    RunOptions {
        asking: Asking {
            opens_browser: false,
            within,
            timeout_option: "--sign-in-timeout",
            pasted: None,
        },
        jobs: 2,
        ..RunOptions::new(Edition::E2026_10)
    }
}

async fn run(
    table: &Table,
    known: &Arc<Mutex<Known>>,
    does: Does,
    scenario: &str,
) -> (Ran, Vec<PersonRequest>) {
    let mut asked = Vec::new();
    let (port, known) = (table.port, known.clone());
    let ran = table
        .bench
        .run_heard(
            "s",
            scenario,
            &options(Duration::from_secs(5)),
            &mut |event| {
                if let RunEvent::PersonAsked(request) = event {
                    asked.push(request.clone());
                    let link = url::Url::parse(&request.link).unwrap();
                    let sent: BTreeMap<String, String> = link.query_pairs().into_owned().collect();
                    known.lock().unwrap().nonce = sent["nonce"].clone();
                    let state = &sent["state"];
                    let answer = match does {
                        Does::Nothing => return,
                        Does::Refuses => format!("error=access_denied&state={state}"),
                        _ => format!("code=code-canary-0123456789&state={state}"),
                    };
                    tokio::spawn(visit(port, answer));
                }
            },
        )
        .await;
    (ran, asked)
}

/// Comes back to the redirect URI, after somebody else tried.
async fn visit(port: u16, answer: String) {
    for query in ["code=evil&state=evil", &answer] {
        let address = format!("127.0.0.1:{port}");
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!("GET /cb?{query} HTTP/1.1\r\nhost: x\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_once_for_all_cases_and_not_again_in_the_next_run() {
    let (table, known) = table(Does::SignsIn).await;
    let (ran, asked) = run(&table, &known, Does::SignsIn, &eight_cases()).await;
    assert_eq!(ran.result.summary.passed, 9, "{:?}", ran.result.results);
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!((asked[0].user.as_str(), asked[0].opens), ("ada", false));
    let report = serde_json::to_string(&ran.result).unwrap();
    assert!(
        !report.contains("canary") && !report.contains("evil"),
        "{report}"
    );
    let cache = TokenCache::read(&table.cache).unwrap();
    assert_eq!(cache.sign_ins()[0].person, "ada@example.com");
    // Who is there is found when the target file is read.
    let mut deployment = table.bench.deployment().clone();
    deployment.sign_in = Some(SignInWay::Browser(StoredSignIns::read(table.cache.clone())));
    assert!(
        deployment
            .cached_sign_in(crate::scenario::model::UserRole::Ada, Edition::E2026_10)
            .is_some()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_signed_in_for_at_a_real_org_is_kept_for_the_next_run() {
    let (mut table, known) = table(Does::SignsIn).await;
    for asks in [1, 0] {
        // Who is there is found when the target file is read.
        table.bench = table.bench.described_anew(|deployment| {
            deployment.kind = TargetKind::Okta;
            deployment.permissions.owned = true;
            deployment.permissions.environment = Some(Environment::Test);
            let stored = StoredSignIns::read(table.cache.clone());
            deployment.sign_in = Some(SignInWay::Browser(stored));
        });
        let (ran, asked) = run(&table, &known, Does::SignsIn, &eight_cases()).await;
        assert_eq!(ran.result.summary.passed, 9, "{:?}", ran.result.results);
        assert_eq!(asked.len(), asks, "{asked:?}");
        let paths = table.bench.asked();
        assert!(
            !paths.iter().any(|path| path == "/oauth2/v1/revoke"),
            "{paths:?}"
        );
        for token in &ran.result.varying.ledger {
            assert_eq!(token.end, End::Kept, "{token:?}");
            assert!(token.why.as_deref().unwrap().contains("cache"), "{token:?}");
        }
        // An ID token and an access token, in the first run.
        assert_eq!(ran.result.varying.ledger.len(), 2 * asks);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_in_vain_and_nobody_twice() {
    for (does, asks, part) in [
        (Does::HasNoKeys, 0, "the ID token cannot be verified"),
        (Does::IsInVain, 1, "503"),
    ] {
        let (table, known) = table(does).await;
        let (ran, asked) = run(&table, &known, does, &eight_cases()).await;
        assert_eq!(asked.len(), asks, "{part}: {asked:?}");
        let case = ran.case("s");
        assert_eq!(case.verdict, Verdict::Error);
        assert!(case.reason.as_deref().unwrap().contains(part), "{case:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_or_an_org_does_wrong_is_said_once_and_nothing_is_stored() {
    for (does, blame, part) in [
        (
            Does::Refuses,
            Blame::OrgServer,
            "refused with `access_denied`",
        ),
        (Does::IsForged, Blame::OrgServer, "signature"),
        (
            Does::IsAnotherPerson,
            Blame::Harness,
            "has signed in, and the target file expects",
        ),
    ] {
        let (table, known) = table(does).await;
        let (ran, asked) = run(&table, &known, does, &eight_cases()).await;
        assert_eq!(asked.len(), 1, "{part}");
        let case = ran.case("s");
        assert_eq!(
            (case.verdict, case.blame),
            (Verdict::Error, Some(blame)),
            "{part}"
        );
        assert!(case.reason.as_deref().unwrap().contains(part), "{case:?}");
        assert!(!table.cache.exists(), "{part}");
        assert_eq!(ran.result.summary.failed, 0);
    }
}

/// Signs in, and needs nobody.
const BESIDE: &str = "
resource_type: none
covers: [authz.code-flow]
steps:
  - http: { method: GET, url: \"${org.issuer}/free\" }
    expect: { status: 200 }
cases:
  - { id: a, at: http, change: { $headers: { x-a: y } }, expect: { status: 200 } }
  - id: signs-in
    at: http
    before: [ { sign_in: { as: user_client, user: ada }, save: { id_token: body.id_token } } ]
    change: { $headers: { x-a: \"${id_token}\" } }
    expect: { status: 200 }
  - id: signs-in-too
    at: http
    before: [ { sign_in: { as: user_client, user: ada }, save: { id_token: body.id_token } } ]
    change: { $headers: { x-a: \"${id_token}\" } }
    expect: { status: 200 }
  - { id: b, at: http, change: { $headers: { x-a: z } }, expect: { status: 200 } }
";

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_and_the_others_go_on_meanwhile() {
    let (table, _) = table(Does::Nothing).await;
    let ran = table
        .bench
        .run_with("s", BESIDE, &options(Duration::from_secs(1)))
        .await;
    for (id, verdict) in [
        ("s", Verdict::Passed),
        ("s/a", Verdict::Passed),
        ("s/b", Verdict::Passed),
    ] {
        assert_eq!(ran.case(id).verdict, verdict, "{id}");
    }
    let position = |id: &str| {
        let mut events = ran.events.iter();
        events
            .position(|event| matches!(event, RunEvent::CaseDone { result, .. } if result.id == id))
    };
    // Two jobs, and two cases that wait: without their permits the last one could not run before them.
    assert!(position("s/b") < position("s/signs-in"), "{:?}", ran.events);
    for id in ["s/signs-in", "s/signs-in-too"] {
        let reason = ran.case(id).reason.as_deref().unwrap();
        assert!(
            reason.contains("nobody has signed in within 1 s"),
            "{reason}"
        );
        assert!(reason.contains("--sign-in-timeout"), "{reason}");
    }
    let asked = ran
        .events
        .iter()
        .filter(|event| matches!(event, RunEvent::PersonAsked(_)));
    assert_eq!(asked.count(), 1);
}

#[tokio::test]
async fn a_port_in_use_is_said() {
    let (table, known) = table(Does::SignsIn).await;
    let _taken = TcpListener::bind(("127.0.0.1", table.port)).unwrap();
    let (ran, asked) = run(&table, &known, Does::SignsIn, &eight_cases()).await;
    assert!(
        asked.is_empty(),
        "a browser would send the code to somebody else"
    );
    let reason = ran.case("s").reason.as_deref().unwrap();
    assert!(
        reason.contains(&format!("127.0.0.1:{}", table.port)),
        "{reason}"
    );
    assert!(
        reason.contains("end the program that listens there"),
        "{reason}"
    );
}
