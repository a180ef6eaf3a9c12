//! What may be used once is accepted once: in any order, and when sixteen ask at the same time.

use std::sync::Barrier;
use std::thread;

use conformance_tests::org::{AGENT, CHAT_TOKEN, Code, Form, TOKEN, TestOrg};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{cases, org};

const AT_ONCE: usize = 16;
const ROUNDS: usize = 8;

/// How a code or an ID-JAG is presented.
#[derive(Debug, Clone, Copy)]
enum How {
    Right,
    /// With a parameter that makes the request fail, and so uses nothing up.
    Wrong,
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn in_any_order_each_code_and_each_id_jag_is_accepted_the_first_time_only(
        presented in vec((0_usize..3, any::<bool>(), prop_oneof![2 => Just(How::Right), 1 => Just(How::Wrong)]), 1..16),
    ) {
        let org = org();
        let id_token = org.id_token(AGENT);
        let codes: Vec<Code> = (0..3).map(|_| org.code(AGENT, "openid")).collect();
        let id_jags: Vec<String> = (0..3).map(|_| org.id_jag(AGENT, &id_token)).collect();
        let mut used = [[false; 3]; 2];
        for (which, is_code, how) in presented {
            let (path, form) = match (is_code, how) {
                (true, How::Right) => (TOKEN, org.redeem_code(AGENT, &codes[which])),
                (true, How::Wrong) => {
                    let verifier = org.fresh("a-verifier-that-is-long-enough-but-wrong-for-it");
                    let code = codes[which].code.clone();
                    (TOKEN, org.redeem_code(AGENT, &Code { code, verifier }))
                }
                (false, How::Right) => (CHAT_TOKEN, org.redeem(AGENT, &id_jags[which])),
                (false, How::Wrong) => {
                    let mut form = org.redeem(AGENT, &id_jags[which]);
                    form.push(("scope".to_owned(), "chat.read".to_owned()));
                    (CHAT_TOKEN, form)
                }
            };
            let used = &mut used[usize::from(is_code)][which];
            let expected = matches!(how, How::Right) && !*used;
            let answer = org.post(path, &form);
            prop_assert_eq!(answer.status().as_u16() == 200, expected, "{}", answer.body);
            *used |= expected;
        }
    }
}

#[test]
fn of_sixteen_that_redeem_a_code_at_once_one_is_accepted() {
    let org = org();
    race(org, || {
        let code = org.code(AGENT, "openid");
        (
            TOKEN,
            (0..AT_ONCE)
                .map(|_| org.redeem_code(AGENT, &code))
                .collect(),
        )
    });
}

#[test]
fn of_sixteen_that_redeem_an_id_jag_at_once_one_is_accepted() {
    let org = org();
    let id_token = org.id_token(AGENT);
    race(org, || {
        let id_jag = org.id_jag(AGENT, &id_token);
        (
            CHAT_TOKEN,
            (0..AT_ONCE).map(|_| org.redeem(AGENT, &id_jag)).collect(),
        )
    });
}

#[test]
fn of_sixteen_that_present_a_client_assertion_at_once_one_is_accepted() {
    let org = org();
    let id_token = org.id_token(AGENT);
    race(org, || {
        let form = org.exchange_for_id_jag(AGENT, &id_token);
        (TOKEN, vec![form; AT_ONCE])
    });
}

/// Posts all forms at the same time, several times over.
fn race(org: &TestOrg, prepare: impl Fn() -> (&'static str, Vec<Form>)) {
    for round in 0..ROUNDS {
        let (path, forms) = prepare();
        let start = Barrier::new(forms.len());
        let accepted = thread::scope(|scope| {
            let running: Vec<_> = forms
                .iter()
                .map(|form| {
                    scope.spawn(|| {
                        start.wait();
                        org.post(path, form).status().as_u16() == 200
                    })
                })
                .collect();
            running
                .into_iter()
                .map(|thread| thread.join().expect("no panic"))
                .filter(|won| *won)
                .count()
        });
        assert_eq!(accepted, 1, "round {round}");
    }
}
