//! Keeps what the steps of a case asked for, used and broke, so that the cause of a deviation can be found.

use std::collections::{BTreeMap, BTreeSet};

use super::conclude::blame_of;
use crate::evidence::Redactor;
use crate::exchange::{Exchange, Party, Response};
use crate::invariant::Class;
use crate::result::{Against, Answer, Asked, BrokenCheck, StepTaken, Used};
use crate::scenario::case_step::{CaseStep, Part};
use crate::scenario::model::{Endpoint, Grant, Issued, Save, SaveSource};
use crate::targets::Deployment;

/// Longest `error_description` that is kept.
const LONGEST_DESCRIPTION: usize = 300;

/// The steps of a case so far.
#[derive(Debug, Default)]
pub(super) struct Steps {
    taken: Vec<StepTaken>,
    /// By name of a saved value: the step that saved it, and the member that held it.
    saved: BTreeMap<String, Used>,
}

impl Steps {
    /// Notes a step that is about to be taken and the names that its request refers to.
    pub(super) fn begin(&mut self, case_step: &CaseStep<'_>, read: &BTreeSet<String>) {
        let used = read.iter().filter_map(|name| self.saved.get(name).cloned());
        self.taken.push(StepTaken {
            step: case_step.step.id.clone(),
            party: blame_of(Party::Org),
            asked: Asked::Other,
            is_varied: case_step.part == Part::Varied,
            used: used.collect(),
            answer: None,
            against: Against::Nothing,
            broken: Vec::new(),
        });
    }

    /// Notes what was answered to the step under way.
    pub(super) fn answered(
        &mut self,
        exchange: &Exchange,
        deployment: &Deployment,
        redactor: &Redactor,
    ) {
        let Some(step) = self.taken.last_mut() else {
            return;
        };
        step.party = blame_of(exchange.request.party);
        step.asked = asked(exchange, deployment);
        step.answer = Some(answer(&exchange.response, redactor));
    }

    /// Notes that the server decided against what was expected in the step under way.
    pub(super) fn decided(&mut self, against: Against) {
        if let Some(step) = self.taken.last_mut() {
            step.against = against;
        }
    }

    /// Notes checks of the step under way that do not hold.
    pub(super) fn broke(&mut self, checks: impl IntoIterator<Item = BrokenCheck>) {
        if let Some(step) = self.taken.last_mut() {
            step.broken.extend(checks);
        }
    }

    /// Notes a value that the step under way saved.
    pub(super) fn saved(&mut self, save: &Save) {
        let Some(from) = self.taken.len().checked_sub(1) else {
            return;
        };
        let path = match &save.from {
            SaveSource::Body(path) | SaveSource::Query(path) => path.as_str(),
            SaveSource::Claim { token, .. } | SaveSource::JoseHeader { token, .. } => token,
            SaveSource::Status | SaveSource::Header(_) | SaveSource::Challenge(_) => "",
        };
        let used = Used {
            from,
            path: path.to_owned(),
        };
        self.saved.insert(save.name.clone(), used);
    }

    /// All steps, when the case is over.
    pub(super) fn into_taken(self) -> Vec<StepTaken> {
        self.taken
    }
}

/// What a request asks for.
fn asked(exchange: &Exchange, deployment: &Deployment) -> Asked {
    if exchange.request.party == Party::Control {
        return Asked::Control;
    }
    let Some(class) = Class::of(exchange, deployment) else {
        return Asked::Other;
    };
    match class.endpoint {
        Endpoint::Token => match (class.grant, class.issued) {
            (Some(Grant::Code), _) => Asked::Tokens,
            (Some(Grant::Refresh), _) => Asked::RefreshedTokens,
            (Some(Grant::Redeem), _) => Asked::AccessToken,
            (Some(Grant::ClientCredentials), _) => Asked::MachineToken,
            (Some(Grant::Exchange), Some(Issued::IdJag)) => Asked::IdJag,
            (Some(Grant::Exchange), Some(Issued::Secret)) => Asked::Secret,
            (Some(Grant::Exchange), Some(Issued::ServiceAccount)) => Asked::ServiceAccount,
            (Some(Grant::Exchange), Some(Issued::Brokered)) => Asked::BrokeredToken,
            (Some(Grant::Exchange), Some(Issued::AccessToken)) => Asked::ExchangedToken,
            (Some(Grant::Exchange) | None, _) => Asked::OtherToken,
        },
        Endpoint::Authorize | Endpoint::SignIn => Asked::Code,
        Endpoint::Introspect => Asked::Introspection,
        Endpoint::Revoke => Asked::Revocation,
        Endpoint::UserInfo => Asked::UserInfo,
        Endpoint::Metadata => Asked::Metadata,
        Endpoint::Keys => Asked::Keys,
        Endpoint::ResourceMetadata => Asked::ResourceMetadata,
        Endpoint::Api => Asked::Resource,
    }
}

/// What a server said of itself: in OAuth's members, or in those of Okta's envelope.
pub(super) fn answer(response: &Response, redactor: &Redactor) -> Answer {
    let member = |names: [&str; 2]| {
        let body = response.json.as_ref();
        let of_body = names
            .iter()
            .find_map(|name| body?.get(name)?.as_str().map(str::to_owned));
        let text = of_body.or_else(|| response.redirect_parameter(names[0]))?;
        let text = redactor.stable_text(&text);
        Some(crate::value::shorten(&text, LONGEST_DESCRIPTION))
    };
    Answer {
        status: response.status,
        error: member(["error", "errorCode"]),
        description: member(["error_description", "errorSummary"]),
    }
}
