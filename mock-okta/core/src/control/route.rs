//! One route of test control, and how a request is matched against it.

use std::fmt;

use super::command::{Call, Command};
use super::error::ControlError;
use super::wire::Fields;

/// A request that test control understands: a method, a path, and what they do.
///
/// [`Route::ALL`] is the only list of them. Requests are dispatched by it, 404 and 405 name what it holds, and the
/// documentation is tested against it.
#[derive(Debug)]
pub struct Route {
    /// The HTTP method.
    pub method: &'static str,
    /// The path after `/_mock/`. A segment in braces stands for any text.
    pub path: &'static str,
    /// Parameters that the query may have.
    pub query: &'static [&'static str],
    /// What the body may hold.
    pub body: RouteBody,
    /// What the request does, as the documentation says it.
    pub summary: &'static str,
    pub(super) read: Reader,
}

/// Makes the call of a request that matches a route.
pub(super) type Reader = fn(&Input<'_>) -> Result<Call, ControlError>;

/// What the body of a request may hold.
#[derive(Debug, Clone, Copy)]
pub enum RouteBody {
    /// The body is not read.
    Unread,
    /// A JSON object with these members; without members, no body or an empty object.
    Members(&'static [&'static str]),
    /// A JSON object with the members of one of these lists.
    OneOf(&'static [&'static [&'static str]]),
    /// A JSON merge patch of the org file.
    OrgPatch,
    /// A JSON object that is a fault.
    Fault,
}

/// A request that matches a route.
pub(super) struct Input<'r> {
    /// The texts that stand for the segments in braces, decoded.
    pub(super) captures: Vec<&'r str>,
    pub(super) query: &'r str,
    pub(super) body: &'r [u8],
    pub(super) route: &'static Route,
}

impl Route {
    /// A route that reads without changing anything.
    pub(super) const fn get(path: &'static str, summary: &'static str, read: Reader) -> Self {
        Self::new("GET", path, RouteBody::Unread, summary, read)
    }

    /// A route that replaces what is there.
    pub(super) const fn put(
        path: &'static str,
        members: &'static [&'static str],
        summary: &'static str,
        read: Reader,
    ) -> Self {
        Self::new("PUT", path, RouteBody::Members(members), summary, read)
    }

    /// A route that carries out a command.
    pub(super) const fn post(
        path: &'static str,
        members: &'static [&'static str],
        summary: &'static str,
        read: Reader,
    ) -> Self {
        Self::new("POST", path, RouteBody::Members(members), summary, read)
    }

    pub(super) const fn new(
        method: &'static str,
        path: &'static str,
        body: RouteBody,
        summary: &'static str,
        read: Reader,
    ) -> Self {
        Self {
            method,
            path,
            query: &[],
            body,
            summary,
            read,
        }
    }

    /// The same route with these parameters in its query.
    pub(super) const fn with_query(mut self, query: &'static [&'static str]) -> Self {
        self.query = query;
        self
    }

    /// The texts that stand for the segments in braces, if the segments of a path match this route's.
    pub(super) fn captures<'r>(&self, segments: &[&'r str]) -> Option<Vec<&'r str>> {
        let mut captures = Vec::new();
        let mut patterns = self.path.split('/');
        for segment in segments {
            match patterns.next()? {
                pattern if pattern.starts_with('{') => captures.push(*segment),
                literal if literal == *segment => {}
                _ => return None,
            }
        }
        patterns.next().is_none().then_some(captures)
    }
}

impl Input<'_> {
    /// The members of the body, which are those of the route and no others.
    pub(super) fn members(&self) -> Result<Fields, ControlError> {
        match self.route.body {
            RouteBody::Members(known) => Fields::parse(self.body, known),
            RouteBody::Unread | RouteBody::OneOf(_) | RouteBody::OrgPatch | RouteBody::Fault => {
                Fields::parse(self.body, &[])
            }
        }
    }

    /// A command without anything in the body.
    pub(super) fn without_body(&self, command: Command) -> Result<Call, ControlError> {
        self.members()?;
        Ok(Call::Command(command))
    }

    /// The text that stands for the first segment in braces.
    pub(super) fn name(&self) -> String {
        self.captures
            .first()
            .copied()
            .unwrap_or_default()
            .to_owned()
    }
}

/// As the documentation shows it.
impl fmt::Display for RouteBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |members: &[&str]| {
            let names: Vec<String> = members.iter().map(|name| format!("`{name}`")).collect();
            names.join(", ")
        };
        match self {
            Self::Unread => Ok(()),
            Self::Members(members) => f.write_str(&list(members)),
            Self::OneOf(lists) => {
                let lists: Vec<String> = lists.iter().map(|members| list(members)).collect();
                f.write_str(&lists.join(" or "))
            }
            Self::OrgPatch => f.write_str("a merge patch of the org file"),
            Self::Fault => f.write_str("`fault` and its parameters"),
        }
    }
}
