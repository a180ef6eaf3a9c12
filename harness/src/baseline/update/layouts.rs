//! Whatever a file looks like: an update succeeds, keeps what it need not touch, and has nothing left to do.

use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::subsequence;

use super::*;
use crate::baseline::sample;

/// The cases of the sample, of which a file names some.
const CASES: [&str; 5] = ["a/b", "a/b/expired", "a/b/replayed", "a/c", "a/c/bent"];

/// Ways to write an entry; `CASE` and `VERDICT` stand for what differs.
const ENTRIES: [&str; 8] = [
    "- case: CASE\n  verdict: VERDICT\n  reason: x\n",
    "- case: CASE # why\n  verdict: 'VERDICT'   # so\n\n  # inside\n  reason: \"x: # y\"  # behind\n",
    "- reason: |\n    one\n\n    # two\n  verdict: VERDICT\n  case: \"CASE\"\n",
    "- case: CASE\n  verdict: VERDICT\n  requirements:\n  - req.a\n  - req.b # b\n  reason: >-\n    folded\n    text\n",
    "-\n  # below the dash\n  requirements: [req.a, # a\n    'req.c']\n  case: CASE\n  verdict: VERDICT\n  reason: x\n",
    "- { case: CASE, verdict: VERDICT, reason: \"}\", requirements: [req.b] } # flow\n",
    "- {\n  case: CASE, verdict: VERDICT, # }\n  reason: x }\n",
    "- case: CASE\n  verdict: VERDICT\n  until: 2999-12-31\n  reason: 'it''s'\n",
];

/// What may stand between two entries.
const BETWEEN: [&str; 5] = [
    "",
    "\n",
    "# between\n",
    "\n# about the next\n",
    "  # indented\n\n# and not\n\n",
];

/// The file, and which cases it names.
fn file() -> impl Strategy<Value = (String, Vec<&'static str>)> {
    let entry = (0..ENTRIES.len(), 0..BETWEEN.len(), any::<bool>());
    let entries = (
        subsequence(CASES.to_vec(), 0..=CASES.len()).prop_shuffle(),
        proptest::collection::vec(entry, CASES.len()),
    );
    (entries, 0..BETWEEN.len(), any::<bool>(), any::<bool>()).prop_map(
        |((cases, entries), end, windows, ended)| {
            let mut text = "# head\n".to_owned();
            for (case, (layout, between, fails)) in cases.iter().zip(entries) {
                let verdict = if fails { "failed" } else { "error" };
                text.push_str(BETWEEN[between]);
                text.push_str(
                    &ENTRIES[layout]
                        .replace("CASE", case)
                        .replace("VERDICT", verdict),
                );
            }
            text.push_str(BETWEEN[end]);
            if !ended {
                text.truncate(text.trim_end().len());
            }
            if windows {
                text = text.replace('\n', "\r\n");
            }
            (text, cases)
        },
    )
}

/// What became of a case.
fn outcome() -> impl Strategy<Value = (Verdict, &'static [&'static str])> {
    prop_oneof![
        Just((Verdict::Passed, &[][..])),
        Just((Verdict::Skipped, &[][..])),
        Just((Verdict::NotRun, &[][..])),
        Just((Verdict::Error, &[][..])),
        Just((Verdict::Failed, &["req.a"][..])),
        Just((Verdict::Failed, &["req.b", "req.c"][..])),
    ]
}

/// Comments that belong to no entry.
fn outside(text: &str) -> Vec<&str> {
    let ours = [
        "# head",
        "# between",
        "# about the next",
        "# indented",
        "# and not",
    ];
    let lines = text.lines().map(str::trim);
    lines.filter(|line| ours.contains(line)).collect()
}

proptest! {
    #[test]
    fn every_layout_can_be_brought_up_to_date(
        (text, named) in file(),
        outcomes in proptest::collection::vec(outcome(), CASES.len()),
    ) {
        let rows: Vec<_> = CASES.iter().zip(&outcomes).map(|(case, (verdict, broken))| (*case, *verdict, *broken)).collect();
        let run = sample::run(&rows);
        let today = "2026-11-27".parse().unwrap();
        let update = |text: &str| update(("x.yaml", text), &sample::known(), &run, Some("New."), today);
        let updated = update(&text).unwrap();
        prop_assert_eq!(outside(&updated.text), outside(&text));
        prop_assert!(!updated.text.replace("\r\n", "").contains('\r'));
        prop_assert_eq!(updated.text.replace("\r\n", "").contains('\n'), !text.contains("\r\n") && updated.text.contains('\n'));

        let again = update(&updated.text).unwrap();
        prop_assert_eq!(&again.text, &updated.text);
        prop_assert_eq!(again.changes, []);

        let read = Baseline::parse("x.yaml", &updated.text, &sample::known(), Placeholders::Accepted).unwrap();
        for (case, verdict, _) in rows {
            let entry = read.entry(case).map(|entry| entry.verdict);
            let result = run.results.iter().find(|result| result.id == case).unwrap();
            let follows = result.problem.as_deref().and_then(|problem| read.of_problem(problem));
            match Expected::of(verdict).filter(|found| *found > Expected::Warning) {
                Some(_) if entry.is_none() => prop_assert!(follows.is_some()),
                Some(verdict) => prop_assert_eq!(entry, Some(verdict)),
                None if verdict == Verdict::Passed => prop_assert_eq!(entry, None),
                None => prop_assert_eq!(entry.is_some(), named.contains(&case)),
            }
        }
    }
}
