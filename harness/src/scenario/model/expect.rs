//! What must come back and what is kept of it, as resolved.

use regex::Regex;
use strict_yaml::Place;

use super::{Located, ServerRole, Template, ValueTemplate};
use crate::requirement::RequirementId;

/// One block of expectations.
#[derive(Debug, Clone, Default)]
pub struct Expectation {
    /// Requirements cited; never empty after resolution.
    pub covers: Vec<RequirementId>,
    /// The answers of which it is judged; all of them where there is none.
    pub when: Option<Condition>,
    /// Status code.
    pub status: Option<Located<Matcher>>,
    /// Header fields, names in lower case.
    pub headers: Vec<(String, Located<Matcher>)>,
    /// Members of the JSON body by path.
    pub body: Vec<(String, Located<Matcher>)>,
    /// JWTs found in the body.
    pub jwt: Vec<JwtExpectation>,
    /// Redirect.
    pub redirect: Option<RedirectExpectation>,
    /// Internal codes, any of; compared only where the target shows them.
    pub code: Option<Located<Vec<String>>>,
    /// The raw body.
    pub text: Option<Located<Matcher>>,
    /// An HTML page.
    pub page: Option<Located<Matcher>>,
}

/// Which answers a block of expectations is about. All parts must hold.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Status code.
    pub status: Option<Located<Matcher>>,
    /// Header fields, names in lower case.
    pub headers: Vec<(String, Located<Matcher>)>,
    /// Members of the JSON body by path.
    pub body: Vec<(String, Located<Matcher>)>,
    /// Values that earlier steps saved, by name.
    pub saved: Vec<(String, Located<Matcher>)>,
    /// Where it is written.
    pub place: Place,
}

/// What a JWT must be.
#[derive(Debug, Clone)]
pub struct JwtExpectation {
    /// Path of the token, `body.` included, e.g. `body.access_token`.
    pub at: String,
    /// Whose published keys must verify it; `None` leaves the signature unjudged.
    pub signed_by: Option<ServerRole>,
    /// Where there is none, nothing of it is judged.
    pub optional: bool,
    /// Where there is a string that is not a JWT, nothing of it is judged: an access token may be opaque.
    pub opaque: bool,
    /// Header members.
    pub header: Vec<(String, Located<Matcher>)>,
    /// Claims by path.
    pub claims: Vec<(String, Located<Matcher>)>,
    /// Path of the token whose half hash `at_hash` must be, where it is there; `body.` included.
    pub at_hash_of: Option<String>,
    /// Path of the seconds that must lie between `iat` and `exp`, where it is there; `body.` included.
    pub lives: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// What a redirect must be.
#[derive(Debug, Clone)]
pub struct RedirectExpectation {
    /// Address without query.
    pub to: Option<Located<Matcher>>,
    /// Query parameters.
    pub query: Vec<(String, Located<Matcher>)>,
    /// Where it is written.
    pub place: Place,
}

/// A pure predicate over one value.
#[derive(Debug, Clone)]
pub enum Matcher {
    /// Equality.
    Equals(ValueTemplate),
    /// One of several values.
    OneOf(Vec<ValueTemplate>),
    /// The opposite.
    Not(Box<Matcher>),
    /// Substring of a string, or element of a list.
    Contains(Template),
    /// Prefix.
    StartsWith(Template),
    /// Suffix.
    EndsWith(Template),
    /// Regular expression.
    Matches(Regex),
    /// Number not below.
    AtLeast(f64),
    /// Number not above.
    AtMost(f64),
    /// Distance in seconds from a sibling member, or from the target's now.
    Within {
        /// Largest distance.
        seconds: u64,
        /// Sibling path, or `now`.
        of: String,
    },
    /// An instant later than a sibling member.
    After(String),
    /// JSON type.
    Type(JsonType),
    /// There, whatever it is.
    Present,
    /// Not there.
    Absent,
    /// Not there, or as this one wants it.
    AbsentOr(Box<Matcher>),
    /// Set of scopes, as a space-delimited string or a list.
    Scopes(Template),
    /// A list or space-delimited string that has all of these.
    Includes(Vec<Template>),
    /// String or list not shorter.
    LengthAtLeast(usize),
    /// Anything but this value.
    DiffersFrom(Template),
    /// All must hold.
    All(Vec<Matcher>),
    /// At least one must hold.
    AnyOf(Vec<Matcher>),
    /// A scope string or list, all of whose members are among these.
    SubsetOf(Template),
    /// An absolute URL with the scheme, host and port of this one.
    Origin(Template),
    /// A header field: one of these media types, in any case and with any parameters (RFC 9110 section 8.3.1).
    MediaType(Vec<String>),
    /// A header field: a list of directives with one of this name, in any case (RFC 9111 section 5.2).
    Directive(String),
    /// A header field: a list of challenges, one of which has this scheme and these parameters (RFC 9110 section 11.6.1).
    Challenge(Box<ChallengeMatcher>),
}

/// What a challenge must be.
#[derive(Debug, Clone)]
pub struct ChallengeMatcher {
    /// Its scheme, in any case.
    pub scheme: String,
    /// Its parameters, names in lower case.
    pub parameters: Vec<(String, Matcher)>,
}

/// JSON types as matchers name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonType {
    /// "text"
    String,
    /// 1
    Integer,
    /// 1.5
    Number,
    /// true
    Boolean,
    /// []
    Array,
    /// {}
    Object,
}

/// A value kept for later steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Save {
    /// Variable name.
    pub name: String,
    /// Where it comes from.
    pub from: SaveSource,
    /// Whether an answer without it is fine: the name then has no value.
    pub optional: bool,
    /// Where it is written.
    pub place: Place,
}

/// Where a saved value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveSource {
    /// Path in the JSON body, without `body.`.
    Body(String),
    /// Header field, its name in lower case.
    Header(String),
    /// Query parameter of the `Location`.
    Query(String),
    /// Parameter of a challenge of `WWW-Authenticate`, its name in lower case.
    Challenge(String),
    /// Claim of a JWT in the body.
    Claim {
        /// Path of the token in the JSON body, without `body.`.
        token: String,
        /// Path of the claim.
        claim: String,
    },
    /// Member of the header of a JWT in the body.
    JoseHeader {
        /// Path of the token in the JSON body, without `body.`.
        token: String,
        /// Path of the member.
        member: String,
    },
    /// Status code.
    Status,
}
