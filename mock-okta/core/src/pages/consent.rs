//! A third party's consent page, played by the mock, and what follows it.

use maud::html;

use super::frame::page;

/// The form with one field `decision` (`allow` or `deny`), posted to the address of the page.
pub fn consent(provider: &str, agent: &str, user: &str, scopes: &[String]) -> String {
    let content = html! {
        p { strong { (agent) } " wants to use your account at " (provider) "." }
        dl { dt { "Signed in as" } dd { (user) } }
        @if scopes.is_empty() {
            p { "It asks for no particular scope." }
        } @else {
            p #scopes { "It asks for:" }
            ul aria-labelledby="scopes" { @for scope in scopes { li { code { (scope) } } } }
        }
        form method="post" {
            div .two {
                button type="submit" name="decision" value="allow" { "Allow" }
                button .plain type="submit" name="decision" value="deny" { "Refuse" }
            }
        }
    };
    page(provider, &format!("Allow {agent}?"), &content)
}

/// Where the browser ends up once the user has decided.
pub fn closed(org_name: &str, provider: &str, agent: &str, allowed: bool) -> String {
    let (title, sentence) = if allowed {
        ("Connected", "may now use your account at")
    } else {
        ("Not connected", "may not use your account at")
    };
    let content = html! {
        p { strong { (agent) } " " (sentence) " " (provider) "." }
        p { "You may close this window." }
    };
    page(org_name, title, &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_who_wants_what_of_whom() {
        let scopes = ["read".to_owned(), "resource".to_owned()];
        let page = consent(
            "Issue Tracker",
            "Chat assistant",
            "ada@example.com",
            &scopes,
        );
        let (_, body) = page.split_once("</head>").expect("a head");
        insta::assert_snapshot!(body.replace("><", ">\n<"));
    }

    #[test]
    fn the_end_tells_what_was_decided() {
        let end = |allowed| closed("Mock Okta", "Issue Tracker", "Chat assistant", allowed);
        assert!(end(true).contains("may now use"));
        assert!(end(false).contains("may not use"));
        for allowed in [true, false] {
            assert!(end(allowed).contains("You may close this window."));
        }
    }
}
