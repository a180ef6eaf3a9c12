//! How long a run may take, as the user writes it.

use std::time::Duration;

use jiff::SignedDuration;

/// Reads `90s`, `15m`, `1h 30m`, or a number of seconds.
pub(in crate::cli) fn read(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().map(Duration::from_secs);
    let written = || {
        let written: SignedDuration = text.parse().ok()?;
        Duration::try_from(written).ok()
    };
    seconds
        .or_else(written)
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "expected a time above zero, such as 90s, 15m or 1h 30m".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_people_do() {
        for (text, seconds) in [("90s", 90), ("90", 90), ("15m", 900), ("1h 30m", 5400)] {
            assert_eq!(read(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "0", "0s", "-5m", "soon", "1 fortnight"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
