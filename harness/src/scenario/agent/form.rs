//! Scenarios for an agent under test, as written.

use std::collections::BTreeSet;

use strict_yaml::{Place, Problem, Problems, Spanned};

use super::model::{
    AgentCase, AgentClient, AgentRule, AgentScenario, CallbackChange, Need, Observation, Observed,
    Purpose, RequestsObserved, Selector, Setup, UserActs,
};
use super::path;
use crate::requirement::{Catalogue, RequirementId};
use crate::scenario::form::{Named, OneOrMany, Seconds, True, form};
use crate::scenario::model::{Edition, Located, Matcher, ResourceType, SourceFile, ValueTemplate};

form! {
    /// The whole file.
    AgentScenarioForm, "a scenario for an agent", "agent-scenario" {
        /// Stable name: the path of the file without .yaml.
        required id: Spanned<String>,
        /// One sentence.
        required title: String,
        /// Prose, for `atx agent show`.
        optional about: String,
        /// What the agent is to do; without it, the first task that it supports.
        optional task: ResourceType,
        /// Requirements cited by observations that cite none themselves.
        required covers: Spanned<Vec<Spanned<String>>>,
        /// Editions of the guide it belongs to; all when left out.
        optional editions: Vec<Edition>,
        /// What the way in which the agent is run must provide.
        optional needs: Vec<Need>,
        /// How the org is set up and behaves.
        optional setup: SetupForm,
        /// What must be seen.
        required observe: Spanned<Vec<ObservationForm>>,
        /// The same task under other conditions.
        optional cases: Vec<AgentCaseForm>,
    }
}

form! {
    /// A case.
    AgentCaseForm, "a case", "agent-case" {
        /// Its name: words joined by `-`.
        required id: Spanned<String>,
        /// One sentence.
        required title: String,
        /// Requirements cited instead of the scenario's.
        optional covers: Spanned<Vec<Spanned<String>>>,
        /// Editions of the guide it belongs to; those of the scenario when left out.
        optional editions: Vec<Edition>,
        /// What the way in which the agent is run must provide, besides what the scenario needs.
        optional needs: Vec<Need>,
        /// How the org is set up and behaves, on top of the scenario's.
        optional setup: SetupForm,
        /// Requests that the agent makes when nothing disturbs it; without them the case does not apply to it.
        optional applies_if: OneOrMany<SelectorForm>,
        /// Whether the agent must use its credential at the API all the same, or must not.
        optional purpose: Purpose,
        /// What must be seen instead of what the scenario says.
        optional observe: Spanned<Vec<ObservationForm>>,
    }
}

form! {
    /// How an org is set up and behaves.
    SetupForm, "a setup", "agent-setup" {
        /// Members merged into the org file, as `PATCH /_mock/org` does.
        optional org: ValueTemplate,
        /// Switches and their positions (`mock-okta behaviours`).
        optional switches: Named<Spanned<String>>,
        /// Defects (`mock-okta defects`).
        optional defects: Vec<Spanned<String>>,
        /// Variations (`mock-okta variations`).
        optional variations: Vec<Spanned<String>>,
        /// Wire faults, as an org file has them (`mock-okta faults`).
        optional faults: Vec<ValueTemplate>,
        /// How the agent's client authenticates.
        optional client: AgentClient,
        /// What the user does at the pages that are opened.
        optional user: UserActs,
        /// What is done to the redirect before the agent gets it.
        optional callback: CallbackChange,
        /// The settings name another certificate authority than that of the org.
        optional other_ca: True,
        /// Age of the ID token that is handed over.
        optional id_token_age: Seconds,
    }
}

form! {
    /// Which requests.
    SelectorForm, "a selection of requests", "agent-selector" {
        /// Members of the request, by path, such as `endpoint`, `form.grant_type` or `status`.
        required requests: Spanned<Named<Spanned<Matcher>>>,
    }
}

form! {
    /// Something that must be seen.
    ObservationForm, "an observation", "agent-observation" {
        /// What the requests are: words joined by `-`, such as `exchange`.
        required id: Spanned<String>,
        /// Requirements cited instead of the case's or the scenario's.
        optional covers: Spanned<Vec<Spanned<String>>>,
        /// Which requests, by their members.
        optional requests: Spanned<Named<Spanned<Matcher>>>,
        /// Only those that arrive after the first request of this earlier observation was answered.
        optional after: Spanned<String>,
        /// How many there are: a number or a matcher.
        optional count: Spanned<Matcher>,
        /// What each of them must be, by path.
        optional expect: Named<Spanned<Matcher>>,
        /// Paths whose values differ from request to request.
        optional distinct: Vec<Spanned<String>>,
        /// Form parameters that may differ between these requests; all others are the same.
        optional same_except: Spanned<Vec<String>>,
        /// The member of an answer with a link that the user must be shown.
        optional link_shown: Spanned<String>,
        /// How a correct request reads, in a line.
        optional correct: String,
        /// No credential stands in what the agent prints or writes into its working folder.
        optional nothing_printed: True,
    }
}

form! {
    /// A rule for every request.
    AgentRuleForm, "a rule for an agent", "agent-rule" {
        /// One sentence.
        required title: String,
        /// What must be seen in every case.
        required observe: ObservationForm,
        /// What must be distinct is compared from case to case, by the first such request of each.
        optional across_cases: True,
    }
}

/// Resolves a file.
pub(super) fn scenario(
    form: AgentScenarioForm,
    path_id: &str,
    source: SourceFile,
    catalogue: &Catalogue,
    problems: &mut Problems,
) -> AgentScenario {
    if let Some(id) = form.id.as_ref().filter(|id| id.value != path_id) {
        problems.push(
            Problem::new(
                id.place,
                format!("the id `{}` is not the file's path", id.value),
            )
            .help(format!("write `id: {path_id}`")),
        );
    }
    let covers = cited(form.covers, catalogue, problems).unwrap_or_default();
    if covers.is_empty() && !problems.any_within(form.place) {
        problems.push(Problem::new(
            form.place,
            "a scenario covers at least one requirement",
        ));
    }
    let setup = form
        .setup
        .map(|setup| self::setup(setup, problems))
        .unwrap_or_default();
    let editions = form.editions.unwrap_or_default();
    let needs = form.needs.unwrap_or_default();
    let base = AgentCase {
        id: None,
        title: form.title.clone().unwrap_or_default(),
        task: form.task,
        editions: editions.clone(),
        needs: needs.clone(),
        setup: setup.clone(),
        applies_if: Vec::new(),
        unless: Vec::new(),
        touched_by: None,
        profile: None,
        at_most: None,
        why: None,
        observe: observations(form.observe, &covers, catalogue, problems),
        purpose: None,
        covers: covers.clone(),
        place: form.place,
    };
    let mut taken = BTreeSet::new();
    let mut cases = Vec::new();
    for case in form.cases.unwrap_or_default() {
        let own = cited(case.covers, catalogue, problems).unwrap_or_else(|| covers.clone());
        let id = case.id.map(|id| name(id, problems));
        if let Some(id) = id.as_ref().filter(|id| !taken.insert((*id).clone())) {
            problems.push(Problem::new(case.place, format!("the id `{id}` is taken")));
        }
        if case.observe.is_none() && case.purpose.is_none() && !problems.any_within(case.place) {
            problems.push(
                Problem::new(case.place, "this case checks nothing")
                    .expected("at least one of purpose, observe"),
            );
        }
        let applies_if = case.applies_if.unwrap_or_default().0;
        cases.push(AgentCase {
            id,
            title: case.title.unwrap_or_default(),
            task: form.task,
            editions: case.editions.unwrap_or_else(|| editions.clone()),
            needs: [needs.clone(), case.needs.unwrap_or_default()].concat(),
            setup: case
                .setup
                .map(|own| self::setup(own, problems))
                .unwrap_or_default()
                .over(&setup),
            applies_if: applies_if
                .into_iter()
                .filter_map(|form| Some(selector(form.requests?, problems)))
                .collect(),
            unless: Vec::new(),
            touched_by: None,
            profile: None,
            at_most: None,
            why: None,
            observe: observations(case.observe, &own, catalogue, problems),
            purpose: case.purpose,
            covers: own,
            place: case.place,
        });
    }
    AgentScenario {
        id: path_id.to_owned(),
        title: form.title.unwrap_or_default(),
        about: form.about,
        source,
        covers,
        base,
        cases,
        place: form.place,
    }
}

/// Resolves a rule; one without a name gives `None`, which has been noted.
pub(super) fn rule(
    form: AgentRuleForm,
    catalogue: &Catalogue,
    problems: &mut Problems,
) -> Option<AgentRule> {
    let observe = observation(form.observe?, &[], catalogue, problems)?;
    if observe.covers.is_empty() {
        problems.push(Problem::new(
            observe.place,
            "a rule covers at least one requirement",
        ));
    }
    Some(AgentRule {
        title: form.title?,
        across_cases: form.across_cases.is_some(),
        observe,
    })
}

fn cited(
    written: Option<Spanned<Vec<Spanned<String>>>>,
    catalogue: &Catalogue,
    problems: &mut Problems,
) -> Option<Vec<RequirementId>> {
    written.map(|written| catalogue.cite_all(&written.value, problems))
}

fn setup(form: SetupForm, problems: &mut Problems) -> Setup {
    let texts = |written: Option<Vec<Spanned<String>>>| {
        let written = written.unwrap_or_default().into_iter();
        written.map(|one| one.value).collect::<Vec<_>>()
    };
    if let Some(org) = &form.org
        && !matches!(org, ValueTemplate::Object(_))
    {
        problems.push(Problem::new(
            form.place,
            "`org` is a map of members of the org file",
        ));
    }
    let switches = form.switches.unwrap_or_default().into_pairs().into_iter();
    Setup {
        org: form.org.into_iter().collect(),
        switches: switches
            .map(|(name, position)| (name, position.value))
            .collect(),
        defects: texts(form.defects),
        variations: texts(form.variations),
        faults: form.faults.unwrap_or_default(),
        client: form.client,
        user: form.user,
        callback: form.callback,
        other_ca: form.other_ca.is_some(),
        id_token_age: form
            .id_token_age
            .map(|age| age.forward(form.place, problems)),
    }
}

fn observations(
    forms: Option<Spanned<Vec<ObservationForm>>>,
    default: &[RequirementId],
    catalogue: &Catalogue,
    problems: &mut Problems,
) -> Vec<Observation> {
    let Some(forms) = forms else {
        return Vec::new();
    };
    if forms.value.is_empty() {
        problems.push(Problem::new(forms.place, "nothing is observed"));
    }
    let mut known: Vec<Observation> = Vec::new();
    for form in forms.value {
        let after = form.after.clone();
        let Some(one) = observation(form, default, catalogue, problems) else {
            continue;
        };
        if known.iter().any(|earlier| earlier.id == one.id) {
            problems.push(Problem::new(
                one.place,
                format!("the id `{}` is taken", one.id),
            ));
        }
        if let Some(after) = after {
            let names = known.iter().map(|earlier| earlier.id.as_str());
            if !names.clone().any(|name| name == after.value) {
                problems.push(strict_yaml::unknown(
                    after.place,
                    "earlier observation",
                    &after.value,
                    names,
                ));
            }
        }
        known.push(one);
    }
    known
}

fn observation(
    form: ObservationForm,
    default: &[RequirementId],
    catalogue: &Catalogue,
    problems: &mut Problems,
) -> Option<Observation> {
    let place = form.place;
    let covers = cited(form.covers, catalogue, problems).unwrap_or_else(|| default.to_vec());
    let of_requests = form.count.is_some()
        || form.expect.is_some()
        || form.distinct.is_some()
        || form.same_except.is_some();
    let what = match (form.requests, form.link_shown, form.nothing_printed) {
        (Some(requests), None, None) => {
            if !of_requests && !problems.any_within(place) {
                problems.push(
                    Problem::new(place, "nothing is checked of these requests")
                        .expected("at least one of count, expect, distinct, same_except"),
                );
            }
            let distinct = form.distinct.unwrap_or_default();
            for written in &distinct {
                path::check(&written.value, written.place, problems);
            }
            Observed::Requests(Box::new(RequestsObserved {
                requests: selector(requests, problems),
                after: form.after.map(|after| after.value),
                count: form.count,
                expect: members(form.expect.unwrap_or_default(), problems),
                distinct,
                same_except: form.same_except,
            }))
        }
        (None, Some(member), None) => Observed::LinkShown {
            member: member.value,
        },
        (None, None, Some(True)) => Observed::NothingPrinted,
        _ => {
            if !problems.any_within(place) {
                problems.push(
                    Problem::new(place, "an observation looks at one thing")
                        .expected("one of requests, link_shown, nothing_printed"),
                );
            }
            return None;
        }
    };
    Some(Observation {
        id: name(form.id?, problems),
        covers,
        what,
        correct: form.correct,
        place,
    })
}

fn selector(written: Spanned<Named<Spanned<Matcher>>>, problems: &mut Problems) -> Selector {
    Selector {
        place: written.place,
        members: members(written.value, problems),
    }
}

fn members(
    written: Named<Spanned<Matcher>>,
    problems: &mut Problems,
) -> Vec<(String, Located<Matcher>)> {
    for (name, matcher) in &written.0 {
        path::check(&name.value, name.place, problems);
        path::check_word(&name.value, matcher, problems);
    }
    written.into_pairs()
}

/// Words joined by `-`, in lower case.
fn name(written: Spanned<String>, problems: &mut Problems) -> String {
    let is_word = |word: &str| {
        let mut bytes = word.bytes();
        !word.is_empty() && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if !written.value.split('-').all(is_word) {
        let place: Place = written.place;
        problems.push(
            Problem::new(place, format!("`{}` cannot be an id", written.value))
                .expected("words joined by `-`, in lower case"),
        );
    }
    written.value
}
