use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::{header, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::secret::Secret;
use crate::targets::ManagementToken;

async fn org() -> (MockServer, Management) {
    let server = MockServer::start().await;
    let token = ManagementToken::Api(Secret::new("00secret-token"));
    let management = Management::at(&server.uri(), token, None).unwrap();
    (server, management)
}

async fn answers(server: &MockServer, at: &str, body: Value) {
    Mock::given(method("GET"))
        .and(path(at))
        .and(header("authorization", "SSWS 00secret-token"))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .mount(server)
        .await;
}

#[tokio::test]
async fn an_agent_is_read_whatever_else_the_answer_holds() {
    let (server, management) = org().await;
    let orn = "orn:okta:directory:00o1:workload-principals:ai-agents:wlp1";
    let filter = format!("/x?filter=to.resourceOrn%20eq%20%22{orn}%22");
    let body = json!({
        "id": "wlp1", "status": "STAGED", "profile": {"name": "Chat", "description": null, "x": 1},
        "new": {"member": true}, "resourceUrl": null,
        "_links": {"delegationLinks": {"href": filter}, "providers": [{"href": "/y"}]},
    });
    answers(&server, "/workload-principals/api/v1/ai-agents/wlp1", body).await;
    let agent = management.agent("wlp1").await.unwrap();
    assert_eq!(
        (agent.name.as_str(), &agent.status),
        ("Chat", &Lifecycle::Staged)
    );
    assert_eq!(agent.orn.as_deref(), Some(orn));
    assert!(agent.status.is_off() && !Lifecycle::Unsaid.is_off());
}

#[tokio::test]
async fn a_list_is_read_page_by_page_and_from_one_host() {
    let (server, management) = org().await;
    let at = "/workload-principals/api/v1/ai-agents";
    // The host of the link is not asked: the token would go there.
    let next = "<https://elsewhere.example/workload-principals/api/v1/ai-agents?after=c1&limit=200>; rel=\"next\"";
    Mock::given(path(at))
        .and(query_param_is_missing("after"))
        .and(query_param("limit", "200"))
        .respond_with(
            ResponseTemplate::new(200)
                .append_header("link", "<https://elsewhere.example/x>; rel=\"self\"")
                .append_header("link", next)
                .set_body_json(json!({"data": [{"id": "wlp1"}]})),
        )
        .mount(&server)
        .await;
    Mock::given(path(at))
        .and(query_param("after", "c1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"data": [{"id": "wlp2"}]})))
        .mount(&server)
        .await;
    let agents = management.agents().await.unwrap();
    let ids: Vec<&str> = agents.items.iter().map(|agent| agent.id.as_str()).collect();
    assert_eq!((ids, agents.is_whole), (vec!["wlp1", "wlp2"], true));
}

#[tokio::test]
async fn a_list_without_an_end_is_not_read_for_ever() {
    let (server, management) = org().await;
    let pages = std::sync::atomic::AtomicUsize::new(0);
    let endless = move |_: &wiremock::Request| {
        let page = pages.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        ResponseTemplate::new(200)
            .append_header("link", format!("</x?after={page}>; rel=\"next\""))
            .set_body_json(json!([{"id": "aus1"}]))
    };
    Mock::given(path("/api/v1/authorizationServers"))
        .respond_with(endless)
        .mount(&server)
        .await;
    let servers = tokio::time::timeout(Duration::from_secs(20), management.servers());
    let servers = servers.await.unwrap().unwrap();
    assert_eq!((servers.items.len(), servers.is_whole), (20, false));
}

#[tokio::test]
async fn connections_say_where_they_lead_and_which_scopes_they_carry() {
    let (server, management) = org().await;
    let connections = json!({"data": [
        {"id": "mcn1", "connectionType": "IDENTITY_ASSERTION_CUSTOM_AS", "status": "ACTIVE",
         "authorizationServer": {"orn": "orn:okta:idp:00o1:authorization_servers:aus1", "issuerUrl": "https://o/oauth2/aus1"},
         "scopeCondition": "INCLUDE_ONLY", "scopes": ["a"], "resourceIndicator": "https://api"},
        {"id": "mcn2", "connectionType": "IDENTITY_ASSERTION_CUSTOM_AS", "status": "INACTIVE",
         "authorizationServer": {"orn": "orn:okta:idp:00o1:authorization_servers:aus2"},
         "scopeCondition": "EXCLUDE", "scopes": ["a"]},
        {"id": "mcn3", "connectionType": "STS_VAULT_SECRET", "secret": {"orn": "orn:okta:pam:00o1:secrets:1"}},
        {"id": "mcn4", "connectionType": "SOMETHING_NEW", "scopeCondition": "SOME", "scopes": null},
    ]});
    answers(
        &server,
        "/workload-principals/api/v1/ai-agents/wlp1/connections",
        connections,
    )
    .await;
    let found = management.connections("wlp1").await.unwrap().items;
    let [first, second, secret, new] = &found[..] else {
        panic!("{found:?}");
    };
    assert!(first.leads_to("https://o/oauth2/aus1") && !first.leads_to("https://o/oauth2/aus2"));
    assert_eq!(
        (first.allows("a"), first.allows("b")),
        (Some(true), Some(false))
    );
    assert!(second.leads_to("https://o/oauth2/aus2") && second.status.is_off());
    assert_eq!(
        (second.allows("a"), second.allows("b")),
        (Some(false), Some(true))
    );
    assert_eq!(secret.kind, ConnectionKind::Secret);
    assert_eq!(
        secret.names().collect::<Vec<_>>(),
        ["orn:okta:pam:00o1:secrets:1"]
    );
    assert_eq!(new.kind, ConnectionKind::Other("SOMETHING_NEW".to_owned()));
    assert_eq!(new.allows("a"), None);
}

#[tokio::test]
async fn a_rule_says_which_grants_scopes_and_users_it_is_for() {
    let (server, management) = org().await;
    let base = "/api/v1/authorizationServers/aus1/policies";
    let policies = json!([{"id": "p1", "name": "Agents", "status": "ACTIVE", "priority": 1,
        "conditions": {"clients": {"include": ["wlp1"]}}}]);
    answers(&server, base, policies).await;
    let rules = json!([{"id": "r1", "name": "R", "status": "ACTIVE", "conditions": {
        "people": {"groups": {"include": ["EVERYONE"]}},
        "grantTypes": {"include": ["urn:ietf:params:oauth:grant-type:jwt-bearer"]},
        "scopes": {"include": ["a"]}}}, {"id": "r2", "conditions": {"scopes": {"include": ["*"]}}}]);
    answers(&server, &format!("{base}/p1/rules"), rules).await;
    let policies = management.policies("aus1").await.unwrap();
    assert!(policies.items[0].is_for("wlp1") && !policies.items[0].is_for("wlp2"));
    let rules = management.rules("aus1", "p1").await.unwrap().items;
    assert!(rules[0].allows_grant("urn:ietf:params:oauth:grant-type:jwt-bearer"));
    assert!(rules[0].allows_scope("a") && !rules[0].allows_scope("b"));
    assert_eq!(
        (rules[0].is_for_everyone(), rules[1].is_for_everyone()),
        (Some(true), None)
    );
    assert!(rules[1].allows_scope("b") && !rules[1].allows_grant("password"));
}

#[tokio::test]
async fn users_assignments_and_the_log_are_read() {
    let (server, management) = org().await;
    answers(
        &server,
        "/api/v1/users/ada%40example.com",
        json!({"id": "00u1", "status": "SUSPENDED"}),
    )
    .await;
    let user = management.user("ada@example.com").await.unwrap();
    assert_eq!(
        (user.id.as_str(), user.status.as_str()),
        ("00u1", "SUSPENDED")
    );
    answers(
        &server,
        "/api/v1/apps/0oa1/users/00u1",
        json!({"id": "00u1", "status": "ACTIVE"}),
    )
    .await;
    assert!(management.app_user("0oa1", "00u1").await.unwrap().is_some());
    assert!(management.app_user("0oa1", "00u2").await.unwrap().is_none());
    let event = json!([{"eventType": "app.oauth2.token.grant", "published": "2026-11-30T18:00:00Z",
        "outcome": {"result": "FAILURE", "reason": "no_matching_policy"}, "actor": {"id": "wlp1"},
        "debugContext": {"debugData": {"requestId": "abc", "other": 1}}, "transaction": null}]);
    answers(&server, "/api/v1/logs", event).await;
    let log = management
        .log("2026-11-30T17:00:00Z", "eventType eq \"x\"")
        .await
        .unwrap();
    let entry = &log.items[0];
    assert!(entry.is_of("abc") && !entry.is_of("abd") && entry.is_failure());
    assert_eq!(
        (entry.reason(), entry.actor()),
        (Some("no_matching_policy"), Some("wlp1"))
    );
}

#[tokio::test]
async fn a_refusal_is_told_in_the_words_of_the_org_and_with_a_cure() {
    for (status, body, said, cure) in [
        (
            401,
            json!({"errorCode": "E0000011", "errorSummary": "Invalid token provided"}),
            "was refused with 401 E0000011: Invalid token provided",
            "make a new one",
        ),
        (
            403,
            json!({"errorCode": "E0000006", "errorSummary": "No permission", "errorCauses": [{"errorSummary": "Ask"}]}),
            "was refused with 403 E0000006: No permission; Ask",
            "okta.aiAgents.read",
        ),
        (404, json!({}), "was refused with 404", "Okta for AI Agents"),
        (429, json!({}), "was refused with 429", "wait"),
        (200, json!({"data": 1}), "no list of AI agents", "by hand"),
        (
            200,
            json!({"data": [{"no": "id"}]}),
            "missing field `id`",
            "by hand",
        ),
    ] {
        let (server, management) = org().await;
        Mock::given(method("GET"))
            .respond_with(ResponseTemplate::new(status).set_body_json(body))
            .mount(&server)
            .await;
        let error = management.agents().await.unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
        assert!(error.cure().contains(cure), "{}", error.cure());
    }
    let token = ManagementToken::OAuth(Secret::new("x"));
    let management = Management::at("http://127.0.0.1:1", token, None).unwrap();
    let error = management.agents().await.unwrap_err();
    assert!(matches!(error, ManagementError::Unanswered(_)), "{error}");
}

#[test]
fn a_token_is_never_shown() {
    let token = ManagementToken::Api(Secret::new("00secret-token"));
    assert!(!format!("{token:?}").contains("00secret"));
}
