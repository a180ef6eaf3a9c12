//! Limits of a real org at the end of a run.

use std::sync::atomic::{AtomicBool, Ordering};

use super::bench::{Bench, Reply};
use super::good;
use crate::result::{End, RunEvent};
use crate::targets::{Environment, TargetKind};

const TOKEN: &str = "
resource_type: none
covers: [authz.code-flow]
steps:
  - token: { as: public_app, grant_type: one, extra: { scope: a } }
    expect: { status: 200 }
";

/// Whoever waits for the end of a run sees what it waits for.
#[tokio::test]
async fn a_wait_while_tokens_are_revoked_is_announced() {
    let is_refused = AtomicBool::new(false);
    let answer = move |request: &super::bench::Request| match request.path.as_str() {
        "/oauth2/v1/revoke" if !is_refused.swap(true, Ordering::Relaxed) => {
            Reply::json(429, "{}").header("retry-after", "3")
        }
        "/oauth2/v1/revoke" => Reply::text(200, "text/plain", ""),
        _ => good(request),
    };
    let bench = Bench::start_with(answer, |deployment| {
        deployment.kind = TargetKind::Okta;
        deployment.control = None;
        deployment.permissions.owned = true;
        deployment.permissions.environment = Some(Environment::Test);
    })
    .await;
    let run = bench.run("token", TOKEN).await;
    let after = |event: fn(&RunEvent) -> bool| run.events.iter().position(event);
    let revoking = after(|event| matches!(event, RunEvent::Revoking { tokens: 1 }));
    let waiting = after(|event| matches!(event, RunEvent::Waiting { .. }));
    assert!(revoking.is_some() && waiting > revoking, "{waiting:?}");
    let ended = run.events.iter().find_map(|event| match event {
        RunEvent::Obtained { ledger } => Some(ledger[0].end),
        _ => None,
    });
    assert_eq!(ended, Some(End::Revoked));
}
