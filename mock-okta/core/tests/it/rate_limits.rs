//! The switch `rate_limits`: requests are counted by class of endpoints and minute.

use mock_okta_core::behaviour::Edition;
use serde_json::Value;

use crate::support::{AGENT, AUTHORIZE, Client, OTHER_AGENT, START, TOKEN};

const KEYS: &str = "/oauth2/v1/keys";

fn limited() -> Client {
    let client = Client::new(Edition::default());
    client.set_switch("rate_limits", "integrator");
    client
}

/// The three fields of the last answer.
fn standing(client: &Client) -> [Option<i64>; 3] {
    let answers = client.answers.borrow();
    let last = answers.last().expect("an answer");
    ["limit", "remaining", "reset"].map(|name| {
        let value = last.headers.get(&format!("x-rate-limit-{name}"))?;
        Some(value.parse().expect("a number"))
    })
}

#[test]
fn every_answer_says_how_many_are_left_until_none_is() {
    let client = limited();
    for left in (0..120).rev() {
        client.post(TOKEN, &[]);
        assert_eq!(standing(&client), [Some(120), Some(left), Some(START + 60)]);
        assert_ne!(
            client.answers.borrow().last().map(|one| one.status),
            Some(429)
        );
    }
    client.wait(59);
    let over = client.post(TOKEN, &[]);
    assert_eq!(
        (over.status, over.text("errorCode").as_str()),
        (429, "E0000047")
    );
    assert_eq!(standing(&client), [Some(120), Some(0), Some(START + 60)]);
    // Another class has a count of its own, all servers share theirs.
    assert_eq!(client.get(KEYS).status, 200);
    assert_eq!(client.post("/oauth2/default/v1/token", &[]).status, 429);
    client.wait(1);
    assert_ne!(client.post(TOKEN, &[]).status, 429);
    assert_eq!(standing(&client), [Some(120), Some(119), Some(START + 120)]);
}

#[test]
fn clients_are_counted_apart_at_the_authorization_endpoints() {
    let client = limited();
    let ask = |id: &str| client.get(&format!("{AUTHORIZE}?client_id={id}")).status;
    for _ in 0..60 {
        assert_ne!(ask(AGENT), 429);
    }
    assert_eq!(ask(AGENT), 429);
    assert_ne!(ask(OTHER_AGENT), 429);
    // Those whom the org does not know are counted together.
    for n in 0..60 {
        assert_ne!(ask(&format!("nobody-{n}")), 429, "{n}");
    }
    assert_eq!(ask("nobody-else"), 429);
}

#[test]
fn what_is_refused_takes_no_effect_and_a_reset_counts_anew() {
    let client = limited();
    for _ in 0..240 {
        client.get(KEYS);
    }
    assert_eq!(client.get(KEYS).status, 429);
    let entry = client.core.with_state(|state| {
        let last = state.journal.entries().last().cloned();
        last.expect("an entry")
    });
    assert_eq!(
        (entry.status, entry.fault, entry.rules.len()),
        (429, None, 0)
    );
    client.core.reset();
    client.set_switch("rate_limits", "integrator");
    assert_eq!(client.get(KEYS).status, 200);
}

#[test]
fn nothing_is_counted_without_the_switch_or_at_an_api() {
    let client = Client::new(Edition::default());
    client.get(KEYS);
    assert_eq!(standing(&client), [None; 3]);
    let client = limited();
    for _ in 0..300 {
        assert_eq!(client.get("/resources/chat").status, 401);
    }
    assert_eq!(standing(&client), [None; 3]);
    assert_eq!(client.get(KEYS).body["error"], Value::Null);
}
