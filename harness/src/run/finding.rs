//! A finding as it is recorded: secrets replaced, the address of the target left out, weighed by the requirements it cites.

use crate::result::SourceLine;
use serde_json::Value;

use crate::check::{Finding, Outcome, Seen};
use crate::evidence::{Redactor, is_secret_path};
use crate::jwt::Jwt;
use crate::requirement::{Catalogue, Level, Profiles, RequirementId};
use crate::result::{FindingRecord, Verdict};
use crate::value::{LONGEST_TOLD, describe_whole, shorten};

/// What a check that does not hold means: the most binding requirement it cites decides.
pub(super) fn weigh(covers: &[RequirementId], catalogue: &Catalogue) -> Verdict {
    match catalogue.level_of(covers) {
        Some(Level::Must) | None => Verdict::Failed,
        Some(Level::Should) => Verdict::Warning,
        Some(Level::May) => Verdict::Observed,
    }
}

/// Turns a finding into what reports say of it.
pub(crate) fn record(
    step: &str,
    finding: &Finding,
    file: &str,
    catalogue: &Catalogue,
    profiles: &Profiles,
    redactor: &Redactor,
) -> FindingRecord {
    let aside = profiles.sets_aside_any(&finding.covers, catalogue);
    let (verdict, actual) = match &finding.outcome {
        // Neither a pass nor a failure: the record says what was seen, and that it does not count.
        Outcome::Held if aside.is_some() => (Verdict::Observed, Some("as expected".to_owned())),
        Outcome::Differs(there) if aside.is_some() => {
            (Verdict::Observed, Some(seen(there, redactor)))
        }
        Outcome::Held => (Verdict::Passed, None),
        Outcome::Differs(there) => (
            weigh(&finding.covers, catalogue),
            Some(seen(there, redactor)),
        ),
        Outcome::Unjudged(why) => (Verdict::Error, Some(redactor.stable_text(why))),
    };
    let here = finding
        .expected
        .here
        .as_ref()
        // What is filled in is secret until it has been redacted, so it is cut no earlier.
        .map(|here| shorten(&redactor.stable_text(here), 2 * LONGEST_TOLD));
    FindingRecord {
        step: step.to_owned(),
        check: finding.check.clone(),
        expected_here: here.filter(|here| *here != finding.expected.written),
        expected: finding.expected.written.clone(),
        actual,
        verdict,
        alternative: finding
            .alternative
            .as_ref()
            .map(|there| seen(there, redactor)),
        not_judged: aside.map(|why| why.to_string()),
        covers: finding
            .covers
            .iter()
            .map(RequirementId::to_string)
            .collect(),
        source: SourceLine::new(file, finding.place.line),
    }
}

/// What was there. Of a secret only its kind is recorded: a fingerprint would differ from run to run.
fn seen(seen: &Seen, redactor: &Redactor) -> String {
    match seen {
        Seen::Absent => "absent".to_owned(),
        Seen::Words(words) => redactor.stable_text(words),
        Seen::Value { path, value } => match value {
            Value::String(text) if Jwt::decode(text).is_ok() => "string <a JWT>".to_owned(),
            Value::String(_) if is_secret_path(path) => "string <a secret>".to_owned(),
            value => {
                let shown = redactor.json(path, value, &mut Vec::new());
                shorten(&redactor.stable_text(&describe_whole(&shown)), LONGEST_TOLD)
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::Expected;
    use crate::evidence::Public;
    use crate::secret::Salt;

    fn recorded(path: &str, value: Value) -> FindingRecord {
        let redactor = Redactor::new(
            Salt::new(*b"salt"),
            Public::default(),
            "http://127.0.0.1:7070",
        );
        let here = "string `http://127.0.0.1:7070/oauth2/aus1`";
        recorded_by(&redactor, path, value, here)
    }

    fn recorded_by(redactor: &Redactor, path: &str, value: Value, here: &str) -> FindingRecord {
        let finding = Finding {
            check: crate::result::Aspect::Member("x".into()),
            expected: Expected {
                written: "string `${custom_as.issuer}`".into(),
                here: Some(here.into()),
            },
            outcome: Outcome::Differs(Seen::Value {
                path: path.into(),
                value,
            }),
            alternative: None,
            covers: vec![RequirementId::new("idjag.typ")],
            place: strict_yaml::Place::START,
        };
        record(
            "exchange",
            &finding,
            "s.yaml",
            Catalogue::embedded(),
            &Profiles::default(),
            redactor,
        )
    }

    #[test]
    fn findings_are_the_same_in_every_run() {
        let record = recorded("iss", json!("http://127.0.0.1:7070"));
        assert_eq!(
            record.expected_here.as_deref(),
            Some("string `${org.issuer}/oauth2/aus1`")
        );
        assert_eq!(record.actual.as_deref(), Some("string `${org.issuer}`"));
        assert_eq!(
            (record.verdict, record.source.to_string().as_str()),
            (Verdict::Failed, "s.yaml:1")
        );
    }

    #[test]
    fn what_rests_on_a_profile_that_is_not_chosen_is_seen_and_not_judged() {
        let redactor = Redactor::new(Salt::new(*b"salt"), Public::default(), "http://o");
        let judged = |outcome: Outcome, profiles: &Profiles| {
            let finding = Finding {
                check: crate::result::Aspect::Status,
                expected: Expected::plain("integer 400"),
                outcome,
                alternative: None,
                covers: ["token.error-status-400", "redeem.replay-ema"]
                    .map(RequirementId::new)
                    .to_vec(),
                place: strict_yaml::Place::START,
            };
            record(
                "redeem",
                &finding,
                "s.yaml",
                Catalogue::embedded(),
                profiles,
                &redactor,
            )
        };
        let differs = || {
            Outcome::Differs(Seen::Value {
                path: "status".into(),
                value: json!(200),
            })
        };
        let (all, base) = (Profiles::default(), Profiles::of([]));
        assert_eq!(judged(differs(), &all).verdict, Verdict::Failed);
        assert_eq!(judged(Outcome::Held, &all).verdict, Verdict::Passed);
        for (outcome, actual) in [(differs(), "integer 200"), (Outcome::Held, "as expected")] {
            let record = judged(outcome, &base);
            assert_eq!(record.verdict, Verdict::Observed);
            assert_eq!(record.actual.as_deref(), Some(actual));
            assert_eq!(
                record.not_judged.as_deref(),
                Some("profile mcp-ema is not chosen")
            );
        }
    }

    #[test]
    fn what_is_expected_loses_its_secrets_before_it_is_cut() {
        let padding = "-".repeat(LONGEST_TOLD - 10);
        let expected = format!("string `{padding}a-very-secret-value`");
        let mut redactor = Redactor::new(Salt::new(*b"salt"), Public::default(), "http://o");
        redactor.know("a-very-secret-value");
        let record = recorded_by(&redactor, "x", json!(1), &expected);
        let here = record.expected_here.unwrap();
        assert!(
            here.contains("<secret ") && !here.contains("a-very"),
            "{here}"
        );
    }

    #[test]
    fn secrets_are_recorded_by_their_kind() {
        let jwt = "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.";
        assert_eq!(
            recorded("access_token", json!("opaque")).actual.as_deref(),
            Some("string <a secret>")
        );
        assert_eq!(
            recorded("x", json!(jwt)).actual.as_deref(),
            Some("string <a JWT>")
        );
        let object = recorded("", json!({"password": "p"})).actual.unwrap();
        assert!(
            object.starts_with("object {\"password\":\"<secret"),
            "{object}"
        );
    }
}
