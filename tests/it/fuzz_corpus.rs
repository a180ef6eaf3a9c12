//! The committed corpus of every fuzz target holds, and `fuzz/` and the list of targets agree. An input that made a
//! target fail stays in the corpus under the name of the fault.

use std::collections::BTreeSet;
use std::fs;
use std::panic;

use conformance_tests::fuzz::{TARGETS, Target};
use conformance_tests::repo;
use rstest::rstest;

/// So small that nobody minds it in the repository.
const MOST_BYTES_OF_AN_INPUT: usize = 16 * 1024;

#[rstest]
#[case::authorize("authorize")]
#[case::forms("forms")]
#[case::jwts("jwts")]
#[case::org_file("org_file")]
#[case::report("report")]
#[case::scenario("scenario")]
#[case::target_file("target_file")]
#[case::token("token")]
fn every_input_is_judged_and_some_are_accepted(#[case] name: &str) {
    let target = target(name);
    let mut accepted = 0;
    let inputs = inputs(name);
    for (file, input) in &inputs {
        assert!(input.len() <= MOST_BYTES_OF_AN_INPUT, "{name}/{file}");
        let judged = panic::catch_unwind(|| (target.run)(input));
        let Ok(is_accepted) = judged else {
            panic!("{name}/{file} makes the target fail; see above");
        };
        accepted += usize::from(is_accepted);
    }
    assert!(accepted > 0, "{name}: nothing in the corpus is accepted");
    assert!(accepted < inputs.len(), "{name}: nothing is refused");
}

#[test]
fn the_folder_and_the_list_of_targets_agree() {
    let listed: BTreeSet<_> = TARGETS.map(|target| target.name.to_owned()).into();
    assert_eq!(listed, names("fuzz/corpus"));
    assert_eq!(listed, names("fuzz/fuzz_targets"));
    let manifest = repo::read("fuzz/Cargo.toml");
    for name in listed {
        let path = format!("path = \"fuzz_targets/{name}.rs\"");
        assert!(manifest.contains(&path), "{name} is not in fuzz/Cargo.toml");
        let called = format!("fuzz::run(\"{name}\", input)");
        let program = repo::read(&format!("fuzz/fuzz_targets/{name}.rs"));
        assert!(program.contains(&called), "{name} runs another target");
    }
}

fn target(name: &str) -> Target {
    let target = TARGETS.into_iter().find(|target| target.name == name);
    target.expect("a target of this name")
}

/// Names of what a folder holds, without extensions.
fn names(folder: &str) -> BTreeSet<String> {
    let entries = repo::root().join(folder).read_dir().expect("a folder");
    let name =
        |path: std::path::PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into());
    entries
        .filter_map(|entry| name(entry.expect("a readable entry").path()))
        .collect()
}

fn inputs(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = repo::root().join("fuzz/corpus").join(name);
    let entries = folder.read_dir().expect("a corpus");
    let mut inputs: Vec<_> = entries
        .map(|entry| {
            let entry = entry.expect("a readable entry");
            let file = entry.file_name().to_string_lossy().into_owned();
            (file, fs::read(entry.path()).expect("a readable input"))
        })
        .collect();
    inputs.sort();
    inputs
}
