//! How long something may take, as the user writes it.

use std::time::Duration;

use jiff::SignedDuration;

/// The longest time that can be asked for: nobody waits longer, and sums of it fit every clock.
const LONGEST: Duration = Duration::from_hours(7 * 24);

/// Reads `90s`, `15m`, `1h 30m`, or a number of seconds. A longer time than seven days is seven days.
pub(in crate::cli) fn read(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().map(Duration::from_secs);
    let written = || {
        let written: SignedDuration = text.parse().ok()?;
        Duration::try_from(written).ok()
    };
    seconds
        .or_else(written)
        .filter(|duration| !duration.is_zero())
        .map(|duration| duration.min(LONGEST))
        .ok_or_else(|| "expected a time above zero, such as 90s, 15m or 1h 30m".to_owned())
}

/// A time as [`read`] reads it.
pub(super) fn written(time: Duration) -> String {
    if time.subsec_millis() == 0 {
        format!("{}s", time.as_secs())
    } else {
        format!("{}ms", time.as_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_people_do() {
        for (text, seconds) in [("90s", 90), ("90", 90), ("15m", 900), ("1h 30m", 5400)] {
            assert_eq!(read(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        let huge = u64::MAX.to_string();
        for text in [huge.as_str(), "999999h"] {
            assert_eq!(read(text), Ok(LONGEST), "{text}");
        }
        for text in ["500ms", "1500ms", "90s"] {
            assert_eq!(written(read(text).unwrap()), text);
        }
        for text in ["", "0", "0s", "-5m", "soon", "1 fortnight"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
