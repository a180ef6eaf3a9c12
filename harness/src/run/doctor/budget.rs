//! Rate limits, as the answers named them.

use jiff::Timestamp;

use super::Asking;
use super::asking::RateLimit;
use crate::doctor::{Board, Check, Checked};

/// A run that finds less than this share of a limit left is refused soon.
const LEAST_SHARE: u64 = 10;

pub(super) fn check(asking: &Asking<'_>, board: &mut Board) {
    let limits = asking.limits();
    if limits.is_empty() {
        board.note(Checked::unknown(
            Check::RateLimit,
            "no answer named a rate limit",
            "see Reports > Rate Limits in the Admin Console; a mock names them with `mock-okta serve --as-real`",
        ));
        return;
    }
    let short = limits.iter().find(|(_, limit)| is_short(**limit));
    let said: Vec<String> = limits
        .iter()
        .map(|(what, limit)| format!("{what} {}", words(*limit)))
        .collect();
    let said = said.join(", ");
    board.note(match short {
        Some((what, limit)) => {
            let until = limit.reset.and_then(|at| Timestamp::from_second(at).ok());
            let until = until.map(|at| format!(" until {at}")).unwrap_or_default();
            let cure = format!(
                "wait{until}, see who else asks the org, or write a lower `max_requests_per_minute`"
            );
            Checked::problem(
                Check::RateLimit,
                format!("hardly anything is left of the limit of {what}: {said}"),
                cure,
            )
            .setting("max_requests_per_minute")
            .at(Some("Reports > Rate Limits"))
        }
        None => Checked::ok(
            Check::RateLimit,
            format!("left in the current minute: {said}"),
        ),
    });
}

fn is_short(limit: RateLimit) -> bool {
    let is_low = match (limit.remaining, limit.limit) {
        (Some(remaining), Some(most)) => remaining.saturating_mul(LEAST_SHARE) < most,
        _ => false,
    };
    limit.is_exceeded || is_low
}

fn words(limit: RateLimit) -> String {
    match (limit.remaining, limit.limit) {
        (Some(remaining), Some(most)) => format!("{remaining} of {most}"),
        (_, Some(most)) => format!("? of {most}"),
        _ => "refused with 429".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_short_when_a_tenth_is_left_or_an_answer_was_429() {
        let limit = |remaining, is_exceeded| RateLimit {
            limit: Some(600),
            remaining: Some(remaining),
            reset: None,
            is_exceeded,
        };
        assert!(is_short(limit(59, false)) && is_short(limit(300, true)));
        assert!(!is_short(limit(60, false)));
        assert_eq!(words(limit(7, false)), "7 of 600");
    }
}
