//! `--rerun-failed`: once more what was not as it should be in an earlier run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::select::result_id;
use crate::cli::{Exit, Trouble, stored};
use crate::report::text::count;
use crate::requirement::{Profile, Profiles};
use crate::result::{RunResult, Standing, Verdict};
use crate::scenario::model::{Edition, Scenario};

/// What an earlier run leaves to do.
#[derive(Debug)]
pub(super) struct Rerun {
    file: PathBuf,
    run: RunResult,
}

/// What is to be run, or why there is nothing to run.
#[derive(Debug)]
pub(super) enum Left {
    /// These, and what the user should know about them.
    Some(Vec<Scenario>, Option<String>),
    /// Nothing: the words for the user, and how the command ends.
    Nothing(String, Exit),
}

impl Rerun {
    /// Reads the report: the one that is named, or the one that an earlier run has left in the folder for reports.
    pub(super) fn read(named: Option<&Path>, out: &Path) -> Result<Self, Trouble> {
        let file = stored::file(named.unwrap_or(out));
        let run = stored::read(&file)?;
        Ok(Self { file, run })
    }

    /// The edition that it followed, which is that of what is run again where the user names none.
    pub(super) fn edition(&self) -> Option<Edition> {
        let edition = &self.run.edition;
        Edition::ALL.into_iter().find(|one| one.as_str() == edition)
    }

    /// The profiles that it was judged by, which judge again where the user names none.
    pub(super) fn profiles(&self) -> Vec<Profile> {
        let judged = &self.run.target.profiles;
        let chosen = Profiles::CHOICE.iter();
        chosen
            .filter(|(name, _)| judged.iter().any(|judged| judged == name))
            .map(|(_, profile)| *profile)
            .collect()
    }

    /// The target that it asked.
    pub(super) fn target(&self) -> &str {
        &self.run.target.name
    }

    /// Of these scenarios, those that are to be run again. A case takes its base flow with it, its twin.
    pub(super) fn of(&self, scenarios: Vec<Scenario>, all: &BTreeSet<String>) -> Left {
        let file = self.file.display();
        let wanted = self.wanted();
        if wanted.is_empty() {
            return self.nothing_wanted();
        }
        let gone: Vec<&str> = wanted
            .iter()
            .filter(|id| !all.contains(**id))
            .copied()
            .collect();
        let note = (!gone.is_empty()).then(|| {
            format!(
                "{} of {file} {} not among these scenarios: {}",
                count(gone.len(), "case"),
                if gone.len() == 1 { "is" } else { "are" },
                gone.join(", ")
            )
        });
        let again = self.to_run(&wanted);
        let kept: Vec<Scenario> = match &again {
            Some(again) => scenarios
                .into_iter()
                .filter_map(|scenario| kept(scenario, again))
                .collect(),
            None => scenarios,
        };
        if !kept.is_empty() {
            return Left::Some(kept, note);
        }
        if let Some(note) = note.filter(|_| gone.len() == wanted.len()) {
            // Nothing of what failed can be asked again, so nothing shows that it is repaired.
            return Left::Nothing(note, Exit::Incomplete);
        }
        Left::Nothing(
            format!(
                "nothing to run again: none of the {} to run again of {file} {} named by the filters",
                count(wanted.len(), "case"),
                if wanted.len() == 1 { "is" } else { "are" }
            ),
            Exit::Fine,
        )
    }

    /// Whether a case, or a rule for every answer, is to be run again.
    pub(super) fn wants(&self, id: &str) -> bool {
        self.wanted().contains(id)
    }

    /// The cases to run for what is wanted: themselves, and for a rule the one in which it first did not hold. `None`
    /// stands for all: a rule is wanted of which no such case is known.
    fn to_run<'w>(&'w self, wanted: &BTreeSet<&'w str>) -> Option<BTreeSet<&'w str>> {
        let mut again = BTreeSet::new();
        for case in &self.run.results {
            if !wanted.contains(case.id.as_str()) {
                continue;
            }
            if !case.is_invariant() {
                again.insert(case.id.as_str());
                continue;
            }
            let applied = case.applied.as_ref();
            let first = applied.and_then(|applied| applied.first.as_ref());
            match first {
                Some(first) => again.insert(first.case.as_str()),
                // A run that ended early has not judged it; the cases that are left will.
                None if case.verdict == Verdict::NotRun => continue,
                None => return None,
            };
        }
        Some(again)
    }

    /// What failed, could not be judged or was not run, and what a baseline no longer knows rightly.
    fn wanted(&self) -> BTreeSet<&str> {
        self.run
            .results
            .iter()
            .filter(|case| matches!(case.standing, Standing::Unexpected | Standing::Stale))
            .map(|case| case.id.as_str())
            .collect()
    }

    fn nothing_wanted(&self) -> Left {
        let file = self.file.display();
        match &self.run.incomplete {
            None => Left::Nothing(
                format!("nothing to run again: every case of {file} was as it should be"),
                Exit::of(&self.run),
            ),
            Some(incomplete) => Left::Nothing(
                format!(
                    "nothing to run again: no case of {file} was other than it should be, but that run is incomplete \
                     ({}); run all of it",
                    incomplete.reason
                ),
                Exit::Incomplete,
            ),
        }
    }
}

fn kept(mut scenario: Scenario, wanted: &BTreeSet<&str>) -> Option<Scenario> {
    let base = wanted.contains(result_id(&scenario, None).as_str());
    let mut cases = std::mem::take(&mut scenario.cases);
    cases.retain(|case| wanted.contains(result_id(&scenario, Some(case)).as_str()));
    let some = base || !cases.is_empty();
    scenario.cases = cases;
    some.then_some(scenario)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample::library;
    use crate::result::{Incomplete, StopCause, Verdict, sample};

    const BASE: &str = "authorization-server/exchange";

    fn rerun(verdicts: &[(&str, Verdict)]) -> Rerun {
        let ids: Vec<&str> = verdicts.iter().map(|(id, _)| *id).collect();
        let done = verdicts
            .iter()
            .map(|(id, verdict)| sample::done(id, *verdict));
        let end = crate::result::RunEvent::RunDone {
            incomplete: None,
            milliseconds: 1.0,
        };
        let events: Vec<_> = [sample::run_started(&ids)]
            .into_iter()
            .chain(done)
            .chain([end])
            .collect();
        Rerun {
            file: "report.json".into(),
            run: sample::collect(&events),
        }
    }

    fn left(rerun: &Rerun) -> (Vec<String>, String, Option<Exit>) {
        let scenarios = library().scenarios;
        let ids = |scenario: &Scenario| -> Vec<String> {
            let cases = scenario.cases.iter().map(Some);
            std::iter::once(None)
                .chain(cases)
                .map(|case| result_id(scenario, case))
                .collect()
        };
        let all = scenarios.iter().flat_map(ids).collect();
        match rerun.of(scenarios, &all) {
            Left::Some(kept, note) => {
                let kept = kept.iter().flat_map(ids).collect();
                (kept, note.unwrap_or_default(), None)
            }
            Left::Nothing(why, exit) => (Vec::new(), why, Some(exit)),
        }
    }

    #[test]
    fn what_was_not_right_is_run_again_with_its_twin() {
        let bent = format!("{BASE}/bent");
        let replayed = format!("{BASE}/replayed");
        let (kept, note, _) = left(&rerun(&[
            (BASE, Verdict::Passed),
            (&bent, Verdict::Error),
            (&replayed, Verdict::Passed),
            ("gone", Verdict::Failed),
        ]));
        assert_eq!(kept, [BASE, &bent]);
        assert_eq!(
            note,
            "1 case of report.json is not among these scenarios: gone"
        );
        let mut known = rerun(&[
            (BASE, Verdict::Passed),
            (&bent, Verdict::Failed),
            (&replayed, Verdict::Passed),
        ]);
        known.run.results[1].standing = Standing::ExpectedFailure;
        known.run.results[2].standing = Standing::Stale;
        assert_eq!(left(&known).0, [BASE, &replayed]);
    }

    #[test]
    fn nothing_left_is_said_and_is_fine_only_if_all_was() {
        let mut well = rerun(&[(BASE, Verdict::Passed)]);
        let (_, why, exit) = left(&well);
        assert_eq!(
            why,
            "nothing to run again: every case of report.json was as it should be"
        );
        assert_eq!(exit, Some(Exit::Fine));
        well.run.incomplete = Some(Incomplete::new(
            StopCause::MissingShards,
            "shard 2 of 2 is missing",
        ));
        assert_eq!(left(&well).2, Some(Exit::Incomplete));
        let (_, why, exit) = left(&rerun(&[("gone", Verdict::Failed)]));
        assert_eq!(
            why,
            "1 case of report.json is not among these scenarios: gone"
        );
        assert_eq!(exit, Some(Exit::Incomplete));
    }
}
