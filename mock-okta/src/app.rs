//! An org in this process: the core and what it must be handed.

use std::sync::Arc;
use std::time::Duration;

use mock_okta_core::control::{Call, Command, ControlError, JournalWait, parse};
use mock_okta_core::org::target::TargetRoles;
use mock_okta_core::secret::Secret;
use mock_okta_core::{Admitted, Core, EntryNumber, Fault, FaultError, JournalEntry};
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::clock::Clock;
use crate::documents::Fetcher;
use crate::faults;
use crate::outage::Outage;
use crate::request_log::RequestLog;

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
    /// The number of the last journal entry whose request was answered, for whoever waits for the next one.
    pub(crate) arrived: watch::Sender<u64>,
    /// Writes a line for each request, where one is wanted.
    pub(crate) log: Option<RequestLog>,
    /// Without one, test control is answered on loopback only.
    pub(crate) control_token: Option<Secret>,
    /// What clients must trust where the org speaks https, as PEM.
    pub(crate) ca_pem: Option<String>,
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
            return self.finish(admitted);
        };
        let learnt = self.fetcher.once(&needs.url, |document| {
            let now = self.clock.now();
            self.core.learn(&needs.url, document, now);
            now
        });
        // At the instant at which it was learnt, also for whoever waited: one request waits for one fetch.
        let admitted = self.core.admit(request, learnt.await);
        self.finish(admitted)
    }

    /// Decides a request, makes its answer, and tells whoever waits for it.
    fn finish(&self, admitted: Admitted) -> http::Response<Vec<u8>> {
        let response = self.core.render(self.core.decide(admitted));
        if let Some(EntryNumber(number)) = response.extensions().get() {
            self.arrived.send_replace(*number);
        }
        response
    }

    /// The answer, unless a document must be fetched before.
    pub(crate) fn answer_at_once(
        &self,
        request: &http::Request<Vec<u8>>,
    ) -> Option<http::Response<Vec<u8>>> {
        let admitted = self.core.admit(request, self.clock.now());
        let ready = admitted.needs().is_none();
        ready.then(|| self.finish(admitted))
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
    #[cfg(feature = "wiremock")]
    pub(crate) fn control(&self, request: &http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
        control_response(&read_control(request).and_then(|call| self.call(call)))
    }

    /// The first entry that a wait is for, as soon as there is one; `None` when its time is over.
    pub(crate) async fn wait(&self, wait: JournalWait) -> Option<Arc<JournalEntry>> {
        let most = Duration::from_secs(wait.seconds);
        self.wait_for(wait, most).await
    }

    /// The same with a time that need not be whole seconds.
    pub(crate) async fn wait_for(
        &self,
        wait: JournalWait,
        most: Duration,
    ) -> Option<Arc<JournalEntry>> {
        let mut arrived = self.arrived.subscribe();
        let JournalWait {
            mut query,
            from_the_past,
            ..
        } = wait;
        if !from_the_past {
            let next = self.core.with_state(|state| state.journal.next());
            query.after = next.saturating_sub(1);
        }
        let deadline = Instant::now() + most;
        loop {
            arrived.mark_unchanged();
            if let Some(entry) = self.core.find_entries(&query).entries.pop()
                && entry.raw.as_ref().is_none_or(|raw| raw.answer().is_some())
            {
                return Some(entry);
            }
            // The sender lives as long as this org.
            let more = timeout_at(deadline, arrived.changed()).await;
            if !matches!(more, Ok(Ok(()))) {
                return None;
            }
        }
    }

    /// Carries out a call of test control.
    pub(crate) fn call(&self, call: Call) -> Result<Value, ControlError> {
        match call {
            Call::Clock(call) => self.clock.control(call),
            // Nobody waits here: what is there already is told.
            Call::Wait(wait) => self.call(Call::Command(Command::Journal(wait.query))),
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

/// What a request below `/_mock/` asks for.
pub(crate) fn read_control(request: &http::Request<Vec<u8>>) -> Result<Call, ControlError> {
    let uri = request.uri();
    let query = uri.query().unwrap_or_default();
    // RFC 9110 §9.3.2: a HEAD is answered as a GET. The server leaves the content out.
    let method = match *request.method() {
        http::Method::HEAD => "GET",
        ref method => method.as_str(),
    };
    parse(method, uri.path(), query, request.body())
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
