//! `mock-okta calibrate`: an org with one switch turned is recorded, and this position is proposed and no other.

use std::collections::BTreeSet;

use harness::scenario::Scenario;
use mock_okta::calibrate::{Observed, Seen, calibrate};
use mock_okta::{Behaviours, MockOkta};

use crate::recordings::recorded;
use crate::support::harness_run::scenarios;

/// Positions that answer everything that the suite asks as another position does, with the reason.
const ALIKE: [(&str, &str, &str); 6] = [
    (
        "client_assertion_audience",
        "endpoint_or_token_endpoint",
        "the suite asks other endpoints with their own address",
    ),
    (
        "client_assertion_kid",
        "optional",
        "the agent of the suite has one key",
    ),
    (
        "authorize_error",
        "page",
        "the suite asks as a browser does",
    ),
    (
        "actor_chain",
        "agent_only",
        "in the newest edition the agent signs the user in itself",
    ),
    (
        "user_sign_in",
        "linked_app",
        "who signs the user in follows from the edition of the run",
    ),
    (
        "id_jag_email",
        "always",
        "every sign-in of the suite asks for email",
    ),
];

/// Switches of which only other runs show something, with the reason.
const OTHER_RUNS: [(&str, &str); 1] = [(
    "session_token",
    "the suite signs users in on the page unless the target file says otherwise",
)];

/// Cases that say something of a switch.
const CASES: [&str; 31] = [
    "authorization-server/exchange-parameters/actor-token-of-nobody",
    "authorization-server/exchange-parameters/audience-missing",
    "authorization-server/exchange-parameters/json",
    "authorization-server/exchange-scope/missing",
    "authorization-server/exchange-signed/expired",
    "authorization-server/exchange-subject/user-suspended",
    "authorization-server/exchange-target/two-audiences",
    "authorization-server/exchange-types/at-custom-as",
    "authorization-server/redeem-names-resource",
    "authorization-server/redeem-token/id-token",
    "authorization-server/redeem/replayed",
    "authorization-server/redeem/scope-beyond-policy",
    "authorization-server/redeem/scope-repeated",
    "authorization-server/resource/redeemed-without-its-resource",
    "authorization-server/whole-flow",
    "client-authentication/private-key-jwt-org/aud-is-issuer",
    "client-authentication/private-key-jwt-org/aud-list-of-one",
    "client-authentication/private-key-jwt-org/jti-missing",
    "client-authentication/private-key-jwt-org/kid-missing",
    "client-authentication/private-key-jwt-org/unknown-client",
    "client-authentication/secret-basic/wrong-secret",
    "metadata/custom-as",
    "metadata/org",
    "metadata/org-oauth",
    "resource-server/whole-flow",
    "secret/whole-flow",
    "sign-in/authorize-parameters/response-mode-post-message",
    "sign-in/authorize-refusals/unknown-client",
    "sign-in/code-flow",
    "sign-in/redeem-code/used-twice",
    "sign-in/refresh",
];

/// These cases with the request that each varies.
fn chosen() -> Vec<Scenario> {
    let cases: BTreeSet<&str> = CASES.into();
    let mut chosen = scenarios().to_vec();
    chosen.retain_mut(|scenario| {
        let id = scenario.id.clone();
        let is_wanted = |case: &str| cases.contains(format!("{id}/{case}").as_str());
        scenario.cases.retain(|case| is_wanted(&case.id));
        !scenario.cases.is_empty() || cases.contains(id.as_str())
    });
    chosen
}

fn observed(turn: Option<(&str, &str)>) -> Vec<Observed> {
    observed_in(turn, chosen())
}

fn observed_in(turn: Option<(&str, &str)>, scenarios: Vec<Scenario>) -> Vec<Observed> {
    let builder = MockOkta::builder();
    let builder = match turn {
        // So many that no run waits for the next minute.
        Some(("rate_limits", position)) => builder
            .behaviour("rate_limits", position)
            .rate_limit(1_000_000),
        Some((name, position)) => builder.behaviour(name, position),
        None => builder,
    };
    let (_, recording) = recorded(builder, scenarios);
    let calibration = calibrate(&recording).expect("a recording");
    assert!(!calibration.is_cut);
    calibration.switches
}

fn proposals(rows: &[Observed]) -> Vec<(&'static str, &'static str)> {
    let proposed = rows.iter();
    proposed
        .filter_map(|row| Some((row.switch, row.proposal()?)))
        .collect()
}

#[test]
fn each_position_that_can_be_seen_is_proposed_and_no_other() {
    let usual = observed(None);
    assert_eq!(proposals(&usual), []);
    let contradictory = |rows: &[Observed]| {
        let rows = rows.iter().filter(|row| row.seen == Seen::Contradictory);
        rows.map(|row| row.switch).collect::<Vec<_>>()
    };
    assert_eq!(contradictory(&usual), [""; 0]);
    let is_seen = |row: &&Observed| matches!(row.seen, Seen::Possible(_));
    let visible: BTreeSet<&str> = usual.iter().filter(is_seen).map(|row| row.switch).collect();
    let of_other_runs = |name: &str| OTHER_RUNS.iter().any(|(other, _)| *other == name);
    let unseen = |row: &&Observed| row.seen == Seen::Unknown(None) && !of_other_runs(row.switch);
    let unseen: Vec<_> = usual.iter().filter(unseen).map(|row| row.switch).collect();
    assert!(unseen.is_empty(), "a rule that sees nothing: {unseen:?}");

    let mut wrong = Vec::new();
    for switch in Behaviours::SWITCHES {
        if !visible.contains(switch.name) {
            continue;
        }
        let others = switch.choices.iter();
        for position in others.filter(|choice| **choice != switch.default) {
            let rows = observed(Some((switch.name, position)));
            let is_alike = ALIKE
                .iter()
                .any(|(name, alike, _)| (name, alike) == (&switch.name, position));
            let expected = if is_alike {
                vec![]
            } else {
                vec![(switch.name, *position)]
            };
            let found = proposals(&rows);
            if found != expected || !contradictory(&rows).is_empty() {
                let odd = contradictory(&rows);
                wrong.push(format!("{}={position}: {found:?}, {odd:?}", switch.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Several scenarios suspend a user, at different steps: all of them say the same of the switch.
#[test]
fn every_case_of_a_suspended_user_shows_the_same() {
    for (position, proposal) in [("checked", None), ("unchecked", Some("unchecked"))] {
        let mut suspending = scenarios().to_vec();
        suspending.retain_mut(|scenario| {
            scenario.cases.retain(|case| case.id == "user-suspended");
            !scenario.cases.is_empty()
        });
        assert!(suspending.len() > 1);
        let rows = observed_in(Some(("subject_token_user", position)), suspending);
        let row = rows.iter().find(|row| row.switch == "subject_token_user");
        let row = row.expect("a row");
        assert_eq!(row.seen, Seen::Possible(vec![position]), "{row:?}");
        assert_eq!(row.proposal(), proposal);
        assert!(row.exchanges > 1, "{row:?}");
    }
}
