//! Messages of the reader, and the file that ships.

use strict_yaml::Problems;

use super::parse;
use crate::requirement::Catalogue;
use crate::scenario::embedded_invariants;
use crate::scenario::expect::Sources;
use crate::scenario::model::Invariants;
use crate::scenario::shared::Shared;

fn read(text: &str) -> Result<Invariants, Problems> {
    let sources = Sources {
        catalogue: Catalogue::embedded(),
        shared: &Shared::default(),
    };
    parse("invariants.yaml", text, &sources)
}

#[test]
fn the_rules_that_ship_are_in_order() {
    let rules = embedded_invariants().unwrap_or_else(|problems| panic!("{}", problems[0]));
    assert!(rules.rules.len() > 60);
}

#[test]
fn every_mistake_is_told_with_its_place() {
    let mistakes = read(include_str!("tests/broken.yaml")).unwrap_err();
    insta::assert_snapshot!(mistakes);
}

#[test]
fn the_schema_knows_what_the_reader_knows() {
    let schema = super::schema();
    let relations = &schema["$defs"]["rule"]["properties"]["relation"]["enum"];
    assert!(
        relations
            .as_array()
            .unwrap()
            .contains(&"one-profile".into())
    );
    let written = include_str!("../../../../scenarios/invariants.schema.json");
    assert_eq!(
        format!("{schema:#}\n"),
        written,
        "scenarios/invariants.schema.json is not what `atx schema invariants` prints"
    );
}
