//! Who somebody is: what an answer says of a person is true of the one who signed in.

use crate::result::Aspect;
use serde_json::Value;

use super::{Memory, Said, View, value};
use crate::value::same;

/// Members that name a person.
const NAMING: [&str; 7] = [
    "sub",
    "uid",
    "email",
    "preferred_username",
    "username",
    "login",
    "name",
];

/// Members that say the same of a person wherever they are said (OIDC Core §5.1; `username` is RFC 7662's). When a
/// profile was changed last is not among them: some servers say it of the session.
const PROFILE: [&str; 18] = [
    "email",
    "email_verified",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
];

/// No member that names a person has the id or the login of another user whom the target describes.
pub(super) fn nobody_else(view: &View<'_>) -> Vec<Said> {
    let Some(user) = view.names.person.and_then(|person| person.user) else {
        return Vec::new();
    };
    let Some(statement) = view.statement() else {
        return Vec::new();
    };
    let users = &view.names.deployment.users;
    let own = users.get(&user);
    let is_own =
        |text: &str| own.is_some_and(|own| own.login == text || own.id.as_deref() == Some(text));
    let is_other = |text: &str| {
        let mut others = users.iter().filter(|(role, _)| **role != user);
        others.any(|(_, other)| other.login == text || other.id.as_deref() == Some(text))
    };
    NAMING
        .into_iter()
        .filter_map(|name| {
            let there = statement.get(name)?;
            let text = there.as_str()?;
            let broken = is_other(text) && !is_own(text);
            Some(Said::new(
                path(view, name),
                "the user who signed in, and no other",
                broken.then(|| value(name, there)),
            ))
        })
        .collect()
}

/// What is said of a user for the first time in a run holds for the rest of it.
pub(super) fn one_profile(view: &View<'_>, memory: &mut Memory) -> Vec<Said> {
    let Some(user) = view.names.person.and_then(|person| person.user) else {
        return Vec::new();
    };
    let Some(statement) = view.statement() else {
        return Vec::new();
    };
    let mut said = Vec::new();
    for name in PROFILE {
        let Some(there) = statement.get(name).filter(|there| !there.is_null()) else {
            continue;
        };
        let first = memory
            .profiles
            .entry((user, name))
            .or_insert_with(|| there.clone());
        let broken = !alike(name, first, there);
        said.push(Said::new(
            path(view, name),
            "what was said of this user before",
            broken.then(|| value(name, there)),
        ));
    }
    said
}

/// The domain of an address has no case, and most servers keep none of the rest either.
fn alike(name: &str, a: &Value, b: &Value) -> bool {
    match (name, a.as_str(), b.as_str()) {
        ("email", Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => same(a, b),
    }
}

fn path(view: &View<'_>, name: &str) -> Aspect {
    match view.token {
        Some(_) => Aspect::TokenMember(format!("claims.{name}")),
        None => Aspect::Member(name.to_owned()),
    }
}
