//! `--baseline`: the run is judged by what is known of the target.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;

use crate::baseline::{Baseline, Known, Placeholders, compare, judge};
use crate::cli::load::Library;
use crate::cli::{Trouble, baseline};
use crate::result::{FailOn, RunEvent, RunResult};

/// A baseline and the day on which it is read.
#[derive(Debug)]
pub(in crate::cli) struct Gate {
    baseline: Baseline,
    fail_on: Option<FailOn>,
    today: Date,
}

impl Gate {
    /// Reads the file, if one is given. Before anything is sent: a run that cannot be judged is not worth its time.
    pub(super) fn open(
        file: Option<&Path>,
        fail_on: Option<FailOn>,
        library: &Library,
    ) -> Result<Option<Self>, Trouble> {
        Self::open_for(file, fail_on, &library.known())
    }

    /// The same for cases of another kind.
    pub(in crate::cli) fn open_for(
        file: Option<&Path>,
        fail_on: Option<FailOn>,
        known: &Known,
    ) -> Result<Option<Self>, Trouble> {
        let Some(file) = file else { return Ok(None) };
        let text = baseline::read(file)?;
        let name = file.display().to_string();
        let baseline = Baseline::parse(&name, &text, known, Placeholders::Refused)
            .map_err(|problems| vec![problems])?;
        let today = baseline::today();
        Ok(Some(Self {
            baseline,
            fail_on,
            today,
        }))
    }

    /// The cases whose deviation is accepted today.
    pub(super) fn accepted(&self) -> BTreeSet<String> {
        let entries = self.baseline.entries.iter();
        entries
            .filter(|entry| !entry.expired(self.today))
            .map(|entry| entry.case.clone())
            .collect()
    }

    /// The end of a case with its standing; `None` for every other event.
    pub(in crate::cli) fn judged(&self, event: &RunEvent) -> Option<RunEvent> {
        let RunEvent::CaseDone { result, varying } = event else {
            return None;
        };
        let mut result = result.clone();
        judge(&mut result, &self.baseline, self.fail_on, self.today);
        let varying = varying.clone();
        Some(RunEvent::CaseDone { result, varying })
    }

    /// Judges the whole.
    pub(in crate::cli) fn compare(&self, run: &mut RunResult) {
        compare(run, &self.baseline, self.today);
    }
}
