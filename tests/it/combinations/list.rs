//! Which descriptions are tried.

use std::collections::BTreeSet;

use harness::requirement::Profile;
use harness::scenario::model::Edition;

use super::described::{Agent, App, Combination, Mode, Section, Without};

const MODES: [Mode; 11] = [
    Mode::Control,
    Mode::Page,
    Mode::Allowed,
    Mode::Refresh,
    Mode::Rotating,
    Mode::Given,
    Mode::GivenBoth,
    Mode::Nobody,
    Mode::Cache,
    Mode::Browser,
    Mode::Session,
];
const AGENTS: [Agent; 5] = [
    Agent::Rs256,
    Agent::Es256,
    Agent::Basic,
    Agent::Post,
    Agent::Public,
];
const APPS: [App; 4] = [App::Both, App::Basic, App::Post, App::Es256];
const PROFILES: [&[Profile]; 4] = [
    &[Profile::Okta, Profile::McpEma],
    &[Profile::Okta],
    &[Profile::McpEma],
    &[],
];
const NEWER: Edition = Edition::E2026_10;
const OLDER: Edition = Edition::E2025_10;

/// Which profiles come first in each mode, and whose row follows the older edition, so that all pairs occur.
const FIRST_PROFILES: [usize; 11] = [0, 2, 0, 1, 3, 1, 3, 2, 0, 1, 2];
const OLDER_ROW: [usize; 11] = [1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1];

/// One entry of the target file that is left out, in a mode in which much needs it.
const ONE_MISSING: [(Mode, Section, &str); 32] = {
    use {Mode as M, Section as S};
    [
        (M::Page, S::Consent, "page"),
        (M::GivenBoth, S::Server, "custom_as"),
        (M::Page, S::Server, "other_custom_as"),
        (M::GivenBoth, S::Server, "dormant_custom_as"),
        (M::Rotating, S::Server, "unconnected_custom_as"),
        (M::GivenBoth, S::Fact, "audience"),
        (M::GivenBoth, S::Fact, "resource"),
        (M::GivenBoth, S::Fact, "scope"),
        (M::GivenBoth, S::Fact, "one_scope"),
        (M::GivenBoth, S::Fact, "ungranted_scope"),
        (M::GivenBoth, S::Fact, "forbidden_scope"),
        (M::GivenBoth, S::Fact, "api"),
        (M::GivenBoth, S::Fact, "api_needs_scope"),
        (M::Page, S::Client, "other_agent"),
        (M::Refresh, S::Client, "inactive_agent"),
        (M::Page, S::Client, "web_app"),
        (M::Page, S::Client, "public_app"),
        (M::Given, S::Client, "service_app"),
        (M::Page, S::Client, "app_without_pkce"),
        (M::Page, S::User, "grace"),
        (M::Page, S::User, "mallory"),
        (M::Page, S::Password, "ada"),
        (M::Page, S::Password, "grace"),
        (M::GivenBoth, S::Resource, "secret"),
        (M::Refresh, S::Resource, "other_secret"),
        (M::GivenBoth, S::Resource, "dormant_secret"),
        (M::GivenBoth, S::Resource, "service_account"),
        (M::GivenBoth, S::Resource, "resource_server"),
        (M::Given, S::Resource, "dormant_resource_server"),
        (M::Control, S::Resource, "shared_resource_server"),
        (M::Session, S::Password, "grace"),
        (M::Browser, S::User, "ada"),
    ]
};

/// Whole descriptions: every pair of a mode, an authentication of the agent, one of the app, an edition and profiles that
/// can occur does.
fn grid() -> Vec<Combination> {
    let mut grid = Vec::new();
    for (index, mode) in MODES.into_iter().enumerate() {
        for (row, agent) in AGENTS.into_iter().enumerate() {
            grid.push(Combination {
                mode,
                agent,
                app: APPS[(row + index) % APPS.len()],
                without: Without::Nothing,
                edition: if OLDER_ROW[index] == row {
                    OLDER
                } else {
                    NEWER
                },
                profiles: PROFILES[(row + FIRST_PROFILES[index]) % PROFILES.len()],
            });
        }
    }
    grid
}

/// All of them.
pub fn all() -> Vec<Combination> {
    let usual = |mode, without, index: usize| Combination {
        mode,
        agent: Agent::Rs256,
        app: App::Both,
        without,
        edition: if index % 3 == 2 { OLDER } else { NEWER },
        profiles: PROFILES[index % PROFILES.len()],
    };
    let missing = ONE_MISSING.iter().enumerate();
    let missing = missing
        .map(|(index, &(mode, section, name))| usual(mode, Without::One(section, name), index));
    let nothing = MODES
        .into_iter()
        .map(|mode| usual(mode, Without::Everything, 0));
    grid().into_iter().chain(missing).chain(nothing).collect()
}

/// One whole description of each mode, in the newer edition.
pub fn one_of_each_mode() -> Vec<Combination> {
    let mut grid = grid();
    grid.retain(|one| one.edition == NEWER);
    grid.dedup_by_key(|one| one.mode);
    grid
}

#[test]
fn all_pairs_occur_that_can() {
    let values = |one: &Combination| {
        [
            format!("{:?}", one.mode),
            format!("agent {:?}", one.agent),
            format!("app {:?}", one.app),
            one.edition.to_string(),
            format!("{:?}", one.profiles),
        ]
    };
    let grid = grid();
    let mut pairs = BTreeSet::new();
    for one in &grid {
        let values = values(one);
        for (index, value) in values.iter().enumerate() {
            pairs.extend(
                values[index + 1..]
                    .iter()
                    .map(|other| (value.clone(), other.clone())),
            );
        }
    }
    // Two by two: modes, agents, apps, editions, profiles. In the older edition an agent has a key.
    let sizes = [11, 5, 4, 2, 4];
    let possible: usize = (0..sizes.len())
        .flat_map(|one| (one + 1..sizes.len()).map(move |other| sizes[one] * sizes[other]))
        .sum();
    assert_eq!(pairs.len(), possible - 3);
}
