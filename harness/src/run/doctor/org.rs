//! The org itself: its issuer and its keys; and the custom authorization server's issuer.

use std::collections::BTreeSet;

use super::{Asking, Reply};
use crate::doctor::{Board, Check, Checked};
use crate::jwks::Jwks;
use crate::preflight::servers;
use crate::scenario::model::ServerRole;
use crate::targets::Server;

pub(super) async fn check(asking: &Asking<'_>, board: &mut Board) {
    let deployment = asking.deployment();
    for role in [ServerRole::Org, ServerRole::CustomAs] {
        let Some(server) = deployment.servers.get(&role) else {
            continue;
        };
        let check = match role {
            ServerRole::Org => Check::Issuer,
            _ => Check::CustomServer,
        };
        let found = servers::check(asking.target, &BTreeSet::from([role])).await;
        let mistakes = found.iter().filter(|one| one.setting != servers::CLOCK);
        let mut mistakes = mistakes.peekable();
        if mistakes.peek().is_none() {
            board.note(Checked::ok(
                check,
                format!("the server at `{}` goes by that issuer", server.issuer),
            ));
        }
        board.note_all(mistakes.map(|mistake| Checked::mistake(check, mistake)));
    }
    if !deployment.servers.contains_key(&ServerRole::CustomAs) {
        let why = "the target file describes no `authorization_servers.custom_as`";
        board.skip(&[Check::CustomServer, Check::Policy, Check::Scopes], why);
    }
    if let Some(org) = deployment.org() {
        board.note(keys(asking, org).await);
    }
}

async fn keys(asking: &Asking<'_>, org: &Server) -> Checked {
    let url = org.endpoint("jwks_uri");
    let problem = |what: String| {
        let cure =
            "write the address that the org's metadata give as `jwks_uri`, or leave the key out";
        Checked::problem(Check::Keys, what, cure).setting("authorization_servers.org.jwks_uri")
    };
    let answer = match asking.get("keys", url).await {
        Reply::Answered(answer) => answer.response,
        Reply::Unanswered(trouble) => return problem(format!("the keys cannot be had: {trouble}")),
        Reply::Unsent(why) => return problem(why),
    };
    let keys = answer.json.as_ref().and_then(Jwks::parse);
    match keys {
        Some(keys) if answer.status == 200 && !keys.is_empty() => {
            Checked::ok(Check::Keys, format!("`{url}` holds {}", count(keys.len())))
        }
        Some(_) if answer.status == 200 => {
            problem(format!("`{url}` holds no key that can be used"))
        }
        _ => problem(format!("`{url}` answers {} and no key set", answer.status)),
    }
}

fn count(keys: usize) -> String {
    match keys {
        1 => "one key".to_owned(),
        several => format!("{several} keys"),
    }
}
