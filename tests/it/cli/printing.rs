//! `--format`: one report on stdout and nothing else there, whoever makes it.

use std::fs;
use std::process::Output;

use harness::report::Format;

use super::Terminal;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn assert_exit(output: &Output, exit: i32) {
    assert_eq!(output.status.code(), Some(exit), "{}", text(&output.stderr));
}

#[test]
fn a_run_prints_the_report_that_it_writes_and_talks_on_stderr() {
    let terminal = Terminal::new();
    let output = terminal.atx(&["run", "secret/whole-flow", "--format", "json"]);
    assert_exit(&output, 0);
    let written = fs::read_to_string(terminal.folder().join("reports/out/report.json"));
    assert_eq!(text(&output.stdout), written.expect("it is written too"));
    assert!(text(&output.stderr).contains("Conformant"));
}

#[test]
fn every_format_of_a_stored_run_is_the_file_that_the_run_wrote() {
    let terminal = Terminal::new();
    assert_exit(&terminal.atx(&["run", "secret/whole-flow"]), 0);
    let out = terminal.folder().join("reports/out");
    let written = |folder: &str, file: &str| {
        let path = terminal.folder().join(folder).join(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    assert_exit(
        &terminal.atx(&["report", "--from", "reports/out", "--out", "again"]),
        0,
    );
    for format in Format::ALL {
        let first = written("reports/out", format.file);
        let output = terminal.atx(&[
            "report",
            "--from",
            "reports/out/report.json",
            "--format",
            format.name,
        ]);
        assert_exit(&output, 0);
        assert!(text(&output.stdout) == first, "{} printed", format.file);
        assert!(
            written("again", format.file) == first,
            "{} written",
            format.file
        );
    }
    // Printing has written nothing.
    let files = fs::read_dir(out).expect("a folder").count();
    assert_eq!(files, Format::ALL.len());
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_does_not_get_through_is_no_success() {
    let terminal = Terminal::new();
    let full = fs::File::options().write(true).open("/dev/full");
    let output = terminal
        .command(&["run", "secret/whole-flow", "--format", "junit"])
        .stdout(full.expect("a device"))
        .output()
        .expect("atx runs");
    assert_exit(&output, 3);
    assert!(
        text(&output.stderr).contains("cannot write to stdout"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn what_is_no_report_is_told_with_its_place() {
    let terminal = Terminal::new();
    terminal.write("a.json", "{\n  \"version\": 2,\n  \"kit\": 7\n}\n");
    terminal.write("old.json", "{ \"version\": 1 }");
    for (arguments, shown) in [
        (
            &["report", "--from", "missing.json"][..],
            "cannot read the report missing.json",
        ),
        (
            &["report", "--from", "a.json"],
            "a.json: line 3, column 10: invalid type",
        ),
        (
            &["report", "merge", "old.json"],
            "old.json: the report has version 1",
        ),
        (
            &["run", "--rerun-failed=a.json"],
            "a.json: line 3, column 10",
        ),
        (
            &["run", "--rerun-failed"],
            "cannot read the report reports/out",
        ),
    ] {
        let output = terminal.atx(arguments);
        assert_exit(&output, 2);
        let stderr = text(&output.stderr);
        assert!(stderr.contains(shown), "{shown} is not in\n{stderr}");
        assert!(stderr.contains("hint: "), "{stderr}");
        assert_eq!(text(&output.stdout), "");
    }
}
