//! A scenario as text, for `atx show`.

use std::fmt::Write as _;

use super::model::{Capability, Case, Change, Edition, Expectation, Scenario, Step};
use crate::requirement::{Catalogue, RequirementId};

/// What a scenario does and why, for people: flow, expectations, cases, requirements.
#[must_use]
pub fn show(scenario: &Scenario, catalogue: &Catalogue) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut out, scenario, catalogue);
    out
}

fn write(out: &mut String, scenario: &Scenario, catalogue: &Catalogue) -> std::fmt::Result {
    writeln!(out, "{}\n{}\n", scenario.id, scenario.title)?;
    if let Some(about) = &scenario.about {
        writeln!(out, "{}\n", about.trim_end())?;
    }
    writeln!(out, "resource type  {}", scenario.resource_type)?;
    writeln!(out, "editions       {}", editions(&scenario.editions))?;
    writeln!(out, "needs          {}", needs(scenario.needs.iter()))?;
    if scenario.exclusive {
        writeln!(out, "runs alone     yes: it changes what others would see")?;
    }
    writeln!(out, "file           {}", scenario.source.name)?;

    writeln!(out, "\nSteps")?;
    for (number, step) in scenario.steps.iter().enumerate() {
        writeln!(
            out,
            "  {}. {} (line {})",
            number + 1,
            step.id,
            step.place.line
        )?;
        write_step(out, step, "     ")?;
    }
    if !scenario.cases.is_empty() {
        writeln!(out, "\nCases")?;
    }
    for case in &scenario.cases {
        write_case(out, scenario, case)?;
    }
    writeln!(out, "\nRequirements")?;
    for id in cited(scenario) {
        write_requirement(out, &id, catalogue)?;
    }
    Ok(())
}

fn write_step(out: &mut String, step: &Step, indent: &str) -> std::fmt::Result {
    write_expectations(out, &step.expect, indent)?;
    for save in &step.save {
        writeln!(out, "{indent}saves {}", save.name)?;
    }
    Ok(())
}

fn write_case(out: &mut String, scenario: &Scenario, case: &Case) -> std::fmt::Result {
    let at = scenario
        .steps
        .get(case.at)
        .map_or("?", |step| step.id.as_str());
    writeln!(
        out,
        "  {}/{} (line {})",
        scenario.id, case.id, case.place.line
    )?;
    writeln!(out, "     {}", case.title)?;
    let names = |steps: &[Step]| {
        steps
            .iter()
            .map(|step| step.id.clone())
            .collect::<Vec<_>>()
            .join(", ")
    };
    if !case.before.is_empty() {
        writeln!(out, "     before {at}: {}", names(&case.before))?;
    }
    let changed = changed(&case.change);
    if !changed.is_empty() {
        writeln!(out, "     changes in {at}: {}", changed.join(", "))?;
    }
    write_expectations(out, &case.expect, "     ")?;
    if !case.then.is_empty() {
        writeln!(out, "     then: {}", names(&case.then))?;
    }
    Ok(())
}

/// The names of what a change touches, those of the language with their `$`.
fn changed(change: &Change) -> Vec<&str> {
    let reserved = [
        (change.client.is_some(), "$as"),
        (change.client_auth.is_some(), "$client_auth"),
        (change.at.is_some(), "$at"),
        (change.method.is_some(), "$method"),
        (change.encoding.is_some(), "$encoding"),
        (!change.headers.is_empty(), "$headers"),
        (change.url.is_some(), "$url"),
        (change.credential.is_some(), "the credential"),
    ];
    let touched = reserved
        .into_iter()
        .filter(|(touched, _)| *touched)
        .map(|(_, name)| name);
    touched
        .chain(change.params.iter().map(|(name, _)| name.as_str()))
        .collect()
}

fn write_expectations(out: &mut String, blocks: &[Expectation], indent: &str) -> std::fmt::Result {
    for block in blocks {
        if let Some(status) = &block.status {
            writeln!(out, "{indent}status {}", status.value)?;
        }
        for (group, named) in [("header", &block.headers), ("body", &block.body)] {
            for (name, matcher) in named {
                writeln!(out, "{indent}{group} {name}: {}", matcher.value)?;
            }
        }
        for jwt in &block.jwt {
            let signer = jwt.signed_by.map_or_else(
                || "signature not judged".to_owned(),
                |server| format!("signed by {server}"),
            );
            writeln!(out, "{indent}jwt {}: {signer}", jwt.at)?;
            for (group, named) in [("header", &jwt.header), ("claim", &jwt.claims)] {
                for (name, matcher) in named {
                    writeln!(out, "{indent}  {group} {name}: {}", matcher.value)?;
                }
            }
        }
        if let Some(redirect) = &block.redirect {
            if let Some(to) = &redirect.to {
                writeln!(out, "{indent}redirect to {}", to.value)?;
            }
            for (name, matcher) in &redirect.query {
                writeln!(out, "{indent}redirect query {name}: {}", matcher.value)?;
            }
        }
        if let Some(code) = &block.code {
            writeln!(out, "{indent}internal code {}", code.value.join(" or "))?;
        }
        for (group, matcher) in [("text", &block.text), ("page", &block.page)] {
            if let Some(matcher) = matcher {
                writeln!(out, "{indent}{group} {}", matcher.value)?;
            }
        }
    }
    Ok(())
}

fn write_requirement(
    out: &mut String,
    id: &RequirementId,
    catalogue: &Catalogue,
) -> std::fmt::Result {
    match catalogue.get(id.as_str()) {
        Some(one) => writeln!(
            out,
            "  {id}  {} · {}\n     {}",
            one.level, one.source, one.text
        ),
        None => writeln!(out, "  {id}"),
    }
}

/// Every requirement cited anywhere in the scenario, each once, in order.
fn cited(scenario: &Scenario) -> std::collections::BTreeSet<RequirementId> {
    let of_steps = |steps: &[Step]| {
        steps
            .iter()
            .flat_map(|step| step.expect.clone())
            .collect::<Vec<_>>()
    };
    let mut blocks = of_steps(&scenario.steps);
    for case in &scenario.cases {
        blocks.extend(of_steps(&case.before));
        blocks.extend(case.expect.iter().cloned());
        blocks.extend(of_steps(&case.then));
    }
    scenario
        .covers
        .iter()
        .cloned()
        .chain(blocks.into_iter().flat_map(|block| block.covers))
        .collect()
}

fn editions(editions: &[Edition]) -> String {
    match editions {
        [] => "all".to_owned(),
        some => some
            .iter()
            .map(Edition::to_string)
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn needs<'c>(needs: impl Iterator<Item = &'c Capability>) -> String {
    let words: Vec<_> = needs
        .map(|need| match need {
            Capability::Knows(name) => name.clone(),
            named => Capability::NAMED
                .iter()
                .find(|(_, capability)| capability == named)
                .map_or_else(String::new, |(word, _)| (*word).to_owned()),
        })
        .collect();
    if words.is_empty() {
        "nothing".to_owned()
    } else {
        words.join(", ")
    }
}
