use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::secret::Secret;
use crate::targets::ManagementToken;

async fn org(answers: &[(&str, Value)]) -> (MockServer, Management) {
    let server = MockServer::start().await;
    for (at, body) in answers {
        let answer = ResponseTemplate::new(200).set_body_json(body);
        Mock::given(path(*at))
            .respond_with(answer)
            .mount(&server)
            .await;
    }
    let token = ManagementToken::Api(Secret::new("00secret-token"));
    let management = Management::at(&server.uri(), token, None).unwrap();
    (server, management)
}

#[tokio::test]
async fn agents_servers_and_what_belongs_to_an_agent_are_found() {
    let agent = "/workload-principals/api/v1/ai-agents/wlp1";
    let servers = "/api/v1/authorizationServers";
    let rules = json!([
        { "id": "r1", "status": "ACTIVE", "conditions": {
            "grantTypes": { "include": [JWT_BEARER] }, "scopes": { "include": ["read"] } } },
        { "id": "r2", "status": "INACTIVE", "conditions": {
            "grantTypes": { "include": [JWT_BEARER] }, "scopes": { "include": ["*"] } } },
        { "id": "r3", "status": "ACTIVE", "conditions": {
            "grantTypes": { "include": ["password"] }, "scopes": { "include": ["*"] } } },
    ]);
    let connections = json!({ "data": [
        { "id": "mcn1", "connectionType": "IDENTITY_ASSERTION_CUSTOM_AS", "status": "ACTIVE",
          "authorizationServer": { "orn": "orn:okta:idp:00o1:authorization_servers:aus1" },
          "scopeCondition": "EXCLUDE", "scopes": ["write"] },
        { "id": "mcn2", "connectionType": "STS_VAULT_SECRET", "status": "ACTIVE", "secret": { "orn": "orn:1" } },
        { "id": "mcn3", "connectionType": "STS_VAULT_SECRET", "status": "INACTIVE", "secret": { "orn": "orn:2" } },
        { "id": "mcn4", "connectionType": "STS_ACCESS_TOKEN", "status": "ACTIVE", "resourceIndicator": "https://t" },
    ] });
    let (_server, management) = org(&[
        (
            "/workload-principals/api/v1/ai-agents",
            json!({ "data": [{ "id": "wlp1", "status": "ACTIVE", "profile": { "name": "Chat" },
                "signOnProvider": { "appInstanceId": "0oa1" } }] }),
        ),
        (
            servers,
            json!([
                { "id": "aus1", "name": "Chat", "issuer": "https://o/oauth2/aus1", "status": "ACTIVE" },
                { "id": "aus2", "name": "Old", "issuer": "https://o/oauth2/aus2", "status": "INACTIVE" },
            ]),
        ),
        (
            &format!("{agent}/credentials/jwks"),
            json!({ "data": [{ "kid": "k1", "status": "ACTIVE" }, { "kid": "k2", "status": "INACTIVE" }] }),
        ),
        (&format!("{agent}/connections"), connections),
        (
            &format!("{servers}/aus1/scopes"),
            json!([{ "name": "openid", "system": true }, { "name": "read" }, { "name": "admin" }, { "name": "write" }]),
        ),
        (
            &format!("{servers}/aus1/policies"),
            json!([{ "id": "p1", "status": "ACTIVE", "conditions": { "clients": { "include": ["wlp1"] } } }]),
        ),
        (&format!("{servers}/aus1/policies/p1/rules"), rules),
        (
            "/api/v1/apps/0oa1",
            json!({ "id": "0oa1", "settings": { "oauthClient": { "redirect_uris": ["http://localhost:1/c"] } } }),
        ),
    ])
    .await;
    let directory = directory(&management).await;
    assert_eq!(directory.unread, Vec::<String>::new());
    assert_eq!(directory.agents[0].name, "Chat");
    let ids: Vec<&str> = directory
        .servers
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!(ids, ["aus1"], "an inactive server is no choice");

    let details = agent_details(&management, &directory, "wlp1").await;
    assert_eq!(details.unread, Vec::<String>::new());
    let texts =
        |texts: &[&str]| -> Vec<String> { texts.iter().map(|one| (*one).to_owned()).collect() };
    assert_eq!(details.kids, ["k1"]);
    assert_eq!(details.redirect_uris, ["http://localhost:1/c"]);
    assert_eq!(details.named_by, ["https://o/oauth2/aus1"]);
    assert_eq!(
        details.servers,
        [ConnectedServer {
            issuer: "https://o/oauth2/aus1".to_owned(),
            allowed: texts(&["read"]),
            forbidden: texts(&["admin"]),
            ungranted: texts(&["write"]),
        }]
    );
    let names: Vec<(&str, &str)> = details
        .resources
        .iter()
        .map(|one| (one.role, one.name.as_str()))
        .collect();
    assert_eq!(
        names,
        [("secret", "orn:1"), ("resource_server", "https://t")]
    );
}

fn connection(condition: &str) -> Connection {
    let connection = json!({
        "id": "mcn1", "connectionType": "IDENTITY_ASSERTION_CUSTOM_AS", "status": "ACTIVE",
        "scopeCondition": condition, "scopes": ["read"],
    });
    serde_json::from_value(connection).unwrap()
}

#[test]
fn a_scope_of_which_nothing_is_known_is_neither_granted_nor_ungranted() {
    let server = ServerEntry {
        id: "aus1".to_owned(),
        name: "Chat".to_owned(),
        issuer: "https://o/oauth2/aus1".to_owned(),
        audience: None,
    };
    let scopes = || vec!["read".to_owned(), "write".to_owned()];
    let known = connected(&server, &connection("INCLUDE_ONLY"), scopes(), None);
    assert_eq!(
        (known.allowed, known.ungranted),
        (vec!["read".to_owned()], vec!["write".to_owned()])
    );
    let unknown = connected(&server, &connection("SOMETHING_NEW"), scopes(), None);
    assert!(
        unknown.allowed.is_empty() && unknown.ungranted.is_empty(),
        "{unknown:?}"
    );
}

#[tokio::test]
async fn servers_that_the_agent_is_connected_with_are_read_first_and_what_is_left_out_is_said() {
    let connections = json!({ "data": [
        { "id": "mcn1", "connectionType": "IDENTITY_ASSERTION_CUSTOM_AS", "status": "ACTIVE",
          "authorizationServer": { "orn": "orn:okta:idp:00o1:authorization_servers:aus11" },
          "scopeCondition": "ALL_SCOPES", "scopes": [] },
    ] });
    let agent = "/workload-principals/api/v1/ai-agents/wlp1";
    let mut answers = vec![
        (format!("{agent}/credentials/jwks"), json!({ "data": [] })),
        (format!("{agent}/connections"), connections),
    ];
    let mut directory = Directory::default();
    for id in (0..12).map(|at| format!("aus{at}")) {
        let path = format!("/api/v1/authorizationServers/{id}");
        answers.push((format!("{path}/policies"), json!([])));
        answers.push((format!("{path}/scopes"), json!([{ "name": "read" }])));
        directory.servers.push(ServerEntry {
            issuer: format!("https://o/oauth2/{id}"),
            audience: None,
            name: id.clone(),
            id,
        });
    }
    let answers: Vec<(&str, Value)> = answers
        .iter()
        .map(|(path, body)| (path.as_str(), body.clone()))
        .collect();
    let (_server, management) = org(&answers).await;
    let details = agent_details(&management, &directory, "wlp1").await;
    let issuers: Vec<&str> = details
        .servers
        .iter()
        .map(|one| one.issuer.as_str())
        .collect();
    assert_eq!(issuers, ["https://o/oauth2/aus11"]);
    let [note] = &details.unread[..] else {
        panic!("{:?}", details.unread);
    };
    assert!(note.contains("2 others"), "{note}");
}

#[tokio::test]
async fn the_id_of_a_user_is_found_by_the_login() {
    let user = json!({ "id": "00u1", "status": "ACTIVE" });
    let (_server, management) = org(&[("/api/v1/users/ada%40example.com", user)]).await;
    let found = user_id(&management, "ada@example.com").await;
    assert_eq!(found.as_deref(), Ok("00u1"));
    let why = user_id(&management, "grace@example.com").await.unwrap_err();
    assert!(why.contains("grace@example.com"), "{why}");
}

#[tokio::test]
async fn what_cannot_be_read_is_said_and_nothing_is_made_up() {
    let (_server, management) = org(&[]).await;
    let directory = directory(&management).await;
    assert!(directory.agents.is_empty() && directory.servers.is_empty());
    assert_eq!(directory.unread.len(), 2, "{:?}", directory.unread);
    assert!(
        directory.unread[0].contains("404"),
        "{:?}",
        directory.unread
    );
}
