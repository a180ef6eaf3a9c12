//! Mistakes in a fault as it was written, each with what would have been right.

use std::fmt;

use strict_yaml::did_you_mean;

use super::kinds::FaultKind;

/// Why a fault cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultError {
    /// Nothing says which fault it is.
    NoKind,
    /// There is no such fault.
    UnknownKind {
        /// As written.
        written: String,
    },
    /// A part of the text is not `name=value`.
    NoValue {
        /// As written.
        part: String,
    },
    /// The fault takes no value directly after its id.
    TakesNoValue {
        /// Which fault.
        kind: FaultKind,
    },
    /// The fault has no such parameter.
    UnknownParameter {
        /// Which fault.
        kind: FaultKind,
        /// As written.
        written: String,
    },
    /// A parameter is there twice.
    Repeated {
        /// Its name.
        name: &'static str,
    },
    /// A value that the parameter does not take.
    Value {
        /// The parameter.
        name: &'static str,
        /// As written.
        value: String,
        /// What it takes.
        expected: String,
    },
    /// A value of JSON or YAML that is a list, a map or nothing.
    NotAScalar {
        /// Its name, as written.
        written: String,
    },
    /// `next` and `every` say two different things.
    TwoCounts,
    /// A type of resource is asked for at the token endpoint only.
    ResourceTypeElsewhere {
        /// The endpoint that was chosen.
        endpoint: &'static str,
    },
    /// The org has no such client.
    UnknownClient {
        /// As written.
        client: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The fault needs a connection of the org's own, which a mounted org does not have.
    NeedsConnection {
        /// Which fault.
        kind: FaultKind,
    },
    /// There are as many faults as there may be.
    TooMany {
        /// How many.
        most: usize,
    },
}

impl FaultError {
    /// What is wrong.
    pub fn wrong(&self) -> String {
        let near =
            |written: &str, known: &[&str]| match did_you_mean(written, known.iter().copied()) {
                Some(near) => format!("; did you mean `{near}`?"),
                None => String::new(),
            };
        match self {
            Self::NoKind => "nothing says which fault it is".to_owned(),
            Self::UnknownKind { written } => {
                let ids = FaultKind::ALL.map(FaultKind::id);
                format!(
                    "there is no fault `{}`{}",
                    shown(written),
                    near(written, &ids)
                )
            }
            Self::NoValue { part } => format!("`{}` has no `=`", shown(part)),
            Self::TakesNoValue { kind } => format!("the fault `{kind}` takes no value"),
            Self::UnknownParameter { kind, written } => {
                let known: Vec<&str> = kind.all_parameters().map(|one| one.name).collect();
                format!(
                    "the fault `{kind}` has no parameter `{}`{}",
                    shown(written),
                    near(written, &known)
                )
            }
            Self::Repeated { name } => format!("`{name}` is there twice"),
            Self::Value { name, value, .. } => format!("`{name}` is `{}`", shown(value)),
            Self::NotAScalar { written } => format!(
                "`{}` is neither a text nor a number nor true or false",
                shown(written)
            ),
            Self::TwoCounts => "`next` and `every` are both there".to_owned(),
            Self::ResourceTypeElsewhere { endpoint } => {
                format!("`resource_type` is there and `endpoint` is `{endpoint}`")
            }
            Self::UnknownClient { client, known } => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                format!(
                    "there is no client `{}`{}",
                    shown(client),
                    near(client, &known)
                )
            }
            Self::NeedsConnection { kind } => {
                format!("the fault `{kind}` needs a connection, and a mounted org has none")
            }
            Self::TooMany { most } => format!("there are {most} faults already"),
        }
    }

    /// What would have been right.
    pub fn expected(&self) -> String {
        match self {
            Self::NoKind | Self::UnknownKind { .. } => {
                format!("one of {}", FaultKind::ALL.map(FaultKind::id).join(", "))
            }
            Self::NoValue { .. } => "name=value between commas, such as endpoint=token".to_owned(),
            Self::TakesNoValue { kind } => {
                format!("`{kind}` alone, further parameters after a comma")
            }
            Self::UnknownParameter { kind, .. } => {
                let known: Vec<&str> = kind.all_parameters().map(|one| one.name).collect();
                format!("one of {}", known.join(", "))
            }
            Self::Repeated { .. } => "each parameter once".to_owned(),
            Self::Value { expected, .. } => expected.clone(),
            Self::NotAScalar { .. } => "one value".to_owned(),
            Self::TwoCounts => "one of the two, or neither for every request".to_owned(),
            Self::ResourceTypeElsewhere { .. } => {
                "endpoint=token, or no endpoint: types of resources are exchanged there only"
                    .to_owned()
            }
            Self::UnknownClient { known, .. } => format!("one of {}", known.join(", ")),
            Self::NeedsConnection { .. } => {
                let able = FaultKind::ALL
                    .into_iter()
                    .filter(|kind| !kind.needs_connection());
                let able: Vec<&str> = able.map(FaultKind::id).collect();
                format!(
                    "one of {}, or an org that `MockOkta` serves",
                    able.join(", ")
                )
            }
            Self::TooMany { .. } => {
                "fewer: DELETE /_mock/faults/NUMBER removes one, DELETE /_mock/faults all"
                    .to_owned()
            }
        }
    }

    /// The parameter that the mistake is in, where it is in one.
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Self::UnknownParameter { written, .. } | Self::NotAScalar { written } => Some(written),
            Self::Repeated { name } | Self::Value { name, .. } => Some(name),
            Self::TwoCounts => Some("every"),
            Self::ResourceTypeElsewhere { .. } => Some("resource_type"),
            Self::UnknownClient { .. } => Some("client"),
            Self::NoKind
            | Self::UnknownKind { .. }
            | Self::NoValue { .. }
            | Self::TakesNoValue { .. }
            | Self::NeedsConnection { .. }
            | Self::TooMany { .. } => None,
        }
    }
}

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (expected: {})", self.wrong(), self.expected())
    }
}

impl std::error::Error for FaultError {}

/// What was written, on one line and not too long.
fn shown(written: &str) -> String {
    const MOST: usize = 60;
    let start: String = written.chars().take(MOST).collect();
    let more = if start.len() < written.len() {
        "…"
    } else {
        ""
    };
    format!("{}{more}", start.escape_debug())
}
