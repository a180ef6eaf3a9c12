//! Which variations an org has.

use std::fmt;

use strict_yaml::did_you_mean;

use super::Variation;

impl Variation {
    /// The id, such as `vary/json-members-reversed`.
    pub fn id(self) -> String {
        format!("vary/{}", self.name())
    }

    /// Reads an id.
    ///
    /// # Errors
    /// When no variation has the id, with the nearest one that exists.
    pub fn parse(id: &str) -> Result<Self, UnknownVariation> {
        let name = id.strip_prefix("vary/");
        let found = Self::ALL.iter().find(|one| Some(one.name()) == name);
        found.copied().ok_or_else(|| UnknownVariation {
            id: id.to_owned(),
            near: nearest(id),
        })
    }
}

/// The id.
impl fmt::Display for Variation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "vary/{}", self.name())
    }
}

fn nearest(id: &str) -> Option<String> {
    let known: Vec<String> = Variation::ALL.iter().map(|one| one.id()).collect();
    did_you_mean(id, known.iter().map(String::as_str)).map(str::to_owned)
}

/// There is no such variation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no variation `{id}`{}", .near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
pub struct UnknownVariation {
    /// As written.
    pub id: String,
    /// The nearest id that exists.
    pub near: Option<String>,
}

/// Two variations that cannot be on at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{one}` and `{other}` vary the same aspect, {}: only one of them can be on", one.aspect())]
pub struct VariationConflict {
    /// The first.
    pub one: Variation,
    /// The one that came after it.
    pub other: Variation,
}

/// The variations that an org has, at most one of each aspect. None, unless somebody asked for some.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Variations([u64; 3]);

impl Variations {
    /// These, in any order. One that is named twice counts once.
    ///
    /// # Errors
    /// When two of them vary the same aspect.
    pub fn new(wanted: impl IntoIterator<Item = Variation>) -> Result<Self, VariationConflict> {
        let mut all = Self::default();
        for other in wanted {
            let same = |one: &Variation| *one != other && one.aspect() == other.aspect();
            if let Some(one) = all.iter().find(same) {
                return Err(VariationConflict { one, other });
            }
            let (word, bit) = place(other);
            all.0[word] |= bit;
        }
        Ok(all)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == [0; 3]
    }

    /// Whether this one is on.
    pub fn has(self, variation: Variation) -> bool {
        let (word, bit) = place(variation);
        self.0[word] & bit != 0
    }

    /// Those that are on, in the order of [`Variation::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Variation> {
        let all = Variation::ALL.iter().copied();
        all.filter(move |one| self.has(*one))
    }
}

/// The word and the bit of a variation.
const fn place(variation: Variation) -> (usize, u64) {
    let index = variation as usize;
    (index / 64, 1 << (index % 64))
}

/// Every variation has a bit.
const _: () = assert!(Variation::ALL.len() <= 3 * 64, "a wider set is needed");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variation_is_found_by_its_id() {
        for variation in Variation::ALL {
            assert_eq!(Variation::parse(&variation.id()), Ok(*variation));
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_answered_with_the_right_id() {
        let error = Variation::parse("vary/json-members-revesed").expect_err("unknown");
        assert_eq!(
            error.to_string(),
            "there is no variation `vary/json-members-revesed`; did you mean `vary/json-members-reversed`?"
        );
    }

    #[test]
    fn two_variations_of_one_aspect_exclude_each_other() {
        let both = [Variation::JsonReversed, Variation::JsonSorted];
        let conflict = Variations::new(both).expect_err("a conflict");
        assert_eq!(
            conflict.to_string(),
            "`vary/json-members-reversed` and `vary/json-members-sorted` vary the same aspect, json-order: only one of \
             them can be on"
        );
        let twice = [Variation::JsonSorted, Variation::JsonSorted];
        assert_eq!(Variations::new(twice).expect("one").iter().count(), 1);
    }
}
