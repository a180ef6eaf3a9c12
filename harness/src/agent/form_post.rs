//! The authorization response as a form that the browser posts to the client (OAuth 2.0 Form Post Response Mode), as many web
//! frameworks ask for it.

/// The address of such a form with its members as query, so that it reads like a redirect; `None` for another page.
pub(super) fn as_redirect(page: &str) -> Option<String> {
    let (_, form) = page.split_once("<form ")?;
    let (form, _) = form.split_once("</form>")?;
    let (head, inputs) = form.split_once('>')?;
    let action = attribute(head, "action")?;
    let mut members = form_urlencoded::Serializer::new(String::new());
    for input in inputs.split("<input ").skip(1) {
        let (input, _) = input.split_once('>')?;
        if attribute(input, "type").as_deref() == Some("hidden") {
            members.append_pair(&attribute(input, "name")?, &attribute(input, "value")?);
        }
    }
    let separator = if action.contains('?') { '&' } else { '?' };
    Some(format!("{action}{separator}{}", members.finish()))
}

/// The members of a redirect that are posted to the redirect URI instead.
pub(super) fn members(location: &str, redirect_uri: &str) -> Vec<(String, String)> {
    let rest = location.strip_prefix(redirect_uri).unwrap_or_default();
    let query = rest.trim_start_matches(['?', '&']);
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// The value of an attribute, without its character references.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let plain = value
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    // Last, so that nothing is replaced twice.
    Some(plain.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<p>Back</p><form method="post" action="http://127.0.0.1:9/cb?a=1&amp;b=2"><input type="hidden" name="code" value="x&amp;y&quot;"><input type="hidden" name="state" value="s"><button type="submit">Continue</button></form>"#;

    #[test]
    fn a_form_reads_like_a_redirect() {
        let location = as_redirect(PAGE).expect("a form");
        assert_eq!(
            location,
            "http://127.0.0.1:9/cb?a=1&b=2&code=x%26y%22&state=s"
        );
        let expected = [("code", "x&y\""), ("state", "s")];
        let members = members(&location, "http://127.0.0.1:9/cb?a=1&b=2");
        let members: Vec<_> = members
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        assert_eq!(members, expected);
        assert_eq!(as_redirect("<p>nothing</p>"), None);
    }
}
