//! What `atx doctor` says on stderr while it asks: that it waits, and what it could not give back.

use crate::cli::style;
use crate::presentation::result_texts::ResultTexts;
use crate::presentation::text::count;
use crate::report::console::wait_begins;
use crate::result::{End, EventSink, Obtained, RunEvent};

/// Says it in lines.
pub(super) struct Progress {
    /// Stands where an address names the org.
    pub(super) org_issuer: String,
}

impl EventSink for Progress {
    fn on_event(&mut self, event: &RunEvent) {
        let text = match event {
            RunEvent::Waiting {
                address,
                time,
                until,
            } => {
                let texts = ResultTexts::with_issuer(&self.org_issuer);
                let address = address.as_ref().map(|address| texts.fill(address));
                Some(wait_begins(address.as_deref(), *time, *until))
            }
            RunEvent::Obtained { ledger } => not_revoked(ledger),
            _ => None,
        };
        if let Some(text) = text {
            style::to_stderr(&format!("{text}\n"));
        }
    }
}

/// That tokens live on, and why.
fn not_revoked(ledger: &[Obtained]) -> Option<String> {
    let mut left = ledger.iter().filter(|one| one.end == End::NotRevoked);
    let first = left.next()?;
    let tokens = count(left.count() + 1, "token");
    let why = first.why.as_deref().unwrap_or("the org did not say why");
    Some(format!(
        "note: {tokens} of this check could not be revoked: {why}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::ObtainedKind;

    #[test]
    fn what_lives_on_is_said_with_the_reason() {
        let one = |end, why: Option<&str>| Obtained {
            kind: ObtainedKind::AccessToken,
            fingerprint: "<secret 1>".to_owned(),
            from: "https://o.example/oauth2/v1/token".to_owned(),
            expires_at: None,
            end,
            why: why.map(str::to_owned),
        };
        let revoked = one(End::Revoked, None);
        assert_eq!(not_revoked(std::slice::from_ref(&revoked)), None);
        let left = one(End::NotRevoked, Some("the org answered 400"));
        assert_eq!(
            not_revoked(&[revoked, left]).unwrap(),
            "note: 1 token of this check could not be revoked: the org answered 400"
        );
    }
}
