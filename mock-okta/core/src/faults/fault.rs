//! A fault as somebody wants it: its kind, parameters, and to which requests it happens.

use std::collections::BTreeMap;
use std::time::Duration;

use super::error::FaultError;
use super::kinds::FaultKind;
use super::selection::{EndpointClass, ExchangedResource};

/// Something that happens to answers on their way. Unless it says otherwise it happens to every request.
///
/// Values out of their limits, and parameters that the kind does not have, are refused where the fault is added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub(super) kind: FaultKind,
    /// By the name of the parameter. What is not here has its default.
    pub(super) values: BTreeMap<&'static str, String>,
}

impl Fault {
    /// A fault of this kind, with the defaults of its parameters.
    pub fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            values: BTreeMap::new(),
        }
    }

    /// The answer comes so much later.
    pub fn delay(time: Duration) -> Self {
        Self::new(FaultKind::Delay).with("milliseconds", time.as_millis().to_string())
    }

    /// Another answer comes: this status, with [`body`](Self::body) and [`content_type`](Self::content_type).
    pub fn status(status: u16) -> Self {
        Self::new(FaultKind::Status).with("status", status.to_string())
    }

    /// Okta's 429.
    pub fn rate_limited() -> Self {
        Self::new(FaultKind::RateLimited)
    }

    /// 503.
    pub fn unavailable() -> Self {
        Self::new(FaultKind::Unavailable)
    }

    /// An HTML page of a proxy, with status 502.
    pub fn html_page() -> Self {
        Self::new(FaultKind::HtmlPage)
    }

    /// The content ends too early.
    pub fn truncated_json() -> Self {
        Self::new(FaultKind::TruncatedJson)
    }

    /// The content is not JSON.
    pub fn malformed_json() -> Self {
        Self::new(FaultKind::MalformedJson)
    }

    /// The content is missing.
    pub fn empty_body() -> Self {
        Self::new(FaultKind::EmptyBody)
    }

    /// The answer claims this media type.
    pub fn wrong_content_type(media_type: impl Into<String>) -> Self {
        Self::new(FaultKind::WrongContentType).content_type(media_type)
    }

    /// The connection ends before the answer, which is lost: the request takes effect.
    pub fn cut_before() -> Self {
        Self::new(FaultKind::CutBefore)
    }

    /// The connection ends within the answer.
    pub fn cut_within() -> Self {
        Self::new(FaultKind::CutWithin)
    }

    /// The connection ends after the complete answer, which did not announce it.
    pub fn cut_after() -> Self {
        Self::new(FaultKind::CutAfter)
    }

    /// The content comes slowly.
    pub fn slow_bytes(bytes_per_second: u32) -> Self {
        Self::new(FaultKind::SlowBytes).with("bytes_per_second", bytes_per_second.to_string())
    }

    /// The connection ends before the answer, and for so long no connection is accepted.
    pub fn refused(time: Duration) -> Self {
        Self::new(FaultKind::Refused).with("seconds", time.as_secs().to_string())
    }

    /// The content of an answer of [`Fault::status`].
    #[must_use]
    pub fn body(self, body: impl Into<String>) -> Self {
        self.with("body", body)
    }

    /// The media type of that content.
    #[must_use]
    pub fn content_type(self, media_type: impl Into<String>) -> Self {
        self.with("content_type", media_type)
    }

    /// `Retry-After` in seconds, with [`Fault::rate_limited`] and [`Fault::unavailable`].
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        self.with("retry_after", seconds.to_string())
    }

    /// Bytes of the content that are sent, with [`Fault::truncated_json`] and [`Fault::cut_within`].
    #[must_use]
    pub fn bytes(self, bytes: u32) -> Self {
        self.with("bytes", bytes.to_string())
    }

    /// The connection is reset, not closed.
    #[must_use]
    pub fn reset_connection(self) -> Self {
        self.with("end", "reset")
    }

    /// Whether the org carries the request out, where the answer does not come of it.
    #[must_use]
    pub fn takes_effect(self, takes_effect: bool) -> Self {
        self.with("takes_effect", takes_effect.to_string())
    }

    /// Happens at this endpoint only.
    #[must_use]
    pub fn at(self, endpoint: EndpointClass) -> Self {
        self.with("endpoint", endpoint.as_str())
    }

    /// Happens to this client only.
    #[must_use]
    pub fn client(self, client: impl Into<String>) -> Self {
        self.with("client", client)
    }

    /// Happens to exchanges for this type of resource only.
    #[must_use]
    pub fn resource_type(self, resource: ExchangedResource) -> Self {
        self.with("resource_type", resource.as_str())
    }

    /// Happens to the next so many of these requests.
    #[must_use]
    pub fn next(self, requests: u32) -> Self {
        self.with("next", requests.to_string())
    }

    /// Happens to every n-th of these requests.
    #[must_use]
    pub fn every(self, n: u32) -> Self {
        self.with("every", n.to_string())
    }

    /// Its kind.
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// The client that it is for, as written.
    pub fn client_named(&self) -> Option<&str> {
        self.given("client")
    }

    /// The value that was given for a parameter.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The value of a parameter: the one that was given, or its default.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let default = || self.kind.parameter(name).ok()?.default;
        self.given(name).or_else(default)
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.insert(name, value.into());
        self
    }

    /// Adds a parameter by its name.
    pub(super) fn add(&mut self, name: &str, value: &str) -> Result<(), FaultError> {
        let parameter = self.kind.parameter(name)?;
        parameter.check(value)?;
        let before = self.values.insert(parameter.name, value.to_owned());
        match before {
            Some(_) => Err(FaultError::Repeated {
                name: parameter.name,
            }),
            None => Ok(()),
        }
    }
}
