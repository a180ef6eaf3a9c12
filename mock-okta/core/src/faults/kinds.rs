//! The table of faults: what each one is, its parameters with their limits, and whether the request takes effect.

use std::fmt;

use super::error::FaultError;
use super::parameter::{FaultParameter, ParameterForm};
use super::selection::SELECTION;

/// Bytes of a body that a fault brings along.
const BODY_BYTES: usize = 16 * 1024;

const fn number(
    name: &'static str,
    least: u64,
    most: u64,
    default: Option<&'static str>,
    meaning: &'static str,
) -> FaultParameter {
    FaultParameter {
        name,
        meaning,
        form: ParameterForm::Number { least, most },
        default,
    }
}

const fn takes_effect(default: &'static str) -> FaultParameter {
    FaultParameter {
        name: "takes_effect",
        meaning: "whether the org carries the request out although the client does not see its answer",
        form: ParameterForm::Flag,
        default: Some(default),
    }
}

const fn content_type(default: &'static str, meaning: &'static str) -> FaultParameter {
    FaultParameter {
        name: "content_type",
        meaning,
        form: ParameterForm::FieldValue,
        default: Some(default),
    }
}

const END: FaultParameter = FaultParameter {
    name: "end",
    meaning: "how the connection ends: close (FIN) or reset (RST)",
    form: ParameterForm::Word(&["close", "reset"]),
    default: Some("close"),
};

const RETRY_AFTER: FaultParameter = number(
    "retry_after",
    0,
    86_400,
    None,
    "seconds in the field Retry-After; without it the field is not sent",
);

const MILLISECONDS: FaultParameter = number(
    "milliseconds",
    1,
    600_000,
    Some("1000"),
    "how much later the answer comes",
);

const fn status(default: &'static str) -> FaultParameter {
    number(
        "status",
        200,
        599,
        Some(default),
        "the status of the answer",
    )
}

const BODY: FaultParameter = FaultParameter {
    name: "body",
    meaning: "the content of the answer",
    form: ParameterForm::Text { most: BODY_BYTES },
    default: Some(""),
};

const HEADER: FaultParameter = FaultParameter {
    name: "header",
    meaning: "a header field of the answer, such as `Location: https://elsewhere.example/`; without it there is none",
    form: ParameterForm::Field,
    default: None,
};

const LIMIT: FaultParameter = number(
    "limit",
    1,
    1_000_000,
    Some("60"),
    "the value of X-Rate-Limit-Limit: how many requests are allowed",
);

const RESET_AFTER: FaultParameter = number(
    "reset_after",
    1,
    3600,
    Some("60"),
    "seconds from the org's now to X-Rate-Limit-Reset",
);

const BYTES: FaultParameter = number(
    "bytes",
    0,
    1_048_576,
    None,
    "bytes of the content that are sent; without it half of them",
);

const BYTES_PER_SECOND: FaultParameter = number(
    "bytes_per_second",
    1,
    1_000_000,
    Some("10"),
    "bytes of the content in a second; the head comes at once",
);

const SECONDS: FaultParameter = number(
    "seconds",
    1,
    600,
    Some("5"),
    "how long nobody can connect, in real time",
);

macro_rules! faults {
    ($($variant:ident = $id:literal, $carrier:ident, [$($parameter:expr),*], $summary:literal, $effect:literal;)+) => {
        /// What happens to an answer on its way.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum FaultKind {
            $(#[doc = $summary] $variant,)+
        }

        impl FaultKind {
            /// Every kind, those first that leave the connection alone.
            pub const ALL: [Self; [$($id),+].len()] = [$(Self::$variant),+];

            /// The stable id.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// What happens, in one sentence.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary),+ }
            }

            /// Whether the org carries the request out.
            pub const fn effect(self) -> &'static str {
                match self { $(Self::$variant => $effect),+ }
            }

            /// Its own parameters; [`FaultKind::SELECTION`] has those that all kinds share. A value directly after the id
            /// is that of the first one.
            pub const fn parameters(self) -> &'static [FaultParameter] {
                match self { $(Self::$variant => const { &[$($parameter),*] }),+ }
            }

            /// Whether it needs a connection of the org's own: an org that is mounted on another server cannot do it.
            pub const fn needs_connection(self) -> bool {
                match self { $(Self::$variant => matches!(Carrier::$carrier, Carrier::Connection)),+ }
            }
        }
    };
}

/// Who carries a fault out.
enum Carrier {
    /// Whoever renders or sends the answer.
    Answer,
    /// Whoever holds the connection.
    Connection,
}

faults! {
    Delay = "delay", Answer, [MILLISECONDS],
        "The answer comes late.",
        "The request takes effect at once.";
    Status = "status", Answer,
        [status("500"), BODY, content_type("text/plain", "the media type of the content"), HEADER, takes_effect("false")],
        "Another answer comes: any status, content and media type, and a header field.",
        "The request takes effect only with `takes_effect=true`.";
    RateLimited = "rate-limited", Answer, [RETRY_AFTER, LIMIT, RESET_AFTER, takes_effect("false")],
        "Okta's 429 comes: the envelope with E0000047, and X-Rate-Limit-Limit, -Remaining and -Reset by the org's clock.",
        "The request takes effect only with `takes_effect=true`.";
    Unavailable = "unavailable", Answer, [RETRY_AFTER, takes_effect("false")],
        "503 comes, as plain text.",
        "The request takes effect only with `takes_effect=true`.";
    HtmlPage = "html-page", Answer, [status("502"), takes_effect("false")],
        "An HTML page comes, as a proxy sends it.",
        "The request takes effect only with `takes_effect=true`.";
    TruncatedJson = "truncated-json", Answer, [BYTES],
        "The content ends too early; the message itself is complete.",
        "The request takes effect.";
    MalformedJson = "malformed-json", Answer, [],
        "The content is complete and is not JSON: it has `=` in the place of the first `:`.",
        "The request takes effect.";
    EmptyBody = "empty-body", Answer, [],
        "The content is missing; status and fields are right.",
        "The request takes effect.";
    WrongContentType = "wrong-content-type", Answer,
        [content_type("text/plain", "the media type that the answer claims")],
        "The content is right and its media type is not.",
        "The request takes effect.";
    CutBefore = "cut-before", Connection, [END, takes_effect("true")],
        "The connection ends before the answer.",
        "The request takes effect and its answer is lost; with `takes_effect=false` the request is lost.";
    CutWithin = "cut-within", Connection, [BYTES, END],
        "The connection ends within the answer, after its head and a part of its content.",
        "The request takes effect.";
    CutAfter = "cut-after", Connection, [END],
        "The connection ends after the complete answer, which did not announce it.",
        "The request takes effect.";
    SlowBytes = "slow-bytes", Connection, [BYTES_PER_SECOND],
        "The content comes slowly.",
        "The request takes effect at once.";
    Refused = "refused", Connection, [SECONDS, takes_effect("false")],
        "The connection ends before the answer, and for a while no connection is accepted.",
        "The request takes effect only with `takes_effect=true`.";
}

impl FaultKind {
    /// The parameters that all kinds share: to which requests a fault happens, and how often.
    pub const SELECTION: &'static [FaultParameter] = SELECTION;

    /// Reads an id.
    ///
    /// # Errors
    /// When no fault has the id, with the nearest one that exists.
    pub fn parse(id: &str) -> Result<Self, FaultError> {
        let found = Self::ALL.into_iter().find(|kind| kind.id() == id);
        found.ok_or_else(|| FaultError::UnknownKind {
            written: id.to_owned(),
        })
    }

    /// Its own parameters and those that all kinds share.
    pub fn all_parameters(self) -> impl Iterator<Item = &'static FaultParameter> {
        self.parameters().iter().chain(SELECTION)
    }

    /// The parameter with this name.
    pub(super) fn parameter(self, name: &str) -> Result<&'static FaultParameter, FaultError> {
        let found = self.all_parameters().find(|one| one.name == name);
        found.ok_or_else(|| FaultError::UnknownParameter {
            kind: self,
            written: name.to_owned(),
        })
    }
}

/// The id.
impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_and_names_of_parameters_are_unique_and_defaults_are_lawful() {
        let mut ids = BTreeSet::new();
        for kind in FaultKind::ALL {
            assert!(ids.insert(kind.id()), "{kind}");
            assert_eq!(FaultKind::parse(kind.id()), Ok(kind));
            let mut names = BTreeSet::new();
            for parameter in kind.all_parameters() {
                assert!(names.insert(parameter.name), "{kind} {}", parameter.name);
                if let Some(default) = parameter.default {
                    assert_eq!(parameter.check(default), Ok(()), "{kind}");
                }
            }
            let has_choice = names.contains("takes_effect");
            assert_eq!(kind.effect().contains("takes_effect"), has_choice, "{kind}");
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_answered_with_the_right_id() {
        let error = FaultKind::parse("cut-befor").expect_err("unknown");
        assert_eq!(
            error.wrong(),
            "there is no fault `cut-befor`; did you mean `cut-before`?"
        );
    }
}
