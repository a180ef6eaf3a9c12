//! What two runs differ in, and what each saw of it. Both are compared as they are; only a page makes text of them.

use std::fmt;

use crate::result::Aspect;

/// What a difference is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// How many exchanges a step took.
    Exchanges {
        /// The step.
        step: String,
    },
    /// Whether there was an answer, and which.
    Status,
    /// A check of a case.
    Check {
        /// What it looked at.
        check: Aspect,
        /// What it expected.
        expected: String,
    },
    /// Where the browser was sent.
    Redirect,
    /// A parameter of that address.
    RedirectParameter(String),
    /// A header field.
    Header(String),
    /// What kind of body there was.
    Body,
    /// A member of a JSON body, by its path.
    Member(String),
    /// A token, by the member that holds it.
    Token(String),
    /// A member of its header.
    TokenHeader {
        /// The member.
        name: String,
        /// The token.
        token: String,
    },
    /// A claim of it.
    Claim {
        /// By its path.
        path: String,
        /// The token.
        token: String,
    },
    /// How long it is valid.
    Lifetime {
        /// The token.
        token: String,
    },
    /// In which order some names stood.
    Order(Names),
}

/// Names that have an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Names {
    /// Steps of a case.
    Steps,
    /// Members of a JSON object, by its path; that of the body itself is empty.
    Members(String),
    /// Members of a token's header.
    TokenHeader(String),
    /// Claims of a token.
    Claims(String),
}

/// Which subjects belong together, in the order in which pages list them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Exchanges,
    Status,
    Redirect,
    Header,
    Body,
    Member,
    Token,
    Order,
}

impl Subject {
    pub(super) const fn kind(&self) -> Kind {
        match self {
            Self::Exchanges { .. } => Kind::Exchanges,
            Self::Status | Self::Check { .. } => Kind::Status,
            Self::Redirect | Self::RedirectParameter(_) => Kind::Redirect,
            Self::Header(_) => Kind::Header,
            Self::Body => Kind::Body,
            Self::Member(_) => Kind::Member,
            Self::Token(_)
            | Self::TokenHeader { .. }
            | Self::Claim { .. }
            | Self::Lifetime { .. } => Kind::Token,
            Self::Order(_) => Kind::Order,
        }
    }
}

/// Names stand between backticks.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exchanges { step } => write!(f, "exchanges of step `{step}`"),
            Self::Status => f.write_str("status"),
            Self::Check { check, expected } => write!(f, "check `{check}`, expected {expected}"),
            Self::Redirect => f.write_str("redirect"),
            Self::RedirectParameter(name) => write!(f, "parameter `{name}` of the redirect"),
            Self::Header(name) => write!(f, "header `{name}`"),
            Self::Body => f.write_str("body"),
            Self::Member(path) => write!(f, "member `{path}`"),
            Self::Token(token) => write!(f, "token `{token}`"),
            Self::TokenHeader { name, token } => write!(f, "header `{name}` of token `{token}`"),
            Self::Claim { path, token } => write!(f, "claim `{path}` of token `{token}`"),
            Self::Lifetime { token } => write!(f, "lifetime of token `{token}`"),
            Self::Order(names) => write!(f, "order of {names}"),
        }
    }
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Steps => f.write_str("steps"),
            Self::Members(path) if path.is_empty() => f.write_str("members"),
            Self::Members(path) => write!(f, "members of `{path}`"),
            Self::TokenHeader(token) => write!(f, "header of token `{token}`"),
            Self::Claims(token) => write!(f, "claims of token `{token}`"),
        }
    }
}

/// What a run saw of a subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seen {
    /// That it is there, and there is no more to say.
    Present,
    /// A value, or its type where the types differ.
    Value(String),
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present => f.write_str("present"),
            Self::Value(value) => f.write_str(value),
        }
    }
}
