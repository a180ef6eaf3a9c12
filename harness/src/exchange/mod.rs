//! A live request and its answer, unredacted. Neither can be serialised, and `Debug` shows no content: only
//! [`crate::evidence::Redactor`] turns them into something that may be kept.

mod request;
mod response;

use std::time::Duration;

pub use request::{LONE_BYTE, Payload, RequestSpec};
pub use response::{INTERNAL_CODE_HEADER, Response};

/// Whose endpoint is asked; decides whom a finding blames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// The org authorization server.
    Org,
    /// A custom authorization server.
    Custom,
    /// A protected resource or the third party.
    Resource,
    /// The test control: no part of what is judged.
    Control,
}

/// A request and its whole answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// As sent.
    pub request: RequestSpec,
    /// As received.
    pub response: Response,
    /// From sending until the whole answer was there.
    pub elapsed: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_content() {
        let mut request = RequestSpec::new(Party::Org, "POST", "https://a.example/t?code=hunter2")
            .header("authorization", "hunter2");
        request.payload = Payload::Form(vec![("client_secret".into(), "hunter2".into())]);
        let exchange = Exchange {
            request,
            response: Response::new(200, Vec::new(), br#"{"access_token":"hunter2"}"#),
            elapsed: Duration::ZERO,
        };
        let shown = format!("{exchange:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("POST https://a.example/t"), "{shown}");
    }
}
