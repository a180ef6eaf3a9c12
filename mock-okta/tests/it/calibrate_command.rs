//! `mock-okta calibrate`.

use std::path::PathBuf;

use mock_okta::serde_json::json;
use tempfile::TempDir;

use crate::command_line::run;

/// An org whose ID-JAGs are called `Bearer`, in a case of a name that a terminal would obey.
fn recording() -> String {
    let head = json!({ "cassette": {
        "version": 1, "edition": "2026-10", "target": { "clients": {} },
    }});
    let exchange = json!({
        "request": {
            "party": "org",
            "url": "https://o.example/oauth2/v1/token",
            "payload": { "form": [] },
        },
        "response": { "status": 200, "headers": [], "json": {
            "issued_token_type": "urn:ietf:params:oauth:token-type:id-jag",
            "token_type": "Bearer",
        }},
    });
    let steps = json!([{ "step": "leg\u{202e}", "exchanges": [exchange] }]);
    let case = json!({ "case": { "id": "a/\u{1b}[2Jb\r\n", "verdict": "passed", "steps": steps } });
    format!("{head}\n{case}\n{}\n", json!({ "end": {} }))
}

fn file(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("okta.jsonl");
    std::fs::write(&path, text).expect("a file");
    (folder, path)
}

/// Exit code, standard output and standard error.
fn calibrate(text: &str, options: &[&str]) -> (Option<i32>, String, String) {
    let (_folder, path) = file(text);
    let path = path.display().to_string();
    run(&[&["calibrate", path.as_str()], options].concat())
}

#[test]
fn a_table_has_a_row_for_each_switch() {
    let (code, out, report) = calibrate(&recording(), &[]);
    assert_eq!((code, report.as_str()), (Some(0), ""));
    let rows: Vec<Vec<&str>> = out
        .lines()
        .map(|line| {
            line.split("  ")
                .map(str::trim)
                .filter(|cell| !cell.is_empty())
                .collect()
        })
        .collect();
    assert_eq!(
        rows[0],
        ["switch", "default", "observed", "proposal", "seen in"]
    );
    let row = |name: &str| {
        let found = rows.iter().find(|row| row[0] == name);
        found.expect("a row").clone()
    };
    assert_eq!(
        row("id_jag_token_type"),
        [
            "id_jag_token_type",
            "N_A",
            "Bearer",
            "Bearer",
            r"a/\u{1b}[2Jb\u{d}\u{a} (leg\u{202e})"
        ]
    );
    assert_eq!(
        row("redeem_scope")[2..],
        ["unknown", "-", "the recording does not show it"]
    );
    assert_eq!(rows.len(), mock_okta::Behaviours::SWITCHES.len() + 1);
    assert!(!out.contains(['\u{1b}', '\u{202e}', '\r']), "{out:?}");
}

#[test]
fn proposals_are_printed_for_an_org_file_or_as_options() {
    let (code, out, _) = calibrate(&recording(), &["--org-file"]);
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "behaviours:\n  id_jag_token_type: \"Bearer\"\n")
    );
    let (code, out, _) = calibrate(&recording(), &["--options"]);
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "--behaviour id_jag_token_type=Bearer\n")
    );
    let usual = recording().replace("Bearer", "N_A");
    assert_eq!(calibrate(&usual, &["--org-file"]).1, "behaviours: {}\n");
    let (code, out, _) = calibrate(&recording(), &["--options", "--org-file"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
}

#[test]
fn what_cannot_be_read_is_wrong_input() {
    let (code, out, report) = run(&["calibrate", "no-such-file.jsonl"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(
        report.starts_with("error: cannot read no-such-file.jsonl: "),
        "{report}"
    );
    let (code, out, report) = calibrate("{}\n", &[]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(report.contains("this is no recording"), "{report}");
    let injected = recording().replace("\"case\"", "\"c\\u001b[2Jse\"");
    let (code, _, report) = calibrate(&injected, &[]);
    assert_eq!(code, Some(2));
    assert!(
        report.contains("line 2") && !report.contains('\u{1b}'),
        "{report:?}"
    );
}

#[test]
fn of_a_file_without_its_end_it_warns() {
    let cut = recording().replace("{\"end\":{}}\n", "");
    let (code, out, report) = calibrate(&cut, &["--options"]);
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "--behaviour id_jag_token_type=Bearer\n")
    );
    assert!(
        report.starts_with("warning: ") && report.contains("has no end"),
        "{report}"
    );
}
