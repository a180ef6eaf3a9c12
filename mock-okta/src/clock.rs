//! The org's clock: real time and an offset that test control changes.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use mock_okta_core::control::{ClockCall, ControlError};
use serde_json::{Value, json};

/// What time it is in the org. It runs on by itself; test control only moves it.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset: Mutex<SignedDuration>,
}

impl Clock {
    /// The org's now.
    pub(crate) fn now(&self) -> Timestamp {
        let offset = *self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        // The offset was checked when it was set; only years later could real time run out of range.
        Timestamp::now()
            .checked_add(offset)
            .unwrap_or(Timestamp::MAX)
    }

    /// Carries out a call of test control and returns the time after it.
    pub(crate) fn control(&self, call: ClockCall) -> Result<Value, ControlError> {
        match call {
            ClockCall::Read => {}
            ClockCall::Set(now) => self.change(|_| Some(now.duration_since(Timestamp::now())))?,
            ClockCall::Advance(seconds) => {
                let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
                self.change(|offset| offset.checked_add(SignedDuration::from_secs(seconds)))?;
            }
            ClockCall::Resume => self.resume(),
        }
        let now = self.now();
        let offset = *self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(json!({
            "now": Timestamp::from_second(now.as_second()).unwrap_or(now).to_string(),
            "epoch_seconds": now.as_second(),
            "offset_seconds": offset.as_secs(),
        }))
    }

    /// Back to real time.
    pub(crate) fn resume(&self) {
        *self.offset.lock().unwrap_or_else(PoisonError::into_inner) = SignedDuration::ZERO;
    }

    fn change(
        &self,
        next: impl FnOnce(SignedDuration) -> Option<SignedDuration>,
    ) -> Result<(), ControlError> {
        let mut offset = self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        let next =
            next(*offset).filter(|next| Timestamp::now().checked_add(*next).is_ok_and(is_sane));
        let Some(next) = next else {
            return Err(ControlError::bad_request(
                "the clock cannot show that time",
                "a time between 1970 and 9000",
            ));
        };
        *offset = next;
        Ok(())
    }
}

/// Room for the lifetimes that are added to it.
fn is_sane(now: Timestamp) -> bool {
    const YEAR_9000: i64 = 221_845_392_000;
    (0..YEAR_9000).contains(&now.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_on_from_where_it_was_put() {
        let clock = Clock::default();
        let minute = Timestamp::from_second(60).expect("an instant");
        clock.control(ClockCall::Set(minute)).expect("set");
        let before = clock.control(ClockCall::Read).expect("read");
        let after = clock.control(ClockCall::Advance(3600)).expect("advanced");
        let offset = |answer: &Value| answer["offset_seconds"].as_i64().expect("a number");
        assert_eq!(offset(&after) - offset(&before), 3600);
        assert!((3660..3670).contains(&clock.now().as_second()));
        let answer = clock.control(ClockCall::Resume).expect("resumed");
        assert_eq!(answer["offset_seconds"], 0);
        assert!((clock.now().as_second() - Timestamp::now().as_second()).abs() <= 1);
    }

    #[test]
    fn a_time_out_of_range_is_refused_and_changes_nothing() {
        let clock = Clock::default();
        assert!(clock.control(ClockCall::Set(Timestamp::MAX)).is_err());
        assert!(clock.control(ClockCall::Set(Timestamp::MIN)).is_err());
        for _ in 0..200 {
            let _ = clock.control(ClockCall::Advance(3_162_240_000));
        }
        assert!(is_sane(clock.now()));
    }
}
