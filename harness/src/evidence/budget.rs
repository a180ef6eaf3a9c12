//! How much evidence a case and a run keep. What is beyond it is reduced to who asked whom for what, and says so.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::limits::{self, size};
use super::{RecordedBody, RecordedResponse, RecordedStep, RecordedValue, Redacted};
use crate::value::shorten;

/// The most bytes of one exchange, as JSON.
const LARGEST_EXCHANGE: usize = 64 * 1024;

/// The most bytes of one case. The largest of the suite, two dozen exchanges at once, has a quarter of it.
const LARGEST_CASE: usize = 256 * 1024;

/// The most bytes of a whole run. The suite has about fourteen million.
const LARGEST_RUN: usize = 17 * 1024 * 1024;

/// What is set aside for cases that are not as they should be.
const FOR_DEVIATIONS: usize = 3 * 1024 * 1024;

/// The values of an ordinary answer, a document of metadata for instance.
const USUAL_VALUES: usize = 100;

/// What each value beyond them takes in memory, in bytes.
const IN_MEMORY: usize = 200;

/// The longest address that is left of an exchange that is reduced, in characters.
const LONGEST_URL: usize = 200;

/// What a run may still keep.
#[derive(Debug)]
pub struct Budget {
    left: AtomicUsize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            left: AtomicUsize::new(LARGEST_RUN),
        }
    }
}

impl Budget {
    /// Reduces what is too much of a case. A case that deviates may use what is set aside.
    pub fn admit(&self, exchanges: &mut [RecordedStep], deviates: bool) {
        let mut left_of_case = LARGEST_CASE;
        // What the checks looked at goes first.
        for judged in [true, false] {
            for exchange in exchanges.iter_mut().filter(|one| one.judged == judged) {
                let bytes = weight(exchange);
                if bytes > LARGEST_EXCHANGE {
                    reduce(exchange, "this exchange is longer than 64 KiB");
                } else if bytes > left_of_case {
                    reduce(
                        exchange,
                        "the exchanges of this case are longer than 256 KiB",
                    );
                } else if self.take(bytes, deviates) {
                    left_of_case -= bytes;
                } else {
                    reduce(exchange, "the exchanges of this run are longer than 17 MiB");
                }
            }
        }
    }

    fn take(&self, bytes: usize, deviates: bool) -> bool {
        let reserved = if deviates { 0 } else { FOR_DEVIATIONS };
        let taken = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                let after = left.checked_sub(bytes)?;
                (after >= reserved).then_some(after)
            });
        taken.is_ok()
    }
}

/// About the bytes of an exchange: those of its JSON, and what many small values take beyond that in memory.
fn weight(exchange: &RecordedStep) -> usize {
    let Some(RecordedResponse {
        body: RecordedBody::Json { value, tokens },
        ..
    }) = &exchange.response
    else {
        return size(exchange);
    };
    let of_tokens = tokens.iter().map(|token| match &token.value {
        RecordedValue::Jwt { claims, .. } => claims.values().map(limits::values).sum(),
        RecordedValue::Plain { .. } | RecordedValue::Secret { .. } => 0,
    });
    let values = limits::values(value) + of_tokens.sum::<usize>();
    size(exchange) + values.saturating_sub(USUAL_VALUES) * IN_MEMORY
}

/// Leaves who asked whom for what, and what was answered in a word.
fn reduce(exchange: &mut RecordedStep, why: &'static str) {
    let url = shorten(&exchange.request.url, LONGEST_URL);
    exchange.request.url = Redacted::passed(url);
    exchange.request.headers.clear();
    exchange.request.parameters.clear();
    if let Some(response) = &mut exchange.response {
        response.headers.clear();
        response.body = RecordedBody::Text {
            text: Redacted::passed(format!("(not kept: {why})")),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Participant, RecordedRequest};

    /// An exchange whose answer is so long.
    fn exchange(length: usize) -> RecordedStep {
        RecordedStep {
            step: "exchange".to_owned(),
            from: Participant::Agent,
            to: Participant::OrgServer,
            judged: true,
            request: RecordedRequest {
                method: "POST".to_owned(),
                url: "http://o/oauth2/v1/token".into(),
                headers: Vec::new(),
                parameters: Vec::new(),
            },
            response: Some(RecordedResponse {
                status: 200,
                headers: Vec::new(),
                body: RecordedBody::Text {
                    text: "x".repeat(length).into(),
                },
                internal_code: None,
            }),
            trouble: None,
            milliseconds: 1.0,
        }
    }

    fn reason(exchange: &RecordedStep) -> Option<String> {
        match &exchange.response.as_ref()?.body {
            RecordedBody::Text { text } if text.starts_with("(not kept") => Some(text.to_string()),
            _ => None,
        }
    }

    #[test]
    fn what_is_too_long_is_reduced_and_says_so() {
        let budget = Budget::default();
        let mut exchanges = vec![exchange(100), exchange(LARGEST_EXCHANGE), exchange(100)];
        budget.admit(&mut exchanges, false);
        let reasons: Vec<_> = exchanges.iter().map(reason).collect();
        let expected = "(not kept: this exchange is longer than 64 KiB)";
        assert_eq!(reasons, [None, Some(expected.to_owned()), None]);
        assert_eq!(exchanges[1].response.as_ref().unwrap().status, 200);
        assert!(size(&exchanges[1]) < 1000);
    }

    #[test]
    fn what_was_judged_is_kept_before_what_was_not() {
        let budget = Budget::default();
        let mut exchanges = vec![exchange(60_000); 6];
        for exchange in &mut exchanges[..5] {
            exchange.judged = false;
        }
        budget.admit(&mut exchanges, false);
        assert_eq!(reason(&exchanges[5]), None);
        let kept = exchanges.iter().filter(|one| reason(one).is_none());
        assert_eq!(kept.count(), 4);
    }

    #[test]
    fn a_run_keeps_something_for_what_deviates() {
        let budget = Budget::default();
        let mut kept = 0;
        loop {
            let mut exchanges = vec![exchange(60_000); 4];
            budget.admit(&mut exchanges, false);
            if exchanges.iter().any(|one| reason(one).is_some()) {
                break;
            }
            kept += 1;
        }
        assert!((60..80).contains(&kept), "{kept}");
        let mut deviates = vec![exchange(60_000)];
        budget.admit(&mut deviates, true);
        assert_eq!(reason(&deviates[0]), None);
    }
}
