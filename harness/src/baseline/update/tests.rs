use std::fmt::Write as _;

use super::*;
use crate::baseline::sample;

const TODAY: &str = "2026-11-27";

fn updated(text: &str, run: &RunResult) -> Update {
    let today = TODAY.parse().unwrap();
    update(("x.yaml", text), &sample::known(), run, None, today).unwrap()
}

/// What an update makes of `a/b/replayed`, which passes now, between two that are as they were.
fn without_replayed(text: &str) -> String {
    let run = sample::run(&[
        ("a/b", Verdict::Failed, &["req.a"]),
        ("a/b/replayed", Verdict::Passed, &[]),
        ("a/c", Verdict::Error, &[]),
    ]);
    let update = updated(text, &run);
    assert_eq!(
        update.changes,
        [Change::Removed("a/b/replayed".to_owned())],
        "{}",
        update.text
    );
    update.text
}

const COMMENTED: &str = "\
# At the top.

# Above the first.
- case: a/b # beside
  verdict: failed
  # inside the first
  reason: >
    Folded
    text.

# Above the second.
- case: a/b/replayed
  # inside the second
  verdict:   failed
  reason: 'quoted'   # behind it
# Between.
- verdict: error
  reason: |
    Literal.
  case: \"a/c\"
# At the end.
";

#[test]
fn nothing_changes_where_nothing_changed() {
    let run = sample::run(&[
        ("a/b", Verdict::Failed, &["req.a"]),
        ("a/b/replayed", Verdict::Failed, &["req.b"]),
        ("a/c", Verdict::Error, &[]),
    ]);
    for text in [COMMENTED.to_owned(), COMMENTED.replace('\n', "\r\n")] {
        let update = updated(&text, &run);
        assert_eq!(update.text, text);
        assert_eq!(update.changes, []);
    }
}

#[test]
fn a_stale_entry_goes_with_its_lines_and_nothing_else() {
    let text = without_replayed(COMMENTED);
    assert_eq!(
        text,
        COMMENTED.replace(
            "- case: a/b/replayed\n  # inside the second\n  verdict:   failed\n  reason: 'quoted'   # behind it\n",
            ""
        )
    );
    let windows = COMMENTED.replace('\n', "\r\n");
    assert_eq!(without_replayed(&windows), text.replace('\n', "\r\n"));
}

#[test]
fn layouts_that_people_write_can_be_edited() {
    let b = "- { case: a/b, verdict: failed, reason: x }\n";
    let c = "- { case: a/c, verdict: error, reason: x }";
    for replayed in [
        "- { case: a/b/replayed, verdict: failed, reason: x }\n",
        "-\n  case: a/b/replayed\n  verdict: failed\n  reason: x\n",
        "- # a dash, and more below\n\n  # a comment\n  case: a/b/replayed\n  verdict: failed\n  reason: x\n",
        "-   case: a/b/replayed\n    verdict: failed\n    reason: |\n      one\n\n      two\n",
        "- case: a/b/replayed\n  reason: \"one\n    two\"\n  verdict: failed\n",
        "- {\n    case: a/b/replayed,\n    verdict: failed, # why\n    reason: x\n  }\n",
    ] {
        for between in ["", "# About the last.\n", "  # Indented.\n\n# Not.\n"] {
            let whole = format!("{b}{replayed}{between}{c}");
            let left = format!("{b}{between}{c}");
            assert_eq!(without_replayed(&whole), left, "{whole}");
        }
        let last = format!("{b}{c}\n{}", replayed.trim_end());
        assert_eq!(without_replayed(&last), format!("{b}{c}\n"), "{last}");
    }
}

#[test]
fn the_blank_line_that_set_an_entry_apart_goes_with_it() {
    let text = "- { case: a/b, verdict: failed, reason: x }\n\n\
                - { case: a/b/replayed, verdict: failed, reason: x }\n\n\
                - { case: a/c, verdict: error, reason: x }\n";
    assert_eq!(
        without_replayed(text),
        "- { case: a/b, verdict: failed, reason: x }\n\n- { case: a/c, verdict: error, reason: x }\n"
    );
}

#[test]
fn what_deviates_in_another_way_is_changed_where_it_stands() {
    let text = "\
- case: a/b
  verdict: error  # why
  requirements: [ req.a,  req.b ] # these
  reason: x
- case: a/c
  verdict: failed
  requirements:
    # one
    - req.a
    - req.b  # two
  reason: y
";
    let run = sample::run(&[
        ("a/b", Verdict::Failed, &["req.b", "req.c"]),
        ("a/c", Verdict::Failed, &["req.a", "req.c"]),
    ]);
    let update = updated(text, &run);
    assert_eq!(
        update.text,
        "\
- case: a/b
  verdict: failed  # why
  requirements: [req.b, req.c] # these
  reason: x
- case: a/c
  verdict: failed
  requirements:
    # one
    - req.a
    - req.c
  reason: y
"
    );
    let changes: Vec<String> = update.changes.iter().map(ToString::to_string).collect();
    assert_eq!(
        changes,
        [
            "changed  a/b: failed, was error, breaks req.c, no longer breaks req.a",
            "changed  a/c: breaks req.c, no longer breaks req.b",
        ]
    );
}

#[test]
fn a_list_that_shares_nothing_with_the_new_one_is_replaced() {
    for (list, line_break) in [
        ("\n  - req.a\n  - req.b", "\n"),
        (" [req.a]", "\n"),
        ("\r\n  - req.a", "\r\n"),
    ] {
        let text = format!(
            "- case: a/b{line_break}  verdict: failed{line_break}  reason: x{line_break}  requirements:{list}"
        );
        let text = text.as_str();
        let run = sample::run(&[("a/b", Verdict::Failed, &["req.c"])]);
        let update = updated(text, &run);
        assert_eq!(update.changes.len(), 1, "{}", update.text);
        assert!(update.text.contains("req.c"), "{}", update.text);
    }
}

#[test]
fn an_entry_that_allows_any_requirement_goes_on_to() {
    let text = "- { case: a/b, verdict: failed, reason: x }\n";
    let run = sample::run(&[("a/b", Verdict::Failed, &["req.c"])]);
    assert_eq!(updated(text, &run).text, text);
}

#[test]
fn what_is_missing_is_added_as_the_file_is_written() {
    let run = sample::run(&[
        ("a/b", Verdict::Failed, &["req.a"]),
        ("a/c", Verdict::Error, &[]),
        ("a/c/bent", Verdict::Failed, &["req.b"]),
    ]);
    let mut shown = String::new();
    for text in [
        "",
        "# only a comment",
        "[]\n",
        "---\n# begin\n",
        "- { case: a/b, verdict: failed, reason: x }\n# At the end.\n",
        "- { case: a/b, verdict: failed, reason: x }",
        "  - { case: a/b, verdict: failed, reason: x }\n\n  - { case: a/c, verdict: error, reason: x }\n",
        "- { case: a/b, verdict: failed, reason: x }\r\n- { case: a/c, verdict: error, reason: x }\r\n",
        "- { case: a/b, verdict: failed, reason: x }\n...\n",
        "- case: a/b\n  verdict: failed\n  reason: |\n    kept\n\n",
    ] {
        let update = updated(text, &run);
        let _ = writeln!(shown, "{text:?}\n=> {:?}", update.text);
        assert_eq!(
            update.text.ends_with('\n'),
            text.is_empty() || text.ends_with('\n')
        );
        assert_eq!(update.text.contains('\r'), text.contains('\r'));
        // What was made needs no further change.
        assert_eq!(updated(&update.text, &run).changes, []);
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn what_was_not_seen_stays() {
    let text = "- { case: a/b, verdict: failed, reason: x }\n- { case: a/c, verdict: failed, reason: x }\n\
                - { case: a/c/bent, verdict: failed, reason: x }\n";
    let run = sample::run(&[
        ("a/b", Verdict::Skipped, &[]),
        ("a/c", Verdict::NotRun, &[]),
    ]);
    let update = updated(text, &run);
    assert_eq!((update.text.as_str(), update.changes.len()), (text, 0));
}

#[test]
fn an_entry_whose_day_is_over_is_left_to_its_author() {
    let text = "- { case: a/b, verdict: failed, reason: x, until: 2026-11-26 }\n";
    let run = sample::run(&[("a/b", Verdict::Failed, &["req.a"])]);
    let update = updated(text, &run);
    assert_eq!(update.text, text);
    assert_eq!(
        update.changes[0].to_string(),
        "expired  a/b: accepted until 2026-11-26, and it deviates still; set another day, or mend it"
    );
}

#[test]
fn a_file_that_cannot_be_edited_is_told() {
    let run = sample::run(&[("a/c", Verdict::Failed, &["req.a"])]);
    let today = TODAY.parse().unwrap();
    let error = |text| update(("x.yaml", text), &sample::known(), &run, None, today).unwrap_err();
    let flow = error("[{ case: a/b, verdict: failed, reason: x }]\n");
    assert_eq!(
        flow.to_string(),
        "cannot edit x.yaml: its entries do not stand on lines of their own, each behind a dash"
    );
    assert!(matches!(
        error("- { case: a/d }\n"),
        UpdateError::Mistakes(problems) if problems.len() == 3
    ));
}
