//! Whose a target is, and what a run may do there: a real org is asked only where its file says that it is meant for tests,
//! and what stays changed only where the file names it.

use std::collections::BTreeSet;
use std::fmt;

use super::{Deployment, Lack, TargetKind};
use crate::scenario::model::StateChange;

/// ID-JAGs that an Integrator Free org issues for a user, a resource app and a month (okta.md (h)).
const ID_JAGS_OF_A_FREE_ORG: usize = 250;

/// What a target file says of how a run has to behave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions {
    /// The org belongs to whoever runs the tests.
    pub owned: bool,
    /// What the org is for.
    pub environment: Option<Environment>,
    /// What a run may change at a real org.
    pub allow: BTreeSet<StateChange>,
    /// How many ID-JAGs a run may have issued for each user, where the file says so.
    pub id_jag_budget: Option<usize>,
}

/// What an org is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// Tests: nobody works with it.
    Test,
    /// People work with it.
    Production,
}

impl Permissions {
    /// Those of a recording: nothing is sent, and what was forbidden then is not in it.
    #[must_use]
    pub fn of_a_recording() -> Self {
        Self {
            owned: true,
            environment: Some(Environment::Test),
            allow: StateChange::ALL.iter().map(|(_, change)| *change).collect(),
            id_jag_budget: Some(usize::MAX),
        }
    }
}

impl Environment {
    /// All, with the names used in target files.
    pub const ALL: [(&'static str, Self); 2] =
        [("test", Self::Test), ("production", Self::Production)];
}

/// Why nothing but reading is sent to a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotForTests {
    /// What the file has to say, as it is written there.
    missing: Vec<&'static str>,
    /// The file says that people work with the org.
    is_production: bool,
}

impl fmt::Display for NotForTests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_production {
            return f.write_str(
                "the target file says `environment: production`, so nothing is sent but requests for metadata and keys",
            );
        }
        write!(
            f,
            "the target file does not say {}, so nothing is sent to this org but requests for metadata and keys",
            self.missing.join(" and ")
        )
    }
}

impl NotForTests {
    /// What to do about it, and why it is asked for.
    #[must_use]
    pub fn cure(&self) -> String {
        if self.is_production {
            return "name an org that is meant for tests: a run signs users in, sends requests that are wrong on purpose and obtains tokens".to_owned();
        }
        format!(
            "if the org is yours and nobody works with it, write {} beside `target: okta`: a run signs users in, sends requests that are wrong on purpose and obtains tokens",
            self.missing.join(" and ")
        )
    }
}

impl Deployment {
    /// Whether it is an org that somebody has, and not a mock.
    #[must_use]
    pub fn is_real(&self) -> bool {
        self.kind == TargetKind::Okta
    }

    /// Nothing, or why no request may be sent that does more than read.
    #[must_use]
    pub fn not_for_tests(&self) -> Option<NotForTests> {
        let Permissions {
            owned, environment, ..
        } = &self.permissions;
        let is_for_tests = *environment == Some(Environment::Test);
        if !self.is_real() || (*owned && is_for_tests) {
            return None;
        }
        let missing = [
            (!owned).then_some("`owned: true`"),
            (!is_for_tests).then_some("`environment: test`"),
        ];
        Some(NotForTests {
            missing: missing.into_iter().flatten().collect(),
            is_production: *environment == Some(Environment::Production),
        })
    }

    /// Nothing, or why something that changes this is not sent.
    #[must_use]
    pub fn forbids(&self, changes: &BTreeSet<StateChange>) -> Option<Lack> {
        if !self.is_real() {
            return None;
        }
        let allowed = &self.permissions.allow;
        let missing: Vec<StateChange> = changes.difference(allowed).copied().collect();
        if missing.is_empty() {
            return None;
        }
        let meanings: Vec<&str> = missing.iter().map(|one| one.meaning()).collect();
        let names: BTreeSet<&str> = allowed
            .iter()
            .chain(&missing)
            .map(|one| one.as_str())
            .collect();
        let names: Vec<&str> = names.into_iter().collect();
        let names = names.join(", ");
        Some(Lack {
            reason: format!(
                "it changes what stays changed at a real org: {}",
                meanings.join(", and ")
            ),
            cure: format!("add `allow: [{names}]` to the target file, if that may happen there"),
            blocks: false,
        })
    }

    /// How many ID-JAGs a run may have issued for each user; `None` where that does not matter.
    #[must_use]
    pub fn id_jag_budget(&self) -> Option<usize> {
        let default = self.is_real().then_some(ID_JAGS_OF_A_FREE_ORG);
        self.permissions.id_jag_budget.or(default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::sample;

    fn real(permissions: Permissions) -> Deployment {
        Deployment {
            kind: TargetKind::Okta,
            permissions,
            ..sample::deployment("https://a.example")
        }
    }

    #[test]
    fn a_real_org_is_for_tests_where_both_keys_say_so() {
        let said = |owned, environment| {
            let permissions = Permissions {
                owned,
                environment,
                ..Permissions::default()
            };
            real(permissions).not_for_tests().map(|why| why.to_string())
        };
        assert_eq!(said(true, Some(Environment::Test)), None);
        let rest = "so nothing is sent to this org but requests for metadata and keys";
        assert_eq!(
            said(false, None).unwrap(),
            format!("the target file does not say `owned: true` and `environment: test`, {rest}")
        );
        assert_eq!(
            said(true, None).unwrap(),
            format!("the target file does not say `environment: test`, {rest}")
        );
        assert_eq!(
            said(false, Some(Environment::Test)).unwrap(),
            format!("the target file does not say `owned: true`, {rest}")
        );
        let production = said(true, Some(Environment::Production)).unwrap();
        assert!(
            production.contains("`environment: production`"),
            "{production}"
        );
        assert_eq!(
            sample::deployment("https://a.example").not_for_tests(),
            None
        );
    }

    #[test]
    fn what_changes_a_real_org_must_be_allowed_by_name() {
        let allow = |changes: &[StateChange]| Permissions {
            allow: changes.iter().copied().collect(),
            ..Permissions::default()
        };
        let changes = BTreeSet::from([StateChange::Logout, StateChange::Consent]);
        let mock = sample::deployment("https://a.example");
        assert_eq!(mock.forbids(&changes), None);
        assert_eq!(real(allow(&[])).forbids(&BTreeSet::new()), None);
        let lack = real(allow(&[StateChange::Logout]))
            .forbids(&changes)
            .unwrap();
        assert_eq!(
            lack.reason,
            "it changes what stays changed at a real org: a user gives or refuses a consent"
        );
        assert_eq!(
            lack.cure,
            "add `allow: [consent, logout]` to the target file, if that may happen there"
        );
        let both = allow(&[StateChange::Logout, StateChange::Consent]);
        assert_eq!(real(both).forbids(&changes), None);
    }

    #[test]
    fn only_a_real_org_has_a_budget_by_itself() {
        let mut mock = sample::deployment("https://a.example");
        assert_eq!(mock.id_jag_budget(), None);
        mock.permissions.id_jag_budget = Some(3);
        assert_eq!(mock.id_jag_budget(), Some(3));
        assert_eq!(real(Permissions::default()).id_jag_budget(), Some(250));
    }
}
