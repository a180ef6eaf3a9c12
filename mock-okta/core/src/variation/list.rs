//! The variations: lawful answers other than the usual ones. Two or three lines each.

use super::place::Place;

/// Lawful under the RFCs, and Okta's own wire format leaves it free.
const ANY: &[&str] = &["base", "okta", "mcp-ema"];

/// Okta's own wire format fixes the point.
const NOT_OKTA: &[&str] = &["base", "mcp-ema"];

/// A profile beside the RFCs fixes the point: Okta's wire format as well as the MCP profile.
const BASE: &[&str] = &["base"];

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
            pub(super) const fn places(self) -> &'static [Place] {
                match self { $(Self::$variant => &[$(Place::$place),+]),+ }
            }
        }
    };
}

variations! {
    // --- JSON as text ----------------------------------------------------------------------------------------
    JsonReversed = "json-members-reversed", "json-order", [Json], ANY,
        "The members of JSON objects come in the reverse order.",
        "RFC 8259 §4", "An object is an unordered collection, so readers must not depend on the order of its members.";
    JsonSorted = "json-members-sorted", "json-order", [Json], ANY,
        "The members of JSON objects come in alphabetical order.",
        "RFC 8259 §4", "An object is an unordered collection, so readers must not depend on the order of its members.";
    JsonPretty = "json-pretty", "json-space", [Json], ANY,
        "JSON is indented, one member a line.",
        "RFC 8259 §2", "Insignificant white space may stand before and after every structural character.";
    JsonSpaced = "json-spaced", "json-space", [Json], ANY,
        "JSON has tabs, carriage returns and line feeds between its parts and around the whole.",
        "RFC 8259 §2", "Tab, line feed, carriage return and space are all insignificant between tokens and around the value.";
    JsonSolidus = "json-solidus-escaped", "json-escape", [Json], ANY,
        "Every solidus in a JSON string is escaped.",
        "RFC 8259 §7", "A solidus may be written as it is or behind a backslash, and means the same.";
    JsonUnicode = "json-letters-escaped", "json-escape", [Json], ANY,
        "The letters of JSON strings are written as \\u escapes, those of member names included.",
        "RFC 8259 §7, §8.3", "Any character may be escaped, and strings are compared after the escapes are undone.";

    // --- members that nobody knows ---------------------------------------------------------------------------
    UnknownInTokenAnswer = "token-answer-unknown-members", "token-answer-more", [TokenAnswer], ANY,
        "Answers with tokens have members that no specification knows: a text, a number, null, a list and an object.",
        "RFC 6749 §5.1", "A client ignores members of the answer that it does not know.";
    UnknownInError = "error-unknown-members", "error-more", [OauthError], ANY,
        "Refusals have a member that no specification knows.",
        "RFC 6749 §8.2", "Further response parameters of the token endpoint may be defined, by a vendor as well.";
    UnknownInMetadata = "metadata-unknown-members", "metadata-more", [Metadata], ANY,
        "The metadata have members that no specification knows.",
        "RFC 8414 §2; OIDC Discovery §3", "Additional metadata parameters may be used.";
    UnknownInKeys = "keys-unknown-members", "keys-more", [Keys], ANY,
        "The key set and its keys have members that no specification knows.",
        "RFC 7517 §4, §5", "Additional members may be present, and are ignored where they are not understood.";
    UnknownInUserInfo = "userinfo-unknown-claims", "userinfo-more", [UserInfo], ANY,
        "Userinfo has claims that no specification knows.",
        "OIDC Core §5.1.2", "Claims beside the standard ones may be used.";
    UnknownInActive = "introspection-unknown-members", "introspection-more", [ActiveToken], ANY,
        "The introspection of an active token has members that no specification knows.",
        "RFC 7662 §2.2", "An implementation may add response names of its own.";
    UnknownInInactive = "introspection-inactive-more", "introspection-inactive", [InactiveToken], NOT_OKTA,
        "The introspection of an inactive token has a member beside active, which tells nothing of the token.",
        "RFC 7662 §2.2", "That nothing more is told of an inactive token is a recommendation, and this is nothing about it.";
    UnknownInResource = "resource-metadata-unknown-members", "resource-metadata-more", [ResourceMetadata], ANY,
        "The metadata of a protected resource have members that no specification knows.",
        "RFC 9728 §2", "Additional resource metadata parameters may be used.";
    UnknownInIdToken = "id-token-unknown-claims", "id-token-more", [IdToken], ANY,
        "ID tokens have claims that no specification knows.",
        "OIDC Core §2", "An ID token may hold other claims, and those that are not understood are ignored.";
    UnknownInIdJag = "id-jag-unknown-claims", "id-jag-more", [IdJag], ANY,
        "ID-JAGs have claims that no specification knows.",
        "RFC 7519 §4; ID-JAG -04 §3.1", "Claims that are not understood are ignored, and claims of the ID token may be added.";
    UnknownInAccessToken = "access-token-unknown-claims", "access-token-more", [AccessToken], ANY,
        "Access tokens have claims that no specification knows.",
        "RFC 7519 §4; RFC 9068 §2.2", "Claims that are not understood are ignored, and further claims may be added.";
    UnknownInJoseHeader = "token-header-unknown-members", "token-header-more", [Token], ANY,
        "The JOSE headers of tokens have a member that no specification knows.",
        "RFC 7515 §4", "Header parameters that are not understood are ignored, unless crit names them.";
}
