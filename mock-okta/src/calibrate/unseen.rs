//! What no recording shows.

/// Switches of which no recording shows anything, with the reason.
pub const NOT_OBSERVABLE: &[(&str, &str)] = &[
    (
        "id_jag_cap",
        "a run asks for fewer ID-JAGs than an org issues in a month",
    ),
    (
        "order_of_checks",
        "no case sends an unknown grant without authenticating",
    ),
    (
        "agent_client_authentication",
        "what an agent is configured for cannot be seen",
    ),
    (
        "client_assertion_replay",
        "no case has two clients use the same jti",
    ),
    (
        "client_assertion_iat",
        "no case leaves iat out of a client assertion",
    ),
    (
        "jwks_uri_cache",
        "no case waits for keys to be fetched again",
    ),
    (
        "future_skew",
        "the cases use instants that are minutes away, not seconds",
    ),
    (
        "past_skew",
        "the cases use instants that are minutes away, not seconds",
    ),
    ("org_authorize_resource", "no case sends resource there"),
    (
        "http_redirect_uri",
        "a refusal may be that of an address which is not registered",
    ),
    (
        "code_lifetime",
        "no case redeems a code between one and five minutes old",
    ),
    (
        "subject_token_issuer",
        "no case exchanges the ID token of a custom authorization server",
    ),
    (
        "connection_resource",
        "a target names each connection in one way",
    ),
    (
        "vault_scope",
        "only a case that sets the switch sends scope there",
    ),
    (
        "revoke_brokered_token",
        "no case revokes such a token without the hint",
    ),
    (
        "subject_token_session",
        "only a case that sets the switch ends the session first",
    ),
    (
        "refreshed_id_token",
        "only a case that sets the switch exchanges a refreshed ID token",
    ),
    (
        "policy_scope_miss",
        "only cases that set the switch tell its positions apart",
    ),
];
