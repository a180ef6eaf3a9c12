//! Messages of the reader, and the file that ships.

use super::sample::read;
use crate::scenario::embedded_invariants;

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
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../scenarios/invariants.schema.json"
    );
    let current = format!("{schema:#}\n");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, &current).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == current,
        "scenarios/invariants.schema.json is stale: run the tests with UPDATE_SCHEMA=1"
    );
}
