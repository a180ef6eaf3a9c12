//! What a check looks at. Reports and matrices hold it as text, such as `jwt body.access_token claims.aud`; that text is
//! written and read here and nowhere else.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a check looks at. In the order of its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// The status code.
    Status,
    /// The condition under which a block of expectations applies.
    Condition,
    /// A header field of this name.
    Header(String),
    /// The body as a whole.
    Body,
    /// A member of the JSON body, by its path: `error`, `keys.*.kid`.
    Member(String),
    /// A JWT in the answer.
    Token {
        /// Where it is: `body.access_token`.
        at: String,
        /// What of it.
        part: TokenPart,
    },
    /// A member of a token that stands for itself, because a rule for every token was applied: `claims.jti`.
    TokenMember(String),
    /// The address that the answer redirects to, without its query.
    RedirectTo,
    /// A parameter of that address.
    RedirectParameter(String),
    /// The body as text.
    Text,
    /// The body as a page for people.
    Page,
    /// The code by which the mock says which of its rules refused.
    InternalCode,
    /// How many of the requests that were sent at once were accepted.
    Winners,
    /// Requests of an agent under test.
    Requests {
        /// Which, as the scenario calls them: `exchange`.
        of: String,
        /// What of them.
        part: RequestPart,
    },
    /// Whether the agent showed its user the link that an answer gave in this member.
    LinkShown(String),
    /// What the agent printed, and wrote into its working folder.
    Printed,
    /// An aspect of some of these requests' answers.
    InRace {
        /// Of which.
        whose: Racer,
        /// What of them.
        aspect: Box<Aspect>,
    },
}

/// What of an agent's requests a check looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RequestPart {
    /// How many there are.
    Count,
    /// A member of each, by its path: `form.audience`, `headers.authorization`, `assertion.claims.aud`.
    Member(String),
    /// Whether a member differs from request to request.
    Distinct(String),
    /// Whether all are the same.
    Same,
}

/// What of a token a check looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TokenPart {
    /// Whether it is a JWT at all.
    Whole,
    /// Its signature.
    Signature,
    /// A member of its header, by its path.
    Header(String),
    /// A claim, by its path.
    Claim(String),
}

/// Whose answer, where the same request was sent many times at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Racer {
    /// The answer that was the first to accept.
    Winner,
    /// Every answer that refused.
    EachLoser,
}

impl Racer {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Winner => "the winner",
            Self::EachLoser => "each loser",
        }
    }
}

impl Aspect {
    /// A member of a token that stands in place of a body. Any other path names a member of a body.
    #[must_use]
    pub fn in_token(path: String) -> Self {
        let (first, _) = path.split_once('.').unwrap_or((&path, ""));
        if matches!(first, "header" | "claims") {
            Self::TokenMember(path)
        } else {
            Self::Member(path)
        }
    }

    /// The same aspect of an answer in a race.
    #[must_use]
    pub fn of(self, whose: Racer) -> Self {
        Self::InRace {
            whose,
            aspect: Box::new(self),
        }
    }

    /// The member of a JSON body that holds the token that is looked at, and what of the token is.
    #[must_use]
    pub fn of_token(&self) -> Option<(&str, &TokenPart)> {
        match self.of_any() {
            Self::Token { at, part } => Some((at.strip_prefix("body.").unwrap_or(at), part)),
            _ => None,
        }
    }

    /// The aspect, whosever answer it is.
    #[must_use]
    pub fn of_any(&self) -> &Self {
        match self {
            Self::InRace { aspect, .. } => aspect,
            other => other,
        }
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status => f.write_str("status"),
            Self::Condition => f.write_str("when"),
            Self::Header(name) => write!(f, "header {name}"),
            Self::Body => f.write_str("body"),
            Self::Member(path) => write!(f, "body.{path}"),
            Self::Token { at, part } => match part {
                TokenPart::Whole => write!(f, "jwt {at}"),
                TokenPart::Signature => write!(f, "jwt {at} signature"),
                TokenPart::Header(path) => write!(f, "jwt {at} header.{path}"),
                TokenPart::Claim(path) => write!(f, "jwt {at} claims.{path}"),
            },
            Self::TokenMember(path) => f.write_str(path),
            Self::RedirectTo => f.write_str("redirect to"),
            Self::RedirectParameter(name) => write!(f, "redirect query.{name}"),
            Self::Text => f.write_str("text"),
            Self::Page => f.write_str("page"),
            Self::InternalCode => f.write_str("internal code"),
            Self::Winners => f.write_str("winners"),
            Self::Requests { of, part } => match part {
                RequestPart::Count => write!(f, "requests {of}: count"),
                RequestPart::Member(path) => write!(f, "requests {of}: {path}"),
                RequestPart::Distinct(path) => write!(f, "requests {of}: distinct {path}"),
                RequestPart::Same => write!(f, "requests {of}: same"),
            },
            Self::LinkShown(member) => write!(f, "link {member}"),
            Self::Printed => f.write_str("printed"),
            Self::InRace { whose, aspect } => write!(f, "{}: {aspect}", whose.as_str()),
        }
    }
}

impl Ord for Aspect {
    fn cmp(&self, other: &Self) -> Ordering {
        self.to_string().cmp(&other.to_string())
    }
}

impl PartialOrd for Aspect {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A text that names nothing a check looks at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names nothing that a check looks at; expected `status`, `header NAME`, `body.PATH`, `jwt PATH claims.NAME` or \
     another name that this version of atx writes"
)]
pub struct UnknownAspect(String);

impl FromStr for Aspect {
    type Err = UnknownAspect;

    fn from_str(text: &str) -> Result<Self, UnknownAspect> {
        for whose in [Racer::Winner, Racer::EachLoser] {
            let of = text.strip_prefix(whose.as_str());
            if let Some(aspect) = of.and_then(|rest| rest.strip_prefix(": ")) {
                return Ok(aspect.parse::<Self>()?.of(whose));
            }
        }
        let aspect = match text {
            "status" => Self::Status,
            "when" => Self::Condition,
            "body" => Self::Body,
            "redirect to" => Self::RedirectTo,
            "text" => Self::Text,
            "page" => Self::Page,
            "internal code" => Self::InternalCode,
            "winners" => Self::Winners,
            "printed" => Self::Printed,
            _ => return named(text).ok_or_else(|| UnknownAspect(text.to_owned())),
        };
        Ok(aspect)
    }
}

/// An aspect with a name in it.
fn named(text: &str) -> Option<Aspect> {
    let of = |prefix, aspect: fn(String) -> Aspect| {
        let name = text.strip_prefix(prefix)?;
        Some(aspect(name.to_owned()))
    };
    of("header ", Aspect::Header)
        .or_else(|| of("body.", Aspect::Member))
        .or_else(|| of("redirect query.", Aspect::RedirectParameter))
        .or_else(|| of("link ", Aspect::LinkShown))
        .or_else(|| requests(text.strip_prefix("requests ")?))
        .or_else(|| text.strip_prefix("jwt ").map(token))
        .or_else(|| match Aspect::in_token(text.to_owned()) {
            of_token @ Aspect::TokenMember(_) => Some(of_token),
            _ => None,
        })
}

/// "exchange: form.audience". The name of the requests is an id, which has neither blank nor colon.
fn requests(text: &str) -> Option<Aspect> {
    let (of, part) = text.split_once(": ")?;
    let part = match part {
        "count" => RequestPart::Count,
        "same" => RequestPart::Same,
        _ => match part.strip_prefix("distinct ") {
            Some(path) => RequestPart::Distinct(path.to_owned()),
            None => RequestPart::Member(part.to_owned()),
        },
    };
    Some(Aspect::Requests {
        of: of.to_owned(),
        part,
    })
}

/// Names of members are the server's and the scenario's, and may hold spaces.
fn token(text: &str) -> Aspect {
    let (at, part) = if let Some((at, path)) = text.split_once(" header.") {
        (at, TokenPart::Header(path.to_owned()))
    } else if let Some((at, path)) = text.split_once(" claims.") {
        (at, TokenPart::Claim(path.to_owned()))
    } else if let Some(at) = text.strip_suffix(" signature") {
        (at, TokenPart::Signature)
    } else {
        (text, TokenPart::Whole)
    };
    Aspect::Token {
        at: at.to_owned(),
        part,
    }
}

impl Serialize for Aspect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Aspect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part() -> impl Strategy<Value = TokenPart> {
        prop_oneof![
            Just(TokenPart::Whole),
            Just(TokenPart::Signature),
            "[a-z*.]{1,9}".prop_map(TokenPart::Header),
            "\\PC{1,9}".prop_map(TokenPart::Claim),
        ]
    }

    fn request_part() -> impl Strategy<Value = RequestPart> {
        prop_oneof![
            Just(RequestPart::Count),
            Just(RequestPart::Same),
            "form\\.[a-z]{1,9}".prop_map(RequestPart::Member),
            "[a-z.]{1,9}".prop_map(RequestPart::Distinct),
        ]
    }

    fn aspect() -> impl Strategy<Value = Aspect> {
        let plain = prop_oneof![
            Just(Aspect::Status),
            Just(Aspect::Condition),
            Just(Aspect::Body),
            Just(Aspect::RedirectTo),
            Just(Aspect::Text),
            Just(Aspect::Page),
            Just(Aspect::InternalCode),
            Just(Aspect::Winners),
            Just(Aspect::Printed),
            "[a-z_]{1,9}".prop_map(Aspect::LinkShown),
            ("[a-z-]{1,9}", request_part()).prop_map(|(of, part)| Aspect::Requests { of, part }),
            "[a-z-]{1,9}".prop_map(Aspect::Header),
            "\\PC{0,9}".prop_map(Aspect::Member),
            "\\PC{0,9}".prop_map(Aspect::RedirectParameter),
            "(header|claims)(\\.[a-z.]{1,9})?".prop_map(Aspect::TokenMember),
            ("[a-z._]{1,9}", part()).prop_map(|(at, part)| Aspect::Token { at, part }),
        ];
        let racer = prop_oneof![Just(Racer::Winner), Just(Racer::EachLoser)];
        (plain, proptest::option::of(racer)).prop_map(|(aspect, racer)| match racer {
            Some(whose) => aspect.of(whose),
            None => aspect,
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(aspect in aspect()) {
            prop_assert_eq!(aspect.to_string().parse::<Aspect>(), Ok(aspect));
        }

        #[test]
        fn what_is_read_is_written_again(text in "\\PC*") {
            if let Ok(aspect) = text.parse::<Aspect>() {
                prop_assert_eq!(aspect.to_string(), text);
            }
        }
    }

    #[test]
    fn a_name_with_a_space_can_be_read_again() {
        let at = "body.my token".to_owned();
        for part in [TokenPart::Whole, TokenPart::Claim("a claim".to_owned())] {
            let aspect = Aspect::Token {
                at: at.clone(),
                part,
            };
            assert_eq!(aspect.to_string().parse(), Ok(aspect));
        }
        // Of a token there are two parts; whatever else a rule names is a member of the body.
        for (path, text) in [("claims.jti", "claims.jti"), ("jti", "body.jti")] {
            let aspect = Aspect::in_token(path.to_owned());
            assert_eq!(aspect.to_string(), text);
            assert_eq!(text.parse(), Ok(aspect));
        }
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for text in ["", "status ", "error", "the winner: ", "who: status"] {
            let error = text.parse::<Aspect>().unwrap_err().to_string();
            assert!(error.contains("names nothing"), "{error}");
        }
    }
}
