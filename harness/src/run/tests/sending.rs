//! Requests that are sent more than once, and tokens that only the target can sign.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::bench::{Bench, Reply};
use crate::result::{CaseResult, FindingRecord, Verdict};
use crate::scenario::model::Capability;

const ONCE: &str = r"
resource_type: none
covers: [code.single-use]
steps:
  - token: { as: agent, grant_type: one }
    expect: { status: 200, body: { access_token: { type: string } } }
cases:
  - id: again
    at: token
    change: { $repeat: 3 }
    expect: { status: 400, body: { error: invalid_grant } }
  - id: raced
    at: token
    change: { $race: 16 }
    expect: { status: 400, body: { error: invalid_grant } }
  - id: raced-with-one-credential
    at: token
    change: { $race: { identical: 16 } }
    expect: { status: 400, body: { error: invalid_grant } }
";

fn won() -> Reply {
    Reply::json(200, r#"{"access_token":"a"}"#)
}

fn lost(error: &str) -> Reply {
    Reply::json(400, format!(r#"{{"error":"{error}"}}"#))
}

/// Runs [`ONCE`] against a server that answers each request as the number of those before it in the same case says.
/// The three cases and their twin run one after the other.
async fn answered(
    reply: impl Fn(usize) -> Reply + Send + Sync + 'static,
) -> (super::bench::Ran, Vec<String>) {
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let (asked, log) = (AtomicUsize::new(0), bodies.clone());
    let bench = Bench::start(move |request| {
        if request.path != "/oauth2/v1/token" {
            return Reply::json(404, "{}");
        }
        log.lock().unwrap().push(request.body.clone());
        // The base flow asks once, then `again` three times, then the races sixteen times each.
        let number = asked.fetch_add(1, Ordering::SeqCst);
        reply(match number {
            0 => 0,
            1..4 => number - 1,
            4..20 => number - 4,
            _ => number - 20,
        })
    })
    .await;
    let mut options = super::RunOptions::new(super::Edition::E2026_10);
    options.jobs = 1;
    let ran = bench.run_with("once", ONCE, &options).await;
    let bodies = bodies.lock().unwrap().clone();
    (ran, bodies)
}

#[tokio::test]
async fn one_wins_and_the_others_are_refused() {
    let (ran, bodies) = answered(|number| {
        if number == 0 {
            won()
        } else {
            lost("invalid_grant")
        }
    })
    .await;
    for id in ["once/again", "once/raced", "once/raced-with-one-credential"] {
        assert_eq!(
            ran.case(id).verdict,
            Verdict::Passed,
            "{id}: {:?}",
            ran.case(id)
        );
    }
    let checks: Vec<_> = ran
        .case("once/raced")
        .findings
        .iter()
        .map(|one| one.check.to_string())
        .collect();
    assert_eq!(
        checks,
        [
            "winners",
            "the winner: status",
            "the winner: body.access_token",
            "each loser: status",
            "each loser: body.error"
        ]
    );
    let distinct = |bodies: &[String]| {
        bodies
            .iter()
            .collect::<std::collections::BTreeSet<_>>()
            .len()
    };
    assert_eq!(bodies.len(), 1 + 3 + 16 + 16);
    assert_eq!(distinct(&bodies[1..4]), 1, "repeated byte for byte");
    assert_eq!(
        distinct(&bodies[4..20]),
        16,
        "each with an assertion of its own"
    );
    assert_eq!(distinct(&bodies[20..]), 1, "all with one assertion");
}

/// The one check that does not hold.
fn only_broken(case: &CaseResult) -> &FindingRecord {
    let broken: Vec<_> = case
        .findings
        .iter()
        .filter(|one| one.actual.is_some())
        .collect();
    assert_eq!(broken.len(), 1, "{broken:?}");
    broken[0]
}

#[tokio::test]
async fn two_winners_are_one_too_many() {
    let (ran, _) = answered(|number| {
        if number < 2 {
            won()
        } else {
            lost("invalid_grant")
        }
    })
    .await;
    let case = ran.case("once/raced");
    assert_eq!(case.verdict, Verdict::Failed);
    let broken = only_broken(case);
    assert_eq!(broken.expected, "exactly 1 of 16");
    assert_eq!(broken.actual.as_deref(), Some("2 of 16 were accepted"));
    // The last of three is judged, and that one was refused.
    assert_eq!(ran.case("once/again").verdict, Verdict::Passed);
}

#[tokio::test]
async fn a_race_without_a_winner_fails() {
    let (ran, _) = answered(|_| won()).await;
    assert_eq!(ran.case("once/raced").verdict, Verdict::Failed);
    assert_eq!(ran.case("once/again").verdict, Verdict::Failed);
    let asked = AtomicUsize::new(0);
    let bench = Bench::start(move |request| match request.path.as_str() {
        "/oauth2/v1/token" if asked.fetch_add(1, Ordering::SeqCst) == 0 => won(),
        _ => lost("invalid_grant"),
    })
    .await;
    let ran = bench.run("once", ONCE).await;
    let case = ran.case("once/raced");
    assert_eq!(case.verdict, Verdict::Failed);
    assert_eq!(
        case.findings[0].actual.as_deref(),
        Some("0 of 16 were accepted")
    );
}

#[tokio::test]
async fn one_loser_that_is_refused_wrongly_is_seen_among_many() {
    let (ran, _) = answered(|number| match number {
        0 => won(),
        7 => lost("server_error"),
        _ => lost("invalid_grant"),
    })
    .await;
    let case = ran.case("once/raced");
    assert_eq!(case.verdict, Verdict::Failed);
    let broken = only_broken(case);
    assert_eq!(broken.check.to_string(), "each loser: body.error");
    assert_eq!(broken.actual.as_deref(), Some("string `server_error`"));
}

const SIGNED: &str = r#"
resource_type: none
covers: [redeem.positive]
steps:
  - token: { as: agent, grant_type: one }
    save: { token: body.access_token }
  - sign: { by: org, token: "${token}", claims: { more: 1 } }
    save: { signed_again: body.jwt }
  - redeem: { at: custom_as, assertion: "${signed_again}" }
    expect: { status: 200 }
cases:
  - id: bent
    at: redeem
    change: { assertion: { jwt: { header: { typ: JWT }, claims: { exp: { in: 1h } }, sign_with: org } } }
    expect: { status: 400 }
"#;

/// `{"alg":"RS256","kid":"k","typ":"t"}` and `{"sub":"ada"}`, unsigned.
const TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsiLCJ0eXAiOiJ0In0.eyJzdWIiOiJhZGEifQ.";
/// What the bench signs: `{"alg":"none"}` and `{}`.
const BY_CONTROL: &str = "eyJhbGciOiJub25lIn0.e30.c2lnbmVk";

#[tokio::test]
async fn what_only_the_target_can_sign_is_asked_of_its_test_control() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = asked.clone();
    let bench = Bench::start(move |request| match request.path.as_str() {
        "/oauth2/v1/token" => Reply::json(200, format!(r#"{{"access_token":"{TOKEN}"}}"#)),
        "/_mock/sign" => {
            let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
            log.lock().unwrap().push(body);
            Reply::json(200, format!(r#"{{"jwt":"{BY_CONTROL}"}}"#))
        }
        path if path.ends_with("/v1/token") => {
            assert!(request.body.contains(BY_CONTROL), "{}", request.body);
            // The first is the twin's.
            let bent = log.lock().unwrap().len() > 1;
            if bent { lost("invalid_grant") } else { won() }
        }
        _ => Reply::json(404, "{}"),
    })
    .await;
    let ran = bench.run("signed", SIGNED).await;
    assert_eq!(ran.case("signed").verdict, Verdict::Passed);
    assert_eq!(
        ran.case("signed/bent").verdict,
        Verdict::Passed,
        "{:?}",
        ran.case("signed/bent")
    );
    let asked = asked.lock().unwrap();
    let header = serde_json::json!({"typ": "t"});
    assert_eq!(
        asked[0]["header"], header,
        "alg and kid are those of the key"
    );
    assert_eq!(
        asked[0]["claims"],
        serde_json::json!({"sub": "ada", "more": 1})
    );
    let last = asked.last().unwrap();
    assert_eq!(last["header"], serde_json::json!({"typ": "JWT"}));
    assert!(last["claims"]["exp"].is_i64());
}

#[tokio::test]
async fn without_test_control_it_is_skipped() {
    let bench = Bench::start_with(
        |_| Reply::json(404, "{}"),
        |deployment| deployment.control = None,
    )
    .await;
    let ran = bench.run("signed", SIGNED).await;
    let case = ran.case("signed");
    assert_eq!(case.verdict, Verdict::Skipped);
    let lack = bench
        .deployment()
        .lacks(&Capability::Forge, super::Edition::E2026_10)
        .unwrap();
    assert_eq!(
        (case.reason.as_ref(), case.cure.as_ref()),
        (Some(&lack.reason), Some(&lack.cure))
    );
}
