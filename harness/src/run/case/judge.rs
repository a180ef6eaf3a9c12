//! Judges an answer of a case, or says why it cannot be judged.

use super::CaseRun;
use crate::check::{self, Finding, Outcome, evaluate, expects_refusal, unjudgeable};
use crate::exchange::{Exchange, Response};
use crate::result::{Against, Aspect, Blame, BrokenCheck, FindingRecord, Verdict};
use crate::run::conclude::{Stop, blame_of, stopped};
use crate::run::success::{is_refusal, unfinished_sign_in, unsuccessful, wants_redirect};
use crate::run::{finding, keys, race};
use crate::scenario::case_step::CaseStep;
use crate::scenario::step::Redirects;

impl CaseRun<'_> {
    /// Whether a redirect from this address is the server's own answer.
    fn redirects_count(&self, case_step: &CaseStep<'_>, url: &str) -> bool {
        match case_step.step.action.kind().redirects() {
            Redirects::Always => true,
            Redirects::WhereExpected if wants_redirect(case_step.expect) => true,
            // A server that has answered here before sends elsewhere by itself: no proxy or sign-in wall does it.
            Redirects::WhereExpected | Redirects::Never => {
                case_step.part.is_judged() && self.reached.is_open(url)
            }
        }
    }

    /// Judges an answer. A step before the varied one that does not hold means that the case cannot be judged.
    pub(super) async fn judge(
        &mut self,
        case_step: &CaseStep<'_>,
        answer: &Exchange,
        all: &[Exchange],
    ) -> Result<bool, Stop> {
        let step = &case_step.step.id;
        let response = &answer.response;
        let blame = blame_of(answer.request.party);
        if case_step.expect.is_empty() {
            return self.prepares(case_step, response, blame);
        }
        let judged_by = race::expectations(case_step, answer);
        let ring = keys::for_judging(judged_by, response, &self.shared.target, &self.tape).await;
        let cx = check::Context {
            names: &self.vars,
            keys: &ring,
            now: self.tape.now(&self.shared.target),
            shows_internal_codes: self.shared.target.deployment().shows_internal_codes,
        };
        let redeems_code = answer.request.parameter("grant_type") == Some("authorization_code");
        let is_to_be_refused = case_step.part.is_judged() && expects_refusal(case_step.expect, &cx);
        let held = self.held.last_request();
        self.waits.note(held, redeems_code, is_to_be_refused);
        let redirects_count = self.redirects_count(case_step, &answer.request.url);
        let answers = race::answers(case_step, answer, all);
        let judged = |one: &Exchange| {
            one.response.status == 500
                && case_step.part.is_judged()
                && self.is_up(case_step, one, &cx)
        };
        let cause = answers.iter().filter(|one| !judged(one)).find_map(|one| {
            unjudgeable(
                &one.response,
                race::expectations(case_step, one),
                redirects_count,
                &cx,
            )
        });
        if let Some(cause) = cause {
            return Err(stopped(step, &cause, blame));
        }
        // A varied request may rightly be refused with a page; its twin got through.
        if case_step.change.is_none()
            && let Some(cause) =
                unfinished_sign_in(case_step, answer, self.shared.target.deployment())
        {
            return Err(stopped(step, &cause, blame));
        }
        let findings = if case_step.is_race() {
            race::judge(case_step, all, &cx)
        } else {
            evaluate(case_step.expect, answer, &cx)
        };
        let mut records = self.records(step, &findings);
        let against = match expects_refusal(case_step.expect, &cx) {
            false if is_refusal(response) => Against::Refused,
            true if !is_refusal(response) && response.status < 400 => Against::Accepted,
            _ => Against::Nothing,
        };
        self.trace(&findings, &records, against);
        if case_step.part.is_judged() {
            // What is not judged proves nothing, but another status or redirect there was not the accepted answer either.
            let unlike = |(finding, record): (&Finding, &FindingRecord)| {
                let accepts = matches!(
                    finding.check,
                    Aspect::Status | Aspect::RedirectTo | Aspect::RedirectParameter(_)
                );
                record.not_judged.is_some() && accepts && finding.outcome != Outcome::Held
            };
            let held = records.iter().all(|record| record.verdict < Verdict::Error)
                && !findings.iter().zip(&records).any(unlike);
            for record in &records {
                self.weigh(record.verdict, blame);
            }
            self.findings.append(&mut records);
            return Ok(held);
        }
        let Some(mut broken) = records
            .into_iter()
            .find(|record| record.verdict >= Verdict::Error)
        else {
            return Ok(true);
        };
        let reason = format!(
            "a step before the changed one did not succeed: {}: expected {}, found {}",
            broken.check,
            broken.expected,
            broken.actual.as_deref().unwrap_or("something else"),
        );
        broken.verdict = Verdict::Error;
        // The exchange that broke the case is the one to look at.
        if let Some(recorded) = self.exchanges.last_mut() {
            recorded.judged = true;
        }
        self.findings.push(broken);
        Err(stopped(step, &reason, blame))
    }

    /// Findings as a report has them.
    fn records(&self, step: &str, findings: &[Finding]) -> Vec<FindingRecord> {
        let record = |finding| {
            finding::record(
                step,
                finding,
                self.file,
                &self.shared.catalogue,
                &self.shared.target.deployment().profiles,
                &self.redactor,
            )
        };
        findings.iter().map(record).collect()
    }

    /// A step without expectations only has to succeed.
    fn prepares(
        &mut self,
        case_step: &CaseStep<'_>,
        response: &Response,
        blame: Blame,
    ) -> Result<bool, Stop> {
        let Some(why) = unsuccessful(case_step.step, response) else {
            return Ok(true);
        };
        if is_refusal(response) {
            self.steps.decided(Against::Refused);
        }
        Err(stopped(&case_step.step.id, &why, blame))
    }

    /// Keeps what does not hold, for whoever looks for the cause.
    fn trace(&mut self, findings: &[Finding], records: &[FindingRecord], against: Against) {
        let checks = findings.iter().zip(records);
        let broken = checks.filter(|(finding, _)| finding.outcome != Outcome::Held);
        self.steps
            .broke(broken.clone().map(|(finding, record)| BrokenCheck {
                finding: record.clone(),
                is_absent: finding.is_absent(),
                rule: None,
                token: None,
            }));
        let mut decisions = broken.filter(|(finding, _)| {
            matches!(
                finding.check.of_any(),
                Aspect::Status | Aspect::RedirectTo | Aspect::RedirectParameter(_)
            )
        });
        if decisions.next().is_some() {
            self.steps.decided(against);
        }
    }

    /// Whether a server that answers 500 was seen to be up and reachable, so that its 500 is an answer: it accepted
    /// the twin of what it fails on, or it should refuse here and has answered at the same address before.
    fn is_up(&self, case_step: &CaseStep<'_>, answer: &Exchange, cx: &check::Context<'_>) -> bool {
        let has_answered = || self.reached.has_answered(&answer.request.url);
        self.has_twin || (expects_refusal(case_step.expect, cx) && has_answered())
    }
}
