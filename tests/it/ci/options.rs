//! Every command of `atx` in the action and the examples is one that there is, with options that there are.

use std::collections::BTreeSet;

use harness::cli::command;

use super::scripts;

/// How scripts call the program.
const NAMES: [&str; 3] = ["atx", "target/release/atx", "$ATX"];

/// Words that may stand before a command.
const BEFORE: [&str; 7] = ["if", "then", "else", "do", "while", "!", "{"];

/// The commands of a line, as words without quotes.
fn commands(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![vec![String::new()]];
    let mut quote = None;
    for character in line.chars() {
        let command = commands.last_mut().expect("there is one");
        match (character, quote) {
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if character == open => quote = None,
            (';' | '|' | '&', None) => commands.push(vec![String::new()]),
            (' ' | '\t' | '(' | ')', None) => command.push(String::new()),
            _ => command.last_mut().expect("there is one").push(character),
        }
    }
    for command in &mut commands {
        command.retain(|word| !word.is_empty());
        let before = command
            .iter()
            .take_while(|word| BEFORE.contains(&word.as_str()));
        command.drain(..before.count());
    }
    commands
}

/// Each call of the program in a script: what follows its name. Arguments that are collected beforehand are those of
/// `atx run`.
fn calls(script: &str) -> Vec<Vec<String>> {
    let script = script.replace("\\\n", " ");
    let lines = script.lines().map(str::trim_start);
    let lines = lines.filter(|line| !line.starts_with('#'));
    let mut calls = Vec::new();
    for command in lines.flat_map(commands) {
        match command.split_first() {
            Some((name, rest)) if NAMES.contains(&name.as_str()) => calls.push(rest.to_vec()),
            Some((name, rest)) if name == "args=" || name == "args+=" => {
                let mut call = vec!["run".to_owned()];
                call.extend_from_slice(rest);
                calls.push(call);
            }
            _ => {}
        }
    }
    calls
}

#[test]
fn every_option_that_is_written_down_is_there() {
    let mut used = BTreeSet::new();
    for script in scripts() {
        for call in calls(&script.text) {
            if call.first().is_some_and(|word| word == "--version") {
                continue;
            }
            let mut command = command();
            for word in call.iter().take_while(|word| *word != "--") {
                // `${TARGET:+--target` is one, where there is a target.
                let word = word.rsplit(":+").next().unwrap_or(word);
                if let Some(option) = word.strip_prefix("--") {
                    let option = option.split('=').next().unwrap_or(option);
                    let known = command
                        .get_arguments()
                        .any(|argument| argument.get_long() == Some(option));
                    assert!(
                        known,
                        "{}: `atx {}` has no --{option}",
                        script.place,
                        command.get_name()
                    );
                    used.insert(option.to_owned());
                } else if let Some(sub) = command.find_subcommand(word) {
                    command = sub.clone();
                }
            }
            assert_ne!(command.get_name(), "atx", "{}: {call:?}", script.place);
        }
    }
    // Otherwise nothing was found in the scripts.
    for option in [
        "target",
        "shard",
        "out",
        "partial",
        "rerun-failed",
        "edition",
    ] {
        assert!(used.contains(option), "{option} of {used:?}");
    }
}

#[test]
fn calls_are_found_however_they_are_written() {
    let script = "# atx run --no\n[ -x \"$ATX\" ] || cargo build --bin atx\nargs=(--out \"$O\")\nif x; then args+=(--edition \"$E\"); fi\n\
                  \"$ATX\" run \\\n  --target t --rerun-failed=\"$O\" -- a || c=$?\n";
    assert_eq!(
        calls(script),
        [
            vec!["run", "--out", "$O"],
            vec!["run", "--edition", "$E"],
            vec!["run", "--target", "t", "--rerun-failed=$O", "--", "a"],
        ]
    );
}
