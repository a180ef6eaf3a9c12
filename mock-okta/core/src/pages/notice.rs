//! Pages that only tell: an authorization request that cannot be answered at its `redirect_uri`, and the end of a
//! session.

use maud::html;

use super::frame::page;

/// An authorization request was refused and no redirect can report it (RFC 6749 section 4.1.2.1).
///
/// `error` is the OAuth code, `description` a sentence for the developer.
pub fn authorize_error(org_name: &str, error: &str, description: &str) -> String {
    let content = html! {
        p .error role="alert" { (description) }
        dl { dt { "Error" } dd { code { (error) } } }
        p {
            "Go back to the app that sent you here and try again. If this page returns, the request of the app is at fault."
        }
    };
    page(org_name, "This request cannot be answered", &content)
}

/// The session has ended and the request named no address to return to.
pub fn signed_out(org_name: &str) -> String {
    let content = html! {
        p { "Your session at " (org_name) " has ended." }
        p { "You may close this window." }
    };
    page(org_name, "Signed out", &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_with_its_code() {
        let page = authorize_error(
            "Mock Okta",
            "invalid_request",
            "The 'redirect_uri' is not among <those> registered.",
        );
        assert!(page.contains("<code>invalid_request</code>"));
        assert!(page.contains("&lt;those&gt;"));
    }

    #[test]
    fn every_page_has_the_landmarks_and_one_heading() {
        for page in [
            authorize_error("Mock Okta", "invalid_request", "No."),
            signed_out("Mock Okta"),
        ] {
            for element in ["<header>", "<main>", "<footer>", "<h1>", "<title>"] {
                assert_eq!(page.matches(element).count(), 1, "{element} in {page}");
            }
        }
    }
}
