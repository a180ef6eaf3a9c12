//! Scopes: of the request, of the answer, of the token.

use crate::result::Aspect;
use std::collections::BTreeSet;

use serde_json::Value;

use super::{Said, View, words};
use crate::invariant::classify::parameter;
use crate::invariant::token::Token;
use crate::scenario::model::{Grant, TokenKind};

/// RFC 6749 §5.1: the answer says the scope of its token. One that says nothing grants what was asked for: in the request,
/// or in the ID-JAG of a request that names no scope.
pub(super) fn agrees(view: &View<'_>) -> Option<Said> {
    let token = access_token(view)?;
    let granted = of_token(token)?;
    let (said, whose) = match view.member("scope") {
        Some(said) => (of_string(said)?, "the answer"),
        None => (requested(view)?, "the request, as the answer says nothing"),
    };
    let broken = said != granted;
    let seen = broken.then(|| {
        let (granted, said) = (list(&granted), list(&said));
        words(format!("`{granted}` in the token, `{said}` in {whose}"))
    });
    Some(Said::new(
        Aspect::Member("scope".to_owned()),
        "the scope of the token, or left out where that is the scope of the request",
        seen,
    ))
}

fn access_token<'v>(view: &'v View<'_>) -> Option<&'v Token> {
    let mut tokens = view.tokens.iter();
    tokens.find(|token| token.kind == TokenKind::AccessToken)
}

fn requested<'v>(view: &'v View<'_>) -> Option<BTreeSet<&'v str>> {
    let scope = parameter(&view.exchange.request, "scope").or_else(|| of_id_jag(view))?;
    Some(scope.split_whitespace().collect())
}

fn of_id_jag<'v>(view: &'v View<'_>) -> Option<&'v str> {
    if view.class.grant != Some(Grant::Redeem) {
        return None;
    }
    view.names.presented?.get("scope")?.as_str()
}

/// `scope` (RFC 8693 §4.2, RFC 9068 §2.2.3), or Okta's `scp`.
fn of_token(token: &Token) -> Option<BTreeSet<&str>> {
    match token.claim("scope").or_else(|| token.claim("scp"))? {
        Value::Array(items) => items.iter().map(Value::as_str).collect(),
        text => of_string(text),
    }
}

fn of_string(value: &Value) -> Option<BTreeSet<&str>> {
    Some(value.as_str()?.split_whitespace().collect())
}

fn list(scopes: &BTreeSet<&str>) -> String {
    scopes.iter().copied().collect::<Vec<_>>().join(" ")
}
