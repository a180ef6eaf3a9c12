//! The answer to an authorization request as a message to the page that opened this one, in a frame or in a window
//! (`response_mode=okta_post_message`). It is how a single-page app renews its tokens while the browser is signed in.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, PreEscaped, html};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Hands the members to the opener or the parent, to pages of the named origin only.
const SCRIPT: &str = "const{message,origin}=document.body.dataset;\
(window.opener||window.parent).postMessage(JSON.parse(message),origin)";

/// A page that hands the answer's members to a page of this origin.
pub fn post_message(org_name: &str, origin: &str, members: &[(&str, &str)]) -> String {
    let members: Map<String, Value> = members
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
        .collect();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Back to the app · " (org_name) }
            }
            body data-origin=(origin) data-message=(Value::Object(members)) {
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
    .into_string()
}

/// `Content-Security-Policy` of that page: its own script, known by its hash, and in frames of this origin only.
pub fn post_message_policy(origin: &str) -> String {
    static SCRIPT_HASH: LazyLock<String> =
        LazyLock::new(|| STANDARD.encode(Sha256::digest(SCRIPT)));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; base-uri 'none'; frame-ancestors {origin}",
        *SCRIPT_HASH
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_are_an_attribute_and_nothing_of_them_is_markup() {
        let members = [("code", "a\"'><script>"), ("state", "s")];
        let page = post_message("Mock Okta", "http://localhost:8788", &members);
        assert!(page.contains(r#"data-origin="http://localhost:8788""#));
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        assert!(page.contains("&quot;state&quot;:&quot;s&quot;"), "{page}");
    }

    #[test]
    fn the_policy_allows_that_script_and_frames_of_that_origin() {
        let policy = post_message_policy("http://localhost:8788");
        let hash = STANDARD.encode(Sha256::digest(SCRIPT));
        assert!(policy.contains(&format!("script-src 'sha256-{hash}'")));
        assert!(policy.ends_with("frame-ancestors http://localhost:8788"));
    }
}
