//! Makes the changes of an answer that the org's defects ask for: after the decision, before anything is signed.

#![deny(clippy::wildcard_enum_match_arm)]

use super::change::{self, ChangeId};
use super::places::sites;
use super::site::Sites;
use super::work::Work;
use super::{Bend, answers, pages, redirects, tokens};
use crate::context::{Context, Members, Outcome};
use crate::endpoints::Endpoint;

/// Changes an outcome as the org's defects say. Returns the places that it had, and the changes that make a difference to
/// it; those of the finished response are made once the answer is bytes.
pub(crate) fn apply(
    cx: &Context<'_>,
    endpoint: Endpoint,
    outcome: &mut Outcome,
) -> (Sites, Vec<Bend>) {
    let mut sites = sites(cx, endpoint, outcome).and(cx.gate.sites());
    for line in ChangeId::all() {
        let change = line.change();
        if sites.has(change.site) && change::touches(change, cx, outcome) {
            sites.add_change(line);
        }
    }
    let effective: Vec<Bend> = cx
        .gate
        .defects()
        .bent()
        .filter(|bend| sites.shows(*bend))
        .collect();
    for bend in &effective {
        apply_one(*bend, cx, outcome);
    }
    (sites, effective)
}

fn apply_one(bend: Bend, cx: &Context<'_>, outcome: &mut Outcome) {
    match bend.work() {
        Work::Table(change) => change::change_outcome(change, cx, outcome),
        Work::Token(token) => {
            if let Some(members) = members(outcome) {
                tokens::apply(token, bend.site(), cx, members);
            }
        }
        Work::Answer(answer) => {
            if let Some(members) = members(outcome) {
                answers::apply(answer, cx, members);
            }
        }
        Work::TokenAndAnswer(token, answer) => {
            if let Some(members) = members(outcome) {
                tokens::apply(token, bend.site(), cx, members);
                answers::apply(answer, cx, members);
            }
        }
        Work::Redirect(redirect) => {
            if let Outcome::Redirect { location, .. } = outcome {
                redirects::apply(redirect, location);
            }
        }
        Work::Page(page) => {
            if let Outcome::Page { html, .. } = outcome {
                pages::apply(page, cx.request, html);
            }
        }
        Work::Response(_) | Work::Decision => {}
    }
}

/// The members of a JSON answer.
fn members(outcome: &mut Outcome) -> Option<&mut Members> {
    if let Outcome::Json { members, .. } = outcome {
        Some(members)
    } else {
        None
    }
}
