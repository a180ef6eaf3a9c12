//! The bends: answers, tokens and headers that are not what they should be. One line each: here those that need code of
//! their own, in the tables of [`super::change`] those that are data.

use super::change::{self, ChangeId};
use super::site::Site;

macro_rules! bends {
    ($($variant:ident = $id:literal, $site:ident, $text:literal;)+) => {
        /// An answer that is not what it should be.
        #[expect(clippy::doc_markdown, reason = "each sentence is shown to people as it is")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Bend {
            $(#[doc = $text] $variant,)+
            /// A line of the tables of changes.
            Changed(ChangeId),
        }

        /// The bends with code of their own.
        const CODED: &[Bend] = &[$(Bend::$variant),+];

        impl Bend {
            /// Every bend: those with code of their own, by what they bend, then the tables of changes.
            pub const ALL: &'static [Self] = &all::<{ CODED.len() + change::COUNT }>();

            /// Its name, unique among bends.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                    Self::Changed(line) => line.change().id,
                }
            }

            /// What goes wrong, in one sentence.
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Changed(line) => line.change().text,
                }
            }

            /// Where it shows.
            pub(crate) const fn site(self) -> Site {
                match self {
                    $(Self::$variant => Site::$site,)+
                    Self::Changed(line) => line.change().site,
                }
            }
        }
    };
}

impl Bend {
    /// What it changes, as part of the answer and path in it, where that is data; empty for one with code of its own.
    ///
    /// Parts are `id_token`, `access_token` (their claims), `body`, `error`, `location`, `header` and `status`. A path goes
    /// down through objects with dots and into every element of a list with `*`; its last step may name several members.
    pub fn edits(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Changed(line) => line.edits().collect(),
            _ => Vec::new(),
        }
    }
}

const fn all<const N: usize>() -> [Bend; N] {
    let mut all = [CODED[0]; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < CODED.len() {
            CODED[at]
        } else {
            Bend::Changed(ChangeId::new(at - CODED.len()))
        };
        at += 1;
    }
    all
}

bends! {
    // --- ID tokens -------------------------------------------------------------------------------------------
    IdTokenAudience = "id-token-aud-of-another", IdToken, "The ID token is addressed to another client.";
    IdTokenIssuer = "id-token-iss-with-slash", IdToken, "The iss of the ID token ends in a slash, unlike the issuer.";
    IdTokenNonceMissing = "id-token-nonce-missing", IdTokenWithNonce, "The ID token lacks the nonce of the request.";
    IdTokenNonceOther = "id-token-nonce-other", IdTokenWithNonce, "The ID token has another nonce than the request.";
    IdTokenSubject = "id-token-sub-of-another", IdToken, "The ID token is about another user.";
    IdTokenExpiryMissing = "id-token-exp-missing", IdToken, "The ID token never expires: it has no exp.";
    IdTokenExpiryText = "id-token-exp-text", IdToken, "The exp of the ID token is a string, not a number.";
    IdTokenIssuedMissing = "id-token-iat-missing", IdToken, "The ID token does not say when it was issued.";
    IdTokenExpired = "id-token-expired", IdToken, "The ID token is expired when it is issued.";
    IdTokenHash = "id-token-at-hash-other", IdToken, "The at_hash of the ID token is that of another access token.";
    IdTokenKey = "id-token-key-of-another-server", IdToken, "The ID token is signed with the key of another server.";
    IdTokenKid = "id-token-kid-unknown", IdToken, "The ID token names a key that is not published.";
    IdTokenUnsigned = "id-token-unsigned", IdToken, "The ID token has alg none and no signature.";

    // --- ID-JAGs ---------------------------------------------------------------------------------------------
    IdJagTypMissing = "id-jag-typ-missing", IdJag, "The ID-JAG has no typ, so it can be taken for another kind of token.";
    IdJagTypJwt = "id-jag-typ-jwt", IdJag, "The typ of the ID-JAG is JWT.";
    IdJagIssuer = "id-jag-iss-of-another-server", IdJag, "The ID-JAG names another server as its issuer.";
    IdJagAudienceMissing = "id-jag-aud-missing", IdJag, "The ID-JAG is addressed to nobody.";
    IdJagAudienceTwo = "id-jag-aud-two", IdJag, "The ID-JAG is addressed to a second server as well.";
    IdJagAudienceOrg = "id-jag-aud-org", IdJag, "The ID-JAG is addressed to the org, not to the server that was asked for.";
    IdJagClientMissing = "id-jag-client-id-missing", IdJag, "The ID-JAG does not say which client may redeem it.";
    IdJagClientOther = "id-jag-client-id-of-another", IdJag, "The ID-JAG names another client than the one that asked.";
    IdJagSubjectMissing = "id-jag-sub-missing", IdJag, "The ID-JAG is about nobody.";
    IdJagSubjectOther = "id-jag-sub-of-another", IdJag, "The ID-JAG is about another user than the subject token.";
    IdJagJtiMissing = "id-jag-jti-missing", IdJag, "The ID-JAG has no jti, so its replay cannot be noticed.";
    IdJagJtiSame = "id-jag-jti-repeated", IdJag, "Every ID-JAG has the same jti.";
    IdJagExpiryMissing = "id-jag-exp-missing", IdJag, "The ID-JAG never expires: it has no exp.";
    IdJagExpiryText = "id-jag-exp-text", IdJag, "The exp of the ID-JAG is a string, not a number.";
    IdJagLong = "id-jag-lives-a-day", IdJag, "The ID-JAG lives for a day.";
    IdJagIssuedMissing = "id-jag-iat-missing", IdJag, "The ID-JAG does not say when it was issued.";
    IdJagScopeMissing = "id-jag-scope-missing", IdJag, "The ID-JAG does not carry the scopes that were granted.";
    IdJagScopeWider = "id-jag-scope-wider", IdJag, "The ID-JAG carries a scope that nobody asked for.";
    IdJagScopeNarrower = "id-jag-scope-narrower", IdJag, "The ID-JAG lacks a scope that the answer says was granted.";
    IdJagActorMissing = "id-jag-act-missing", IdJagWithActor, "The ID-JAG does not say who acts for the user.";
    IdJagActorOther = "id-jag-act-of-another", IdJagWithActor, "The ID-JAG says that another client acts for the user.";
    IdJagActorClaims = "id-jag-act-with-exp", IdJagWithActor, "The act of the ID-JAG holds more than who acts: an exp.";
    IdJagProfileMissing = "id-jag-sub-profile-missing", IdJagWithActor, "The ID-JAG does not say what its subject is.";
    IdJagActorChosen = "id-jag-act-chosen-by-client", ChosenActor, "The client chooses the act of its ID-JAG by a parameter.";
    IdJagResourceMissing = "id-jag-resource-missing", IdJagWithResource, "The ID-JAG is not bound to the resource that was asked for.";
    IdJagEmailOther = "id-jag-email-of-another", IdJagWithEmail, "The ID-JAG carries the e-mail address of another user.";
    IdJagKey = "id-jag-key-of-another-server", IdJag, "The ID-JAG is signed with the key of another server.";
    IdJagKid = "id-jag-kid-unknown", IdJag, "The ID-JAG names a key that is not published.";
    IdJagUnsigned = "id-jag-unsigned", IdJag, "The ID-JAG has alg none and no signature.";

    // --- access tokens for ID-JAGs ---------------------------------------------------------------------------
    AccessIssuer = "access-token-iss-org", RedeemedToken, "The access token names the org as its issuer.";
    AccessAudience = "access-token-aud-client", RedeemedToken, "The access token is addressed to the client, not to the API.";
    AccessSubjectOther = "access-token-sub-of-another", RedeemedToken, "The access token is about another user than the ID-JAG.";
    AccessClientOther = "access-token-client-of-another", RedeemedToken, "The access token names another client than the one that redeemed.";
    AccessScopeWider = "access-token-scope-wider", RedeemedToken, "The access token has a scope that the ID-JAG did not have.";
    AccessScopeNarrower = "access-token-scope-narrower", RedeemedToken, "The access token lacks a scope that the answer says was granted.";
    AccessScopeText = "access-token-scope-mistyped", RedeemedToken, "The scp of the access token is a number.";
    AccessExpiryMissing = "access-token-exp-missing", RedeemedToken, "The access token never expires: it has no exp.";
    AccessExpiryLater = "access-token-exp-contradicts-expires-in", RedeemedToken, "The access token lives an hour longer than expires_in says.";
    AccessOutlives = "access-token-outlives-policy", RedeemedToken, "The access token lives a week, whatever the policy says.";
    AccessActorMissing = "access-token-act-missing", RedeemedTokenWithActor, "The access token does not say who acts for the user.";
    AccessJtiSame = "access-token-jti-repeated", RedeemedToken, "Every access token has the same jti.";
    AccessKey = "access-token-key-of-another-server", RedeemedToken, "The access token is signed with the key of the org.";
    AccessUnsigned = "access-token-unsigned", RedeemedToken, "The access token has alg none and no signature.";

    // --- answers of the token endpoint -----------------------------------------------------------------------
    TokenCacheable = "token-answer-cacheable", AnyTokenAnswer, "Answers with tokens may be cached.";
    TokenByGet = "token-answer-to-get", TokenByGet, "The token endpoint takes a GET with everything in the query.";
    TokenHtml = "token-answer-html", AnyTokenAnswer, "Answers with tokens call themselves HTML.";
    CodeTypeMissing = "code-token-type-missing", CodeAnswer, "The answer to a code has no token_type.";
    CodeAccessMissing = "code-access-token-missing", CodeAnswer, "The answer to a code has no access token.";
    CodeIdTokenMissing = "code-id-token-missing", CodeAnswerWithIdToken, "The answer to a code has no ID token, though openid was granted.";
    CodeRefreshToken = "code-refresh-token-unasked", CodeAnswerWithoutRefresh, "The answer to a code has a refresh token that nobody asked for.";
    RefreshScopeWider = "refresh-scope-wider", RefreshAnswer, "A refresh widens the scope.";
    MachineRefreshToken = "machine-refresh-token", MachineAnswer, "A machine that asks for itself gets a refresh token.";
    IdJagTypeBearer = "id-jag-token-type-bearer", IdJagAnswer, "The answer calls the ID-JAG a bearer token.";
    IdJagTypeMissing = "id-jag-token-type-missing", IdJagAnswer, "The answer with an ID-JAG has no token_type.";
    IdJagIssuedTypeMissing = "id-jag-issued-token-type-missing", IdJagAnswer, "The answer does not say that it holds an ID-JAG.";
    IdJagIssuedTypeOther = "id-jag-issued-token-type-other", IdJagAnswer, "The answer calls the ID-JAG an access token.";
    IdJagExpiresText = "id-jag-expires-in-text", IdJagAnswer, "The expires_in beside an ID-JAG is a string.";
    IdJagExpiresLater = "id-jag-expires-in-contradicts-exp", IdJagAnswer, "The expires_in beside an ID-JAG is an hour, its exp is not.";
    IdJagRefreshToken = "id-jag-refresh-token", IdJagAnswer, "The answer with an ID-JAG has a refresh token.";
    IdJagAnswerScope = "id-jag-answer-scope-other", IdJagAnswer, "The answer names a scope that was not asked for.";
    RedeemTypeMissing = "redeem-token-type-missing", RedeemAnswer, "The answer to an ID-JAG has no token_type.";
    RedeemTypeOther = "redeem-token-type-n-a", RedeemAnswer, "The answer to an ID-JAG says that its token is none.";
    RedeemExpiresText = "redeem-expires-in-text", RedeemAnswer, "The expires_in beside an access token is a string.";
    RedeemRefreshToken = "redeem-refresh-token", RedeemAnswer, "The answer to an ID-JAG has a refresh token.";
    SecretOther = "secret-of-another", SecretAnswer, "The vault hands out another secret than was asked for.";
    SecretMissing = "secret-missing", SecretAnswer, "The answer has no vaulted_secret.";
    SecretText = "secret-text", SecretAnswer, "The vaulted_secret is a string, not an object.";
    SecretAccessToken = "secret-access-token", SecretAnswer, "The answer passes a vaulted secret off as an access token.";
    SecretIssuedType = "secret-issued-token-type-other", SecretAnswer, "The answer calls a vaulted secret an access token.";
    SecretType = "secret-token-type-bearer", SecretAnswer, "The answer calls a vaulted secret a bearer token.";
    SecretExpiresMissing = "secret-expires-in-missing", SecretAnswer, "The answer does not say how long a vaulted secret may be used.";
    AccountOther = "service-account-of-another", ServiceAccountAnswer, "The vault hands out another service account than was asked for.";
    AccountPasswordMissing = "service-account-password-missing", ServiceAccountAnswer, "The service account comes without its password.";
    AccountIssuedType = "service-account-issued-token-type-other", ServiceAccountAnswer, "The answer calls a service account a vaulted secret.";
    AccountType = "service-account-token-type-bearer", ServiceAccountAnswer, "The answer calls a service account a bearer token.";
    AccountAccessToken = "service-account-access-token", ServiceAccountAnswer, "The answer passes a password off as an access token.";
    BrokeredIssuedType = "brokered-issued-token-type-other", BrokeredAnswer, "The answer calls a third party's token one of the org's own.";
    BrokeredType = "brokered-token-type-missing", BrokeredAnswer, "The answer with a third party's token has no token_type.";
    BrokeredScopeWider = "brokered-scope-wider", BrokeredAnswer, "The answer names a scope that the user did not consent to.";
    BrokeredRefreshToken = "brokered-refresh-token", BrokeredAnswer, "The agent gets the third party's refresh token.";
    BrokeredExpiresText = "brokered-expires-in-text", BrokeredAnswer, "The expires_in beside a third party's token is a string.";

    // --- refusals --------------------------------------------------------------------------------------------
    ErrorMissing = "error-missing", OauthError, "A refusal does not say which error it is.";
    ErrorMistyped = "error-mistyped", OauthError, "The error of a refusal is a number.";
    ErrorStatus = "error-status-200", OauthError, "A refusal has the status of a success.";
    ErrorCacheable = "error-cacheable", OauthError, "Refusals may be cached.";
    ErrorInternals = "error-internals", OauthError, "A refusal shows a stack trace.";
    ErrorHtml = "error-html", OauthError, "A refusal calls itself HTML.";
    ErrorToken = "error-with-token", OauthError, "A refusal carries an access token all the same.";
    InteractionUriMissing = "interaction-uri-missing", Interaction, "The agent is not told where the user can consent.";
    InteractionUriForeign = "interaction-uri-elsewhere", Interaction, "The user is sent to a stranger's address to consent.";
    BasicChallengeMissing = "basic-challenge-missing", BasicChallenge, "A failed Basic authentication gets no challenge.";
    BearerChallengeMissing = "bearer-challenge-missing", BearerChallenge, "A refused bearer token gets no challenge.";
    ChallengeBare = "bearer-challenge-without-metadata", ApiChallenge, "A refused bearer token is not told where the API's metadata lie.";
    BearerChallengeStatus = "bearer-challenge-status-400", BearerChallenge, "A refused bearer token gets the status 400.";
    ErrorStateMissing = "error-redirect-state-missing", ErrorRedirect, "A refused authorization request is answered without its state.";

    // --- authorize -------------------------------------------------------------------------------------------
    StateMissing = "code-redirect-state-missing", CodeRedirect, "The code comes back without the state of the request.";
    StateOther = "code-redirect-state-other", CodeRedirect, "The code comes back with another state than was sent.";
    CodeFragment = "code-redirect-in-fragment", CodeRedirect, "The code comes back in the fragment though the query was asked for.";

    // --- metadata and keys -----------------------------------------------------------------------------------
    MetadataIssuer = "metadata-issuer-other", Metadata, "The metadata name another issuer than the one they were asked for.";
    MetadataTokenEndpoint = "metadata-token-endpoint-missing", Metadata, "The metadata have no token endpoint.";
    MetadataKeys = "metadata-jwks-uri-elsewhere", Metadata, "The metadata send clients to a stranger for the keys.";
    MetadataPkce = "metadata-s256-missing", Metadata, "The metadata do not announce S256.";
    MetadataIdJagAlone = "metadata-id-jag-without-grant", OrgMetadata, "The metadata announce ID-JAGs, but not the grant that issues them.";
    MetadataProfileAlone = "metadata-profile-without-grant", CustomMetadata, "The metadata announce that ID-JAGs are redeemed, but not by which grant.";
    MetadataProfileText = "metadata-profile-text", CustomMetadata, "The metadata announce the profile of ID-JAGs as a string, not in a list.";
    MetadataHtml = "metadata-html", Metadata, "The metadata call themselves HTML.";
    MetadataResponseTypes = "metadata-response-types-missing", Metadata, "The metadata have no response types.";
    KeysPrivate = "keys-private", Keys, "The published keys hold the private part.";
    KeysKid = "keys-kid-missing", Keys, "The published keys have no kid.";
    KeysUse = "keys-use-enc", Keys, "The published keys say that they are for encryption.";
    KeysEmpty = "keys-empty", Keys, "No key is published.";
    KeysNewMissing = "keys-new-missing", RotatedKeys, "After a rotation the new key is not published.";
    KeysOldMissing = "keys-old-missing", RotatedKeys, "After a rotation the old key is gone at once, while its tokens live.";
    KeysOldSigns = "keys-old-signs", RotatedKey, "After a rotation the old key goes on signing.";

    // --- userinfo, introspection, revocation -----------------------------------------------------------------
    UserInfoSubject = "userinfo-sub-of-another", UserInfo, "Userinfo tells of another user than the ID token.";
    UserInfoSubjectMissing = "userinfo-sub-missing", UserInfo, "Userinfo does not say whom it tells of.";
    ActiveMistyped = "introspection-active-text", ActiveToken, "The active of an introspection is a string.";
    ActiveScopeWider = "introspection-scope-wider", ActiveToken, "Introspection tells of a scope that the token lacks.";
    ActiveClientOther = "introspection-client-of-another", ActiveToken, "Introspection tells of another client than the token's.";
    InactiveTells = "introspection-inactive-tells", InactiveToken, "Introspection tells why a token is not active, and whose it was.";
    RevokedActive = "introspection-revoked-active", RevokedLookup, "Introspection says that a revoked token is active.";
    RevocationStatus = "revocation-unknown-400", Revocation, "Revocation tells whether it knew the token.";
    RevocationIdle = "revocation-does-nothing", RevocationOfOwn, "Revocation answers 200 and revokes nothing.";
    RevocationForeign = "revocation-of-another", RevocationOfForeign, "A client can revoke the token of another.";

    // --- decisions -------------------------------------------------------------------------------------------
    AudienceListRefused = "audience-list-refused", AudienceList, "An ID-JAG whose aud is a list of this server alone is refused.";
    EmbeddedKeyTrusted = "embedded-key-trusted", EmbeddedKey, "A JWT is verified with the key that it brings along in jwk.";
    EmbeddedCertificateTrusted = "embedded-certificate-trusted", EmbeddedCertificate, "A JWT is verified with the certificate that it brings along in x5c.";
    FirstDuplicateCounts = "first-duplicate-counts", DuplicateMember, "Of two members of a JWT with the same name the first counts.";
    UnknownHeaderRefused = "unknown-header-refused", UnknownHeader, "A JWT with a header parameter that is not known is refused, though it is not critical.";
    DateFractionRefused = "date-fraction-refused", DateFraction, "A JWT is refused whose exp has a fraction of a second.";
    TokenAlgorithm = "algorithm-of-token", TokenAlgorithm, "A key verifies by whatever algorithm the JWT names.";
    ScopeWidened = "scope-widened", ScopeGrant, "The agent gets every scope of its connection, whatever it asks for.";
    ScopeNarrowed = "scope-narrowed", ScopeCheck, "A scope that may not be granted is left out without a word.";
    ConsentNotAsked = "consent-not-asked", ConsentLookup, "The agent gets the third party's token though the user was never asked.";
    ConsentOfUser = "consent-shared-between-users", ConsentOfUser, "One user's consent serves for all users.";
    ConsentOfAgent = "consent-shared-between-agents", ConsentOfAgent, "A consent to one agent serves for all agents.";
    PromptLoginIgnored = "prompt-login-ignored", PromptLogin, "A signed-in user is not asked to sign in again, though prompt=login asks for it.";
    MaxAgeIgnored = "max-age-ignored", OldSession, "A sign-in that is older than max_age is good enough.";
    InputReflected = "input-reflected", ErrorPage, "The page of a refused authorization request repeats the parameters without escaping them.";
    FormPostUnescaped = "form-post-unescaped", FormPost, "The page that posts the answer to the client holds the state without escaping it.";
    SignInPageUnescaped = "sign-in-page-unescaped", SignInPage, "The sign-in page repeats the user name without escaping it.";
    RedirectUriHttp = "redirect-uri-http", HttpRedirectUri, "A redirect URI without TLS that is not on the loopback interface is accepted.";
    ScopeConsentOfClient = "scope-consent-shared-between-clients", ScopeConsentOfClient, "A consent to one client serves for all clients.";
    ScopeConsentOfUser = "scope-consent-shared-between-users", ScopeConsentOfUser, "The consent of one user serves for all users.";
    ScopeConsentNotAsked = "scope-consent-not-asked", ScopeConsent, "The user is not asked for consent to a scope that needs it.";
    RefreshReplayed = "refresh-public-replayed", UsedPublicRefresh, "The used refresh token of a public client is taken again.";
    RefreshNotRotated = "refresh-public-not-rotated", PublicRefresh, "The refresh token of a public client stays the same at each use.";
    RefreshFamilyKept = "refresh-family-kept", UsedRefresh, "After the reuse of a rotated refresh token the newest one goes on working.";
    RevocationRefreshKept = "revocation-refresh-kept", RevocationOfRefresh, "Revocation does not end a refresh token.";
    RevocationAccessKept = "revocation-access-kept", RevocationOfFamily, "The access tokens of a revoked refresh token go on working.";
    IntrospectionForeign = "introspection-foreign-refresh-token", ForeignRefreshLookup, "Introspection describes the refresh token of another client.";
    IntrospectionUnverified = "introspection-unchecked-signature", UnverifiedLookup, "Introspection describes a token whose signature does not verify.";
    PasswordGrant = "password-grant", PasswordGrant, "The grant of a user name and password is accepted, whatever the password.";
    MetadataForwardedHost = "metadata-forwarded-host", ForwardedHost, "The metadata take their addresses from X-Forwarded-Host.";
    MetadataHost = "metadata-host", ForeignHost, "The metadata take their addresses from Host.";
}
