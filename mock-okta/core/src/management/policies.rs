//! Access policies of a custom authorization server and their rules.

use serde_json::{Value, json};

use super::ids::{CREATED_AT, derived};
use super::servers;
use crate::api_error::ApiError;
use crate::context::Context;
use crate::org::{AccessPolicy, AccessRule, ClientId, CustomServer, UserId, Users};

/// All policies of a server, in the order of priority.
pub(super) fn list(cx: &Context<'_>, server: &str) -> Result<Value, ApiError> {
    let server = servers::find(cx, server)?;
    let policies = server.policies.iter().enumerate();
    let policies = policies.map(|(index, policy)| to_json(cx, server, policy, index));
    Ok(policies.collect())
}

/// One policy.
pub(super) fn get(cx: &Context<'_>, server: &str, id: &str) -> Result<Value, ApiError> {
    let server = servers::find(cx, server)?;
    let (index, policy) = find(server, id)?;
    Ok(to_json(cx, server, policy, index))
}

/// All rules of a policy, in the order of priority.
pub(super) fn rules(cx: &Context<'_>, server: &str, policy: &str) -> Result<Value, ApiError> {
    let server = servers::find(cx, server)?;
    let (_, policy) = find(server, policy)?;
    let rules = policy.rules.iter().enumerate();
    Ok(rules
        .map(|(index, rule)| rule_to_json(server, policy, rule, index))
        .collect())
}

/// One rule.
pub(super) fn rule(
    cx: &Context<'_>,
    server: &str,
    policy: &str,
    id: &str,
) -> Result<Value, ApiError> {
    let server = servers::find(cx, server)?;
    let (_, policy) = find(server, policy)?;
    let mut rules = policy.rules.iter().enumerate();
    let found = rules.find(|(_, rule)| rule_id(server, policy, rule) == id);
    let (index, rule) = found.ok_or_else(|| ApiError::not_found(id, "PolicyRule"))?;
    Ok(rule_to_json(server, policy, rule, index))
}

fn find<'s>(server: &'s CustomServer, id: &str) -> Result<(usize, &'s AccessPolicy), ApiError> {
    let mut policies = server.policies.iter().enumerate();
    let found = policies.find(|(_, policy)| policy_id(server, policy) == id);
    found.ok_or_else(|| ApiError::not_found(id, "Policy"))
}

fn policy_id(server: &CustomServer, policy: &AccessPolicy) -> String {
    derived("00p", &[server.id.as_str(), &policy.name])
}

fn rule_id(server: &CustomServer, policy: &AccessPolicy, rule: &AccessRule) -> String {
    derived("0pr", &[server.id.as_str(), &policy.name, &rule.name])
}

fn to_json(cx: &Context<'_>, server: &CustomServer, policy: &AccessPolicy, index: usize) -> Value {
    let id = policy_id(server, policy);
    let href = format!(
        "{}/api/v1/authorizationServers/{}/policies/{id}",
        cx.base_url, server.id
    );
    let clients: Vec<&str> = policy.clients.iter().map(ClientId::as_str).collect();
    json!({
        "id": id,
        "type": "OAUTH_AUTHORIZATION_POLICY",
        "status": "ACTIVE",
        "name": policy.name,
        "priority": index + 1,
        "system": false,
        "conditions": { "clients": { "include": clients } },
        "created": CREATED_AT,
        "lastUpdated": CREATED_AT,
        "_links": {
            "self": { "href": href },
            "rules": { "href": format!("{href}/rules") },
        },
    })
}

fn rule_to_json(
    server: &CustomServer,
    policy: &AccessPolicy,
    rule: &AccessRule,
    index: usize,
) -> Value {
    let grants: Vec<&str> = rule
        .grant_types
        .iter()
        .map(|grant| grant.as_str())
        .collect();
    let (groups, users): (&[&str], Vec<&str>) = match &rule.users {
        Users::Everyone => (&["EVERYONE"], Vec::new()),
        Users::Only(users) => (&[], users.iter().map(UserId::as_str).collect()),
    };
    // Okta writes 0 where a refresh token lives as long as it is used.
    let refresh = rule.refresh_token_lifetime.map_or(0, |life| life.as_mins());
    json!({
        "id": rule_id(server, policy, rule),
        "type": "RESOURCE_ACCESS",
        "status": "ACTIVE",
        "name": rule.name,
        "priority": index + 1,
        "system": false,
        "conditions": {
            "people": {
                "users": { "include": users, "exclude": [] },
                "groups": { "include": groups, "exclude": [] },
            },
            "grantTypes": { "include": grants },
            "scopes": { "include": rule.scopes },
        },
        "actions": {
            "token": {
                "accessTokenLifetimeMinutes": rule.access_token_lifetime.as_mins(),
                "refreshTokenLifetimeMinutes": refresh,
                "refreshTokenWindowMinutes": rule.refresh_token_idle.as_mins(),
            },
        },
        "created": CREATED_AT,
        "lastUpdated": CREATED_AT,
    })
}
