//! Which profiles of the protocol a target is judged by. Where two contradict each other, one of them judges.

use std::collections::BTreeSet;
use std::fmt;

use super::{Catalogue, Profile, Requirement, RequirementId};

/// The chosen profiles. `base` is always among them: the others build on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profiles(BTreeSet<Profile>);

impl Profiles {
    /// Those that can be chosen; the others name flows that are not tested yet.
    pub const CHOICE: [(&'static str, Profile); 3] = [
        (Profile::Base.as_str(), Profile::Base),
        (Profile::Okta.as_str(), Profile::Okta),
        (Profile::McpEma.as_str(), Profile::McpEma),
    ];

    /// `base` and these.
    #[must_use]
    pub fn of(chosen: impl IntoIterator<Item = Profile>) -> Self {
        Self(chosen.into_iter().chain([Profile::Base]).collect())
    }

    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = Profile> {
        self.0.iter().copied()
    }

    /// Whether a profile is among them.
    #[must_use]
    pub fn has(&self, profile: Profile) -> bool {
        self.0.contains(&profile)
    }

    /// Why a requirement is not judged here; `None` when it is.
    #[must_use]
    pub fn sets_aside(&self, requirement: &Requirement) -> Option<SetAside> {
        let is_built = |profile: &Profile| Self::CHOICE.iter().any(|(_, choice)| choice == profile);
        let profiles: Vec<Profile> = requirement.levels.iter().map(|one| one.profile).collect();
        if !profiles
            .iter()
            .any(|profile| self.has(*profile) && is_built(profile))
        {
            let choosable = profiles.iter().copied().find(is_built);
            return Some(match choosable {
                Some(profile) => SetAside::NotChosen(profile),
                None => SetAside::NotBuilt(requirement.demand.profile),
            });
        }
        let yields = requirement.yields_to.as_ref()?;
        let profile = yields.under.iter().find(|profile| self.has(**profile))?;
        Some(SetAside::Yields(*profile, yields.to.clone()))
    }

    /// Why a check does not judge: it rests on a requirement that is set aside. A check that cites several judges only
    /// if all of them do, because it cannot be said which of them a different answer would break.
    #[must_use]
    pub fn sets_aside_any<'r>(
        &self,
        cited: impl IntoIterator<Item = &'r RequirementId>,
        catalogue: &Catalogue,
    ) -> Option<SetAside> {
        cited
            .into_iter()
            .filter_map(|id| catalogue.get(id.as_str()))
            .find_map(|requirement| self.sets_aside(requirement))
    }
}

/// All that can be chosen: what Okta's guide says, and what MCP adds to it.
impl Default for Profiles {
    fn default() -> Self {
        Self::of(Self::CHOICE.map(|(_, profile)| profile))
    }
}

/// Joined by commas.
impl fmt::Display for Profiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Profile::as_str).collect();
        f.write_str(&names.join(", "))
    }
}

/// Why a requirement is not judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetAside {
    /// Its profile is not tested yet.
    NotBuilt(Profile),
    /// The target does not choose its profile.
    NotChosen(Profile),
    /// It contradicts a requirement of a chosen profile, which is judged instead.
    Yields(Profile, RequirementId),
}

impl SetAside {
    /// What would make it judge.
    #[must_use]
    pub fn cure(&self) -> String {
        match self {
            Self::NotBuilt(profile) => format!("nothing: profile {profile} is not tested yet"),
            Self::NotChosen(profile) => {
                format!("add {profile} to `profiles` in the target file")
            }
            Self::Yields(profile, _) => {
                format!("choose `profiles` without {profile} in the target file")
            }
        }
    }
}

impl fmt::Display for SetAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBuilt(profile) => write!(f, "profile {profile} is not tested yet"),
            Self::NotChosen(profile) => write!(f, "profile {profile} is not chosen"),
            Self::Yields(profile, id) => {
                write!(f, "`{id}` of profile {profile} is judged instead")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(profiles: &Profiles, id: &str) -> Option<String> {
        let requirement = Catalogue::embedded().get(id).unwrap();
        profiles.sets_aside(requirement).map(|why| why.to_string())
    }

    #[test]
    fn of_two_that_contradict_each_other_one_judges() {
        let (all, base, okta) = (
            Profiles::default(),
            Profiles::of([]),
            Profiles::of([Profile::Okta]),
        );
        for (special, general, without, instead) in [
            (
                "redeem.replay-ema",
                "redeem.resubmit-base",
                [&base, &okta].as_slice(),
                "`redeem.replay-ema` of profile mcp-ema is judged instead",
            ),
            (
                "clientauth.aud-token-endpoint",
                "clientauth.aud-issuer-only",
                [&base].as_slice(),
                "`clientauth.aud-token-endpoint` of profile okta is judged instead",
            ),
        ] {
            assert_eq!(sentence(&all, special), None);
            assert_eq!(sentence(&all, general).as_deref(), Some(instead));
            for profiles in without {
                assert!(
                    sentence(profiles, special)
                        .unwrap()
                        .ends_with("is not chosen")
                );
                assert_eq!(sentence(profiles, general), None);
            }
        }
    }

    #[test]
    fn base_is_always_judged_and_what_is_not_built_never() {
        assert_eq!(sentence(&Profiles::of([]), "idjag.typ"), None);
        assert_eq!(Profiles::of([Profile::McpEma]).to_string(), "base, mcp-ema");
        let all = Profiles::of(Profile::ALL.iter().map(|(_, profile)| *profile));
        assert_eq!(
            sentence(&all, "rs.dpop").as_deref(),
            Some("profile dpop is not tested yet")
        );
    }

    #[test]
    fn a_check_judges_only_if_all_that_it_cites_is_judged() {
        let id = RequirementId::new;
        let catalogue = Catalogue::embedded();
        let base = Profiles::of([]);
        let cited = [id("token.error-status-400"), id("redeem.replay-ema")];
        let why = base.sets_aside_any(&cited, catalogue).unwrap();
        assert_eq!(why, SetAside::NotChosen(Profile::McpEma));
        assert_eq!(base.sets_aside_any(&cited[..1], catalogue), None);
        assert!(why.cure().contains("mcp-ema"), "{}", why.cure());
    }
}
