//! Recordings for tests.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{LiveCase, Recorder, RunOf, StepRecord, WhichOrg, Written};
use crate::evidence::{Public, Redactor};
use crate::exchange::{Exchange, Party, RequestSpec, Response};
use crate::forge::Pkce;
use crate::jwt::Jwt;
use crate::result::Verdict;
use crate::scenario::model::Edition;
use crate::secret::Salt;
use crate::targets::sample;

/// When the recorded run began.
pub(crate) const STARTED_AT: &str = "2026-11-30T18:00:00Z";

/// A secret of the run.
pub(crate) const PASSWORD: &str = "correct-horse-battery";

/// Knows the secret.
pub(crate) fn redactor() -> Redactor {
    let mut redactor = Redactor::new(Salt::new(*b"salt"), Public::default(), "http://o.example");
    redactor.know(PASSWORD);
    redactor
}

/// A JWT with a signature.
pub(crate) fn token(sub: &str) -> String {
    let object = |value: Value| -> Map<String, Value> { value.as_object().unwrap().clone() };
    let mut jwt = Jwt::new(object(json!({"alg": "RS256"})), object(json!({"sub": sub})));
    jwt.signature = "c2lnbmF0dXJl".to_owned();
    jwt.encode()
}

/// A step that was answered so.
pub(crate) fn step(response: Response) -> StepRecord {
    let mut request = RequestSpec::new(Party::Org, "POST", "http://o.example/token");
    request.query.push(("password".into(), PASSWORD.into()));
    StepRecord {
        step: "ask".to_owned(),
        prepared_at: 7,
        exchanges: vec![Exchange {
            request,
            response,
            elapsed: Duration::from_millis(5),
        }],
        ..StepRecord::default()
    }
}

/// A case of one step.
pub(crate) fn case(step: StepRecord) -> LiveCase {
    LiveCase {
        id: "a/b".to_owned(),
        other_way: false,
        on: WhichOrg::Target,
        fresh: ("state".to_owned(), "nonce".to_owned(), Pkce::fresh()),
        verdict: Some(Verdict::Passed),
        held: Duration::ZERO,
        held_with_code: Duration::ZERO,
        held_before_refusal: Duration::ZERO,
        steps: vec![step],
        redactor: redactor(),
    }
}

/// A recording of these cases.
pub(crate) fn written(cases: Vec<LiveCase>, incomplete: Option<&str>) -> Written {
    let recorder = Recorder::default();
    let planned = cases.iter().map(|case| case.id.clone()).collect();
    for case in cases {
        recorder.keep(case);
    }
    let run = RunOf {
        started_at: STARTED_AT.to_owned(),
        edition: Edition::E2026_10,
        planned,
    };
    let target = sample::deployment("http://o.example");
    recorder.close(run, &target, None, redactor());
    recorder.cassette(incomplete).unwrap()
}

/// A recording of one case whose step was answered so.
pub(crate) fn answered(response: Response) -> String {
    written(vec![case(step(response))], None).text
}

/// A recording of a run that ended so.
pub(crate) fn recording(incomplete: Option<&str>) -> String {
    let response = Response::new(200, Vec::new(), b"{}");
    written(vec![case(step(response))], incomplete).text
}
