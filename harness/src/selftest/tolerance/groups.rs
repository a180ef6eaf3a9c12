//! Which variations an org can have at once.

use crate::selftest::control::Variation;

/// Parts variations into as few groups as their aspects allow: in no group are two of one aspect.
pub(super) fn groups(variations: Vec<Variation>) -> Vec<Vec<Variation>> {
    let mut groups: Vec<Vec<Variation>> = Vec::new();
    for variation in variations {
        let fits = |group: &&mut Vec<Variation>| {
            group.iter().all(|other| other.aspect != variation.aspect)
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(variation),
            None => groups.push(vec![variation]),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_groups_as_the_aspect_with_most_variations_needs() {
        let variation = |id: &str, aspect: &str| Variation {
            id: id.to_owned(),
            summary: String::new(),
            source: String::new(),
            reason: String::new(),
            profiles: std::collections::BTreeSet::new(),
            aspect: aspect.to_owned(),
        };
        let all = vec![
            variation("a1", "a"),
            variation("a2", "a"),
            variation("b1", "b"),
            variation("a3", "a"),
            variation("b2", "b"),
            variation("c1", "c"),
        ];
        let ids = |group: &Vec<Variation>| -> Vec<String> {
            group.iter().map(|one| one.id.clone()).collect()
        };
        let parted: Vec<_> = groups(all).iter().map(ids).collect();
        assert_eq!(
            parted,
            [vec!["a1", "b1", "c1"], vec!["a2", "b2"], vec!["a3"]]
        );
    }
}
