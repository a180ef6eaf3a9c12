//! The words of all reports: one name, one meaning and one piece of advice for each thing, wherever it is shown.

use crate::evidence::Participant;
use crate::result::{Blame, CaseResult, ResourceType, RunResult, Standing, TypeState, Verdict};

/// Verdicts in the order in which reports count them.
pub(crate) const VERDICTS: [Verdict; 8] = [
    Verdict::Passed,
    Verdict::Observed,
    Verdict::Warning,
    Verdict::Skipped,
    Verdict::NotApplicable,
    Verdict::NotRun,
    Verdict::Error,
    Verdict::Failed,
];

/// Those that a report speaks of: what only an agent can have is left out where nothing has it.
pub(crate) fn shown(run: &RunResult) -> impl Iterator<Item = Verdict> {
    let is_shown =
        |verdict: &Verdict| *verdict != Verdict::NotApplicable || run.summary.count(*verdict) > 0;
    VERDICTS.into_iter().filter(is_shown)
}

/// As written in reports.
pub(crate) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Observed => "observed",
        Verdict::Warning => "warning",
        Verdict::Skipped => "skipped",
        Verdict::NotApplicable => "not applicable",
        Verdict::NotRun => "not run",
        Verdict::Error => "error",
        Verdict::Failed => "failed",
    }
}

/// A resource type as a heading.
pub(crate) const fn resource_type(of: ResourceType) -> &'static str {
    match of {
        ResourceType::AuthorizationServer => "Authorization server",
        ResourceType::Secret => "Secret",
        ResourceType::ServiceAccount => "Service account",
        ResourceType::ResourceServer => "Resource server",
        ResourceType::None => "Sign-in, clients and metadata",
    }
}

/// The verdict whose look a resource type has.
pub(crate) const fn verdict_of(state: TypeState) -> Verdict {
    match state {
        TypeState::Works => Verdict::Passed,
        TypeState::Deviates | TypeState::Broken => Verdict::Failed,
        TypeState::NotTested => Verdict::Skipped,
    }
}

/// What a verdict means, for legends.
pub(crate) const fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "every check held",
        Verdict::Observed => {
            "left open by the specifications: it was seen and is reported, but not judged"
        }
        Verdict::Warning => "a recommendation (SHOULD) is not followed",
        Verdict::Skipped => "the target lacks what the case needs, or follows another edition",
        Verdict::NotApplicable => "about something that the agent never does",
        Verdict::NotRun => "planned, but the run ended before it",
        Verdict::Error => "could not be judged",
        Verdict::Failed => "a requirement (MUST) is not met",
    }
}

/// Whether a case is as it should be here, in a word.
pub(crate) const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Fine => "fine",
        Standing::Unexpected => "unexpected",
        Standing::ExpectedFailure => "known",
        Standing::Stale => "stale",
    }
}

/// Who takes part in a flow.
pub(crate) const fn participant(participant: Participant) -> &'static str {
    match participant {
        Participant::Browser => "browser",
        Participant::Agent => "agent",
        Participant::Harness => "harness",
        Participant::OrgServer => "org server",
        Participant::CustomServer => "custom server",
        Participant::ThirdParty => "third party",
        Participant::Resource => "resource",
        Participant::TestControl => "test control",
    }
}

/// What to do next about a case that does not hold.
/// `show` is the command that shows it.
pub(super) fn advice(case: &CaseResult, show: &str) -> String {
    if let Some(cure) = &case.cure {
        return cure.clone();
    }
    let whom = case.blame.map_or(
        "compare what was sent with what the scenario means",
        Blame::advice,
    );
    format!("{whom}; `{show}` tells what is sent and why")
}
