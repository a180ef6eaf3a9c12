//! `invariants.yaml`: rules that hold for every answer of a kind, declared once.

mod form;
mod names;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use strict_yaml::{Document, FromNode, Problem, Problems};

use super::expect::Sources;
use super::form::{Defs, Described};
use super::model::Invariants;
use super::model::SourceFile;
use form::RuleForm;

/// Reads the rules: a list.
///
/// # Errors
/// All mistakes of the file.
pub(crate) fn parse(name: &str, text: &str, sources: &Sources<'_>) -> Result<Invariants, Problems> {
    let document = Document::parse(name, text)?;
    let mut problems = document.problems();
    let forms: Vec<RuleForm> =
        FromNode::from_node(&document.root, &mut problems).unwrap_or_default();
    let mut taken = BTreeSet::new();
    let mut rules = Vec::new();
    for form in forms {
        let Some(rule) = form::resolve(form, sources, &mut problems) else {
            continue;
        };
        if !taken.insert(rule.id.clone()) {
            let message = format!("the id `{}` is taken", rule.id);
            problems.push(Problem::new(rule.place, message));
        }
        rules.push(rule);
    }
    problems.into_result(Invariants {
        rules,
        source: Some(SourceFile {
            name: name.to_owned(),
            text: document.text.clone(),
        }),
    })
}

/// JSON Schema (2020-12) of the file, made of the very forms that read it.
#[must_use]
pub fn schema() -> Value {
    let mut defs = Defs::default();
    let items = RuleForm::schema(&mut defs);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of atx that hold for every answer of a kind",
        "type": "array",
        "items": items,
        "$defs": defs.into_json(),
    })
}

/// Rules for tests of other modules.
#[cfg(test)]
pub(crate) mod sample {
    use super::*;
    use crate::requirement::Catalogue;
    use crate::scenario::shared::Shared;

    /// What a text says, or its mistakes.
    pub(crate) fn read(text: &str) -> Result<Invariants, Problems> {
        let sources = Sources {
            catalogue: Catalogue::embedded(),
            shared: &Shared::default(),
        };
        parse("invariants.yaml", text, &sources)
    }
}
