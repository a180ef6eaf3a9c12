//! What a case changes in its twin. Reports hold each change as a text, such as `claim exp: the target's now minus 60 s`;
//! that text is written and read here and nowhere else.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a case changes in its twin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeNote {
    /// Id of the step whose request is changed, or whose answer must differ because of what came before.
    pub step: String,
    /// What is different, in words; empty where only later steps are.
    pub what: Vec<ChangedPart>,
}

/// One thing that a case changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedPart {
    /// Parameter, header field, or what else: `subject_token`, `client`, `before it`.
    pub name: String,
    /// How, as the scenario writes it: `claim exp: the target's now minus 60 s`.
    #[schemars(with = "String")]
    pub how: HowChanged,
}

/// How it is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HowChanged {
    /// A member of a JWT: its value is another, or it is left out.
    Member {
        /// Which.
        member: JwtMember,
        /// What becomes of it.
        becomes: String,
    },
    /// A member of a JWT is there twice.
    SecondMember {
        /// Which.
        member: JwtMember,
        /// The second value.
        value: String,
    },
    /// Whatever else, in words.
    Words(String),
}

/// A member of a JWT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JwtMember {
    /// Of its header.
    Header(String),
    /// Of its claims.
    Claim(String),
}

impl ChangeNote {
    /// Whether the case says that it changes this parameter or header field; of a JWT, this claim or member of its header.
    #[must_use]
    pub fn changes(&self, name: &str, member: Option<&JwtMember>) -> bool {
        let part = |part: &ChangedPart| {
            part.name == name && member.is_none_or(|member| part.how.member() == Some(member))
        };
        self.what.iter().any(part)
    }
}

impl HowChanged {
    /// The member of a JWT that is changed.
    #[must_use]
    pub const fn member(&self) -> Option<&JwtMember> {
        match self {
            Self::Member { member, .. } | Self::SecondMember { member, .. } => Some(member),
            Self::Words(_) => None,
        }
    }
}

/// Between the name of a member and its second value.
const SECOND: &str = ", a second time";

impl fmt::Display for HowChanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member { member, becomes } => write!(f, "{member}: {becomes}"),
            Self::SecondMember { member, value } => write!(f, "{member}{SECOND}: {value}"),
            Self::Words(words) => f.write_str(words),
        }
    }
}

impl fmt::Display for JwtMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "header {name}"),
            Self::Claim(name) => write!(f, "claim {name}"),
        }
    }
}

impl FromStr for HowChanged {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let member = || {
            let (member, rest) = text.split_once(": ")?;
            let (member, is_second) = match member.strip_suffix(SECOND) {
                Some(member) => (member, true),
                None => (member, false),
            };
            let (section, name) = member.split_once(' ')?;
            let (member, rest) = match section {
                "header" => (JwtMember::Header(name.to_owned()), rest.to_owned()),
                "claim" => (JwtMember::Claim(name.to_owned()), rest.to_owned()),
                _ => return None,
            };
            Some(if is_second {
                Self::SecondMember {
                    member,
                    value: rest,
                }
            } else {
                Self::Member {
                    member,
                    becomes: rest,
                }
            })
        };
        Ok(member().unwrap_or_else(|| Self::Words(text.to_owned())))
    }
}

impl From<String> for HowChanged {
    fn from(text: String) -> Self {
        let Ok(how) = text.parse();
        how
    }
}

impl Serialize for HowChanged {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HowChanged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_a_member_is_read_with_its_name() {
        let claim = |name: &str| Some(JwtMember::Claim(name.to_owned()));
        for (text, member) in [
            ("claim exp: the target's now minus 60 s", claim("exp")),
            ("claim my claim: left out", claim("my claim")),
            ("claim aud, a second time: https://a: b", claim("aud")),
            ("header typ: JWT", Some(JwtMember::Header("typ".to_owned()))),
            ("alg none, in the header and for signing", None),
            ("set to claim: x", None),
            ("left out", None),
        ] {
            let how = HowChanged::from(text.to_owned());
            assert_eq!(how.member(), member.as_ref(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_is_written_as_it_was_read(text in "(claim |header )?\\PC{0,20}(, a second time)?(: )?\\PC{0,9}") {
            proptest::prop_assert_eq!(HowChanged::from(text.clone()).to_string(), text);
        }
    }
}
