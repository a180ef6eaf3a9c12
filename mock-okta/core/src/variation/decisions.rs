//! Decisions that are a switch of the org already: a variation sets it.

use super::work::Work;
use super::{Variation, Variations};
use crate::behaviour::Behaviours;

/// The switches as variations set them; `None` when they stay as they are.
pub(crate) fn behaviours(on: Variations, own: &Behaviours) -> Option<Behaviours> {
    if on.is_empty() {
        return None;
    }
    let mut varied = own.clone();
    for work in on.iter().flat_map(Variation::work) {
        if let Work::Switch(set) = work {
            set(&mut varied);
        }
    }
    (varied != *own).then_some(varied)
}
