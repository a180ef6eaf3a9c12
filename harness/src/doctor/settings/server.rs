//! The custom authorization server: itself, its scopes, its policy, and the agent's connection with it.

use super::{Reading, in_use, quoted, unread};
use crate::doctor::{Board, Check, Checked};
use crate::management::{Connection, CustomServer, ManagementError, Policy, PolicyRule};
use crate::scenario::step::GRANT_JWT_BEARER;
use crate::targets::Server;

const ISSUER: &str = "authorization_servers.custom_as.issuer";
const SCOPE: &str = "authorization_servers.custom_as.scope";
/// What the connection with the server is called among the resources.
pub(crate) const CONNECTED_SERVER: &str = "authorization-server";

impl Reading<'_> {
    pub(super) async fn server(
        &self,
        written: &Server,
        connections: Option<&[Connection]>,
        board: &mut Board,
    ) {
        let scopes: Vec<&str> = written
            .facts
            .get("scope")
            .map_or("", String::as_str)
            .split_whitespace()
            .collect();
        let connected = connections.map(|connections| connected(written, connections, &scopes));
        let (of_scopes, connected): (Vec<_>, Vec<_>) = connected
            .into_iter()
            .flatten()
            .partition(|one| one.check == Check::Scopes);
        board.note_all(connected);
        let found = self.found(written, board).await;
        let Some(server) = &found else {
            board.note_all(of_scopes);
            return;
        };
        board.note(state(server));
        match self.defined(server).await {
            Ok(defined) => board.note_all(undefined(&defined, &scopes)),
            Err(error) => board.note(unread(Check::Scopes, &error)),
        }
        board.note_all(of_scopes);
        match self.rules(server).await {
            Ok(rules) => board.note_all(self.policy(server, &rules, &scopes)),
            Err(error) => board.note(unread(Check::Policy, &error)),
        }
    }

    /// The server of this issuer.
    async fn found(&self, written: &Server, board: &mut Board) -> Option<CustomServer> {
        let servers = match self.management.servers().await {
            Ok(servers) => servers,
            Err(error) => {
                let unread = |check| unread(check, &error);
                board.note_all([Check::CustomServer, Check::Policy].map(unread));
                return None;
            }
        };
        let found = servers.find(|one| one.issuer == written.issuer).cloned();
        if found.is_none() && servers.is_whole {
            let known = quoted(servers.items.iter().map(|one| one.issuer.as_str()));
            let what = format!(
                "the org has no authorization server `{}`; it has {known}",
                written.issuer
            );
            let cure = "copy the Issuer URI of the server";
            board.note(Checked::problem(Check::CustomServer, what, cure).setting(ISSUER));
        }
        found
    }

    async fn defined(&self, server: &CustomServer) -> Result<Vec<String>, ManagementError> {
        let scopes = self.management.scopes(&server.id).await?;
        Ok(scopes.items.into_iter().map(|scope| scope.name).collect())
    }

    /// The policies that are for the agent, each with its rules.
    async fn rules(
        &self,
        server: &CustomServer,
    ) -> Result<Vec<(Policy, Vec<PolicyRule>)>, ManagementError> {
        let mut found = Vec::new();
        for policy in self.management.policies(&server.id).await?.items {
            if policy.is_for(self.agent) {
                let rules = self.management.rules(&server.id, &policy.id).await?;
                found.push((policy, rules.items));
            }
        }
        Ok(found)
    }

    /// Whether a policy names the agent, and a rule of it allows the grant and the scopes.
    fn policy(
        &self,
        server: &CustomServer,
        policies: &[(Policy, Vec<PolicyRule>)],
        scopes: &[&str],
    ) -> Vec<Checked> {
        let problem = |what: String, cure: &str| {
            vec![Checked::problem(Check::Policy, what, cure).setting(ISSUER)]
        };
        let active: Vec<_> = policies
            .iter()
            .filter(|(policy, _)| !policy.status.is_off())
            .collect();
        if active.is_empty() {
            let what = match policies.first() {
                Some((policy, _)) => format!(
                    "the access policy `{}` is {}",
                    policy.name,
                    policy.status.as_str()
                ),
                None => format!(
                    "no access policy of `{}` names the agent `{}`",
                    server.name, self.agent
                ),
            };
            return problem(
                what,
                "assign an access policy to the agent, and activate it",
            );
        }
        let rules: Vec<&PolicyRule> = active
            .iter()
            .flat_map(|(_, rules)| rules)
            .filter(|rule| !rule.status.is_off() && rule.allows_grant(GRANT_JWT_BEARER))
            .collect();
        if rules.is_empty() {
            let names = quoted(active.iter().map(|(policy, _)| policy.name.as_str()));
            let what = format!("no active rule of {names} allows the grant JWT Bearer");
            return problem(what, "tick JWT Bearer in a rule of the policy");
        }
        let names = quoted(rules.iter().map(|rule| rule.name.as_str()));
        let mut found = vec![Checked::ok(
            Check::Policy,
            format!("the rule {names} allows the agent the grant JWT Bearer"),
        )];
        let denied: Vec<&str> = scopes
            .iter()
            .copied()
            .filter(|scope| !rules.iter().any(|rule| rule.allows_scope(scope)))
            .collect();
        if !denied.is_empty() {
            let what = format!("no rule for the agent allows {}", quoted(denied));
            let cure = "add the scopes to the rule";
            let place = Check::Policy.console().path();
            found.push(
                Checked::problem(Check::Scopes, what, cure)
                    .setting(SCOPE)
                    .at(place),
            );
        }
        found
    }
}

fn state(server: &CustomServer) -> Checked {
    let said = format!("`{}` is {}", server.name, server.status.as_str());
    in_use(Check::CustomServer, &server.status, said, |said| {
        let cure = "activate the authorization server";
        Checked::problem(Check::CustomServer, said, cure).setting(ISSUER)
    })
}

fn undefined(defined: &[String], scopes: &[&str]) -> Option<Checked> {
    let missing: Vec<&str> = scopes
        .iter()
        .copied()
        .filter(|scope| !defined.iter().any(|one| one == scope))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let what = format!(
        "the server does not define {}; it defines {}",
        quoted(missing),
        quoted(defined.iter().map(String::as_str))
    );
    let cure = format!("add the scopes to the server, or correct `{SCOPE}`");
    Some(Checked::problem(Check::Scopes, what, cure).setting(SCOPE))
}

/// The agent's connection with the server, and the scopes on it.
fn connected(written: &Server, connections: &[Connection], scopes: &[&str]) -> Vec<Checked> {
    let problem = |what: String, cure: &str| {
        vec![
            Checked::problem(Check::Resource, what, cure)
                .of(CONNECTED_SERVER)
                .setting(ISSUER),
        ]
    };
    let to_it: Vec<&Connection> = connections
        .iter()
        .filter(|one| one.leads_to(&written.issuer))
        .collect();
    let Some(connection) = to_it
        .iter()
        .find(|one| !one.status.is_off())
        .or(to_it.first())
    else {
        let what = format!("the agent has no connection with `{}`", written.issuer);
        return problem(
            what,
            "add a resource connection of the type Authorization server",
        );
    };
    let said = format!(
        "the connection {} is {}",
        connection.id,
        connection.status.as_str()
    );
    let mut found = vec![
        in_use(Check::Resource, &connection.status, said, |said| {
            Checked::problem(Check::Resource, said, "activate the connection").setting(ISSUER)
        })
        .of(CONNECTED_SERVER),
    ];
    if connection.status.is_off() {
        return found;
    }
    let missing: Vec<&str> = scopes
        .iter()
        .copied()
        .filter(|scope| connection.allows(scope) == Some(false))
        .collect();
    if !missing.is_empty() {
        let what = format!(
            "the connection {} does not allow {}",
            connection.id,
            quoted(missing)
        );
        let cure = "add the scopes to the connection (Only allow), or choose Allow all";
        let place = Check::Resource.console().path();
        found.push(
            Checked::problem(Check::Scopes, what, cure)
                .setting(SCOPE)
                .at(place),
        );
    }
    found
}
