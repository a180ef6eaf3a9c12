//! The catalogue: internal code, status, `error`, our own words, source. One line a refusal.
//!
//! Internal codes, status and `error` are facts of Okta's published error catalogue (2026.08.1); where an answer
//! was seen at a real org, the source says so. What follows from an RFC alone stands in a part of its own: its codes
//! are ours.

const CATALOGUE: &str = "Okta OAuth error catalogue 2026.08.1";
const OBSERVED: &str = "observed at real orgs; Okta OAuth error catalogue 2026.08.1";

macro_rules! refusals {
    ($($variant:ident = $code:literal, $status:literal, $error:literal, $text:literal, $source:expr;)+) => {
        /// A named way to say no.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Refusal {
            $(#[doc = concat!("`", $code, "`: ", $text)] $variant,)+
        }

        impl Refusal {
            /// Every refusal, in the order of the catalogue file.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Internal code: shown in the System Log of a real org, and by the mock in a debug header.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// HTTP status at the token endpoint and its like.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// `error` on the wire.
            pub const fn error(self) -> &'static str {
                match self { $(Self::$variant => $error),+ }
            }

            /// `error_description` on the wire, in words of ours.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Where the row was read.
            pub const fn source(self) -> &'static str {
                match self { $(Self::$variant => $source),+ }
            }
        }
    };
}

refusals! {
    // --- the request as such -------------------------------------------------------------------------------
    InvalidRequest = "invalid_request", 400, "invalid_request", "The request is malformed.", CATALOGUE;
    DuplicateParameter = "duplicate_oauth_params", 400, "invalid_request", "A parameter may be sent once only.", CATALOGUE;
    MissingGrantType = "token_request_missing_grant_type", 400, "invalid_request", "The grant_type parameter is missing.", CATALOGUE;
    MissingParameter = "missing_token_request_parameter", 400, "invalid_request", "A parameter that this grant needs is missing.", CATALOGUE;
    UnsupportedGrantType = "unsupported_grant_type", 400, "unsupported_grant_type", "This authorization server does not know the grant type.", CATALOGUE;
    UnauthorizedClient = "unauthorized_client", 400, "unauthorized_client", "The client is not registered for this grant type.", CATALOGUE;
    OrgServerOnlyClient = "org_authorization_server_only_client", 400, "unauthorized_client", "The client may use the org authorization server only.", CATALOGUE;
    ConfidentialClientRequired = "confidential_client_required", 400, "unauthorized_client", "A client that proves nothing may not use this grant.", CATALOGUE;
    MissingToken = "request_missing_token", 400, "invalid_request", "The token parameter is missing.", CATALOGUE;

    // --- client authentication -----------------------------------------------------------------------------
    CredentialsInQuery = "client_credentials_in_query", 400, "invalid_request", "Credentials and tokens do not belong in the query.", CATALOGUE;
    MultipleCredentials = "multiple_client_credentials", 401, "invalid_request", "The request carries more than one client credential.", CATALOGUE;
    MissingCredentials = "missing_client_credentials", 401, "invalid_client", "No client credentials found.", OBSERVED;
    InvalidBasicCredentials = "invalid_basic_auth_creds", 401, "invalid_client", "The Basic credentials cannot be read.", CATALOGUE;
    UnknownClient = "invalid_client_id", 401, "invalid_client", "Client authentication failed.", CATALOGUE;
    InactiveClient = "invalid_client", 401, "invalid_client", "The client is not active.", OBSERVED;
    WrongSecret = "invalid_client_secret", 401, "invalid_client", "Client authentication failed.", CATALOGUE;
    AuthMethodNotAllowed = "invalid_token_endpoint_auth_method", 401, "invalid_client", "The client is registered for another authentication method.", CATALOGUE;
    AssertionTypeInvalid = "client_assertion_type_invalid", 400, "invalid_request", "client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer.", CATALOGUE;
    AssertionInvalidJwt = "client_assertion_invalid_jwt", 401, "invalid_client", "The client_assertion is not a signed JWT.", CATALOGUE;
    AssertionAlgorithm = "client_assertion_invalid_signature_algorithm", 401, "invalid_client", "The client_assertion is signed with an algorithm that is not accepted for this client.", CATALOGUE;
    AssertionIssuer = "client_assertion_invalid_issuer", 401, "invalid_client", "The iss of the client_assertion must be the client id.", CATALOGUE;
    AssertionSubject = "client_assertion_invalid_subject", 401, "invalid_client", "The sub of the client_assertion must be the client id.", CATALOGUE;
    AssertionNoKeys = "client_assertion_jwks_not_configured", 401, "invalid_client", "The client has no registered key.", CATALOGUE;
    AssertionNoSecret = "client_assertion_invalid_no_secret", 401, "invalid_client", "The client has no secret to verify a client_assertion with.", CATALOGUE;
    AssertionShortSecret = "client_assertion_invalid_secret_length", 401, "invalid_client", "The secret of the client is too short for the algorithm of the client_assertion.", CATALOGUE;
    AssertionKeyUse = "client_assertion_invalid_key_use", 401, "invalid_client", "The use of the key under this kid must be sig.", CATALOGUE;
    AssertionNotSigningKey = "client_assertion_not_signed_with_signing_key", 401, "invalid_client", "The key under this kid is for encryption, not for signatures.", CATALOGUE;
    AssertionJwks = "client_assertion_invalid_jwks", 401, "invalid_client", "The key set of the client holds no public key under this kid.", CATALOGUE;
    JwksUriJku = "jwks_uri_jku_mismatch_error", 401, "invalid_client", "The jku of the client_assertion is not the jwks_uri of the client.", CATALOGUE;
    JwksUriError = "jwks_uri_error", 401, "invalid_client", "The keys at the jwks_uri of the client cannot be had.", CATALOGUE;
    JwksUriNoKey = "jwks_uri_no_key", 401, "invalid_client", "There is no key at the jwks_uri of the client.", CATALOGUE;
    JwksUriAmbiguous = "jwks_uri_ambiguous_keys", 401, "invalid_client", "Every key at the jwks_uri of the client needs a kid of its own.", CATALOGUE;
    JwksUriAlgorithm = "jwks_uri_algorithm_required", 401, "invalid_client", "No key at the jwks_uri of the client is for the algorithm of the client_assertion.", CATALOGUE;
    JwksUriKeyUse = "jwks_uri_invalid_key_use", 401, "invalid_client", "The use of the key at the jwks_uri of the client must be sig.", CATALOGUE;
    AssertionKid = "client_assertion_invalid_kid", 401, "invalid_client", "No active key of the client has this kid.", CATALOGUE;
    AssertionSignature = "client_assertion_invalid_signature", 401, "invalid_client", "The signature of the client_assertion does not verify.", CATALOGUE;
    AssertionAudience = "client_assertion_invalid_audience", 401, "invalid_client", "The aud of the client_assertion must be the full URL of the endpoint called.", OBSERVED;
    AssertionNoExpiry = "client_assertion_expiration_required", 401, "invalid_client", "The client_assertion needs an exp.", CATALOGUE;
    AssertionExpired = "client_assertion_expired_token", 401, "invalid_client", "The client_assertion has expired.", CATALOGUE;
    AssertionTooLong = "client_assertion_expires_too_far_in_future", 401, "invalid_client", "The exp of the client_assertion lies more than one hour ahead.", CATALOGUE;
    AssertionIssuedInFuture = "client_assertion_issued_at_in_future", 401, "invalid_client", "The client_assertion is not valid yet: its iat or nbf lies in the future.", CATALOGUE;
    AssertionUsed = "client_assertion_already_used", 401, "invalid_client", "The client_assertion was used before.", CATALOGUE;

    // --- authorize -----------------------------------------------------------------------------------------
    ServiceAtAuthorize = "invalid_client_application_type", 400, "invalid_request", "A service app signs no user in.", CATALOGUE;
    DuplicatedParameters = "illegal_duplicated_parameters", 400, "invalid_request", "A parameter of an authorization request may be sent once only.", CATALOGUE;
    RequestObjectAndUri = "authorize_request_object_and_request_uri_provided", 400, "invalid_request", "request and request_uri exclude each other.", CATALOGUE;
    RequestObjectUnsupported = "request_not_supported", 400, "request_not_supported", "Request objects are not supported.", CATALOGUE;
    RequestUriUnsupported = "request_uri_not_supported", 400, "request_uri_not_supported", "Requests by address are not supported.", CATALOGUE;
    RedirectUriMissing = "missing_redirect_uri", 400, "missing_redirect_uri", "The redirect_uri parameter is missing.", CATALOGUE;
    RedirectUriIllegal = "illegal_redirect_uri", 400, "invalid_request", "The redirect_uri is not one that the client registered.", CATALOGUE;
    StateInvalid = "invalid_state", 400, "invalid_request", "The state parameter is missing.", CATALOGUE;
    ResponseTypeInvalid = "invalid_response_type", 400, "invalid_response_type", "The response_type parameter is missing.", CATALOGUE;
    ResponseTypeUnsupported = "unsupported_response_type", 400, "unsupported_response_type", "The client may use response_type code only.", CATALOGUE;
    NonceInvalid = "invalid_nonce", 400, "invalid_request", "A request for tokens needs a nonce.", CATALOGUE;
    ResponseModeQueryWithTokens = "unsupported_response_mode_query_with_tokens", 400, "unsupported_response_mode", "Tokens do not travel in a query.", CATALOGUE;
    ResponseModePostMessageWithCode = "unsupported_response_mode_okta_post_message_with_code", 400, "unsupported_response_mode", "A code does not travel by okta_post_message.", CATALOGUE;
    ResponseModeUnsupported = "unsupported_response_mode", 400, "unsupported_response_mode", "The response_mode is not supported.", CATALOGUE;
    PkceChallengeMissing = "pkce_missing_challenge", 400, "invalid_request", "The client must send a code_challenge.", CATALOGUE;
    PkceChallengeInvalid = "pkce_invalid_challenge", 400, "invalid_request", "The code_challenge must be 43 to 128 characters of the unreserved set.", CATALOGUE;
    PkceMethodUnsupported = "pkce_unsupported_code_challenge_method", 400, "invalid_request", "The code_challenge_method must be S256.", CATALOGUE;
    PromptInvalid = "invalid_prompt", 400, "invalid_request", "The prompt is not known, or none is combined with others.", CATALOGUE;
    MaxAgeInvalid = "invalid_max_age", 400, "invalid_request", "The max_age must be a number of seconds.", CATALOGUE;
    MaxAgeZeroPrompt = "invalid_prompt_for_zero_max_age", 400, "invalid_request", "max_age=0 cannot be combined with prompt=none.", CATALOGUE;
    AuthenticationUnmet = "unmet_authentication_requirements", 400, "unmet_authentication_requirements", "Users have a password only, which does not meet acr_values.", CATALOGUE;
    ApiResourceUnsupported = "unsupported_api_resource", 400, "unsupported_api_resource", "The authorization server issues no tokens for this resource.", CATALOGUE;
    ApiResourceForAuthorization = "unsupported_api_resource_for_authorization", 400, "unsupported_api_resource", "An authorization request may name one resource.", CATALOGUE;
    NoExistingSession = "no_existing_session", 400, "login_required", "Nobody is signed in, and prompt=none lets nobody sign in.", CATALOGUE;
    LoginRequired = "login_required", 400, "login_required", "The user must sign in again, and prompt=none does not let them.", CATALOGUE;
    AppSignOnRequired = "app_sign_on_required", 400, "login_required", "The client wants a more recent sign-in, and prompt=none does not let the user.", CATALOGUE;
    ConsentRequired = "consent_required", 400, "consent_required", "The user has not consented to a requested scope, and prompt=none does not let them.", CATALOGUE;
    UserCanceled = "user_canceled_request", 403, "access_denied", "The user refused.", CATALOGUE;
    UserStatusInvalid = "invalid_user_status_error", 403, "access_denied", "The user is not active.", CATALOGUE;
    SessionMismatched = "mismatched_user_in_cache_and_session", 403, "access_denied", "The session is not the one in which the user signed in.", CATALOGUE;
    IdTokenInvalid = "id_token_invalid", 401, "invalid_token", "The id_token_hint is no ID token of this server.", CATALOGUE;
    UserNotAssigned = "user_not_assigned", 400, "access_denied", "The user is not assigned to the client.", CATALOGUE;
    RequestExpired = "request_expired", 400, "login_required", "The sign-in was not finished in time.", CATALOGUE;
    OpenIdScopeRequired = "openid_scope_required", 400, "invalid_scope", "The openid scope is needed.", CATALOGUE;

    // --- code and refresh token ----------------------------------------------------------------------------
    CodeInvalid = "invalid_authorization_code", 400, "invalid_grant", "The authorization code is unknown, used or expired.", CATALOGUE;
    CodeClient = "mismatched_client", 400, "invalid_grant", "The grant was issued to another client.", CATALOGUE;
    CodeRedirectUri = "mismatched_redirect_uri", 400, "invalid_grant", "The redirect_uri is not the one of the authorization request.", CATALOGUE;
    CodeServer = "mismatched_authorization_server", 400, "invalid_request", "The grant was issued for another authorization server.", OBSERVED;
    PkceMissingVerifier = "pkce_missing_verifier", 400, "invalid_request", "The code_verifier is missing.", CATALOGUE;
    PkceUnexpectedVerifier = "pkce_missing_challenge_verifier_present", 400, "invalid_request", "There was no code_challenge for this code_verifier.", CATALOGUE;
    PkceVerifierMalformed = "pkce_verification_failed_with_reason", 400, "invalid_grant", "The code_verifier must be 43 to 128 characters of the unreserved set.", CATALOGUE;
    ResourceMismatched = "mismatched_resource", 400, "invalid_request", "The resource is not the one of the authorization request.", CATALOGUE;
    PkceFailed = "pkce_verification_failed", 400, "invalid_grant", "The code_verifier does not fit the code_challenge.", CATALOGUE;
    RefreshTokenInvalid = "invalid_refresh_token", 400, "invalid_grant", "The refresh token is unknown, expired or revoked.", CATALOGUE;
    RefreshScope = "refresh_scopes_denied", 400, "access_denied", "A refresh cannot widen the scope.", CATALOGUE;

    // --- token requests from browsers ----------------------------------------------------------------------
    BrowserOrigin = "illegal_origin_browser_request", 400, "invalid_request", "The origin is not one of the client's redirect URIs.", CATALOGUE;
    BrowserGrant = "unsupported_grant_type_browser_request", 400, "unauthorized_client", "A browser may redeem codes and refresh tokens only.", CATALOGUE;
    BrowserWithoutPkce = "unsupported_auth_method_browser_request", 401, "invalid_client", "A browser must redeem codes with PKCE.", CATALOGUE;

    // --- token exchange: types and subject -----------------------------------------------------------------
    RequestedTokenType = "invalid_requested_token_type", 400, "invalid_request", "This authorization server does not issue the requested_token_type.", CATALOGUE;
    SubjectTokenType = "invalid_subject_token_type", 400, "invalid_request", "The subject_token_type is not supported for this request.", CATALOGUE;
    ActorTokenType = "invalid_actor_token_type", 400, "invalid_request", "actor_token and actor_token_type come together or not at all.", CATALOGUE;
    ActorToken = "invalid_actor_token", 400, "invalid_request", "The actor_token is not accepted.", CATALOGUE;
    SubjectToken = "invalid_subject_token", 400, "invalid_request", "The subject_token is not valid for this client.", CATALOGUE;
    SubjectIssuer = "invalid_subject_token_issuer_not_allowed", 400, "invalid_request", "The issuer of the subject_token is not accepted.", CATALOGUE;
    SubjectServer = "invalid_subject_token_authorization_server", 400, "invalid_request", "Access tokens of the org authorization server cannot be exchanged.", CATALOGUE;
    SubjectExpired = "token_exchange_subject_token_expired", 400, "invalid_grant", "The subject_token has expired.", CATALOGUE;
    SubjectClient = "invalid_subject_token_client_not_registered", 400, "invalid_request", "The client that the subject_token was issued to does not exist.", CATALOGUE;
    SubjectClientInactive = "invalid_subject_token_client_inactive", 400, "invalid_request", "The client that the subject_token was issued to is not active.", CATALOGUE;
    SubjectNoDelegation = "invalid_subject_token_no_delegation_link", 400, "invalid_request", "No delegation link leads from the subject_token's client to this agent.", CATALOGUE;
    SubjectUserInactive = "invalid_subject_token_user_inactive", 400, "invalid_request", "The user of the subject_token is not active.", CATALOGUE;
    SubjectSessionExpired = "invalid_subject_token_session_expired", 400, "invalid_request", "The session in which the user signed in has ended.", CATALOGUE;
    SubjectUserNotAssigned = "invalid_subject_token_user_not_assigned", 400, "invalid_request", "The user of the subject_token is not assigned to the client.", CATALOGUE;

    // --- token exchange: target and scope ------------------------------------------------------------------
    InvalidAudience = "token_exchange_invalid_audience", 400, "invalid_target", "The agent has no connection to this audience.", CATALOGUE;
    InvalidResource = "token_exchange_invalid_resource", 400, "invalid_target", "The agent has no connection to this resource.", CATALOGUE;
    UnsupportedResource = "unsupported_resource", 400, "invalid_target", "The resource is not one for which this request issues a token.", CATALOGUE;
    IncompleteResource = "token_exchange_incomplete_resource_configuration", 400, "invalid_target", "The connection to this resource is not active.", CATALOGUE;
    TooManyResources = "too_many_resources", 400, "invalid_target", "One resource may be named, not several.", CATALOGUE;
    MissingScopes = "missing_scopes", 400, "invalid_scope", "At least one scope is needed.", CATALOGUE;
    InvalidScope = "invalid_scope", 400, "invalid_scope", "The scope is malformed.", CATALOGUE;
    OpenIdInExchange = "openid_not_allowed_token_exchange", 400, "invalid_scope", "OpenID scopes cannot be exchanged.", CATALOGUE;
    NoMatchingScope = "no_matching_scope", 400, "invalid_scope", "A requested scope does not exist at the authorization server.", CATALOGUE;
    IllegalScope = "illegal_scope", 400, "invalid_scope", "A requested scope is not on the connection.", CATALOGUE;
    NotEntitled = "access_denied", 403, "access_denied", "The user is not entitled to the resource.", CATALOGUE;
    StsUserRequired = "oauth_sts_user_subject_required", 400, "invalid_request", "The subject_token must stand for a user.", CATALOGUE;
    StsInteraction = "oauth_sts_interaction_required", 400, "interaction_required", "The user must consent at the resource's own authorization server first.", CATALOGUE;

    SubscriptionMissing = "invalid_grant_type_or_token_exchange_sku_not_enabled", 400, "invalid_grant", "The org has no subscription for AI agents.", CATALOGUE;
    ExchangeGrantUnsupported = "unsupported_grant_type_token_exchange", 400, "unsupported_grant_type", "This authorization server does not exchange tokens.", CATALOGUE;
    ExchangeFlowUnsupported = "unsupported_token_exchange_flow", 403, "access_denied", "Only AI agents may exchange tokens.", CATALOGUE;
    ConsentRequiredInExchange = "consent_required_token_exchange", 400, "consent_required", "A requested scope needs the consent of the user, who cannot be asked in an exchange.", CATALOGUE;
    IllegalScopes = "illegal_scopes", 400, "invalid_scope", "The requested token has no scopes.", CATALOGUE;

    // --- client credentials ---------------------------------------------------------------------------------
    ClientCredentialsAtOrg = "unsupported_grant_type_client_creds_org_as", 400, "unsupported_grant_type", "The client_credentials grant needs a custom authorization server.", CATALOGUE;
    ClientCredentialsAuthMethod = "unsupported_auth_method_client_creds", 401, "invalid_client", "At the org authorization server the client_credentials grant needs private_key_jwt.", CATALOGUE;
    ClientCredentialsApplicationType = "invalid_application_type_client_credentials", 401, "invalid_client", "At the org authorization server the client_credentials grant is for service apps.", CATALOGUE;
    ClientCredentialsSelfScope = "client_credentials_self_scope_requested", 400, "client_credentials_self_scope_requested", "A machine cannot ask for scopes of its own account.", CATALOGUE;
    NoOrgScopes = "no_org_scopes_granted", 400, "consent_required", "The client was granted none of the requested scopes of the org.", CATALOGUE;
    OpenIdInClientCredentials = "openid_not_allowed_client_creds", 400, "invalid_scope", "OpenID scopes need a user.", CATALOGUE;
    NoDefaultScopes = "no_default_scopes", 400, "invalid_scope", "The authorization server has no default scopes, so scope must be sent.", CATALOGUE;
    ConsentRequiredOfMachine = "consent_required_client_credentials", 400, "consent_required", "A requested scope needs the consent of a user, and there is none.", CATALOGUE;

    // --- redeeming an ID-JAG -------------------------------------------------------------------------------
    InvalidGrant = "invalid_grant", 400, "invalid_grant", "The assertion is not an ID-JAG.", CATALOGUE;
    IdJagScopesInRequest = "id_jag_scopes_in_request", 400, "invalid_request", "The scope is part of the ID-JAG and is not sent again.", CATALOGUE;
    IdJagIssuer = "id_jag_untrusted_issuer", 400, "invalid_grant", "The issuer of the ID-JAG is not trusted.", CATALOGUE;
    IdJagSignature = "id_jag_invalid_signature", 400, "invalid_grant", "The signature of the ID-JAG does not verify.", CATALOGUE;
    IdJagAudience = "jwt_bearer_grant_invalid_audience", 400, "invalid_grant", "The ID-JAG is meant for another authorization server.", CATALOGUE;
    IdJagClient = "id_jag_client_mismatch", 400, "invalid_grant", "The ID-JAG was issued for another client.", CATALOGUE;
    IdJagInFuture = "id_jag_issued_in_future", 400, "invalid_grant", "The ID-JAG is not valid yet.", CATALOGUE;
    IdJagExpired = "id_jag_expired", 400, "invalid_grant", "The ID-JAG has expired.", CATALOGUE;
    IdJagTooLong = "id_jag_lifetime_too_long", 400, "invalid_grant", "The ID-JAG may live for five minutes at most.", CATALOGUE;
    IdJagSubject = "id_jag_invalid_subject", 400, "invalid_grant", "The subject of the ID-JAG cannot be resolved.", CATALOGUE;
    IdJagScopes = "id_jag_lacking_scopes", 400, "invalid_grant", "The ID-JAG carries no scope.", CATALOGUE;
    IdJagResource = "id_jag_resource_mismatch", 400, "invalid_grant", "The resource is not the one of the ID-JAG.", CATALOGUE;
    IdJagResourceNotAllowed = "id_jag_resource_not_allowed_for_as", 400, "invalid_grant", "The authorization server issues no tokens for the resource of the ID-JAG.", CATALOGUE;
    JwtBearerIssuer = "jwt_bearer_grant_invalid_issuer", 401, "invalid_token", "The issuer of the assertion may not use this grant.", CATALOGUE;
    IdJagReplayed = "id_jag_replayed", 400, "invalid_grant", "The ID-JAG was redeemed before.", CATALOGUE;
    NoMatchingPolicy = "no_matching_policy", 401, "access_denied", "No access policy of the authorization server allows this request.", OBSERVED;

    NoScopeAllowed = "no_scope_allowed", 400, "access_denied", "The access policy denies every requested scope.", CATALOGUE;
    ScopeDenied = "scope_denied", 400, "access_denied", "The access policy denies a requested scope.", CATALOGUE;

    // --- bearer tokens at userinfo and protected resources -------------------------------------------------
    AccessTokenInQuery = "access_token_in_query", 400, "invalid_request", "An access token does not belong in the query.", CATALOGUE;
    AccessTokenDuplicate = "access_token_duplicate", 400, "invalid_request", "The access token stands in the header and in the form.", CATALOGUE;
    AccessTokenTimestamp = "token_timestamp_invalid", 401, "invalid_token", "The access token is not valid yet.", CATALOGUE;
    AccessTokenMissing = "access_token_missing", 401, "invalid_request", "There is no access token in the request.", CATALOGUE;
    AccessTokenInvalid = "access_token_invalid", 401, "invalid_token", "The access token is not valid.", CATALOGUE;
    AccessTokenIssuer = "access_token_invalid_issuer", 401, "invalid_token", "The access token comes from another issuer.", CATALOGUE;
    AccessTokenAudience = "access_token_invalid_audience", 401, "invalid_token", "The access token is meant for another audience.", CATALOGUE;
    AccessTokenExpired = "token_expired", 401, "invalid_token", "The access token has expired.", CATALOGUE;
    AccessTokenRevoked = "access_token_revoked", 401, "invalid_token", "The access token was revoked.", CATALOGUE;
    AccessTokenScope = "access_token_insufficient_scopes", 403, "insufficient_scope", "The access token lacks the scope that is needed.", CATALOGUE;

    // --- any JWT, wherever it is sent: the status and error are those of the place (`Refused::answered_as`) --
    JwsParts = "jws_parts", 400, "invalid_request", "A signed JWT has three parts.", "RFC 7515 section 7.1, RFC 7516 section 9";
    JwsBase64url = "jws_base64url", 400, "invalid_request", "The parts of a JWT are base64url without padding or white space.", "RFC 7515 sections 2 and 5.2";
    JwtNotUtf8 = "jwt_not_utf8", 400, "invalid_request", "Header and claims of a JWT are UTF-8.", "RFC 7515 section 5.2, RFC 7519 section 7.2";
    JwsHeaderType = "jws_header_type", 400, "invalid_request", "A header parameter of the JWT has a value of the wrong type.", "RFC 7515 sections 4.1 and 5.2";
    JwsCritical = "jws_critical_header", 400, "invalid_request", "The JWT has a critical header parameter that is not understood.", "RFC 7515 section 4.1.11";
    JwtNested = "jwt_nested", 400, "invalid_request", "A JWT that holds another JWT is not accepted.", "RFC 8725 section 3.3, RFC 7519 section 7.2";
    JwtDateType = "jwt_date_type", 400, "invalid_request", "The exp, nbf and iat of a JWT are numbers.", "RFC 7519 section 4.1";
    JwsKeySize = "jws_key_size", 400, "invalid_request", "The RSA key of the signature has fewer than 2048 bits.", "RFC 7518 section 3.3";

    // --- the server itself ---------------------------------------------------------------------------------
    AccessTokenNotGenerated = "access_token_not_generated", 500, "server_error", "The access token could not be signed.", CATALOGUE;
    IdJagNotGenerated = "id_jag_not_generated", 500, "server_error", "The token could not be signed.", CATALOGUE;
}

impl Refusal {
    /// Whether it is a row of Okta's catalogue. The others follow from an RFC alone, and their codes are ours.
    pub fn is_published(self) -> bool {
        !self.source().starts_with("RFC ")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_distinct() {
        let codes: BTreeSet<_> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
        assert_eq!(codes.len(), Refusal::ALL.len());
    }

    /// Facts come from the published catalogue and are not ours to change.
    #[test]
    fn every_refusal_agrees_with_its_row_of_the_published_catalogue() {
        let published = include_str!("../../catalogue/okta-error-codes.csv");
        for refusal in Refusal::ALL {
            let row = format!(
                "{},{},{}",
                refusal.code(),
                refusal.status(),
                refusal.error()
            );
            assert_eq!(
                published.lines().any(|line| line == row),
                refusal.is_published(),
                "in the catalogue, or else with an RFC as its source: {row}"
            );
        }
    }

    #[test]
    fn texts_keep_to_the_characters_of_rfc_6749() {
        for refusal in Refusal::ALL {
            assert!(
                refusal
                    .text()
                    .chars()
                    .all(|c| (' '..='~').contains(&c) && c != '"' && c != '\\'),
                "{}",
                refusal.code()
            );
        }
    }
}
