//! How long requests were held back: of a run, and of one case.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Time during which at least one request was held back, and for how long the last one was.
#[derive(Debug, Default)]
struct Clock {
    waiting: u32,
    since: Option<Instant>,
    total: Duration,
    last_request: Duration,
}

/// The time that requests were held back, by the limits of the target or of the run. It is nobody's slowness, so no limit of
/// time counts it. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Held(Arc<Mutex<Clock>>);

/// A request that is held back until this is dropped.
#[derive(Debug)]
pub(super) struct Holding(Held);

/// A request from before its first attempt to its last answer.
#[derive(Debug)]
pub(in crate::targets) struct Followed {
    held: Option<Held>,
    before: Duration,
}

tokio::task_local! {
    /// That of the case that a task runs.
    static OF_CASE: Held;
}

impl Held {
    /// Time during which at least one request was held back, until now.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.total_at(Instant::now())
    }

    /// How long the request was held back that ended last, before all its attempts together.
    #[must_use]
    pub fn last_request(&self) -> Duration {
        self.with(|clock| clock.last_request)
    }

    /// Runs a future; what its requests are held back is counted here.
    pub async fn during<F: Future>(&self, future: F) -> F::Output {
        OF_CASE.scope(self.clone(), future).await
    }

    /// That of the case that this task runs, if it runs one.
    pub(super) fn of_case() -> Option<Self> {
        OF_CASE.try_with(Clone::clone).ok()
    }

    /// Follows a request of the case that this task runs, until this is dropped.
    pub(in crate::targets) fn follow_request() -> Followed {
        let held = Self::of_case();
        let before = held.as_ref().map(Self::total);
        Followed {
            held,
            before: before.unwrap_or_default(),
        }
    }

    pub(super) fn begin(&self, now: Instant) -> Holding {
        self.with(|clock| {
            clock.waiting += 1;
            clock.since.get_or_insert(now);
        });
        Holding(self.clone())
    }

    fn total_at(&self, now: Instant) -> Duration {
        self.with(|clock| {
            let under_way = clock
                .since
                .map(|since| now.saturating_duration_since(since));
            clock.total + under_way.unwrap_or_default()
        })
    }

    fn end(&self, now: Instant) {
        self.with(|clock| {
            clock.waiting = clock.waiting.saturating_sub(1);
            if clock.waiting == 0
                && let Some(since) = clock.since.take()
            {
                clock.total += now.saturating_duration_since(since);
            }
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut Clock) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.0.end(Instant::now());
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        if let Some(held) = &self.held {
            let total = held.total();
            held.with(|clock| clock.last_request = total.saturating_sub(self.before));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_in_which_several_wait_counts_once() {
        let second = Duration::from_secs(1);
        let start = Instant::now();
        let held = Held::default();
        let wait = |from: u32| std::mem::forget(held.begin(start + from * second));
        wait(0);
        wait(1);
        assert_eq!(held.total_at(start + 2 * second), 2 * second);
        held.end(start + 3 * second);
        held.end(start + 4 * second);
        assert_eq!(held.total_at(start + 9 * second), 4 * second);
        wait(10);
        held.end(start + 11 * second);
        assert_eq!(held.total_at(start + 20 * second), 5 * second);
    }

    #[tokio::test]
    async fn the_waits_before_all_attempts_of_a_request_count_together() {
        let held = Held::default();
        let attempts = async {
            let _request = Held::follow_request();
            for _ in 0..3 {
                let held = Held::of_case().unwrap();
                let _wait = held.begin(Instant::now());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        held.during(attempts).await;
        assert!(held.last_request() >= Duration::from_millis(60));
        held.during(async { drop(Held::follow_request()) }).await;
        assert_eq!(held.last_request(), Duration::ZERO);
    }
}
