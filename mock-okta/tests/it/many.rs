//! A hundred orgs in one process: each is itself, and each is there at once.

use std::time::{Duration, Instant};

use mock_okta::org::{Agent, App, AuthorizationServer, Connection, KeyAlg, Org, User};
use mock_okta::{Builder, MockOkta};

use crate::client::{client, send};

const ORGS: usize = 100;

/// What each start after the first may take. Half of the starts are quicker than what is compared with it, so that a busy
/// machine changes little.
const MOST: Duration = Duration::from_millis(5);

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

/// The median time of a start behind the first, and the orgs.
fn start(builder: impl Fn(usize) -> Builder) -> (Duration, Vec<MockOkta>) {
    let mut times = Vec::new();
    let mut orgs = Vec::new();
    for number in 0..ORGS {
        let builder = builder(number);
        let begun = Instant::now();
        let started = builder.start_blocking();
        times.push(begun.elapsed());
        orgs.push(started.unwrap_or_else(|error| panic!("{error}")));
    }
    let mut later = times.split_off(1);
    later.sort_unstable();
    (later[later.len() / 2], orgs)
}

#[tokio::test]
async fn default_orgs_start_at_once_and_are_isolated() {
    let (median, orgs) = start(|_| MockOkta::builder());
    assert!(median < MOST, "{median:?}");
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
    let (median, orgs) = start(|number| MockOkta::builder().org(&own(number)));
    assert!(median < MOST, "{median:?}");
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
    let (median, orgs) = start(|_| MockOkta::builder().tls());
    assert!(median < MOST, "{median:?}");
    let client = crate::tls::trusting_client(&orgs[0]);
    for number in [1, ORGS - 1] {
        let keys = format!("{}/oauth2/v1/keys", orgs[number].base_url());
        assert_eq!(send(client.get(keys)).await.status(), 200);
    }
}
