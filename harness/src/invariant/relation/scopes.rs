//! Scopes: of the request, of the answer, of the token.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Said, View, words};
use crate::invariant::classify::parameter;
use crate::invariant::engine::Token;
use crate::scenario::model::TokenKind;

/// RFC 6749 §5.1: the answer says the scope of its token. One that says nothing grants what was asked for.
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
        "body.scope",
        "the scope of the token, or left out where that is the scope of the request",
        seen,
    ))
}

/// Nothing is granted that was not asked for.
pub(super) fn within_request(view: &View<'_>) -> Option<Said> {
    let requested = requested(view)?;
    beyond(view, &requested, "no more than the scope of the request")
}

/// ID-JAG §4.4.1: the access token's scope never exceeds that of the ID-JAG.
pub(super) fn within_id_jag(view: &View<'_>) -> Option<Said> {
    let most = of_string(view.names.presented?.get("scope")?)?;
    beyond(view, &most, "no more than the scope of the ID-JAG")
}

/// What is granted beyond a scope, by the answer or by the token in it.
fn beyond(view: &View<'_>, most: &BTreeSet<&str>, expected: &str) -> Option<Said> {
    let of_answer = view.member("scope").and_then(of_string);
    let of_token = view
        .tokens
        .iter()
        .filter(|token| token.kind != TokenKind::IdToken);
    let of_token: Vec<BTreeSet<&str>> = of_token.filter_map(self::of_token).collect();
    if of_answer.is_none() && of_token.is_empty() {
        return None;
    }
    let granted: BTreeSet<&str> = of_answer.into_iter().chain(of_token).flatten().collect();
    let more: BTreeSet<&str> = granted.difference(most).copied().collect();
    let seen = (!more.is_empty()).then(|| words(format!("also `{}`", list(&more))));
    Some(Said::new("scope granted", expected, seen))
}

fn access_token<'v>(view: &'v View<'_>) -> Option<&'v Token> {
    let mut tokens = view.tokens.iter();
    tokens.find(|token| token.kind == TokenKind::AccessToken)
}

fn requested<'v>(view: &'v View<'_>) -> Option<BTreeSet<&'v str>> {
    let scope = parameter(&view.exchange.request, "scope")?;
    Some(scope.split_whitespace().collect())
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
