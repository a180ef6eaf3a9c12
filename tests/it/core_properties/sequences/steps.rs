//! The steps of a sequence: valid requests, the same bent, and what happens around them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::model::{Agent, User};

/// One step.
#[derive(Debug, Clone)]
pub enum Step {
    /// A user signs in to an agent and a code comes back.
    SignIn {
        agent: Agent,
        user: User,
        email: bool,
    },
    RedeemCode {
        which: Index,
        bend: Bend,
    },
    /// For an ID-JAG, with some of the scopes.
    Exchange {
        which: Index,
        scopes: [bool; 4],
        bend: Bend,
    },
    RedeemIdJag {
        which: Index,
        bend: Bend,
    },
    Refresh {
        which: Index,
        bend: Bend,
    },
    RevokeAccess {
        which: Index,
        bend: Bend,
    },
    RevokeRefresh {
        which: Index,
        bend: Bend,
    },
    /// An access token is presented and asked after.
    Use(Index),
    /// The last form again, byte for byte.
    Again,
    Suspend(User, bool),
    Wait(i64),
}

/// What is wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bend {
    /// Nothing.
    Straight,
    /// The client names itself and proves nothing.
    NoProof,
    /// The other agent asks, and proves that it is the other agent.
    Stranger,
    /// The client assertion was used before.
    UsedProof,
    /// What the step itself must get right is wrong: the verifier, a signature, the server, the scope.
    Wrong,
}

/// A sign-in, its tokens, and whatever comes then.
pub fn any_sequence() -> impl Strategy<Value = Vec<Step>> {
    let parts = (any_sign_in(), any::<Index>(), vec(any_step(), 4..24));
    parts.prop_map(|(first, which, rest)| {
        let tokens = Step::RedeemCode {
            which,
            bend: Bend::Straight,
        };
        [vec![first, tokens], rest].concat()
    })
}

fn any_bend() -> impl Strategy<Value = Bend> {
    use Bend::{NoProof, Straight, Stranger, UsedProof, Wrong};
    prop_oneof![6 => Just(Straight), 4 => select(vec![NoProof, Stranger, UsedProof, Wrong])]
}

fn any_sign_in() -> impl Strategy<Value = Step> {
    (0..2_usize, 0..2_usize, any::<bool>()).prop_map(|(agent, user, email)| Step::SignIn {
        agent,
        user,
        email,
    })
}

fn any_step() -> impl Strategy<Value = Step> {
    let one = || (any::<Index>(), any_bend());
    let exchange = (one(), any::<[bool; 4]>(), any::<bool>());
    prop_oneof![
        2 => any_sign_in(),
        4 => one().prop_map(|(which, bend)| Step::RedeemCode { which, bend }),
        5 => exchange.prop_map(|((which, bend), scopes, plain)| {
            let scopes = if plain { [true, false, false, false] } else { scopes };
            Step::Exchange { which, scopes, bend }
        }),
        5 => one().prop_map(|(which, bend)| Step::RedeemIdJag { which, bend }),
        4 => one().prop_map(|(which, bend)| Step::Refresh { which, bend }),
        1 => one().prop_map(|(which, bend)| Step::RevokeAccess { which, bend }),
        1 => one().prop_map(|(which, bend)| Step::RevokeRefresh { which, bend }),
        3 => any::<Index>().prop_map(Step::Use),
        2 => Just(Step::Again),
        1 => (0..2_usize, any::<bool>()).prop_map(|(user, suspended)| Step::Suspend(user, suspended)),
        2 => select(vec![1, 299, 300, 3600]).prop_map(Step::Wait),
    ]
}
