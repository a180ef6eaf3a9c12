//! An org that looks as a real one does from outside has nothing of its own.

use mock_okta_core::behaviour::Edition;
use mock_okta_core::org::Org;
use mock_okta_core::{Core, Options};

use crate::support::{AGENT, AUTHORIZE, Client, TOKEN};

fn real() -> Client {
    let options = Options {
        as_real: true,
        show_internal_codes: false,
        ..Options::default()
    };
    let edition = Edition::default();
    Client::set_up(&edition.to_string(), || Org::standard(edition), options)
}

#[test]
fn what_is_the_mocks_own_is_not_there() {
    let client = real();
    for path in [
        "/",
        "/health",
        "/_mock/health",
        "/_mock/journal",
        "/api/v1/users",
    ] {
        let answer = client.get(path);
        assert_eq!(
            (answer.status, answer.text("errorCode").as_str()),
            (404, "E0000007"),
            "{path}"
        );
    }
    for answer in [
        client.post(TOKEN, &[("grant_type", "telepathy")]),
        client.get(&format!("{AUTHORIZE}?client_id={AGENT}")),
        client.get("/oauth2/v1/userinfo"),
    ] {
        assert_eq!(answer.code, None);
    }
    let seen = client.seen.borrow();
    for (head, body) in seen.iter() {
        let names = head.headers.keys().map(http::HeaderName::as_str);
        let own: Vec<&str> = names.filter(|name| name.contains("mock")).collect();
        assert!(own.is_empty(), "{own:?}");
        assert!(!String::from_utf8_lossy(body).contains("mock-okta"));
    }
}

#[test]
fn flows_are_those_of_every_org() {
    let client = real();
    assert_eq!(client.redeem(&client.id_jag()).status, 200);
    let page = client.get(&format!("{AUTHORIZE}?client_id={AGENT}"));
    assert_eq!(page.text("errorCode"), "missing_redirect_uri");
}

#[test]
fn an_org_says_who_it_is_without_a_token() {
    let said = real().get("/.well-known/okta-organization").body;
    assert_eq!(said["id"], "00omockokta000000001");
    assert_eq!(said["pipeline"], "idx");
    assert_eq!(
        said["_links"]["organization"]["href"],
        "https://mock.example"
    );
}

#[test]
fn the_api_token_is_not_shown() {
    let client = Client::managed();
    let core: &Core = &client.core;
    let shown = format!("{:?}", core.options());
    assert!(!shown.contains("00management"), "{shown}");
}
