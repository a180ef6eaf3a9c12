//! The variations: lawful answers other than the usual ones. Two or three lines each.

use super::place::Place;
use super::table::{ANY, BASE, NOT_OKTA, variations};

variations! {
    // --- JSON as text ----------------------------------------------------------------------------------------
    JsonReversed = "json-members-reversed", "json-order", [Json], ANY,
        "The members of JSON objects come in the reverse order.",
        "RFC 8259 §4", "An object is an unordered collection, so readers must not depend on the order of its members.";
    JsonSorted = "json-members-sorted", "json-order", [Json], ANY,
        "The members of JSON objects come in alphabetical order.",
        "RFC 8259 §4", "An object is an unordered collection, so readers must not depend on the order of its members.";
    JsonPretty = "json-pretty", "json-space", [Json], ANY,
        "JSON is indented, one member a line.",
        "RFC 8259 §2", "Insignificant white space may stand before and after every structural character.";
    JsonSpaced = "json-spaced", "json-space", [Json], ANY,
        "JSON has tabs, carriage returns and line feeds between its parts and around the whole.",
        "RFC 8259 §2", "Tab, line feed, carriage return and space are all insignificant between tokens and around the value.";
    JsonSolidus = "json-solidus-escaped", "json-escape", [Json], ANY,
        "Every solidus in a JSON string is escaped.",
        "RFC 8259 §7", "A solidus may be written as it is or behind a backslash, and means the same.";
    JsonUnicode = "json-letters-escaped", "json-escape", [Json], ANY,
        "The letters of JSON strings are written as \\u escapes, those of member names included.",
        "RFC 8259 §7, §8.3", "Any character may be escaped, and strings are compared after the escapes are undone.";
    IssuerSlash = "issuer-trailing-slash", "issuer", [Any], NOT_OKTA,
        "The issuers of all servers end with a slash.",
        "RFC 8414 §2; OIDC Discovery §4.1", "An issuer may have a path, and the well-known part follows once its last slash is taken away.";
    // --- members that nobody knows ---------------------------------------------------------------------------
    UnknownInTokenAnswer = "token-answer-unknown-members", "token-answer-more", [TokenAnswer], ANY,
        "Answers with tokens have members that no specification knows: a text, a number, null, a list and an object.",
        "RFC 6749 §5.1", "A client ignores members of the answer that it does not know.";
    UnknownInError = "error-unknown-members", "error-more", [OauthError], ANY,
        "Refusals have a member that no specification knows.",
        "RFC 6749 §8.2", "Further response parameters of the token endpoint may be defined, by a vendor as well.";
    ErrorScope = "error-scope", "error-scope", [OauthError], ANY,
        "Refusals name a scope.",
        "RFC 6749 §8.2; RFC 6750 §3", "Further response parameters may be defined, and scope is one that a challenge has.";
    UnknownInMetadata = "metadata-unknown-members", "metadata-more", [Metadata], ANY,
        "The metadata have members that no specification knows.",
        "RFC 8414 §2; OIDC Discovery §3", "Additional metadata parameters may be used.";
    UnknownInKeys = "keys-unknown-members", "keys-more", [Keys], ANY,
        "The key set and its keys have members that no specification knows.",
        "RFC 7517 §4, §5", "Additional members may be present, and are ignored where they are not understood.";
    UnknownInUserInfo = "userinfo-unknown-claims", "userinfo-more", [UserInfo], ANY,
        "Userinfo has claims that no specification knows.",
        "OIDC Core §5.1.2", "Claims beside the standard ones may be used.";
    UnknownInActive = "introspection-unknown-members", "introspection-more", [ActiveToken], ANY,
        "The introspection of an active token has members that no specification knows.",
        "RFC 7662 §2.2", "An implementation may add response names of its own.";
    UnknownInInactive = "introspection-inactive-more", "introspection-inactive", [InactiveToken], NOT_OKTA,
        "The introspection of an inactive token has a member beside active, which tells nothing of the token.",
        "RFC 7662 §2.2", "That nothing more is told of an inactive token is a recommendation, and this is nothing about it.";
    UnknownInResource = "resource-metadata-unknown-members", "resource-metadata-more", [ResourceMetadata], ANY,
        "The metadata of a protected resource have members that no specification knows.",
        "RFC 9728 §2", "Additional resource metadata parameters may be used.";
    UnknownInIdToken = "id-token-unknown-claims", "id-token-more", [IdToken], ANY,
        "ID tokens have claims that no specification knows.",
        "OIDC Core §2", "An ID token may hold other claims, and those that are not understood are ignored.";
    UnknownInIdJag = "id-jag-unknown-claims", "id-jag-more", [IdJag], ANY,
        "ID-JAGs have claims that no specification knows.",
        "RFC 7519 §4; ID-JAG -04 §3.1", "Claims that are not understood are ignored, and claims of the ID token may be added.";
    UnknownInAccessToken = "access-token-unknown-claims", "access-token-more", [AccessToken], ANY,
        "Access tokens have claims that no specification knows.",
        "RFC 7519 §4; RFC 9068 §2.2", "Claims that are not understood are ignored, and further claims may be added.";
    UnknownInJoseHeader = "token-header-unknown-members", "token-header-more", [Token], ANY,
        "The JOSE headers of tokens have a member that no specification knows.",
        "RFC 7515 §4", "Header parameters that are not understood are ignored, unless crit names them.";
    // --- refusals --------------------------------------------------------------------------------------------
    ErrorDescriptionMissing = "error-description-missing", "error-description", [OauthError, ErrorRedirect], NOT_OKTA,
        "Refusals have no error_description, at the token endpoint and in redirects.",
        "RFC 6749 §4.1.2.1, §5.2", "error_description is optional.";
    ErrorDescriptionOther = "error-description-reworded", "error-description", [OauthError, ErrorRedirect], ANY,
        "Every refusal has the same error_description, which explains nothing.",
        "RFC 6749 §4.1.2.1, §5.2", "error_description is text for people, whose words no specification fixes.";
    ErrorUri = "error-uri", "error-uri", [OauthError, ErrorRedirect], ANY,
        "Refusals have an error_uri, at the token endpoint and in redirects.",
        "RFC 6749 §4.1.2.1, §5.2", "An address of a page about the error may be given.";
    ClientStatus400 = "invalid-client-400", "invalid-client-status", [ClientRefused], NOT_OKTA,
        "A client that sent no Authorization header is refused with status 400.",
        "RFC 6749 §5.2", "The status of errors is 400; 401 is a choice for invalid_client, unless that header was used.";
    ClientUnnamed = "missing-client-invalid-request", "missing-client", [ClientUnnamed], NOT_OKTA,
        "A request that names no client at all is refused as invalid_request, with status 400.",
        "RFC 6749 §4.1.3, §5.2", "A request that lacks a required parameter is an invalid_request.";
    SeveralCredentials400 = "several-credentials-400", "several-credentials", [SeveralCredentials], NOT_OKTA,
        "A request with several client credentials is refused with status 400.",
        "RFC 6749 §5.2", "More than one way of client authentication is an invalid_request, whose status is 400.";
    ChallengeAlways = "client-challenge-always", "client-challenge", [Unchallenged], ANY,
        "Every 401 of the token endpoint and its like has a challenge, whatever the client tried.",
        "RFC 9110 §11.6.1, §15.5.2", "An answer with status 401 has a WWW-Authenticate field.";
    PolicyStatus400 = "policy-refusal-400", "policy-refusal", [PolicyRefused], NOT_OKTA,
        "What the access policy denies is refused with status 400.",
        "RFC 6749 §5.2", "The status of errors of the token endpoint is 400.";
    PolicyInvalidGrant = "policy-refusal-other-code", "policy-refusal", [PolicyRefused], NOT_OKTA,
        "What the access policy denies is refused as invalid_grant, of a machine as invalid_scope, with status 400.",
        "RFC 6749 §5.2; ID-JAG -04 §4.4.1", "RFC 6749 has no code of its own for policy, and these two cover grant and scope.";
    ExpiredSubject = "expired-subject-invalid-request", "expired-subject", [ExpiredSubject], NOT_OKTA,
        "An expired subject token is refused as invalid_request.",
        "RFC 8693 §2.2.2", "A subject token that is not acceptable for any reason is an invalid_request.";
    RefreshScope = "refresh-scope-invalid-scope", "refresh-scope", [RefreshScope], NOT_OKTA,
        "A refresh that would widen the scope is refused as invalid_scope.",
        "RFC 6749 §5.2, §6", "A scope that exceeds what was granted is an invalid_scope.";
    NotAnAgent = "exchange-refused-unauthorized-client", "exchange-refused", [NotAnAgent], NOT_OKTA,
        "A client that may not exchange tokens is refused as unauthorized_client, with status 400.",
        "RFC 6749 §5.2", "A client that may not use a grant type is an unauthorized_client.";
    MediaType415 = "wrong-media-type-415", "wrong-media-type", [WrongMediaType], ANY,
        "A body that is no form is refused with status 415.",
        "RFC 9110 §15.5.16", "415 says that the content is in a format that the target does not support.";
    MediaTypeOauth = "wrong-media-type-invalid-request", "wrong-media-type", [WrongMediaType], NOT_OKTA,
        "A body that is no form is refused as invalid_request in the envelope of OAuth.",
        "RFC 6749 §5.2", "Without its parameters the request is malformed, which is an invalid_request.";
    Method404 = "method-404", "method", [MethodRefused], NOT_OKTA,
        "A method that an endpoint does not have is answered with 404.",
        "RFC 9110 §15.5.5, §9.1", "404 may be used where a server does not want to tell what is there, and 405 is a SHOULD.";
    Method400 = "method-400", "method", [MethodRefused], NOT_OKTA,
        "A method that an endpoint does not have is answered with 400 and invalid_request.",
        "RFC 9110 §15.5.1; RFC 6749 §5.2", "400 covers whatever the server takes for a mistake of the client, and 405 is a SHOULD.";
    Method501 = "method-501", "method", [OddMethod], NOT_OKTA,
        "A method other than GET, HEAD and POST is answered with 501.",
        "RFC 9110 §9.1, §15.6.2", "501 is the answer to a method that the server does not implement for any resource.";
    NotFoundHtml = "not-found-html", "not-found", [NotFound], NOT_OKTA,
        "What does not exist is answered with 404 and a page.",
        "RFC 9110 §15.5.5", "The content of a 404 is not prescribed.";
    NotFoundEmpty = "not-found-empty", "not-found", [NotFound], NOT_OKTA,
        "What does not exist is answered with 404 and nothing else.",
        "RFC 9110 §15.5.5", "The content of a 404 is not prescribed.";
    // --- challenges ------------------------------------------------------------------------------------------
    ChallengeLower = "challenge-scheme-lower-case", "challenge-scheme", [Challenge], ANY,
        "Authentication schemes are written in lower case.",
        "RFC 9110 §11.1", "The name of a scheme is compared without case.";
    ChallengeUpper = "challenge-scheme-upper-case", "challenge-scheme", [Challenge], ANY,
        "Authentication schemes are written in upper case.",
        "RFC 9110 §11.1", "The name of a scheme is compared without case.";
    ChallengeMore = "challenge-more-parameters", "challenge-more", [Challenge], ANY,
        "Challenges have a realm and a parameter that nobody knows in front of the others.",
        "RFC 6750 §3; RFC 9110 §11.5", "A realm may be given, and so may other parameters.";
    ChallengeNoDescription = "challenge-description-missing", "challenge-description", [BearerError], ANY,
        "Bearer challenges have no error_description.",
        "RFC 6750 §3", "error_description may be given beside error.";
    ChallengeReversed = "challenge-parameters-reversed", "challenge-order", [Challenge], ANY,
        "The parameters of challenges come in the reverse order.",
        "RFC 9110 §11.2", "Parameters go by their names.";
    ChallengeNames = "challenge-names-capitalised", "challenge-names", [Challenge], ANY,
        "The names of the parameters of challenges begin with a capital letter.",
        "RFC 9110 §11.2", "The name of a parameter is compared without case.";
    ChallengeUnquoted = "challenge-values-unquoted", "challenge-quotes", [BearerError], ANY,
        "The error of a Bearer challenge is a token, not a quoted string.",
        "RFC 9110 §11.2", "The value of a parameter is a token or a quoted string, and both mean the same.";
    ChallengeCompact = "challenge-compact", "challenge-space", [BearerError], ANY,
        "The parameters of challenges are separated by a comma alone.",
        "RFC 9110 §5.6.1", "White space behind the comma of a list is optional.";
    ChallengeSeveral = "challenges-in-one-field", "challenge-count", [Challenge], ANY,
        "Another scheme is offered first, in the same header field.",
        "RFC 9110 §11.6.1", "A field may hold more than one challenge, and each may have parameters.";
    ChallengeFields = "challenges-in-several-fields", "challenge-count", [Challenge], ANY,
        "Another scheme is offered first, in a header field of its own.",
        "RFC 9110 §11.6.1, §5.3", "Challenges may come in several fields of this name.";
    ChallengeBody = "challenge-with-body", "challenge-body", [BearerChallenge], NOT_OKTA,
        "A refused bearer token is answered with a JSON body beside the challenge.",
        "RFC 9110 §15.5", "An answer with a status of the 4xx class should explain itself in its content.";
    // --- redirects -------------------------------------------------------------------------------------------
    RedirectOther = "redirect-303", "redirect-status", [Redirect], NOT_OKTA,
        "Redirects have the status 303.",
        "RFC 6749 §1.7; RFC 9700 §4.12", "Any status that redirects may be used in place of 302, and 303 is advised.";
    RedirectRelative = "redirect-relative", "redirect-location", [OwnRedirect], ANY,
        "Where the browser stays at the org, Location is relative.",
        "RFC 9110 §10.2.2", "Location may be a relative reference, which is resolved against the address asked.";
    RedirectReversed = "redirect-parameters-reversed", "redirect-order", [ClientRedirect], ANY,
        "The parameters of the answer to an authorization request come in the reverse order.",
        "RFC 6749 §4.1.2, App. B", "Parameters go by their names.";
    RedirectMore = "redirect-unknown-parameters", "redirect-more", [ClientRedirect], ANY,
        "The answer to an authorization request has parameters that no specification knows.",
        "RFC 6749 §4.1.2", "A client ignores parameters of the answer that it does not know.";
    RedirectEncoded = "redirect-percent-encoded", "redirect-encoding", [ClientRedirect], ANY,
        "Every character of the parameters that is no letter and no digit is percent-encoded, in lower case.",
        "RFC 3986 §2.1; RFC 6749 App. B", "Any octet may be percent-encoded, and the case of the digits does not matter.";
    RedirectPage = "redirect-with-page", "redirect-body", [Redirect], ANY,
        "Redirects have a short page with a link as their content.",
        "RFC 9110 §15.4.3, §15.4.4", "The content of a redirect usually is a short note with a link.";
    RedirectIss = "redirect-iss", "redirect-iss", [ClientRedirect, Metadata], NOT_OKTA,
        "The answer to an authorization request names the issuer, and the metadata say so.",
        "RFC 9207 §2, §3", "A server may identify itself by the parameter iss.";
    // --- header fields ---------------------------------------------------------------------------------------
    KeysMediaType = "keys-media-type", "keys-media-type", [Keys], NOT_OKTA,
        "Key sets have the media type application/jwk-set+json.",
        "RFC 7517 §8.5", "This is the media type that is registered for key sets.";
    MediaTypeCharset = "media-type-charset", "media-type", [Json], ANY,
        "The media type of JSON has the parameter charset.",
        "RFC 8259 §11; RFC 9110 §8.3.1", "A media type may have parameters, and this one has no effect on JSON.";
    MediaTypeQuoted = "media-type-charset-quoted", "media-type", [Json], ANY,
        "The media type of JSON has a quoted charset right behind the semicolon.",
        "RFC 9110 §5.6.6, §8.3.1", "The value of a parameter may be quoted, and white space before it is optional.";
    MediaTypeUpper = "media-type-capitals", "media-type", [Json], ANY,
        "The media type of JSON is written with capital letters.",
        "RFC 9110 §8.3.1", "Type and subtype are compared without case.";
    CacheMore = "cache-more-directives", "cache-directives", [NoStore], ANY,
        "What must not be stored has further cache directives around no-store.",
        "RFC 9111 §5.2", "Cache-Control is a list, in which directives may stand beside others.";
    CacheAlone = "cache-no-store-alone", "cache-directives", [NoStore], ANY,
        "What must not be stored has the cache directive no-store and no other.",
        "RFC 6749 §5.1", "no-store is the value that answers with tokens must have.";
    CacheSplit = "cache-several-fields", "cache-directives", [NoStore], ANY,
        "The cache directives come in several header fields.",
        "RFC 9110 §5.3", "A list may be spread over several fields of the same name.";
    CacheUpper = "cache-capitals", "cache-case", [Any], ANY,
        "Cache directives are written with capital letters.",
        "RFC 9111 §5.2", "Cache directives are compared without case.";
    CacheAbsent = "cache-unspecified", "cache-documents", [Cached], NOT_OKTA,
        "Metadata and keys do not say how long they may be kept.",
        "RFC 9111 §4.2.2, §5.2", "Cache-Control is optional, and a cache decides by itself without it.";
    PragmaAbsent = "pragma-only-with-tokens", "pragma", [PragmaFree], ANY,
        "Answers that hold no token of the token endpoint have no Pragma.",
        "RFC 6749 §5.1; RFC 9111 §5.4", "Pragma is demanded beside tokens and is otherwise obsolete.";
    ExpiresAbsent = "expires-absent", "expires", [NoStoreJson], ANY,
        "What must not be stored has no Expires.",
        "RFC 9111 §5.3", "Expires is optional, and means nothing beside no-store.";
    SecurityHeaders = "security-headers", "security-headers", [Any], ANY,
        "Every answer has the header fields by which browsers are told to be careful.",
        "RFC 9110 §5.1", "Fields that a recipient does not know are ignored.";
    RateLimitHeaders = "rate-limit-headers", "rate-limit-headers", [Any], ANY,
        "Every answer says how many requests are left.",
        "RFC 9110 §5.1", "Fields that a recipient does not know are ignored.";
    ProxyHeaders = "proxy-headers", "proxy-headers", [Any], ANY,
        "Every answer has passed a proxy: Via and Server are there, and Age where it may be kept.",
        "RFC 9110 §7.6.3, §10.2.4; RFC 9111 §5.1", "An intermediary adds Via, and a cache adds Age.";
    ProxyCookies = "proxy-cookies", "proxy-cookies", [Any], ANY,
        "Every answer sets a cookie by which a load balancer knows its node.",
        "RFC 6265 §3", "Any answer may set cookies, several in one answer.";
    // --- answers ---------------------------------------------------------------------------------------------
    ScopeOmitted = "scope-omitted", "answer-scope", [ScopeSame], NOT_OKTA,
        "Answers with tokens have no scope where what was granted is what was asked for.",
        "RFC 6749 §5.1; RFC 8693 §2.2.1", "scope is optional where it is identical to the scope of the request.";
    IdJagScopeTold = "id-jag-answer-scope", "id-jag-answer-scope", [IdJagAnswer], ANY,
        "The answer with an ID-JAG says which scope was granted.",
        "RFC 8693 §2.2.1; ID-JAG -04 §4.3.4", "scope may be there even where it is identical to the scope of the request.";
    ScopeReversed = "scope-reversed", "scope-order", [TokenAnswer, ActiveToken], ANY,
        "Scopes come in the reverse order, in answers, tokens and introspection.",
        "RFC 6749 §3.3", "The order of the values of a scope means nothing.";
    ExpiresInOmitted = "expires-in-omitted", "expires-in", [Expiring], NOT_OKTA,
        "Answers with tokens do not say how long the token lives.",
        "RFC 6749 §5.1; RFC 8693 §2.2.1", "expires_in is recommended, and a server may say by other means how long a token lives.";
    TokenTypeLower = "token-type-lower-case", "token-type", [TokenAnswer], ANY,
        "The token_type is written in lower case.",
        "RFC 6749 §5.1", "token_type is compared without case.";
    TokenTypeUpper = "token-type-upper-case", "token-type", [TokenAnswer], ANY,
        "The token_type is written in upper case.",
        "RFC 6749 §5.1", "token_type is compared without case.";
    RefreshRotated = "refresh-token-rotated", "refresh-token", [Refresh], ANY,
        "A refresh brings a new refresh token, and the old one is no longer good.",
        "RFC 6749 §6; RFC 9700 §2.2.2", "A server may issue a new refresh token and revoke the old one.";
    RefreshWithoutIdToken = "refresh-without-id-token", "refresh-id-token", [RefreshedIdToken], NOT_OKTA,
        "A refresh brings no ID token.",
        "OIDC Core §12.2", "The answer to a refresh might not hold an ID token.";
    IntrospectionMinimal = "introspection-minimal", "introspection-members", [ActiveToken], NOT_OKTA,
        "The introspection of an active token says that it is active, and no more.",
        "RFC 7662 §2.2", "active is the only required member.";
    IntrospectionAudList = "introspection-aud-list", "introspection-aud", [ActiveAccessToken], NOT_OKTA,
        "The aud of an introspection is a list of one.",
        "RFC 7662 §2.2", "aud is a string or a list of strings.";
    UserInfoMinimal = "userinfo-minimal", "userinfo-members", [UserInfo], NOT_OKTA,
        "Userinfo says who the user is, and no more.",
        "OIDC Core §5.3.2, §5.4", "sub is the only required claim, and those that a scope asks for are voluntary.";
    RevocationJson = "revocation-json-body", "revocation-body", [Revocation], NOT_OKTA,
        "Revocation is answered with an empty JSON object.",
        "RFC 7009 §2.2", "The content of the answer is ignored: the status says all.";
    RevocationText = "revocation-text-body", "revocation-body", [Revocation], NOT_OKTA,
        "Revocation is answered with a word of plain text.",
        "RFC 7009 §2.2", "The content of the answer is ignored: the status says all.";
    // --- lifetimes -------------------------------------------------------------------------------------------
    AccessTokenShort = "access-token-short-lived", "access-token-lifetime", [AccessToken], NOT_OKTA,
        "Access tokens live for five minutes, and expires_in says so.",
        "RFC 6749 §1.4, §5.1", "How long an access token lives is up to the server.";
    IdTokenShort = "id-token-short-lived", "id-token-lifetime", [IdToken], NOT_OKTA,
        "ID tokens live for ten minutes.",
        "OIDC Core §2", "How long an ID token lives is up to the server.";
    IdJagShort = "id-jag-short-lived", "id-jag-lifetime", [IdJag], NOT_OKTA,
        "ID-JAGs live for a minute, and expires_in says so.",
        "ID-JAG -04 §3.1, §4.3.4", "exp is required, and how far ahead it lies is up to the server.";
    CodeShort = "code-short-lived", "code-lifetime", [Code], ANY,
        "Codes live for one minute.",
        "RFC 6749 §4.1.2", "A code lives for a short time, of which ten minutes are the recommended most.";
    // --- tokens of every kind --------------------------------------------------------------------------------
    JtiUuid = "jti-uuid", "jti", [Token, ActiveAccessToken], NOT_OKTA,
        "The jti of every token is a UUID.",
        "RFC 7519 §4.1.7", "A jti is any string that is unique.";
    TimesEarly = "token-times-early", "token-times", [Token], ANY,
        "Tokens are dated by a clock that is three seconds behind.",
        "RFC 7519 §4.1.4, §4.1.5", "Small differences between clocks are expected, and leeway for them is allowed.";
    TimesFractional = "token-times-fractional", "token-times", [Token], NOT_OKTA,
        "The iat and exp of tokens have a fraction of a second.",
        "RFC 7519 §2", "A NumericDate is a number of seconds that need not be whole.";
    NotBefore = "token-nbf", "token-nbf", [Token], ANY,
        "Tokens have an nbf, which is the time of issue.",
        "RFC 7519 §4.1.5", "nbf is optional.";
    TokenReversed = "token-members-reversed", "token-order", [Token], ANY,
        "The members of the header and the claims of tokens come in the reverse order.",
        "RFC 8259 §4; RFC 7519 §7.1", "A JWT holds JSON objects, whose members have no order.";
    TokenSpaced = "token-spaced", "token-space", [Token], ANY,
        "The header and the claims of tokens are written with white space.",
        "RFC 7519 §7.1, §3.1", "White space in header and claims is allowed, and nothing is canonical but the encoded bytes.";
    TokenEscaped = "token-solidus-escaped", "token-escape", [Token], ANY,
        "Every solidus in the header and the claims of tokens is escaped.",
        "RFC 8259 §7; RFC 7519 §7.3", "Strings are compared after the escapes are undone.";
    // --- ID tokens -------------------------------------------------------------------------------------------
    IdTokenAudList = "id-token-aud-list", "id-token-aud", [IdToken], NOT_OKTA,
        "The aud of ID tokens is a list of one.",
        "OIDC Core §2", "aud is an array of strings, or a string where there is one audience.";
    IdTokenAzp = "id-token-azp", "id-token-azp", [IdToken], ANY,
        "ID tokens have an azp, which is the client.",
        "OIDC Core §2", "azp may be there even where the audience is the party itself.";
    IdTokenAcr = "id-token-acr", "id-token-acr", [IdToken], ANY,
        "ID tokens say at which level the user was authenticated.",
        "OIDC Core §2", "acr is optional.";
    IdTokenNoAmr = "id-token-without-amr", "id-token-amr", [IdToken], NOT_OKTA,
        "ID tokens do not say by which methods the user was authenticated.",
        "OIDC Core §2", "amr is optional.";
    IdTokenNoAuthTime = "id-token-without-auth-time", "id-token-auth-time", [IdTokenFree], NOT_OKTA,
        "ID tokens do not say when the user signed in, unless max_age was sent.",
        "OIDC Core §2", "auth_time is optional where it was not asked for.";
    IdTokenNoHash = "id-token-without-at-hash", "id-token-at-hash", [IdToken], NOT_OKTA,
        "ID tokens have no at_hash.",
        "OIDC Core §3.1.3.6", "at_hash is optional for ID tokens of the token endpoint.";
    IdTokenPlain = "id-token-without-vendor-claims", "id-token-vendor", [IdToken], NOT_OKTA,
        "ID tokens have neither ver nor idp.",
        "OIDC Core §2", "Neither claim is one of OpenID Connect.";
    IdTokenThin = "id-token-without-profile", "id-token-profile", [IdToken], NOT_OKTA,
        "ID tokens tell nothing of the user's profile, which is at userinfo.",
        "OIDC Core §5.4", "What the scope asks for is returned from userinfo where an access token was issued.";
    // --- ID-JAGs ---------------------------------------------------------------------------------------------
    IdJagAudList = "id-jag-aud-list", "id-jag-aud", [IdJag], NOT_OKTA,
        "The aud of ID-JAGs is a list of one.",
        "ID-JAG -04 §3.1", "aud is the issuer of one server, as a string or a list of one.";
    IdJagNoEmail = "id-jag-without-email", "id-jag-email", [IdJag], NOT_OKTA,
        "ID-JAGs have no email.",
        "ID-JAG -04 §3.1", "email is optional.";
    IdJagEmail = "id-jag-with-email", "id-jag-email", [IdJag], BASE,
        "ID-JAGs have the email of the user, whatever was asked for at sign-in.",
        "ID-JAG -04 §3.1", "email is recommended so that the other server finds the user.";
    IdJagNoAct = "id-jag-without-act", "id-jag-act", [IdJag], NOT_OKTA,
        "ID-JAGs have neither act nor sub_profile.",
        "ID-JAG -04 §3.1", "act is optional, and sub_profile is no claim of the draft.";
    IdJagNoAuthTime = "id-jag-without-auth-time", "id-jag-auth-time", [IdJag], NOT_OKTA,
        "ID-JAGs do not say when the user signed in.",
        "ID-JAG -04 §3.1", "auth_time is optional.";
    IdJagResourceList = "id-jag-resource-list", "id-jag-resource", [IdJagWithResource], NOT_OKTA,
        "The resource of ID-JAGs is a list of one.",
        "ID-JAG -04 §3.1", "resource is one address or a list of them.";
    // --- access tokens ---------------------------------------------------------------------------------------
    AccessTokenOpaque = "access-token-opaque", "access-token-form", [AccessToken], NOT_OKTA,
        "Access tokens are no JWTs but strings that only the server can read.",
        "RFC 6749 §1.4", "An access token is a string that usually is opaque to the client.";
    OrgAccessTokenOpaque = "org-access-token-opaque", "access-token-form", [OrgAccessToken], ANY,
        "Access tokens of the org authorization server are no JWTs but strings that only it can read.",
        "RFC 6749 §1.4", "An access token is a string that usually is opaque to the client.";
    AccessTokenAtJwt = "access-token-typ", "access-token-typ", [AccessToken], NOT_OKTA,
        "The typ of access tokens is at+jwt, and they have the client_id and scope that go with it.",
        "RFC 9068 §2.1, §2.2", "This is the typ of access tokens of this profile, which has these claims.";
    AccessTokenApplication = "access-token-typ-long", "access-token-typ", [AccessToken], NOT_OKTA,
        "The typ of access tokens is application/at+jwt, and they have the client_id and scope that go with it.",
        "RFC 9068 §2.1, §4", "The long form of the typ is as good as the short one.";
    AccessTokenScopeBeside = "access-token-scope-and-scp", "access-token-scope", [AccessToken], ANY,
        "Access tokens have a scope string beside the list scp.",
        "RFC 9068 §2.2.3; RFC 8693 §4.2", "scope is the claim for what was granted.";
    AccessTokenScope = "access-token-scope", "access-token-scope", [AccessToken], NOT_OKTA,
        "Access tokens have a scope string in place of the list scp.",
        "RFC 9068 §2.2.3; RFC 8693 §4.2", "scope is the claim for what was granted.";
    AccessTokenClientBeside = "access-token-client-id-and-cid", "access-token-client", [AccessToken], ANY,
        "Access tokens have a client_id beside cid.",
        "RFC 9068 §2.2; RFC 8693 §4.3", "client_id is the claim for the client.";
    AccessTokenClient = "access-token-client-id", "access-token-client", [AccessToken], NOT_OKTA,
        "Access tokens have a client_id in place of cid.",
        "RFC 9068 §2.2; RFC 8693 §4.3", "client_id is the claim for the client.";
    AccessTokenNoUid = "access-token-without-vendor-claims", "access-token-vendor", [AccessToken], NOT_OKTA,
        "Access tokens have neither ver nor uid.",
        "RFC 9068 §2.2", "Neither claim is one of a JWT access token: sub says for whom it is.";
    AccessTokenAudList = "access-token-aud-list", "access-token-aud", [AccessToken], NOT_OKTA,
        "The aud of access tokens is a list of one.",
        "RFC 7519 §4.1.3", "aud is an array of strings, or a string where there is one audience.";
    AccessTokenNoAuthTime = "access-token-without-auth-time", "access-token-auth-time", [UserAccessToken], NOT_OKTA,
        "Access tokens do not say when the user signed in.",
        "RFC 9068 §2.2.1", "auth_time may be there, and need not.";
    AccessTokenMethods = "access-token-acr-amr", "access-token-acr", [UserAccessToken], ANY,
        "Access tokens say how the user was authenticated.",
        "RFC 9068 §2.2.1", "acr and amr may be there.";
    // --- keys ------------------------------------------------------------------------------------------------
    KeysReversed = "keys-reversed", "keys-order", [SeveralKeys], ANY,
        "The keys of a set come in the reverse order.",
        "RFC 7517 §5.1", "The order of keys means nothing unless an application says so.";
    KeysWithoutUse = "keys-without-use", "keys-use", [Keys], NOT_OKTA,
        "The keys of a set have no use.",
        "RFC 7517 §4.2", "use is optional where a set holds no keys for encryption.";
    KeysOps = "keys-key-ops", "keys-use", [Keys], NOT_OKTA,
        "The keys of a set have key_ops in place of use.",
        "RFC 7517 §4.3", "key_ops says what a key is for, and should not stand beside use.";
    KeysEncryption = "keys-encryption-key", "keys-use", [Keys], NOT_OKTA,
        "A key for encryption comes first in a set.",
        "RFC 7517 §4.2; RFC 8414 §2", "A set may hold keys for encryption, as long as every key has its use.";
    KeysWithoutAlg = "keys-without-alg", "keys-alg", [Keys], NOT_OKTA,
        "The keys of a set have no alg.",
        "RFC 7517 §4.4", "alg is optional.";
    KeysUnknownType = "keys-unknown-type", "keys-unknown-type", [Keys], NOT_OKTA,
        "A key of a type that nobody knows comes first in a set.",
        "RFC 7517 §5", "Keys whose kty is not understood should be ignored.";
    KeysOkp = "keys-ed25519", "keys-ed25519", [Keys], NOT_OKTA,
        "A key of the type OKP comes first in a set.",
        "RFC 7517 §5; RFC 8037 §2", "A set may hold keys of several types, and those not understood should be ignored.";
    KeysNext = "keys-next-key", "keys-next-key", [Keys], NOT_OKTA,
        "The key that will sign one day, an EC key, is published ahead and comes first in a set.",
        "OIDC Core §10.1.1; RFC 7517 §5", "New keys are published before they sign, and the kid says which one does.";
    KeysCertificate = "keys-certificates", "keys-certificates", [Keys], ANY,
        "The keys of a set come with a certificate and its thumbprints.",
        "RFC 7517 §4.7, §4.8, §4.9", "A key may come with a chain of certificates whose first holds the same key.";
    // --- metadata --------------------------------------------------------------------------------------------
    MetadataFewer = "metadata-fewer-members", "metadata-members", [Metadata], NOT_OKTA,
        "The metadata lack what is optional and has a default or is advice only.",
        "RFC 8414 §2; OIDC Discovery §3", "scopes, claims, response modes, registration and the methods of some endpoints are optional.";
    MetadataRegistered = "metadata-registered-members", "metadata-registered", [Metadata], ANY,
        "The metadata have further members of the specifications, all of them true.",
        "RFC 8414 §2; OIDC Discovery §3", "Every one of these members is optional.";
    MetadataReversed = "metadata-lists-reversed", "metadata-order", [Metadata], ANY,
        "The lists of the metadata come in the reverse order.",
        "RFC 8414 §2", "The lists say what is supported, and no order says more.";
    MetadataNoMethods = "metadata-without-auth-methods", "metadata-auth-methods", [Metadata], NOT_OKTA,
        "The metadata do not say how clients may authenticate.",
        "RFC 8414 §2", "token_endpoint_auth_methods_supported is optional, and clients are registered for theirs.";
    MetadataAnnounces = "metadata-announces-agents", "metadata-announcement", [Metadata], ANY,
        "The metadata of custom authorization servers announce the redemption of ID-JAGs and its grant.",
        "ID-JAG -04 §7", "Servers should announce what they can do for agents.";
    MetadataSigned = "metadata-signed", "metadata-signed", [Metadata], ANY,
        "The metadata hold a signed copy of themselves.",
        "RFC 8414 §2.1", "A server may add its metadata as a JWT.";
    MetadataPlaces = "metadata-one-place", "metadata-places", [AppendedMetadata], NOT_OKTA,
        "The metadata of OAuth lie where the RFC says, and not behind the issuer as well.",
        "RFC 8414 §3.1", "The well-known part goes before the path of the issuer, and nothing else is asked for.";
    ResourceFewer = "resource-metadata-fewer-members", "resource-metadata-members", [ResourceMetadata], ANY,
        "The metadata of a protected resource name it and its servers, and no more.",
        "RFC 9728 §2", "scopes_supported and bearer_methods_supported are not required.";
    ResourceRegistered = "resource-metadata-registered-members", "resource-metadata-registered", [ResourceMetadata], ANY,
        "The metadata of a protected resource have further members of the specification, all of them true.",
        "RFC 9728 §2", "Every one of these members is optional.";
    // --- decisions -------------------------------------------------------------------------------------------
    ScopesIgnored = "unknown-scopes-ignored", "unknown-scopes", [ScopeUnknown], NOT_OKTA,
        "Scopes that do not exist or may not be granted are left out, and the answer says which were granted.",
        "RFC 6749 §3.3; ID-JAG -04 §4.3.3", "A server may ignore a part of the scope, as long as it says what it granted.";
    ScopeDefaulted = "exchange-scope-defaulted", "missing-scope", [ScopeMissing], NOT_OKTA,
        "An exchange without a scope gets every scope of the connection, and the answer says so.",
        "RFC 6749 §3.3; RFC 8693 §2.1", "Without a scope a server uses a default or refuses.";
    AudienceAlias = "audience-alias", "audience-alias", [Alias], NOT_OKTA,
        "The configured audience of a server stands for its issuer in an exchange.",
        "ID-JAG -04 §4.3", "A server may take an alias for the issuer, as long as aud is the issuer.";
    ActorIgnored = "actor-token-ignored", "actor-token", [Actor], NOT_OKTA,
        "An actor_token is ignored, with its type or without, and so is the type alone.",
        "ID-JAG -04 §4.3.3", "How actor tokens are processed is outside the scope of the draft.";
    JsonBodies = "json-requests-accepted", "request-format", [JsonBody], NOT_OKTA,
        "The parameters of a request may come as a JSON object as well.",
        "RFC 6749 §3.2, App. B", "The form binds the client: nothing forbids a server to read another format too.";
    RevocationUnsupported = "access-token-revocation-unsupported", "access-token-revocation", [AccessRevocation], NOT_OKTA,
        "The revocation of access tokens is refused as unsupported_token_type.",
        "RFC 7009 §2, §2.2.1", "Servers must revoke refresh tokens, and should revoke access tokens.";
    VerifierUnjudged = "pkce-syntax-unjudged", "pkce-syntax", [PkceSyntax], NOT_OKTA,
        "A code verifier is held against its challenge, whatever its length and characters.",
        "RFC 7636 §4.6", "Where verifier and challenge fit, the server goes on as usual.";
    SignInRedirected = "suspended-user-redirected", "suspended-sign-in", [SuspendedSignIn], NOT_OKTA,
        "When a suspended user signs in, the client is told access_denied.",
        "RFC 6749 §4.1.2.1", "When access is denied, the client is informed by redirect.";
    LeewayPast = "leeway-past", "leeway-past", [Late], ANY,
        "Tokens and assertions are accepted for a minute after they expired.",
        "RFC 7519 §4.1.4", "A small leeway for clocks is allowed, usually no more than a few minutes.";
    LeewayFuture = "leeway-future", "leeway-future", [Early], ANY,
        "Tokens and assertions are accepted a minute before they begin.",
        "RFC 7519 §4.1.5", "A small leeway for clocks is allowed, usually no more than a few minutes.";
    IdJagReusable = "id-jag-reusable", "id-jag-reuse", [Replayed], BASE,
        "An ID-JAG may be redeemed again until it expires.",
        "ID-JAG -04 §4.4.3; RFC 7523 §3", "A client may present an ID-JAG again, and noticing a replay is optional.";
    AssertionIssuer = "assertion-audience-issuer", "assertion-audience", [AssertionAudience], NOT_OKTA,
        "The audience of a client assertion may be the issuer.",
        "RFC 7523 §3", "The audience is the server, by whichever of its names it accepts.";
    AssertionList = "assertion-audience-list", "assertion-audience-list", [AssertionAudience], NOT_OKTA,
        "The audience of a client assertion may be a list of one.",
        "RFC 7519 §4.1.3", "aud is an array of strings, or a string where there is one audience.";
    AssertionKid = "assertion-kid-hint", "assertion-kid", [AssertionKid], NOT_OKTA,
        "A client assertion is held against every key of the client when its kid is unknown.",
        "RFC 7515 §4.1.4", "kid is a hint at the key, and how it is used is not specified.";
    AssertionJku = "assertion-jku-ignored", "assertion-jku", [AssertionJku], NOT_OKTA,
        "The jku of a client assertion is ignored: the registered keys count.",
        "RFC 7515 §4.1.2; RFC 8725 §3.10", "A header that names keys is optional, and must not be followed blindly.";
    // --- the connection --------------------------------------------------------------------------------------
    Gzip = "content-gzip", "content-coding", [Body], ANY,
        "Content is compressed with gzip, unless the request rules it out.",
        "RFC 9110 §8.4, §12.5.3", "Without Accept-Encoding any coding is acceptable.";
    Chunked = "content-chunked", "framing", [Body], ANY,
        "Content comes in chunks of a few bytes, without Content-Length.",
        "RFC 9112 §7.1", "A recipient must understand the chunked coding.";
    Close = "connection-close", "connection", [Any], ANY,
        "The connection is closed after every answer.",
        "RFC 9112 §9.6", "A server may close the connection, and says so by Connection: close.";
    Reason = "reason-phrase", "reason-phrase", [Any], ANY,
        "The status line has another reason phrase than the usual one.",
        "RFC 9112 §4", "A client ignores the reason phrase.";
}
