//! What the baseline says of a case: why its deviation is accepted, or why it does not stand as the baseline says.

use maud::{Markup, html};

use crate::presentation::baseline;
use crate::presentation::html::untrusted;
use crate::result::CaseResult;

/// Characters of a reason.
const REASON: usize = 1200;

/// Nothing where the baseline does not name the case.
pub(super) fn line(case: &CaseResult) -> Markup {
    html! {
        @if let Some(known) = &case.known {
            p.try {
                b { "Baseline: " }
                @if let Some(but) = &known.but { (untrusted::prose(but, REASON)) ". Known because: " }
                (untrusted::prose(&baseline::reason(known), REASON)) " "
                code { (untrusted::line(&known.source.to_string(), REASON)) }
            }
        }
    }
}
