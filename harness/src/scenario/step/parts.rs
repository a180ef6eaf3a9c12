//! What the forms of several kinds of step share.

use serde_json::{Value, json};
use strict_yaml::{FromNode, Node, Place, Problem, Problems};

use crate::scenario::form::{Defs, Described, Named, form};
use crate::scenario::model::{Credential, Params, Template};

form! {
    /// A header field.
    HeaderForm, "a header field", "header" {
        /// Its name.
        required name: String,
        /// Its value.
        required value: Template,
    }
}

form! {
    /// HTTP Basic.
    BasicForm, "basic credentials", "basic" {
        /// The user name.
        required username: Template,
        /// The password.
        required password: Template,
    }
}

impl HeaderForm {
    pub(crate) fn credential(self) -> Credential {
        Credential::Header(
            self.name.unwrap_or_default(),
            self.value.unwrap_or_default(),
        )
    }
}

impl BasicForm {
    pub(crate) fn credential(self) -> Credential {
        Credential::Basic {
            username: self.username.unwrap_or_default(),
            password: self.password.unwrap_or_default(),
        }
    }
}

/// The one credential that is shown, if any; more than one are noted.
pub(crate) fn one_credential(
    written: Vec<Credential>,
    place: Place,
    problems: &mut Problems,
) -> Option<Credential> {
    if written.len() > 1 {
        let problem = Problem::new(place, "one credential at a time");
        problems.push(problem.expected("one of bearer, header, basic"));
    }
    written.into_iter().next()
}

/// An HTTP method as it goes on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Method(pub(crate) String);

impl FromNode for Method {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let method = String::from_node(node, problems)?;
        if !method.is_empty() && method.chars().all(|c| c.is_ascii_uppercase()) {
            return Some(Self(method));
        }
        problems.push(
            Problem::new(node.place, format!("`{method}` is no HTTP method"))
                .expected("a word in upper case, such as GET or POST"),
        );
        None
    }
}

impl Described for Method {
    fn schema(_: &mut Defs) -> Value {
        json!({ "type": "string", "pattern": "^[A-Z]+$" })
    }
}

/// Parameters that were written, in this order.
pub(super) fn params<const N: usize>(named: [(&str, Option<Template>); N]) -> Params {
    named
        .into_iter()
        .filter_map(|(name, template)| Some((name.to_owned(), template?)))
        .collect()
}

/// Adds `extra`; a parameter that the step has of its own belongs there.
pub(super) fn with_extra(
    mut own: Params,
    extra: Option<Named<Template>>,
    problems: &mut Problems,
) -> Params {
    for (name, template) in extra.unwrap_or_default().0 {
        if own.iter().any(|(known, _)| *known == name.value) {
            problems.push(twice(name.place, &name.value));
        } else {
            own.push((name.value, template));
        }
    }
    own
}

fn twice(place: Place, name: &str) -> Problem {
    Problem::new(place, format!("the step sends `{name}` already"))
        .help("write it as a key of the step; to send it twice, `change` it in a case: `{ double: true }`")
}

/// The templates of parameters.
pub(super) fn templates(params: &Params) -> impl Iterator<Item = &Template> {
    params.iter().map(|(_, template)| template)
}

/// The names of parameters, and these.
pub(super) fn names(params: &Params, more: &[&str]) -> Vec<String> {
    let written = params.iter().map(|(name, _)| name.as_str());
    written
        .chain(more.iter().copied())
        .map(ToOwned::to_owned)
        .collect()
}

/// Parameters by which a client authenticates; which of them are sent is the target's affair.
pub(super) const CLIENT_PARAMS: [&str; 4] = [
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
];

/// Names that are probably meant when something like them is written in a token request.
pub(super) const TOKEN_PARAMS: [&str; 14] = [
    "grant_type",
    "requested_token_type",
    "subject_token",
    "subject_token_type",
    "actor_token",
    "actor_token_type",
    "audience",
    "resource",
    "scope",
    "assertion",
    "code",
    "code_verifier",
    "redirect_uri",
    "refresh_token",
];

/// Keys with `$` that apply to a form posted to a server's endpoint; the last two say how often it is posted.
pub(super) const REPEATABLE_FORM_OPTIONS: &[&str] = &[
    "$as",
    "$client_auth",
    "$at",
    "$method",
    "$encoding",
    "$headers",
    "$scheme",
    "$repeat",
    "$race",
];

/// The same, for a form that is posted once.
pub(super) const FORM_OPTIONS: &[&str] = REPEATABLE_FORM_OPTIONS.split_at(7).0;
