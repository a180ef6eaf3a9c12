//! How long requests were held back: of a run, and of one case.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Time during which at least one request was held back, and the longest that one was.
#[derive(Debug, Default)]
struct Ledger {
    waiting: u32,
    since: Option<Instant>,
    total: Duration,
    longest: Duration,
}

/// The time that requests were held back, by the limits of the target or of the run. It is nobody's slowness, so no limit of
/// time counts it. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Held(Arc<Mutex<Ledger>>);

/// A request that is held back until this is dropped.
#[derive(Debug)]
pub(super) struct Holding {
    held: Held,
    began: Instant,
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

    /// The longest that a request was held back.
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.with(|ledger| ledger.longest)
    }

    /// Runs a future; what its requests are held back is counted here.
    pub async fn during<F: Future>(&self, future: F) -> F::Output {
        OF_CASE.scope(self.clone(), future).await
    }

    /// That of the case that this task runs, if it runs one.
    pub(super) fn of_case() -> Option<Self> {
        OF_CASE.try_with(Clone::clone).ok()
    }

    pub(super) fn begin(&self, now: Instant) -> Holding {
        self.with(|ledger| {
            ledger.waiting += 1;
            ledger.since.get_or_insert(now);
        });
        Holding {
            held: self.clone(),
            began: now,
        }
    }

    fn total_at(&self, now: Instant) -> Duration {
        self.with(|ledger| {
            let under_way = ledger
                .since
                .map(|since| now.saturating_duration_since(since));
            ledger.total + under_way.unwrap_or_default()
        })
    }

    fn end(&self, began: Instant, now: Instant) {
        self.with(|ledger| {
            ledger.longest = ledger.longest.max(now.saturating_duration_since(began));
            ledger.waiting = ledger.waiting.saturating_sub(1);
            if ledger.waiting == 0
                && let Some(since) = ledger.since.take()
            {
                ledger.total += now.saturating_duration_since(since);
            }
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut Ledger) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.held.end(self.began, Instant::now());
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
        held.end(start, start + 3 * second);
        held.end(start + second, start + 4 * second);
        assert_eq!(held.total_at(start + 9 * second), 4 * second);
        wait(10);
        held.end(start + 10 * second, start + 11 * second);
        assert_eq!(held.total_at(start + 20 * second), 5 * second);
        assert_eq!(held.longest(), 3 * second);
    }
}
