//! The form of a variation: from one entry come its variant, its name and its description.

/// Lawful under the RFCs, and Okta's own wire format leaves it free.
pub(super) const ANY: &[&str] = &["base", "okta", "mcp-ema"];

/// Okta's own wire format fixes the point.
pub(super) const NOT_OKTA: &[&str] = &["base", "mcp-ema"];

/// A profile beside the RFCs fixes the point: Okta's wire format as well as the MCP profile.
pub(super) const BASE: &[&str] = &["base"];

macro_rules! variations {
    ($($variant:ident = $name:literal, $aspect:literal, [$($place:ident),+], $profiles:ident,
        $summary:literal, $source:literal, $reason:literal;)+) => {
        /// A lawful way to answer that is not the usual one.
        #[expect(clippy::doc_markdown, reason = "each sentence is shown to people as it is")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Variation {
            $(#[doc = $summary] $variant,)+
        }

        impl Variation {
            /// Every variation, by what it varies.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The id without its prefix.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What is varied: two variations of one aspect exclude each other.
            pub const fn aspect(self) -> &'static str {
                match self { $(Self::$variant => $aspect),+ }
            }

            /// What is different, in one sentence.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary),+ }
            }

            /// Document and section.
            pub const fn source(self) -> &'static str {
                match self { $(Self::$variant => $source),+ }
            }

            /// What it says there that makes this lawful, in our words.
            pub const fn reason(self) -> &'static str {
                match self { $(Self::$variant => $reason),+ }
            }

            /// The profiles under which it is lawful.
            pub const fn profiles(self) -> &'static [&'static str] {
                match self { $(Self::$variant => $profiles),+ }
            }

            /// Where it shows.
            pub(crate) const fn places(self) -> &'static [Place] {
                match self { $(Self::$variant => &[$(Place::$place),+]),+ }
            }
        }
    };
}

pub(super) use variations;
