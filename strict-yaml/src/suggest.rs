//! Did you mean …?

/// The candidate nearest to `name`, if one is near enough to be a slip of the pen.
///
/// ```
/// assert_eq!(strict_yaml::did_you_mean("expct", ["expect", "save"]), Some("expect"));
/// assert_eq!(strict_yaml::did_you_mean("body", ["expect", "save"]), None);
/// ```
pub fn did_you_mean<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    // Nobody mistypes a name this long; and the distance takes time proportional to both lengths.
    const LONGEST: usize = 100;
    if name.len() > LONGEST {
        return None;
    }
    let plain = |text: &str| text.to_lowercase().replace(['-', '.', ' '], "_");
    let wanted = plain(name);
    let allowed = (wanted.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST && *candidate != name)
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&wanted, &plain(candidate)),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_separators_do_not_count() {
        assert_eq!(
            did_you_mean("subjectToken", ["subject_token"]),
            Some("subject_token")
        );
        assert_eq!(
            did_you_mean("Subject-Token", ["subject_token"]),
            Some("subject_token")
        );
    }

    #[test]
    fn the_nearest_wins() {
        assert_eq!(
            did_you_mean("claim", ["claims_of", "claims"]),
            Some("claims")
        );
    }

    #[test]
    fn short_names_need_to_be_close() {
        assert_eq!(did_you_mean("as", ["id"]), None);
        assert_eq!(did_you_mean("ic", ["id"]), Some("id"));
    }
}
