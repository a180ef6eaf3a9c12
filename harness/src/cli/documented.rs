//! Commands that the documents and the help show: each is one that `atx` takes, and its filters name something.

use std::fs;
use std::path::Path;

use clap::Parser as _;
use clap::error::ErrorKind;

use super::load::{self, Library};
use super::rules::named;
use super::select::FILTER_HELP;
use super::{Cli, Command, list, selftest, show};

const DOCUMENTS: &[&str] = &[
    "README.md",
    "docs/agents.md",
    "docs/baseline.md",
    "docs/ci.md",
    "docs/doctor.md",
    "docs/mock-okta.md",
    "docs/real-org.md",
    "docs/recordings.md",
    "docs/safety.md",
    "docs/scenarios.md",
    "docs/selftest.md",
    "docs/targets.md",
    "reports/README.md",
    "scenarios/README.md",
];

/// The commands in a document: lines of code blocks, and what stands in backticks.
fn commands(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            found.extend(
                line.split("&&")
                    .flat_map(|part| part.split("; "))
                    .map(str::to_owned),
            );
        } else {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    let words = |text: &String| -> Vec<String> {
        // A comment, or where the shell sends the output.
        let words = text.split_whitespace();
        let words = words.take_while(|word| !word.starts_with(['#', '>']));
        words
            .map(|word| word.trim_matches(['\'', '"']).to_owned())
            .collect()
    };
    let is_command = |words: &Vec<String>| words.len() > 1 && words[0] == "atx";
    found.iter().map(words).filter(is_command).collect()
}

/// What a command names by an id or a filter.
fn filters(command: &Command) -> &[String] {
    match command {
        Command::Run(args) => &args.filters,
        Command::List(list::Args { filters, .. })
        | Command::Selftest(selftest::Args { filters, .. }) => filters,
        Command::Show(show::Args { id, .. }) if id != "ID" => std::slice::from_ref(id),
        _ => &[],
    }
}

/// Whether a command that cannot be run stands there as a name: of what it does, without what it needs, or with a
/// placeholder such as `NAME`.
fn is_name(words: &[String], wrong: ErrorKind) -> bool {
    let is_placeholder =
        |word: &String| word.len() > 1 && word.chars().all(|one| one.is_ascii_uppercase());
    let ends_with_option = words.last().is_some_and(|last| last.starts_with("--"));
    let lacks_something = wrong == ErrorKind::MissingRequiredArgument
        || wrong == ErrorKind::InvalidValue && ends_with_option;
    lacks_something || words.iter().any(is_placeholder)
}

fn assert_names_something(library: &Library, filter: &str, place: &str) {
    let chosen = named(
        library.scenarios.clone(),
        &library.invariants,
        &[filter.to_owned()],
    );
    assert!(
        chosen.is_ok(),
        "{place}: the filter `{filter}` names nothing"
    );
}

#[test]
fn every_documented_command_is_taken_and_its_filters_name_something() {
    let library = load::library(None).unwrap();
    let mut checked = (0, 0);
    for document in DOCUMENTS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(document);
        for words in commands(&fs::read_to_string(&path).unwrap()) {
            let shown = words.join(" ");
            // What a reader has to fill in, or what is left out.
            if words.iter().any(|word| word.contains(['…', '|', '<', '['])) {
                continue;
            }
            let parsed = Cli::try_parse_from(&words);
            let cli = match parsed {
                Ok(cli) => cli,
                Err(error) => {
                    let is_name = is_name(&words, error.kind());
                    assert!(is_name, "{document}: {shown}: {error}");
                    continue;
                }
            };
            checked.0 += 1;
            for filter in filters(&cli.command) {
                checked.1 += 1;
                assert_names_something(&library, filter, &format!("{document}: {shown}"));
            }
        }
    }
    assert!(
        checked.0 > 40 && checked.1 > 5,
        "only {checked:?} were found"
    );
}

#[test]
fn the_filters_that_the_help_names_name_something() {
    let library = load::library(None).unwrap();
    let groups = FILTER_HELP.split('(').skip(1);
    let examples: Vec<&str> = groups
        .filter_map(|rest| rest.split(')').next())
        .flat_map(|group| group.split(", "))
        .collect();
    assert!(examples.len() >= 4, "{examples:?}");
    for example in examples {
        assert_names_something(&library, example, "--help");
    }
}
