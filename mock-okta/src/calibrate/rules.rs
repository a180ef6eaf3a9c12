//! What an answer leaves possible for a switch: a rule each.
//!
//! A rule says something of answers that depend on the switch and on nothing else. What is granted says more than what is
//! refused, for there may be many reasons to refuse; where a refusal counts, it is that of a case which changes this one thing.

use serde_json::Value;

use super::act::{Act, EXCHANGE, REDEEM};

/// Positions that an answer leaves possible.
type Possible = &'static [&'static str];

/// A switch, and the positions that an exchange leaves possible for it; nothing where it says nothing.
type Rule = (&'static str, fn(&Act<'_>) -> Option<Possible>);

/// Every switch that recordings show something of.
pub(super) const RULES: &[Rule] = &[
    ("wrong_media_type", wrong_media_type),
    ("user_sign_in", user_sign_in),
    ("client_assertion_audience", |act| {
        decided(
            act,
            "/aud-is-issuer",
            &["endpoint_or_issuer"],
            &["endpoint", "endpoint_or_token_endpoint"],
        )
    }),
    ("client_assertion_audience_array", |act| {
        decided_at(
            act,
            "client-authentication/",
            "/aud-list-of-one",
            &["one_element"],
            &["refuse"],
        )
    }),
    ("client_assertion_jti", |act| {
        decided_at(
            act,
            "client-authentication/",
            "/jti-missing",
            &["optional"],
            &["required"],
        )
    }),
    ("client_assertion_kid", |act| {
        let several = &["when_several_keys", "optional"];
        decided(act, "/kid-missing", several, &["required"])
    }),
    ("unknown_client", unknown_client),
    ("unauthorized_challenge", unauthorized_challenge),
    ("authorize_error", authorize_error),
    ("authorize_response_iss", |act| {
        (act.to("/authorize/resume") && act.redirected("code"))
            .then(|| yes_or_no(act.redirected("iss"), &["yes"], &["no"]))
    }),
    ("post_message_with_code", post_message_with_code),
    ("code_reuse", code_reuse),
    ("code_flow_id_token", code_flow_id_token),
    ("token_cache_control", token_cache_control),
    ("exchange_at_custom_server", exchange_at_custom_server),
    ("subject_token_expired", |act| {
        let is_it =
            act.in_case("exchange-signed/expired") || act.in_case("exchange-subject/expired");
        error_of(
            act,
            is_it && act.asks(EXCHANGE),
            &[
                ("invalid_grant", &["invalid_grant"]),
                ("invalid_request", &["invalid_request"]),
            ],
        )
    }),
    ("audience_missing", |act| {
        error_of(
            act,
            act.in_case("/audience-missing"),
            &[
                ("invalid_request", &["invalid_request"]),
                ("invalid_target", &["invalid_target"]),
            ],
        )
    }),
    ("several_targets", |act| {
        let several = act.times("resource") > 1 || act.times("audience") > 1;
        granted(act, several && act.asks(EXCHANGE), &["first"], &["refuse"])
    }),
    ("exchange_without_scope", |act| {
        decided(act, "exchange-scope/missing", &["connection"], &["refuse"])
    }),
    ("id_jag_token_type", |act| {
        match issued_id_jag(act)?.0.text("token_type")? {
            "N_A" => Some(&["N_A"]),
            "Bearer" => Some(&["Bearer"]),
            _ => None,
        }
    }),
    ("id_jag_response_scope", |act| {
        let answer = issued_id_jag(act)?.0;
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
    ("actor_token", |act| {
        decided(
            act,
            "exchange-parameters/actor-token-of-nobody",
            &["ignore"],
            &["refuse"],
        )
    }),
    ("sts_response_scope", |act| {
        (act.asks_for(":oauth-sts") && act.is_granted())
            .then(|| yes_or_no(act.member("scope").is_some(), &["echo"], &["omit"]))
    }),
    ("subject_token_user", |act| {
        granted(
            act,
            act.in_case("/user-suspended") && act.asks(EXCHANGE),
            &["unchecked"],
            &["checked"],
        )
    }),
    ("redeem_scope", |act| {
        let is_it = act.in_case("redeem/scope-repeated") || act.in_case("redeem/scope-beyond");
        granted(act, is_it && act.asks(REDEEM), &["ignore"], &["refuse"])
    }),
    ("redeem_resource", |act| {
        let is_it = act.in_case("resource/redeemed-without-its-resource") && act.asks(REDEEM);
        granted(act, is_it, &["optional"], &["required"])
    }),
    ("jwt_bearer_other_jwt", |act| {
        let is_it = act.in_case("redeem-token/id-token") && act.asks(REDEEM);
        error_of(
            act,
            is_it,
            &[
                ("invalid_grant", &["invalid_grant"]),
                ("invalid_token", &["invalid_issuer"]),
            ],
        )
    }),
    ("id_jag_reuse", id_jag_reuse),
    ("policy_denied", policy_denied),
    ("refresh_token_rotation", refresh_token_rotation),
    ("metadata_announces_token_exchange", |act| {
        (act.is_org() && is_metadata(act))
            .then(|| yes_or_no(lists_grant(act, EXCHANGE), &["yes"], &["no"]))
    }),
    ("metadata_announces_id_jag_grant", |act| {
        (act.is_custom() && is_metadata(act))
            .then(|| yes_or_no(lists_grant(act, REDEEM), &["yes"], &["no"]))
    }),
    ("metadata_auth_signing_algs", |act| {
        let listed = act.member("token_endpoint_auth_signing_alg_values_supported");
        is_metadata(act).then(|| yes_or_no(listed.is_some(), &["list"], &["omit"]))
    }),
    ("redeem_response_resource", |act| {
        let bound = act.sent_token("assertion")?.claims.contains_key("resource");
        (bound && act.asks(REDEEM) && act.is_granted())
            .then(|| yes_or_no(act.member("resource").is_some(), &["include"], &["omit"]))
    }),
];

fn yes_or_no(is_so: bool, yes: Possible, no: Possible) -> Possible {
    if is_so { yes } else { no }
}

/// What it means that something was granted, and that it was refused.
fn granted(act: &Act<'_>, is_about: bool, yes: Possible, no: Possible) -> Option<Possible> {
    match is_about {
        true if act.is_granted() => Some(yes),
        true if act.is_refused() => Some(no),
        _ => None,
    }
}

/// The same for the last answer of a case.
fn decided(act: &Act<'_>, case: &str, yes: Possible, no: Possible) -> Option<Possible> {
    granted(
        act,
        act.in_case(case) && act.to("/token") && act.is_last(),
        yes,
        no,
    )
}

/// The same for a case below a folder.
fn decided_at(
    act: &Act<'_>,
    folder: &str,
    case: &str,
    yes: Possible,
    no: Possible,
) -> Option<Possible> {
    let is_there = act.place().starts_with(folder);
    is_there.then(|| decided(act, case, yes, no)).flatten()
}

/// What the `error` of a refusal means.
fn error_of(act: &Act<'_>, is_about: bool, known: &[(&str, Possible)]) -> Option<Possible> {
    let error = act.text("error").filter(|_| is_about && act.is_last())?;
    let found = known.iter().find(|(name, _)| *name == error);
    found.map(|(_, possible)| *possible)
}

fn wrong_media_type(act: &Act<'_>) -> Option<Possible> {
    match act.status() {
        _ if !act.sends_json() || !act.to("/token") => None,
        400 if act.text("errorCode").is_some() => Some(&["400"]),
        415 => Some(&["415"]),
        _ => None,
    }
}

/// Whose ID token is exchanged in the whole flow.
fn user_sign_in(act: &Act<'_>) -> Option<Possible> {
    let is_flow = act.in_case("authorization-server/whole-flow") && act.is_granted();
    let subject = act.sent_token("subject_token").filter(|_| is_flow)?;
    let audience = subject.claims.get("aud")?.as_str()?;
    if act.client("agent") == Some(audience) {
        Some(&["agent"])
    } else if act.client("web_app") == Some(audience) {
        Some(&["linked_app"])
    } else {
        None
    }
}

fn unknown_client(act: &Act<'_>) -> Option<Possible> {
    let is_it = act.in_case("/unknown-client") && act.to("/token") && act.is_last();
    let is_envelope = act.text("errorCode").is_some();
    match act.status() {
        _ if !is_it => None,
        401 if is_envelope => Some(&["envelope_401"]),
        400 if is_envelope => Some(&["envelope_400"]),
        401 if act.text("error").is_some() => Some(&["oauth_401"]),
        _ => None,
    }
}

fn unauthorized_challenge(act: &Act<'_>) -> Option<Possible> {
    if act.status() != 401 || !act.to("/token") || act.text("error") != Some("invalid_client") {
        return None;
    }
    let authorization = act.sent_header("authorization").unwrap_or_default();
    let is_basic = authorization.to_ascii_lowercase().starts_with("basic ");
    Some(match (is_basic, act.header("www-authenticate").is_some()) {
        (true, true) => &["basic_only", "always"],
        (true, false) => &["never"],
        (false, true) => &["always"],
        (false, false) => &["basic_only", "never"],
    })
}

fn authorize_error(act: &Act<'_>) -> Option<Possible> {
    let is_it = act.to("/authorize") && act.is_refused() && act.header("location").is_none();
    let media_type = act.header("content-type").filter(|_| is_it)?;
    if media_type.starts_with("application/json") {
        Some(&["json"])
    } else if media_type.starts_with("text/html") {
        // A browser asks for pages.
        Some(&["by_accept", "page"])
    } else {
        None
    }
}

fn post_message_with_code(act: &Act<'_>) -> Option<Possible> {
    if !act.in_case("/response-mode-post-message") || !act.is_last() {
        return None;
    }
    let sends = act.is_granted() && act.page().is_some_and(|page| page.contains("postMessage"));
    if sends {
        Some(&["with_pkce"])
    } else {
        (act.redirected("error") || act.is_refused()).then_some(&["refuse"])
    }
}

/// Whether an access token still counts after its code was used again.
fn code_reuse(act: &Act<'_>) -> Option<Possible> {
    if !act.in_case("redeem-code/used-twice") || !act.to("/introspect") {
        return None;
    }
    match act.member("active")? {
        Value::Bool(true) => Some(&["keeps"]),
        Value::Bool(false) => Some(&["revokes"]),
        _ => None,
    }
}

fn code_flow_id_token(act: &Act<'_>) -> Option<Possible> {
    if !act.asks("authorization_code") || !act.is_granted() {
        return None;
    }
    let scopes = act.text("scope")?;
    let claims = &act.token("id_token")?.claims;
    if !scopes.split(' ').any(|scope| scope == "profile") || !claims.contains_key("name") {
        return None;
    }
    let rest = [
        "given_name",
        "family_name",
        "locale",
        "zoneinfo",
        "updated_at",
    ];
    let is_full = rest.iter().any(|name| claims.contains_key(*name));
    Some(yes_or_no(is_full, &["full"], &["thin"]))
}

fn token_cache_control(act: &Act<'_>) -> Option<Possible> {
    if !act.to("/token") || act.member("access_token").is_none() {
        return None;
    }
    let field = act.header("cache-control")?.to_ascii_lowercase();
    let has = |name: &str| field.split(',').any(|one| one.trim() == name);
    match (has("no-cache"), has("no-store")) {
        (true, true) => Some(&["no_cache_no_store"]),
        (false, true) => Some(&["no_store"]),
        _ => None,
    }
}

fn exchange_at_custom_server(act: &Act<'_>) -> Option<Possible> {
    match act.text("error")? {
        _ if !act.in_case("exchange-types/at-custom-as") || !act.is_last() => None,
        "unsupported_grant_type" => Some(&["unsupported_grant_type"]),
        "invalid_request" => Some(&["invalid_requested_token_type"]),
        _ => None,
    }
}

/// The answer that carries an ID-JAG, and its claims.
fn issued_id_jag<'a, 'r>(
    act: &'a Act<'r>,
) -> Option<(&'a Act<'r>, Option<&'r serde_json::Map<String, Value>>)> {
    let issued = act.text("issued_token_type")?;
    let is_it = issued.ends_with(":id-jag") && act.is_granted();
    let claims = act.token("access_token").map(|token| &token.claims);
    is_it.then_some((act, claims))
}

fn actor_chain(act: &Act<'_>) -> Option<Possible> {
    let claims = issued_id_jag(act)?.1?;
    let Some(actor) = claims.get("act") else {
        return Some(&["none"]);
    };
    if actor.get("act").is_some() {
        return Some(&["by_client"]);
    }
    let audience = act
        .sent_token("subject_token")?
        .claims
        .get("aud")?
        .as_str()?;
    let by_app = act.client("web_app") == Some(audience);
    // Where the agent signed the user in itself there is nobody below it.
    Some(yes_or_no(
        by_app,
        &["agent_only"],
        &["by_client", "agent_only"],
    ))
}

fn id_jag_email(act: &Act<'_>) -> Option<Possible> {
    let claims = issued_id_jag(act)?.1?;
    let subject = act.sent_token("subject_token")?;
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

fn id_jag_reuse(act: &Act<'_>) -> Option<Possible> {
    if !act.in_case("redeem/replayed") || !act.asks(REDEEM) {
        return None;
    }
    let assertion = act.sent("assertion")?;
    let is_second = act.earlier().iter().any(|one| {
        one.asks(REDEEM) && one.is_granted() && one.sent("assertion") == Some(assertion)
    });
    granted(act, is_second, &["until_expiry"], &["single_use"])
}

/// The status of a policy miss: the rule lacks the scope that the ID-JAG has.
fn policy_denied(act: &Act<'_>) -> Option<Possible> {
    if !act.asks(REDEEM) || act.text("error") != Some("access_denied") {
        return None;
    }
    match act.status() {
        401 => Some(&["401"]),
        403 => Some(&["403"]),
        400 => Some(&["400"]),
        _ => None,
    }
}

/// Of a public client the refresh token changes in any case.
fn refresh_token_rotation(act: &Act<'_>) -> Option<Possible> {
    if !act.asks("refresh_token") || !act.is_granted() {
        return None;
    }
    if act
        .client("public_app")
        .is_some_and(|public| act.sent("client_id") == Some(public))
    {
        return None;
    }
    let next = act.text("refresh_token");
    let is_other = next.is_some() && next != act.sent("refresh_token");
    Some(yes_or_no(is_other, &["on"], &["off"]))
}

fn is_metadata(act: &Act<'_>) -> bool {
    act.address().contains("/.well-known/o") && act.is_granted() && act.member("issuer").is_some()
}

fn lists_grant(act: &Act<'_>, grant: &str) -> bool {
    let grants = act
        .member("grant_types_supported")
        .and_then(Value::as_array);
    grants.is_some_and(|grants| grants.iter().any(|one| one.as_str() == Some(grant)))
}
