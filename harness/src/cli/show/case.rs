//! The page of a case or of a base flow.

use std::collections::BTreeSet;

use super::super::select::{cited, result_id};
use super::page::Page;
use super::{expectation, roles};
use crate::presentation::terminal::Look;
use crate::presentation::text::count;
use crate::requirement::{Catalogue, Demand, RequirementId};
use crate::scenario::case_step::{CaseStep, Part, case_steps};
use crate::scenario::describe;
use crate::scenario::model::{Capability, Edition, Expectation, Sending};
use crate::scenario::{Case, Scenario, Step, state_changes};

/// The whole page.
pub(super) fn render(
    scenario: &Scenario,
    case: Option<&Case>,
    catalogue: &Catalogue,
    look: Look,
) -> String {
    let mut page = Page::new(look);
    head(&mut page, scenario, case);
    who(&mut page, scenario, case);
    why(&mut page, cited(scenario, case), catalogue);
    if let Some(case) = case {
        case_flow(&mut page, scenario, case);
        twin(&mut page, scenario, case);
    } else {
        base_flow(&mut page, scenario);
        cases(&mut page, scenario);
    }
    page.into_text()
}

fn head(page: &mut Page, scenario: &Scenario, case: Option<&Case>) {
    page.title(&result_id(scenario, case));
    page.prose(0, case.map_or(&scenario.title, |case| &case.title));
    page.blank();
    page.row(2, "resource type", scenario.resource_type.as_str());
    let editions = case
        .map(|case| &case.editions)
        .filter(|editions| !editions.is_empty());
    page.row(
        2,
        "editions",
        &editions_text(editions.unwrap_or(&scenario.editions)),
    );
    let line = case.map_or(1, |case| case.place.line);
    page.row(2, "written in", &format!("{}:{line}", scenario.source.name));
    needs(page, scenario, case);
    if case.map_or(scenario.exclusive, |case| case.exclusive) {
        page.row(
            2,
            "runs alone",
            "yes, on a reset target: it changes what others would see",
        );
    }
    for change in state_changes(scenario, case) {
        let text = format!(
            "{change}: {}; at a real org only where `allow` in the target file names it",
            change.meaning()
        );
        page.row(2, "changes", &text);
    }
    if let Some(about) = &scenario.about {
        page.heading("About");
        page.prose(2, about);
    }
}

fn editions_text(editions: &[Edition]) -> String {
    let named = if editions.is_empty() {
        &Edition::ALL[..]
    } else {
        editions
    };
    named
        .iter()
        .map(|edition| edition.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

fn needs(page: &mut Page, scenario: &Scenario, case: Option<&Case>) {
    let needs = scenario
        .needs
        .iter()
        .chain(case.iter().flat_map(|case| &case.needs));
    let (mut abilities, mut known, mut secrets) = (Vec::new(), Vec::new(), Vec::new());
    let mut authentications = BTreeSet::new();
    for need in needs {
        match need {
            Capability::Knows(name) => known.push(name.as_str()),
            Capability::Authenticates(client, way) => {
                authentications.insert(format!("{client}, {}", way.meaning()));
            }
            Capability::SecretOfAtLeast(client, bytes) => secrets.push((client, bytes)),
            named => {
                abilities.extend(
                    Capability::NAMED
                        .iter()
                        .find(|(_, capability)| capability == named)
                        .map(|(name, _)| *name),
                );
            }
        }
    }
    for (label, mut names) in [
        ("the target can", abilities),
        ("the target describes", known),
    ] {
        names.sort_unstable();
        names.dedup();
        if !names.is_empty() {
            page.row(2, label, &names.join(", "));
        }
    }
    for how in authentications {
        page.row(2, "authenticates", &how);
    }
    for (client, bytes) in secrets {
        let secret = format!("{client} a secret of at least {bytes} bytes, if it has one");
        page.row(2, "the target gives", &secret);
    }
}

fn who(page: &mut Page, scenario: &Scenario, case: Option<&Case>) {
    let mut roles = roles::roles(scenario, case).peekable();
    if roles.peek().is_some() {
        page.heading("Who is who");
        roles.for_each(|(role, meaning)| page.row(2, role, meaning));
    }
}

pub(super) fn why(
    page: &mut Page,
    cited: impl IntoIterator<Item: AsRef<str>>,
    catalogue: &Catalogue,
) {
    page.heading("Why");
    for id in cited {
        let id = id.as_ref();
        match catalogue.get(id) {
            Some(requirement) => {
                for (index, demand) in requirement.levels.iter().enumerate() {
                    let Demand {
                        level,
                        profile,
                        source,
                        text,
                    } = demand;
                    let heading = if index == 0 { id } else { "" };
                    let of = requirement.role;
                    page.item(
                        2,
                        heading,
                        &format!("{level} under {profile} for {of}, {source}"),
                    );
                    if index == 0 || *text != requirement.levels[0].text {
                        page.prose(6, text);
                    }
                }
            }
            None => page.item(2, id, "not in the catalogue"),
        }
    }
}

fn base_flow(page: &mut Page, scenario: &Scenario) {
    page.heading("What is sent, and what must come back");
    for (index, step) in scenario.steps.iter().enumerate() {
        one_step(page, index + 1, step, true);
    }
}

fn case_flow(page: &mut Page, scenario: &Scenario, case: &Case) {
    page.heading("What is sent");
    let steps = case_steps(scenario, Some(case));
    let mut follows = false;
    for (index, CaseStep { step, part, .. }) in steps.iter().enumerate() {
        let number = index + 1;
        match part {
            // What the base flow expects of it is on the page of the base flow.
            Part::Leading => one_step(page, number, step, false),
            Part::Inserted => one_step(page, number, step, true),
            Part::Varied => varied_step(page, number, step, case),
            Part::Following => {
                if !follows {
                    page.heading("Then");
                }
                follows = true;
                one_step(page, number, step, true);
            }
        }
    }
}

fn varied_step(page: &mut Page, number: usize, step: &Step, case: &Case) {
    one_request(page, number, step);
    let changed = describe::change(&case.change);
    if changed.is_empty() {
        page.prose(6, "unchanged; what came before makes the difference");
    } else {
        page.prose(6, "changed, and nothing else:");
    }
    for (name, how) in &changed {
        page.row(8, name, how);
    }
    if matches!(case.change.sending, Sending::Raced { .. }) {
        page.heading("What each of the others must get");
    } else {
        page.heading("What must come back");
    }
    expectations(page, 2, &case.expect);
    saves(page, 2, &case.save);
}

fn one_request(page: &mut Page, number: usize, step: &Step) {
    let request = step.action.kind().describe();
    page.item(2, &format!("{number}. {}", step.id), &request.summary);
    for (name, value) in &request.details {
        page.row(6, name, value);
    }
}

fn one_step(page: &mut Page, number: usize, step: &Step, show_expectations: bool) {
    one_request(page, number, step);
    if show_expectations && !step.expect.is_empty() {
        page.prose(4, "must come back:");
        expectations(page, 6, &step.expect);
    }
    saves(page, 6, &step.save);
}

pub(super) fn expectations(page: &mut Page, indent: usize, blocks: &[Expectation]) {
    // Where several requirements are at stake, each check stands below those that it is there for.
    let several = blocks
        .windows(2)
        .any(|pair| pair[0].covers != pair[1].covers);
    let mut of: &[RequirementId] = &[];
    for block in blocks {
        if several && block.covers != of {
            let ids: Vec<_> = block.covers.iter().map(RequirementId::as_str).collect();
            page.prose(indent, &format!("for {}:", ids.join(", ")));
            of = &block.covers;
        }
        for (name, matcher) in expectation::describe(block) {
            page.row(indent + 2 * usize::from(several), &name, &matcher);
        }
    }
}

fn saves(page: &mut Page, indent: usize, saves: &[crate::scenario::model::Save]) {
    for save in saves {
        page.row(
            indent,
            "kept",
            &format!("${{{}}} = {}", save.name, expectation::source(&save.from)),
        );
    }
}

fn twin(page: &mut Page, scenario: &Scenario, case: &Case) {
    page.heading("The request without the change");
    let at = scenario
        .steps
        .get(case.at)
        .map_or("?", |step| step.id.as_str());
    page.prose(
        2,
        &format!(
            "{}: its `{at}` must be accepted in the same run, or this case is an error and \
             not a pass: a server that refuses everything proves nothing.",
            scenario.id
        ),
    );
}

fn cases(page: &mut Page, scenario: &Scenario) {
    if scenario.cases.is_empty() {
        return;
    }
    page.heading(&count(scenario.cases.len(), "case"));
    for case in &scenario.cases {
        page.prose(2, &result_id(scenario, Some(case)));
        page.prose(6, &case.title);
    }
}
