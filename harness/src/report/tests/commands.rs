//! Commands that reports suggest: whoever copies one asks the same target and reads the same scenarios.

use super::*;
use crate::result::Again;

/// The text with every run of white space as one space: some formats wrap their lines.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Commands in a text that are not followed by these options, and how many commands there are.
fn without(text: &str, command: &str, options: &str) -> (Vec<String>, usize) {
    let text = on_one_line(text);
    let all = text.match_indices(command).map(|(at, _)| &text[at..]);
    let all: Vec<&str> = all.collect();
    let wrong = all.iter().filter(|text| {
        let behind = &text[command.len()..];
        let end = behind.find([' ', '`', '<', '"', '\'']);
        !behind[end.unwrap_or(0)..].starts_with(options)
    });
    let wrong = wrong.map(|text| text.chars().take(120).collect());
    (wrong.collect(), all.len())
}

#[test]
fn every_suggested_command_repeats_the_options_of_the_run() {
    let mut run = sample::every_verdict();
    run.again = Again {
        run: " --target org.yaml --scenarios mine".to_owned(),
        show: " --scenarios mine".to_owned(),
    };
    let mut stored = run.clone();
    stored.problems.clear();
    let mut known = 0;
    for run in [&run, &stored] {
        let closing = Closing {
            run_options: &run.again.run,
            show_options: &run.again.show,
            ..no_files()
        };
        let mut texts = vec![summary(run, &closing, Look::new(100, false))];
        for file in ["report.html", "report.md", "junit.xml", "report.sarif"] {
            let format = Format::ALL.iter().find(|format| format.file == file);
            texts.push(format.unwrap().render(run, Form::Full).unwrap());
        }
        for text in &texts {
            for (command, options) in [
                ("atx run ", &run.again.run),
                ("atx show ", &run.again.show),
                ("atx list ", &run.again.show),
            ] {
                let (wrong, all) = without(text, command, options);
                assert!(wrong.is_empty(), "{wrong:#?}");
                known += all;
            }
        }
    }
    assert!(known > 20, "{known} commands");
}
