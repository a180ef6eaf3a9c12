//! The sign-in of the test user, by the way that the target file names.

use serde_json::Value;

use super::refused::{Refused, refused_check};
use super::{Asking, Reply, Visit};
use crate::doctor::{Board, Check, Checked};
use crate::exchange::{Exchange, Payload};
use crate::jwt::Jwt;
use crate::preflight::{Misconfiguration, refusal};
use crate::refusals::Console;
use crate::result::Asked;
use crate::run::conclude::misconfiguration;
use crate::run::perform::Unsent;
use crate::scenario::model::{ClientRole, UserRole};
use crate::scenario::step::SignIn;
use crate::sign_in::SignInError;
use crate::targets::{SignInWay, acting};

/// What came of a sign-in.
pub(in crate::run) enum SignedIn {
    /// It gave an ID token.
    With(String),
    /// It did not; the last answer says why.
    Not(Reply),
    /// It did not, and more is known than what was answered.
    Refused(SignInError),
}

impl Asking<'_> {
    /// Signs the test user in, as the cases do.
    pub(in crate::run) async fn sign_in(&self) -> SignedIn {
        let step = SignIn {
            client: ClientRole::UserClient,
            user: UserRole::Ada,
            scope: None,
            nonce: None,
        };
        let reply = match self.take(step.into()).await {
            Ok(mut performed) => match performed.not_signed_in.take() {
                Some(error) => return SignedIn::Refused(error),
                None => self.reply_of("sign-in", performed),
            },
            Err(Unsent::Lacking(why) | Unsent::Impossible(why)) => Reply::Unsent(why),
        };
        if let Reply::Answered(answer) = &reply {
            let body = answer.response.json.as_ref();
            let token = body.and_then(|body| body.get("id_token")?.as_str());
            if let Some(token) = token.filter(|_| answer.response.status == 200) {
                return SignedIn::With(token.to_owned());
            }
        }
        SignedIn::Not(reply)
    }
}

/// What is probably wrong in the target file, where the last answer of a sign-in shows it.
pub(in crate::run) fn mistake(asking: &Asking<'_>, last: &Exchange) -> Option<Misconfiguration> {
    let (deployment, edition) = (asking.deployment(), asking.edition);
    let answer = asking.answer(&last.response);
    // A sign-in is refused with a page.
    let is_refusal = match answer.status {
        400 | 401 | 403 | 404 => true,
        ..404 => refusal::is_by_settings(&answer),
        _ => false,
    };
    if is_refusal {
        return Some(refusal::explain(asked(last), &answer, deployment, edition));
    }
    // The token endpoint shows no page: an answer of it that cannot be used is no mistake of the file.
    let is_page = last.request.by_browser && answer.status < 400;
    is_page.then(|| refusal::unfinished(deployment, edition))
}

/// What the last request of a sign-in asked for.
fn asked(last: &Exchange) -> Asked {
    let Payload::Form(fields) = &last.request.payload else {
        return Asked::Code;
    };
    let grant = fields.iter().find(|(name, _)| name == "grant_type");
    match grant.map(|(_, grant)| grant.as_str()) {
        Some("refresh_token") => Asked::RefreshedTokens,
        Some(_) => Asked::Tokens,
        None => Asked::Code,
    }
}

/// Signs in, and gives the ID token.
pub(super) async fn check(visit: &Visit<'_>, board: &mut Board) -> Option<String> {
    let asking = visit.asking;
    let (deployment, edition) = (asking.deployment(), asking.edition);
    let behind = [
        Check::UserActive,
        Check::UserAssigned,
        Check::SignIn,
        Check::IdToken,
        Check::AgentsFeature,
        Check::Policy,
        Check::Scopes,
        Check::Resource,
        Check::Entitlement,
        Check::Consent,
        Check::Licence,
    ];
    if let Some(lack) = deployment.lacks_sign_in(ClientRole::UserClient, UserRole::Ada, edition) {
        board.note(Checked::unknown(Check::SignIn, lack.reason, lack.cure));
        board.skip(&behind, "not tried, for want of a sign-in");
        return None;
    }
    let reply = match asking.sign_in().await {
        SignedIn::With(token) => {
            board.note(signed_in(&token, deployment.sign_in.as_ref()));
            // A token of the file was given when the user was assigned, which need not be so any more.
            if !matches!(deployment.sign_in, Some(SignInWay::Given(_))) {
                let said = "the org signed the user in";
                board.note_all(
                    [Check::UserActive, Check::UserAssigned].map(|check| Checked::ok(check, said)),
                );
            }
            return Some(token);
        }
        SignedIn::Not(reply) => reply,
        SignedIn::Refused(error) => {
            board.skip(&behind, "not tried because the sign-in is a problem");
            board.note(not_signed_in(&error));
            return None;
        }
    };
    board.skip(&behind, "not tried because the sign-in is a problem");
    match reply {
        Reply::Answered(last) => board.note(refused(visit, &last).await),
        Reply::Unanswered(trouble) => {
            let find_out = "run `atx doctor` again";
            board.note(Checked::unknown(
                Check::SignIn,
                trouble.to_string(),
                find_out,
            ));
        }
        Reply::Unsent(why) => {
            let find_out = "correct the target file";
            board.note(Checked::unknown(Check::SignIn, why, find_out));
        }
    }
    None
}

fn not_signed_in(error: &SignInError) -> Checked {
    match error {
        SignInError::Trouble(trouble) => {
            let find_out = "run `atx doctor` again";
            Checked::unknown(Check::SignIn, trouble.to_string(), find_out)
        }
        error => Checked::mistake(Check::SignIn, &misconfiguration(error)).at(None),
    }
}

fn signed_in(token: &str, way: Option<&SignInWay>) -> Checked {
    let claims = Jwt::decode(token).map(|jwt| jwt.claims);
    let until = claims
        .ok()
        .and_then(|claims| claims.get("exp").and_then(Value::as_i64));
    let until = until.and_then(|until| jiff::Timestamp::from_second(until).ok());
    let until = until
        .map(|until| format!(", good until {until}"))
        .unwrap_or_default();
    let from = match way {
        Some(SignInWay::Given(_)) => "the target file gives an ID token",
        Some(SignInWay::Browser(_) | SignInWay::Cache(_)) => "`atx sign-in` has left an ID token",
        _ => "the sign-in gave an ID token",
    };
    Checked::ok(Check::SignIn, format!("{from}{until}"))
}

async fn refused(visit: &Visit<'_>, last: &Exchange) -> Checked {
    let asking = visit.asking;
    let Some(mistake) = mistake(asking, last) else {
        return Checked::unknown(
            Check::SignIn,
            format!("the sign-in was answered with {}", last.response.status),
            "sign in by hand, and see what the org shows",
        );
    };
    let refused = Refused::read(visit, asked(last), last).await;
    match refused.row() {
        Some(row) => {
            let check = match row.console {
                Console::People => Check::UserActive,
                Console::AgentUsers if row.code == "user_not_assigned" => Check::UserAssigned,
                Console::AgentClient => Check::ClientKey,
                _ => Check::SignIn,
            };
            let role = acting(ClientRole::UserClient, asking.edition);
            let checked = refused_check(check, &refused, role, visit);
            match check {
                Check::ClientKey => checked.of(role.as_str()),
                _ => checked,
            }
        }
        None => Checked::mistake(Check::SignIn, &mistake).at(Console::AgentUsers.path()),
    }
}
