//! What answers show of switches about ID-JAGs and their redemption.

use serde_json::{Map, Value};

use super::{Possible, granted_or_refused, yes_or_no};
use crate::calibrate::exchange::{REDEEM, RecordedExchange};

/// The answer that carries an ID-JAG, and its claims.
pub(super) fn issued_id_jag<'a, 'r>(
    exchange: &'a RecordedExchange<'r>,
) -> Option<(&'a RecordedExchange<'r>, Option<&'r Map<String, Value>>)> {
    let issued = exchange.text("issued_token_type")?;
    let is_relevant = issued.ends_with(":id-jag") && exchange.is_granted();
    let claims = exchange.token("access_token").map(|token| &token.claims);
    is_relevant.then_some((exchange, claims))
}

pub(super) fn actor_chain(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    let claims = issued_id_jag(exchange)?.1?;
    let Some(actor) = claims.get("act") else {
        return Some(&["none"]);
    };
    if actor.get("act").is_some() {
        return Some(&["by_client"]);
    }
    let audience = exchange
        .sent_token("subject_token")?
        .claims
        .get("aud")?
        .as_str()?;
    let by_app = exchange.client("web_app") == Some(audience);
    // Where the agent signed the user in itself there is nobody below it.
    Some(yes_or_no(
        by_app,
        &["agent_only"],
        &["by_client", "agent_only"],
    ))
}

pub(super) fn id_jag_email(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    let claims = issued_id_jag(exchange)?.1?;
    let subject = exchange.sent_token("subject_token")?;
    let (asked, given) = (
        subject.claims.contains_key("email"),
        claims.contains_key("email"),
    );
    Some(match (asked, given) {
        (true, true) => &["with_scope", "always"],
        (true, false) => &["never"],
        (false, true) => &["always"],
        (false, false) => &["with_scope", "never"],
    })
}

pub(super) fn id_jag_reuse(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    if !exchange.in_case("redeem/replayed") || !exchange.asks(REDEEM) {
        return None;
    }
    let assertion = exchange.sent("assertion")?;
    let is_second = exchange.earlier().iter().any(|one| {
        one.asks(REDEEM) && one.is_granted() && one.sent("assertion") == Some(assertion)
    });
    granted_or_refused(exchange, is_second, &["until_expiry"], &["single_use"])
}

/// The status of a policy miss: the rule lacks the scope that the ID-JAG has.
pub(super) fn policy_denied(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    if !exchange.asks(REDEEM) || exchange.text("error") != Some("access_denied") {
        return None;
    }
    match exchange.status() {
        401 => Some(&["401"]),
        403 => Some(&["403"]),
        400 => Some(&["400"]),
        _ => None,
    }
}
