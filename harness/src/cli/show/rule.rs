//! A rule for every answer of a kind as a page.

use super::case::{expectations, why};
use super::page::Page;
use crate::cli::load::Library;
use crate::presentation::terminal::Look;
use crate::scenario::model::{AppliesTo, Outcome, Rule};

pub(super) fn render(rule: &Rule, library: &Library, look: Look) -> String {
    let mut page = Page::new(look);
    page.title(&rule.result_id());
    page.prose(0, &rule.title);
    page.blank();
    page.row(2, "written in", &library.invariants.place_of(rule));
    if let Some(about) = &rule.about {
        page.heading("About");
        page.prose(2, about);
    }
    why(&mut page, rule.cited(), &library.catalogue);
    page.heading("What it applies to");
    page.prose(
        2,
        "It sends nothing itself: it is held against every exchange of a run, whatever case makes it.",
    );
    for (name, value) in applies_to(&rule.applies_to) {
        page.row(2, name, &value);
    }
    page.heading("What must hold");
    expectations(&mut page, 2, &rule.expect);
    for (path, shape) in &rule.types {
        page.row(
            2,
            path,
            &format!("of type {}, where it is there", shape.value),
        );
    }
    if let Some(relation) = &rule.relation {
        page.row(2, "relation", relation.value.as_str());
    }
    page.into_text()
}

fn applies_to(applies_to: &AppliesTo) -> Vec<(&'static str, String)> {
    fn words<T: ToString>(words: &[T]) -> String {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        words.join(" or ")
    }
    let AppliesTo {
        tokens,
        endpoints,
        at,
        outcome,
        statuses,
        grants,
        issued,
        signed_in,
    } = applies_to;
    let outcome = (*outcome != Outcome::Any).then(|| outcome.to_string());
    let rows = [
        ("tokens", words(tokens)),
        ("endpoint", words(endpoints)),
        ("server", at.map(|at| at.to_string()).unwrap_or_default()),
        ("outcome", outcome.unwrap_or_default()),
        ("status", words(statuses)),
        ("grant", words(grants)),
        ("asked for", words(issued)),
        (
            "user",
            if *signed_in { "one who signed in" } else { "" }.to_owned(),
        ),
    ];
    rows.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
}
