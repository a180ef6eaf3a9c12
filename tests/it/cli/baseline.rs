//! A gate with known deviations: from the first run to a file that is kept, and what passes it.

use std::fs;

use insta::assert_snapshot;
use mock_okta::{Defect, Refusal};
use rstest::{Context, rstest};

use super::{Terminal, replaying};
use crate::support::harness_run::small_report;

/// The cases that a defect below breaks, and some that it does not.
const SCENARIO: &str = "authorization-server/redeem";

fn code(terminal: &Terminal, arguments: &[&str]) -> Option<i32> {
    terminal.atx(arguments).status.code()
}

fn gate(terminal: &Terminal) -> String {
    let run = ["run", SCENARIO, "--target", "target.yaml", "--jobs", "1"];
    terminal.transcript(&[&run[..], &["--baseline", "expected.yaml"]].concat())
}

#[test]
fn a_run_becomes_a_baseline_that_lets_it_pass_and_nothing_else() {
    let (terminal, org) = replaying();
    let run = ["run", SCENARIO, "--target", "target.yaml"];
    assert_eq!(code(&terminal, &run), Some(1));

    let written = terminal.transcript(&["baseline", "write", "expected.yaml"]);
    let file = || fs::read_to_string(terminal.folder().join("expected.yaml")).expect("a file");
    assert_snapshot!(format!("{written}--- expected.yaml\n{}", file()));
    // Nobody has said yet why.
    assert_snapshot!(gate(&terminal));

    let reasoned = file().replace("TODO say why", "Fixed in March, ticket 12");
    terminal.write("expected.yaml", &reasoned);
    let passed = gate(&terminal);
    assert!(passed.contains("--- exit 0\n"), "{passed}");
    assert!(
        passed.contains("No new deviation") && passed.contains("Fixed in March, ticket 12"),
        "{passed}"
    );

    // Two more are new: in one case that is named, and in others.
    org.set_defects([
        Defect::Mute(Refusal::IdJagReplayed),
        Defect::parse("mute/id_jag_expired").expect("a defect"),
    ]);
    let broken = gate(&terminal);
    assert!(broken.contains("--- exit 1\n"), "{broken}");
    for to_paste in [
        "to accept what is new, add to expected.yaml, with the reason:\n- case: authorization-server/redeem/",
        "- case: authorization-server/redeem/expired\n  verdict: failed\n",
    ] {
        assert!(broken.contains(to_paste), "{broken}");
    }

    // Mended, the entries must go.
    org.set_defects([]);
    let stale = gate(&terminal);
    assert!(stale.contains("--- exit 1\n"), "{stale}");
    assert!(
        stale.contains("The baseline is out of date: 1 of its deviations is gone."),
        "{stale}"
    );
    assert_snapshot!(terminal.transcript(&["baseline", "update", "expected.yaml"]));
    assert!(
        file()
            .lines()
            .all(|line| line.starts_with('#') || line.is_empty()),
        "{}",
        file()
    );
    let clean = gate(&terminal);
    assert!(clean.contains("--- exit 0\n"), "{clean}");
}

#[test]
fn an_entry_that_is_not_run_is_not_stale_and_one_whose_day_is_over_is_no_excuse() {
    let (terminal, _org) = replaying();
    terminal.write(
        "expected.yaml",
        "- case: secret/whole-flow\n  verdict: failed\n  reason: Another part.\n\
         - case: authorization-server/redeem/replayed\n  verdict: failed\n  reason: Ticket 12.\n  until: 2026-01-31\n\
         - case: authorization-server/redeem/sixteen-at-once\n  verdict: failed\n  reason: Ticket 12.\n",
    );
    let shown = gate(&terminal);
    assert!(shown.contains("--- exit 1\n"), "{shown}");
    assert!(
        shown.contains("it was accepted until 2026-01-31 only"),
        "{shown}"
    );
    let counts = "3 known deviations (1 as expected, 1 in another way, 1 not run or skipped)";
    assert!(shown.contains(counts), "{shown}");
    let update = terminal.transcript(&["baseline", "update", "expected.yaml"]);
    assert!(
        update.contains("expired  authorization-server/redeem/replayed"),
        "{update}"
    );
}

#[rstest]
#[case::missing_baseline(&["run", "--baseline", "nowhere.yaml"])]
#[case::missing_report(&["baseline", "write", "new.yaml"])]
#[case::no_report(&["baseline", "write", "new.yaml", "--from", "wrong.yaml"])]
#[case::file_in_the_way(&["baseline", "write", "wrong.yaml", "--from", "report.json"])]
#[case::no_reason(&["baseline", "write", "new.yaml", "--reason", " todo: ask "])]
#[case::wrong_baseline(&["run", "--baseline", "wrong.yaml"])]
#[case::wrong_update(&["baseline", "update", "wrong.yaml", "--from", "report.json"])]
#[case::unusual_update(&["baseline", "update", "unusual.yaml", "--from", "report.json"])]
fn arguments(#[context] context: Context, #[case] given: &[&str]) {
    let terminal = Terminal::new();
    terminal.write(
        "wrong.yaml",
        "- case: secret/whole-flwo\n  verdict: fails\n  requirements: [idjag.tpy]\n  reasn: x\n",
    );
    terminal.write(
        "unusual.yaml",
        "[{ case: secret/whole-flow, verdict: failed, reason: x }]\n",
    );
    terminal.write("report.json", small_report());
    let name = format!("arguments_{}", context.description.unwrap_or_default());
    let transcript = terminal.transcript(given);
    assert!(transcript.contains("--- exit 2\n"), "{transcript}");
    assert!(!terminal.folder().join("new.yaml").exists());
    assert_snapshot!(name, transcript);
}
