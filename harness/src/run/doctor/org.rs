//! The org itself: its issuer and its keys; and the custom authorization server's issuer.

use super::{Asking, Reply};
use crate::doctor::{Board, Check, Checked};
use crate::jwks::Jwks;
use crate::preflight::servers::{self, IssuerSeen};
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
        if role == ServerRole::Org && is_custom(&server.issuer) {
            board.note(path_of_org(&server.issuer));
            continue;
        }
        let (mistakes, seen) = servers::look(asking.target, role, server).await;
        let mistakes = mistakes.iter().filter(|one| one.setting != servers::CLOCK);
        board.note_all(mistakes.map(|mistake| Checked::mistake(check, mistake)));
        board.note(goes_by(check, role, &server.issuer, seen));
    }
    if !deployment.servers.contains_key(&ServerRole::CustomAs) {
        let why = "the target file describes no `authorization_servers.custom_as`";
        board.skip(&[Check::CustomServer, Check::Policy, Check::Scopes], why);
    }
    if let Some(org) = deployment.org() {
        board.note(keys(asking, org).await);
    }
}

/// What the metadata of a server say of the issuer of the target file.
fn goes_by(check: Check, role: ServerRole, issuer: &str, seen: IssuerSeen) -> Checked {
    match seen {
        IssuerSeen::Same => Checked::ok(
            check,
            format!("the metadata of the server give the issuer `{issuer}`"),
        ),
        IssuerSeen::Other(said) => {
            let what = format!(
                "the metadata at `{issuer}` give the issuer `{said}`; issuers are compared letter by letter"
            );
            let cure = format!("write `{said}` if that is the server, or see what answers there");
            Checked::problem(check, what, cure)
                .setting(format!("authorization_servers.{role}.issuer"))
        }
        IssuerSeen::Unread(why) => {
            let find_out = "compare the issuer with the metadata of the server by hand";
            Checked::unknown(check, why, find_out)
        }
    }
}

/// Whether an issuer is one of a custom authorization server of Okta (okta.md (a)).
fn is_custom(issuer: &str) -> bool {
    url::Url::parse(issuer).is_ok_and(|url| url.path().starts_with("/oauth2/"))
}

fn path_of_org(issuer: &str) -> Checked {
    let what = format!("`{issuer}` is the issuer of a custom authorization server");
    let cure = "write the org's URL without a path, such as https://example.okta.com";
    Checked::problem(Check::Issuer, what, cure).setting("authorization_servers.org.issuer")
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
    if answer.status == 429 || answer.status >= 500 {
        let why = format!("`{url}` answers {}", answer.status);
        return Checked::unknown(Check::Keys, why, "run `atx doctor` again in a minute");
    }
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
