//! In place of `http.rs` where the feature `jwks-uri` is off: nothing is fetched. An org with a client that publishes its
//! keys elsewhere does not start then and cannot be configured, so nobody gets here.

use mock_okta_core::Document;

#[derive(Debug, Default)]
pub(super) struct Http {}

impl Http {
    #[expect(clippy::unused_async, reason = "as with the feature")]
    pub(super) async fn get(&self, _: &str) -> Document {
        Document::Unavailable
    }
}
