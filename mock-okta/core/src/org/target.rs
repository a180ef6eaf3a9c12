//! Roles: which user, client, server and connection of an org a test plays with.
//!
//! Scenarios speak of `agent`, `custom_as` or `dormant_secret`. An org file may say who that is; what it does not
//! say is found from what the org holds.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{
    ApplicationType, Client, ClientId, ClientKind, ConnectionId, ConnectionTarget, CustomServerId,
    GrantType, Org, ResourceConnection, ScopeCondition, Status, Takes, UserId, UserStatus,
};

/// Roles of custom authorization servers.
pub const SERVER_ROLES: [&str; 4] = [
    "custom_as",
    "other_custom_as",
    "dormant_custom_as",
    "unconnected_custom_as",
];
/// Roles of clients.
pub const CLIENT_ROLES: [&str; 7] = [
    "agent",
    "other_agent",
    "inactive_agent",
    "web_app",
    "public_app",
    "service_app",
    "app_without_pkce",
];
/// Roles of users: entitled to everything, entitled to less, suspended.
pub const USER_ROLES: [&str; 3] = ["ada", "grace", "mallory"];
/// Roles of what the agent is connected with, custom authorization servers apart.
pub const RESOURCE_ROLES: [&str; 8] = [
    "secret",
    "other_secret",
    "dormant_secret",
    "service_account",
    "dormant_service_account",
    "resource_server",
    "dormant_resource_server",
    "shared_resource_server",
];

/// Who plays which role. A role that nobody plays is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetRoles {
    /// By [`SERVER_ROLES`].
    pub servers: BTreeMap<&'static str, CustomServerId>,
    /// By [`CLIENT_ROLES`].
    pub clients: BTreeMap<&'static str, ClientId>,
    /// By [`USER_ROLES`].
    pub users: BTreeMap<&'static str, UserId>,
    /// By [`RESOURCE_ROLES`]; a resource is named by the agent's connection to it.
    pub resources: BTreeMap<&'static str, ConnectionId>,
}

impl TargetRoles {
    /// Casts the roles that are still free, as far as the org has somebody for them.
    #[must_use]
    pub fn complete(mut self, org: &Org) -> Self {
        assign(&mut self.users, &["mallory"], suspended(org));
        assign(&mut self.users, &["ada", "grace"], active_users(org));
        assign(
            &mut self.clients,
            &["agent", "other_agent"],
            active_agents(org),
        );
        assign(&mut self.clients, &["inactive_agent"], inactive_agents(org));
        let Some(agent) = self.clients.get("agent").cloned() else {
            return self;
        };
        assign(&mut self.clients, &["web_app"], web_apps(org, &agent));
        assign(&mut self.clients, &["public_app"], public_apps(org));
        assign(&mut self.clients, &["service_app"], service_apps(org));
        assign(
            &mut self.clients,
            &["app_without_pkce"],
            apps_without_pkce(org),
        );
        self.cast_servers(org, &agent);
        self.cast_resources(org, &agent);
        self
    }

    fn cast_servers(&mut self, org: &Org, agent: &ClientId) {
        let connected = |status: Status| {
            org.connections_of(agent)
                .filter(move |connection| connection.status == status)
                .filter_map(server_of)
        };
        let mut usable: Vec<_> = connected(Status::Active)
            .filter(|server| !AgentScopes::of(org, agent, server).granted.is_empty())
            .collect();
        usable.sort_by_key(|server| protected_by(org, server).is_none());
        assign(&mut self.servers, &["custom_as", "other_custom_as"], usable);
        assign(
            &mut self.servers,
            &["dormant_custom_as"],
            connected(Status::Inactive),
        );
        let any: BTreeSet<_> = org.connections_of(agent).filter_map(server_of).collect();
        let unconnected = org
            .custom_servers
            .keys()
            .filter(|server| !any.contains(*server));
        assign(
            &mut self.servers,
            &["unconnected_custom_as"],
            unconnected.cloned(),
        );
    }

    fn cast_resources(&mut self, org: &Org, agent: &ClientId) {
        let secret: IsKind = |target| matches!(target, ConnectionTarget::Secret { .. });
        let account: IsKind = |target| matches!(target, ConnectionTarget::ServiceAccount { .. });
        let third_party: IsKind = |target| matches!(target, ConnectionTarget::ThirdParty { .. });
        let kinds = [
            (&["secret", "other_secret"][..], "dormant_secret", secret),
            (&["service_account"], "dormant_service_account", account),
            (&["resource_server"], "dormant_resource_server", third_party),
        ];
        for (active, dormant, is_kind) in kinds {
            let with = |status: Status| {
                org.connections_of(agent).filter(move |connection| {
                    connection.status == status && is_kind(&connection.target)
                })
            };
            let mut usable: Vec<_> = with(Status::Active).collect();
            usable.sort_by_key(|connection| api_of(org, connection).is_none());
            assign(
                &mut self.resources,
                active,
                usable.into_iter().map(|found| found.id.clone()),
            );
            assign(
                &mut self.resources,
                &[dormant],
                with(Status::Inactive).map(|found| found.id.clone()),
            );
        }
        if let Some(other) = self.clients.get("other_agent") {
            // It may be one that plays another role as well.
            if let Some(shared) = shared_third_party(org, agent, other) {
                self.resources
                    .entry("shared_resource_server")
                    .or_insert(shared);
            }
        }
    }
}

/// An agent's connection to a third party with which another agent is connected as well.
fn shared_third_party(org: &Org, agent: &ClientId, other: &ClientId) -> Option<ConnectionId> {
    let third_parties = |agent: &ClientId| {
        org.connections_of(agent)
            .filter(|connection| connection.status == Status::Active)
            .filter_map(|connection| match &connection.target {
                ConnectionTarget::ThirdParty { third_party, .. } => Some((third_party, connection)),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    let of_other = third_parties(other);
    let mut own = third_parties(agent).into_iter();
    own.find(|(one, _)| of_other.iter().any(|(two, _)| one == two))
        .map(|(_, connection)| connection.id.clone())
}

type IsKind = fn(&ConnectionTarget) -> bool;

/// The scopes an agent meets at a custom authorization server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentScopes {
    /// On its connection, and allowed by one rule for the JWT bearer grant: may be asked for together.
    pub granted: BTreeSet<String>,
    /// The server has them, the connection does not.
    pub not_connected: BTreeSet<String>,
    /// On the connection, but no rule allows them.
    pub not_allowed: BTreeSet<String>,
}

impl AgentScopes {
    /// The scopes of `agent` at `server`.
    pub fn of(org: &Org, agent: &ClientId, server: &CustomServerId) -> Self {
        let Some(custom) = org.custom_servers.get(server) else {
            return Self::default();
        };
        let condition = org
            .connections_of(agent)
            .find_map(|connection| match &connection.target {
                ConnectionTarget::CustomServer {
                    server: found,
                    scopes,
                } if found == server => Some(scopes),
                _ => None,
            })
            .unwrap_or(&ScopeCondition::All);
        let rules: Vec<_> = custom
            .policies
            .iter()
            .filter(|policy| policy.clients.contains(agent))
            .flat_map(|policy| &policy.rules)
            .filter(|rule| rule.grant_types.contains(&GrantType::JwtBearer))
            .collect();
        let connected = || custom.scopes.iter().filter(|scope| condition.allows(scope));
        let granted = rules.first().map(|rule| {
            connected()
                .filter(|scope| rule.scopes.contains(*scope))
                .cloned()
                .collect()
        });
        let allowed = |scope: &String| rules.iter().any(|rule| rule.scopes.contains(scope));
        Self {
            granted: granted.unwrap_or_default(),
            not_connected: custom
                .scopes
                .iter()
                .filter(|scope| !condition.allows(scope))
                .cloned()
                .collect(),
            not_allowed: connected()
                .filter(|scope| !allowed(scope))
                .cloned()
                .collect(),
        }
    }
}

/// The path where a server's access tokens are used, and the scope needed there.
pub fn protected_by<'o>(org: &'o Org, server: &CustomServerId) -> Option<(&'o str, &'o str)> {
    org.protected_resources
        .iter()
        .find_map(|resource| match &resource.takes {
            Takes::AccessToken {
                server: found,
                scope,
            } if found == server => Some((resource.path.as_str(), scope.as_str())),
            _ => None,
        })
}

/// The path where what a connection leads to is used.
pub fn api_of<'o>(org: &'o Org, connection: &ResourceConnection) -> Option<&'o str> {
    org.protected_resources
        .iter()
        .find(|resource| match (&connection.target, &resource.takes) {
            (
                ConnectionTarget::CustomServer { server: a, .. },
                Takes::AccessToken { server: b, .. },
            ) => a == b,
            (ConnectionTarget::Secret { secret: a }, Takes::VaultedSecret { secret: b, .. })
            | (
                ConnectionTarget::ServiceAccount { service_account: a },
                Takes::ServiceAccount { service_account: b },
            ) => a == b,
            (
                ConnectionTarget::ThirdParty { third_party: a, .. },
                Takes::ThirdPartyToken { third_party: b },
            ) => a == b,
            _ => false,
        })
        .map(|resource| resource.path.as_str())
}

/// The member of a vaulted secret that its protected resource compares.
pub fn field_of<'o>(org: &'o Org, connection: &ResourceConnection) -> Option<&'o str> {
    let ConnectionTarget::Secret { secret: wanted } = &connection.target else {
        return None;
    };
    org.protected_resources
        .iter()
        .find_map(|resource| match &resource.takes {
            Takes::VaultedSecret { secret, field, .. } if secret == wanted => Some(field.as_str()),
            _ => None,
        })
}

/// Gives the free ones among `roles` to candidates without a role, in order.
fn assign<T: Clone + PartialEq>(
    assigned: &mut BTreeMap<&'static str, T>,
    roles: &[&'static str],
    candidates: impl IntoIterator<Item = T>,
) {
    let mut candidates = candidates.into_iter();
    for role in roles {
        if assigned.contains_key(role) {
            continue;
        }
        let Some(found) =
            candidates.find(|candidate| !assigned.values().any(|taken| taken == candidate))
        else {
            return;
        };
        assigned.insert(role, found);
    }
}

fn suspended(org: &Org) -> Vec<UserId> {
    org.users
        .values()
        .filter(|user| user.status == UserStatus::Suspended)
        .map(|user| user.id.clone())
        .collect()
}

/// Those who are entitled to most first.
fn active_users(org: &Org) -> Vec<UserId> {
    let entitlements = |user: &UserId| {
        let secrets = org
            .secrets
            .values()
            .filter(|entry| entry.entitled_users.contains(user))
            .count();
        let accounts = org
            .service_accounts
            .values()
            .filter(|entry| entry.entitled_users.contains(user));
        secrets + accounts.count()
    };
    let mut active: Vec<_> = org
        .users
        .values()
        .filter(|user| user.is_active())
        .map(|user| user.id.clone())
        .collect();
    active.sort_by_key(|user| Reverse(entitlements(user)));
    active
}

/// Those with most connections first.
fn active_agents(org: &Org) -> Vec<ClientId> {
    let mut active = clients(org, |client| {
        client.is_agent() && client.status == Status::Active
    });
    active.sort_by_key(|agent| Reverse(org.connections_of(agent).count()));
    active
}

fn inactive_agents(org: &Org) -> Vec<ClientId> {
    clients(org, |client| {
        client.is_agent() && client.status == Status::Inactive
    })
}

/// Confidential web apps, those linked with the agent first.
fn web_apps(org: &Org, agent: &ClientId) -> Vec<ClientId> {
    let mut apps = clients(org, |client| {
        let web = matches!(
            client.kind,
            ClientKind::App {
                application_type: ApplicationType::Web
            }
        );
        web && client.status == Status::Active && client.client_secret.is_some()
    });
    let linked = match org.clients.get(agent).map(|agent| &agent.kind) {
        Some(ClientKind::Agent { linked_apps }) => linked_apps.clone(),
        _ => BTreeSet::new(),
    };
    apps.sort_by_key(|app| !linked.contains(app));
    apps
}

fn public_apps(org: &Org) -> Vec<ClientId> {
    clients(org, |client| {
        !client.is_agent() && client.is_public() && client.status == Status::Active
    })
}

/// Apps that ask for themselves, with a secret.
fn service_apps(org: &Org) -> Vec<ClientId> {
    clients(org, |client| {
        client.grant_types.contains(&GrantType::ClientCredentials)
            && client.status == Status::Active
            && client.client_secret.is_some()
    })
}

/// Confidential apps that sign users in and may leave PKCE out.
fn apps_without_pkce(org: &Org) -> Vec<ClientId> {
    clients(org, |client| {
        !client.is_agent()
            && !client.pkce_required
            && client.status == Status::Active
            && client.client_secret.is_some()
            && client.grant_types.contains(&GrantType::AuthorizationCode)
    })
}

fn clients(org: &Org, wanted: impl Fn(&Client) -> bool) -> Vec<ClientId> {
    org.clients
        .values()
        .filter(|client| wanted(client))
        .map(|client| client.id.clone())
        .collect()
}

fn server_of(connection: &ResourceConnection) -> Option<CustomServerId> {
    match &connection.target {
        ConnectionTarget::CustomServer { server, .. } => Some(server.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behaviour::Edition;
    use crate::org::OrgFile;

    #[test]
    fn the_default_org_casts_every_role() {
        let file = OrgFile::standard(Edition::default());
        assert_eq!(
            file.target,
            file.target.clone().complete(&file.org),
            "no role is free"
        );
        let filled = |roles: &TargetRoles| {
            let mut names: Vec<_> = roles
                .servers
                .keys()
                .chain(roles.clients.keys())
                .copied()
                .collect();
            names.extend(roles.users.keys().chain(roles.resources.keys()));
            names
        };
        let by_itself = TargetRoles::default().complete(&file.org);
        assert_eq!(filled(&by_itself), filled(&file.target));
        assert_eq!(by_itself.users, file.target.users);
        assert_eq!(by_itself.clients, file.target.clients);
        // Two servers can be the other one, and the first in the alphabet is chosen.
        let without_other = |roles: &TargetRoles| {
            let mut servers = roles.servers.clone();
            servers.remove("other_custom_as");
            servers
        };
        assert_eq!(without_other(&by_itself), without_other(&file.target));
    }

    #[test]
    fn scopes_fall_apart_by_what_stops_them() {
        let org = Org::standard(Edition::default());
        let scopes = AgentScopes::of(
            &org,
            &ClientId::new("wlpagentrsa000000001"),
            &CustomServerId::new("auschat0000000000001"),
        );
        let set = |words: &str| words.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
        assert_eq!(scopes.granted, set("chat.history chat.read"));
        assert_eq!(scopes.not_connected, set("chat.write"));
        assert_eq!(scopes.not_allowed, set("chat.delete"));
    }

    #[test]
    fn an_org_without_an_agent_leaves_its_roles_free() {
        let org = "org: { id: 00oempty000000000001, name: Empty }\n";
        let org = Org::from_yaml("empty.yaml", org, Edition::default()).expect("a right org");
        assert_eq!(
            TargetRoles::default().complete(&org),
            TargetRoles::default()
        );
    }
}
