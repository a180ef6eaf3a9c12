//! Custom authorization servers, their scopes, policies and rules.

use serde_json::{Value, json};

use crate::support::{AGENT, CHAT, CHAT_ID, Client};

const SERVERS: &str = "/api/v1/authorizationServers";

fn names(list: &Value) -> Vec<&str> {
    let entries = list.as_array().expect("a list");
    entries
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect()
}

#[test]
fn servers_are_listed_by_id_and_found_by_name() {
    let client = Client::managed();
    let all = client.managed_at(SERVERS);
    assert_eq!(
        names(&all),
        ["Chat", "Dormant", "MCP tools", "Payments", "default"]
    );
    let chat = client.managed_at(&format!("{SERVERS}/{CHAT_ID}"));
    assert_eq!(chat, all[0]);
    assert_eq!(chat["issuer"], CHAT);
    assert_eq!(chat["audiences"], json!(["https://chat.example.com"]));
    assert_eq!(chat["status"], "ACTIVE");
    assert_eq!(
        names(&client.managed_at(&format!("{SERVERS}?q=chat"))),
        ["Chat"]
    );
}

#[test]
fn scopes_are_those_of_openid_and_the_servers_own() {
    let client = Client::managed();
    let scopes = client.managed_at(&format!("{SERVERS}/{CHAT_ID}/scopes"));
    let own = |system: bool| {
        let all = scopes.as_array().expect("a list").iter();
        all.filter(|one| one["system"] == system)
            .filter_map(|one| one["name"].as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        own(false),
        ["chat.delete", "chat.history", "chat.read", "chat.write"]
    );
    assert!(own(true).contains(&"openid"));
}

#[test]
fn policies_name_clients_and_rules_name_grants_and_scopes() {
    let client = Client::managed();
    let policies = format!("{SERVERS}/{CHAT_ID}/policies");
    let all = client.managed_at(&policies);
    assert_eq!(
        names(&all),
        ["Agents may read", "The portal signs users in", "Machines"]
    );
    assert_eq!(all[1]["priority"], 2);
    let clients = all[0]["conditions"]["clients"]["include"]
        .as_array()
        .expect("a list");
    assert!(clients.contains(&AGENT.into()));
    let id = all[0]["id"].as_str().expect("an id");
    assert_eq!(client.managed_at(&format!("{policies}/{id}")), all[0]);
    let rules = client.managed_at(&format!("{policies}/{id}/rules"));
    let conditions = &rules[0]["conditions"];
    assert_eq!(
        conditions["grantTypes"]["include"],
        json!(["urn:ietf:params:oauth:grant-type:jwt-bearer"])
    );
    assert_eq!(
        conditions["scopes"]["include"],
        json!(["chat.history", "chat.read", "chat.write"])
    );
    assert_eq!(
        conditions["people"]["groups"]["include"],
        json!(["EVERYONE"])
    );
    assert_eq!(
        rules[0]["actions"]["token"]["accessTokenLifetimeMinutes"],
        60
    );
    let rule = rules[0]["id"].as_str().expect("an id");
    assert_eq!(
        client.managed_at(&format!("{policies}/{id}/rules/{rule}")),
        rules[0]
    );
}
