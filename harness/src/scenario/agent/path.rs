//! The members of a request by which scenarios select and judge it.

use strict_yaml::{Place, Problem, Problems, Spanned};

use crate::scenario::model::{Matcher, ValueTemplate};

/// The first part of a path and what may follow.
const MEMBERS: &[(&str, Rest)] = &[
    ("endpoint", Rest::Nothing),
    ("at", Rest::Nothing),
    ("by", Rest::Nothing),
    ("method", Rest::Nothing),
    ("path", Rest::Nothing),
    ("grant", Rest::Nothing),
    ("requested", Rest::Nothing),
    ("authenticated_by", Rest::Nothing),
    ("basic", Rest::Nothing),
    ("status", Rest::Nothing),
    ("error", Rest::Nothing),
    ("refusal", Rest::Nothing),
    ("fault", Rest::Nothing),
    ("http_version", Rest::Nothing),
    ("query", Rest::Free),
    ("form", Rest::Free),
    ("headers", Rest::Free),
    ("assertion", Rest::Free),
    ("answer", Rest::Free),
    ("from", Rest::Free),
    ("carries", Rest::Nothing),
    ("url_carries", Rest::Nothing),
    ("repeated", Rest::Nothing),
    ("pause", Rest::One(&["seconds", "asked", "too_short"])),
];

enum Rest {
    /// The member is a value.
    Nothing,
    /// A path of the request's own names.
    Free,
    /// One of these.
    One(&'static [&'static str]),
}

/// What these members can be; a selector with another word would find nothing.
const WORDS: &[(&str, &[&str])] = &[
    (
        "endpoint",
        &[
            "authorize",
            "authorize-resume",
            "token",
            "keys",
            "userinfo",
            "introspect",
            "revoke",
            "logout",
            "metadata",
            "sign-in",
            "consent",
            "third-party-consent",
            "third-party",
            "protected-resource",
            "front",
            "unknown",
        ],
    ),
    (
        "at",
        &["org", "custom", "other", "api", "other-api", "elsewhere"],
    ),
    ("by", &["agent", "browser"]),
];

/// Notes a word that a member never is.
pub(super) fn check_word(path: &str, matcher: &Spanned<Matcher>, problems: &mut Problems) {
    let Some((_, words)) = WORDS.iter().find(|(name, _)| *name == path) else {
        return;
    };
    let wanted = match &matcher.value {
        Matcher::Equals(wanted) => std::slice::from_ref(wanted),
        Matcher::OneOf(wanted) => wanted,
        _ => return,
    };
    for wanted in wanted {
        let ValueTemplate::Text(text) = wanted else {
            continue;
        };
        if let Some(text) = text.as_literal()
            && !words.contains(&text.as_str())
        {
            let what = format!("`{path}` of a request");
            problems.push(strict_yaml::unknown(
                matcher.place,
                &what,
                &text,
                words.iter().copied(),
            ));
        }
    }
}

/// Notes a path that leads nowhere.
pub(super) fn check(path: &str, place: Place, problems: &mut Problems) {
    let (first, rest) = match path.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (path, None),
    };
    let names = || MEMBERS.iter().map(|(name, _)| *name);
    let Some((_, allowed)) = MEMBERS.iter().find(|(name, _)| *name == first) else {
        problems.push(strict_yaml::unknown(
            place,
            "member of a request",
            first,
            names(),
        ));
        return;
    };
    let problem = |message: String| Problem::new(place, message);
    match (allowed, rest) {
        (Rest::Nothing, None) | (Rest::Free, _) => {}
        (Rest::One(names), Some(rest)) if names.contains(&rest) => {}
        (Rest::Nothing, Some(_)) => {
            problems.push(
                problem(format!("`{first}` has no members")).help(format!("write `{first}`")),
            );
        }
        (Rest::One(names), _) => {
            let all: Vec<_> = names.iter().map(|name| format!("{first}.{name}")).collect();
            problems.push(
                problem(format!("`{path}` is no member of a request")).expected(all.join(", ")),
            );
        }
    }
}
