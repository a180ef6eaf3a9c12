//! What a path of the API names, the methods that it has, and the scope that an OAuth token needs for it.

/// A resource of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call<'r> {
    Agents,
    Agent(&'r str),
    AgentKeys(&'r str),
    AgentKey(&'r str, &'r str),
    /// Agent, key, and whether it is activated.
    SwitchKey(&'r str, &'r str, bool),
    Connections(&'r str),
    Connection(&'r str, &'r str),
    DelegationLinks,
    Servers,
    Server(&'r str),
    Scopes(&'r str),
    Policies(&'r str),
    Policy(&'r str, &'r str),
    Rules(&'r str, &'r str),
    Rule(&'r str, &'r str, &'r str),
    Users,
    User(&'r str),
    Apps,
    App(&'r str),
    AppUsers(&'r str),
    AppUser(&'r str, &'r str),
    AppGroups(&'r str),
    Org,
    Log,
}

impl<'r> Call<'r> {
    /// Reads the segments of a path.
    pub(super) fn of(segments: &[&'r str]) -> Option<Self> {
        match segments {
            ["workload-principals", "api", "v1", rest @ ..] => Self::of_principals(rest),
            ["api", "v1", rest @ ..] => Self::of_management(rest),
            _ => None,
        }
    }

    fn of_principals(segments: &[&'r str]) -> Option<Self> {
        Some(match *segments {
            ["ai-agents"] => Self::Agents,
            ["ai-agents", agent] => Self::Agent(agent),
            ["ai-agents", agent, "credentials", "jwks"] => Self::AgentKeys(agent),
            ["ai-agents", agent, "credentials", "jwks", key] => Self::AgentKey(agent, key),
            [
                "ai-agents",
                agent,
                "credentials",
                "jwks",
                key,
                "lifecycle",
                change,
            ] => match change {
                "activate" => Self::SwitchKey(agent, key, true),
                "deactivate" => Self::SwitchKey(agent, key, false),
                _ => return None,
            },
            ["ai-agents", agent, "connections"] => Self::Connections(agent),
            ["ai-agents", agent, "connections", id] => Self::Connection(agent, id),
            ["delegation-links"] => Self::DelegationLinks,
            _ => return None,
        })
    }

    fn of_management(segments: &[&'r str]) -> Option<Self> {
        Some(match *segments {
            ["authorizationServers"] => Self::Servers,
            ["authorizationServers", server] => Self::Server(server),
            ["authorizationServers", server, "scopes"] => Self::Scopes(server),
            ["authorizationServers", server, "policies"] => Self::Policies(server),
            ["authorizationServers", server, "policies", policy] => Self::Policy(server, policy),
            ["authorizationServers", server, "policies", policy, "rules"] => {
                Self::Rules(server, policy)
            }
            [
                "authorizationServers",
                server,
                "policies",
                policy,
                "rules",
                rule,
            ] => Self::Rule(server, policy, rule),
            ["users"] => Self::Users,
            ["users", user] => Self::User(user),
            ["apps"] => Self::Apps,
            ["apps", app] => Self::App(app),
            ["apps", app, "users"] => Self::AppUsers(app),
            ["apps", app, "users", user] => Self::AppUser(app, user),
            ["apps", app, "groups"] => Self::AppGroups(app),
            ["org"] => Self::Org,
            ["logs"] => Self::Log,
            _ => return None,
        })
    }

    /// As `Allow` names them. A HEAD is answered as a GET.
    pub(super) const fn methods(&self) -> &'static str {
        match self {
            Self::AgentKeys(_) => "GET, POST",
            Self::SwitchKey(..) => "POST",
            _ => "GET",
        }
    }

    /// The scope that an OAuth token needs (Okta's API reference).
    pub(super) fn scope(&self, method: &str) -> &'static str {
        match self {
            Self::AgentKeys(_) | Self::SwitchKey(..) if method == "POST" => "okta.aiAgents.manage",
            Self::Agents
            | Self::Agent(_)
            | Self::AgentKeys(_)
            | Self::AgentKey(..)
            | Self::SwitchKey(..)
            | Self::Connections(_)
            | Self::Connection(..)
            | Self::DelegationLinks => "okta.aiAgents.read",
            Self::Servers
            | Self::Server(_)
            | Self::Scopes(_)
            | Self::Policies(_)
            | Self::Policy(..)
            | Self::Rules(..)
            | Self::Rule(..) => "okta.authorizationServers.read",
            Self::Users | Self::User(_) => "okta.users.read",
            Self::Apps
            | Self::App(_)
            | Self::AppUsers(_)
            | Self::AppUser(..)
            | Self::AppGroups(_) => "okta.apps.read",
            Self::Org => "okta.orgs.read",
            Self::Log => "okta.logs.read",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> Option<Call<'_>> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        Call::of(&segments)
    }

    #[test]
    fn a_path_names_one_resource_or_none() {
        assert_eq!(read("/api/v1/logs"), Some(Call::Log));
        assert_eq!(
            read(
                "/workload-principals/api/v1/ai-agents/wlp/credentials/jwks/k/lifecycle/deactivate"
            ),
            Some(Call::SwitchKey("wlp", "k", false))
        );
        for path in [
            "/api/v1/",
            "/api/v1/logs/1",
            "/api/v1/ai-agents",
            "/workload-principals/api/v1/ai-agents/wlp/lifecycle/activate",
            "/workload-principals/api/v1/ai-agents/wlp/credentials/jwks/k/lifecycle/burn",
        ] {
            assert_eq!(read(path), None, "{path}");
        }
    }

    #[test]
    fn to_change_a_key_another_scope_is_needed_than_to_read_it() {
        let keys = Call::AgentKeys("wlp");
        assert_eq!(keys.scope("GET"), "okta.aiAgents.read");
        assert_eq!(keys.scope("POST"), "okta.aiAgents.manage");
    }
}
