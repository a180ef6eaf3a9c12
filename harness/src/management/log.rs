//! The System Log, which has the internal code of a refusal that the answer does not show (okta.md (f)).

use serde::Deserialize;

use super::values::or_default;
use super::{Listed, Management, ManagementError};

pub(super) const LOG: &str = "/api/v1/logs";

/// An event.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// `app.oauth2.token.grant`, …
    #[serde(default, deserialize_with = "or_default")]
    pub event_type: String,
    /// When, as RFC 3339.
    #[serde(default, deserialize_with = "or_default")]
    pub published: String,
    #[serde(default, deserialize_with = "or_default")]
    outcome: Outcome,
    #[serde(default, deserialize_with = "or_default")]
    actor: Actor,
    #[serde(default, deserialize_with = "or_default")]
    transaction: Transaction,
    #[serde(default, deserialize_with = "or_default")]
    debug_context: DebugContext,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Outcome {
    result: Option<String>,
    reason: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Actor {
    id: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Transaction {
    id: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DebugContext {
    #[serde(default, deserialize_with = "or_default")]
    debug_data: DebugData,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DebugData {
    request_id: Option<String>,
}

impl LogEntry {
    /// Whether it is of the request whose answer had this `X-Okta-Request-Id`.
    #[must_use]
    pub fn is_of(&self, request_id: &str) -> bool {
        let ids = [
            &self.transaction.id,
            &self.debug_context.debug_data.request_id,
        ];
        ids.into_iter().flatten().any(|id| id == request_id)
    }

    /// Whether the request failed.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        let failure = ["FAILURE", "DENY"];
        let result = self.outcome.result.as_deref();
        result.is_some_and(|result| failure.contains(&result))
    }

    /// Why: the internal code.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.outcome.reason.as_deref()
    }

    /// Who asked: the client id of a token request.
    #[must_use]
    pub fn actor(&self) -> Option<&str> {
        self.actor.id.as_deref()
    }
}

impl Management {
    /// Events since a time (RFC 3339), of those types that the filter names.
    ///
    /// # Errors
    /// See [`ManagementError`].
    pub async fn log(
        &self,
        since: &str,
        filter: &str,
    ) -> Result<Listed<LogEntry>, ManagementError> {
        self.list(
            LOG,
            &[("since", since), ("filter", filter)],
            "list of events",
        )
        .await
    }
}
