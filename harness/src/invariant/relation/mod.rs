//! What no matcher can say: relations between the members of an answer, between an answer and its request, and between
//! the answers of a run.

mod answers;
mod challenge;
mod documents;
mod identity;
mod keys;
mod scopes;
mod tokens;

use crate::result::Aspect;
use std::collections::BTreeMap;

use serde_json::Value;

use super::classify::Class;
use super::names::ExchangeNames;
use super::token::Token;
use crate::check::Seen;
use crate::exchange::Exchange;
use crate::scenario::model::{Relation, UserRole};

/// What a relation looks at.
pub(super) struct View<'v> {
    pub(super) exchange: &'v Exchange,
    pub(super) class: Class,
    pub(super) names: &'v ExchangeNames<'v>,
    /// All tokens of the answer.
    pub(super) tokens: &'v [Token],
    /// The token that the rule is about, if it is about tokens.
    pub(super) token: Option<&'v Token>,
}

impl View<'_> {
    /// The body, if it is JSON.
    fn body(&self) -> Option<&Value> {
        self.exchange.response.json.as_ref()
    }

    /// A member of the body.
    fn member(&self, name: &str) -> Option<&Value> {
        self.body()?.get(name)
    }

    /// A member of the body that is a string.
    fn text(&self, name: &str) -> Option<&str> {
        self.member(name)?.as_str()
    }

    /// What a relation about people looks at: the claims of a token, or the body.
    fn statement(&self) -> Option<&Value> {
        match self.token {
            Some(token) => token.json.get("claims"),
            None => self.body(),
        }
    }
}

/// One thing that was looked at.
pub(super) struct Said {
    pub(super) check: Aspect,
    pub(super) expected: String,
    /// What was there instead, where it does not hold.
    pub(super) broken: Option<Seen>,
}

impl Said {
    fn new(check: Aspect, expected: impl Into<String>, broken: Option<Seen>) -> Self {
        Self {
            check,
            expected: expected.into(),
            broken,
        }
    }
}

/// A value that is not what it should be.
fn value(path: &str, value: &Value) -> Seen {
    Seen::Value {
        path: path.to_owned(),
        value: value.clone(),
    }
}

fn words(words: impl Into<String>) -> Seen {
    Seen::Words(words.into())
}

/// What exchanges of a run said that later ones are held against.
#[derive(Default)]
pub struct Memory {
    /// By issuer and `jti`: the token.
    jtis: BTreeMap<(String, String), String>,
    /// By user and claim: what was said first.
    profiles: BTreeMap<(UserRole, &'static str), Value>,
}

/// It holds tokens.
impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Memory({} jti)", self.jtis.len())
    }
}

/// What a relation says; nothing where it does not apply.
pub(super) fn judge(relation: Relation, view: &View<'_>, memory: &mut Memory) -> Vec<Said> {
    let one = |said: Option<Said>| said.into_iter().collect();
    match relation {
        Relation::JsonObject => vec![answers::json_object(view)],
        Relation::ErrorCharset => answers::error_charset(view),
        Relation::ChallengeSyntax => one(challenge::syntax(view)),
        Relation::ScopeAgrees => one(scopes::agrees(view)),
        Relation::IntrospectionAgrees => answers::introspection_agrees(view),
        Relation::NobodyElse => identity::nobody_else(view),
        Relation::OneProfile => identity::one_profile(view, memory),
        Relation::AuthTime => one(tokens::auth_time(view)),
        Relation::AtHash => one(tokens::at_hash(view)),
        Relation::LifetimeAsSaid => one(tokens::lifetime_as_said(view)),
        Relation::DistinctJti => one(tokens::distinct_jti(view, memory)),
        Relation::DocumentsAgree => documents::agree(view),
        Relation::IssuerOrigin => documents::issuer_origin(view),
        Relation::NoEmptyLists => documents::no_empty_lists(view),
        Relation::OpenIdMembers => documents::openid_members(view),
        Relation::NoPrivateKeys => one(keys::no_private(view)),
        Relation::DistinctKids => one(keys::distinct_kids(view)),
        Relation::KeySizes => one(keys::sizes(view)),
    }
}
