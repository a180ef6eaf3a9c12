//! What a case keeps of its exchanges, and the rules that each of them is held against.

use super::CaseRun;
use crate::evidence::Part;
use crate::exchange::RequestSpec;
use crate::run::invariants::{Place, Recording};
use crate::run::participants;
use crate::run::perform::Performed;
use crate::scenario::case_step::CaseStep;

impl CaseRun<'_> {
    /// Keeps what went over the wire.
    pub(super) fn record(&mut self, case_step: &CaseStep<'_>, performed: &Performed) {
        for exchange in &performed.exchanges {
            self.reached.note(exchange);
        }
        if self.shared.evidence {
            self.keep(case_step, performed);
        }
        self.watch(case_step, performed);
    }

    /// Holds the exchanges of a step against the rules for all of their kind.
    fn watch(&mut self, case_step: &CaseStep<'_>, performed: &Performed) {
        let trouble = usize::from(performed.trouble.is_some());
        let recorded = self
            .exchanges
            .len()
            .checked_sub(performed.exchanges.len() + trouble);
        for (index, exchange) in performed.exchanges.iter().enumerate() {
            if self.trouble_in(case_step, exchange).is_some() {
                self.made += 1;
                continue;
            }
            let place = Place {
                case: self.id,
                step: &case_step.step.id,
                index: self.made,
            };
            let recording = Recording {
                catalogue: &self.shared.catalogue,
                target: &self.shared.target,
                now: self.tape.now(&self.shared.target),
                names: &self.vars,
                redactor: &self.redactor,
                evidence: recorded.and_then(|first| self.exchanges.get(first + index)),
            };
            let watch = &self.shared.watch;
            let broken = watch.judge(exchange, &place, &mut self.lineage, &recording);
            self.steps.broke(broken);
            self.made += 1;
        }
    }

    /// Records the exchanges of a step as evidence.
    fn keep(&mut self, case_step: &CaseStep<'_>, performed: &Performed) {
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
