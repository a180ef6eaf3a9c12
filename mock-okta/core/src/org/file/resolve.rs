//! What the file has declared so far, and whether a reference to it holds.
//!
//! Sections are read in an order in which every reference points back, so each is answered on the spot: with the id
//! it means, or with a mistake at its place.

use std::collections::{BTreeMap, BTreeSet};

use strict_yaml::{Place, Problem, Problems, Spanned, did_you_mean, unknown};

/// Kinds of things with ids of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RecordKind {
    User,
    App,
    Agent,
    Server,
    Secret,
    ServiceAccount,
    ThirdParty,
    Connection,
}

impl RecordKind {
    const ALL: [Self; 8] = [
        Self::User,
        Self::App,
        Self::Agent,
        Self::Server,
        Self::Secret,
        Self::ServiceAccount,
        Self::ThirdParty,
        Self::Connection,
    ];

    const fn noun(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::App => "app",
            Self::Agent => "agent",
            Self::Server => "authorization server",
            Self::Secret => "vaulted secret",
            Self::ServiceAccount => "service account",
            Self::ThirdParty => "third party",
            Self::Connection => "connection",
        }
    }
}

/// Everything declared so far. Things that were read with mistakes are among them, so that one mistake does not
/// cause others.
#[derive(Debug, Default)]
pub(super) struct KnownNames {
    /// By kind and name; what the name stands for (its id) and where it was written.
    names: BTreeMap<(RecordKind, String), (String, Place)>,
    /// Scopes by authorization server or third party.
    scopes: BTreeMap<(RecordKind, String), BTreeSet<String>>,
}

impl KnownNames {
    /// Declares an id.
    pub(super) fn declare(
        &mut self,
        kind: RecordKind,
        id: &Spanned<String>,
        problems: &mut Problems,
    ) {
        self.alias(kind, id, &id.value, problems);
    }

    /// Declares another name of the thing with this id.
    pub(super) fn alias(
        &mut self,
        kind: RecordKind,
        name: &Spanned<String>,
        id: &str,
        problems: &mut Problems,
    ) {
        let key = (kind, name.value.clone());
        if let Some((_, first)) = self.names.get(&key) {
            problems.push(Problem::new(
                name.place,
                format!(
                    "the {} `{}` stands on line {} already",
                    kind.noun(),
                    name.value,
                    first.line
                ),
            ));
        } else {
            self.names.insert(key, (id.to_owned(), name.place));
        }
    }

    /// Declares the scopes of a server or third party.
    pub(super) fn declare_scopes(
        &mut self,
        kind: RecordKind,
        owner: &str,
        scopes: BTreeSet<String>,
    ) {
        self.scopes.insert((kind, owner.to_owned()), scopes);
    }

    /// The id that `name` stands for, if there is such a thing.
    pub(super) fn find(
        &self,
        kind: RecordKind,
        name: &Spanned<String>,
        problems: &mut Problems,
    ) -> Option<String> {
        self.find_any(&[kind], name, problems)
    }

    /// The id that `name` stands for among several kinds.
    pub(super) fn find_any(
        &self,
        kinds: &[RecordKind],
        name: &Spanned<String>,
        problems: &mut Problems,
    ) -> Option<String> {
        let found = kinds
            .iter()
            .find_map(|kind| self.names.get(&(*kind, name.value.clone())));
        if found.is_none() {
            problems.push(self.missing(kinds, name));
        }
        found.map(|(id, _)| id.clone())
    }

    /// The ids of a list; those that do not exist are noted and left out.
    pub(super) fn find_all(
        &self,
        kinds: &[RecordKind],
        names: &[Spanned<String>],
        problems: &mut Problems,
    ) -> Vec<String> {
        names
            .iter()
            .filter_map(|name| self.find_any(kinds, name, problems))
            .collect()
    }

    /// Notes every scope that a server or third party does not have. `beside` are allowed as well.
    pub(super) fn check_scopes(
        &self,
        kind: RecordKind,
        owner: &str,
        wanted: &[Spanned<String>],
        beside: &[&str],
        problems: &mut Problems,
    ) {
        let Some(scopes) = self.scopes.get(&(kind, owner.to_owned())) else {
            return;
        };
        for scope in wanted {
            if scopes.contains(&scope.value) || beside.contains(&scope.value.as_str()) {
                continue;
            }
            let known: Vec<&str> = scopes.iter().map(String::as_str).collect();
            let mut problem = unknown(scope.place, "scope", &scope.value, known);
            problem.message = format!(
                "the {} `{owner}` has no scope `{}`",
                kind.noun(),
                scope.value
            );
            problems.push(problem);
        }
    }

    fn missing(&self, kinds: &[RecordKind], name: &Spanned<String>) -> Problem {
        let nouns: Vec<&str> = kinds.iter().map(|kind| kind.noun()).collect();
        let nouns = nouns.join(" or ");
        let known: Vec<(&str, &str)> = self
            .names
            .iter()
            .filter(|((kind, _), _)| kinds.contains(kind))
            .map(|((_, name), (id, _))| (name.as_str(), id.as_str()))
            .collect();
        // An entry of the vault goes by two names; one is enough to tell what there is.
        let ids: Vec<&str> = known
            .iter()
            .filter(|(name, id)| name == id)
            .map(|(_, id)| *id)
            .collect();
        let message = format!("there is no {nouns} `{}`", name.value);
        let problem = Problem::new(name.place, message).expected(if ids.is_empty() {
            format!("the file declares no {nouns}")
        } else {
            format!("one of {}", ids.join(", "))
        });
        if let Some(near) = did_you_mean(&name.value, known.iter().map(|(name, _)| *name)) {
            return problem.help(format!("did you mean `{near}`?"));
        }
        let other = RecordKind::ALL
            .into_iter()
            .find(|kind| self.names.contains_key(&(*kind, name.value.clone())));
        match other {
            Some(other) => problem.help(format!(
                "`{}` is the id of another kind: {}",
                name.value,
                other.noun()
            )),
            None => problem,
        }
    }
}
