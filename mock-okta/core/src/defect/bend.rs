//! The changes of answers, tokens and header fields. One line each: here those that need code of their own, in the tables of
//! [`super::change`] those that are data. A line has an id, the place where the change shows, what it does, and a sentence.

use super::answers::{ACCESS_TOKEN, AnswerChange, ID_JAG_PROFILE, KeysChange, VAULTED_SECRET};
use super::change::{self, ChangeId};
use super::headers::{BodyChange, ResponseChange};
use super::pages::PageChange;
use super::redirects::RedirectChange;
use super::site::Site;
use super::tokens::{DAY, HOUR, OUTLIVES_BY, ScopeChange, TokenChange};
use super::work::Work;

/// Internals that no refusal should show.
const STACK_TRACE: &str = "java.lang.NullPointerException\n\tat com.example.oauth.TokenEndpoint.post(TokenEndpoint.java:117)";

/// A consent page of somebody else.
const FOREIGN_CONSENT: &str = "https://another.example.com/oauth2/v1/sts/redirect?dataHandle=x";

macro_rules! bends {
    ($($variant:ident = $id:literal, $site:ident, $kind:ident $(($($change:tt)+))?, $text:literal;)+) => {
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

            /// What it does, and where in the answer.
            pub(super) const fn work(self) -> Work {
                match self {
                    $(Self::$variant => Work::$kind $(($($change)+))?,)+
                    Self::Changed(line) => Work::Table(line.change()),
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
    IdTokenAudience = "id-token-aud-of-another", IdToken, Token(TokenChange::OtherClient("aud")), "The ID token is addressed to another client.";
    IdTokenIssuer = "id-token-iss-with-slash", IdToken, Token(TokenChange::IssuerWithSlash), "The iss of the ID token ends in a slash, unlike the issuer.";
    IdTokenNonceMissing = "id-token-nonce-missing", IdTokenWithNonce, Token(TokenChange::Remove("nonce")), "The ID token lacks the nonce of the request.";
    IdTokenNonceOther = "id-token-nonce-other", IdTokenWithNonce, Token(TokenChange::Set("nonce", "another-nonce")), "The ID token has another nonce than the request.";
    IdTokenSubject = "id-token-sub-of-another", IdToken, Token(TokenChange::SubjectOther), "The ID token is about another user.";
    IdTokenExpiryMissing = "id-token-exp-missing", IdToken, Token(TokenChange::Remove("exp")), "The ID token never expires: it has no exp.";
    IdTokenExpiryText = "id-token-exp-text", IdToken, Token(TokenChange::ExpiryAsText), "The exp of the ID token is a string, not a number.";
    IdTokenIssuedMissing = "id-token-iat-missing", IdToken, Token(TokenChange::Remove("iat")), "The ID token does not say when it was issued.";
    IdTokenExpired = "id-token-expired", IdToken, Token(TokenChange::LaterBy(-2 * HOUR)), "The ID token is expired when it is issued.";
    IdTokenHash = "id-token-at-hash-other", IdToken, Token(TokenChange::HashOther), "The at_hash of the ID token is that of another access token.";
    IdTokenKey = "id-token-key-of-another-server", IdToken, Token(TokenChange::KeyOfAnotherServer), "The ID token is signed with the key of another server.";
    IdTokenKid = "id-token-kid-unknown", IdToken, Token(TokenChange::KidUnknown), "The ID token names a key that is not published.";
    IdTokenUnsigned = "id-token-unsigned", IdToken, Token(TokenChange::Unsigned), "The ID token has alg none and no signature.";

    // --- ID-JAGs ---------------------------------------------------------------------------------------------
    IdJagTypMissing = "id-jag-typ-missing", IdJag, Token(TokenChange::Typ(None)), "The ID-JAG has no typ, so it can be taken for another kind of token.";
    IdJagTypJwt = "id-jag-typ-jwt", IdJag, Token(TokenChange::Typ(Some("JWT"))), "The typ of the ID-JAG is JWT.";
    IdJagIssuer = "id-jag-iss-of-another-server", IdJag, Token(TokenChange::Copy { from: "aud", to: "iss" }), "The ID-JAG names another server as its issuer.";
    IdJagAudienceMissing = "id-jag-aud-missing", IdJag, Token(TokenChange::Remove("aud")), "The ID-JAG is addressed to nobody.";
    IdJagAudienceTwo = "id-jag-aud-two", IdJag, Token(TokenChange::SecondAudience), "The ID-JAG is addressed to a second server as well.";
    IdJagAudienceOrg = "id-jag-aud-org", IdJag, Token(TokenChange::Org("aud")), "The ID-JAG is addressed to the org, not to the server that was asked for.";
    IdJagClientMissing = "id-jag-client-id-missing", IdJag, Token(TokenChange::Remove("client_id")), "The ID-JAG does not say which client may redeem it.";
    IdJagClientOther = "id-jag-client-id-of-another", IdJag, Token(TokenChange::OtherClient("client_id")), "The ID-JAG names another client than the one that asked.";
    IdJagSubjectMissing = "id-jag-sub-missing", IdJag, Token(TokenChange::Remove("sub")), "The ID-JAG is about nobody.";
    IdJagSubjectOther = "id-jag-sub-of-another", IdJag, Token(TokenChange::SubjectOther), "The ID-JAG is about another user than the subject token.";
    IdJagJtiMissing = "id-jag-jti-missing", IdJag, Token(TokenChange::Remove("jti")), "The ID-JAG has no jti, so its replay cannot be noticed.";
    IdJagJtiSame = "id-jag-jti-repeated", IdJag, Token(TokenChange::Set("jti", "IDAAG.the-same-every-time")), "Every ID-JAG has the same jti.";
    IdJagExpiryMissing = "id-jag-exp-missing", IdJag, Token(TokenChange::Remove("exp")), "The ID-JAG never expires: it has no exp.";
    IdJagExpiryText = "id-jag-exp-text", IdJag, Token(TokenChange::ExpiryAsText), "The exp of the ID-JAG is a string, not a number.";
    IdJagLong = "id-jag-lives-a-day", IdJag, Token(TokenChange::LaterBy(DAY)), "The ID-JAG lives for a day.";
    IdJagIssuedMissing = "id-jag-iat-missing", IdJag, Token(TokenChange::Remove("iat")), "The ID-JAG does not say when it was issued.";
    IdJagScopeMissing = "id-jag-scope-missing", IdJag, Token(TokenChange::Remove("scope")), "The ID-JAG does not carry the scopes that were granted.";
    IdJagScopeWider = "id-jag-scope-wider", IdJag, Token(TokenChange::Scopes(ScopeChange::Wider)), "The ID-JAG carries a scope that nobody asked for.";
    IdJagScopeNarrower = "id-jag-scope-narrower", IdJag, Token(TokenChange::Scopes(ScopeChange::Narrower)), "The ID-JAG lacks a scope that the answer says was granted.";
    IdJagActorMissing = "id-jag-act-missing", IdJagWithActor, Token(TokenChange::Remove("act")), "The ID-JAG does not say who acts for the user.";
    IdJagActorOther = "id-jag-act-of-another", IdJagWithActor, Token(TokenChange::ActorOther), "The ID-JAG says that another client acts for the user.";
    IdJagActorClaims = "id-jag-act-with-exp", IdJagWithActor, Token(TokenChange::ActorWithExpiry), "The act of the ID-JAG holds more than who acts: an exp.";
    IdJagProfileMissing = "id-jag-sub-profile-missing", IdJagWithActor, Token(TokenChange::Remove("sub_profile")), "The ID-JAG does not say what its subject is.";
    IdJagActorChosen = "id-jag-act-chosen-by-client", ChosenActor, Token(TokenChange::ActorOfRequest), "The client chooses the act of its ID-JAG by a parameter.";
    IdJagResourceMissing = "id-jag-resource-missing", IdJagWithResource, Token(TokenChange::Remove("resource")), "The ID-JAG is not bound to the resource that was asked for.";
    IdJagEmailOther = "id-jag-email-of-another", IdJagWithEmail, Token(TokenChange::EmailOther), "The ID-JAG carries the e-mail address of another user.";
    IdJagKey = "id-jag-key-of-another-server", IdJag, Token(TokenChange::KeyOfAnotherServer), "The ID-JAG is signed with the key of another server.";
    IdJagKid = "id-jag-kid-unknown", IdJag, Token(TokenChange::KidUnknown), "The ID-JAG names a key that is not published.";
    IdJagUnsigned = "id-jag-unsigned", IdJag, Token(TokenChange::Unsigned), "The ID-JAG has alg none and no signature.";

    // --- access tokens for ID-JAGs ---------------------------------------------------------------------------
    AccessIssuer = "access-token-iss-org", RedeemedToken, Token(TokenChange::Org("iss")), "The access token names the org as its issuer.";
    AccessAudience = "access-token-aud-client", RedeemedToken, Token(TokenChange::Copy { from: "cid", to: "aud" }), "The access token is addressed to the client, not to the API.";
    AccessSubjectOther = "access-token-sub-of-another", RedeemedToken, Token(TokenChange::SubjectOtherByLogin), "The access token is about another user than the ID-JAG.";
    AccessClientOther = "access-token-client-of-another", RedeemedToken, Token(TokenChange::OtherClient("cid")), "The access token names another client than the one that redeemed.";
    AccessScopeWider = "access-token-scope-wider", RedeemedToken, Token(TokenChange::Scopes(ScopeChange::ListWider)), "The access token has a scope that the ID-JAG did not have.";
    AccessScopeNarrower = "access-token-scope-narrower", RedeemedToken, Token(TokenChange::Scopes(ScopeChange::ListNarrower)), "The access token lacks a scope that the answer says was granted.";
    AccessScopeText = "access-token-scope-mistyped", RedeemedToken, Token(TokenChange::Scopes(ScopeChange::Mistyped)), "The scp of the access token is a number.";
    AccessExpiryMissing = "access-token-exp-missing", RedeemedToken, Token(TokenChange::Remove("exp")), "The access token never expires: it has no exp.";
    AccessExpiryLater = "access-token-exp-contradicts-expires-in", RedeemedToken, Token(TokenChange::LaterBy(HOUR)), "The access token lives an hour longer than expires_in says.";
    AccessOutlives = "access-token-outlives-policy", RedeemedToken, TokenAndAnswer(TokenChange::LaterBy(OUTLIVES_BY), AnswerChange::ExpiresLaterBy(OUTLIVES_BY)), "The access token lives a week, whatever the policy says.";
    AccessActorMissing = "access-token-act-missing", RedeemedTokenWithActor, Token(TokenChange::Remove("act")), "The access token does not say who acts for the user.";
    AccessJtiSame = "access-token-jti-repeated", RedeemedToken, Token(TokenChange::Set("jti", "AT.the-same-every-time")), "Every access token has the same jti.";
    AccessKey = "access-token-key-of-another-server", RedeemedToken, Token(TokenChange::KeyOfAnotherServer), "The access token is signed with the key of the org.";
    AccessUnsigned = "access-token-unsigned", RedeemedToken, Token(TokenChange::Unsigned), "The access token has alg none and no signature.";

    // --- answers of the token endpoint -----------------------------------------------------------------------
    TokenCacheable = "token-answer-cacheable", AnyTokenAnswer, Response(ResponseChange::Cacheable), "Answers with tokens may be cached.";
    TokenByGet = "token-answer-to-get", TokenByGet, Decision, "The token endpoint takes a GET with everything in the query.";
    TokenHtml = "token-answer-html", AnyTokenAnswer, Response(ResponseChange::Html), "Answers with tokens call themselves HTML.";
    CodeTypeMissing = "code-token-type-missing", CodeAnswer, Answer(AnswerChange::Remove("token_type")), "The answer to a code has no token_type.";
    CodeAccessMissing = "code-access-token-missing", CodeAnswer, Answer(AnswerChange::Remove("access_token")), "The answer to a code has no access token.";
    CodeIdTokenMissing = "code-id-token-missing", CodeAnswerWithIdToken, Answer(AnswerChange::Remove("id_token")), "The answer to a code has no ID token, though openid was granted.";
    CodeRefreshToken = "code-refresh-token-unasked", CodeAnswerWithoutRefresh, Answer(AnswerChange::RefreshToken), "The answer to a code has a refresh token that nobody asked for.";
    RefreshScopeWider = "refresh-scope-wider", RefreshAnswer, TokenAndAnswer(TokenChange::Scopes(ScopeChange::ListWider), AnswerChange::ScopeWider), "A refresh widens the scope.";
    MachineRefreshToken = "machine-refresh-token", MachineAnswer, Answer(AnswerChange::RefreshToken), "A machine that asks for itself gets a refresh token.";
    IdJagTypeBearer = "id-jag-token-type-bearer", IdJagAnswer, Answer(AnswerChange::Set("token_type", "Bearer")), "The answer calls the ID-JAG a bearer token.";
    IdJagTypeMissing = "id-jag-token-type-missing", IdJagAnswer, Answer(AnswerChange::Remove("token_type")), "The answer with an ID-JAG has no token_type.";
    IdJagIssuedTypeMissing = "id-jag-issued-token-type-missing", IdJagAnswer, Answer(AnswerChange::Remove("issued_token_type")), "The answer does not say that it holds an ID-JAG.";
    IdJagIssuedTypeOther = "id-jag-issued-token-type-other", IdJagAnswer, Answer(AnswerChange::Set("issued_token_type", ACCESS_TOKEN)), "The answer calls the ID-JAG an access token.";
    IdJagExpiresText = "id-jag-expires-in-text", IdJagAnswer, Answer(AnswerChange::ExpiresAsText), "The expires_in beside an ID-JAG is a string.";
    IdJagExpiresLater = "id-jag-expires-in-contradicts-exp", IdJagAnswer, Answer(AnswerChange::ExpiresInAnHour), "The expires_in beside an ID-JAG is an hour, its exp is not.";
    IdJagRefreshToken = "id-jag-refresh-token", IdJagAnswer, Answer(AnswerChange::RefreshToken), "The answer with an ID-JAG has a refresh token.";
    IdJagAnswerScope = "id-jag-answer-scope-other", IdJagAnswer, Answer(AnswerChange::Set("scope", "everything")), "The answer names a scope that was not asked for.";
    RedeemTypeMissing = "redeem-token-type-missing", RedeemAnswer, Answer(AnswerChange::Remove("token_type")), "The answer to an ID-JAG has no token_type.";
    RedeemTypeOther = "redeem-token-type-n-a", RedeemAnswer, Answer(AnswerChange::Set("token_type", "N_A")), "The answer to an ID-JAG says that its token is none.";
    RedeemExpiresText = "redeem-expires-in-text", RedeemAnswer, Answer(AnswerChange::ExpiresAsText), "The expires_in beside an access token is a string.";
    RedeemRefreshToken = "redeem-refresh-token", RedeemAnswer, Answer(AnswerChange::RefreshToken), "The answer to an ID-JAG has a refresh token.";
    SecretOther = "secret-of-another", SecretAnswer, Answer(AnswerChange::SecretOther), "The vault hands out another secret than was asked for.";
    SecretMissing = "secret-missing", SecretAnswer, Answer(AnswerChange::Remove("vaulted_secret")), "The answer has no vaulted_secret.";
    SecretText = "secret-text", SecretAnswer, Answer(AnswerChange::Set("vaulted_secret", "********")), "The vaulted_secret is a string, not an object.";
    SecretAccessToken = "secret-access-token", SecretAnswer, Answer(AnswerChange::Set("access_token", "********")), "The answer passes a vaulted secret off as an access token.";
    SecretIssuedType = "secret-issued-token-type-other", SecretAnswer, Answer(AnswerChange::Set("issued_token_type", ACCESS_TOKEN)), "The answer calls a vaulted secret an access token.";
    SecretType = "secret-token-type-bearer", SecretAnswer, Answer(AnswerChange::Set("token_type", "Bearer")), "The answer calls a vaulted secret a bearer token.";
    SecretExpiresMissing = "secret-expires-in-missing", SecretAnswer, Answer(AnswerChange::Remove("expires_in")), "The answer does not say how long a vaulted secret may be used.";
    AccountOther = "service-account-of-another", ServiceAccountAnswer, Answer(AnswerChange::AccountOther), "The vault hands out another service account than was asked for.";
    AccountPasswordMissing = "service-account-password-missing", ServiceAccountAnswer, Answer(AnswerChange::PasswordMissing), "The service account comes without its password.";
    AccountIssuedType = "service-account-issued-token-type-other", ServiceAccountAnswer, Answer(AnswerChange::Set("issued_token_type", VAULTED_SECRET)), "The answer calls a service account a vaulted secret.";
    AccountType = "service-account-token-type-bearer", ServiceAccountAnswer, Answer(AnswerChange::Set("token_type", "Bearer")), "The answer calls a service account a bearer token.";
    AccountAccessToken = "service-account-access-token", ServiceAccountAnswer, Answer(AnswerChange::Set("access_token", "********")), "The answer passes a password off as an access token.";
    BrokeredIssuedType = "brokered-issued-token-type-other", BrokeredAnswer, Answer(AnswerChange::Set("issued_token_type", ACCESS_TOKEN)), "The answer calls a third party's token one of the org's own.";
    BrokeredType = "brokered-token-type-missing", BrokeredAnswer, Answer(AnswerChange::Remove("token_type")), "The answer with a third party's token has no token_type.";
    BrokeredScopeWider = "brokered-scope-wider", BrokeredAnswer, Answer(AnswerChange::ScopeWider), "The answer names a scope that the user did not consent to.";
    BrokeredRefreshToken = "brokered-refresh-token", BrokeredAnswer, Answer(AnswerChange::RefreshToken), "The agent gets the third party's refresh token.";
    BrokeredExpiresText = "brokered-expires-in-text", BrokeredAnswer, Answer(AnswerChange::ExpiresAsText), "The expires_in beside a third party's token is a string.";

    // --- refusals --------------------------------------------------------------------------------------------
    ErrorMissing = "error-missing", OauthError, Response(ResponseChange::Body(BodyChange::Remove("error"))), "A refusal does not say which error it is.";
    ErrorMistyped = "error-mistyped", OauthError, Response(ResponseChange::Body(BodyChange::SetNumber("error"))), "The error of a refusal is a number.";
    ErrorStatus = "error-status-200", OauthError, Response(ResponseChange::StatusOk), "A refusal has the status of a success.";
    ErrorCacheable = "error-cacheable", OauthError, Response(ResponseChange::Cacheable), "Refusals may be cached.";
    ErrorInternals = "error-internals", OauthError, Response(ResponseChange::Body(BodyChange::Set("error_description", STACK_TRACE))), "A refusal shows a stack trace.";
    ErrorHtml = "error-html", OauthError, Response(ResponseChange::Html), "A refusal calls itself HTML.";
    ErrorToken = "error-with-token", OauthError, Response(ResponseChange::Body(BodyChange::Set("access_token", "a-token-beside-a-refusal"))), "A refusal carries an access token all the same.";
    InteractionUriMissing = "interaction-uri-missing", Interaction, Response(ResponseChange::Body(BodyChange::Remove("interaction_uri"))), "The agent is not told where the user can consent.";
    InteractionUriForeign = "interaction-uri-elsewhere", Interaction, Response(ResponseChange::Body(BodyChange::Set("interaction_uri", FOREIGN_CONSENT))), "The user is sent to a stranger's address to consent.";
    BasicChallengeMissing = "basic-challenge-missing", BasicChallenge, Response(ResponseChange::ChallengeMissing), "A failed Basic authentication gets no challenge.";
    BearerChallengeMissing = "bearer-challenge-missing", BearerChallenge, Response(ResponseChange::ChallengeMissing), "A refused bearer token gets no challenge.";
    ChallengeBare = "bearer-challenge-without-metadata", ApiChallenge, Decision, "A refused bearer token is not told where the API's metadata lie.";
    BearerChallengeStatus = "bearer-challenge-status-400", BearerChallenge, Response(ResponseChange::StatusBadRequest), "A refused bearer token gets the status 400.";
    ErrorStateMissing = "error-redirect-state-missing", ErrorRedirect, Redirect(RedirectChange::StateMissing), "A refused authorization request is answered without its state.";

    // --- authorize -------------------------------------------------------------------------------------------
    StateMissing = "code-redirect-state-missing", CodeRedirect, Redirect(RedirectChange::StateMissing), "The code comes back without the state of the request.";
    StateOther = "code-redirect-state-other", CodeRedirect, Redirect(RedirectChange::StateOther), "The code comes back with another state than was sent.";
    CodeFragment = "code-redirect-in-fragment", CodeRedirect, Redirect(RedirectChange::InFragment), "The code comes back in the fragment though the query was asked for.";

    // --- metadata and keys -----------------------------------------------------------------------------------
    MetadataIssuer = "metadata-issuer-other", Metadata, Answer(AnswerChange::Set("issuer", "https://another.example.com")), "The metadata name another issuer than the one they were asked for.";
    MetadataTokenEndpoint = "metadata-token-endpoint-missing", Metadata, Answer(AnswerChange::Remove("token_endpoint")), "The metadata have no token endpoint.";
    MetadataKeys = "metadata-jwks-uri-elsewhere", Metadata, Answer(AnswerChange::Set("jwks_uri", "https://another.example.com/oauth2/v1/keys")), "The metadata send clients to a stranger for the keys.";
    MetadataPkce = "metadata-s256-missing", Metadata, Answer(AnswerChange::PkcePlain), "The metadata do not announce S256.";
    MetadataIdJagAlone = "metadata-id-jag-without-grant", OrgMetadata, Answer(AnswerChange::IdJagWithoutGrant), "The metadata announce ID-JAGs, but not the grant that issues them.";
    MetadataProfileAlone = "metadata-profile-without-grant", CustomMetadata, Answer(AnswerChange::ProfileWithoutGrant), "The metadata announce that ID-JAGs are redeemed, but not by which grant.";
    MetadataProfileText = "metadata-profile-text", CustomMetadata, Answer(AnswerChange::Set("authorization_grant_profiles_supported", ID_JAG_PROFILE)), "The metadata announce the profile of ID-JAGs as a string, not in a list.";
    MetadataHtml = "metadata-html", Metadata, Response(ResponseChange::Html), "The metadata call themselves HTML.";
    MetadataResponseTypes = "metadata-response-types-missing", Metadata, Answer(AnswerChange::Remove("response_types_supported")), "The metadata have no response types.";
    KeysPrivate = "keys-private", Keys, Answer(AnswerChange::Keys(KeysChange::Private)), "The published keys hold the private part.";
    KeysKid = "keys-kid-missing", Keys, Answer(AnswerChange::Keys(KeysChange::KidMissing)), "The published keys have no kid.";
    KeysUse = "keys-use-enc", Keys, Answer(AnswerChange::Keys(KeysChange::UseEncryption)), "The published keys say that they are for encryption.";
    KeysEmpty = "keys-empty", Keys, Answer(AnswerChange::Keys(KeysChange::Empty)), "No key is published.";
    KeysNewMissing = "keys-new-missing", RotatedKeys, Answer(AnswerChange::Keys(KeysChange::FirstMissing)), "After a rotation the new key is not published.";
    KeysOldMissing = "keys-old-missing", RotatedKeys, Answer(AnswerChange::Keys(KeysChange::OnlyFirst)), "After a rotation the old key is gone at once, while its tokens live.";
    KeysOldSigns = "keys-old-signs", RotatedKey, Token(TokenChange::PreviousKey), "After a rotation the old key goes on signing.";

    // --- userinfo, introspection, revocation -----------------------------------------------------------------
    UserInfoSubject = "userinfo-sub-of-another", UserInfo, Answer(AnswerChange::SubjectOther), "Userinfo tells of another user than the ID token.";
    UserInfoSubjectMissing = "userinfo-sub-missing", UserInfo, Answer(AnswerChange::Remove("sub")), "Userinfo does not say whom it tells of.";
    ActiveMistyped = "introspection-active-text", ActiveToken, Answer(AnswerChange::Set("active", "true")), "The active of an introspection is a string.";
    ActiveScopeWider = "introspection-scope-wider", ActiveToken, Answer(AnswerChange::ScopeWider), "Introspection tells of a scope that the token lacks.";
    ActiveClientOther = "introspection-client-of-another", ActiveToken, Answer(AnswerChange::Set("client_id", "0oaanother0000000001")), "Introspection tells of another client than the token's.";
    InactiveTells = "introspection-inactive-tells", InactiveToken, Answer(AnswerChange::ReasonAndUser), "Introspection tells why a token is not active, and whose it was.";
    RevokedActive = "introspection-revoked-active", RevokedLookup, Decision, "Introspection says that a revoked token is active.";
    RevocationStatus = "revocation-unknown-400", Revocation, Response(ResponseChange::StatusBadRequest), "Revocation tells whether it knew the token.";
    RevocationIdle = "revocation-does-nothing", RevocationOfOwn, Decision, "Revocation answers 200 and revokes nothing.";
    RevocationForeign = "revocation-of-another", RevocationOfForeign, Decision, "A client can revoke the token of another.";

    // --- decisions -------------------------------------------------------------------------------------------
    AudienceListRefused = "audience-list-refused", AudienceList, Decision, "An ID-JAG whose aud is a list of this server alone is refused.";
    EmbeddedKeyTrusted = "embedded-key-trusted", EmbeddedKey, Decision, "A JWT is verified with the key that it brings along in jwk.";
    EmbeddedCertificateTrusted = "embedded-certificate-trusted", EmbeddedCertificate, Decision, "A JWT is verified with the certificate that it brings along in x5c.";
    FirstDuplicateCounts = "first-duplicate-counts", DuplicateMember, Decision, "Of two members of a JWT with the same name the first counts.";
    UnknownHeaderRefused = "unknown-header-refused", UnknownHeader, Decision, "A JWT with a header parameter that is not known is refused, though it is not critical.";
    DateFractionRefused = "date-fraction-refused", DateFraction, Decision, "A JWT is refused whose exp has a fraction of a second.";
    TokenAlgorithm = "algorithm-of-token", TokenAlgorithm, Decision, "A key verifies by whatever algorithm the JWT names.";
    ScopeWidened = "scope-widened", ScopeGrant, Decision, "The agent gets every scope of its connection, whatever it asks for.";
    ScopeNarrowed = "scope-narrowed", ScopeCheck, Decision, "A scope that may not be granted is left out without a word.";
    ConsentNotAsked = "consent-not-asked", ConsentLookup, Decision, "The agent gets the third party's token though the user was never asked.";
    ConsentOfUser = "consent-shared-between-users", ConsentOfUser, Decision, "One user's consent serves for all users.";
    ConsentOfAgent = "consent-shared-between-agents", ConsentOfAgent, Decision, "A consent to one agent serves for all agents.";
    PromptLoginIgnored = "prompt-login-ignored", PromptLogin, Decision, "A signed-in user is not asked to sign in again, though prompt=login asks for it.";
    MaxAgeIgnored = "max-age-ignored", OldSession, Decision, "A sign-in that is older than max_age is good enough.";
    InputReflected = "input-reflected", ErrorPage, Page(PageChange::RepeatsParameters), "The page of a refused authorization request repeats the parameters without escaping them.";
    FormPostUnescaped = "form-post-unescaped", FormPost, Page(PageChange::Unescaped), "The page that posts the answer to the client holds the state without escaping it.";
    SignInPageUnescaped = "sign-in-page-unescaped", SignInPage, Page(PageChange::Unescaped), "The sign-in page repeats the user name without escaping it.";
    RedirectUriHttp = "redirect-uri-http", HttpRedirectUri, Decision, "A redirect URI without TLS that is not on the loopback interface is accepted.";
    ScopeConsentOfClient = "scope-consent-shared-between-clients", ScopeConsentOfClient, Decision, "A consent to one client serves for all clients.";
    ScopeConsentOfUser = "scope-consent-shared-between-users", ScopeConsentOfUser, Decision, "The consent of one user serves for all users.";
    ScopeConsentNotAsked = "scope-consent-not-asked", ScopeConsent, Decision, "The user is not asked for consent to a scope that needs it.";
    RefreshReplayed = "refresh-public-replayed", UsedPublicRefresh, Decision, "The used refresh token of a public client is taken again.";
    RefreshNotRotated = "refresh-public-not-rotated", PublicRefresh, Decision, "The refresh token of a public client stays the same at each use.";
    RefreshFamilyKept = "refresh-family-kept", UsedRefresh, Decision, "After the reuse of a rotated refresh token the newest one goes on working.";
    RevocationRefreshKept = "revocation-refresh-kept", RevocationOfRefresh, Decision, "Revocation does not end a refresh token.";
    RevocationAccessKept = "revocation-access-kept", RevocationOfFamily, Decision, "The access tokens of a revoked refresh token go on working.";
    IntrospectionForeign = "introspection-foreign-refresh-token", ForeignRefreshLookup, Decision, "Introspection describes the refresh token of another client.";
    IntrospectionUnverified = "introspection-unchecked-signature", UnverifiedLookup, Decision, "Introspection describes a token whose signature does not verify.";
    PasswordGrant = "password-grant", PasswordGrant, Decision, "The grant of a user name and password is accepted, whatever the password.";
    MetadataForwardedHost = "metadata-forwarded-host", ForwardedHost, Decision, "The metadata take their addresses from X-Forwarded-Host.";
    MetadataHost = "metadata-host", ForeignHost, Decision, "The metadata take their addresses from Host.";
}
