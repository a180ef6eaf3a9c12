//! Changes of redirects back to the client.

#![deny(clippy::wildcard_enum_match_arm)]

/// What is different in the address that the browser is sent to.
#[derive(Debug, Clone, Copy)]
pub(super) enum RedirectChange {
    /// It lacks the `state`.
    StateMissing,
    /// It has another `state`.
    StateOther,
    /// Its parameters are in the fragment.
    InFragment,
}

/// Changes the address that the browser is sent to.
pub(super) fn apply(change: RedirectChange, location: &mut String) {
    *location = match change {
        RedirectChange::StateMissing => edited(location, |_| None),
        RedirectChange::StateOther => edited(location, |_| Some("another-state".to_owned())),
        RedirectChange::InFragment => location.replacen('?', "#", 1),
    };
}

/// The address with another `state`, or without one.
fn edited(location: &str, state: fn(&str) -> Option<String>) -> String {
    let Some((uri, query)) = location.split_once('?') else {
        return location.to_owned();
    };
    let pairs = form_urlencoded::parse(query.as_bytes()).filter_map(|(name, value)| {
        let value = if name == "state" {
            state(&value)?
        } else {
            value.into_owned()
        };
        Some((name.into_owned(), value))
    });
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("{uri}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_state_is_touched() {
        let mut location = "https://a/cb?x=1&code=a+b&state=s".to_owned();
        apply(RedirectChange::StateOther, &mut location);
        assert_eq!(location, "https://a/cb?x=1&code=a+b&state=another-state");
        apply(RedirectChange::StateMissing, &mut location);
        assert_eq!(location, "https://a/cb?x=1&code=a+b");
    }
}
