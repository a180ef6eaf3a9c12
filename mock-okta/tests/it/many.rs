//! A hundred orgs in one process: each is itself, and each is there at once.

use std::time::{Duration, Instant};

use mock_okta::org::{Agent, App, AuthorizationServer, Connection, KeyAlg, Org, User};
use mock_okta::{Builder, MockOkta};

use crate::client::{client, send};

const ORGS: usize = 100;

/// What each start after the first may take of a processor.
const MOST: Duration = Duration::from_millis(5);

/// What it may take by the clock of a machine that does much else: no start waits for a key, which takes longer.
const MOST_WAITING: Duration = Duration::from_millis(50);

/// Another org for each number: other names, and so other ids.
fn own(number: usize) -> Org {
    let (agent, server, app) = (
        format!("agent{number}"),
        format!("server{number}"),
        format!("app{number}"),
    );
    let scopes = ["read"];
    Org::new(&format!("org{number}"))
        .user(User::new("ada@example.com"))
        .app(App::web(&app, "a-secret"))
        .agent(Agent::new(&agent).linked_app(&app).key("k", KeyAlg::Rs256))
        .server(
            AuthorizationServer::new(&server)
                .scopes(scopes)
                .agent_may(&agent, scopes),
        )
        .connection(Connection::to_server(&agent, &server).only(scopes))
}

/// How long this thread has run, where the system says so; the time of a thread that is not disturbed.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// The orgs, of which half took no longer than they may.
fn start(builder: impl Fn(usize) -> Builder) -> Vec<MockOkta> {
    let (mut worked, mut waited) = (Vec::new(), Vec::new());
    let mut orgs = Vec::new();
    for number in 0..ORGS {
        let builder = builder(number);
        let (begun, before) = (Instant::now(), processor_time());
        let started = builder.start_blocking();
        let all = begun.elapsed();
        // The first one makes what the others share.
        if number > 0 {
            let work = processor_time()
                .zip(before)
                .map(|(after, before)| after.saturating_sub(before));
            worked.extend(work);
            waited.push(all);
        }
        orgs.push(started.unwrap_or_else(|error| panic!("{error}")));
    }
    let median = |mut times: Vec<Duration>| {
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    };
    let (worked, waited) = (median(worked), median(waited));
    assert!(
        worked <= MOST && waited <= MOST_WAITING,
        "{worked:?}, {waited:?}"
    );
    orgs
}

#[tokio::test]
async fn default_orgs_start_at_once_and_are_isolated() {
    let orgs = start(|_| MockOkta::builder());
    orgs[7].suspend_user("ada").expect("suspended");
    for (number, okta) in orgs.iter().enumerate() {
        assert_eq!(okta.sign_in("ada").await.is_ok(), number != 7, "{number}");
    }
    let token = orgs[1].sign_in("ada").await.expect("tokens");
    let userinfo = |okta: &MockOkta| {
        let url = format!("{}/oauth2/v1/userinfo", okta.base_url());
        client().get(url).bearer_auth(&token.access_token)
    };
    assert_eq!(send(userinfo(&orgs[1])).await.status(), 200);
    assert_eq!(
        send(userinfo(&orgs[2])).await.status(),
        401,
        "it is another org's"
    );
    let asked = |okta: &MockOkta| okta.journal().len();
    assert!(
        asked(&orgs[1]) > asked(&orgs[2]),
        "each has its own journal"
    );
    assert!(
        asked(&orgs[2]) > asked(&orgs[7]),
        "a refused one is not signed in"
    );
}

#[tokio::test]
async fn own_orgs_start_at_once_and_have_keys() {
    let orgs = start(|number| MockOkta::builder().org(&own(number)));
    for number in [0, 1, ORGS - 1] {
        let (agent, server) = (format!("agent{number}"), format!("server{number}"));
        let token = orgs[number].access_token_for("ada", &agent, &server, &["read"]);
        token.await.unwrap_or_else(|error| panic!("{error}"));
        let another = format!("agent{}", (number + 1) % ORGS);
        let token = orgs[number].access_token_for("ada", &another, &server, &["read"]);
        assert!(token.await.is_err(), "it is another org's agent");
    }
}

#[tokio::test]
async fn orgs_that_speak_https_start_at_once_and_share_an_authority() {
    let orgs = start(|_| MockOkta::builder().tls());
    let client = crate::tls::trusting_client(&orgs[0]);
    for number in [1, ORGS - 1] {
        let keys = format!("{}/oauth2/v1/keys", orgs[number].base_url());
        assert_eq!(send(client.get(keys)).await.status(), 200);
    }
}
