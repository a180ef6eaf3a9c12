//! Places in an answer that can be bent. The journal remembers which an answer had, so that it is known which tests a
//! bend can touch.

use super::Bend;
use super::change::{COUNT, ChangeId};

/// One place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Site {
    // --- tokens
    IdToken,
    IdTokenWithNonce,
    IdJag,
    IdJagWithResource,
    IdJagWithEmail,
    IdJagWithActor,
    RedeemedToken,
    RedeemedTokenWithActor,
    RefreshedIdToken,
    CodeToken,
    RefreshedToken,
    MachineToken,
    // --- answers of the token endpoint
    AnyTokenAnswer,
    TokenByGet,
    CodeAnswer,
    CodeAnswerWithoutRefresh,
    CodeAnswerWithIdToken,
    CustomCodeAnswer,
    RefreshAnswer,
    MachineAnswer,
    IdJagAnswer,
    RedeemAnswer,
    SecretAnswer,
    ServiceAccountAnswer,
    BrokeredAnswer,
    // --- refusals
    OauthError,
    TokenError,
    CustomTokenError,
    Interaction,
    BasicChallenge,
    BearerChallenge,
    ApiChallenge,
    ErrorRedirect,
    // --- the rest of the wire
    AuthorizeAnswer,
    CodeRedirect,
    SignInRedirect,
    ConsentRedirect,
    SignInPage,
    ConsentPage,
    FormPost,
    ErrorPage,
    Metadata,
    OpenIdMetadata,
    OauthMetadata,
    OrgMetadata,
    CustomMetadata,
    ResourceMetadata,
    Keys,
    UserInfo,
    ActiveToken,
    InactiveToken,
    Revocation,
    // --- decisions: recipes mark these as they pass
    ScopeGrant,
    ScopeCheck,
    ConsentLookup,
    ConsentOfUser,
    ConsentOfAgent,
    RevokedLookup,
    RevocationOfOwn,
    RevocationOfForeign,
    ChosenActor,
    AudienceList,
    EmbeddedKey,
    EmbeddedCertificate,
    DuplicateMember,
    TokenAlgorithm,
    UnknownHeader,
    DateFraction,
    RotatedKey,
    RotatedKeys,
    PromptLogin,
    OldSession,
    HttpRedirectUri,
    ScopeConsent,
    ScopeConsentOfClient,
    ScopeConsentOfUser,
    PublicRefresh,
    UsedPublicRefresh,
    UsedRefresh,
    RevocationOfRefresh,
    RevocationOfFamily,
    ForeignRefreshLookup,
    UnverifiedLookup,
    PasswordGrant,
    ForwardedHost,
    ForeignHost,
}

/// Words that the numbers of all changes fit into.
const WORDS: usize = COUNT.div_ceil(64);

/// A set of places, and which changes make a difference at them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sites {
    places: u128,
    changes: [u64; WORDS],
}

impl Sites {
    pub(crate) fn add(&mut self, site: Site) {
        self.places |= 1 << site as u8;
    }

    /// Notes that a change makes a difference.
    pub(super) fn add_change(&mut self, line: ChangeId) {
        self.changes[line.number() / 64] |= 1 << (line.number() % 64);
    }

    pub(crate) fn has(self, site: Site) -> bool {
        self.places & (1 << site as u8) != 0
    }

    pub(crate) fn and(mut self, other: Self) -> Self {
        self.places |= other.places;
        for (own, other) in self.changes.iter_mut().zip(other.changes) {
            *own |= other;
        }
        self
    }

    /// Whether a bend changes something here.
    pub(super) fn shows(self, bend: Bend) -> bool {
        match bend {
            Bend::Changed(line) => {
                self.changes[line.number() / 64] & (1 << (line.number() % 64)) != 0
            }
            _ => self.has(bend.site()),
        }
    }

    /// Bends that change something here.
    pub(crate) fn bends(self) -> impl Iterator<Item = Bend> {
        Bend::ALL
            .iter()
            .copied()
            .filter(move |bend| self.shows(*bend))
    }
}

/// As the ids of the bends that would change the answer.
impl serde::Serialize for Sites {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.bends().map(|bend| format!("bend/{}", bend.id())))
    }
}
