//! Places of the Admin Console.

/// Where a setting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Console {
    /// An agent's state and owners.
    AgentProfile,
    /// An agent's credentials.
    AgentClient,
    /// Who signs in through an agent.
    AgentUsers,
    /// Who may call an agent as a machine.
    AgentMachines,
    /// What an agent is connected with.
    AgentConnections,
    /// An app's credentials, redirect URIs and grants.
    AppGeneral,
    /// Who is assigned to an app.
    AppAssignments,
    /// How users sign in to an app.
    AppSignOn,
    /// The scopes of Okta's own APIs that an app has.
    AppScopes,
    /// A custom authorization server.
    Server,
    /// Its scopes.
    ServerScopes,
    /// Its claims.
    ServerClaims,
    /// Its access policies and rules.
    ServerPolicies,
    /// Users.
    People,
    /// When users must sign in again.
    Sessions,
    /// How strongly users must authenticate.
    Authentication,
    /// From where clients may ask.
    Networks,
    /// Whose pages may ask.
    TrustedOrigins,
    /// Third parties for which Okta keeps tokens.
    ResourceServers,
    /// The vault.
    Vault,
    /// What the org has bought or switched on.
    Features,
    /// The setting is in the client or in the target file.
    TargetFile,
}

impl Console {
    /// The way through the menus; `None` where it is no setting of the org.
    #[must_use]
    pub const fn path(self) -> Option<&'static str> {
        Some(match self {
            Self::AgentProfile => "Directory > AI agents > the agent > Profile, Owners",
            Self::AgentClient => "Directory > AI agents > the agent > Client registration",
            Self::AgentUsers => "Directory > AI agents > the agent > User access",
            Self::AgentMachines => "Directory > AI agents > the agent > Machine access",
            Self::AgentConnections => "Directory > AI agents > the agent > Resource connections",
            Self::AppGeneral => "Applications > Applications > the app > General",
            Self::AppAssignments => "Applications > Applications > the app > Assignments",
            Self::AppSignOn => "Applications > Applications > the app > Sign On",
            Self::AppScopes => "Applications > Applications > the app > Okta API Scopes",
            Self::Server => "Security > API > Authorization Servers > the server > Settings",
            Self::ServerScopes => "Security > API > Authorization Servers > the server > Scopes",
            Self::ServerClaims => "Security > API > Authorization Servers > the server > Claims",
            Self::ServerPolicies => {
                "Security > API > Authorization Servers > the server > Access Policies"
            }
            Self::People => "Directory > People > the user",
            Self::Sessions => "Security > Global Session Policy",
            Self::Authentication => "Security > Authentication Policies",
            Self::Networks => "Security > Networks",
            Self::TrustedOrigins => "Security > API > Trusted Origins",
            Self::ResourceServers => "Directory > Resource Servers",
            Self::Vault => "Okta Privileged Access (a console of its own) > the project",
            Self::Features => "Settings > Features; subscriptions are booked by the account team",
            Self::TargetFile => return None,
        })
    }
}
