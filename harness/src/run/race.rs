//! Judges a request that was sent many times at once: one is accepted as the twin was, every other is refused.

use crate::check::{Context, Expected, Finding, Outcome, Seen, evaluate};
use crate::exchange::Exchange;
use crate::result::{Aspect, Racer};
use crate::scenario::case_step::CaseStep;
use crate::scenario::model::Expectation;

/// The answers that let their request through.
pub(super) fn winners(exchanges: &[Exchange]) -> impl Iterator<Item = &Exchange> {
    exchanges.iter().filter(|exchange| is_winner(exchange))
}

/// What is judged: every answer of a race, else this one.
pub(super) fn answers<'a>(
    case_step: &CaseStep<'_>,
    answer: &'a Exchange,
    all: &'a [Exchange],
) -> &'a [Exchange] {
    if case_step.is_race() {
        all
    } else {
        std::slice::from_ref(answer)
    }
}

/// What an answer is held against: in a race a winner's is what the twin had to get.
pub(super) fn expectations<'t>(case_step: &CaseStep<'t>, answer: &Exchange) -> &'t [Expectation] {
    if case_step.is_race() && is_winner(answer) {
        &case_step.step.expect
    } else {
        case_step.expect
    }
}

/// How many won, whether the first of them got what the twin got, and whether each loser was refused as it should.
pub(super) fn judge(
    case_step: &CaseStep<'_>,
    exchanges: &[Exchange],
    cx: &Context<'_>,
) -> Vec<Finding> {
    let of = exchanges.len();
    let won = winners(exchanges).count();
    let mut findings = vec![Finding {
        check: Aspect::Winners,
        expected: Expected::plain(format!("exactly 1 of {of}")),
        outcome: if won == 1 {
            Outcome::Held
        } else {
            Outcome::Differs(Seen::Words(format!("{won} of {of} were accepted")))
        },
        // What the case is about; later blocks may say more of the losers.
        covers: case_step
            .expect
            .first()
            .map_or_else(Vec::new, |block| block.covers.clone()),
        alternative: None,
        place: case_step.place,
    }];
    if let Some(winner) = winners(exchanges).next() {
        let judged = evaluate(&case_step.step.expect, winner, cx);
        findings.extend(judged.into_iter().map(|one| in_race(Racer::Winner, one)));
    }
    let losers = exchanges.iter().filter(|exchange| !is_winner(exchange));
    let judged = losers.map(|loser| evaluate(case_step.expect, loser, cx));
    let judged = merged(judged.collect());
    findings.extend(judged.into_iter().map(|one| in_race(Racer::EachLoser, one)));
    findings
}

fn is_winner(exchange: &Exchange) -> bool {
    (200..300).contains(&exchange.response.status)
}

fn in_race(whose: Racer, mut finding: Finding) -> Finding {
    finding.check = finding.check.of(whose);
    finding
}

/// One finding a check, whatever the number of answers: one that does not hold if there is any.
fn merged(all: Vec<Vec<Finding>>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    for findings in all {
        for (index, finding) in findings.into_iter().enumerate() {
            match merged.get_mut(index) {
                Some(kept) if kept.outcome == Outcome::Held => *kept = finding,
                Some(_) => {}
                None => merged.push(finding),
            }
        }
    }
    merged
}
