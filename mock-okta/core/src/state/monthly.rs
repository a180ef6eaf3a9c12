//! How many ID-JAGs each user got for each resource in a month of the calendar (UTC).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::org::{CustomServerId, UserId};

/// Counts of one month. There are as many as users and resources.
#[derive(Debug, Clone, Default)]
pub struct MonthlyCounts {
    month: (i16, i8),
    counts: BTreeMap<(UserId, CustomServerId), u64>,
}

impl MonthlyCounts {
    /// Counts one more for a user and a resource at an instant; `false` when there were `most` before.
    pub fn count(&mut self, user: &UserId, resource: &CustomServerId, most: u64, now: i64) -> bool {
        let month = month_of(now);
        if month != self.month {
            self.month = month;
            self.counts.clear();
        }
        let count = self.counts.entry((user.clone(), resource.clone()));
        let count = count.or_default();
        let within = *count < most;
        *count += u64::from(within);
        within
    }
}

fn month_of(now: i64) -> (i16, i8) {
    let instant = Timestamp::from_second(now).unwrap_or_default();
    let date = TimeZone::UTC.to_datetime(instant);
    (date.year(), date.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_counted_for_each_resource_and_anew_each_month() {
        let second = |text: &str| {
            let instant: Timestamp = text.parse().expect("an instant");
            instant.as_second()
        };
        let (ada, grace) = (UserId::new("00uada"), UserId::new("00ugrace"));
        let (chat, mail) = (
            CustomServerId::new("auschat"),
            CustomServerId::new("ausmail"),
        );
        let mut counts = MonthlyCounts::default();
        let last = second("2026-11-30T23:59:59Z");
        assert!(counts.count(&ada, &chat, 1, last));
        assert!(!counts.count(&ada, &chat, 1, last));
        assert!(counts.count(&ada, &mail, 1, last));
        assert!(counts.count(&grace, &chat, 1, last));
        assert!(counts.count(&ada, &chat, 1, last + 1));
        assert!(!counts.count(&ada, &chat, 1, last + 1));
    }
}
