//! What a fault does, with its parameters read.

use super::error::FaultError;
use super::fault::Fault;
use super::kinds::FaultKind;
use super::parameter::field;
use super::wire::{ConnectionEnd, WireFault};

/// What is done to one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FaultAction {
    /// Another answer in place of the org's.
    Replace(Replacement),
    /// The content without its end.
    Truncate { bytes: Option<usize> },
    /// The content, broken.
    Malform,
    /// No content.
    Empty,
    /// Another media type.
    ContentType(String),
    /// The connection's matter.
    Wire(WireFault),
}

/// An answer that is not the org's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Replacement {
    Status {
        status: u16,
        body: String,
        content_type: String,
        /// Name and value.
        header: Option<(String, String)>,
    },
    RateLimited {
        retry_after: Option<u64>,
        limit: u64,
        reset_after: i64,
    },
    Unavailable {
        retry_after: Option<u64>,
    },
    HtmlPage {
        status: u16,
    },
}

impl Replacement {
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Status { status, .. } | Self::HtmlPage { status } => *status,
            Self::RateLimited { .. } => 429,
            Self::Unavailable { .. } => 503,
        }
    }
}

impl FaultAction {
    /// Reads the parameters of a fault.
    ///
    /// # Errors
    /// When a value is out of its limits.
    pub(super) fn of(fault: &Fault) -> Result<Self, FaultError> {
        let values = Values(fault);
        Ok(match fault.kind {
            FaultKind::Delay => Self::Wire(WireFault::Delay {
                milliseconds: values.number("milliseconds")?,
            }),
            FaultKind::Status => Self::Replace(Replacement::Status {
                status: values.number("status")?,
                body: values.text("body")?,
                content_type: values.text("content_type")?,
                header: values.field("header")?,
            }),
            FaultKind::RateLimited => Self::Replace(Replacement::RateLimited {
                retry_after: values.optional("retry_after")?,
                limit: values.number("limit")?,
                reset_after: values.number("reset_after")?,
            }),
            FaultKind::Unavailable => Self::Replace(Replacement::Unavailable {
                retry_after: values.optional("retry_after")?,
            }),
            FaultKind::HtmlPage => Self::Replace(Replacement::HtmlPage {
                status: values.number("status")?,
            }),
            FaultKind::TruncatedJson => Self::Truncate {
                bytes: values.optional("bytes")?,
            },
            FaultKind::MalformedJson => Self::Malform,
            FaultKind::EmptyBody => Self::Empty,
            FaultKind::WrongContentType => Self::ContentType(values.text("content_type")?),
            FaultKind::CutBefore => Self::Wire(WireFault::CutBefore(values.end()?)),
            FaultKind::CutWithin => Self::Wire(WireFault::CutWithin {
                bytes: values.optional("bytes")?,
                end: values.end()?,
            }),
            FaultKind::CutAfter => Self::Wire(WireFault::CutAfter(values.end()?)),
            FaultKind::SlowBytes => Self::Wire(WireFault::Slow {
                bytes_per_second: values.number("bytes_per_second")?,
            }),
            FaultKind::Refused => Self::Wire(WireFault::Refuse {
                seconds: values.number("seconds")?,
            }),
        })
    }
}

/// The values of a fault, given or by default, each held against its limits.
struct Values<'f>(&'f Fault);

impl Values<'_> {
    fn text(&self, name: &'static str) -> Result<String, FaultError> {
        let parameter = self.0.kind.parameter(name)?;
        let value = self.0.value(name).unwrap_or_default();
        parameter.check(value)?;
        Ok(value.to_owned())
    }

    fn field(&self, name: &'static str) -> Result<Option<(String, String)>, FaultError> {
        if self.0.given(name).is_none() {
            return Ok(None);
        }
        let text = self.text(name)?;
        let field = field(&text).map(|(name, value)| (name.to_string(), value.to_owned()));
        Ok(field)
    }

    fn number<N: TryFrom<u64>>(&self, name: &'static str) -> Result<N, FaultError> {
        let text = self.text(name)?;
        let number = text.parse::<u64>().ok();
        let number = number.and_then(|number| N::try_from(number).ok());
        // Within its limits every number fits its type: a test tries them.
        number.ok_or_else(|| FaultError::Value {
            name,
            value: text,
            expected: "a smaller whole number".to_owned(),
        })
    }

    fn optional<N: TryFrom<u64>>(&self, name: &'static str) -> Result<Option<N>, FaultError> {
        let given = self.0.given(name).is_some();
        given.then(|| self.number(name)).transpose()
    }

    fn end(&self) -> Result<ConnectionEnd, FaultError> {
        Ok(match self.text("end")?.as_str() {
            "reset" => ConnectionEnd::Reset,
            _ => ConnectionEnd::Close,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::parameter::ParameterForm;
    use super::*;

    #[test]
    fn every_number_within_its_limits_is_read() {
        for kind in FaultKind::ALL {
            for parameter in kind.parameters() {
                let ParameterForm::Number { least, most } = parameter.form else {
                    continue;
                };
                for (value, right) in [
                    (Some(least), true),
                    (Some(most), true),
                    (least.checked_sub(1), false),
                    (most.checked_add(1), false),
                ] {
                    let Some(value) = value else { continue };
                    let mut fault = Fault::new(kind);
                    fault.values.insert(parameter.name, value.to_string());
                    let read = FaultAction::of(&fault);
                    assert_eq!(read.is_ok(), right, "{fault}: {read:?}");
                }
            }
        }
    }
}
