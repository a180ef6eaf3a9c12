//! Every store of the org, filled by a client that means no good: all of them share one budget, which holds.

use std::time::Duration;

use mock_okta::{MemoryUse, MockOkta, StoreUse};

use super::attacks::{Attack, Attacker, SEED};
use super::size;

const BUDGET: usize = 1024 * 1024;

fn org() -> MockOkta {
    let org = MockOkta::builder().seed(SEED).memory_budget(BUDGET);
    org.keys_ahead(false).start_blocking().expect("an org")
}

fn attacker(okta: &MockOkta) -> Attacker {
    Attacker::new(okta.address(), &okta.issuer(), "one")
}

fn store(memory: &MemoryUse, name: &str) -> StoreUse {
    let found = memory.stores.iter().find(|store| store.name == name);
    found.expect("such a store").clone()
}

/// The budget holds, whatever the store, and the next client is served as if nothing had happened. `small` requests are
/// enough to fill it.
fn is_bounded(attack: Attack, name: &str, small: usize) -> StoreUse {
    let okta = org();
    attacker(&okta).attack(size(small, 20_000), |_| attack);
    let memory = okta.memory_use();
    assert!(memory.used_bytes <= BUDGET, "{memory:?}");
    assert!(memory.evictions > 0, "{memory:?}");
    let attacked = store(&memory, name);
    assert!(attacked.entries > 0, "{memory:?}");
    attacker(&okta).attack(20, |_| Attack::Codes);
    attacked
}

#[test]
fn two_hundred_escaped_scopes_take_no_more_than_an_entry_of_the_journal_may() {
    let journal = is_bounded(Attack::EscapedScopes, "journal", 100);
    assert!(journal.bytes / journal.entries < 22 * 1024, "{journal:?}");
}

#[test]
fn sign_ins_with_a_big_state_push_each_other_out() {
    let sign_ins = is_bounded(Attack::BigState, "sign_ins", 250);
    assert!(sign_ins.evictions > 0, "{sign_ins:?}");
}

#[test]
fn a_state_that_is_longer_than_it_may_be_is_refused_and_not_kept() {
    let sign_ins = is_bounded(Attack::OversizedState, "sign_ins", 800);
    // The two of the attackers themselves.
    assert!(sign_ins.entries <= 2, "{sign_ins:?}");
}

#[test]
fn of_a_long_jti_little_is_kept() {
    let used = is_bounded(Attack::Jtis, "used_jtis", 1200);
    assert!(used.bytes / used.entries < 500, "{used:?}");
}

#[test]
fn a_refresh_token_that_is_used_again_and_again_stays_as_small_as_it_was() {
    let tokens = is_bounded(Attack::RefreshReuse, "refresh_tokens", 1000);
    assert_eq!(tokens.entries, 1, "{tokens:?}");
    assert!(tokens.bytes < 2048, "{tokens:?}");
}

#[test]
fn codes_that_nobody_redeems_push_each_other_out() {
    let codes = is_bounded(Attack::Codes, "codes", 800);
    assert!(codes.evictions > 0, "{codes:?}");
}

#[test]
fn redeemed_codes_and_their_tokens_are_bounded() {
    is_bounded(Attack::RedeemedCodes, "refresh_token_families", 800);
}

#[test]
fn sessions_are_bounded() {
    is_bounded(Attack::Sessions, "sessions", 1500);
}

#[test]
fn links_that_nobody_follows_are_bounded() {
    is_bounded(Attack::Links, "links", 800);
}

#[test]
fn tokens_of_third_parties_are_bounded() {
    is_bounded(Attack::ThirdPartyTokens, "third_party_tokens", 800);
}

#[test]
fn revoked_tokens_are_bounded() {
    let okta = org();
    let mut attacker = attacker(&okta);
    // Tokens to revoke come first.
    attacker.attack(size(300, 20_000), |number| match number % 2 {
        0 => Attack::RefreshReuse,
        _ => Attack::Revocations,
    });
    let memory = okta.memory_use();
    assert!(memory.used_bytes <= BUDGET, "{memory:?}");
    assert!(store(&memory, "revoked_tokens").entries > 100, "{memory:?}");
}

#[test]
fn methods_and_paths_of_any_length_are_cut_in_the_journal() {
    let journal = is_bounded(Attack::Nonsense, "journal", 1000);
    assert!(journal.bytes / journal.entries < 4096, "{journal:?}");
}

#[test]
fn what_has_expired_is_dropped_although_nobody_asks_for_it() {
    let okta = org();
    attacker(&okta).attack(100, |number| match number % 3 {
        0 => Attack::BigState,
        1 => Attack::Links,
        _ => Attack::Jtis,
    });
    let before = okta.memory_use();
    okta.advance_clock(Duration::from_hours(1)).expect("later");
    let after = okta.memory_use();
    for name in ["sign_ins", "links", "used_jtis"] {
        assert!(store(&before, name).entries > 10, "{before:?}");
        assert_eq!(store(&after, name).entries, 0, "{after:?}");
    }
    assert!(after.used_bytes < before.used_bytes);
}

#[test]
fn a_reset_forgets_everything_and_counts_anew() {
    let okta = org();
    attacker(&okta).attack(1500, |_| Attack::BigState);
    assert!(okta.memory_use().evictions > 0);
    okta.reset();
    let memory = okta.memory_use();
    assert_eq!((memory.used_bytes, memory.evictions), (0, 0), "{memory:?}");
}

/// Real memory, seen from outside, is the matter of the test of the released server. This one is about the figures that the
/// org tells of itself.
#[test]
fn health_tells_how_much_is_kept() {
    let okta = org();
    let mut attacker = attacker(&okta);
    attacker.attack(50, |_| Attack::Codes);
    let health = attacker.health();
    let memory = &health["memory"];
    assert_eq!(memory["budget_bytes"], BUDGET);
    assert_eq!(memory["evictions"], 0);
    assert!(
        memory["used_bytes"]
            .as_u64()
            .is_some_and(|used| used > 50 * 2048)
    );
    let stores = memory["stores"].as_array().expect("a list");
    let codes = stores.iter().find(|store| store["name"] == "codes");
    let entries = codes.and_then(|codes| codes["entries"].as_u64());
    assert!(entries.is_some_and(|entries| entries >= 50), "{memory}");
}
