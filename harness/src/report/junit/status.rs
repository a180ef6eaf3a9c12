//! What a case is in the words of JUnit: success, skipped, failure or error, and why in one line.

use quick_junit::{NonSuccessKind, TestCaseStatus};

use super::WIDTH;
use crate::presentation::deviation::Deviation;
use crate::presentation::text::{clip, visible};
use crate::presentation::{baseline, card, words};
use crate::result::{Blame, FindingRecord, RequirementNote, Standing, Verdict};

/// Characters of a value in the one line; the text below has more.
const VALUE: usize = 160;

pub(super) fn of(problem: &Deviation<'_>) -> TestCaseStatus {
    let case = problem.case;
    let reason = problem.texts.reason(case);
    match (case.standing, case.verdict) {
        (Standing::Stale, _) => stale(problem),
        (Standing::ExpectedFailure, _) => {
            let why = baseline::accepted(case);
            skipped("expected failure", &format!("{why}; {}", headline(problem)))
        }
        // That the run is incomplete is reported once, and not here.
        (_, Verdict::NotRun) | (Standing::Fine, Verdict::Skipped | Verdict::NotApplicable) => {
            let cure = case.cure.as_deref();
            let cure = cure.map_or_else(String::new, |cure| format!("; cure: {cure}"));
            skipped(words::verdict(case.verdict), &format!("{reason}{cure}"))
        }
        (_, Verdict::Failed) => {
            let requirement = first_cited(problem).map_or("failed", |(id, _)| id);
            not_success(
                NonSuccessKind::Failure,
                requirement,
                &headline(problem),
                problem,
            )
        }
        (_, Verdict::Error) | (Standing::Unexpected, Verdict::Skipped | Verdict::NotApplicable) => {
            let whom = case.blame.map_or("error", Blame::noun);
            not_success(NonSuccessKind::Error, whom, &reason, problem)
        }
        (Standing::Fine, Verdict::Passed | Verdict::Observed | Verdict::Warning) => {
            TestCaseStatus::success()
        }
        (Standing::Unexpected, Verdict::Passed | Verdict::Observed | Verdict::Warning) => {
            let verdict = words::verdict(case.verdict);
            let message = format!("{verdict}, which breaks this run; {}", headline(problem));
            not_success(NonSuccessKind::Failure, "unexpected", &message, problem)
        }
    }
}

/// Its exchange is in order and explains nothing.
fn stale(problem: &Deviation<'_>) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(visible(&baseline::gone(problem.case)).as_ref());
    status.set_type("stale");
    let why = baseline::accepted(problem.case);
    status.set_description(visible(&format!("known because: {why}")).as_ref());
    status
}

/// What broke, and the requirement, in one line: often all that a CI page shows.
fn headline(problem: &Deviation<'_>) -> String {
    let Some(finding) = problem.findings.first() else {
        return problem.texts.reason(problem.case).into_owned();
    };
    let requirement = first_cited(problem).map_or_else(String::new, |(id, note)| {
        let note = note.map(|note| format!(" ({}, {})", note.level, note.source));
        format!("; {id}{}", note.unwrap_or_default())
    });
    format!(
        "{}: expected {}, was {}{requirement}",
        finding.check,
        clip(&problem.texts.expected(finding), VALUE),
        clip(&problem.texts.actual(finding), VALUE),
    )
}

/// The first requirement that the first broken check cites.
fn first_cited<'p>(problem: &'p Deviation<'_>) -> Option<(&'p str, Option<&'p RequirementNote>)> {
    let first: &FindingRecord = problem.findings.first()?;
    problem.cited(first).next()
}

fn not_success(
    kind: NonSuccessKind,
    type_: &str,
    message: &str,
    problem: &Deviation<'_>,
) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    let part_of = problem.part_of.map(|part_of| {
        let title = problem.texts.fill(&part_of.title);
        let whom = part_of.responsible.noun();
        format!("; problem: {} (responsible: {whom})", clip(&title, VALUE))
    });
    let message = format!("{message}{}", part_of.unwrap_or_default());
    status.set_message(visible(&message).as_ref());
    status.set_type(type_);
    status.set_description(card::plain(problem, WIDTH));
    status
}

fn skipped(kind: &str, reason: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(visible(&format!("{kind}: {reason}")).as_ref());
    status.set_type(kind);
    status
}
