//! Who plays with: scenarios speak of roles, and a reader need not know them by heart.

use std::collections::BTreeSet;

use crate::scenario::model::Capability;
use crate::scenario::{Case, Scenario};

/// Every role and what it stands for, in the order in which they are told.
const ROLES: [(&str, &str); 24] = [
    (
        "org",
        "the org authorization server, which signs users in and vouches for agents",
    ),
    (
        "custom_as",
        "a custom authorization server that the agent is connected with",
    ),
    (
        "other_custom_as",
        "a second one that the agent is connected with",
    ),
    (
        "dormant_custom_as",
        "one whose connection with the agent is inactive",
    ),
    (
        "unconnected_custom_as",
        "one that the agent is not connected with",
    ),
    ("agent", "the AI agent"),
    ("other_agent", "another AI agent of the org"),
    ("inactive_agent", "an agent that has been deactivated"),
    (
        "user_client",
        "the client that signs users in: the agent itself in edition 2026-10, its linked web app in 2025-10",
    ),
    (
        "web_app",
        "a confidential web app that is linked with the agent",
    ),
    (
        "public_app",
        "an app without a credential, linked with no agent",
    ),
    ("service_app", "a confidential app that asks for itself"),
    (
        "app_without_pkce",
        "a confidential app that may leave PKCE out",
    ),
    ("ada", "a user who is entitled to everything"),
    ("grace", "a user who is entitled to less"),
    ("mallory", "a user who is suspended"),
    (
        "secret",
        "a vaulted secret that the agent is connected with and ada entitled to",
    ),
    ("other_secret", "a second one"),
    (
        "dormant_secret",
        "one whose connection with the agent is inactive",
    ),
    (
        "service_account",
        "a service account that the agent is connected with and ada entitled to",
    ),
    (
        "dormant_service_account",
        "one whose connection with the agent is inactive",
    ),
    (
        "resource_server",
        "a third party that the agent is connected with; users must consent",
    ),
    (
        "dormant_resource_server",
        "one whose connection with the agent is inactive",
    ),
    (
        "shared_resource_server",
        "a third party's API that `other_agent` is connected with as well",
    ),
];

/// The roles of a case, with what each stands for.
pub(super) fn cast(
    scenario: &Scenario,
    case: Option<&Case>,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let needs = scenario
        .needs
        .iter()
        .chain(case.iter().flat_map(|case| &case.needs));
    let on_stage: BTreeSet<String> = needs
        .filter_map(|need| match need {
            Capability::Knows(name) => Some(name.split('.').next()?.to_owned()),
            Capability::UserSignIn => Some("ada".to_owned()),
            _ => None,
        })
        .collect();
    ROLES
        .into_iter()
        .filter(move |(role, _)| on_stage.contains(*role))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::model::{ClientRole, ServerRole, UserRole};

    #[test]
    fn every_role_is_explained() {
        let servers = ServerRole::ALL.iter().map(|(name, _)| *name);
        let clients = ClientRole::ALL.iter().map(|(name, _)| *name);
        let users = UserRole::ALL.iter().map(|(name, _)| *name);
        let resources = crate::targets::RESOURCES;
        let all = servers.chain(clients).chain(users).chain(resources);
        let mut explained: Vec<_> = ROLES.iter().map(|(name, _)| *name).collect();
        for name in all {
            let at = explained.iter().position(|role| *role == name);
            let at = at.unwrap_or_else(|| panic!("`{name}` is not explained"));
            explained.remove(at);
        }
        assert!(explained.is_empty(), "no role: {explained:?}");
    }
}
