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
use mock_okta_core::Refusal;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestError, TestRng, TestRunner};

use super::cases;
use play::{Play, Tally};
use steps::any_sequence;

/// Refusals without which the model must be broken within a few sequences.
const NEEDED: [Refusal; 14] = [
    Refusal::AccessTokenExpired,
    Refusal::AccessTokenRevoked,
    Refusal::AssertionUsed,
    Refusal::CodeClient,
    Refusal::CodeInvalid,
    Refusal::IdJagClient,
    Refusal::IdJagExpired,
    Refusal::IdJagReplayed,
    Refusal::IllegalScope,
    Refusal::NoMatchingPolicy,
    Refusal::PkceFailed,
    Refusal::RefreshScope,
    Refusal::SubjectToken,
    Refusal::SubjectUserInactive,
];

#[test]
fn an_org_does_in_every_order_what_the_model_allows() {
    let runner = TestRunner::new(config(60));
    let tally = play(runner, TestOrg::new).unwrap_or_else(|differs| panic!("{differs}"));
    // Otherwise the sequences would show less than they say.
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
fn an_org_that_lacks_a_refusal_differs_from_the_model() {
    for refusal in NEEDED {
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let at_once = ProptestConfig {
            max_shrink_iters: 0,
            ..config(200)
        };
        let runner = TestRunner::new_with_rng(at_once, rng);
        let played = play(runner, || TestOrg::muting(&[refusal]));
        assert!(played.is_err(), "{refusal:?} was not missed");
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
