//! What public sources leave open must not fail anybody: each switch of the mock is turned to each of its other
//! positions, and nothing fails.
//!
//! Every turn runs the whole flow of each resource type and the cases that are known to notice it:
//! `reports/embedded/switches.json` says which, and what their verdict becomes. CI runs every case under every switch, with
//! the program `switches`, and compares.

use std::collections::BTreeSet;

use conformance_tests::repo;
use conformance_tests::switches::{FILE, Noticed, turn_all};
use harness::requirement::Catalogue;
use mock_okta::Behaviours;

use crate::support::harness_run::scenarios;

#[test]
fn an_open_question_of_the_catalogue_goes_by_the_name_of_its_switch() {
    let switches: BTreeSet<&str> = Behaviours::SWITCHES.iter().map(|one| one.name).collect();
    let mut count = 0;
    for requirement in Catalogue::embedded() {
        let document = requirement.demand.source.first.document.as_str();
        let names = document
            .strip_prefix("open questions ")
            .or(document.strip_prefix("open question "));
        for name in names.into_iter().flat_map(|names| names.split(" and ")) {
            assert!(switches.contains(name), "{}: {name}", requirement.id);
            count += 1;
        }
    }
    assert!(count > 10, "{count}");
}

#[test]
fn nothing_fails_whichever_way_an_open_question_is_answered() {
    let known: Noticed = serde_json::from_str(&repo::read(FILE)).expect("a map of maps");
    let (noticed, wrong) = turn_all(scenarios(), false, &known);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        noticed, known,
        "other cases notice a switch than {FILE} says: `cargo run --release --bin switches` writes it anew"
    );
}
