//! The org's sign-in page.

use maud::html;

use super::frame::page;

/// The form that asks for `username` and `password`, posted to the address of the page.
///
/// `login` fills the first field: the request's `login_hint`, or what was typed before `error` came.
pub fn sign_in(org_name: &str, app_name: &str, error: Option<&str>, login: Option<&str>) -> String {
    let login = login.unwrap_or_default();
    // Whoever need not type the name again goes on with the password.
    let known = !login.is_empty();
    let content = html! {
        p { "to continue to " strong { (app_name) } }
        @if let Some(error) = error {
            p #error .error role="alert" { (error) }
        }
        form method="post" {
            label for="username" { "User name" }
            input #username name="username" type="text" value=(login) autocomplete="username" autocapitalize="none"
                spellcheck="false" required autofocus[!known]
                aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| "error")];
            label for="password" { "Password" }
            input #password name="password" type="password" autocomplete="current-password" required autofocus[known]
                aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| "error")];
            button type="submit" { "Sign in" }
        }
    };
    page(org_name, "Sign in", &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page() {
        insta::assert_snapshot!(body(&sign_in("Mock Okta", "Chat portal", None, None)));
    }

    #[test]
    fn after_a_wrong_password() {
        insta::assert_snapshot!(body(&sign_in(
            "Mock Okta",
            "Chat portal",
            Some("User name or password is wrong."),
            Some("ada@example.com")
        )));
    }

    #[test]
    fn what_others_wrote_is_text() {
        let page = sign_in(
            "<b>org</b>",
            "\"><script>",
            Some("<i>"),
            Some("\" onfocus=\"x"),
        );
        for raw in ["<b>", "<script>", "<i>", "\" onfocus"] {
            assert!(!page.contains(raw), "{raw} in {page}");
        }
    }

    fn body(page: &str) -> String {
        let (_, body) = page.split_once("</head>").expect("a head");
        body.replace("><", ">\n<")
    }
}
