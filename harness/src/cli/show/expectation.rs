//! What must come back, in words.

use crate::scenario::model::{
    Condition, Expectation, JwtExpectation, Located, Matcher, SaveSource,
};

/// What is looked at, and what it must be.
pub(super) fn describe(expectation: &Expectation) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    rows.extend(expectation.when.as_ref().map(condition));
    let mut row =
        |name: String, matcher: &Located<Matcher>| rows.push((name, matcher.value.to_string()));
    if let Some(status) = &expectation.status {
        row("status".to_owned(), status);
    }
    for (name, matcher) in &expectation.headers {
        row(format!("{name}:"), matcher);
    }
    for (path, matcher) in &expectation.body {
        row(format!("body.{path}"), matcher);
    }
    if let Some(redirect) = &expectation.redirect {
        if let Some(to) = &redirect.to {
            row("redirect to".to_owned(), to);
        }
        for (name, matcher) in &redirect.query {
            row(format!("redirect query {name}"), matcher);
        }
    }
    if let Some(text) = &expectation.text {
        row("the raw body".to_owned(), text);
    }
    if let Some(page) = &expectation.page {
        row("the HTML page".to_owned(), page);
    }
    rows.extend(expectation.jwt.iter().flat_map(token));
    if let Some(code) = &expectation.code {
        let codes = code.value.join(" or ");
        rows.push((
            "internal code".to_owned(),
            format!("{codes}, where the target shows it"),
        ));
    }
    rows
}

/// The answers that a block is about.
fn condition(when: &Condition) -> (String, String) {
    let status = when.status.iter();
    let parts = status
        .map(|status| format!("status {}", status.value))
        .chain((when.headers.iter()).map(|(name, one)| format!("{name} {}", one.value)))
        .chain((when.body.iter()).map(|(path, one)| format!("body.{path} {}", one.value)))
        .chain((when.saved.iter()).map(|(name, one)| format!("${{{name}}} {}", one.value)));
    let parts: Vec<_> = parts.collect();
    ("only if".to_owned(), parts.join(" and "))
}

/// Where a saved value comes from.
pub(super) fn source(source: &SaveSource) -> String {
    match source {
        SaveSource::Body(path) => format!("body.{path}"),
        SaveSource::Header(name) => format!("header {name}"),
        SaveSource::Query(name) => format!("query {name} of the redirect"),
        SaveSource::Challenge(name) => format!("parameter {name} of the challenge"),
        SaveSource::Claim { token, claim } => format!("claim {claim} of body.{token}"),
        SaveSource::JoseHeader { token, member } => {
            format!("header member {member} of body.{token}")
        }
        SaveSource::Status => "status".to_owned(),
    }
}

fn token(jwt: &JwtExpectation) -> Vec<(String, String)> {
    let signed = match jwt.signed_by {
        Some(server) => format!("a JWT whose signature a published key of {server} verifies"),
        None => "a JWT; its signature is not judged".to_owned(),
    };
    let signed = if jwt.optional {
        format!("where there is one, {signed}")
    } else {
        signed
    };
    let mut rows = vec![(jwt.at.clone(), signed)];
    for (part, members) in [("header", &jwt.header), ("claim", &jwt.claims)] {
        rows.extend(
            members
                .iter()
                .map(|(name, matcher)| (format!("  {part} {name}"), matcher.value.to_string())),
        );
    }
    if let Some(token) = &jwt.at_hash_of {
        let hash = format!("the half hash of {token}, where it is there");
        rows.push(("  claim at_hash".to_owned(), hash));
    }
    if let Some(seconds) = &jwt.lives {
        let lives = format!("{seconds} s after iat, where the answer says so");
        rows.push(("  claim exp".to_owned(), lives));
    }
    rows
}
