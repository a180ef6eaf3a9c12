//! The switch `id_jag_cap`: so many ID-JAGs for a user and a resource in a month.

use mock_okta_core::behaviour::Edition;
use mock_okta_core::org::Org;
use mock_okta_core::secret::Secret;
use mock_okta_core::{Defect, Defects, JournalEntry, Options, Refusal};
use serde_json::Value;

use crate::support::{API_TOKEN, Answer, CHAT, Client, ID_JAG};

const CODE: &str = "invalid_grant_type_or_token_exchange_sku_not_enabled";

/// An org that issues one.
fn capped(position: &str) -> Client {
    let options = Options {
        id_jags_per_month: 1,
        api_token: Some(Secret::new(API_TOKEN)),
        ..Options::default()
    };
    let edition = Edition::default();
    let client = Client::set_up(&edition.to_string(), || Org::standard(edition), options);
    client.set_switch("id_jag_cap", position);
    client
}

fn exchange(client: &Client, id_token: &str) -> Answer {
    client.exchange(
        id_token,
        ID_JAG,
        &[("audience", CHAT), ("scope", "chat.read")],
    )
}

fn last_entry(client: &Client) -> JournalEntry {
    client.core.with_state(|state| {
        let last = state.journal.entries().last().cloned();
        last.expect("an entry")
    })
}

/// How often the last request was asked whether the org has the subscription: for the grant, and for the cap.
fn asked(client: &Client) -> usize {
    client.last_trace().matches(CODE).count()
}

#[test]
fn the_rule_is_asked_whether_it_refuses_or_not() {
    for position in ["rate_limited", "sku_not_enabled"] {
        let client = capped(position);
        let id_token = client.sign_in().text("id_token");
        assert_eq!(exchange(&client, &id_token).status, 200);
        assert_eq!(asked(&client), 2, "{position}");
        assert_ne!(exchange(&client, &id_token).status, 200);
        assert_eq!(last_entry(&client).refusal, Some(CODE), "{position}");
        assert!(client.last_trace().ends_with(CODE), "{position}");
    }
    let client = capped("off");
    client.id_jag();
    assert_eq!(asked(&client), 1);
}

#[test]
fn a_muted_cap_lets_the_request_pass() {
    let client = capped("sku_not_enabled");
    let muted = Defect::Mute(Refusal::SubscriptionMissing);
    client.core.set_defects(Defects::from_iter([muted]));
    let id_token = client.sign_in().text("id_token");
    for _ in 0..2 {
        assert_eq!(exchange(&client, &id_token).status, 200);
    }
}

#[test]
fn answered_as_over_a_limit_it_is_still_a_refusal_that_names_no_minute() {
    let client = capped("rate_limited");
    client.set_switch("rate_limits", "integrator");
    let id_token = client.sign_in().text("id_token");
    exchange(&client, &id_token);
    assert_eq!(client.last_fields("x-rate-limit-remaining").len(), 1);
    let over = exchange(&client, &id_token);
    assert_eq!(over.refusal(), format!("429 E0000047 {CODE}"));
    // Requests are left, and waiting for the next minute helps nobody.
    assert!(client.last_fields("x-rate-limit-remaining").is_empty());
    assert!(client.last_fields("x-rate-limit-reset").is_empty());
    let entry = last_entry(&client);
    assert_eq!((entry.status, entry.error), (429, None));
    let filter = "filter=outcome.result%20eq%20%22FAILURE%22";
    let log = client.managed_at(&format!("/api/v1/logs?{filter}"));
    assert_eq!(log.as_array().map(Vec::len), Some(1));
    let logged = |name: &str| -> &Value { &log[0][name] };
    assert_eq!(logged("eventType"), "app.oauth2.token.grant");
    assert_eq!(logged("outcome")["reason"], CODE);
}
