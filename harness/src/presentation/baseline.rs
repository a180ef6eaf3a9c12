//! What a baseline says of a case, in words that every format shares.

use std::borrow::Cow;

use crate::result::{CaseResult, KnownDeviation, RunResult, Standing};

/// Cases that stand so, with what the baseline says of each.
pub(crate) fn known(
    run: &RunResult,
    standing: Standing,
) -> impl Iterator<Item = (&CaseResult, &KnownDeviation)> {
    run.results
        .iter()
        .filter(move |case| case.standing == standing)
        .filter_map(|case| Some((case, case.known.as_ref()?)))
}

/// Why it is accepted, and until when.
pub(crate) fn reason(known: &KnownDeviation) -> Cow<'_, str> {
    match &known.until {
        Some(until) => Cow::Owned(format!("{} (accepted until {until})", known.reason)),
        None => Cow::Borrowed(&known.reason),
    }
}

/// Why a case that the baseline names does not stand as it says, and where it says so.
pub(crate) fn objection(known: &KnownDeviation) -> Option<String> {
    let but = known.but.as_ref()?;
    Some(format!("{but} ({})", known.source))
}

/// What to do about a deviation that is gone.
pub(crate) fn stale(known: &KnownDeviation) -> String {
    format!(
        "it is in the baseline and no longer deviates: remove the entry at {}",
        known.source
    )
}

/// The same of a case, also where nothing more is known than how it stands.
pub(crate) fn accepted(case: &CaseResult) -> Cow<'_, str> {
    match &case.known {
        Some(known) => reason(known),
        None => Cow::Borrowed("a known deviation of this target"),
    }
}

/// Likewise of a deviation that is gone.
pub(crate) fn gone(case: &CaseResult) -> String {
    case.known.as_ref().map_or_else(
        || "it is in the baseline and no longer deviates: remove its entry".to_owned(),
        stale,
    )
}
