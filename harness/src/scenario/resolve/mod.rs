//! From forms to the model: every name is looked up, every mistake noted.
//!
//! Where something is missing a stand-in takes its place, so that the mistakes behind it are found too; the result is
//! worth something only when no problem was noted, and [`crate::scenario::load`] sees to that.

mod case;

use std::collections::BTreeSet;

use strict_yaml::{Place, Problem, Problems, Spanned};

use crate::requirement::RequirementId;
use crate::scenario::case_step::case_steps;
use crate::scenario::document::ScenarioForm;
use crate::scenario::expect::{self, Sources};
use crate::scenario::model::SourceFile;
use crate::scenario::model::{Capability, Change, Edition, Expectation, ResourceType};
use crate::scenario::names::{self, Scope};
use crate::scenario::step::StepForm;
use crate::scenario::{Scenario, Step};
use crate::scenario::{hmac_key, needs, visit};

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
    let taken = || base.steps.iter().flatten();
    let keys = taken().filter_map(|step| hmac_key::need(&step.action, &Change::default(), taken()));
    needs.extend(keys);
    let derived = base
        .steps
        .iter()
        .flatten()
        .any(|step| step.action.kind().is_exclusive());
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
    let mut scenario = Scenario {
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
        hints: Vec::new(),
    };
    let of_cases: Vec<_> = scenario
        .cases
        .iter()
        .map(|case| needs::of_flow(&case_steps(&scenario, Some(case))))
        .collect();
    for (case, needs) in scenario.cases.iter_mut().zip(of_cases) {
        case.needs.extend(needs);
    }
    let needs = needs::of_flow(&case_steps(&scenario, None));
    scenario.needs.extend(needs);
    scenario
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
        self.sources
            .catalogue
            .cite_all(&covers.value, self.problems)
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
        if let Some(action) = &form.action {
            needs::of_action(action, needs);
            for template in action.kind().templates() {
                needs.extend(names::check(template, scope, self.problems));
            }
        }
        form.save.0.iter().for_each(|save| scope.save(&save.name));
        let action = form.action?;
        let id = self.step_id(form.id, action.kind().name(), ids);
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
        let conditions = expect.iter().filter_map(|block| block.when.as_ref());
        for (name, matcher) in conditions.flat_map(|when| &when.saved) {
            if let Err(problem) = scope.check_saved(name, matcher.place) {
                self.problems.push(problem);
            }
        }
        for server in expect
            .iter()
            .flat_map(|block| &block.jwt)
            .filter_map(|jwt| jwt.signed_by)
        {
            needs.insert(Capability::Knows(format!("{server}.issuer")));
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

#[cfg(test)]
mod tests;
