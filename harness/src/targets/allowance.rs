//! How much of a run's time and memory a target may take. A target that does not answer, or sends without end, is given
//! up with the reason, and not case by case.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{Trouble, TroubleKind};

/// What a target may take in a run.
#[derive(Debug, Clone, Copy)]
pub struct Allowances {
    /// Requests in a row without an answer that can be read.
    pub unanswered: u64,
    /// Such requests in all, if they are more than one in ten.
    pub unanswered_in_all: u64,
    /// An answer that takes no longer costs the run nothing.
    pub patience: Duration,
    /// Time that requests took beyond that, all together.
    pub waiting: Duration,
    /// Bytes of all answers.
    pub received: u64,
}

impl Allowances {
    /// For a run of so many cases at once: as much waiting as if each of them waited half a minute in vain.
    pub fn of(jobs: usize) -> Self {
        let jobs = jobs.max(1) as u64;
        Self {
            unanswered: (2 * jobs).max(6),
            unanswered_in_all: 48,
            patience: Duration::from_secs(5),
            waiting: Duration::from_secs(15 * jobs),
            received: 512 * 1024 * 1024,
        }
    }
}

/// What a target has taken in a run so far.
#[derive(Debug)]
pub struct Allowance {
    most: Allowances,
    unanswered: AtomicU64,
    unanswered_in_all: AtomicU64,
    answered: AtomicU64,
    waited: AtomicU64,
    received: AtomicU64,
    spent: Mutex<Option<String>>,
}

impl Allowance {
    /// Nothing so far.
    pub fn new(most: Allowances) -> Self {
        Self {
            most,
            unanswered: AtomicU64::new(0),
            unanswered_in_all: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            waited: AtomicU64::new(0),
            received: AtomicU64::new(0),
            spent: Mutex::default(),
        }
    }

    /// Why the target is given up, once it is.
    pub fn spent(&self) -> Option<String> {
        let spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.clone()
    }

    /// An answer came.
    pub(super) fn answered(&self, elapsed: Duration) {
        self.unanswered.store(0, Ordering::Relaxed);
        self.answered.fetch_add(1, Ordering::Relaxed);
        self.wait(elapsed, || "its answers take too long".to_owned());
    }

    /// A part of an answer came.
    pub(super) fn received(&self, bytes: usize) {
        let received = self.received.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        let most = self.most.received;
        if received > most {
            let mebibytes = most / (1024 * 1024);
            self.give_up(|| format!("its answers are longer than {mebibytes} MiB in all"));
        }
    }

    /// No answer came, or none that can be read.
    pub(super) fn unanswered(&self, trouble: &Trouble, elapsed: Duration) {
        if matches!(
            trouble.kind,
            TroubleKind::Unsendable | TroubleKind::Elsewhere
        ) {
            return;
        }
        let count = self.unanswered.fetch_add(1, Ordering::Relaxed) + 1;
        if count >= self.most.unanswered {
            self.give_up(|| format!("{count} requests in a row had no answer: {trouble}"));
        }
        let in_all = self.unanswered_in_all.fetch_add(1, Ordering::Relaxed) + 1;
        let asked = in_all + self.answered.load(Ordering::Relaxed);
        if in_all >= self.most.unanswered_in_all && in_all * 10 > asked {
            self.give_up(|| format!("{in_all} of {asked} requests had no answer: {trouble}"));
        }
        self.wait(elapsed, || {
            format!("too much time went by in vain: {trouble}")
        });
    }

    fn wait(&self, elapsed: Duration, why: impl FnOnce() -> String) {
        let beyond = elapsed.saturating_sub(self.most.patience);
        let beyond = u64::try_from(beyond.as_millis()).unwrap_or(u64::MAX);
        let waited = self.waited.fetch_add(beyond, Ordering::Relaxed) + beyond;
        if u128::from(waited) > self.most.waiting.as_millis() {
            self.give_up(why);
        }
    }

    fn give_up(&self, why: impl FnOnce() -> String) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.get_or_insert_with(why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowance() -> Allowance {
        Allowance::new(Allowances {
            unanswered: 3,
            unanswered_in_all: 20,
            patience: Duration::from_secs(5),
            waiting: Duration::from_secs(10),
            received: 2 * 1024 * 1024,
        })
    }

    fn timeout() -> Trouble {
        Trouble {
            kind: TroubleKind::Timeout,
            origin: "http://o".to_owned(),
            detail: None,
        }
    }

    #[test]
    fn a_silent_target_is_given_up_and_one_that_answers_now_and_then_is_not() {
        let allowance = allowance();
        for _ in 0..5 {
            allowance.unanswered(&timeout(), Duration::from_secs(1));
            allowance.unanswered(&timeout(), Duration::from_secs(1));
            allowance.answered(Duration::from_secs(1));
        }
        assert_eq!(allowance.spent(), None);
        for _ in 0..3 {
            allowance.unanswered(&timeout(), Duration::from_secs(1));
        }
        let why =
            "3 requests in a row had no answer: timeout: no whole answer from http://o in time";
        assert_eq!(allowance.spent().as_deref(), Some(why));
    }

    #[test]
    fn a_target_that_leaves_out_many_answers_is_given_up() {
        let allowance = allowance();
        for _ in 0..19 {
            allowance.unanswered(&timeout(), Duration::ZERO);
            allowance.answered(Duration::ZERO);
        }
        assert_eq!(allowance.spent(), None);
        allowance.unanswered(&timeout(), Duration::ZERO);
        let why = "20 of 39 requests had no answer: timeout: no whole answer from http://o in time";
        assert_eq!(allowance.spent().as_deref(), Some(why));
    }

    #[test]
    fn waiting_adds_up_beyond_five_seconds() {
        let allowance = allowance();
        for _ in 0..100 {
            allowance.answered(Duration::from_secs(5));
        }
        assert_eq!(allowance.spent(), None);
        allowance.answered(Duration::from_secs(11));
        assert_eq!(allowance.spent(), None);
        allowance.answered(Duration::from_secs(10));
        let why = "its answers take too long";
        assert_eq!(allowance.spent().as_deref(), Some(why));
    }

    #[test]
    fn a_request_that_could_not_be_sent_says_nothing_about_the_target() {
        let allowance = allowance();
        for _ in 0..9 {
            let trouble = Trouble {
                kind: TroubleKind::Unsendable,
                ..timeout()
            };
            allowance.unanswered(&trouble, Duration::ZERO);
        }
        assert_eq!(allowance.spent(), None);
        allowance.received(2 * 1024 * 1024);
        assert_eq!(allowance.spent(), None);
        allowance.received(1);
        let why = "its answers are longer than 2 MiB in all";
        assert_eq!(allowance.spent().as_deref(), Some(why));
    }
}
