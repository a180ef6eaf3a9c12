//! Is an org ready? The requests, and what they show. `doctor/` says what is checked and what the org's settings say of it.
//!
//! No setting is changed: metadata, keys, an introspection of something that is no token, an authorization request with
//! `prompt=none`, one sign-in, and one exchange for each resource that the target file describes. What a real org issues for
//! that is revoked at the end, and an org that is not for tests is only read from.

mod asking;
mod budget;
mod clients;
mod exchange;
mod licence;
mod log;
mod network;
mod org;
mod refused;
mod sign_in;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::unbounded_channel;

pub(super) use asking::{Asking, Reply};
pub(super) use exchange::mistake as exchange_mistake;
pub(super) use sign_in::{SignedIn, mistake as sign_in_mistake};

use super::ledger::{PATIENCE, RunLedger};
use super::meanwhile::Meanwhile;
use super::runner::Learner;
use super::sign_ins::{SignIns, usual_asking};
use crate::doctor::settings::{self, AGENTS_APP};
use crate::doctor::{Board, Check, Checked, Examination, Status};
use crate::evidence::{Public, Redactor};
use crate::management::Management;
use crate::preflight::local;
use crate::result::{EventSink, RunEvent};
use crate::scenario::model::{ClientRole, Edition};
use crate::secret::{Salt, Secret};
use crate::targets::{Allowances, NotForTests, Target, acting};

/// What everything behind the network depends on.
const NETWORK: [Check; 4] = [Check::Name, Check::Connection, Check::Tls, Check::Proxy];

/// What a check of an org needs to know.
struct Visit<'v> {
    asking: &'v Asking<'v>,
    management: Option<Management>,
    /// When it began, for the System Log.
    since: Timestamp,
    /// Whether a run asks a person for a consent; the doctor asks nobody.
    run_asks_for_consent: bool,
}

/// Checks everything, in order. `redact` are values that no text may show, besides the secrets of the target. `sink` hears of
/// waits, and of what a real org issued meanwhile and what became of it.
pub async fn doctor(
    target: &Target,
    edition: Edition,
    redact: &[Secret],
    sink: &mut dyn EventSink,
) -> Examination {
    let deployment = target.deployment();
    let issuer = deployment
        .org()
        .map(|org| org.issuer.clone())
        .unwrap_or_default();
    let names = deployment.names(edition);
    let salt = Salt::new(crate::forge::fresh().into_bytes());
    let public = Public::new(
        names
            .values()
            .map(|name| Arc::from(name.as_str()))
            .collect(),
    );
    let mut redactor = Redactor::new(salt, public, &issuer);
    super::runner::know(&mut redactor, deployment);
    redactor.know_all(redact.iter().cloned());
    let ledger = if deployment.is_real() {
        let newest = target.newest_refresh_token().await;
        Some(Arc::new(RunLedger::new(deployment, newest)))
    } else {
        None
    };
    let target = target
        .within(Allowances::of(1))
        .heard_by(Arc::new(Learner::new(redactor.clone(), ledger.clone())));
    // Nobody is asked for anything while the doctor looks.
    let target = target.without_a_person();
    let (to, waits) = unbounded_channel();
    target.pacer().report_waits_to(to);
    let (events, asked) = unbounded_channel();
    let mut meanwhile = Meanwhile {
        waits,
        asked,
        redactor: redactor.clone(),
    };
    let permits = Arc::new(Semaphore::new(1));
    let sign_ins = Arc::new(SignIns::new(&usual_asking(), &events, &permits, None));
    let asking = Asking::new(&target, edition, redactor.clone(), sign_ins);
    let visit = Visit {
        asking: &asking,
        management: Management::of(&target),
        since: Timestamp::now(),
        run_asks_for_consent: deployment.asks_for_consent(),
    };
    let mut board = Board::default();
    meanwhile
        .reporting(Box::pin(visit.all(&mut board)), sink)
        .await;
    if let Some(ledger) = ledger {
        let revoked = ledger.revoke(&target, edition, PATIENCE);
        meanwhile.reporting(Box::pin(revoked), sink).await;
        let ledger = ledger.redacted(&redactor);
        sink.on_event(&RunEvent::Obtained { ledger });
    }
    let mut checks = board.finish();
    for text in checks.iter_mut().flat_map(Checked::texts) {
        *text = redactor.text(text);
    }
    Examination::new(
        redactor.text(&deployment.name),
        redactor.text(&issuer),
        edition.to_string(),
        checks,
    )
}

impl Visit<'_> {
    async fn all(&self, board: &mut Board) {
        let (deployment, edition) = (self.asking.deployment(), self.asking.edition);
        let mistakes = local::check(deployment, edition, self.asking.target.now());
        for mistake in &mistakes {
            board.note(found_locally(mistake));
        }
        network::check(self.asking, board).await;
        if let Some(problem) = board.first_problem(&NETWORK) {
            let why = format!("not tried because `{}` is a problem", problem.id());
            board.skip(Check::ALL, &why);
            return;
        }
        org::check(self.asking, board).await;
        match &self.management {
            Some(management) => {
                settings::examine(management, deployment, edition, board).await;
            }
            None => board.note(Checked::unknown(
                Check::Management,
                "the target file gives no token for the management API",
                "add `management: { api_token: { env: ATX_API_TOKEN } }`; a read-only administrator's token does, but for the API for AI agents, which wants a super administrator (okta.md (g))",
            )),
        }
        if let Some(why) = deployment.not_for_tests() {
            self.forbidden(&why, board);
        } else {
            clients::check(self, board).await;
            self.flows(board).await;
        }
        budget::check(self.asking, board);
    }

    /// What reading does not show of an org that is not for tests.
    fn forbidden(&self, why: &NotForTests, board: &mut Board) {
        // The sentence speaks of a run, which has nothing to read from the management API.
        let also = match self.management {
            Some(_) => " and what the management API reads",
            None => "",
        };
        let (why, cure) = (format!("{why}{also}"), why.cure());
        let clients = self.asking.deployment().clients.keys();
        for role in clients.filter(|role| **role != ClientRole::InactiveAgent) {
            let unknown = Checked::unknown(Check::ClientKey, why.as_str(), cure.as_str());
            board.note(unknown.of(role.as_str()));
        }
        board.forbid(Check::ALL, &why, &cure);
    }

    /// A sign-in and the exchanges behind it.
    async fn flows(&self, board: &mut Board) {
        let before = [Check::Issuer, Check::ClientActive, Check::ClientKey];
        let own = [
            ClientRole::Agent.as_str(),
            acting(ClientRole::UserClient, self.asking.edition).as_str(),
            AGENTS_APP,
        ];
        let blocked = before.into_iter().find(|check| {
            let mut results = board.of(*check);
            results.any(|one| {
                one.status == Status::Problem
                    && one.of.as_deref().is_none_or(|of| own.contains(&of))
            })
        });
        if let Some(problem) = blocked {
            let why = format!("not tried because `{}` is a problem", problem.id());
            board.skip(Check::ALL, &why);
            return;
        }
        if let Some(id_token) = sign_in::check(self, board).await {
            exchange::check(self, &id_token, board).await;
        }
    }
}

/// What the target file itself shows to be wrong.
fn found_locally(mistake: &crate::result::Misconfiguration) -> Checked {
    let (check, of) = match mistake.setting.split('.').collect::<Vec<_>>()[..] {
        ["clients", role, ..] => (Check::ClientKey, Some(role)),
        ["sign_in", "id_token"] => (Check::IdToken, None),
        _ => (Check::SignIn, None),
    };
    let checked = Checked::mistake(check, mistake);
    match of {
        Some(role) => checked.of(role).at(None),
        None => checked.at(None),
    }
}

#[cfg(test)]
mod tests;
