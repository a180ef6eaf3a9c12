//! An org that looks as a real one does from outside has nothing of its own.

use mock_okta_core::behaviour::Edition;
use mock_okta_core::org::Org;
use mock_okta_core::{Core, Options};

use crate::support::{AGENT, AUTHORIZE, Authorize, Client, TOKEN};

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
    let (client, other) = (real(), Client::new(Edition::default()));
    // `/health` and test control are the server's: its own tests ask for them.
    assert_eq!(other.get("/").status, 200);
    let answer = client.get("/");
    assert_eq!(
        (answer.status, answer.text("errorCode").as_str()),
        (404, "E0000007")
    );
    let refusals = |client: &Client| {
        [
            client.post(TOKEN, &[("grant_type", "telepathy")]),
            client.get(&format!("{AUTHORIZE}?client_id={AGENT}")),
            client.get("/oauth2/v1/userinfo"),
        ]
        .map(|answer| answer.code.is_some())
    };
    assert_eq!(refusals(&other), [true; 3]);
    assert_eq!(refusals(&client), [false; 3]);
    let seen = client.seen.borrow();
    for (head, body) in seen.iter() {
        let names = head.headers.keys().map(http::HeaderName::as_str);
        let own: Vec<&str> = names.filter(|name| name.contains("mock")).collect();
        assert!(own.is_empty(), "{own:?}");
        assert!(!String::from_utf8_lossy(body).contains("mock-okta"));
    }
}

#[test]
fn its_pages_do_not_say_that_it_is_a_mock() {
    let page = |client: &Client, path: &str, form: &[(&str, &str)]| {
        let answer = if form.is_empty() {
            client.get(path)
        } else {
            client.post(path, form)
        };
        assert!(answer.text.contains("<h1>"), "{path}: {}", answer.text);
        answer.text
    };
    let pages = |client: &Client| {
        let sign_in = Authorize::new().ask(client).location.expect("a page");
        let sign_in = crate::support::path_of(&sign_in);
        let interaction = client.brokered().text("interaction_uri");
        let consent = client.get(&interaction).location.expect("a page");
        [
            page(client, sign_in, &[]),
            page(
                client,
                sign_in,
                &[("username", "nobody"), ("password", "x")],
            ),
            page(client, &consent, &[]),
            page(client, "/oauth2/v1/logout", &[]),
        ]
    };
    let says_so = |page: &String| page.contains("mock org") && page.contains("<footer>");
    let others = pages(&Client::new(Edition::default()));
    assert!(others.iter().all(says_so), "{others:?}");
    let own = pages(&real());
    // People are warned all the same.
    let is_neutral =
        |page: &String| !page.contains("mock org") && page.contains("Type no password");
    assert!(own.iter().all(is_neutral), "{own:?}");
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
