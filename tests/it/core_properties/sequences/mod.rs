//! Valid and bent requests in any order, held against a model of what may happen: a code, an ID-JAG, a client assertion
//! and a rotated refresh token work once; nothing is issued without proof of the client; scopes never grow; what was
//! revoked stays revoked; a suspended user gets nothing; everything ends by the clock.

mod asking;
mod claims;
mod model;
mod play;
mod steps;

use std::cell::RefCell;

use conformance_tests::org::TestOrg;
use mock_okta_core::{Bend, Defect, Refusal};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestError, TestRng, TestRunner};

use super::cases;
use play::{Play, Tally};
use steps::any_sequence;

/// Defects that show in what happens, which the model must notice within a few sequences.
const NOTICED: [Defect; 22] = [
    Defect::Mute(Refusal::AccessTokenExpired),
    Defect::Mute(Refusal::AccessTokenRevoked),
    Defect::Mute(Refusal::AssertionUsed),
    Defect::Mute(Refusal::CodeClient),
    Defect::Mute(Refusal::CodeInvalid),
    Defect::Mute(Refusal::IdJagClient),
    Defect::Mute(Refusal::IdJagExpired),
    Defect::Mute(Refusal::IdJagReplayed),
    Defect::Mute(Refusal::IllegalScope),
    Defect::Mute(Refusal::NoMatchingPolicy),
    Defect::Mute(Refusal::PkceFailed),
    Defect::Mute(Refusal::RefreshScope),
    Defect::Mute(Refusal::SubjectToken),
    Defect::Mute(Refusal::SubjectUserInactive),
    Defect::Bend(Bend::AccessOutlives),
    Defect::Bend(Bend::AccessScopeWider),
    Defect::Bend(Bend::IdJagClientOther),
    Defect::Bend(Bend::IdJagLong),
    Defect::Bend(Bend::IdJagScopeWider),
    Defect::Bend(Bend::IdJagSubjectOther),
    Defect::Bend(Bend::RevocationIdle),
    Defect::Bend(Bend::RevokedActive),
];

#[test]
fn an_org_does_in_every_order_what_the_model_allows() {
    play(TestRunner::new(config(20)), TestOrg::new).unwrap_or_else(|differs| panic!("{differs}"));
}

/// Otherwise the sequences would show less than they say. Always the same ones, for of a few drawn at random all may
/// lack a step.
#[test]
fn sequences_hold_every_step_accepted_and_refused() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let runner = TestRunner::new_with_rng(config(40), rng);
    let tally = play(runner, TestOrg::new).unwrap_or_else(|differs| panic!("{differs}"));
    for step in [
        "sign in",
        "redeem a code",
        "exchange",
        "redeem an ID-JAG",
        "refresh",
        "revoke an access token",
        "revoke a refresh token",
        "present",
    ] {
        for accepted in [true, false] {
            let count = tally.get(&(step, accepted));
            assert!(count.is_some(), "{step}, accepted {accepted}: {tally:?}");
        }
    }
}

#[test]
fn an_org_with_a_defect_differs_from_the_model() {
    for defect in NOTICED {
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let at_once = ProptestConfig {
            max_shrink_iters: 0,
            ..config(200)
        };
        let runner = TestRunner::new_with_rng(at_once, rng);
        let played = play(runner, || TestOrg::going_wrong(defect));
        assert!(played.is_err(), "{defect} was not noticed");
    }
}

fn config(few: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..cases(few)
    }
}

/// Plays sequences until one differs from the model; how often each step was accepted and refused comes back.
fn play(mut runner: TestRunner, org: impl Fn() -> TestOrg) -> Result<Tally, String> {
    let tally = RefCell::new(Tally::new());
    let sequences = (any::<bool>(), any_sequence());
    let result = runner.run(&sequences, |(rotates, steps)| {
        let org = org();
        let tally = &mut *tally.borrow_mut();
        let mut playing = Play::new(&org, rotates, tally);
        for (number, step) in steps.iter().enumerate() {
            let fail = |differs| TestCaseError::fail(format!("step {number}, {step:?}: {differs}"));
            playing.step(step).map_err(fail)?;
        }
        Ok(())
    });
    match result {
        Ok(()) => Ok(tally.into_inner()),
        Err(TestError::Fail(reason, (rotates, steps))) => {
            Err(format!("{reason}\nrotates: {rotates}\n{steps:#?}"))
        }
        Err(TestError::Abort(reason)) => Err(reason.to_string()),
    }
}
