//! The target's clock. It is ours plus an offset, which test control can change.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde_json::Value;

use super::Target;
use crate::exchange::RequestSpec;

/// Seconds by which the target's clock is ahead of ours.
#[derive(Debug, Default)]
pub(super) struct Clock(AtomicI64);

impl Clock {
    /// The target's now, seconds since the epoch.
    pub(super) fn now(&self) -> i64 {
        Timestamp::now().as_second() + self.0.load(Ordering::Relaxed)
    }

    fn set(&self, now: i64) {
        self.0
            .store(now - Timestamp::now().as_second(), Ordering::Relaxed);
    }
}

impl Target {
    /// The target's now, seconds since the epoch.
    pub fn now(&self) -> i64 {
        self.clock().now()
    }

    /// Reads the target's clock where test control shows it.
    pub async fn read_clock(&self) {
        let Some(request) = self.control_request("GET", "clock", None) else {
            return;
        };
        if let Ok(exchange) = self.send(request).await {
            self.note_clock(exchange.response.json.as_ref());
        }
    }

    /// Takes over the clock that an answer of test control shows. `false` when it shows none.
    pub fn note_clock(&self, answer: Option<&Value>) -> bool {
        let seconds = answer.and_then(|body| body.get("epoch_seconds")?.as_i64());
        if let Some(seconds) = seconds {
            self.clock().set(seconds);
        }
        seconds.is_some()
    }

    /// Puts the target back to how it started, where test control can. `Ok(false)` when there is no test control.
    pub async fn reset(&self) -> Result<bool, String> {
        if self.is_offline() {
            return Ok(self.deployment().control.is_some());
        }
        let Some(request) = self.control_request("POST", "reset", None) else {
            return Ok(false);
        };
        self.note_journal().await?;
        let answer: Result<_, super::Trouble> = self.send(request).await;
        match answer {
            Ok(exchange) if exchange.response.status < 300 => {
                self.read_clock().await;
                Ok(true)
            }
            Ok(exchange) => Err(format!(
                "test control answers {} to a reset",
                exchange.response.status
            )),
            Err(trouble) => Err(trouble.to_string()),
        }
    }

    /// A request to test control, or `None` where there is none.
    pub fn control_request(
        &self,
        method: &str,
        command: &str,
        body: Option<&Value>,
    ) -> Option<RequestSpec> {
        self.deployment().control_request(method, command, body)
    }
}
