//! The section `users`.

use std::collections::BTreeMap;

use strict_yaml::{FromNode as _, MapReader, Problem, Spanned};

use super::resolve::{KnownNames, RecordKind};
use super::words::{each, id, secret};
use crate::org::{User, UserId, UserStatus};

/// Claims of a profile that the org does not make itself (OpenID Connect Core section 5.1).
pub(super) const PROFILE: [&str; 12] = [
    "name",
    "given_name",
    "middle_name",
    "family_name",
    "nickname",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
];

pub(super) fn users(top: &mut MapReader<'_, '_>, known: &mut KnownNames) -> BTreeMap<UserId, User> {
    let mut logins: BTreeMap<String, usize> = BTreeMap::new();
    each(top, "users", "a user", |user| {
        let id = id(user, "00u", None);
        if let Some(id) = &id {
            known.declare(RecordKind::User, id, user.problems());
        }
        let login = user.required_str("login");
        if let Some(login) = &login {
            check_login(login, &mut logins, user);
        }
        let password = secret(user, "password");
        let status = user
            .optional_one_of("status", &UserStatus::ALL)
            .map_or(UserStatus::Active, |status| status.value);
        let profile = profile(user);
        let id = UserId::new(id?.value);
        Some((
            id.clone(),
            User {
                id,
                login: login?.value,
                password: password?,
                status,
                profile,
            },
        ))
    })
}

/// Okta compares logins without case.
fn check_login(
    login: &Spanned<String>,
    logins: &mut BTreeMap<String, usize>,
    user: &mut MapReader<'_, '_>,
) {
    if !login.value.contains('@') || login.value.contains(char::is_whitespace) {
        user.problems().push(
            Problem::new(login.place, format!("`{}` is no login", login.value))
                .expected("an address such as ada@example.com: it is the user's `email` as well"),
        );
    }
    let first = *logins
        .entry(login.value.to_lowercase())
        .or_insert(login.place.line);
    if first != login.place.line {
        user.problems().push(Problem::new(
            login.place,
            format!("the login `{}` stands on line {first} already", login.value),
        ));
    }
}

fn profile(user: &mut MapReader<'_, '_>) -> BTreeMap<String, String> {
    let Some(node) = user.node("profile") else {
        return BTreeMap::new();
    };
    let mut profile = MapReader::new(node, user.problems(), "a profile");
    let mut claims = BTreeMap::new();
    for name in PROFILE {
        if let Some(node) = profile.node(name)
            && let Some(value) = String::from_node(node, profile.problems())
        {
            claims.insert(name.to_owned(), value);
        }
    }
    profile.finish();
    claims
}
