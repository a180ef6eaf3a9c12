//! Clients whose `jwks_uri` is slow, or never answers: each delays itself and nobody else.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use mock_okta::MockOkta;

use super::size;
use super::wire::{Connection, base64_url, post};

fn agent(number: usize) -> String {
    format!("wlpslow{number:013}")
}

/// An org whose agents publish their keys at an address that accepts connections and says nothing.
fn org(agents: usize) -> (MockOkta, TcpListener) {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let agents: Vec<String> = (0..agents)
        .map(|number| {
            let id = agent(number);
            format!("  - {{ id: {id}, name: Slow, redirect_uris: [http://localhost:1/cb], jwks_uri: \"http://{address}/{number}\" }}\n")
        })
        .collect();
    let file = format!(
        "org: {{ id: 00oslowkeys00000001x, name: Slow }}\nagents:\n{}",
        agents.concat()
    );
    let okta = MockOkta::builder()
        .org_yaml("slow.yaml", file)
        .keys_ahead(false);
    (okta.start_blocking().expect("an org"), silent)
}

/// A token request with an assertion that no key signed: it gets as far as the keys.
fn request(agent: &str) -> Vec<u8> {
    let header = base64_url(br#"{"alg":"RS256","kid":"k-1"}"#);
    let claims = base64_url(format!(r#"{{"iss":"{agent}","sub":"{agent}"}}"#).as_bytes());
    let form = format!(
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&client_id={agent}\
         &client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer\
         &client_assertion={header}.{claims}.eA"
    );
    post("/oauth2/v1/token", "", &form)
}

/// One after the other they would take three seconds each.
#[test]
fn slow_addresses_of_many_clients_are_fetched_at_the_same_time() {
    let clients = size(6, 64);
    let (okta, _silent) = org(clients);
    let begun = Instant::now();
    let mut waiting = Vec::new();
    for number in 0..clients {
        let mut connection = Connection::to(okta.address());
        connection.write(&request(&agent(number)));
        waiting.push(connection);
    }
    // Meanwhile everybody else is served.
    let other = Connection::to(okta.address()).ask(&super::wire::get("/oauth2/v1/keys", ""));
    assert_eq!(other.status, 200);
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    for mut connection in waiting {
        let answer = connection.read();
        assert_eq!(answer.status, 401, "{answer:?}");
        assert_eq!(answer.field("x-mock-okta-code"), Some("jwks_uri_error"));
    }
    // Sixteen at once, three seconds each, and some room for a busy machine.
    let rounds = clients.div_ceil(16);
    let most = Duration::from_secs(3 * rounds as u64) + Duration::from_secs(5);
    assert!(begun.elapsed() < most, "{:?}", begun.elapsed());
}
