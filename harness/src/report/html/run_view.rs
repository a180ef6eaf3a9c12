//! The run as the sections of the page read it. Knows no section.

use std::collections::BTreeMap;

use super::place;
use crate::evidence::RecordedStep;
use crate::presentation::Form;
use crate::presentation::deviation::Deviation;
use crate::presentation::problem_card;
use crate::presentation::result_texts::ResultTexts;
use crate::result::{CaseResult, Problem, RunResult, Varying, VaryingCase};

/// A run in one form, with its cases by id.
pub(super) struct RunView<'a> {
    /// The run.
    pub(super) run: &'a RunResult,
    /// Whether times, addresses and exchanges are shown.
    pub(super) form: Form,
    /// Fills in addresses.
    pub(super) texts: ResultTexts<'a>,
    cases: BTreeMap<&'a str, (usize, &'a CaseResult)>,
}

impl<'a> RunView<'a> {
    pub(super) fn of(run: &'a RunResult, form: Form) -> Self {
        let cases: BTreeMap<_, _> = run
            .results
            .iter()
            .enumerate()
            .map(|(number, case)| (case.id.as_str(), (number, case)))
            .collect();
        Self {
            run,
            form,
            texts: ResultTexts::of(run, form),
            cases,
        }
    }

    /// A case by its id.
    pub(super) fn case(&self, id: &str) -> Option<&'a CaseResult> {
        self.cases.get(id).map(|(_, case)| *case)
    }

    /// A short name of the place of a case, for links of which there are many. The script turns it into the id.
    pub(super) fn anchor(&self, id: &str) -> Option<String> {
        self.cases
            .get(id)
            .map(|(number, _)| place::numbered(*number))
    }

    /// What varies of the whole run, where it is shown.
    pub(super) fn whole_run(&self) -> Option<&'a Varying> {
        Some(&self.run.varying).filter(|_| self.form == Form::Full)
    }

    /// What varies of a case, where it is shown.
    pub(super) fn varying(&self, id: &str) -> Option<&'a VaryingCase> {
        self.run
            .varying
            .cases
            .get(id)
            .filter(|_| self.form == Form::Full)
    }

    /// The exchanges of a case, where they are shown.
    pub(super) fn exchanges(&self, id: &str) -> &'a [RecordedStep] {
        self.varying(id)
            .map_or(&[], |varying| varying.exchanges.as_slice())
    }

    /// The exchange in which a problem was seen, where exchanges are shown.
    pub(super) fn seen_in(&self, problem: &Problem) -> Option<&'a RecordedStep> {
        problem_card::exchange(problem, self.run).filter(|_| self.form == Form::Full)
    }

    /// What does not hold of a case, as the other formats show it too.
    pub(super) fn problem(&self, case: &'a CaseResult) -> Deviation<'a> {
        Deviation::new(
            case,
            self.varying(&case.id),
            &self.run.requirements,
            self.texts,
        )
    }
}
