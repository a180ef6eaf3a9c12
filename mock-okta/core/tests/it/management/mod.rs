//! The management API: what it shows, who may ask, and how lists are cut.

mod agent_keys;
mod agents;
mod log;
mod servers;
mod users;

use mock_okta_core::behaviour::Edition;
use serde_json::{Value, json};

use crate::support::{API_TOKEN, Client};

pub const PRINCIPALS: &str = "/workload-principals/api/v1";
pub const AGENTS: &str = "/workload-principals/api/v1/ai-agents";

/// Status and `errorCode`.
pub fn error(client: &Client, method: &str, path: &str) -> (u16, String) {
    let answer = client.manage(method, path, &Value::Null);
    (answer.status, answer.text("errorCode"))
}

fn code(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn without_a_token_the_org_has_no_such_api() {
    let client = Client::new(Edition::default());
    let answer = client.manage("GET", AGENTS, &Value::Null);
    assert_eq!(
        (answer.status, answer.text("errorCode").as_str()),
        (404, "E0000007")
    );
}

#[test]
fn who_shows_no_token_or_a_wrong_one_is_refused() {
    let client = Client::managed();
    let ask = |authorization: Option<&str>| {
        let request = http::Request::get("/api/v1/users");
        let request = match authorization {
            Some(value) => request.header("authorization", value),
            None => request,
        };
        let answer = client.send(request, "");
        (answer.status, answer.text("errorCode"))
    };
    assert_eq!(ask(None), code(403, "E0000005"));
    assert_eq!(ask(Some("Basic eDp5")), code(403, "E0000005"));
    assert_eq!(ask(Some("SSWS 00wrong")), code(401, "E0000011"));
    assert_eq!(ask(Some("Bearer eyJ.e30.x")), code(401, "E0000011"));
    let right = format!("ssws {API_TOKEN}");
    let request = http::Request::get("/api/v1/users").header("authorization", right);
    assert_eq!(client.send(request, "").status, 200);
}

#[test]
fn an_access_token_needs_the_scope_of_what_it_asks_for() {
    let client = Client::managed();
    let of_a_user = client.sign_in().text("access_token");
    let refused = client.get_as_bearer("/api/v1/users", &of_a_user);
    assert_eq!(
        (refused.status, refused.text("errorCode").as_str()),
        (403, "E0000006")
    );
    let sign = |scopes: &[&str], exp: i64| {
        let now = client.now.get();
        let body = json!({
            "issuer": "https://mock.example",
            "header": { "typ": "application/okta-internal-at+jwt" },
            "claims": {
                "iss": "https://mock.example", "jti": "AT.1", "cid": "0oaadmin", "scp": scopes, "iat": now, "exp": now + exp,
            },
        });
        let signed = client.control("POST", "sign", &body).expect("signed");
        signed["jwt"].as_str().expect("a JWT").to_owned()
    };
    let reads = sign(&["okta.users.read"], 60);
    assert_eq!(client.get_as_bearer("/api/v1/users", &reads).status, 200);
    assert_eq!(client.get_as_bearer(AGENTS, &reads).status, 403);
    let manages = sign(&["okta.aiAgents.manage"], 60);
    assert_eq!(client.get_as_bearer(AGENTS, &manages).status, 200);
    let expired = sign(&["okta.users.read"], 0);
    assert_eq!(client.get_as_bearer("/api/v1/users", &expired).status, 401);
}

#[test]
fn every_part_of_the_api_asks_for_a_token_first() {
    let client = Client::managed();
    for path in [
        "/resource-servers/api/v1/mcp-servers/x",
        "/governance/api/v1/resource-owners",
        "/workload-principals/api/v1/operations/op-1",
        "/api/v1/groups",
    ] {
        let refused = client.get(path);
        assert_eq!(
            (refused.status, refused.text("errorCode")),
            code(403, "E0000005"),
            "{path}"
        );
        assert_eq!(error(&client, "GET", path), code(404, "E0000007"), "{path}");
    }
}

#[test]
fn what_does_not_exist_is_not_found() {
    let client = Client::managed();
    for path in [
        "/api/v1/groups",
        "/api/v1/users/nobody@example.com",
        "/api/v1/users/me",
        "/api/v1/apps/0oanobody00000000001",
        "/api/v1/authorizationServers/ausnobody00000000001/scopes",
        "/api/v1/authorizationServers/auschat0000000000001/policies/00pnone",
        "/workload-principals/api/v1/ai-agents/wlpnobody00000000001",
        "/workload-principals/api/v1/ai-agents/0oawebapp00000000001/connections",
        "/workload-principals/api/v1/ai-agents/wlpagentrsa000000001/connections/mcnpayments000000001",
    ] {
        assert_eq!(error(&client, "GET", path), code(404, "E0000007"), "{path}");
    }
    let named = client.manage("GET", "/api/v1/users/%3Cb%3E", &Value::Null);
    assert_eq!(
        named.text("errorSummary"),
        "Not found: Resource not found: b (User)"
    );
}

#[test]
fn a_resource_names_its_methods() {
    let client = Client::managed();
    assert_eq!(error(&client, "DELETE", AGENTS), code(405, "E0000022"));
    assert_eq!(client.last_fields("allow"), ["GET"]);
    let keys = format!("{AGENTS}/wlpagentrsa000000001/credentials/jwks");
    assert_eq!(error(&client, "PUT", &keys), code(405, "E0000022"));
    assert_eq!(client.last_fields("allow"), ["GET, POST"]);
}

#[test]
fn lists_come_in_pages() {
    let client = Client::managed();
    let mut next = Some(format!("{AGENTS}?limit=2"));
    let mut pages = Vec::new();
    while let Some(path) = next.take() {
        let page = client.managed_at(&path);
        let entries = page["data"].as_array().expect("a list");
        pages.push(entries.len());
        let links = client.last_fields("link");
        assert!(links[0].ends_with("rel=\"self\""), "{links:?}");
        next = links.iter().find_map(|link| {
            let (address, _) = link.split_once(">; rel=\"next\"")?;
            Some(address[1..].to_owned())
        });
    }
    assert_eq!(pages, [2, 1]);
    for wrong in ["limit=0", "limit=201", "limit=x", "after=wlpnobody"] {
        let path = format!("{AGENTS}?{wrong}");
        assert_eq!(
            error(&client, "GET", &path),
            code(400, "E0000001"),
            "{wrong}"
        );
    }
    let path = format!("{AGENTS}?search=status");
    assert_eq!(error(&client, "GET", &path), code(400, "E0000031"));
}

#[test]
fn requests_are_counted_and_refused_over_the_limit() {
    let client = Client::managed();
    client.set_switch("rate_limits", "integrator");
    for _ in 0..120 {
        assert_eq!(
            client.manage("GET", "/api/v1/org", &Value::Null).status,
            200
        );
    }
    assert_eq!(error(&client, "GET", "/api/v1/org"), code(429, "E0000047"));
    assert_eq!(client.last_fields("x-rate-limit-remaining"), ["0"]);
    assert_eq!(client.managed_at_other(), 200);
}

impl Client {
    /// A request of another class.
    fn managed_at_other(&self) -> u16 {
        self.get("/oauth2/v1/keys").status
    }
}

#[test]
fn the_org_has_a_name_and_an_id() {
    let org = Client::managed().managed_at("/api/v1/org");
    assert_eq!(org["id"], "00omockokta000000001");
    assert_eq!(org["companyName"], "Mock Okta");
}
