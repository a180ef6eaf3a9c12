//! The agent itself: that it exists, that it is active, and that its key is the one of the target file.

use super::{Reading, in_use, is_about_the_token, quoted};
use crate::doctor::{Board, Check, Checked};
use crate::management::{Agent, AgentKey, Listed, ManagementError};
use crate::scenario::model::ClientRole;
use crate::targets::{ClientKey, RegisteredAuth};

impl Reading<'_> {
    /// The agent, if there is one of its id and the API for agents can be read. An error is one of the token.
    pub(super) async fn agent(&self, board: &mut Board) -> Result<Option<Agent>, ManagementError> {
        let agent = match self.management.agent(self.agent).await {
            Ok(agent) => agent,
            Err(error) if is_about_the_token(&error) => return Err(error),
            Err(error) => {
                self.no_agent(&error, board).await;
                return Ok(None);
            }
        };
        board.note(Checked::ok(
            Check::Management,
            format!("it names the agent `{}` ({})", agent.name, agent.id),
        ));
        board.note(state(&agent).of(ClientRole::Agent.as_str()));
        self.key(board).await;
        Ok(Some(agent))
    }

    /// Whether the agent is missing, or the API.
    async fn no_agent(&self, error: &ManagementError, board: &mut Board) {
        if is_address(self.agent) {
            let why = "the client id is the address of a metadata document, by which the API does not find the agent";
            let find_out = "compare the agent's registration with the target file";
            board.note(Checked::unknown(Check::Management, why, find_out));
            return;
        }
        let all = self.management.agents().await;
        let (true, Ok(all)) = (error.is_not_found(), all) else {
            board.note(Checked::unknown(
                Check::Management,
                format!("the API for AI agents cannot be read: {error}"),
                error.cure(),
            ));
            return;
        };
        board.note(Checked::ok(Check::Management, "it lists the AI agents"));
        // A token that may see none of them is given an empty list.
        if all.is_whole && !all.items.is_empty() {
            let ids = all.items.iter().take(10).map(|agent| agent.id.as_str());
            let what = format!(
                "no agent of the org has the id `{}`; there are {}",
                self.agent,
                quoted(ids)
            );
            let cure = "copy the client id of the agent into `clients.agent.client_id`";
            board.note(
                Checked::problem(Check::ClientActive, what, cure)
                    .of(ClientRole::Agent.as_str())
                    .setting("clients.agent.client_id"),
            );
        }
    }

    /// Compares the key of the target file with those that are registered.
    async fn key(&self, board: &mut Board) {
        let client = self.deployment.client(ClientRole::Agent, self.edition);
        let Some(RegisteredAuth::PrivateKeyJwt(key)) = client.map(|client| &client.auth) else {
            return;
        };
        // A client whose keys cannot be read is tried with a request.
        let Ok(registered) = self.management.agent_keys(self.agent).await else {
            return;
        };
        board.note(compare(key, &registered).of(ClientRole::Agent.as_str()));
    }
}

/// Whether a client id is the address of a client ID metadata document (okta.md (i)).
fn is_address(client_id: &str) -> bool {
    client_id.starts_with("https://") || client_id.starts_with("http://")
}

fn state(agent: &Agent) -> Checked {
    let said = format!("the agent `{}` is {}", agent.name, agent.status.as_str());
    in_use(Check::ClientActive, &agent.status, said, |said| {
        let cure = "activate the agent; it needs an owner before, and two are better";
        Checked::problem(Check::ClientActive, said, cure).setting("clients.agent.client_id")
    })
}

/// Whether the key of the target file is one that is registered and in use. Keys that the agent publishes at an address of its
/// own are not on the list, so an empty list says nothing; nor does one that was not read to its end.
fn compare(mine: &ClientKey, listed: &Listed<AgentKey>) -> Checked {
    let registered = listed.items.as_slice();
    let problem = |setting: &str, what: String, cure: &str| {
        Checked::problem(Check::ClientKey, what, cure)
            .setting(format!("clients.agent.key{setting}"))
    };
    let kids = || quoted(registered.iter().filter_map(|key| key.kid.as_deref()));
    let found = match &mine.kid {
        Some(kid) => registered.iter().find(|key| key.kid.as_ref() == Some(kid)),
        None => registered.iter().find(|key| is_same(mine, key)),
    };
    let Some(found) = found else {
        let kid = mine.kid.as_deref().unwrap_or("without a kid");
        let twin = registered.iter().find(|key| is_same(mine, key));
        return match twin.and_then(|twin| twin.kid.as_deref()) {
            Some(other) => problem(
                ".kid",
                format!("this key is registered as `{other}`, not as `{kid}`"),
                "copy the `kid` into `clients.agent.key.kid`",
            ),
            None if registered.is_empty() || !listed.is_whole => Checked::unknown(
                Check::ClientKey,
                "the API does not list the key: the agent may publish its keys at an address of its own",
                "see under Client registration whether the agent has keys or the address of a key set",
            ),
            None => problem(
                "",
                format!(
                    "no key with the kid `{kid}` is registered; registered are {}",
                    kids()
                ),
                "register the public key, or name the `kid` of the one that belongs to the private key",
            ),
        };
    };
    let kid = found.kid.as_deref().unwrap_or("without a kid");
    if !is_same(mine, found) {
        return problem(
            "",
            format!("the key registered as `{kid}` is another one than that of the target file"),
            "register the public half of the private key, or give the private key that belongs to it",
        );
    }
    if found.status.is_off() || found.status.is_unknown() {
        let said = format!("the key `{kid}` is {}", found.status.as_str());
        return in_use(Check::ClientKey, &found.status, said, |said| {
            problem("", said, "activate the key")
        });
    }
    match found.member("alg") {
        Some(alg) if alg != mine.alg => problem(
            ".alg",
            format!(
                "the key `{kid}` is registered for {alg}, and the target file signs with {}",
                mine.alg
            ),
            "write the algorithm of the registered key in `clients.agent.key.alg`",
        ),
        _ => Checked::ok(
            Check::ClientKey,
            format!(
                "the key `{kid}` ({}) is registered and {}",
                mine.alg,
                found.status.as_str()
            ),
        ),
    }
}

/// Whether a registered key is the public half of a private one. Members that the answer leaves out say nothing against it.
fn is_same(mine: &ClientKey, registered: &AgentKey) -> bool {
    let public = mine.key.public_jwk();
    ["kty", "n", "e", "crv", "x", "y"].iter().all(|name| {
        match (
            public.get(*name).and_then(serde_json::Value::as_str),
            registered.member(name),
        ) {
            (Some(one), Some(other)) => one == other,
            (None, Some(_)) => false,
            (_, None) => true,
        }
    })
}
