//! In place of `http.rs` where the feature `jwks-uri` is off: nothing is fetched. An org with a client that publishes its
//! keys elsewhere does not start then, so this is met only by one that was configured so later.

use mock_okta_core::Document;

#[derive(Debug, Default)]
pub(super) struct Http {}

impl Http {
    #[expect(clippy::unused_async, reason = "as with the feature")]
    pub(super) async fn get(&self, _: &str) -> Document {
        Document::Unavailable
    }
}
