//! That requests are held back: while they are, and how long in all.

use std::time::Duration;

use jiff::Timestamp;

use crate::presentation::text::count;
use crate::result::RunResult;

/// A wait begins.
#[must_use]
pub fn begins(address: Option<&str>, time: Duration, until: Timestamp) -> String {
    let why = match address {
        Some(address) => format!("{address} takes few or no requests until then"),
        None => "`max_requests_per_minute` allows few or none until then".to_owned(),
    };
    format!(
        "waiting {} s, until {}: {why}",
        time.as_secs_f64().ceil(),
        clock(until)
    )
}

/// The time of day.
pub(super) fn clock(instant: Timestamp) -> String {
    instant.strftime("%H:%M:%S UTC").to_string()
}

/// How long a run waited, in a line; `None` where it did not.
pub(super) fn in_all(run: &RunResult) -> Option<String> {
    let paced = run.varying.paced?;
    let seconds = paced.milliseconds / 1000.0;
    let time = if seconds < 120.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{:.0} min", seconds / 60.0)
    };
    let parts = [
        (paced.refused, "refused with 429"),
        (paced.repeated, "sent again"),
    ];
    let parts = parts.into_iter().filter(|(requests, _)| *requests > 0);
    let parts = parts.map(|(requests, what)| format!(", {} {what}", count_of(requests)));
    let parts: String = parts.collect();
    Some(format!("waited {time} for limits on requests{parts}"))
}

fn count_of(requests: u64) -> String {
    count(usize::try_from(requests).unwrap_or(usize::MAX), "request")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::{Paced, sample};

    #[test]
    fn a_wait_says_until_when_and_why() {
        let until = Timestamp::from_second(1_796_040_000).unwrap();
        let time = Duration::from_millis(42_300);
        assert_eq!(
            begins(Some("https://o.example/oauth2/v1/token"), time, until),
            "waiting 43 s, until 12:00:00 UTC: https://o.example/oauth2/v1/token takes few or no requests until then"
        );
        assert_eq!(
            begins(None, time, until),
            "waiting 43 s, until 12:00:00 UTC: `max_requests_per_minute` allows few or none until then"
        );
    }

    #[test]
    fn the_end_says_how_long_it_was() {
        let mut run = sample::all_well();
        assert_eq!(in_all(&run), None);
        run.varying.paced = Some(Paced {
            milliseconds: 61_500.0,
            refused: 2,
            repeated: 1,
        });
        assert_eq!(
            in_all(&run).unwrap(),
            "waited 61.5 s for limits on requests, 2 requests refused with 429, 1 request sent again"
        );
        run.varying.paced = Some(Paced {
            milliseconds: 4_980_000.0,
            ..Paced::default()
        });
        assert_eq!(
            in_all(&run).unwrap(),
            "waited 83 min for limits on requests"
        );
    }
}
