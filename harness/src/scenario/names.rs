//! The names a template may refer to.

use std::collections::BTreeSet;

use strict_yaml::{Place, Problem, Problems, did_you_mean};

use super::model::{Capability, ClientRole, RESOURCES, ServerRole, Template, UserRole, all_roles};
use super::template::narrow;

const SERVER: [&str; 9] = [
    "issuer",
    "base_url",
    "token_endpoint",
    "authorization_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "introspection_endpoint",
    "revocation_endpoint",
    "end_session_endpoint",
];
/// What a custom authorization server has besides.
const CUSTOM: [&str; 9] = [
    "audience",
    "resource",
    "scope",
    "one_scope",
    "ungranted_scope",
    "forbidden_scope",
    "api",
    "api_metadata",
    "api_needs_scope",
];
const CLIENT: [&str; 4] = ["client_id", "redirect_uri", "origin", "kid"];
const USER: [&str; 2] = ["login", "id"];

/// What the harness makes for each case; nothing of the target.
const FRESH: [(&str, &[&str]); 6] = [
    ("pkce", &["verifier", "challenge"]),
    ("state", &[]),
    ("nonce", &[]),
    ("random", &[]),
    ("edition", &[]),
    // The public half of the key that is too short to be used.
    ("weak_key", &["n", "e"]),
];

/// Whether a name belongs to the target or the harness, so that no saved value may have it.
pub(crate) fn is_root(name: &str) -> bool {
    members(name).is_some()
}

/// The names saved by the steps so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope(BTreeSet<String>);

impl Scope {
    /// Knows another saved name.
    pub(crate) fn save(&mut self, name: &str) {
        self.0.insert(name.to_owned());
    }

    /// Judges a reference: what the target must know for it, if anything, or what is wrong with it.
    pub(crate) fn check(
        &self,
        reference: &str,
        place: Place,
    ) -> Result<Option<Capability>, Problem> {
        let (root, member) = match reference.split_once('.') {
            Some((root, member)) => (root, Some(member)),
            None => (reference, None),
        };
        if self.0.contains(root) {
            return match member {
                None => Ok(None),
                Some(_) => Err(Problem::new(
                    place,
                    format!("`{root}` is a saved value and has no members"),
                )
                .help("save the member itself: `name: body.path.to.member`")),
            };
        }
        let Some(members) = members(root) else {
            return Err(self.unknown(root, place));
        };
        match member {
            None if members.is_empty() => Ok(None),
            Some(member) if members.contains(&member) => {
                Ok((!is_fresh(root)).then(|| Capability::Knows(reference.to_owned())))
            }
            None => Err(
                Problem::new(place, format!("`{root}` is no value, only its members are"))
                    .expected(format!("one of {}", join(root, &members))),
            ),
            Some(member) if members.is_empty() => Err(Problem::new(
                place,
                format!("`{root}` has no member `{member}`"),
            )
            .help(format!("write `${{{root}}}`"))),
            Some(member) => {
                let problem = Problem::new(place, format!("`{root}` has no member `{member}`"))
                    .expected(format!("one of {}", join(root, &members)));
                Err(match did_you_mean(member, members.iter().copied()) {
                    Some(near) => problem.help(format!("did you mean `{root}.{near}`?")),
                    None => problem,
                })
            }
        }
    }

    /// Judges the name of a saved value.
    pub(crate) fn check_saved(&self, name: &str, place: Place) -> Result<(), Problem> {
        if self.0.contains(name) {
            return Ok(());
        }
        Err(strict_yaml::unknown(
            place,
            "saved value",
            name,
            self.0.iter().map(String::as_str),
        ))
    }

    fn unknown(&self, root: &str, place: Place) -> Problem {
        let saved: Vec<_> = self.0.iter().map(String::as_str).collect();
        let known = saved.iter().copied().chain(roots());
        let list = if saved.is_empty() {
            "no step before this one saves a value".to_owned()
        } else {
            format!("saved so far: {}", saved.join(", "))
        };
        let all = roots().collect::<Vec<_>>().join(", ");
        Problem::new(place, format!("unknown name `{root}`"))
            .expected(format!("{list}; always there: {all}"))
            .did_you_mean(root, known)
    }
}

/// Judges all references of a template: notes what is wrong, returns what the target must know.
pub(crate) fn check(
    template: &Template,
    scope: &Scope,
    problems: &mut Problems,
) -> Vec<Capability> {
    let mut needs = Vec::new();
    for reference in template.references() {
        let place = narrow(problems, template.place, &format!("${{{reference}}}"));
        match scope.check(reference, place) {
            Ok(need) => needs.extend(need),
            Err(problem) => problems.push(problem),
        }
    }
    needs
}

fn members(root: &str) -> Option<Vec<&'static str>> {
    if root == ServerRole::Org.as_str() {
        Some(SERVER.to_vec())
    } else if ServerRole::ALL.iter().any(|(name, _)| *name == root) {
        Some(SERVER.into_iter().chain(CUSTOM).collect())
    } else if ClientRole::ALL.iter().any(|(name, _)| *name == root) {
        Some(CLIENT.to_vec())
    } else if UserRole::ALL.iter().any(|(name, _)| *name == root) {
        Some(USER.to_vec())
    } else {
        let resources = RESOURCES.iter().map(|role| (role.name, role.members));
        resources
            .chain(FRESH)
            .find(|(name, _)| *name == root)
            .map(|(_, members)| members.to_vec())
    }
}

fn is_fresh(root: &str) -> bool {
    FRESH.iter().any(|(name, _)| *name == root)
}

fn roots<'a>() -> impl Iterator<Item = &'a str> {
    let roles = all_roles().map(|(name, _)| name);
    roles.chain(FRESH.iter().map(|(name, _)| *name))
}

fn join(root: &str, members: &[&str]) -> String {
    members
        .iter()
        .map(|member| format!("{root}.{member}"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reference: &str) -> Result<Option<Capability>, String> {
        let mut scope = Scope::default();
        scope.save("id_token");
        scope
            .check(reference, Place::START)
            .map_err(|problem| problem.message)
    }

    #[test]
    fn what_the_target_must_know() {
        let knows = |name: &str| Ok(Some(Capability::Knows(name.into())));
        assert_eq!(check("custom_as.one_scope"), knows("custom_as.one_scope"));
        assert_eq!(check("secret.field"), knows("secret.field"));
        assert_eq!(check("id_token"), Ok(None));
        assert_eq!(check("pkce.verifier"), Ok(None));
        assert_eq!(check("random"), Ok(None));
    }

    #[test]
    fn what_is_no_name() {
        for reference in [
            "org.scope",
            "org",
            "id_token.x",
            "state.x",
            "idtoken",
            "secret.resorce",
            "pkce",
            "org.issuer.x",
        ] {
            assert!(check(reference).is_err(), "{reference}");
        }
    }

    #[test]
    fn no_root_stands_for_two_things() {
        let all: Vec<_> = roots().collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }
}
