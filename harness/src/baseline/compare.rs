//! A run beside its baseline: which of its failures are known, which are not, and which known ones are gone.

use crate::result::SourceLine;
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::model::{Baseline, Entry, Expected};
use super::write;
use crate::result::{
    BaselineNote, CaseResult, FailOn, KnownDeviation, RunResult, Standing, Verdict,
};

/// Judges the standing of every case by the baseline, whatever it was before, and notes in the run that it did.
pub fn compare(run: &mut RunResult, baseline: &Baseline, today: Date) {
    for case in &mut run.results {
        judge(case, baseline, run.fail_on, today);
    }
    run.baseline = Some(BaselineNote {
        file: baseline.name.clone(),
        entries: baseline.entries.len(),
        // What is named already and deviates in another way needs its entry changed, not a second one.
        proposed: write::entries(run, |case| {
            case.standing == Standing::Unexpected && case.known.is_none()
        })
        .map(|entry| write::text(&entry, write::TODO))
        .collect(),
    });
}

/// Judges the standing of one case in a run that `fail_on` makes stricter.
pub fn judge(case: &mut CaseResult, baseline: &Baseline, fail_on: Option<FailOn>, today: Date) {
    case.standing = Standing::without_baseline(case.verdict);
    let raised = fail_on.is_some_and(|least| least.breaks(case));
    if raised {
        case.standing = Standing::Unexpected;
    }
    case.known = None;
    let Some(entry) = baseline.entry(&case.id) else {
        follow(case, baseline, today);
        return;
    };
    let (standing, but) = match (case.verdict, Expected::of(case.verdict)) {
        // Nothing was seen, so nothing is known to be gone.
        (Verdict::Skipped | Verdict::NotApplicable | Verdict::NotRun, _) => return,
        (_, None) => (Standing::Stale, Some("it no longer deviates".to_owned())),
        // A case that deviates less than the entry says, and breaks nothing by itself, does not deviate.
        (_, Some(verdict)) if verdict < entry.verdict.min(Expected::Failed) && !raised => {
            (Standing::Stale, Some("it no longer deviates".to_owned()))
        }
        (_, Some(verdict)) => match objection(case, entry, verdict, today) {
            None => (Standing::ExpectedFailure, None),
            objection => (Standing::Unexpected, objection),
        },
    };
    case.standing = standing;
    case.known = Some(known(entry, but, baseline, today));
}

/// A case without an entry of its own that deviates because of a problem with one.
fn follow(case: &mut CaseResult, baseline: &Baseline, today: Date) {
    let problem = case.problem.as_deref();
    let Some(entry) = problem.and_then(|problem| baseline.of_problem(problem)) else {
        return;
    };
    let objection = overdue(entry, today).or_else(|| unnamed(case, entry));
    case.standing = match objection {
        None => Standing::ExpectedFailure,
        Some(_) => Standing::Unexpected,
    };
    case.known = Some(known(entry, objection, baseline, today));
}

fn known(entry: &Entry, but: Option<String>, baseline: &Baseline, today: Date) -> KnownDeviation {
    KnownDeviation {
        reason: entry.reason.clone(),
        until: entry.until.map(|until| until.to_string()),
        expired: entry.expired(today),
        but,
        source: SourceLine::new(baseline.name.as_str(), entry.place.line),
    }
}

/// That the entry's last day is over.
fn overdue(entry: &Entry, today: Date) -> Option<String> {
    let until = entry.until.filter(|_| entry.expired(today))?;
    Some(format!("it was accepted until {until} only"))
}

/// Why the entry does not cover what was seen, if it does not.
fn objection(case: &CaseResult, entry: &Entry, verdict: Expected, today: Date) -> Option<String> {
    if let Some(overdue) = overdue(entry, today) {
        return Some(overdue);
    }
    match (entry.verdict, verdict) {
        (Expected::Failed, Expected::Error) => {
            return Some("it is known to fail, and could not even be judged".to_owned());
        }
        (Expected::Error, Expected::Failed) => {
            return Some("it is known as one that cannot be judged, and fails".to_owned());
        }
        (known, now) if known != now => {
            let (known, now) = (known.words(), now.words());
            return Some(format!("it is known because {known}, and now {now}"));
        }
        _ => {}
    }
    unnamed(case, entry)
}

/// That it breaks requirements which the entry does not name.
fn unnamed(case: &CaseResult, entry: &Entry) -> Option<String> {
    let allowed = entry.requirements.as_ref()?;
    let strangers: Vec<String> = broken(case)
        .difference(allowed)
        .map(|id| format!("`{id}`"))
        .collect();
    (!strangers.is_empty()).then(|| {
        format!(
            "it breaks {}, which the entry does not name",
            strangers.join(", ")
        )
    })
}

/// The requirements that checks of this case found broken or could not judge.
pub(super) fn broken(case: &CaseResult) -> BTreeSet<String> {
    // A case that fails is known for what fails, and not for what it is warned of beside it.
    let least = Expected::of(case.verdict).map(|verdict| verdict.min(Expected::Failed));
    case.findings
        .iter()
        .filter(|finding| {
            let found = Expected::of(finding.verdict);
            found.is_some() && found >= least && finding.not_judged.is_none()
        })
        .flat_map(|finding| {
            // A check that cites nothing stands for what its case cites.
            if finding.covers.is_empty() {
                &case.covers
            } else {
                &finding.covers
            }
        })
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::Placeholders;
    use crate::baseline::sample;

    const TODAY: &str = "2026-11-27";

    fn baseline(entry: &str) -> Baseline {
        let text = format!("- {{ case: a/b, reason: Known., {entry} }}");
        Baseline::parse(
            "expected.yaml",
            &text,
            &sample::known(),
            Placeholders::Refused,
        )
        .unwrap()
    }

    fn entry(verdict: &str) -> String {
        format!("verdict: {verdict}, requirements: [req.a]")
    }

    fn judged(verdict: Verdict, broken: &[&str], entry: &str) -> CaseResult {
        let mut case = sample::case("a/b", verdict, broken);
        judge(&mut case, &baseline(entry), None, TODAY.parse().unwrap());
        case
    }

    fn standing(verdict: Verdict, broken: &[&str], entry: &str) -> (Standing, String) {
        let case = judged(verdict, broken, entry);
        let but = case.known.and_then(|known| known.but).unwrap_or_default();
        (case.standing, but)
    }

    #[test]
    fn what_deviates_as_named_is_expected() {
        use Standing::ExpectedFailure;
        for (verdict, broken, entry) in [
            (Verdict::Failed, &["req.a"][..], "verdict: failed"),
            (
                Verdict::Failed,
                &["req.a"],
                "verdict: failed, requirements: [req.a]",
            ),
            (
                Verdict::Failed,
                &["req.a"],
                "verdict: failed, requirements: [req.b, req.a]",
            ),
            (
                Verdict::Failed,
                &["req.a"],
                "verdict: failed, until: 2026-11-27",
            ),
            (Verdict::Error, &[], "verdict: error, requirements: [req.a]"),
        ] {
            let judged = standing(verdict, broken, entry);
            assert_eq!(judged, (ExpectedFailure, String::new()), "{entry}");
        }
        let known = judged(
            Verdict::Failed,
            &["req.a"],
            "verdict: failed, until: 2026-11-27",
        )
        .known;
        assert_eq!(
            known,
            Some(KnownDeviation {
                reason: "Known.".to_owned(),
                until: Some(TODAY.to_owned()),
                expired: false,
                but: None,
                source: "expected.yaml:1".parse().unwrap(),
            })
        );
    }

    #[test]
    fn what_deviates_in_another_way_is_not() {
        use Standing::Unexpected;
        for (verdict, broken, entry, why) in [
            (
                Verdict::Error,
                &[][..],
                "verdict: failed",
                "not even be judged",
            ),
            (Verdict::Failed, &["req.a"], "verdict: error", "and fails"),
            (
                Verdict::Failed,
                &["req.a", "req.b", "req.c"],
                "verdict: failed, requirements: [req.a]",
                "it breaks `req.b`, `req.c`, which the entry does not name",
            ),
            (
                Verdict::Failed,
                &["req.a"],
                "verdict: failed, until: 2026-11-26",
                "until 2026-11-26 only",
            ),
        ] {
            let (standing, but) = standing(verdict, broken, entry);
            assert_eq!(standing, Unexpected, "{entry}");
            assert!(but.contains(why), "{but}");
        }
    }

    #[test]
    fn a_warning_deviates_only_where_the_run_fails_on_it() {
        use Standing::{ExpectedFailure, Fine, Stale, Unexpected};
        use Verdict::{Failed, Observed, Warning};
        for (verdict, broken, entry, fail_on, expected) in [
            // Nobody names it.
            (Warning, "req.a", None, None, Fine),
            (Warning, "req.a", None, Some(FailOn::Warning), Unexpected),
            (Observed, "req.a", None, Some(FailOn::Warning), Fine),
            (Observed, "req.a", None, Some(FailOn::Observed), Unexpected),
            // It is known.
            (
                Warning,
                "req.a",
                Some("warning"),
                Some(FailOn::Warning),
                ExpectedFailure,
            ),
            (Warning, "req.a", Some("warning"), None, ExpectedFailure),
            (
                Observed,
                "req.a",
                Some("observed"),
                Some(FailOn::Observed),
                ExpectedFailure,
            ),
            (
                Warning,
                "req.b",
                Some("warning"),
                Some(FailOn::Warning),
                Unexpected,
            ),
            // It became worse, or better.
            (Failed, "req.a", Some("warning"), None, Unexpected),
            (
                Warning,
                "req.a",
                Some("failed"),
                Some(FailOn::Warning),
                Unexpected,
            ),
            (Warning, "req.a", Some("failed"), None, Stale),
            (
                Observed,
                "req.a",
                Some("warning"),
                Some(FailOn::Warning),
                Stale,
            ),
            (
                Verdict::Passed,
                "req.a",
                Some("warning"),
                Some(FailOn::Warning),
                Stale,
            ),
        ] {
            let mut case = sample::case("a/b", verdict, &[broken]);
            let known = entry.map(|known| baseline(&self::entry(known)));
            let known = known.unwrap_or_default();
            judge(&mut case, &known, fail_on, TODAY.parse().unwrap());
            assert_eq!(case.standing, expected, "{verdict:?} {entry:?} {fail_on:?}");
        }
    }

    #[test]
    fn what_a_failing_case_is_warned_of_beside_is_no_deviation_of_its_own() {
        let mut case = sample::case("a/b", Verdict::Failed, &["req.a", "req.b"]);
        case.findings[1].verdict = Verdict::Warning;
        let known = baseline("verdict: failed, requirements: [req.a]");
        judge(
            &mut case,
            &known,
            Some(FailOn::Warning),
            TODAY.parse().unwrap(),
        );
        assert_eq!(case.standing, Standing::ExpectedFailure);
    }

    #[test]
    fn a_finding_that_cites_nothing_does_not_slip_through() {
        let mut case = sample::case("a/b", Verdict::Failed, &["req.a"]);
        case.covers = vec!["req.b".to_owned()];
        case.findings.push(case.findings[0].clone());
        case.findings[1].covers.clear();
        let baseline = baseline("verdict: failed, requirements: [req.a]");
        judge(&mut case, &baseline, None, TODAY.parse().unwrap());
        assert_eq!(case.standing, Standing::Unexpected);
    }

    #[test]
    fn what_no_longer_deviates_is_stale_and_what_was_not_seen_is_not() {
        for verdict in [Verdict::Passed, Verdict::Observed, Verdict::Warning] {
            let (standing, but) = standing(verdict, &[], "verdict: failed");
            assert_eq!(standing, Standing::Stale, "{verdict:?}");
            assert_eq!(but, "it no longer deviates");
        }
        for (verdict, standing) in [
            (Verdict::Skipped, Standing::Fine),
            (Verdict::NotRun, Standing::Unexpected),
        ] {
            let case = judged(verdict, &[], "verdict: failed");
            assert_eq!((case.standing, case.known), (standing, None));
        }
    }

    #[test]
    fn a_run_says_by_which_baseline_it_was_judged_and_what_to_add() {
        let mut run = sample::run(&[
            ("a/b", Verdict::Failed, &["req.a"]),
            ("a/b/replayed", Verdict::Failed, &["req.b", "req.a"]),
            ("a/c", Verdict::Error, &[]),
            ("a/c/bent", Verdict::Passed, &[]),
        ]);
        // A standing of an earlier comparison does not stay.
        run.results[3].standing = Standing::Stale;
        compare(
            &mut run,
            &baseline("verdict: failed"),
            TODAY.parse().unwrap(),
        );
        let standings: Vec<_> = run.results.iter().map(|case| case.standing).collect();
        assert_eq!(
            standings,
            [
                Standing::ExpectedFailure,
                Standing::Unexpected,
                Standing::Unexpected,
                Standing::Fine
            ]
        );
        assert_eq!(
            run.baseline,
            Some(BaselineNote {
                file: "expected.yaml".to_owned(),
                entries: 1,
                proposed: vec![
                    "- case: a/b/replayed\n  verdict: failed\n  requirements: [req.a, req.b]\n  reason: TODO say why\n".to_owned(),
                    "- case: a/c\n  verdict: error\n  reason: TODO say why\n".to_owned(),
                ],
            })
        );
        compare(&mut run, &Baseline::default(), TODAY.parse().unwrap());
        assert_eq!(run.results[0].known, None);
    }
}
