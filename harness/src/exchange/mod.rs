//! A live request and its answer, unredacted. Neither can be serialised, and `Debug` shows no content: only
//! [`crate::evidence::Redactor`] turns them into something that may be kept.

mod client;
pub mod field;
mod request;
mod response;

use std::time::Duration;

use url::Url;

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

impl Exchange {
    /// Where the answer sends the browser. A relative address is one of the server asked (RFC 9110 section 10.2.2); an
    /// absolute one stays as it is written.
    pub fn redirects_to(&self) -> Option<String> {
        let response = &self.response;
        let location = response
            .header("location")
            .filter(|_| response.is_redirect())?;
        if Url::parse(&location).is_ok() {
            return Some(location);
        }
        let asked = Url::parse(&self.request.url).ok();
        let resolved = asked.and_then(|asked| asked.join(&location).ok());
        Some(resolved.map_or(location, String::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_redirect_is_one_of_the_server_asked() {
        let to = |location: &str| {
            let request =
                RequestSpec::new(Party::Org, "GET", "https://a.example/oauth2/authorize?x=1");
            let headers = vec![("location".to_owned(), location.to_owned())];
            let exchange = Exchange {
                request,
                response: Response::new(303, headers, b""),
                elapsed: Duration::ZERO,
            };
            exchange.redirects_to().unwrap()
        };
        assert_eq!(to("/cb?code=x"), "https://a.example/cb?code=x");
        assert_eq!(to("//b.example/cb"), "https://b.example/cb");
        assert_eq!(
            to("signin?state=y"),
            "https://a.example/oauth2/signin?state=y"
        );
        // An absolute address is compared as it is written, without a slash that a parser would add.
        assert_eq!(
            to("https://app.example?code=x"),
            "https://app.example?code=x"
        );
    }

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
