//! Accepted requests with anything but the client's proof bent, in any order: never a server error, and what is
//! refused hands out nothing.

use conformance_tests::org::{AGENT, Form, TestOrg};
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::flows::{CLIENT, Valid, any_flow};
use super::{cases, credentials, org};

#[derive(Debug, Clone)]
enum Bend {
    Drop,
    Empty,
    Double,
    Append(String),
    Replace(String),
    /// By the value of another parameter of the same request.
    Swap(Index),
    Add(String, String),
}

fn any_bend() -> impl Strategy<Value = Bend> {
    prop_oneof![
        Just(Bend::Drop),
        Just(Bend::Empty),
        Just(Bend::Double),
        any::<String>().prop_map(Bend::Append),
        any::<String>().prop_map(Bend::Replace),
        any::<Index>().prop_map(Bend::Swap),
        ("[a-z_]{1,12}", any::<String>()).prop_map(|(name, value)| Bend::Add(name, value)),
    ]
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_bent_request_is_accepted_whole_or_refused_whole(
        flow in any_flow(),
        bends in vec((any::<Index>(), any_bend()), 1..4),
    ) {
        let org = org();
        let Valid { path, form } = flow.valid(org);
        let form = bends.into_iter().fold(form, |form, (at, bend)| apply(form, at, bend));
        let answer = org.post(path, &form);
        let status = answer.status();
        prop_assert!(status.as_u16() == 200 || status.is_client_error(), "{status}");
        prop_assert_eq!(status.as_u16() == 200, !credentials(&answer).is_empty(), "{}", answer.body);
        prop_assert_eq!(status.as_u16() == 200, answer.body.get("error").is_none(), "{}", answer.body);
    }

    // The fold must not touch the proof, or the property above would prove less than it says.
    #[test]
    fn bending_leaves_the_proof_as_it_is(at in any::<Index>(), bend in any_bend()) {
        let form = org().authenticated(AGENT, "/oauth2/v1/token", &[("a", "1"), ("b", "2")]);
        let bent = apply(form.clone(), at, bend);
        prop_assert_eq!(&bent[bent.len() - 2..], &form[form.len() - 2..]);
    }

    #[test]
    fn any_instant_will_do(
        flow in any_flow(),
        second in prop_oneof![
            Timestamp::MIN.as_second()..=Timestamp::MAX.as_second(),
            Just(Timestamp::MIN.as_second()),
            Just(Timestamp::MAX.as_second()),
            Just(0),
        ],
    ) {
        let org = TestOrg::at(Timestamp::from_second(second).expect("within the range"));
        let Valid { path, form } = flow.valid(&org);
        prop_assert_eq!(org.post(path, &form).status().as_u16(), 200);
    }
}

/// Bends one parameter that is not the client's proof.
fn apply(form: Form, at: Index, bend: Bend) -> Form {
    let (mut rest, proof): (Form, Form) = form
        .into_iter()
        .partition(|(name, _)| !CLIENT.contains(&name.as_str()));
    if let Bend::Add(name, value) = bend {
        rest.push((name, value));
    } else if !rest.is_empty() {
        let at = at.index(rest.len());
        let value = rest[at].1.clone();
        match bend {
            Bend::Drop => drop(rest.remove(at)),
            Bend::Empty => rest[at].1.clear(),
            Bend::Double => rest.push((rest[at].0.clone(), value)),
            Bend::Append(more) => rest[at].1.push_str(&more),
            Bend::Replace(other) => rest[at].1 = other,
            Bend::Swap(other) => rest[at].1 = form_value(&rest, other),
            Bend::Add(..) => {}
        }
    }
    rest.extend(proof);
    rest
}

fn form_value(form: &Form, at: Index) -> String {
    form[at.index(form.len())].1.clone()
}
