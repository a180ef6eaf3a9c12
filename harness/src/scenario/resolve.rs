//! From forms to the model: every name is looked up, every mistake noted.
//!
//! Where something is missing a stand-in takes its place, so that the mistakes behind it are found too; the result is
//! worth something only when no problem was noted, and [`super::load`] sees to that.

use std::collections::BTreeSet;

use strict_yaml::{Place, Problem, Problems, Spanned};

use super::cases::CaseForm;
use super::document::ScenarioForm;
use super::expect::{self, Sources};
use super::model::{
    Capability, Case, Change, Edition, Expectation, ResourceType, Save, Scenario, SourceFile, Step,
};
use super::names::{self, Scope};
use super::step::StepForm;
use super::{needs, visit};
use crate::requirement::RequirementId;

/// Resolves a whole file. `path_id` is the id its path demands.
pub(crate) fn scenario(
    form: ScenarioForm,
    path_id: &str,
    source: SourceFile,
    sources: &Sources<'_>,
    problems: &mut Problems,
) -> Scenario {
    let mut resolver = Resolver { sources, problems };
    let id = form
        .id
        .map(|id| resolver.scenario_id(id, path_id))
        .unwrap_or_default();
    let covers = form
        .covers
        .map(|covers| resolver.covers(&covers))
        .unwrap_or_default();
    let editions = form
        .editions
        .map(|editions| resolver.editions(&editions, &[]))
        .unwrap_or_default();

    let steps_place = form.steps.as_ref().map(|steps| steps.place);
    let forms = form.steps.map(|steps| steps.value).unwrap_or_default();
    let mut needs: BTreeSet<_> = form.needs.unwrap_or_default().into_iter().collect();
    let mut base = Base::default();
    for form in forms {
        let before = base.scope.clone();
        base.expects.push(form.expects);
        let step = resolver.step(form, &covers, &mut base.scope, &mut base.ids, &mut needs);
        base.scopes.push(before);
        base.steps.push(step);
    }
    if let Some(place) = steps_place {
        resolver.check_steps(&base, place);
    }
    let derived = base
        .steps
        .iter()
        .flatten()
        .any(|step| needs::is_exclusive(&step.action));
    let exclusive = form.exclusive.unwrap_or(derived);

    let mut seen = BTreeSet::new();
    let mut cases = Vec::new();
    for case in form.cases.unwrap_or_default() {
        if let Some(id) = &case.id
            && !seen.insert(id.value.clone())
        {
            resolver.problems.push(Problem::new(
                id.place,
                format!("the case id `{}` is taken", id.value),
            ));
        }
        let inherited = Inherited {
            covers: &covers,
            editions: &editions,
            exclusive: form.exclusive,
        };
        cases.extend(resolver.case(case, &base, &inherited));
    }
    Scenario {
        id,
        title: form.title.unwrap_or_default(),
        about: form.about,
        resource_type: form.resource_type.unwrap_or(ResourceType::None),
        covers,
        needs,
        editions,
        exclusive,
        steps: base.steps.into_iter().flatten().collect(),
        cases,
        source,
    }
}

/// The base flow, step by step. A step that could not be read is `None`, so that positions stay.
#[derive(Default)]
struct Base {
    steps: Vec<Option<Step>>,
    /// What is saved before each step.
    scopes: Vec<Scope>,
    /// What is saved after the last.
    scope: Scope,
    ids: BTreeSet<String>,
    /// Whether an expectation was written at each step, readable or not.
    expects: Vec<bool>,
}

/// What a case has of its scenario.
struct Inherited<'s> {
    covers: &'s [RequirementId],
    editions: &'s [Edition],
    exclusive: Option<bool>,
}

struct Resolver<'r> {
    sources: &'r Sources<'r>,
    problems: &'r mut Problems,
}

impl Resolver<'_> {
    fn scenario_id(&mut self, id: Spanned<String>, path_id: &str) -> String {
        if id.value.split('/').any(|part| !is_slug(part)) {
            self.problems.push(bad_id(
                &id,
                "words joined by `-`, folders by `/`, in lower case",
            ));
        } else if id.value != path_id {
            self.problems.push(
                Problem::new(
                    id.place,
                    format!("the id `{}` is not the path of this file", id.value),
                )
                .expected(path_id)
                .help("rename one of them: a result shall lead to its file"),
            );
        }
        id.value
    }

    fn covers(&mut self, covers: &Spanned<Vec<Spanned<String>>>) -> Vec<RequirementId> {
        if covers.value.is_empty() {
            self.problems.push(
                Problem::new(covers.place, "a scenario covers at least one requirement")
                    .help("cite an id of requirements.yaml"),
            );
        }
        expect::cite(&covers.value, self.sources.catalogue, self.problems)
    }

    fn editions(
        &mut self,
        editions: &Spanned<Vec<Edition>>,
        of_scenario: &[Edition],
    ) -> Vec<Edition> {
        if editions.value.is_empty() {
            let problem = Problem::new(editions.place, "no edition is named");
            self.problems
                .push(problem.help("name one, or remove the key for all"));
        }
        let outside = editions
            .value
            .iter()
            .find(|edition| !of_scenario.is_empty() && !of_scenario.contains(edition));
        if let Some(edition) = outside {
            self.problems.push(
                Problem::new(
                    editions.place,
                    format!("the scenario does not belong to the edition {edition}"),
                )
                .expected(
                    of_scenario
                        .iter()
                        .map(Edition::to_string)
                        .collect::<Vec<_>>()
                        .join(", "),
                ),
            );
        }
        editions.value.clone()
    }

    /// What holds for a base flow as a whole.
    fn check_steps(&mut self, base: &Base, place: Place) {
        if base.steps.is_empty() {
            self.problems
                .push(Problem::new(place, "a scenario has at least one step"));
        } else if !base.expects.contains(&true) {
            let problem = Problem::new(place, "no step of this scenario expects anything");
            self.problems
                .push(problem.help("add `expect:` to at least one step"));
        }
    }

    /// Resolves a step and lets the scope know what it saves. A step of unknown kind gives `None`.
    fn step(
        &mut self,
        form: StepForm,
        covers: &[RequirementId],
        scope: &mut Scope,
        ids: &mut BTreeSet<String>,
        needs: &mut BTreeSet<Capability>,
    ) -> Option<Step> {
        let expect = expect::resolve(
            form.expect.unwrap_or_default(),
            covers,
            self.sources,
            self.problems,
        );
        self.check_expectations(&expect, scope, needs);
        if let Some((_, action)) = &form.kind {
            needs::of_action(action, needs);
            for template in visit::of_action(action) {
                needs.extend(names::check(template, scope, self.problems));
            }
        }
        form.save.0.iter().for_each(|save| scope.save(&save.name));
        let (kind, action) = form.kind?;
        let id = self.step_id(form.id, kind, ids);
        Some(Step {
            id,
            action,
            expect,
            save: form.save.0,
            place: form.place,
        })
    }

    /// The written id, or the kind's name, numbered from the second on.
    fn step_id(
        &mut self,
        written: Option<Spanned<String>>,
        kind: &str,
        ids: &mut BTreeSet<String>,
    ) -> String {
        if let Some(written) = written {
            if !is_step_id(&written.value) {
                self.problems.push(bad_id(
                    &written,
                    "words joined by `-` or `_`, in lower case",
                ));
            } else if !ids.insert(written.value.clone()) {
                let problem = Problem::new(
                    written.place,
                    format!("the step id `{}` is taken", written.value),
                );
                self.problems.push(problem);
            }
            return written.value;
        }
        let mut id = kind.to_owned();
        let mut number = 1;
        while !ids.insert(id.clone()) {
            number += 1;
            id = format!("{kind}-{number}");
        }
        id
    }

    fn check_expectations(
        &mut self,
        expect: &[Expectation],
        scope: &Scope,
        needs: &mut BTreeSet<Capability>,
    ) {
        for template in visit::of_expectations(expect) {
            needs.extend(names::check(template, scope, self.problems));
        }
        for server in expect
            .iter()
            .flat_map(|block| &block.jwt)
            .filter_map(|jwt| jwt.signed_by)
        {
            needs.insert(Capability::Knows(format!("{server}.issuer")));
        }
    }

    /// Resolves a case; `None` when its step is not known, which has been noted.
    fn case(&mut self, form: CaseForm, base: &Base, inherited: &Inherited<'_>) -> Option<Case> {
        let id = form.id.map(|id| {
            if !is_slug(&id.value) {
                self.problems
                    .push(bad_id(&id, "words joined by `-`, in lower case"));
            }
            id.value
        });
        let covers = match form.covers {
            Some(covers) => expect::cite(&covers, self.sources.catalogue, self.problems),
            None => inherited.covers.to_vec(),
        };
        let editions = form
            .editions
            .map(|editions| self.editions(&editions, inherited.editions))
            .unwrap_or_default();
        let nothing = form
            .change
            .as_ref()
            .is_none_or(super::change::ChangeForm::is_empty)
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
        let derived = run
            .chain(rest)
            .any(|step| needs::is_exclusive(&step.action));
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
            let templates = visit::of_action(&step.action)
                .into_iter()
                .chain(visit::of_expectations(&step.expect));
            for reference in templates.flat_map(super::model::Template::references) {
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

fn is_slug(id: &str) -> bool {
    !id.is_empty()
        && id.split('-').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

fn is_step_id(id: &str) -> bool {
    is_slug(&id.replace('_', "-"))
}

fn bad_id(id: &Spanned<String>, expected: &str) -> Problem {
    Problem::new(id.place, format!("`{}` cannot be an id", id.value)).expected(expected)
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
