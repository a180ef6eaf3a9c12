//! Bends of redirects back to the client.

use super::Bend;

/// Bends the address that the browser is sent to.
pub(super) fn bend(bend: Bend, location: &mut String) {
    match bend {
        Bend::StateMissing | Bend::ErrorStateMissing => *location = edited(location, |_| None),
        Bend::StateOther => *location = edited(location, |_| Some("another-state".to_owned())),
        Bend::CodeFragment => *location = location.replacen('?', "#", 1),
        _ => {}
    }
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
        bend(Bend::StateOther, &mut location);
        assert_eq!(location, "https://a/cb?x=1&code=a+b&state=another-state");
        bend(Bend::StateMissing, &mut location);
        assert_eq!(location, "https://a/cb?x=1&code=a+b");
    }
}
