//! GitHub's runner as far as the action meets it: the variables of a step, the file of outputs, and which lines of the
//! log are commands.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use conformance_tests::binary;

use super::{Script, scripts};
use crate::cli::Terminal;

/// Inputs as the two scripts know them, and what they are by default.
const INPUTS: [(&str, &str); 19] = [
    ("ATX_VERSION", ""),
    ("IN_VERSION", ""),
    ("IN_ATX", ""),
    ("IN_TARGET", ""),
    ("IN_AGENT", ""),
    ("IN_AGENT_OPTIONS", ""),
    ("IN_EDITION", ""),
    ("IN_FILTER", ""),
    ("IN_SCENARIOS", ""),
    ("IN_BASELINE", ""),
    ("IN_PROFILE", ""),
    ("IN_FAIL_ON", ""),
    ("IN_SHARD", ""),
    ("IN_OUT", "reports/out"),
    ("IN_SUMMARY", "true"),
    ("IN_FAIL", "true"),
    ("IN_UPLOAD_REPORTS", ""),
    ("IN_UPLOAD_SARIF", "false"),
    ("ATX", ""),
];

/// What came of a script.
#[derive(Debug)]
pub struct Ran {
    pub exit: Option<i32>,
    pub outputs: BTreeMap<String, String>,
    pub summary: String,
    /// stdout and stderr, the latter behind.
    pub log: String,
    /// The lines of the log that are commands.
    pub commands: Vec<String>,
}

/// The script that looks at the inputs, and the one that runs the scenarios where that finds nothing.
pub fn run(terminal: &Terminal, inputs: &[(&str, &str)]) -> Ran {
    let checked = check(terminal, inputs);
    if checked.exit == Some(0) {
        execute(terminal, inputs)
    } else {
        checked
    }
}

/// The script that looks at the inputs.
pub fn check(terminal: &Terminal, inputs: &[(&str, &str)]) -> Ran {
    script(terminal, "refuse()", inputs)
}

/// The script that runs the scenarios, whether the inputs are right or not.
pub fn execute(terminal: &Terminal, inputs: &[(&str, &str)]) -> Ran {
    script(terminal, "GITHUB_OUTPUT", inputs)
}

fn script(terminal: &Terminal, marked_by: &str, inputs: &[(&str, &str)]) -> Ran {
    let is_wanted =
        |script: &Script| script.place.starts_with("action.yml") && script.text.contains(marked_by);
    let script = scripts().into_iter().find(is_wanted).expect("the step");
    let (output, summary) = (
        terminal.folder().join("output"),
        terminal.folder().join("summary"),
    );
    for file in [&output, &summary] {
        fs::write(file, "").expect("a file");
    }
    let mut command = Command::new("bash");
    command
        .args(["-c", &script.text])
        .current_dir(terminal.folder())
        .env("GITHUB_OUTPUT", &output)
        .env("GITHUB_STEP_SUMMARY", &summary);
    for (name, default) in INPUTS {
        let given = inputs.iter().find(|(input, _)| *input == name);
        command.env(name, given.map_or(default, |(_, value)| value));
    }
    if !inputs.iter().any(|(input, _)| *input == "ATX") {
        command.env("ATX", binary::path("atx"));
    }
    let ran = command.output().expect("bash runs");
    let read = |file| fs::read_to_string(file).expect("a file");
    let log = [ran.stdout, ran.stderr].concat();
    let log = String::from_utf8_lossy(&log).into_owned();
    Ran {
        exit: ran.status.code(),
        outputs: outputs(&read(&output)),
        summary: read(&summary),
        commands: commands(&log),
        log,
    }
}

/// `name=value`, or `name<<DELIMITER`, lines, `DELIMITER`. A later value replaces an earlier one.
fn outputs(file: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    let mut lines = file.lines();
    while let Some(line) = lines.next() {
        if let Some((name, delimiter)) = line.split_once("<<") {
            let value: Vec<&str> = lines
                .by_ref()
                .take_while(|line| *line != delimiter)
                .collect();
            outputs.insert(name.to_owned(), value.join("\n"));
        } else {
            let (name, value) = line.split_once('=').expect("a name and a value");
            outputs.insert(name.to_owned(), value.to_owned());
        }
    }
    outputs
}

/// Lines that begin with `::name …::` or have `##[name …]` anywhere, until commands are stopped and from the token on.
fn commands(log: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut stopped_until: Option<String> = None;
    for line in log.split(['\n', '\r']) {
        let trimmed = line.trim_start();
        if let Some(token) = &stopped_until {
            if trimmed.trim_end() == *token {
                stopped_until = None;
            }
            continue;
        }
        if let Some(token) = trimmed.strip_prefix("::stop-commands::") {
            stopped_until = Some(format!("::{token}::"));
        } else if is_command(trimmed) {
            commands.push(trimmed.to_owned());
        }
    }
    assert_eq!(stopped_until, None, "commands stay stopped: {log}");
    commands
}

fn is_command(line: &str) -> bool {
    let new = line.strip_prefix("::").is_some_and(|rest| {
        let name = rest.split("::").next().unwrap_or_default();
        rest.contains("::") && !name.is_empty()
    });
    let old = line.find("##[").is_some_and(|at| line[at..].contains(']'));
    new || old
}

#[test]
fn the_runner_here_knows_commands_and_outputs() {
    let log =
        "a\n ::error::b\n::stop-commands::t\n::error::c\n::t::\n::add-mask::d\nx ##[group]e\n::\n";
    assert_eq!(
        commands(log),
        ["::error::b", "::add-mask::d", "x ##[group]e"]
    );
    let read = outputs("a=1\nb<<X\n2\nc=3\nX\na=4\n");
    let read: Vec<_> = read.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(read, [("a", "4"), ("b", "2\nc=3")]);
}
