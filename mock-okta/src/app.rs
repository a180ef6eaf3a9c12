//! An org in this process: the core and what it must be handed.

use mock_okta_core::control::{Call, Command, ControlError, parse};
use mock_okta_core::org::target::TargetRoles;
use mock_okta_core::secret::Secret;
use mock_okta_core::{Core, Fault, FaultError};
use serde_json::Value;

use crate::clock::Clock;
use crate::documents::Fetcher;
use crate::faults;
use crate::outage::Outage;

/// The core, its clock, its way to documents elsewhere, and who may control it.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) core: Core,
    pub(crate) clock: Clock,
    pub(crate) fetcher: Fetcher,
    pub(crate) roles: TargetRoles,
    /// While it lasts, nobody can connect.
    pub(crate) outage: Outage,
    /// Whether another server answers for it, so that it has no connections.
    pub(crate) is_mounted: bool,
    /// Without one, test control is answered on loopback only.
    pub(crate) control_token: Option<Secret>,
}

impl App {
    /// Answers a client's request. Signs on the thread that asks; waits only where a document must be fetched.
    pub(crate) async fn answer(&self, request: &http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
        if let Some(answer) = self.answer_at_once(request) {
            return answer;
        }
        let admitted = self.core.admit(request, self.clock.now());
        let Some(needs) = admitted.needs() else {
            // Somebody else has fetched it meanwhile.
            return self.core.render(self.core.decide(admitted));
        };
        let learnt = self.fetcher.once(&needs.url, |document| {
            let now = self.clock.now();
            self.core.learn(&needs.url, document, now);
            now
        });
        // At the instant at which it was learnt, also for whoever waited: one request waits for one fetch.
        let admitted = self.core.admit(request, learnt.await);
        self.core.render(self.core.decide(admitted))
    }

    /// The answer, unless a document must be fetched before.
    pub(crate) fn answer_at_once(
        &self,
        request: &http::Request<Vec<u8>>,
    ) -> Option<http::Response<Vec<u8>>> {
        let admitted = self.core.admit(request, self.clock.now());
        let ready = admitted.needs().is_none();
        ready.then(|| self.core.render(self.core.decide(admitted)))
    }

    /// Whether this org can do what a fault asks for.
    pub(crate) fn check_fault(&self, fault: &Fault) -> Result<(), FaultError> {
        if self.is_mounted {
            faults::check_without_connections(fault)?;
        }
        Ok(())
    }

    /// A text that nobody can guess and that a seed fixes: for a `state`, a `nonce`, a `jti`.
    pub(crate) fn fresh_text(&self) -> String {
        self.core.with_state(|state| state.token(""))
    }

    /// Answers a request below `/_mock/` from whoever may ask: see [`access::judge`](crate::access::judge).
    pub(crate) fn control(&self, request: &http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
        let uri = request.uri();
        let query = uri.query().unwrap_or_default();
        let result = parse(request.method().as_str(), uri.path(), query, request.body())
            .and_then(|call| self.call(call));
        control_response(&result)
    }

    /// Carries out a call of test control.
    pub(crate) fn call(&self, call: Call) -> Result<Value, ControlError> {
        match call {
            Call::Clock(call) => self.clock.control(call),
            Call::Command(command) => {
                if let Command::AddFault(fault) = &command {
                    self.check_fault(fault)?;
                }
                let resets = command == Command::Reset;
                let ends_outage = resets || command == Command::ClearFaults;
                let answer = self.core.control(command, self.clock.now())?;
                if resets {
                    self.clock.resume();
                }
                if ends_outage {
                    self.outage.end();
                }
                Ok(answer)
            }
        }
    }
}

/// An answer of test control: JSON, or nothing (204) where there is nothing to say.
pub(crate) fn control_response(result: &Result<Value, ControlError>) -> http::Response<Vec<u8>> {
    let (status, body) = match result {
        Ok(Value::Null) => (http::StatusCode::NO_CONTENT, None),
        Ok(value) => (http::StatusCode::OK, Some(value.to_string())),
        Err(error) => (error.status, Some(error.to_json().to_string())),
    };
    let json = body.is_some();
    let mut response = http::Response::new(body.unwrap_or_default().into_bytes());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if json {
        headers.insert(
            http::header::CONTENT_TYPE,
            http::HeaderValue::from_static("application/json"),
        );
    }
    headers.insert(
        http::header::CACHE_CONTROL,
        http::HeaderValue::from_static("no-store"),
    );
    response
}
