//! What public sources leave open: every such point is a switch here, with its question, its default and where
//! the default was read. Nowhere else does the mock guess.
//!
//! An [`Edition`] bundles defaults: the guide of 2025-10 and the one of 2026-10 differ in more than one point.

mod edition;
mod open_questions;
pub mod switches;
mod table;

pub use edition::Edition;
pub use open_questions::{OpenQuestion, WITHOUT_SWITCH};
pub use switches::*;

use strict_yaml::did_you_mean;

/// One open point, as printed by `mock-okta behaviours`.
#[derive(Debug, Clone, Copy)]
pub struct Switch {
    /// Name in the configuration.
    pub name: &'static str,
    /// What is open.
    pub question: &'static str,
    /// Values that may be chosen.
    pub choices: &'static [&'static str],
    /// What each of them means, in the same order.
    pub meanings: &'static [&'static str],
    /// Value when nothing is chosen (edition 2026-10).
    pub default: &'static str,
    /// Where the default was read.
    pub source: &'static str,
}

/// A switch and the position that it is set to. Each position of a switch converts into one, so a wrong name or value does
/// not compile: `Setting::from(ActorToken::Refuse)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    name: &'static str,
    value: &'static str,
}

impl Setting {
    /// Name of the switch in the configuration.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The value chosen.
    pub const fn value(self) -> &'static str {
        self.value
    }
}

/// A setting that is not one of a switch's choices, or a switch that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BehaviourError {
    /// No such switch.
    #[error("there is no behaviour {}", unknown(.0))]
    UnknownSwitch(String),
    /// Not a choice of this switch.
    #[error("behaviour `{name}` cannot be `{value}`: expected one of {}", choices.join(", "))]
    UnknownChoice {
        /// The switch.
        name: &'static str,
        /// What was asked for.
        value: String,
        /// What it can be.
        choices: &'static [&'static str],
    },
}

/// The name, and the one that was probably meant, or all of them.
fn unknown(name: &str) -> String {
    let names = || Behaviours::SWITCHES.iter().map(|switch| switch.name);
    match did_you_mean(name, names()) {
        Some(near) => format!("`{name}`; did you mean `{near}`?"),
        None => format!(
            "`{name}`; expected one of {}",
            names().collect::<Vec<_>>().join(", ")
        ),
    }
}

impl Behaviours {
    /// The defaults of an edition.
    pub const fn of(edition: Edition) -> Self {
        let mut all = Self::plain();
        all.edition = edition;
        if matches!(edition, Edition::E2025_10) {
            all.user_sign_in = UserSignIn::LinkedApp;
            all.agent_client_authentication = AgentClientAuthentication::PrivateKeyJwt;
            all.subject_token_issuer = SubjectTokenIssuer::Org;
            all.id_jag_response_scope = IdJagResponseScope::Echo;
        }
        all
    }

    /// [`FutureSkew`] in seconds.
    pub const fn future_skew_seconds(&self) -> i64 {
        match self.future_skew {
            FutureSkew::Zero => 0,
            FutureSkew::Five => 5,
            FutureSkew::Sixty => 60,
        }
    }

    /// [`PastSkew`] in seconds.
    pub const fn past_skew_seconds(&self) -> i64 {
        match self.past_skew {
            PastSkew::Zero => 0,
            PastSkew::Five => 5,
            PastSkew::Sixty => 60,
        }
    }

    /// [`JwksUriCache`] in seconds.
    pub const fn jwks_uri_cache_seconds(&self) -> i64 {
        match self.jwks_uri_cache {
            JwksUriCache::Hour => 3600,
            JwksUriCache::None => 0,
        }
    }

    /// [`CodeLifetime`] in seconds.
    pub const fn code_lifetime_seconds(&self) -> i64 {
        match self.code_lifetime {
            CodeLifetime::Seconds300 => 300,
            CodeLifetime::Seconds60 => 60,
        }
    }
}

impl Default for Behaviours {
    fn default() -> Self {
        Self::of(Edition::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_can_be_turned_to_each_of_its_choices() {
        for switch in Behaviours::SWITCHES {
            assert_eq!(
                Behaviours::default().get(switch.name),
                Some(switch.default),
                "{}",
                switch.name
            );
            for choice in switch.choices {
                let mut all = Behaviours::default();
                all.set(switch.name, choice).expect("a listed choice");
                assert_eq!(all.get(switch.name), Some(*choice), "{}", switch.name);
            }
        }
    }

    #[test]
    fn a_position_converts_into_its_name_and_value() {
        let setting = Setting::from(UserSignIn::LinkedApp);
        let mut all = Behaviours::default();
        all.set(setting.name(), setting.value()).expect("a choice");
        assert_eq!(all.user_sign_in, UserSignIn::LinkedApp);
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_right_ones() {
        let error = |name: &str| {
            let mut all = Behaviours::default();
            all.set(name, "refuse")
                .expect_err("no such switch")
                .to_string()
        };
        assert!(error("actor_tokn").ends_with("; did you mean `actor_token`?"));
        let listed = error("telepathy");
        let mut names = Behaviours::SWITCHES.iter().map(|switch| switch.name);
        assert!(names.all(|name| listed.contains(name)), "{listed}");
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        let mut all = Behaviours::default();
        assert_eq!(
            all.set("telepathy", "on"),
            Err(BehaviourError::UnknownSwitch("telepathy".to_owned()))
        );
        assert!(matches!(
            all.set("actor_token", "perhaps"),
            Err(BehaviourError::UnknownChoice {
                name: "actor_token",
                ..
            })
        ));
    }

    #[test]
    fn editions_differ_where_the_guides_do() {
        let (old, new) = (
            Behaviours::of(Edition::E2025_10),
            Behaviours::of(Edition::E2026_10),
        );
        assert_eq!(old.user_sign_in, UserSignIn::LinkedApp);
        assert_eq!(new.user_sign_in, UserSignIn::Agent);
        assert_eq!(old.id_jag_response_scope, IdJagResponseScope::Echo);
    }
}
