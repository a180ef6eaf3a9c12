//! One requirement and the words that describe it.

use std::fmt;
use std::sync::Arc;

use strict_yaml::Place;

/// The stable name of a requirement, e.g. `idjag.typ`. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequirementId(Arc<str>);

impl RequirementId {
    /// A name, whether or not a catalogue knows it; [`super::Catalogue::get`] tells.
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
    /// Document and section, as people cite it.
    pub source: String,
    /// Who has to do it.
    pub role: Role,
    /// How binding it is.
    pub level: Level,
    /// Whether something must work or must be refused.
    pub kind: Kind,
    /// Which profile of the protocol it belongs to.
    pub profile: Profile,
    /// Whether it is checked first or later.
    pub tier: Tier,
    /// The requirement in one or two sentences.
    pub text: String,
    /// How it is tested, in words.
    pub test: String,
    /// The requirement that judges in its place where that one's profile is chosen, because the two contradict each
    /// other.
    pub yields_to: Option<(Profile, RequirementId)>,
    /// Where the catalogue has it.
    pub place: Place,
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
    };
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
