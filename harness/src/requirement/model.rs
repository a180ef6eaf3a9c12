//! One requirement and the words that describe it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use strict_yaml::Place;

use super::Profiles;
use super::source::Source;

/// The stable name of a requirement, e.g. `idjag.typ`. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequirementId(Arc<str>);

impl RequirementId {
    /// A name, whether or not a catalogue knows it; [`super::Catalogue::get`] finds out.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequirementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Lets maps keyed by id be asked by name.
impl std::borrow::Borrow<str> for RequirementId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// What one source demands of one role.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// Stable name.
    pub id: RequirementId,
    /// Who has to do it.
    pub role: Role,
    /// What each profile demands, in the order written; never empty, and no profile twice.
    pub levels: Vec<Demand>,
    /// The strictest of `levels` under the profiles that the catalogue was last asked for
    /// ([`super::Catalogue::under`]); the first one where none of them is chosen.
    pub demand: Demand,
    /// Whether something must work or must be refused.
    pub kind: Kind,
    /// Whether it is checked first or later.
    pub tier: Tier,
    /// How it is tested, in words.
    pub test: String,
    /// The requirement that judges in its place where a profile of that one is chosen, because the two contradict each
    /// other.
    pub yields_to: Option<Yields>,
    /// Where the catalogue has it.
    pub place: Place,
}

/// What one profile demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// The profile of the protocol.
    pub profile: Profile,
    /// How binding it is there.
    pub level: Level,
    /// Documents and sections.
    pub source: Source,
    /// The requirement in one or two sentences.
    pub text: String,
}

/// The requirement that another one gives way to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yields {
    /// Its name.
    pub to: RequirementId,
    /// The profiles under which it judges.
    pub under: Vec<Profile>,
}

impl Requirement {
    /// The strictest demand of the chosen profiles; of two that are equally strict, the one written first. `None` when
    /// no chosen profile demands it.
    #[must_use]
    pub fn strictest(&self, profiles: &Profiles) -> Option<&Demand> {
        let chosen = self.levels.iter().filter(|one| profiles.has(one.profile));
        // `max_by_key` takes the last of several.
        chosen.rev().max_by_key(|demand| demand.level)
    }
}

/// A closed set of words: the enum and how files and reports write it.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type { $($(#[$variant_doc])* $variant),+ }

        impl $type {
            /// All, with their words.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];

            /// As files and reports write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                let mut known = Self::ALL.iter();
                match known.find(|(known, _)| *known == word) {
                    Some((_, value)) => Ok(*value),
                    None => Err(UnknownWord {
                        word: word.to_owned(),
                        expected: Self::ALL.iter().map(|(known, _)| *known).collect(),
                    }),
                }
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// A word that a closed set does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not one of {}", expected.join(", "))]
pub struct UnknownWord {
    word: String,
    expected: Vec<&'static str>,
}

vocabulary! {
    /// How binding a requirement is (RFC 2119). Ordered: the most binding is the greatest.
    Level {
        /// Optional.
        May = "MAY",
        /// Recommended.
        Should = "SHOULD",
        /// Binding.
        Must = "MUST",
    }
}
vocabulary! {
    /// Who has to fulfil a requirement.
    Role {
        /// The org authorization server, which issues ID tokens and ID-JAGs.
        IdpAs = "idp-as",
        /// The authorization server that redeems an ID-JAG.
        ResourceAs = "resource-as",
        /// The agent.
        Client = "client",
        /// The protected resource.
        ResourceServer = "resource-server",
    }
}
vocabulary! {
    /// Whether something must work or must be refused.
    Kind {
        /// Must work.
        Positive = "positive",
        /// Must be refused.
        Negative = "negative",
    }
}
vocabulary! {
    /// A profile of the protocol. Some contradict each other on purpose.
    Profile {
        /// ID-JAG and the RFCs below it.
        Base = "base",
        /// Okta's guide and what it is seen to do.
        Okta = "okta",
        /// Enterprise-managed authorization of MCP.
        McpEma = "mcp-ema",
        /// Sender-constrained tokens, RFC 9449.
        Dpop = "dpop",
        /// SAML 2.0 subject tokens.
        Saml = "saml",
        /// Several tenants behind one issuer.
        Tenant = "tenant",
        /// Client ID metadata documents.
        Cimd = "cimd",
    }
}
vocabulary! {
    /// When it is checked.
    Tier {
        /// First.
        Core = "core",
        /// Optional features and wider hygiene.
        Extended = "extended",
    }
}
