//! What an answer leaves possible for a switch: a rule each.
//!
//! A rule says something of answers that depend on the switch and on nothing else. What is granted says more than what is
//! refused, for there may be many reasons to refuse; where a refusal counts, it is that of a case which changes this one thing.

mod id_jag;
mod sign_in;

use serde_json::Value;

use self::id_jag::{actor_chain, id_jag_email, id_jag_reuse, issued_id_jag, policy_denied};
use self::sign_in::{
    authorize_error, authorize_response_iss, code_flow_id_token, code_reuse,
    post_message_with_code, refresh_token_rotation, session_token, user_sign_in,
};
use crate::calibrate::exchange::{EXCHANGE, REDEEM, RecordedExchange};

/// Positions that an answer leaves possible.
type Possible = &'static [&'static str];

/// A switch, and the positions that an exchange leaves possible for it; nothing where it says nothing.
type Rule = (&'static str, fn(&RecordedExchange<'_>) -> Option<Possible>);

/// Every switch that recordings show something of.
pub(super) const RULES: &[Rule] = &[
    ("wrong_media_type", wrong_media_type),
    ("user_sign_in", user_sign_in),
    ("client_assertion_audience", |exchange| {
        last_in_case(
            exchange,
            "/aud-is-issuer",
            &["endpoint_or_issuer"],
            &["endpoint", "endpoint_or_token_endpoint"],
        )
    }),
    ("client_assertion_audience_array", |exchange| {
        last_in_case_below(
            exchange,
            "client-authentication/",
            "/aud-list-of-one",
            &["one_element"],
            &["refuse"],
        )
    }),
    ("client_assertion_jti", |exchange| {
        last_in_case_below(
            exchange,
            "client-authentication/",
            "/jti-missing",
            &["optional"],
            &["required"],
        )
    }),
    ("client_assertion_kid", |exchange| {
        let several = &["when_several_keys", "optional"];
        last_in_case(exchange, "/kid-missing", several, &["required"])
    }),
    ("unknown_client", unknown_client),
    ("unauthorized_challenge", unauthorized_challenge),
    ("session_token", session_token),
    ("rate_limits", rate_limits),
    ("authorize_error", authorize_error),
    ("authorize_response_iss", authorize_response_iss),
    ("post_message_with_code", post_message_with_code),
    ("code_reuse", code_reuse),
    ("code_flow_id_token", code_flow_id_token),
    ("token_cache_control", token_cache_control),
    ("exchange_at_custom_server", exchange_at_custom_server),
    ("subject_token_expired", |exchange| {
        let is_relevant = exchange.in_case("exchange-signed/expired")
            || exchange.in_case("exchange-subject/expired");
        error_of(
            exchange,
            is_relevant && exchange.asks(EXCHANGE),
            &[
                ("invalid_grant", &["invalid_grant"]),
                ("invalid_request", &["invalid_request"]),
            ],
        )
    }),
    ("audience_missing", |exchange| {
        error_of(
            exchange,
            exchange.in_case("/audience-missing"),
            &[
                ("invalid_request", &["invalid_request"]),
                ("invalid_target", &["invalid_target"]),
            ],
        )
    }),
    ("several_targets", |exchange| {
        let several = exchange.times("resource") > 1 || exchange.times("audience") > 1;
        granted_or_refused(
            exchange,
            several && exchange.asks(EXCHANGE),
            &["first"],
            &["refuse"],
        )
    }),
    ("exchange_without_scope", |exchange| {
        last_in_case(
            exchange,
            "exchange-scope/missing",
            &["connection"],
            &["refuse"],
        )
    }),
    ("id_jag_token_type", |exchange| {
        match issued_id_jag(exchange)?.0.text("token_type")? {
            "N_A" => Some(&["N_A"]),
            "Bearer" => Some(&["Bearer"]),
            _ => None,
        }
    }),
    ("id_jag_response_scope", |exchange| {
        let answer = issued_id_jag(exchange)?.0;
        // Where none was asked for, any server says what it granted (RFC 8693 §2.2.1).
        answer.sent("scope")?;
        Some(yes_or_no(
            answer.member("scope").is_some(),
            &["echo"],
            &["omit"],
        ))
    }),
    ("actor_chain", actor_chain),
    ("id_jag_email", id_jag_email),
    ("actor_token", |exchange| {
        last_in_case(
            exchange,
            "exchange-parameters/actor-token-of-nobody",
            &["ignore"],
            &["refuse"],
        )
    }),
    ("sts_response_scope", |exchange| {
        (exchange.asks_for(":oauth-sts") && exchange.is_granted())
            .then(|| yes_or_no(exchange.member("scope").is_some(), &["echo"], &["omit"]))
    }),
    ("subject_token_user", |exchange| {
        granted_or_refused(
            exchange,
            // What was asked before is older than the suspension.
            exchange.in_case("/user-suspended") && exchange.asks(EXCHANGE) && exchange.is_last(),
            &["unchecked"],
            &["checked"],
        )
    }),
    ("redeem_scope", |exchange| {
        let is_relevant =
            exchange.in_case("redeem/scope-repeated") || exchange.in_case("redeem/scope-beyond");
        granted_or_refused(
            exchange,
            is_relevant && exchange.asks(REDEEM),
            &["ignore"],
            &["refuse"],
        )
    }),
    ("redeem_resource", |exchange| {
        let is_relevant =
            exchange.in_case("resource/redeemed-without-its-resource") && exchange.asks(REDEEM);
        granted_or_refused(exchange, is_relevant, &["optional"], &["required"])
    }),
    ("jwt_bearer_other_jwt", |exchange| {
        let is_relevant = exchange.in_case("redeem-token/id-token") && exchange.asks(REDEEM);
        error_of(
            exchange,
            is_relevant,
            &[
                ("invalid_grant", &["invalid_grant"]),
                ("invalid_token", &["invalid_issuer"]),
            ],
        )
    }),
    ("id_jag_reuse", id_jag_reuse),
    ("policy_denied", policy_denied),
    ("refresh_token_rotation", refresh_token_rotation),
    ("metadata_announces_token_exchange", |exchange| {
        (exchange.is_org() && is_metadata(exchange))
            .then(|| yes_or_no(lists_grant(exchange, EXCHANGE), &["yes"], &["no"]))
    }),
    ("metadata_announces_id_jag_grant", |exchange| {
        (exchange.is_custom() && is_metadata(exchange))
            .then(|| yes_or_no(lists_grant(exchange, REDEEM), &["yes"], &["no"]))
    }),
    ("metadata_auth_signing_algs", |exchange| {
        let listed = exchange.member("token_endpoint_auth_signing_alg_values_supported");
        is_metadata(exchange).then(|| yes_or_no(listed.is_some(), &["list"], &["omit"]))
    }),
    ("redeem_response_resource", |exchange| {
        let bound = exchange
            .sent_token("assertion")?
            .claims
            .contains_key("resource");
        (bound && exchange.asks(REDEEM) && exchange.is_granted()).then(|| {
            yes_or_no(
                exchange.member("resource").is_some(),
                &["include"],
                &["omit"],
            )
        })
    }),
];

fn yes_or_no(is_so: bool, yes: Possible, no: Possible) -> Possible {
    if is_so { yes } else { no }
}

/// What an answer means that grants something, and one that refuses it.
fn granted_or_refused(
    exchange: &RecordedExchange<'_>,
    is_relevant: bool,
    if_granted: Possible,
    if_refused: Possible,
) -> Option<Possible> {
    match is_relevant {
        true if exchange.is_granted() => Some(if_granted),
        true if exchange.is_refused() => Some(if_refused),
        _ => None,
    }
}

/// The same for the last answer of a case.
fn last_in_case(
    exchange: &RecordedExchange<'_>,
    case: &str,
    yes: Possible,
    no: Possible,
) -> Option<Possible> {
    granted_or_refused(
        exchange,
        exchange.in_case(case) && exchange.to("/token") && exchange.is_last(),
        yes,
        no,
    )
}

/// The same for a case below a folder.
fn last_in_case_below(
    exchange: &RecordedExchange<'_>,
    folder: &str,
    case: &str,
    yes: Possible,
    no: Possible,
) -> Option<Possible> {
    let is_there = exchange.place().starts_with(folder);
    is_there
        .then(|| last_in_case(exchange, case, yes, no))
        .flatten()
}

/// What the `error` of a refusal means.
fn error_of(
    exchange: &RecordedExchange<'_>,
    is_relevant: bool,
    known: &[(&str, Possible)],
) -> Option<Possible> {
    let error = exchange
        .text("error")
        .filter(|_| is_relevant && exchange.is_last())?;
    let found = known.iter().find(|(name, _)| *name == error);
    found.map(|(_, possible)| *possible)
}

fn wrong_media_type(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    match exchange.status() {
        _ if !exchange.sends_json() || !exchange.to("/token") || !exchange.is_refused() => None,
        400 if exchange.text("errorCode").is_some() => Some(&["400"]),
        415 => Some(&["415"]),
        _ => None,
    }
}

fn unknown_client(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    let is_relevant =
        exchange.in_case("/unknown-client") && exchange.to("/token") && exchange.is_last();
    let is_envelope = exchange.text("errorCode").is_some();
    match exchange.status() {
        _ if !is_relevant => None,
        401 if is_envelope => Some(&["envelope_401"]),
        400 if is_envelope => Some(&["envelope_400"]),
        401 if exchange.text("error").is_some() => Some(&["oauth_401"]),
        _ => None,
    }
}

fn unauthorized_challenge(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    if exchange.status() != 401
        || !exchange.to("/token")
        || exchange.text("error") != Some("invalid_client")
    {
        return None;
    }
    let authorization = exchange.sent_header("authorization").unwrap_or_default();
    let is_basic = authorization.to_ascii_lowercase().starts_with("basic ");
    Some(
        match (is_basic, exchange.header("www-authenticate").is_some()) {
            (true, true) => &["basic_only", "always"],
            (true, false) => &["never"],
            (false, true) => &["always"],
            (false, false) => &["basic_only", "never"],
        },
    )
}

/// Every answer of an org that counts requests says how many are left.
fn rate_limits(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    let is_judged = exchange.is_granted() || exchange.is_refused();
    let counts = exchange.header("x-rate-limit-limit").is_some();
    (exchange.to("/token") && is_judged).then(|| yes_or_no(counts, &["integrator"], &["off"]))
}

fn token_cache_control(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    if !exchange.to("/token") || exchange.member("access_token").is_none() {
        return None;
    }
    let field = exchange.header("cache-control")?.to_ascii_lowercase();
    let has = |name: &str| field.split(',').any(|one| one.trim() == name);
    match (has("no-cache"), has("no-store")) {
        (true, true) => Some(&["no_cache_no_store"]),
        (false, true) => Some(&["no_store"]),
        _ => None,
    }
}

fn exchange_at_custom_server(exchange: &RecordedExchange<'_>) -> Option<Possible> {
    match exchange.text("error")? {
        _ if !exchange.in_case("exchange-types/at-custom-as") || !exchange.is_last() => None,
        "unsupported_grant_type" => Some(&["unsupported_grant_type"]),
        "invalid_request" => Some(&["invalid_requested_token_type"]),
        _ => None,
    }
}

fn is_metadata(exchange: &RecordedExchange<'_>) -> bool {
    exchange.address().contains("/.well-known/o")
        && exchange.is_granted()
        && exchange.member("issuer").is_some()
}

fn lists_grant(exchange: &RecordedExchange<'_>, grant: &str) -> bool {
    let grants = exchange
        .member("grant_types_supported")
        .and_then(Value::as_array);
    grants.is_some_and(|grants| grants.iter().any(|one| one.as_str() == Some(grant)))
}
