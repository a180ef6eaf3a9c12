//! Where the bends of an answer are done: after the decision, before anything is signed.

use super::site::{Sites, sites};
use super::{Bend, answers, redirects, tokens};
use crate::context::{Context, Outcome};
use crate::endpoints::Door;

/// Bends an outcome as the org's defects say. Returns the places it had, and the bends that are at work in it; those
/// of headers and of refusals are done once the answer is bytes.
pub(crate) fn apply(cx: &Context<'_>, door: Door, outcome: &mut Outcome) -> (Sites, Vec<Bend>) {
    let sites = sites(cx, door, outcome).and(cx.gate.sites());
    let at_work: Vec<Bend> = cx
        .gate
        .defects()
        .bent()
        .filter(|bend| sites.has(bend.site()))
        .collect();
    for bend in &at_work {
        match outcome {
            Outcome::Json { members, .. } => {
                tokens::bend(*bend, cx, members);
                answers::bend(*bend, cx, members);
            }
            Outcome::Redirect { location, .. } => redirects::bend(*bend, location),
            _ => {}
        }
    }
    (sites, at_work)
}
