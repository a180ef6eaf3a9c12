//! What went over the wire in a step, as evidence.

use super::super::participants;
use super::super::perform::Performed;
use super::CaseRun;
use crate::evidence::Part;
use crate::exchange::RequestSpec;
use crate::scenario::case_step::CaseStep;

impl CaseRun<'_> {
    /// Records the exchanges of a step as evidence.
    pub(super) fn keep(&mut self, case_step: &CaseStep<'_>, performed: &Performed) {
        let deployment = self.shared.target.deployment();
        let part = |request: &RequestSpec, judged: bool| {
            let (from, to) = participants::of(request, deployment);
            Part {
                step: &case_step.step.id,
                from,
                to,
                judged,
            }
        };
        let is_judged = case_step.part.is_judged()
            && !case_step.expect.is_empty()
            && performed.answer.is_none();
        for (index, exchange) in performed.exchanges.iter().enumerate() {
            let last = index + 1 == performed.exchanges.len();
            let part = part(
                &exchange.request,
                is_judged && (last || case_step.is_race()),
            );
            self.exchanges.push(self.redactor.step(&part, exchange));
        }
        if let Some((request, trouble, elapsed)) = &performed.trouble {
            let (part, message) = (part(request, false), trouble.to_string());
            self.exchanges
                .push(self.redactor.unanswered(&part, request, &message, *elapsed));
        }
    }
}
