//! Whatever goes wrong around a run: what was measured is there, whole, and says how far it came.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use conformance_tests::binary;
use harness::report::Format;
use mock_okta::MockOkta;
use serde_json::Value;

use super::Terminal;

fn json(path: &Path) -> Value {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("a whole report")
}

/// Every report is there, and nothing that was begun and not ended.
fn assert_whole(out: &Path) {
    let mut names: Vec<_> = fs::read_dir(out)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    let mut expected: Vec<_> = Format::ALL.iter().map(|format| format.file).collect();
    expected.sort_unstable();
    assert_eq!(names, expected);
}

#[test]
fn a_target_that_dies_half_way_leaves_what_was_measured() {
    let terminal = Terminal::new();
    let org = MockOkta::builder().start_blocking().expect("an org");
    terminal.write("target.yaml", &org.target_file());
    let mut running = terminal
        .command(&["run", "--target", "target.yaml", "--jobs", "1"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("atx runs");
    let mut said = BufReader::new(running.stderr.take().expect("a pipe")).lines();
    let passed = said
        .by_ref()
        .map_while(Result::ok)
        .filter(|line| line.starts_with("passed"))
        .take(10)
        .count();
    assert_eq!(passed, 10, "it ended before it began");
    drop(org);
    let rest: Vec<String> = said.map_while(Result::ok).collect();
    let shown = rest.join("\n");
    assert_eq!(running.wait().expect("it ends").code(), Some(3), "{shown}");
    assert!(shown.contains("can no longer be reached"), "{shown}");

    let out = terminal.folder().join("reports/out");
    assert_whole(&out);
    let report = json(&out.join("report.json"));
    assert_eq!(report["incomplete"]["cause"], "target_unreachable");
    let count = |name: &str| report["summary"][name].as_u64().expect("a number");
    assert!(count("passed") >= 10, "{}", report["summary"]);
    assert!(count("not_run") > 100, "{}", report["summary"]);
    assert_eq!(count("failed"), 0, "{}", report["summary"]);
    // Where it ended.
    let reached = &report["incomplete"]["reached"];
    assert_eq!(reached["planned"], report["summary"]["total"]);
    let judged = ["passed", "observed", "warning"]
        .map(count)
        .iter()
        .sum::<u64>();
    assert_eq!(reached["judged"].as_u64(), Some(judged));
    assert!(reached["last"].is_string(), "{reached}");
}

/// A limit on the size of files stands for a disk that is full: a write ends in the middle with an error.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_leaves_the_reports_that_fit_and_no_half_one() {
    let terminal = Terminal::new();
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" run secret/ --out out";
    let ran = Command::new("sh")
        .args(["-c", script])
        .arg(binary::path("atx"))
        .current_dir(terminal.folder())
        .env("TMPDIR", terminal.folder())
        .output()
        .expect("a shell");
    let shown = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(3), "{shown}");
    assert!(shown.contains("cannot write out/report.json"), "{shown}");
    // The verdicts are told all the same.
    assert!(shown.contains("Conformant in all"), "{shown}");
    let out = terminal.folder().join("out");
    assert!(!out.join("report.json").exists());
    assert!(out.join("report.md").exists(), "it would have fitted");
    let litter = fs::read_dir(&out).expect("a folder").filter(|entry| {
        let name = entry.as_ref().expect("an entry").file_name();
        name.to_string_lossy().ends_with(".part")
    });
    assert_eq!(litter.count(), 0);
    let beside = fs::read_dir(terminal.folder()).expect("a folder");
    assert_eq!(beside.count(), 1, "an empty folder was left");
}

#[test]
fn what_cannot_be_written_where_it_belongs_is_saved_elsewhere() {
    let terminal = Terminal::new();
    // In the way of the file; the folder itself can be written.
    fs::create_dir_all(terminal.folder().join("out/report.json")).expect("a folder");
    let elsewhere = terminal.folder().join("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    let ran = terminal
        .command(&["run", "secret/", "--out", "out"])
        .env("TMPDIR", &elsewhere)
        .env("TMP", &elsewhere)
        .output()
        .expect("atx runs");
    let shown = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(3), "{shown}");
    assert!(shown.contains("what was measured is in"), "{shown}");
    let saved = fs::read_dir(&elsewhere).expect("a folder").next();
    let saved = saved
        .expect("a folder of its own")
        .expect("an entry")
        .path();
    let report = json(&saved.join("report.json"));
    assert_eq!(report["summary"]["failed"], 0);
    assert!(terminal.folder().join("out/junit.xml").exists());
}
