//! Clients: whether each can authenticate, and whether the redirect URI is registered.
//!
//! Authentication is tried with an introspection of something that is no token: it is answered with `active: false` if the
//! client is known, and it changes nothing (RFC 7662 section 2.2).

use super::refused::{Refused, refused_check};
use super::{Reply, Visit};
use crate::doctor::{Board, Check, Checked, Status};
use crate::exchange::Exchange;
use crate::result::Asked;
use crate::run::perform::Unsent;
use crate::scenario::model::{ClientRole, ServerRole};
use crate::scenario::step::{Authorize, Browsing, Request};
use crate::targets::{Client, RegisteredAuth, acting};

/// Nothing that any server has ever issued.
const NO_TOKEN: &str = "atx-doctor-asks-about-no-token";

pub(super) async fn check(visit: &Visit<'_>, board: &mut Board) {
    for (role, client) in &visit.asking.deployment().clients {
        // That one is inactive on purpose.
        if *role != ClientRole::InactiveAgent {
            authenticates(visit, *role, client, board).await;
        }
    }
    redirect_uri(visit, board).await;
}

async fn authenticates(visit: &Visit<'_>, role: ClientRole, client: &Client, board: &mut Board) {
    let of = role.as_str();
    if matches!(client.auth, RegisteredAuth::None) {
        let why = "the client has no credential, so nothing shows whether it is known";
        let find_out = "compare `client_id` with the client's registration";
        board.note(Checked::unknown(Check::ClientKey, why, find_out).of(of));
        return;
    }
    let parameters = [("token", NO_TOKEN)];
    let reply = visit
        .asking
        .post(
            "introspect",
            Request::Introspect,
            ServerRole::Org,
            role,
            &parameters,
        )
        .await;
    let answer = match reply {
        Reply::Answered(answer) => answer,
        Reply::Unanswered(trouble) => {
            let find_out = "run `atx doctor` again";
            board.note(Checked::unknown(Check::ClientKey, trouble.to_string(), find_out).of(of));
            return;
        }
        Reply::Unsent(why) => {
            let cure = "correct the client's key in the target file";
            board.note(
                Checked::problem(Check::ClientKey, why, cure)
                    .of(of)
                    .setting(format!("clients.{role}.key"))
                    .at(None),
            );
            return;
        }
    };
    if answer.response.status == 200 {
        let said = format!("the org took its {}", client.auth.as_str());
        board.confirm(Checked::ok(Check::ClientActive, said.as_str()).of(of));
        board.confirm(Checked::ok(Check::ClientKey, said).of(of));
        return;
    }
    let refused = Refused::read(visit, Asked::Introspection, &answer).await;
    if !matches!(refused.answer.status, 400 | 401) || refused.answer.error.is_none() {
        let why = format!(
            "the introspection by which this is tried was answered with {}",
            refused.answer.status
        );
        let find_out = "compare the client's registration with the target file";
        board.note(Checked::unknown(Check::ClientKey, why, find_out).of(of));
        return;
    }
    let check = match refused.row().map(|row| row.code) {
        Some("invalid_client_id" | "invalid_client" | "workload_principal_not_found") => {
            Check::ClientActive
        }
        // Okta's own envelope is the answer to a client id that nobody has (okta.md (f)).
        None if refused.is_envelope => Check::ClientActive,
        _ => Check::ClientKey,
    };
    let refused = match refused.row() {
        None if check == Check::ClientActive => refused.meaning("invalid_client_id"),
        _ => refused,
    };
    board.note(refused_check(check, &refused, role, visit).of(of));
    if check == Check::ClientKey && refused.row().is_none() {
        let why = "the refusal does not say whether the client or its credential is wrong";
        let find_out = "see whether the agent is ACTIVE under Directory > AI agents > the agent > Profile, or give the target file a token for the management API";
        board.note(Checked::unknown(Check::ClientActive, why, find_out).of(of));
    }
}

/// Asks for a code with `prompt=none`. Whoever is not signed in is sent back with an error, but only to a redirect URI that is
/// registered (okta.md (e)).
async fn redirect_uri(visit: &Visit<'_>, board: &mut Board) {
    let role = acting(ClientRole::UserClient, visit.asking.edition);
    let client = visit.asking.deployment().clients.get(&role);
    let Some(uri) = client.and_then(|client| client.redirect_uri.as_deref()) else {
        let why = format!("the target file gives `clients.{role}` no `redirect_uri`");
        let find_out = "it is needed where `atx` signs users in itself; add it for that";
        board.note(Checked::unknown(Check::RedirectUri, why, find_out));
        return;
    };
    let authorize = Authorize {
        at: ServerRole::Org,
        client: role,
        user: None,
        password: None,
        params: vec![("prompt".to_owned(), super::asking::literal("none"))],
        browsing: Browsing::default(),
    };
    let performed = match visit.asking.take(authorize.into()).await {
        Ok(performed) => performed,
        Err(Unsent::Lacking(why) | Unsent::Impossible(why)) => {
            let find_out = "correct the target file";
            board.note(Checked::unknown(Check::RedirectUri, why, find_out));
            return;
        }
    };
    match visit.asking.reply_of("authorize", performed) {
        Reply::Answered(answer) => {
            let judged = judged(visit, &answer, role, uri).await;
            board.note_all(beside_client(judged, role, board));
        }
        Reply::Unanswered(trouble) => {
            let find_out = "run `atx doctor` again";
            board.note(Checked::unknown(
                Check::RedirectUri,
                trouble.to_string(),
                find_out,
            ));
        }
        Reply::Unsent(why) => {
            let find_out = "correct the target file";
            board.note(Checked::unknown(Check::RedirectUri, why, find_out));
        }
    }
}

/// What a refused authorization request shows beside what is known of the client: it is refused in the same way where the org
/// does not know the client id.
fn beside_client(judged: Checked, role: ClientRole, board: &Board) -> Vec<Checked> {
    let of = role.as_str();
    let is = |check: Check, status: Status| {
        let mut results = board.of(check);
        results.any(|one| one.status == status && one.of.as_deref() == Some(of))
    };
    let is_about_client = judged.check == Check::ClientActive;
    if judged.status != Status::Problem || is_about_client || is(Check::ClientActive, Status::Ok) {
        return vec![judged];
    }
    let is_known_missing = is(Check::ClientActive, Status::Problem);
    if !is_known_missing && !is(Check::ClientKey, Status::Problem) {
        let said = judged.evidence.unwrap_or_default();
        let why = format!("{said}, and nothing shows whether the org knows the client");
        let find_out = "compare the client id and the sign-in redirect URIs of the client with the target file";
        return vec![Checked::unknown(Check::RedirectUri, why, find_out)];
    }
    let why = "the org does not know the client, or its credential, in the first place";
    let unknown = Checked::unknown(Check::RedirectUri, why, "mend that first");
    if is_known_missing {
        return vec![unknown];
    }
    let what = "the org refuses the client's credential and its redirect URI alike, as it does for a client id that it does not know";
    let cure = format!(
        "copy the client id of the agent or app into `clients.{role}.client_id`, and see that it is active"
    );
    let missing = Checked::problem(Check::ClientActive, what, cure)
        .of(of)
        .setting(format!("clients.{role}.client_id"));
    vec![missing, unknown]
}

async fn judged(visit: &Visit<'_>, answer: &Exchange, role: ClientRole, uri: &str) -> Checked {
    let response = &answer.response;
    let to = answer.redirects_to().unwrap_or_default();
    if response.is_redirect() && to.starts_with(uri) {
        let said = response.redirect_parameter("error").unwrap_or_default();
        return Checked::ok(
            Check::RedirectUri,
            format!("the browser was sent back to `{uri}` (`{said}`, as nobody is signed in)"),
        );
    }
    if response.status != 400 {
        return Checked::unknown(
            Check::RedirectUri,
            format!(
                "the authorization request was answered with {}",
                response.status
            ),
            "compare the redirect URI with the sign-in redirect URIs of the client",
        );
    }
    let refused = Refused::read(visit, Asked::Code, answer).await;
    if refused.answer.error.as_deref() == Some("invalid_client") {
        let refused = refused.meaning("invalid_client_id");
        return refused_check(Check::ClientActive, &refused, role, visit).of(role.as_str());
    }
    let what = format!(
        "an authorization request of `clients.{role}` with `{uri}` was refused without sending the browser back{}",
        refused.words()
    );
    let cure = format!(
        "add the redirect URI to the sign-in redirect URIs of the client, letter by letter, or write a registered one in `clients.{role}.redirect_uri`"
    );
    Checked::problem(Check::RedirectUri, what, cure).setting(format!("clients.{role}.redirect_uri"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a refused authorization request beside results for the client.
    fn beside(known: &[Checked]) -> Vec<(Check, Status)> {
        let mut board = Board::default();
        board.note_all(known.iter().cloned().map(|one| one.of("agent")));
        let refused = Checked::problem(Check::RedirectUri, "refused", "add it");
        let judged = beside_client(refused, ClientRole::Agent, &board);
        judged.iter().map(|one| (one.check, one.status)).collect()
    }

    #[test]
    fn a_refused_authorization_request_is_about_the_redirect_uri_only_where_the_client_is_known() {
        let known = Checked::ok(Check::ClientActive, "ACTIVE");
        let wrong_key = Checked::problem(Check::ClientKey, "refused", "mend it");
        let redirect_uri = Check::RedirectUri;
        // The settings say that the client is there: the wrong key is another matter.
        assert_eq!(
            beside(&[known.clone(), wrong_key.clone()]),
            [(redirect_uri, Status::Problem)]
        );
        assert_eq!(beside(&[known]), [(redirect_uri, Status::Problem)]);
        assert_eq!(
            beside(&[wrong_key]),
            [
                (Check::ClientActive, Status::Problem),
                (redirect_uri, Status::Unknown)
            ]
        );
        let missing = Checked::problem(Check::ClientActive, "nobody", "copy it");
        assert_eq!(beside(&[missing]), [(redirect_uri, Status::Unknown)]);
        // A public client has no credential that shows it.
        assert_eq!(beside(&[]), [(redirect_uri, Status::Unknown)]);
    }
}
