//! The rate limit headers of an answer: the limit that its request counts against.

use std::time::Duration;

use jiff::fmt::rfc2822;

use crate::exchange::Response;

/// Added to what a server says: its seconds are whole ones.
const ROUNDING: Duration = Duration::from_secs(1);

/// How far a limit is used up: `X-Rate-Limit-Limit`, `-Remaining` and `-Reset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    /// Requests in a window.
    pub(super) limit: Option<u64>,
    /// Those that are left.
    pub(super) remaining: u64,
    /// When counting begins anew, in epoch seconds of the server; it names the window.
    pub(super) reset: i64,
    /// From the answer until then.
    pub(super) wait: Duration,
}

/// What an answer says of its limit. Without `Date` the server's clock is taken to show `now`, in epoch seconds.
///
/// The reset is compared with the answer's own `Date`, so that a clock that is off here does no harm (okta.md (f)).
pub(super) fn standing(response: &Response, now: i64) -> Option<Standing> {
    let number = |name: &str| response.header(name)?.trim().parse::<i64>().ok();
    let (reset, wait) = reset(response, now)?;
    let remaining = number("x-rate-limit-remaining")?;
    let limit = number("x-rate-limit-limit").and_then(|limit| u64::try_from(limit).ok());
    Some(Standing {
        limit,
        remaining: u64::try_from(remaining).unwrap_or_default(),
        reset,
        wait,
    })
}

/// How long a request that was refused has to wait: `Retry-After`, or else until the limit counts anew.
pub(super) fn wait_after_refusal(response: &Response, now: i64) -> Option<Duration> {
    retry_after(response, now).or_else(|| Some(reset(response, now)?.1))
}

/// When the limit counts anew, and from the answer until then.
fn reset(response: &Response, now: i64) -> Option<(i64, Duration)> {
    let reset: i64 = response.header("x-rate-limit-reset")?.trim().parse().ok()?;
    let seconds = reset.saturating_sub(date(response).unwrap_or(now)).max(0);
    let wait = Duration::from_secs(seconds.unsigned_abs()).saturating_add(ROUNDING);
    Some((reset, wait))
}

/// `Retry-After`, as seconds or as a date (RFC 9110 section 10.2.3).
pub(super) fn retry_after(response: &Response, now: i64) -> Option<Duration> {
    let field = response.header("retry-after")?;
    let field = field.trim();
    if let Ok(seconds) = field.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let then = rfc2822::parse(field).ok()?.timestamp().as_second();
    let seconds = then.saturating_sub(date(response).unwrap_or(now)).max(0);
    Some(Duration::from_secs(seconds.unsigned_abs()).saturating_add(ROUNDING))
}

/// The server's clock, in epoch seconds (RFC 9110 section 6.6.1).
fn date(response: &Response) -> Option<i64> {
    let date = response.header("date")?;
    Some(rfc2822::parse(&date).ok()?.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: (&str, &str) = ("date", "Mon, 30 Nov 2026 12:00:00 GMT");
    /// The same in epoch seconds.
    const NOON: i64 = 1_796_040_000;

    fn response(fields: &[(&str, &str)]) -> Response {
        let fields = fields.iter();
        let fields = fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Response::new(200, fields.collect(), b"{}")
    }

    #[test]
    fn the_reset_is_compared_with_the_date_of_the_answer() {
        let reset = (NOON + 42).to_string();
        let fields = [
            ("x-rate-limit-limit", "60"),
            ("x-rate-limit-remaining", "7"),
            ("x-rate-limit-reset", reset.as_str()),
        ];
        let dated: Vec<_> = fields.into_iter().chain([DATE]).collect();
        let expected = Standing {
            limit: Some(60),
            remaining: 7,
            reset: NOON + 42,
            wait: Duration::from_secs(43),
        };
        // A clock here that is an hour off does no harm.
        assert_eq!(standing(&response(&dated), NOON + 3600), Some(expected));
        assert_eq!(standing(&response(&fields), NOON), Some(expected));
        let over = standing(&response(&fields), NOON + 100).unwrap();
        assert_eq!(over.wait, ROUNDING);
    }

    #[test]
    fn what_is_not_said_or_not_a_number_is_no_standing() {
        assert_eq!(standing(&response(&[DATE]), NOON), None);
        let words = [
            ("x-rate-limit-remaining", "few"),
            ("x-rate-limit-reset", "soon"),
        ];
        assert_eq!(standing(&response(&words), NOON), None);
    }

    #[test]
    fn a_refusal_may_say_no_more_than_when_to_come_back() {
        let reset = (NOON + 9).to_string();
        let fields = [("x-rate-limit-reset", reset.as_str()), DATE];
        let wait = |fields: &[(&str, &str)]| wait_after_refusal(&response(fields), 0);
        assert_eq!(wait(&fields), Some(Duration::from_secs(10)));
        let both = [fields[0], ("retry-after", "3"), DATE];
        assert_eq!(wait(&both), Some(Duration::from_secs(3)));
        assert_eq!(wait(&[DATE]), None);
    }

    #[test]
    fn retry_after_has_two_forms() {
        let of = |value: &str| retry_after(&response(&[("retry-after", value), DATE]), 0);
        assert_eq!(of("30"), Some(Duration::from_secs(30)));
        assert_eq!(of(" 0 "), Some(Duration::ZERO));
        let date = "Mon, 30 Nov 2026 12:00:10 GMT";
        assert_eq!(of(date), Some(Duration::from_secs(11)));
        assert_eq!(of("Mon, 30 Nov 2026 11:00:00 GMT"), Some(ROUNDING));
        for wrong in ["", "soon", "-1", "1.5"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
