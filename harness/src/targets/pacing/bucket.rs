//! One limit: how much of it is left, and when the next request may go.
//!
//! The first half of a window's requests go as they come. The second half is spread evenly over the rest of the window, so
//! that no request has to wait for a whole window: codes and assertions that it carries would expire.

use std::time::{Duration, Instant};

use super::rate_limit_headers::Standing;

/// Of a limit so many per cent are left to others who ask the same server.
const LEFT_TO_OTHERS: u64 = 5;

/// What is known of a limit.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    /// Until then nothing is sent: a request was refused.
    until: Option<Instant>,
    window: Option<Window>,
    /// When a request was sent last.
    last: Option<Instant>,
    /// Requests under way.
    in_flight: u64,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    /// The server's name for it.
    reset: i64,
    ends: Instant,
    limit: u64,
    remaining: u64,
    /// What others may use of what is left.
    reserve: u64,
}

impl Bucket {
    /// Begins a minute of a limit of one's own, if the one before is over.
    pub(super) fn renew(&mut self, most: u32, now: Instant) {
        if self.window.is_none_or(|window| window.ends <= now) {
            self.window = Some(Window {
                reset: 0,
                ends: now + Duration::from_mins(1),
                limit: most.into(),
                remaining: most.into(),
                reserve: 0,
            });
        }
    }

    /// Counts a request that is sent now, or says until when it has to wait.
    pub(super) fn admit(&mut self, now: Instant) -> Result<(), Instant> {
        if let Some(until) = self.until.filter(|until| *until > now) {
            return Err(until);
        }
        self.until = None;
        self.window = self.window.filter(|window| window.ends > now);
        if let Some(window) = &mut self.window {
            let usable = window.remaining.saturating_sub(window.reserve);
            if usable == 0 {
                return Err(window.ends);
            }
            if window.remaining <= window.limit / 2
                && let Some(last) = self.last
            {
                let share = u32::try_from(usable + 1).unwrap_or(u32::MAX);
                let next = last + window.ends.saturating_duration_since(last) / share;
                if next > now {
                    return Err(next);
                }
            }
            window.remaining -= 1;
        }
        self.last = Some(now);
        self.in_flight += 1;
        Ok(())
    }

    /// Until when few requests are sent, or none.
    pub(super) fn slow_until(&self) -> Option<Instant> {
        let ends = self.window.map(|window| window.ends);
        self.until.max(ends)
    }

    /// The request is over.
    pub(super) fn over(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Takes in what an answer said, after [`Self::over`].
    pub(super) fn learn(&mut self, said: Standing, now: Instant) {
        let known = self.window.filter(|window| window.ends > now);
        let remaining = match known {
            // An answer that was overtaken.
            Some(window) if said.reset < window.reset => return,
            Some(window) if said.reset == window.reset => window.remaining.min(said.remaining),
            // Those under way may not have been counted.
            _ => said.remaining.saturating_sub(self.in_flight),
        };
        let limit = said.limit.unwrap_or(said.remaining);
        self.window = Some(Window {
            reset: said.reset,
            ends: now + said.wait,
            limit,
            remaining,
            reserve: limit.saturating_mul(LEFT_TO_OTHERS) / 100,
        });
    }

    /// A request was refused: nothing more for so long.
    pub(super) fn refuse(&mut self, wait: Duration, now: Instant) {
        let until = now + wait;
        self.until = Some(self.until.map_or(until, |known| known.max(until)));
        self.window = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn said(remaining: u64, reset: i64, wait: u64) -> Standing {
        Standing {
            limit: Some(60),
            remaining,
            reset,
            wait: Duration::from_secs(wait),
        }
    }

    /// Sends as fast as it may; the instants, in seconds from the start.
    fn sent(bucket: &mut Bucket, start: Instant, count: usize, per_request: Duration) -> Vec<f64> {
        let mut now = start;
        let mut sent = Vec::new();
        while sent.len() < count {
            match bucket.admit(now) {
                Ok(()) => {
                    sent.push(now.duration_since(start).as_secs_f64());
                    bucket.over();
                    now += per_request;
                }
                Err(until) => {
                    assert!(until > now);
                    now = until;
                }
            }
        }
        sent
    }

    #[test]
    fn what_nothing_is_known_of_is_sent_at_once() {
        let start = Instant::now();
        let sent = sent(&mut Bucket::default(), start, 1000, Duration::ZERO);
        assert!(sent.iter().all(|at| *at == 0.0));
    }

    #[test]
    fn half_a_window_goes_at_once_and_the_rest_is_spread_over_it() {
        let start = Instant::now();
        let mut bucket = Bucket::default();
        bucket.learn(said(60, 100, 60), start);
        let sent = sent(&mut bucket, start, 57, Duration::ZERO);
        assert!(sent[29] == 0.0 && sent[30] >= 1.0, "{sent:?}");
        let longest = sent.windows(2).map(|pair| pair[1] - pair[0]);
        let longest = longest.fold(0.0, f64::max);
        assert!(longest < 5.0, "{longest} {sent:?}");
        assert!(sent[56] < 60.0, "{sent:?}");
        // What is left to others is not used.
        let now = start + Duration::from_secs_f64(sent[56]);
        assert_eq!(bucket.admit(now), Err(start + 60 * SECOND));
        assert_eq!(bucket.admit(start + 60 * SECOND), Ok(()));
    }

    #[test]
    fn no_minute_has_more_requests_than_ones_own_limit() {
        let start = Instant::now();
        let mut at = Vec::new();
        let mut now = start;
        let mut bucket = Bucket::default();
        while at.len() < 300 {
            bucket.renew(60, now);
            match bucket.admit(now) {
                Ok(()) => at.push(now),
                Err(until) => now = until,
            }
        }
        for (index, sent) in at.iter().enumerate() {
            let within = at[..index].iter();
            let within = within.filter(|earlier| *sent - **earlier < 60 * SECOND);
            assert!(within.count() < 62, "request {index}");
        }
        assert!(*at.last().unwrap() - start > 230 * SECOND);
    }

    #[test]
    fn an_answer_that_was_overtaken_changes_nothing_and_requests_under_way_count() {
        let start = Instant::now();
        let mut bucket = Bucket::default();
        for _ in 0..3 {
            bucket.admit(start).unwrap();
        }
        bucket.over();
        bucket.learn(said(5, 100, 10), start);
        // Five, less the two under way.
        assert_eq!(bucket.window.unwrap().remaining, 3);
        bucket.learn(said(59, 40, 10), start);
        assert_eq!(bucket.window.unwrap().remaining, 3);
        bucket.over();
        bucket.learn(said(4, 100, 10), start);
        assert_eq!(bucket.window.unwrap().remaining, 3);
        bucket.learn(said(0, 100, 10), start);
        assert_eq!(bucket.admit(start), Err(start + 10 * SECOND));
    }

    #[test]
    fn a_refusal_holds_all_back_for_as_long_as_it_says() {
        let start = Instant::now();
        let mut bucket = Bucket::default();
        bucket.admit(start).unwrap();
        bucket.over();
        bucket.refuse(2 * SECOND, start);
        bucket.refuse(SECOND, start);
        assert_eq!(bucket.admit(start + SECOND), Err(start + 2 * SECOND));
        assert_eq!(bucket.admit(start + 2 * SECOND), Ok(()));
    }
}
