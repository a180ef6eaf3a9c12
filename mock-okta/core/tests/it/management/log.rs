//! The System Log: what was granted, what was refused, and why.

use serde_json::Value;

use super::error;
use crate::support::{ADA, AGENT, CHAT, Client, ID_JAG, SECRET, START, VAULTED_SECRET};

const LOG: &str = "/api/v1/logs";

fn kinds(events: &Value) -> Vec<String> {
    let events = events.as_array().expect("a list").iter();
    let line = |event: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let outcome = &event["outcome"];
        format!(
            "{} {} {}",
            text(&event["eventType"]),
            text(&outcome["result"]),
            text(&outcome["reason"])
        )
    };
    events.map(line).collect()
}

#[test]
fn a_flow_is_in_the_log_step_by_step() {
    let client = Client::managed();
    client.redeem(&client.id_jag());
    assert_eq!(
        kinds(&client.managed_at(LOG)),
        [
            "user.session.start SUCCESS -",
            "app.oauth2.token.grant.access_token SUCCESS -",
            "app.oauth2.token.grant.id_token SUCCESS -",
            "app.oauth2.token.grant.refresh_token SUCCESS -",
            "app.oauth2.token.grant.id_jag SUCCESS -",
            "app.oauth2.as.token.grant.access_token SUCCESS -",
        ]
    );
}

#[test]
fn a_refusal_names_its_internal_code() {
    let client = Client::managed();
    let id_token = client.sign_in().text("id_token");
    client.exchange(
        &id_token,
        ID_JAG,
        &[("audience", "https://nowhere.example"), ("scope", "x")],
    );
    let request = client.last_fields("x-okta-request-id").remove(0);
    client.exchange(&id_token, VAULTED_SECRET, &[("resource", SECRET)]);
    client.authenticate((ADA.0, "wrong"));
    let failed = client.managed_at(&format!("{LOG}?filter=outcome.result%20eq%20%22FAILURE%22"));
    assert_eq!(
        kinds(&failed),
        [
            "app.oauth2.token.grant FAILURE token_exchange_invalid_audience",
            "user.session.start FAILURE INVALID_CREDENTIALS",
        ]
    );
    let event = &failed[0];
    assert_eq!(event["actor"]["id"], AGENT);
    assert_eq!(event["actor"]["displayName"], "Chat assistant");
    assert_eq!(event["target"][0]["alternateId"], "ada@example.com");
    assert_eq!(event["transaction"]["id"], request);
    assert_eq!(event["severity"], "WARN");
    assert_eq!(event["published"], "2027-01-15T08:00:00.000Z");
    let data = &event["debugContext"]["debugData"];
    assert_eq!(
        (&data["requestedScopes"], &data["grantedScopes"]),
        (&"x".into(), &"".into())
    );
}

#[test]
fn a_policy_that_does_not_match_is_logged_at_its_server() {
    let client = Client::managed();
    let id_token = client.sign_in().text("id_token");
    let target = [("audience", CHAT), ("scope", "chat.delete")];
    let id_jag = client
        .exchange(&id_token, ID_JAG, &target)
        .text("access_token");
    assert_eq!(client.redeem(&id_jag).status, 401);
    let failed = client.managed_at(&format!(
        "{LOG}?filter=eventType%20eq%20%22app.oauth2.as.token.grant%22"
    ));
    assert_eq!(
        kinds(&failed),
        ["app.oauth2.as.token.grant FAILURE no_matching_policy"]
    );
    let data = &failed[0]["debugContext"]["debugData"];
    assert_eq!(data["authorizationServer"], "auschat0000000000001");
    assert_eq!(data["requestedScopes"], "chat.delete");
}

#[test]
fn it_is_read_in_pages_and_on_from_where_one_was() {
    let client = Client::managed();
    client.sign_in();
    let address = || {
        let links = client.last_fields("link");
        links.iter().find_map(|link| {
            let (address, _) = link.split_once(">; rel=\"next\"")?;
            Some(address[1..].to_owned())
        })
    };
    let first = client.managed_at(&format!("{LOG}?limit=3"));
    assert_eq!(kinds(&first).len(), 3);
    let second = client.managed_at(&address().expect("more"));
    assert_eq!(
        kinds(&second),
        ["app.oauth2.token.grant.refresh_token SUCCESS -"]
    );
    // Without an end it goes on for ever.
    let on = address().expect("later ones");
    assert!(kinds(&client.managed_at(&on)).is_empty());
    let on = address().expect("still");
    client.sign_in();
    assert_eq!(kinds(&client.managed_at(&on)).len(), 3);
    client.managed_at(&format!("{LOG}?until=2099-01-01T00:00:00Z"));
    assert_eq!(address(), None);
    let newest = client.managed_at(&format!("{LOG}?sortOrder=DESCENDING&limit=1"));
    assert_eq!(
        kinds(&newest),
        ["app.oauth2.token.grant.refresh_token SUCCESS -"]
    );
}

#[test]
fn a_query_says_from_when_to_when() {
    let client = Client::managed();
    client.sign_in();
    client.wait(60);
    client.sign_in();
    let count = |query: &str| kinds(&client.managed_at(&format!("{LOG}?{query}"))).len();
    let minute = "2027-01-15T08:01:00Z";
    assert_eq!(START, 1_800_000_000);
    assert_eq!(
        (
            count(&format!("since={minute}")),
            count(&format!("until={minute}"))
        ),
        (4, 4)
    );
    assert_eq!(count("q=ada@example.com"), 8);
    for wrong in ["since=yesterday", "until=1", "after=x", "limit=1001"] {
        let path = format!("{LOG}?{wrong}");
        assert_eq!(
            error(&client, "GET", &path),
            (400, "E0000001".to_owned()),
            "{wrong}"
        );
    }
}

#[test]
fn no_token_is_in_the_log() {
    let client = Client::managed();
    let id_jag = client.id_jag();
    client.redeem(&id_jag);
    let log = client.managed_at(LOG).to_string();
    let signature = id_jag.rsplit('.').next().expect("a signature");
    assert!(!log.contains(signature) && !log.contains("eyJ"), "{log}");
}
