//! A case: which step it varies, how, and what must come back.

use std::collections::BTreeSet;

use strict_yaml::{Place, Problem, Spanned};

use super::{Base, Inherited, Resolver, bad_id, is_slug};
use crate::requirement::RequirementId;
use crate::scenario::cases::CaseForm;
use crate::scenario::change::ChangeForm;
use crate::scenario::model::{Capability, Change, Save, Template};
use crate::scenario::names::{self, Scope};
use crate::scenario::step::StepForm;
use crate::scenario::{Case, Step};
use crate::scenario::{expect, hmac_key, needs, visit};

impl Resolver<'_> {
    /// Resolves a case; `None` when its step is not known, which has been noted.
    pub(super) fn case(
        &mut self,
        form: CaseForm,
        base: &Base,
        inherited: &Inherited<'_>,
    ) -> Option<Case> {
        let id = form.id.map(|id| {
            if !is_slug(&id.value) {
                self.problems
                    .push(bad_id(&id, "words joined by `-`, in lower case"));
            }
            id.value
        });
        let covers = match form.covers {
            Some(covers) => self.sources.catalogue.cite_all(&covers, self.problems),
            None => inherited.covers.to_vec(),
        };
        let editions = form
            .editions
            .map(|editions| self.editions(&editions, inherited.editions))
            .unwrap_or_default();
        let nothing = form.change.as_ref().is_none_or(ChangeForm::is_empty)
            && form.before.as_ref().is_none_or(Vec::is_empty);
        if nothing && !self.problems.any_within(form.place) {
            self.problems
                .push(Problem::new(form.place, "this case changes nothing").help(
                "add `change:` or `before:`; what the base flow does belongs into its own `expect`",
            ));
        }
        let at = self.varied_step(form.at, base)?;
        let step = base.steps.get(at)?.as_ref()?;

        let mut needs: BTreeSet<_> = form.needs.unwrap_or_default().into_iter().collect();
        let mut scope = base.scopes.get(at).cloned().unwrap_or_default();
        let mut ids = base.ids.clone();
        let before = self.steps(form.before, &covers, &mut scope, &mut ids, &mut needs);
        let change = match form.change {
            Some(change) => change.resolve(&step.action, &step.id, self.problems),
            None => Change::default(),
        };
        needs::of_change(&change, &mut needs);
        for template in visit::of_change(&change) {
            needs.extend(names::check(template, &scope, self.problems));
        }
        let expect = expect::resolve(
            form.expect.unwrap_or_default(),
            &covers,
            self.sources,
            self.problems,
        );
        self.check_expectations(&expect, &scope, &mut needs);
        let own_save = form.save.is_some();
        let save: Vec<Save> = form.save.map_or_else(|| step.save.clone(), |save| save.0);
        for kept in &save {
            scope.save(&kept.name);
        }
        let then = self.steps(form.then, &covers, &mut scope, &mut ids, &mut needs);
        let continue_flow = form.continue_.unwrap_or(false);
        if continue_flow && own_save {
            self.check_rest(base, at, &mut scope, form.place);
        }
        let run = base
            .steps
            .iter()
            .take(at + 1)
            .flatten()
            .chain(&before)
            .chain(&then);
        let rest = base
            .steps
            .iter()
            .skip(at + 1)
            .flatten()
            .filter(|_| continue_flow);
        let taken = || base.steps.iter().flatten().chain(&before).chain(&then);
        needs.extend(hmac_key::need(&step.action, &change, taken()));
        needs.extend(
            before
                .iter()
                .chain(&then)
                .filter_map(|step| hmac_key::need(&step.action, &Change::default(), taken())),
        );
        let derived = run
            .chain(rest)
            .any(|step| step.action.kind().is_exclusive());
        let id = id?;
        Some(Case {
            title: form.title.unwrap_or_else(|| title_of(&id)),
            id,
            covers,
            needs,
            editions,
            exclusive: form.exclusive.or(inherited.exclusive).unwrap_or(derived),
            at,
            before,
            change,
            expect,
            save,
            then,
            continue_flow,
            place: form.place,
        })
    }

    fn steps(
        &mut self,
        forms: Option<Vec<StepForm>>,
        covers: &[RequirementId],
        scope: &mut Scope,
        ids: &mut BTreeSet<String>,
        needs: &mut BTreeSet<Capability>,
    ) -> Vec<Step> {
        forms
            .unwrap_or_default()
            .into_iter()
            .filter_map(|form| self.step(form, covers, scope, ids, needs))
            .collect()
    }

    /// The position of the step a case varies, which must be one whose success the base flow proves.
    fn varied_step(&mut self, at: Option<Spanned<String>>, base: &Base) -> Option<usize> {
        let at = at?;
        let known = || base.steps.iter().flatten().map(|step| step.id.as_str());
        let Some(index) = base
            .steps
            .iter()
            .position(|step| step.as_ref().is_some_and(|step| step.id == at.value))
        else {
            // A step that could not be read may be the one that is meant.
            if base.steps.iter().all(Option::is_some) {
                self.problems.push(strict_yaml::unknown(
                    at.place,
                    "step",
                    &at.value,
                    known().collect::<Vec<_>>(),
                ));
            }
            return None;
        };
        if base.expects.get(index) != Some(&true) {
            self.problems.push(
                Problem::new(
                    at.place,
                    format!("the step `{}` of the base flow expects nothing", at.value),
                )
                .help(
                    "give it an `expect`: a refusal counts only beside the same request accepted",
                ),
            );
        }
        Some(index)
    }

    /// With saves of its own a case may leave the rest of the flow without what it refers to.
    fn check_rest(&mut self, base: &Base, at: usize, scope: &mut Scope, place: Place) {
        for step in base.steps.iter().skip(at + 1).flatten() {
            let templates = step
                .action
                .kind()
                .templates()
                .into_iter()
                .chain(visit::of_expectations(&step.expect));
            for reference in templates.flat_map(Template::references) {
                if scope.check(reference, place).is_err() {
                    self.problems.push(
                        Problem::new(
                            place,
                            format!(
                                "the step `{}` needs `{reference}`, which this case does not save",
                                step.id
                            ),
                        )
                        .help("save it too, or remove `save:` to keep the step's own"),
                    );
                }
            }
            step.save.iter().for_each(|save| scope.save(&save.name));
        }
    }
}

/// `wrong-audience` becomes "Wrong audience".
fn title_of(id: &str) -> String {
    let words = id.replace('-', " ");
    let mut chars = words.chars();
    chars
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + chars.as_str())
        .unwrap_or_default()
}
