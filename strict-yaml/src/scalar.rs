//! What a plain scalar means (YAML 1.2 core schema, section 10.3.2).

use crate::Value;

/// Resolves text that stands without quotes.
pub(crate) fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    if let Some(int) = int(text) {
        return Value::Int(int);
    }
    float(text).map_or_else(|| Value::String(text.to_owned()), Value::Float)
}

/// Whether the text would be something else than a string if it stood without quotes.
pub(crate) fn resolves_to_other(text: &str) -> bool {
    !matches!(resolve(text), Value::String(_) | Value::Null)
}

fn int(text: &str) -> Option<i64> {
    let radix = |digits: &str, radix| {
        // `from_str_radix` would take a sign of its own.
        (!digits.starts_with(['+', '-']))
            .then(|| i64::from_str_radix(digits, radix).ok())
            .flatten()
    };
    if let Some(digits) = text.strip_prefix("0x") {
        radix(digits, 16)
    } else if let Some(digits) = text.strip_prefix("0o") {
        radix(digits, 8)
    } else {
        text.parse().ok()
    }
}

fn float(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    // Rust also reads "inf", "infinity" and "nan"; YAML does not, so only these characters may occur.
    let numeric = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    let has_digit = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-'))
        && text.contains(|c: char| c.is_ascii_digit());
    (numeric && has_digit).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_yaml_1_1_are_strings() {
        for word in [
            "yes", "no", "on", "off", "Y", "n", "inf", "nan", "infinity", "1_000", "e5", "1e",
            "0x-1", "-",
        ] {
            assert_eq!(resolve(word), Value::String(word.into()), "{word}");
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(resolve("0777"), Value::Int(777));
        assert_eq!(resolve("0o17"), Value::Int(15));
        assert_eq!(resolve("0xff"), Value::Int(255));
        assert_eq!(resolve("-3"), Value::Int(-3));
        assert_eq!(resolve("1e3"), Value::Float(1000.0));
        assert_eq!(resolve("99999999999999999999"), Value::Float(1e20));
        assert_eq!(resolve("-.inf"), Value::Float(f64::NEG_INFINITY));
    }

    #[test]
    fn a_quoted_number_is_noticed() {
        assert!(resolves_to_other("5"));
        assert!(!resolves_to_other("five"));
        assert!(!resolves_to_other(""));
    }
}
