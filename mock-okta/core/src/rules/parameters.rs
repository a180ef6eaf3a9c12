//! The parameters as such: each once, none of them secret in the query.

use crate::context::Context;
use crate::refusal::{Refusal, Refused};
use crate::request::Params;

/// RFC 8693 §2.1: these may be repeated; whether they are accepted is judged later.
const REPEATABLE: [&str; 2] = ["audience", "resource"];

/// What RFC 6749 §2.3.1 and RFC 9700 §4.3.2 keep out of URLs.
const SECRET: [&str; 9] = [
    "client_secret",
    "client_assertion",
    "subject_token",
    "actor_token",
    "assertion",
    "code",
    "code_verifier",
    "refresh_token",
    "token",
];

/// Judges the form of a token request, before anything in it is read.
///
/// # Errors
/// `invalid_request`, `duplicate_oauth_params`, `client_credentials_in_query`
pub fn judge(cx: &mut Context<'_>) -> Result<(), Refused> {
    judge_size(cx, cx.form())?;
    judge_size(cx, &cx.request.query)?;
    let in_query = SECRET.iter().any(|name| cx.request.query.has(name));
    cx.gate.require(!in_query, Refusal::CredentialsInQuery)?;
    let repeated = cx.form().repeated(&REPEATABLE).is_some();
    cx.gate.require(!repeated, Refusal::DuplicateParameter)
}

/// How many parameters there are, and how long.
///
/// # Errors
/// `invalid_request`
pub fn judge_size(cx: &mut Context<'_>, params: &Params) -> Result<(), Refused> {
    cx.gate
        .require(params.within_limits(), Refusal::InvalidRequest)
}

/// A parameter without which the grant cannot go on.
///
/// # Errors
/// `missing_token_request_parameter`
pub fn required<'a>(cx: &mut Context<'a>, name: &str) -> Result<&'a str, Refused> {
    let value = cx.form().get(name);
    cx.gate.some(value, Refusal::MissingParameter)
}
