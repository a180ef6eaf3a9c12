//! The description of each variation.

use std::collections::BTreeSet;

use mock_okta_core::Variation;

#[test]
fn every_variation_says_what_it_does_and_what_allows_it() {
    let mut wrong = Vec::new();
    for one in Variation::ALL {
        for text in [one.summary(), one.reason()] {
            let sentence =
                text.ends_with('.') && text.chars().next().is_some_and(char::is_alphanumeric);
            if !sentence {
                wrong.push(format!("{one}: {text}"));
            }
        }
        for part in one.source().split("; ") {
            let document = ["RFC ", "OIDC ", "ID-JAG -04"];
            let named = document.iter().any(|known| part.starts_with(known));
            if !named || !(part.contains('§') || part.contains("App.")) {
                wrong.push(format!("{one}: {part} is no document and section"));
            }
        }
        let profiles = one.profiles();
        let known = ["base", "okta", "mcp-ema"];
        if profiles.first() != Some(&"base") || !profiles.iter().all(|name| known.contains(name)) {
            wrong.push(format!("{one}: {profiles:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ids_are_told_apart_and_made_of_words() {
    let ids: BTreeSet<String> = Variation::ALL.iter().map(|one| one.id()).collect();
    assert_eq!(ids.len(), Variation::ALL.len());
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '/';
    for id in &ids {
        assert!(id.starts_with("vary/") && id.chars().all(plain), "{id}");
    }
    assert!(ids.len() >= 75);
}
