//! The faults: what each breaks, as it is called in the list of rules for clients.

super::deviations! { Fault, "Something that a client must not do, or should not.":
    // Metadata.
    MetadataIssuerNotChecked "metadata-issuer-not-checked" ALL ["client.issuer-mismatch"] "Metadata of another issuer are used.";
    PlainHttpEndpoint "plain-http-endpoint" ALL ["client.https-endpoints"] "Endpoints that speak http on another host are used.";
    TlsNotVerified "tls-not-verified" ALL ["client.tls-verification"] "Any certificate is accepted.";
    GrantTypesGate "grant-types-gate" ALL ["client.okta-metadata"] "The agent stops where grant_types_supported lacks token exchange.";
    UnknownMembersRejected "unknown-members-rejected" ALL ["client.unknown-members"] "A token response with members that the agent does not know is rejected.";

    // Authorization request.
    NoPkce "no-pkce" ALL ["pkce.client-uses-s256"] "There is no code_challenge.";
    PlainPkce "plain-pkce" ALL ["pkce.client-uses-s256"] "The code_challenge_method is plain.";
    FixedVerifier "fixed-verifier" ALL ["pkce.client-uses-s256"] "Every run uses the same code_verifier.";
    ShortVerifier "short-verifier" ALL ["pkce.client-uses-s256"] "The code_verifier has 20 characters.";
    PkceDowngrade "pkce-downgrade" ALL ["client.pkce-no-downgrade"] "After an error the authorization request is sent again without PKCE.";
    FixedState "fixed-state" ALL ["client.csrf-binding"] "Every run uses the same state.";
    NoState "no-state" ALL ["client.csrf-binding"] "There is no state.";
    NoNonce "no-nonce" ALL ["client.csrf-binding"] "There is no nonce.";
    FixedNonce "fixed-nonce" ALL ["client.csrf-binding"] "Every run uses the same nonce.";
    ImplicitResponseType "implicit-response-type" ALL ["client.no-implicit"] "The response_type is `id_token token`.";
    HybridResponseType "hybrid-response-type" ALL ["client.no-implicit"] "The response_type is `code id_token`.";
    NoOpenidScope "no-openid-scope" ALL ["client.openid-scope"] "The scope lacks openid.";
    ForeignRedirectUri "foreign-redirect-uri" ALL ["client.redirect-uri-scheme"] "The redirect_uri is an http address on another host.";
    AssertionInAuthorizeUrl "assertion-in-authorize-url" ALL ["client.nothing-secret-in-urls"] "The authorization request carries a client assertion or the client secret.";

    // Authorization response.
    StateNotChecked "state-not-checked" ALL ["client.state-check" "client.unsolicited-callback"] "A response with another state, or with none, is used.";
    IssParameterNotChecked "iss-parameter-not-checked" ALL ["client.iss-param-check" "client.iss-unadvertised-wrong"] "A response with the iss of another server is used.";
    IssParameterMissingAccepted "iss-parameter-missing-accepted" ALL ["client.iss-param-check"] "A response without iss is used though the metadata announce it.";
    ErrorResponseIgnored "error-response-ignored" ALL ["client.error-response"] "After an error response the user is sent to sign in again and again.";
    CodeDespiteError "code-despite-error" ALL ["client.error-response"] "A code is redeemed, or made up, though the response is an error.";

    // Code redemption.
    OtherRedirectUriAtRedemption "other-redirect-uri-at-redemption" ALL ["client.code-redemption"] "The redirect_uri at redemption is not the one of the authorization request.";
    NoRedirectUriAtRedemption "no-redirect-uri-at-redemption" ALL ["client.code-redemption"] "The redemption lacks redirect_uri.";
    NoVerifier "no-verifier" ALL ["client.code-redemption" "pkce.client-uses-s256"] "The redemption lacks code_verifier.";
    CodeNotAuthenticated "code-not-authenticated" ALL ["client.code-redemption"] "The code is redeemed without client authentication.";
    CodeRedeemedTwice "code-redeemed-twice" ALL ["client.code-once"] "The code is redeemed a second time after it was redeemed.";
    CodeRetriedAfterCut "code-retried-after-cut" ALL ["client.code-once"] "The code is redeemed again when the answer was lost.";

    // ID token.
    IdTokenIssNotChecked "id-token-iss-not-checked" ALL ["client.idtoken-iss"] "An ID token of another issuer is used.";
    IdTokenAudNotChecked "id-token-aud-not-checked" ALL ["client.idtoken-aud" "client.idtoken-aud-extra"] "An ID token for another client is used.";
    IdTokenExtraAudAccepted "id-token-extra-aud-accepted" ALL ["client.idtoken-aud-extra"] "An ID token that a stranger is an audience of, too, is used.";
    IdTokenAzpNotChecked "id-token-azp-not-checked" ALL ["client.idtoken-azp"] "An ID token with the azp of another client is used.";
    IdTokenExpNotChecked "id-token-exp-not-checked" ALL ["client.idtoken-exp"] "An ID token that has expired, or that never does, is used.";
    IdTokenNonceNotChecked "id-token-nonce-not-checked" ALL ["client.idtoken-nonce"] "An ID token with another nonce, or with none, is used.";
    IdTokenSubNotChecked "id-token-sub-not-checked" ALL ["client.idtoken-sub"] "An ID token without sub is used.";
    IdTokenSignatureNotChecked "id-token-signature-not-checked" ALL ["client.idtoken-signature"] "The signature of the ID token is not verified.";
    IdTokenAlgNotChecked "id-token-alg-not-checked" ALL ["client.idtoken-alg"] "Only RS256 signatures are verified, and all others are believed.";
    IdTokenAlgNoneAccepted "id-token-alg-none-accepted" ALL ["client.idtoken-alg"] "An ID token with alg none is used.";
    KidIgnored "kid-ignored" ALL ["client.key-rotation"] "The first key of the key set is used, whatever the kid.";

    // Client authentication.
    AssertionJtiFixed "assertion-jti-fixed" ALL ["client.assertion-once"] "Every client assertion has the same jti.";
    AssertionNoJti "assertion-no-jti" ALL ["client.assertion-once"] "Client assertions have no jti.";
    AssertionForTwoEndpoints "assertion-for-two-endpoints" AUTHORIZATION_SERVER ["client.assertion-once" "client.assertion-aud"] "The same client assertion goes to the org and to the custom authorization server.";
    AssertionReusedOnRetry "assertion-reused-on-retry" ALL ["client.assertion-once"] "A request that is repeated repeats its client assertion.";
    AssertionAudIssuer "assertion-aud-issuer" ALL ["client.assertion-aud"] "The aud of client assertions is the issuer.";
    AssertionAudOtherEndpoint "assertion-aud-other-endpoint" ALL ["client.assertion-aud"] "The aud of client assertions is the introspection endpoint.";
    AssertionAudList "assertion-aud-list" ALL ["client.assertion-aud"] "The aud of client assertions lists the endpoint and the issuer.";
    AssertionNoKid "assertion-no-kid" ALL ["client.assertion-claims"] "Client assertions have no kid.";
    AssertionOtherKid "assertion-other-kid" ALL ["client.assertion-claims"] "Client assertions name a key that is not registered.";
    AssertionOfADay "assertion-of-a-day" ALL ["client.assertion-claims"] "Client assertions live for a day.";
    AssertionNoExp "assertion-no-exp" ALL ["client.assertion-claims"] "Client assertions have no exp.";
    AssertionIssOther "assertion-iss-other" ALL ["client.assertion-claims"] "The iss of client assertions is not the client id.";
    AssertionSubUser "assertion-sub-user" ALL ["client.assertion-claims"] "The sub of client assertions is the user.";
    AssertionUnsigned "assertion-unsigned" ALL ["client.assertion-claims"] "Client assertions have alg none and no signature.";
    TwoAuthMethods "two-auth-methods" ALL ["client.one-auth-method"] "Token requests authenticate by HTTP Basic and in the form.";
    BasicNotEncoded "basic-not-encoded" ALL ["client.basic-encoding"] "Id and secret are not form-encoded for HTTP Basic (client_secret_basic only).";
    ClientIdDiffers "client-id-differs" ALL ["client.client-id-agrees"] "The client_id beside the authentication is another one.";
    WeakerMethodAfter401 "weaker-method-after-401" ALL ["client.no-weaker-method"] "After 401 the token request is sent again with nothing but the client_id.";

    // Exchange.
    AudienceTokenEndpoint "audience-token-endpoint" AUTHORIZATION_SERVER ["client.exchange-params"] "The audience of the exchange is the token endpoint of the custom authorization server.";
    AudienceMissing "audience-missing" AUTHORIZATION_SERVER ["client.exchange-params"] "The exchange has no audience.";
    ScopeByCommas "scope-by-commas" AUTHORIZATION_SERVER ["client.exchange-params"] "Scopes are separated by commas.";
    ScopeByPlus "scope-by-plus" AUTHORIZATION_SERVER ["client.exchange-params"] "Scopes are separated by a plus that is encoded once more.";
    MoreScope "more-scope" AUTHORIZATION_SERVER ["client.exchange-params"] "The exchange asks for a scope that the API does not need.";
    SubjectTokenTypeOther "subject-token-type-other" ALL ["client.exchange-params"] "The subject_token_type of the ID token is `jwt`.";
    SubjectAccessToken "subject-access-token" ALL ["client.exchange-params"] "The subject_token is the access token of the sign-in.";
    ExchangeJson "exchange-json" ALL ["client.exchange-params"] "The exchange is sent as JSON.";
    ExchangeInUrl "exchange-in-url" ALL ["client.exchange-params" "client.nothing-secret-in-urls"] "The parameters of the exchange are in the URL of a POST.";
    ExchangeGet "exchange-get" ALL ["client.exchange-params" "client.nothing-secret-in-urls"] "The exchange is a GET.";
    ExchangeParameterTwice "exchange-parameter-twice" ALL ["client.exchange-params"] "The exchange has subject_token_type twice.";
    ExchangeNotAuthenticated "exchange-not-authenticated" ALL ["client.exchange-params"] "The exchange has a client_id and no client authentication.";
    NoRequestedTokenType "no-requested-token-type" ALL ["client.exchange-params"] "The exchange has no requested_token_type.";
    RequestedTokenTypeOther "requested-token-type-other" TOKEN ["client.exchange-params"] "The requested_token_type is that of an access token.";
    ActorTokenTypeAlone "actor-token-type-alone" ALL ["client.actor-pairing"] "The exchange has an actor_token_type without an actor_token.";
    ResourceWithFragment "resource-with-fragment" ALL ["client.exchange-resource"] "The resource has a fragment.";
    ExchangeAtCustomServer "exchange-at-custom-server" AUTHORIZATION_SERVER ["client.idtoken-confined" "client.exchange-params"] "The exchange goes to the custom authorization server.";
    IssuedTokenTypeNotChecked "issued-token-type-not-checked" ALL ["client.checks-issued-type"] "What the org issued is used whatever its issued_token_type.";
    TokenTypeByCase "token-type-by-case" TOKEN ["client.id-jag-bearer-tolerated" "client.token-type"] "The token_type is compared with regard to case.";
    ScopeAnswerDemanded "scope-answer-demanded" AUTHORIZATION_SERVER ["client.scope-answer" "client.reaches-resource"] "A token response without scope is rejected.";
    IdJagRead "id-jag-read" AUTHORIZATION_SERVER ["client.idjag-opaque"] "An ID-JAG that is not a JWT with an aud that the agent can read is rejected.";

    // Redemption.
    RedemptionScope "redemption-scope" AUTHORIZATION_SERVER ["client.redeem-no-scope"] "The redemption has a scope.";
    RedemptionNotAuthenticated "redemption-not-authenticated" AUTHORIZATION_SERVER ["client.redeem-params"] "The ID-JAG is redeemed with a client_id and no client authentication.";
    IdJagChanged "id-jag-changed" AUTHORIZATION_SERVER ["client.redeem-params"] "The ID-JAG is redeemed without its signature.";
    IdJagRedeemedTwice "id-jag-redeemed-twice" AUTHORIZATION_SERVER ["client.redeem-params"] "The ID-JAG is redeemed a second time after it was redeemed.";
    IdJagRetriedAfterCut "id-jag-retried-after-cut" AUTHORIZATION_SERVER ["client.redeem-params"] "The ID-JAG is redeemed again when the answer was lost.";
    IdJagAtOrg "id-jag-at-org" AUTHORIZATION_SERVER ["client.redeem-params" "client.idjag-one-audience"] "The ID-JAG is redeemed at the org.";
    IdJagAtSecondServer "id-jag-at-second-server" AUTHORIZATION_SERVER ["client.idjag-one-audience"] "The ID-JAG is sent to a second authorization server as well.";
    IdJagToApi "id-jag-to-api" AUTHORIZATION_SERVER ["client.idjag-one-audience" "client.token-confined"] "The ID-JAG is sent to the API as a bearer token.";
    TokenTypeNotChecked "token-type-not-checked" TOKEN ["client.token-type"] "An access token is used whatever its token_type.";
    AccessTokenRead "access-token-read" TOKEN ["client.at-opaque"] "An access token that is not a JWT is rejected.";

    // API.
    TokenInQuery "token-in-query" TOKEN ["client.bearer-not-in-query" "client.bearer-header" "client.nothing-secret-in-urls"] "The access token is in the query.";
    TokenInHeaderAndQuery "token-in-header-and-query" TOKEN ["client.bearer-one-way" "client.bearer-not-in-query" "client.nothing-secret-in-urls"] "The access token is in the header and in the query.";
    IdTokenToApi "id-token-to-api" ALL ["client.token-confined" "client.idtoken-confined"] "The ID token is sent to the API in a header of its own.";
    TokenToSecondApi "token-to-second-api" TOKEN ["client.token-confined"] "The access token is sent to another API as well.";
    CredentialAlongRedirect "credential-along-redirect" ALL ["client.token-confined"] "The credential follows a redirect of the API to another host.";
    TokenRequestAlongRedirect "token-request-along-redirect" ALL ["client.no-redirect-follow"] "A token request follows a redirect.";
    Api401Loop "api-401-loop" ALL ["client.retry-limit"] "After 401 the API is asked again and again.";
    Api403Loop "api-403-loop" ALL ["client.retry-limit"] "After 403 the API is asked again and again.";

    // Consent.
    ConsentNotOpened "consent-not-opened" RESOURCE_SERVER ["client.interaction"] "The interaction_uri is not opened.";
    ConsentLinkChanged "consent-link-changed" RESOURCE_SERVER ["client.interaction"] "The interaction_uri is opened with an additional parameter.";
    RequestChangedAfterConsent "request-changed-after-consent" RESOURCE_SERVER ["client.interaction"] "After consent the exchange has a scope that it did not have.";
    ConsentWithoutBound "consent-without-bound" RESOURCE_SERVER ["client.interaction-denied"] "The exchange is repeated as long as consent is missing.";
    ConsentDenialIgnored "consent-denial-ignored" RESOURCE_SERVER ["client.interaction-denied"] "The user is asked again after each exchange that was refused for want of consent.";

    // Vault.
    VaultAudience "vault-audience" RESOURCE ["client.vault-params"] "An exchange for a resource has an audience.";
    VaultScope "vault-scope" RESOURCE ["client.vault-params"] "An exchange for a resource has a scope.";
    VaultUrn "vault-urn" RESOURCE ["client.vault-params" "client.exchange-params"] "The requested_token_type is misspelt, as in slips of the documentation.";
    AccessTokenDemanded "access-token-demanded" VAULT ["client.vault-no-access-token"] "An answer without access_token is rejected.";
    SecretToTokenEndpoint "secret-to-token-endpoint" VAULT ["client.secret-confined"] "The secret is sent to the org's revocation endpoint.";
    SecretInUrl "secret-in-url" VAULT ["client.secret-confined" "client.nothing-secret-in-urls"] "The secret is in the query of the request to the API.";

    // Errors.
    RateLimitIgnored "rate-limit-ignored" ALL ["client.rate-limit"] "After 429 the request is repeated at once.";
    RetriedWithoutBound "retried-without-bound" ALL ["client.retry-limit" "client.error-handling"] "A request that got 503 or no answer is repeated as long as it does.";
    RetriedWithoutDelay "retried-without-delay" ALL ["client.error-handling"] "A request that got 503 or no answer is repeated at once.";
    InvalidGrantRetried "invalid-grant-retried" ALL ["client.error-handling" "client.retry-limit"] "A request that was refused with invalid_grant is repeated.";
    HtmlRetried "html-retried" ALL ["client.error-handling" "client.retry-limit"] "An answer that is not JSON is followed by the same request, again and again.";
    ApiEnvelopeRetried "api-envelope-retried" ALL ["client.both-envelopes" "client.error-handling"] "An error in the envelope of Okta's API is followed by the same request, again and again.";
    OtherGrantAfterError "other-grant-after-error" ALL ["client.error-handling"] "After a refused exchange the agent asks for a token by client_credentials.";
    ExpiredIdTokenUsed "expired-id-token-used" ALL ["client.retry-limit"] "An ID token that was handed over is used after it has expired, again and again.";

    // Output.
    PrintsTokens "prints-tokens" ALL ["client.no-secret-logs"] "Tokens are printed.";
    PrintsAssertion "prints-assertion" ALL ["client.no-secret-logs"] "Client assertions and client secrets are printed.";
    PrintsSecretBase64 "prints-secret-base64" ALL ["client.no-secret-logs"] "The credential for the API is printed in base64.";
    WritesSecretFile "writes-secret-file" ALL ["client.no-secret-logs"] "The credential for the API is written to a file in the working directory.";
}
