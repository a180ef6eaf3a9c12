//! The internal code of a refusal, from the System Log.

use std::time::Duration;

use super::Visit;
use crate::exchange::Exchange;

/// Where refusals of token and authorization requests are logged (okta.md (f), (g)).
const FILTER: &str = "eventType eq \"app.oauth2.token.grant\" or eventType eq \"app.oauth2.as.token.grant\" or eventType eq \"app.oauth2.authorize\" or eventType eq \"app.oauth2.as.authorize\"";

/// How often the log is looked into. Events reach it some seconds late.
const LOOKS: usize = 4;
const BETWEEN_LOOKS: Duration = Duration::from_millis(1500);

impl Visit<'_> {
    /// The internal code of the refusal that an exchange was answered with, if the log has it in time.
    pub(super) async fn internal_code(&self, exchange: &Exchange) -> Option<String> {
        let management = self.management.as_ref()?;
        let request_id = exchange.response.header("x-okta-request-id")?;
        // The clocks may differ a little.
        let since = self
            .since
            .checked_sub(jiff::SignedDuration::from_mins(5))
            .ok()?;
        for look in 0..LOOKS {
            if look > 0 {
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
            // A token that may not read the log will not be allowed to a second later.
            let log = management.log(&since.to_string(), FILTER).await.ok()?;
            let entry = log.find(|entry| entry.is_of(&request_id) && entry.is_failure());
            if let Some(reason) = entry.and_then(|entry| entry.reason()) {
                return Some(reason.to_owned());
            }
        }
        None
    }
}
