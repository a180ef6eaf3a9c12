//! The parameters of faults: their names, limits and defaults as data, and how a value is held against them.

use http::header::HeaderName;

use super::error::FaultError;

/// A parameter that a fault can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultParameter {
    /// Its name, the same wherever a fault is written.
    pub name: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// Which values it takes.
    pub form: ParameterForm,
    /// Its value when it is left out; `None` where leaving it out means something of its own, which `meaning` says.
    pub default: Option<&'static str>,
}

/// Which values a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterForm {
    /// A whole number.
    Number {
        /// The least.
        least: u64,
        /// The greatest.
        most: u64,
    },
    /// Any text up to a length.
    Text {
        /// Bytes.
        most: usize,
    },
    /// The value of a header field: visible ASCII characters and blanks, up to 200 of them.
    FieldValue,
    /// A header field: a name, a colon and a value.
    Field,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
}

/// Bytes of a header field's value.
const FIELD_VALUE_BYTES: usize = 200;

impl ParameterForm {
    /// The values in words: what a message expects, and what lists show.
    pub fn describe(self) -> String {
        match self {
            Self::Number { least, most } => format!("a whole number from {least} to {most}"),
            Self::Text { most } => format!("a text of at most {most} bytes"),
            Self::FieldValue => {
                format!("1 to {FIELD_VALUE_BYTES} visible ASCII characters and blanks")
            }
            Self::Field => format!(
                "a name, a colon and a value of at most {FIELD_VALUE_BYTES} visible ASCII characters and blanks"
            ),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Flag => "true or false".to_owned(),
        }
    }

    fn takes(self, value: &str) -> bool {
        match self {
            Self::Number { least, most } => {
                let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                let number = value.parse().ok().filter(|_| digits);
                number.is_some_and(|number: u64| (least..=most).contains(&number))
            }
            Self::Text { most } => value.len() <= most,
            Self::FieldValue => {
                (1..=FIELD_VALUE_BYTES).contains(&value.len())
                    && value.trim() == value
                    && value.bytes().all(|byte| (b' '..=b'~').contains(&byte))
            }
            Self::Field => field(value).is_some_and(|(_, value)| Self::FieldValue.takes(value)),
            Self::Word(words) => words.contains(&value),
            Self::Flag => matches!(value, "true" | "false"),
        }
    }
}

/// The name and the value of a field; `None` where the name is none (RFC 9110 §5.1).
pub(super) fn field(text: &str) -> Option<(HeaderName, &str)> {
    let (name, value) = text.split_once(':')?;
    Some((name.parse().ok()?, value.trim()))
}

impl FaultParameter {
    /// Holds a value against the limits.
    ///
    /// # Errors
    /// With what was expected.
    pub(super) fn check(&self, value: &str) -> Result<(), FaultError> {
        if self.form.takes(value) {
            return Ok(());
        }
        Err(FaultError::Value {
            name: self.name,
            value: value.to_owned(),
            expected: self.form.describe(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_hold_to_the_last_value() {
        let number = ParameterForm::Number { least: 2, most: 30 };
        for right in ["2", "30", "007"] {
            assert!(number.takes(right), "{right}");
        }
        for wrong in [
            "1",
            "31",
            "",
            "-2",
            "+2",
            "2.0",
            "two",
            "99999999999999999999",
        ] {
            assert!(!number.takes(wrong), "{wrong}");
        }
        assert!(ParameterForm::Text { most: 2 }.takes("ab"));
        assert!(!ParameterForm::Text { most: 2 }.takes("abc"));
        assert!(ParameterForm::FieldValue.takes("text/html; charset=utf-8"));
        for wrong in ["", " a", "a\r\nset-cookie: b", "\u{e4}", &"a".repeat(201)] {
            assert!(!ParameterForm::FieldValue.takes(wrong), "{wrong:?}");
        }
        for right in ["Location: https://a.example/", "x-a:b"] {
            assert!(ParameterForm::Field.takes(right), "{right}");
        }
        for wrong in ["", "Location", "Location:", "a b: c", "x: a\r\ny: b"] {
            assert!(!ParameterForm::Field.takes(wrong), "{wrong:?}");
        }
        assert!(ParameterForm::Flag.takes("true") && !ParameterForm::Flag.takes("yes"));
    }
}
