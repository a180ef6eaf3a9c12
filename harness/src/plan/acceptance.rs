//! Whether an org that answers as it should accepts a request, read off what the scenario expects.

use crate::scenario::case_step::CaseStep;
use crate::scenario::model::{Expectation, Matcher, ValueTemplate};
use crate::scenario::step::Success;

/// What a scenario expects of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Acceptance {
    /// It is accepted.
    Accepted,
    /// It is refused.
    Refused,
    /// The sources allow both.
    Either,
}

/// What a scenario expects of a step.
pub(super) fn expected(case_step: &CaseStep<'_>) -> Acceptance {
    if case_step.expect.is_empty() {
        return match case_step.step.action.kind().success() {
            Success::Accepted => Acceptance::Accepted,
            Success::NotRefused | Success::Answered => Acceptance::Either,
        };
    }
    let blocks = case_step.expect.iter();
    let judged: Vec<_> = blocks
        .filter(|block| block.when.is_none())
        .filter_map(of_block)
        .collect();
    if judged.contains(&Acceptance::Refused) {
        Acceptance::Refused
    } else if judged.contains(&Acceptance::Accepted) {
        Acceptance::Accepted
    } else {
        Acceptance::Either
    }
}

/// What a block says of it; nothing where it is about something else.
fn of_block(block: &Expectation) -> Option<Acceptance> {
    if let Some(status) = &block.status {
        let (accepts, refuses) = (admits(&status.value, 200), admits(&status.value, 400));
        let refuses = refuses || admits(&status.value, 401) || admits(&status.value, 403);
        return match (accepts, refuses) {
            (true, false) => Some(Acceptance::Accepted),
            (true, true) => Some(Acceptance::Either),
            (false, _) => Some(Acceptance::Refused),
        };
    }
    let names_error = block.body.iter().any(|(path, matcher)| {
        path == "error" && !matches!(matcher.value, Matcher::Absent | Matcher::AbsentOr(_))
    });
    (names_error || block.code.is_some()).then_some(Acceptance::Refused)
}

/// Whether a status may be this one.
fn admits(matcher: &Matcher, status: i64) -> bool {
    let is_it = |value: &ValueTemplate| matches!(value, ValueTemplate::Int(one) if *one == status);
    match matcher {
        Matcher::Equals(value) => is_it(value),
        Matcher::OneOf(values) => values.iter().any(is_it),
        Matcher::Not(inner) => !admits(inner, status),
        #[expect(clippy::cast_precision_loss, reason = "a status has three digits")]
        Matcher::AtLeast(least) => status as f64 >= *least,
        #[expect(clippy::cast_precision_loss, reason = "a status has three digits")]
        Matcher::AtMost(most) => status as f64 <= *most,
        Matcher::All(all) => all.iter().all(|one| admits(one, status)),
        Matcher::AnyOf(any) => any.iter().any(|one| admits(one, status)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::case_step::case_steps;
    use crate::scenario::embedded;

    #[test]
    fn a_scenario_says_what_it_expects() {
        let scenarios = embedded().unwrap();
        let of = |id: &str, case: Option<&str>, step: &str| {
            let scenario = scenarios.iter().find(|one| one.id == id).unwrap();
            let case = case.map(|case| scenario.cases.iter().find(|one| one.id == case).unwrap());
            let steps = case_steps(scenario, case);
            expected(steps.iter().find(|one| one.step.id == step).unwrap())
        };
        let id = "resource-server/revoke";
        assert_eq!(of(id, None, "revoke"), Acceptance::Accepted);
        assert_eq!(of(id, None, "before-consent"), Acceptance::Refused);
        assert_eq!(of(id, None, "sign_in"), Acceptance::Accepted);
        assert_eq!(of(id, Some("token-missing"), "revoke"), Acceptance::Refused);
        assert_eq!(of(id, Some("other-agent"), "revoke"), Acceptance::Either);
    }
}
