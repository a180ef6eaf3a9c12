//! The action and the examples for CI systems: they can be parsed, they name nothing that `atx` does not have, and the
//! script of the action does what it says.

#[cfg(unix)]
mod action;
#[cfg(unix)]
mod attacks;
mod options;
mod pins;
#[cfg(unix)]
mod runner;

use conformance_tests::repo;
use harness::report::Format;
use strict_yaml::{Document, Node, Value};

/// Files with commands in them.
const YAML: [&str; 4] = [
    "action.yml",
    "examples/ci/github.yml",
    "examples/ci/gitlab.yml",
    ".github/workflows/scheduled.yml",
];

/// Scripts, each with the shell that its first line names.
const SHELL: [(&str, &str); 3] = [
    ("examples/ci/generic.sh", "sh"),
    (".ci/run", "bash"),
    (".ci/scheduled", "bash"),
];

/// A script, where it stands, and the shell that runs it.
struct Script {
    place: String,
    shell: &'static str,
    text: String,
}

/// Every script of every file.
fn scripts() -> Vec<Script> {
    let mut found = Vec::new();
    for file in YAML {
        collect(&parsed(file).root, file, &mut found);
    }
    found.extend(SHELL.map(|(file, shell)| Script {
        place: file.to_owned(),
        shell,
        text: repo::read(file),
    }));
    found
}

fn parsed(file: &str) -> Document {
    Document::parse(file, repo::read(file)).unwrap_or_else(|problems| panic!("{problems}"))
}

/// `run: …` of GitHub, `script: [ … ]` and `before_script: [ … ]` of GitLab.
fn collect(node: &Node, place: &str, found: &mut Vec<Script>) {
    match &node.value {
        Value::Map(map) => {
            for entry in &map.entries {
                let key = entry.key.value.as_str();
                let place = format!("{place}: {key}");
                match (key, &entry.value.value) {
                    ("run", Value::String(text)) => found.push(Script {
                        place,
                        shell: "bash",
                        text: text.clone(),
                    }),
                    ("script" | "before_script", Value::Seq(lines)) => {
                        let lines = lines.iter().filter_map(|line| match &line.value {
                            Value::String(line) => Some(line.as_str()),
                            _ => None,
                        });
                        found.push(Script {
                            place,
                            shell: "sh",
                            text: lines.collect::<Vec<_>>().join("\n"),
                        });
                    }
                    _ => collect(&entry.value, &place, found),
                }
            }
        }
        Value::Seq(items) => {
            for item in items {
                collect(item, place, found);
            }
        }
        _ => {}
    }
}

#[cfg(unix)]
#[test]
fn every_script_can_be_parsed_by_its_shell() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    let scripts = scripts();
    assert!(scripts.len() >= 8, "{}", scripts.len());
    for script in scripts {
        let mut shell = Command::new(script.shell)
            .arg("-n")
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut stdin = shell.stdin.take().expect("a pipe");
        stdin.write_all(script.text.as_bytes()).expect("it reads");
        drop(stdin);
        let output = shell.wait_with_output().expect("it ends");
        let shown = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {shown}", script.place);
    }
}

#[test]
fn the_action_knows_every_report() {
    let text = repo::read("action.yml");
    for format in Format::ALL {
        // Cleared before a run, so that an old one does not pass for a new one.
        let cleared = text.lines().any(|line| {
            let mut words = line.split([' ', ';']);
            line.contains("for report in") && words.any(|word| word == format.file)
        });
        assert!(cleared, "{}", format.file);
    }
}

#[test]
fn inputs_of_the_action_are_used_and_outputs_are_set() {
    let text = repo::read("action.yml");
    let document = parsed("action.yml");
    let names = |of: &str| -> Vec<String> {
        let Value::Map(map) = &document.root.value else {
            panic!("no map");
        };
        let entry = map.entries.iter().find(|entry| entry.key.value == of);
        let Value::Map(map) = &entry.expect("it is there").value.value else {
            panic!("no map");
        };
        map.entries
            .iter()
            .map(|entry| entry.key.value.clone())
            .collect()
    };
    for input in names("inputs") {
        assert!(
            text.contains(&format!("inputs.{input}")),
            "{input} is not used"
        );
    }
    for output in names("outputs") {
        let set = format!("output {output} \"");
        assert!(text.contains(&set), "{output} is not set");
        assert!(
            text.contains(&format!("steps.run.outputs.{output} }}}}")),
            "{output}"
        );
    }
}
