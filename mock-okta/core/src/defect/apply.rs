//! Where the bends of an answer are done: after the decision, before anything is signed.

use super::change::{self, ChangeId};
use super::places::sites;
use super::site::Sites;
use super::{Bend, answers, pages, redirects, tokens};
use crate::context::{Context, Outcome};
use crate::endpoints::Door;

/// Bends an outcome as the org's defects say. Returns the places it had, and the bends that are at work in it; those
/// of headers and of refusals are done once the answer is bytes.
pub(crate) fn apply(cx: &Context<'_>, door: Door, outcome: &mut Outcome) -> (Sites, Vec<Bend>) {
    let mut sites = sites(cx, door, outcome).and(cx.gate.sites());
    for line in ChangeId::all() {
        let change = line.change();
        if sites.has(change.site) && change::touches(change, cx, outcome) {
            sites.add_change(line);
        }
    }
    let at_work: Vec<Bend> = cx
        .gate
        .defects()
        .bent()
        .filter(|bend| sites.shows(*bend))
        .collect();
    for bend in &at_work {
        if let Bend::Changed(line) = bend {
            change::change_outcome(line.change(), cx, outcome);
            continue;
        }
        match outcome {
            Outcome::Json { members, .. } => {
                tokens::bend(*bend, cx, members);
                answers::bend(*bend, cx, members);
            }
            Outcome::Redirect { location, .. } => redirects::bend(*bend, location),
            Outcome::Page { html, .. } => pages::bend(*bend, cx.request, html),
            _ => {}
        }
    }
    (sites, at_work)
}
