//! Rules that hold for every answer, against the embedded org: all of them are applied, and all hold.

use harness::result::{CaseResult, Verdict};
use harness::scenario::model::Edition;

use crate::support::harness_run::{invariants, whole_run};

#[test]
fn the_mock_keeps_every_rule_and_every_rule_meets_an_answer() {
    let mut unseen: Vec<String> = invariants()
        .rules
        .iter()
        .map(harness::scenario::model::Rule::result_id)
        .collect();
    for edition in Edition::ALL {
        let run = whole_run(edition);
        let rules: Vec<&CaseResult> = run
            .results
            .iter()
            .filter(|case| case.is_invariant())
            .collect();
        assert_eq!(rules.len(), invariants().rules.len());
        for rule in rules {
            let fine = matches!(
                rule.verdict,
                Verdict::Passed | Verdict::Observed | Verdict::Skipped
            );
            assert!(
                fine,
                "{edition}: {} {:?}: {:?}",
                rule.id, rule.verdict, rule.reason
            );
            if rule
                .applied
                .as_ref()
                .is_some_and(|applied| applied.exchanges > 0)
            {
                unseen.retain(|id| *id != rule.id);
            }
        }
    }
    assert!(
        unseen.is_empty(),
        "rules that no answer of the suite meets: {unseen:?}"
    );
}
