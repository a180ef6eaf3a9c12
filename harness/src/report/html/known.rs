//! What the baseline says of a case: why its deviation is accepted, or why it does not stand as the baseline says.

use maud::{Markup, html};

use super::foreign;
use crate::report::known;
use crate::result::CaseResult;

/// Characters of a reason.
const REASON: usize = 1200;

/// Nothing where the baseline does not name the case.
pub(super) fn line(case: &CaseResult) -> Markup {
    html! {
        @if let Some(known) = &case.known {
            p.try {
                b { "Baseline: " }
                @if let Some(but) = &known.but { (foreign::prose(but, REASON)) ". Known because: " }
                (foreign::prose(&known::reason(known), REASON)) " "
                code { (foreign::line(&known.source.to_string(), REASON)) }
            }
        }
    }
}
