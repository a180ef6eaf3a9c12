//! Durations as people write them: a whole number and one unit, such as `300s` or `-1h`.

/// The seconds of a duration: a whole number, with a sign or without, and one of `units` behind it, each with its seconds.
///
/// ```
/// let units = [('s', 1), ('m', 60)];
/// assert_eq!(strict_yaml::seconds("5m", &units), Some(300));
/// assert_eq!(strict_yaml::seconds("5h", &units), None);
/// ```
pub fn seconds(text: &str, units: &[(char, i64)]) -> Option<i64> {
    let (number, seconds) = units
        .iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(*unit)?, seconds)))?;
    number.parse::<i64>().ok()?.checked_mul(*seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: [(char, i64); 4] = [('s', 1), ('m', 60), ('h', 3600), ('d', 86400)];

    #[test]
    fn units_multiply() {
        for (text, expected) in [("300s", 300), ("-1h", -3600), ("2d", 172_800), ("+1m", 60)] {
            assert_eq!(seconds(text, &UNITS), Some(expected), "{text}");
        }
    }

    #[test]
    fn anything_else_is_not_a_duration() {
        for text in [
            "",
            "s",
            "5",
            "5x",
            "1.5h",
            "5 s",
            "9223372036854775807h",
            "5ä",
        ] {
            assert_eq!(seconds(text, &UNITS), None, "{text}");
        }
    }
}
