//! The System Log: what was granted, what was refused, and why.

use mock_okta_core::org::UserStatus;
use mock_okta_core::{Variation, Variations};
use serde_json::Value;

use super::error;
use crate::support::{ADA, AGENT, Authorize, CHAT, Client, ID_JAG, SECRET, START, VAULTED_SECRET};

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
        (&"x".into(), &Value::Null)
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
    // A query without an end always has a next page.
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
fn what_was_read_is_not_read_again() {
    let client = Client::managed();
    let ask = |path: &str| {
        let events = client.managed_at(path);
        let links = client.last_fields("link");
        let next = links.iter().find_map(|link| {
            let (address, _) = link.split_once(">; rel=\"next\"")?;
            Some(address[1..].to_owned())
        });
        (kinds(&events), next)
    };
    for _ in 0..3 {
        client.authenticate((ADA.0, "wrong"));
        client.authenticate(ADA);
    }
    // A poll goes on behind everything that did not fit its filter.
    let filter = "filter=eventType%20eq%20%22app.oauth2.token.grant%22";
    let (found, next) = ask(&format!("{LOG}?{filter}"));
    assert_eq!(found.len(), 0);
    assert!(next.is_some_and(|next| next.contains("after=69")));
    // Backwards as forwards each event comes once.
    for order in ["ASCENDING", "DESCENDING"] {
        let mut next = Some(format!(
            "{LOG}?sortOrder={order}&limit=1&until=2099-01-01T00:00:00Z"
        ));
        let mut results = Vec::new();
        while let Some(path) = next.take() {
            let (found, more) = ask(&path);
            results.extend(found);
            next = more;
        }
        let failed = |line: &&String| line.contains("FAILURE");
        assert_eq!(results.len(), 6, "{order}: {results:?}");
        assert_eq!(results.iter().filter(failed).count(), 3, "{order}");
        let first_failed = results[0].contains("FAILURE");
        assert_eq!(first_failed, order == "ASCENDING", "{results:?}");
    }
}

#[test]
fn a_sign_in_is_logged_as_it_ended() {
    let client = Client::managed();
    let last = || {
        let newest = client.managed_at(&format!("{LOG}?sortOrder=DESCENDING&limit=1"));
        kinds(&newest).pop().unwrap_or_default()
    };
    // What is no request to sign in is no failed sign-in either.
    client.get("/api/v1/authn");
    client.authenticate((ADA.0, ""));
    client.set_switch("session_token", "mfa_required");
    assert_eq!(client.authenticate(ADA).text("status"), "MFA_REQUIRED");
    assert_eq!(last(), "");
    for status in [
        UserStatus::LockedOut,
        UserStatus::PasswordExpired,
        UserStatus::Suspended,
    ] {
        client.edit(|org| {
            for user in org.users.values_mut() {
                user.status = status;
            }
        });
        let expected = format!("user.session.start FAILURE {}", status.as_str());
        client.authenticate(ADA);
        assert_eq!(last(), expected);
        client.wait(1);
        let page = Authorize::new().ask(&client).location.expect("a page");
        client.sign_in_at(&page, ADA);
        assert_eq!(last(), expected);
    }
    let redirected = [Variation::parse("vary/suspended-user-redirected").expect("a variation")];
    client
        .core
        .set_variations(Variations::new(redirected).expect("one"));
    let page = Authorize::new().ask(&client).location.expect("a page");
    assert_eq!(client.sign_in_at(&page, ADA).status, 302);
    assert_eq!(last(), "user.session.start FAILURE SUSPENDED");
}

#[test]
fn granted_scopes_are_those_of_the_token() {
    let client = Client::managed();
    let granted = |event: &str| {
        let filter = format!("filter=eventType%20eq%20%22{event}%22");
        let events = client.managed_at(&format!("{LOG}?{filter}"));
        events[0]["debugContext"]["debugData"]["grantedScopes"].clone()
    };
    client.redeem(&client.id_jag());
    client.consent(ADA.0, AGENT);
    client.brokered();
    client.exchange(
        &client.sign_in().text("id_token"),
        VAULTED_SECRET,
        &[("resource", SECRET)],
    );
    assert_eq!(granted("app.oauth2.token.grant.id_jag"), "chat.read");
    assert_eq!(
        granted("app.oauth2.as.token.grant.access_token"),
        "chat.read"
    );
    // Not asked for with the request: the connection says which.
    assert!(granted("app.oauth2.token.grant.oauth_sts").is_string());
    assert!(granted("app.oauth2.token.grant.vaulted_secret").is_null());
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
    assert_eq!(count("q=ADA@example.com"), 8);
    // Names of members are not searched.
    assert_eq!(count("q=outcome"), 0);
    let filter = "filter=published%20ge%20%222027-01-15T08:01:00Z%22";
    assert_eq!(count(filter), 4);
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
