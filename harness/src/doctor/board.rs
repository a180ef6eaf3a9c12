//! Where the results of the checks come together.

use std::collections::BTreeMap;

use super::{Check, Checked, Status};

/// The results so far. For a check of one thing the first problem stays; a problem replaces everything else, and what is ok
/// replaces what is unknown.
#[derive(Debug, Default)]
pub struct Board {
    results: BTreeMap<(Check, Option<String>), Checked>,
    /// Why checks were not tried, and how to find out.
    skipped: BTreeMap<Check, (String, Option<String>)>,
}

impl Board {
    /// Notes a result.
    pub fn note(&mut self, checked: Checked) {
        let key = (checked.check, checked.of.clone());
        let weight = |one: &Checked| match one.status {
            Status::Problem => 2,
            Status::Ok => 1,
            Status::Unknown => 0,
        };
        match self.results.get(&key) {
            Some(known) if weight(known) >= weight(&checked) => {}
            _ => {
                self.results.insert(key, checked);
            }
        }
    }

    /// Notes several.
    pub fn note_all(&mut self, checked: impl IntoIterator<Item = Checked>) {
        checked.into_iter().for_each(|one| self.note(one));
    }

    /// Notes what is right and was seen directly: it replaces a problem that was concluded from something else.
    pub fn confirm(&mut self, checked: Checked) {
        let key = (checked.check, checked.of.clone());
        self.results.insert(key, checked);
    }

    /// These are not tried, and why.
    pub fn skip(&mut self, checks: &[Check], why: &str) {
        self.skip_for(checks, why, None);
    }

    /// These are not tried, why, and what makes it possible.
    pub fn forbid(&mut self, checks: &[Check], why: &str, find_out: &str) {
        self.skip_for(checks, why, Some(find_out));
    }

    fn skip_for(&mut self, checks: &[Check], why: &str, find_out: Option<&str>) {
        for check in checks {
            let known = self.skipped.entry(*check);
            known.or_insert_with(|| (why.to_owned(), find_out.map(str::to_owned)));
        }
    }

    /// Whether a check, of whatever, is a problem.
    #[must_use]
    pub fn has_problem(&self, check: Check) -> bool {
        self.of(check).any(|one| one.status == Status::Problem)
    }

    /// The first check of some that is a problem.
    #[must_use]
    pub fn first_problem(&self, of: &[Check]) -> Option<Check> {
        of.iter().copied().find(|check| self.has_problem(*check))
    }

    /// Whether anything came of a check.
    #[must_use]
    pub fn knows(&self, check: Check) -> bool {
        self.of(check).next().is_some()
    }

    /// What came of a check.
    pub fn of(&self, check: Check) -> impl Iterator<Item = &Checked> {
        self.results
            .iter()
            .filter(move |((known, _), _)| *known == check)
            .map(|(_, checked)| checked)
    }

    /// Every check in order. What was not tried is unknown.
    #[must_use]
    pub fn finish(mut self) -> Vec<Checked> {
        for check in Check::ALL {
            if self.knows(*check) {
                continue;
            }
            let skipped = self.skipped.remove(check);
            let (why, find_out) =
                skipped.unwrap_or_else(|| ("nothing that was asked shows it".to_owned(), None));
            let find_out = find_out.unwrap_or_else(|| match check.console().path() {
                Some(path) => format!("look in the Admin Console: {path}"),
                None => "mend what is a problem above, and run `atx doctor` again".to_owned(),
            });
            self.note(Checked::unknown(*check, why, find_out));
        }
        self.results.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_stays_and_what_was_not_tried_is_unknown() {
        let mut board = Board::default();
        board.note(Checked::unknown(Check::Policy, "a", "b"));
        board.note(Checked::ok(Check::Policy, "fine"));
        board.note(Checked::problem(Check::Policy, "first", "cure"));
        board.note(Checked::problem(Check::Policy, "second", "cure"));
        board.note(Checked::ok(Check::Policy, "fine again"));
        board.note(Checked::ok(Check::Resource, "fine").of("secret"));
        board.skip(&[Check::Scopes], "not tried because of the policy");
        board.forbid(&[Check::Scopes, Check::SignIn], "not for tests", "write it");
        board.note(Checked::problem(Check::Keys, "concluded", "cure"));
        board.confirm(Checked::ok(Check::Keys, "seen"));
        assert_eq!(
            board.first_problem(&[Check::Resource, Check::Policy]),
            Some(Check::Policy)
        );
        let all = board.finish();
        assert_eq!(all.len(), Check::ALL.len());
        let of = |check| all.iter().find(|one| one.check == check).unwrap();
        assert_eq!(of(Check::Policy).evidence.as_deref(), Some("first"));
        assert_eq!(
            of(Check::Scopes).reason.as_deref(),
            Some("not tried because of the policy")
        );
        assert_eq!(of(Check::Tls).status, Status::Unknown);
        assert_eq!(of(Check::Keys).status, Status::Ok);
        assert_eq!(of(Check::SignIn).find_out.as_deref(), Some("write it"));
    }
}
