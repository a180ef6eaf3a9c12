//! Places in an answer that a variation can touch. The journal remembers which an answer had, so that it is known which
//! tests a variation can concern.

use serde::ser::{Serialize, Serializer};

use super::Variation;

/// One place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Place {
    // --- the answer as such
    /// Whatever is answered.
    Any,
    /// A JSON body.
    Json,
    /// A body.
    Body,
    /// It must not be stored.
    NoStore,
    /// It is JSON and must not be stored.
    NoStoreJson,
    /// The same, and it is none of the token endpoint's answers with tokens.
    PragmaFree,
    /// It may be stored.
    Cached,
    // --- answers with tokens
    TokenAnswer,
    /// It has a scope that is the one asked for.
    ScopeSame,
    /// It has a token and says how long that lives.
    Expiring,
    IdJagAnswer,
    /// To a refresh token.
    Refresh,
    RefreshedIdToken,
    // --- tokens
    Token,
    IdToken,
    /// It need not say when the user signed in.
    IdTokenFree,
    IdJag,
    IdJagWithResource,
    AccessToken,
    UserAccessToken,
    OrgAccessToken,
    // --- refusals
    OauthError,
    /// 401 to a client that sent no Authorization header.
    ClientRefused,
    /// No client is named at all.
    ClientUnnamed,
    SeveralCredentials,
    /// 401 without a challenge.
    Unchallenged,
    PolicyRefused,
    ExpiredSubject,
    RefreshScope,
    NotAnAgent,
    WrongMediaType,
    MethodRefused,
    /// The same, and the method is none that the org has.
    OddMethod,
    NotFound,
    // --- challenges
    Challenge,
    BearerChallenge,
    /// It says what is wrong.
    BearerError,
    // --- redirects
    Redirect,
    /// Within the org.
    OwnRedirect,
    /// Back to the client.
    ClientRedirect,
    ErrorRedirect,
    // --- documents
    Metadata,
    /// Behind the issuer, where only Okta has it.
    AppendedMetadata,
    Keys,
    SeveralKeys,
    ResourceMetadata,
    // --- answers about tokens and users
    UserInfo,
    ActiveToken,
    ActiveAccessToken,
    InactiveToken,
    Revocation,
    // --- decisions: recipes mark these as they pass, or they follow from the refusal
    ScopeUnknown,
    ScopeMissing,
    Alias,
    Actor,
    JsonBody,
    AccessRevocation,
    PkceSyntax,
    SuspendedSignIn,
    /// A code is given out or refused.
    Code,
    Late,
    Early,
    Replayed,
    AssertionAudience,
    AssertionKid,
    AssertionJku,
}

/// A set of places.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Places(u128);

impl Places {
    pub(crate) fn add(&mut self, place: Place) {
        self.0 |= 1 << place as u8;
    }

    pub(crate) fn has(self, place: Place) -> bool {
        self.0 & (1 << place as u8) != 0
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a variation shows at one of these places.
    pub(crate) fn touched_by(self, variation: Variation) -> bool {
        variation.places().iter().any(|place| self.has(*place))
    }
}

/// As the ids of the variations that would change the answer.
impl Serialize for Places {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let all = Variation::ALL.iter();
        serializer.collect_seq(all.filter(|one| self.touched_by(**one)))
    }
}

/// By id.
impl Serialize for Variation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
