//! Every template of a resolved change or expectation, so that its references can be judged.

use super::model::{
    Change, ClaimChange, Expectation, JwtMutation, Located, Matcher, Mutation, Params, Template,
    ValueTemplate,
};

/// Templates found so far.
type Found<'a> = Vec<&'a Template>;

/// Those of a case's change.
pub(crate) fn of_change(change: &Change) -> Found<'_> {
    let mut found = Found::new();
    params(&change.headers, &mut found);
    found.extend(&change.url);
    change
        .credential
        .iter()
        .for_each(|shown| found.extend(shown.templates()));
    for (_, mutation) in &change.params {
        match mutation {
            Mutation::Set(template)
            | Mutation::Append(template)
            | Mutation::Double(Some(template)) => {
                found.push(template);
            }
            Mutation::Drop
            | Mutation::Empty
            | Mutation::Double(None)
            | Mutation::Lengthen(_)
            | Mutation::Query
            | Mutation::QueryToo
            | Mutation::NotUtf8 => {}
            Mutation::Jwt(jwt) => jwt_members(jwt, &mut found),
        }
    }
    if let Some(jwt) = &change.bearer_jwt {
        jwt_members(jwt, &mut found);
    }
    found
}

/// Those of expectations.
pub(crate) fn of_expectations(expectations: &[Expectation]) -> Found<'_> {
    let mut found = Found::new();
    for block in expectations {
        let single = [&block.status, &block.text, &block.page]
            .into_iter()
            .flatten();
        single.for_each(|one| matcher(&one.value, &mut found));
        matchers(&block.headers, &mut found);
        matchers(&block.body, &mut found);
        if let Some(when) = &block.when {
            when.status
                .iter()
                .for_each(|status| matcher(&status.value, &mut found));
            matchers(&when.headers, &mut found);
            matchers(&when.body, &mut found);
            matchers(&when.saved, &mut found);
        }
        for jwt in &block.jwt {
            matchers(&jwt.header, &mut found);
            matchers(&jwt.claims, &mut found);
        }
        if let Some(redirect) = &block.redirect {
            redirect
                .to
                .iter()
                .for_each(|to| matcher(&to.value, &mut found));
            matchers(&redirect.query, &mut found);
        }
    }
    found
}

fn jwt_members<'a>(jwt: &'a JwtMutation, found: &mut Found<'a>) {
    members(&jwt.header, found);
    members(&jwt.claims, found);
    let text = &jwt.text;
    for (_, second) in text.duplicate_header.iter().chain(&text.duplicate_claims) {
        value(second, found);
    }
}

/// Those of members of a token.
pub(super) fn members<'a>(changes: &'a [(String, ClaimChange)], found: &mut Found<'a>) {
    for (_, change) in changes {
        if let ClaimChange::Set(set) = change {
            value(set, found);
        }
    }
}

fn params<'a>(named: &'a Params, found: &mut Found<'a>) {
    found.extend(named.iter().map(|(_, template)| template));
}

fn matchers<'a>(named: &'a [(String, Located<Matcher>)], found: &mut Found<'a>) {
    for (_, one) in named {
        matcher(&one.value, found);
    }
}

fn matcher<'a>(one: &'a Matcher, found: &mut Found<'a>) {
    match one {
        Matcher::Equals(set) => value(set, found),
        Matcher::OneOf(values) => values.iter().for_each(|one| value(one, found)),
        Matcher::Not(inner) | Matcher::AbsentOr(inner) => matcher(inner, found),
        Matcher::All(all) | Matcher::AnyOf(all) => all.iter().for_each(|one| matcher(one, found)),
        Matcher::Contains(template)
        | Matcher::StartsWith(template)
        | Matcher::EndsWith(template)
        | Matcher::Scopes(template)
        | Matcher::SubsetOf(template)
        | Matcher::Origin(template)
        | Matcher::DiffersFrom(template) => found.push(template),
        Matcher::Includes(templates) => found.extend(templates),
        Matcher::Challenge(challenge) => challenge
            .parameters
            .iter()
            .for_each(|(_, one)| matcher(one, found)),
        Matcher::Matches(_)
        | Matcher::AtLeast(_)
        | Matcher::AtMost(_)
        | Matcher::Within { .. }
        | Matcher::After(_)
        | Matcher::Type(_)
        | Matcher::Present
        | Matcher::Absent
        | Matcher::MediaType(_)
        | Matcher::Directive(_)
        | Matcher::LengthAtLeast(_) => {}
    }
}

/// Those of a value.
pub(super) fn value<'a>(one: &'a ValueTemplate, found: &mut Found<'a>) {
    match one {
        ValueTemplate::Null
        | ValueTemplate::Bool(_)
        | ValueTemplate::Int(_)
        | ValueTemplate::Float(_) => {}
        ValueTemplate::Text(template) => found.push(template),
        ValueTemplate::List(items) => items.iter().for_each(|item| value(item, found)),
        ValueTemplate::Object(members) => {
            for (_, member) in members {
                value(member, found);
            }
        }
    }
}
