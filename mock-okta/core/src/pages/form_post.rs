//! The answer to an authorization request as a form that the browser posts to the client.

use maud::html;

use super::frame::page;

/// A form with the answer's members. A page of the mock runs no script, so the user presses the button.
pub fn form_post(org_name: &str, redirect_uri: &str, members: &[(&str, &str)]) -> String {
    let content = html! {
        form method="post" action=(redirect_uri) {
            @for (name, value) in members {
                input type="hidden" name=(name) value=(value);
            }
            button type="submit" autofocus { "Continue" }
        }
    };
    page(org_name, "Back to the app", &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_are_hidden_fields_and_nothing_of_them_is_markup() {
        let members = [("code", "a\"><script>"), ("state", "s")];
        let page = form_post("Mock Okta", "https://app.example/cb", &members);
        assert!(page.contains(r#"action="https://app.example/cb""#));
        assert!(page.contains(r#"name="state" value="s""#));
        assert!(!page.contains("<script"));
    }
}
