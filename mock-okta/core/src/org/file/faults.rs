//! The section `faults`: what happens to answers on their way, from the start on.

use strict_yaml::{Map, MapReader, Node, Problem, Problems, Spanned, Value};

use super::resolve::{KnownNames, RecordKind};
use super::words;
use crate::faults::{CheckedFault, Fault, FaultError};

pub(super) fn faults(top: &mut MapReader<'_, '_>, known: &KnownNames) -> Vec<CheckedFault> {
    let mut all = Vec::new();
    for node in words::items(top, "faults") {
        match node.as_map() {
            Some(map) => all.extend(fault(node, map, known, top.problems())),
            None => top.problems().push(
                node.mismatch("a map such as { fault: delay, milliseconds: 500, endpoint: token }"),
            ),
        }
    }
    all
}

fn fault(
    node: &Node,
    map: &Map,
    known: &KnownNames,
    problems: &mut Problems,
) -> Option<CheckedFault> {
    let mut values = Vec::new();
    for entry in &map.entries {
        let Some(text) = scalar(&entry.value) else {
            let error = FaultError::NotAScalar {
                written: entry.key.value.clone(),
            };
            problems.push(problem(&error, node, map));
            return None;
        };
        values.push((entry.key.value.as_str(), text));
    }
    let pairs = values.iter().map(|(name, text)| (*name, text.as_str()));
    let checked = Fault::from_values(pairs).and_then(CheckedFault::new);
    let checked = checked
        .map_err(|error| problems.push(problem(&error, node, map)))
        .ok()?;
    let client = map.get("client");
    let client = client.and_then(|node| Some(Spanned::new(node.place, scalar(node)?)));
    if let Some(client) = client {
        known.find_any(&[RecordKind::Agent, RecordKind::App], &client, problems)?;
    }
    Some(checked)
}

/// A number or a truth value is read as it is written.
fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Seq(_) | Value::Map(_) => None,
    }
}

/// The mistake, at the value that it is in.
fn problem(error: &FaultError, node: &Node, map: &Map) -> Problem {
    let kind = matches!(error, FaultError::UnknownKind { .. }).then_some("fault");
    let place = error
        .parameter()
        .or(kind)
        .and_then(|name| map.get(name))
        .map_or(node.place, |value| value.place);
    Problem::new(place, error.wrong())
        .expected(error.expected())
        .help("`mock-okta faults` lists them all")
}
