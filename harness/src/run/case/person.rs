//! What a case waits for that it does not do itself: a sign-in that others use as well, and a person's consent at a third party.

use std::time::{Duration, Instant};

use super::CaseRun;
use crate::exchange::Exchange;
use crate::fill;
use crate::forge::Forge;
use crate::result::{Blame, PersonDoes, PersonRequest};
use crate::run::conclude::{Stop, stopped};
use crate::run::perform::{Performed, Unsent};
use crate::run::sign_ins::Asker;
use crate::scenario::case_step::CaseStep;
use crate::scenario::model::SaveSource;
use crate::scenario::step::Action;
use crate::sign_in::{open_in_browser, web_link};
use crate::steps::{Prepared, PreparedSignIn, prepare};
use crate::targets::SignInWay;

/// How often the agent asks whether the user has consented by now.
const EVERY: Duration = Duration::from_millis(if cfg!(test) { 50 } else { 5000 });

/// A consent that a person was asked for.
pub(super) struct AskedConsent {
    until: Instant,
    within: Duration,
}

impl CaseRun<'_> {
    /// The sign-in of a step, where it is one that cases share.
    pub(super) fn shared_sign_in(
        &self,
        case_step: &CaseStep<'_>,
        forge: &Forge<'_>,
    ) -> Result<Option<PreparedSignIn>, Stop> {
        let is_shared = match &self.shared.target.deployment().sign_in {
            Some(SignInWay::Session) => self.shares_sign_ins,
            Some(way) => way.is_shared(),
            None => false,
        };
        let action = &case_step.step.action;
        if !is_shared || !matches!(action, Action::SignIn(_)) {
            return Ok(None);
        }
        match prepare(action, case_step.change, forge) {
            Ok(Prepared::SignIn(prepared)) => Ok(Some(prepared)),
            Ok(_) => Ok(None),
            Err(unforgeable) => {
                let step = &case_step.step.id;
                Err(stopped(step, &unforgeable.to_string(), Blame::Harness))
            }
        }
    }

    /// Signs in with what all share. A refresh token can make a sign-in for one case as well.
    pub(super) async fn sign_in(&self, prepared: PreparedSignIn, forge: &Forge<'_>) -> Performed {
        let way = &self.shared.target.deployment().sign_in;
        let is_refresh = matches!(way, Some(SignInWay::Refresh(_)));
        let asker = Asker {
            target: &self.shared.target,
            edition: self.shared.edition,
            forge,
            rehearses: self.shared.rehearses,
            alone: is_refresh && !self.shares_sign_ins,
        };
        self.shared.sign_ins.obtain(prepared, &asker).await
    }

    /// Takes a step, which is not taken if it signs in by a password that the org has refused before.
    pub(super) async fn with_password(
        &self,
        case_step: &CaseStep<'_>,
        taken: impl Future<Output = Result<Performed, Unsent>>,
    ) -> Result<Performed, Unsent> {
        let way = &self.shared.target.deployment().sign_in;
        let by_password = matches!(way, Some(SignInWay::Session)) && !self.tape.is_replay();
        match &case_step.step.action {
            Action::SignIn(sign_in) if by_password => {
                self.shared.sign_ins.by_password(sign_in.user, taken).await
            }
            _ => taken.await,
        }
    }

    /// Whether a step is a consent that no program gives.
    pub(super) fn is_for_a_person(&self, case_step: &CaseStep<'_>) -> bool {
        let asks = self.shared.target.deployment().asks_for_consent();
        asks && matches!(case_step.step.action, Action::Consent(_))
    }

    /// Shows the link to whoever has to consent.
    pub(super) fn ask_for_consent(&mut self, case_step: &CaseStep<'_>) -> Result<(), Stop> {
        let step = &case_step.step.id;
        let Action::Consent(consent) = &case_step.step.action else {
            return Ok(());
        };
        let link = fill::text(&consent.at, &self.vars)
            .map_err(|unfilled| stopped(step, &unfilled.to_string(), Blame::Harness))?;
        let deployment = self.shared.target.deployment();
        // The server under test has named it.
        let link = web_link(&link, deployment.kind).map_err(|why| {
            let why = format!("the link to the consent is not opened: {why}");
            stopped(step, &why, Blame::OrgServer)
        })?;
        let user = consent.user.map_or("the user", |user| user.as_str());
        let login = consent.user.and_then(|user| deployment.users.get(&user));
        let opens = self.shared.sign_ins.opens_browser();
        let within = self.shared.consent_within;
        self.shared.sign_ins.ask(PersonRequest {
            user: user.to_owned(),
            login: login.map(|user| user.login.clone()),
            does: PersonDoes::Consents {
                case: self.id.to_owned(),
            },
            link: link.to_string(),
            opens,
            seconds: within.as_secs(),
        });
        if opens {
            let kind = deployment.kind;
            tokio::spawn(async move { open_in_browser(link.as_str(), kind).await });
        }
        self.consent = Some(AskedConsent {
            until: Instant::now() + within,
            within,
        });
        Ok(())
    }

    /// Repeats the request that needs the consent until it is there. What was answered meanwhile is not kept: that the user
    /// must consent is what an earlier step has shown.
    pub(super) async fn perform_after_consent(
        &mut self,
        case_step: &CaseStep<'_>,
        asked: &AskedConsent,
    ) -> Result<Performed, Stop> {
        let since = Instant::now();
        let sign_ins = self.shared.sign_ins.clone();
        loop {
            self.deadline = Instant::now() + self.shared.patience;
            let performed = self.perform(case_step).await?;
            if !performed.judged().is_some_and(wants_interaction) {
                self.deadline += since.elapsed();
                return Ok(performed);
            }
            if Instant::now() >= asked.until {
                let seconds = asked.within.as_secs();
                let why = format!(
                    "nobody has consented at the third party within {seconds} s; --consent-timeout waits longer"
                );
                return Err(stopped(&case_step.step.id, &why, Blame::Harness));
            }
            let left = asked.until.saturating_duration_since(Instant::now());
            sign_ins.lending(tokio::time::sleep(EVERY.min(left))).await;
        }
    }

    /// Whether a step that must show that the user has not consented yet was answered with the third party's token.
    pub(super) fn has_consented_before(&self, case_step: &CaseStep<'_>, answer: &Exchange) -> bool {
        let looks_for_link = case_step
            .save
            .iter()
            .any(|save| matches!(&save.from, SaveSource::Body(path) if path == "interaction_uri"));
        looks_for_link
            && answer.response.status == 200
            && self.shared.target.deployment().asks_for_consent()
    }
}

/// The case cannot begin: nobody but the user can take a consent back.
pub(super) fn already_consented(step: &str) -> Stop {
    let why =
        "the user has consented at the third party before, and the case begins without a consent";
    let cure = "take the consent back at the third party and in the org, and run it again";
    Stop {
        skips: true,
        cure: Some(cure),
        ..stopped(step, why, Blame::Harness)
    }
}

/// Whether an answer says that the user must consent (okta.md (c4)).
fn wants_interaction(exchange: &Exchange) -> bool {
    let body = exchange.response.json.as_ref();
    let error = body.and_then(|body| body.get("error")?.as_str());
    error == Some("interaction_required")
}
