//! The org on a wiremock `MockServer`, beside mocks of your own.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use mock_okta_core::WireFault;
use mock_okta_core::control::PREFIX;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::access;
use crate::app::{App, control_response};
use crate::assemble::StartError;
use crate::builder::Builder;
use crate::org_handle::OrgHandle;

/// Answers a wiremock request as the org.
///
/// Mount it yourself to choose what it answers, or let [`Builder::mount_on`] do it.
#[derive(Debug, Clone)]
pub struct OrgResponder {
    app: Arc<App>,
}

impl OrgResponder {
    /// What can be asked of the org and done to it.
    pub fn handle(&self) -> OrgHandle {
        OrgHandle::new(Arc::clone(&self.app))
    }

    /// Answers at once, unless a client's keys must be fetched: wiremock does not wait asynchronously, so that is
    /// done on a thread beside its own.
    fn answer(&self, asked: http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
        if let Some(answer) = self.app.answer_at_once(&asked) {
            return answer;
        }
        let app = Arc::clone(&self.app);
        let beside = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.map(|runtime| runtime.block_on(app.answer(&asked)))
        });
        match beside.join() {
            Ok(Ok(answer)) => answer,
            _ => unavailable(),
        }
    }
}

/// An org that a `MockServer` serves; it stops with the server.
#[derive(Debug, Clone)]
pub struct MountedOrg {
    org: OrgHandle,
}

impl Deref for MountedOrg {
    type Target = OrgHandle;

    fn deref(&self) -> &OrgHandle {
        &self.org
    }
}

impl Builder {
    /// The org as a responder. `base_url` is the server's: [`MockServer::uri`].
    ///
    /// Host, port and issuer are the server's matter and have no effect; keys are made here, which takes a moment. A
    /// client's `jwks_uri` cannot be on the same server, which answers one request after the other.
    ///
    /// # Errors
    /// When the settings are wrong, or a fault needs a connection: wiremock holds those.
    pub fn responder(mut self, base_url: impl Into<String>) -> Result<OrgResponder, StartError> {
        self.is_mounted = true;
        let app = Arc::new(self.app(base_url.into())?);
        Ok(OrgResponder { app })
    }

    /// Mounts the org on a server. It answers whatever no mock of your own answers.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use mock_okta::MockOkta;
    /// use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};
    ///
    /// let server = MockServer::start().await;
    /// let okta = MockOkta::builder().mount_on(&server).await?;
    /// // The userinfo endpoint is out of order; everything else is the org's.
    /// Mock::given(path("/oauth2/v1/userinfo"))
    ///     .respond_with(ResponseTemplate::new(503))
    ///     .mount(&server)
    ///     .await;
    /// assert_eq!(okta.issuer(), server.uri());
    /// # Ok(()) }
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(example()).unwrap();
    /// ```
    ///
    /// # Errors
    /// When the settings are wrong.
    pub async fn mount_on(self, server: &MockServer) -> Result<MountedOrg, StartError> {
        let responder = self.responder(server.uri())?;
        let org = responder.handle();
        // The lowest priority: every mock of the user's own comes first.
        Mock::given(any())
            .respond_with(responder)
            .with_priority(u8::MAX)
            .mount(server)
            .await;
        Ok(MountedOrg { org })
    }
}

impl Respond for OrgResponder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let Ok(asked) = translate(request) else {
            return ResponseTemplate::new(400);
        };
        let answer = if asked.uri().path().starts_with(PREFIX) {
            match access::judge(&self.app, None, &asked) {
                Ok(()) => self.app.control(&asked),
                Err(refusal) => control_response(&Err(refusal)),
            }
        } else {
            self.answer(asked)
        };
        let (head, body) = answer.into_parts();
        let mut template = ResponseTemplate::new(head.status.as_u16());
        if let Some(WireFault::Delay { milliseconds }) = head.extensions.get() {
            template = template.set_delay(Duration::from_millis(*milliseconds));
        }
        for (name, value) in &head.headers {
            template = template.append_header(name.clone(), value.clone());
        }
        template.set_body_bytes(body)
    }
}

fn unavailable() -> http::Response<Vec<u8>> {
    let mut response = http::Response::new(Vec::new());
    *response.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
    response
}

/// Path and query as they were sent; wiremock's host is made up.
fn translate(request: &Request) -> Result<http::Request<Vec<u8>>, http::Error> {
    let mut target = request.url.path().to_owned();
    if let Some(query) = request.url.query() {
        target = format!("{target}?{query}");
    }
    let mut asked = http::Request::builder()
        .method(request.method.clone())
        .uri(target);
    if let Some(headers) = asked.headers_mut() {
        headers.clone_from(&request.headers);
    }
    asked.body(request.body.clone())
}
