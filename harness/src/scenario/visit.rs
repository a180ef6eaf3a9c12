//! Every template of a resolved step, change or expectation, so that its references can be judged.

use super::model::{
    Action, Change, ClaimChange, ControlCommand, Credential, Expectation, JwtMutation, Located,
    Matcher, Mutation, Params, Template, ValueTemplate,
};

/// Templates found so far.
type Found<'a> = Vec<&'a Template>;

/// Those of a step's action.
pub(crate) fn of_action(action: &Action) -> Found<'_> {
    let mut found = Found::new();
    match action {
        Action::Metadata { .. } | Action::Keys { .. } | Action::AdvanceClock(_) => {}
        Action::SignIn { scope, nonce, .. } => found.extend(scope.iter().chain(nonce)),
        Action::Authorize {
            password,
            params: named,
            ..
        } => {
            found.extend(password);
            params(named, &mut found);
        }
        Action::Token { params: named, .. } | Action::Manage { params: named, .. } => {
            params(named, &mut found);
        }
        Action::UserInfo { access_token, .. } => found.push(access_token),
        Action::Consent { at: url, .. } | Action::Visit { url, .. } => found.push(url),
        Action::Call {
            url,
            credential: shown,
            query,
            ..
        } => {
            found.push(url);
            credential(shown, &mut found);
            params(query, &mut found);
        }
        Action::Control(one) => command(one, &mut found),
        Action::Sign {
            token,
            header,
            claims,
            ..
        } => {
            found.push(token);
            members(header, &mut found);
            members(claims, &mut found);
        }
        Action::Http {
            url,
            headers,
            body,
            form,
            ..
        } => {
            found.push(url);
            params(headers, &mut found);
            found.extend(body);
            if let Some(form) = form {
                params(form, &mut found);
            }
        }
    }
    found
}

/// Those of a case's change.
pub(crate) fn of_change(change: &Change) -> Found<'_> {
    let mut found = Found::new();
    params(&change.headers, &mut found);
    found.extend(&change.url);
    change
        .credential
        .iter()
        .for_each(|shown| credential(shown, &mut found));
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

fn members<'a>(changes: &'a [(String, ClaimChange)], found: &mut Found<'a>) {
    for (_, change) in changes {
        if let ClaimChange::Set(set) = change {
            value(set, found);
        }
    }
}

fn params<'a>(named: &'a Params, found: &mut Found<'a>) {
    found.extend(named.iter().map(|(_, template)| template));
}

fn credential<'a>(shown: &'a Credential, found: &mut Found<'a>) {
    match shown {
        Credential::None => {}
        Credential::Bearer(template) | Credential::Header(_, template) => found.push(template),
        Credential::Basic { username, password } => found.extend([username, password]),
    }
}

fn command<'a>(command: &'a ControlCommand, found: &mut Found<'a>) {
    match command {
        ControlCommand::SuspendUser(_)
        | ControlCommand::RestoreUser(_)
        | ControlCommand::DeactivateAgent(_)
        | ControlCommand::ActivateAgent(_)
        | ControlCommand::RotateKey(_) => {}
        ControlCommand::DeactivateConnection(_, resource)
        | ControlCommand::ActivateConnection(_, resource)
        | ControlCommand::GrantConsent(_, _, resource)
        | ControlCommand::RefuseConsent(_, _, resource)
        | ControlCommand::WithdrawConsent(_, _, resource) => found.push(resource),
        ControlCommand::Configure(_, members) => {
            for (_, member) in members {
                value(member, found);
            }
        }
        ControlCommand::PublishKeys { at, keys, with, .. } => {
            found.push(at);
            for (_, member) in with {
                value(member, found);
            }
            if let Some(keys) = keys {
                value(keys, found);
            }
        }
    }
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

fn value<'a>(one: &'a ValueTemplate, found: &mut Found<'a>) {
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
